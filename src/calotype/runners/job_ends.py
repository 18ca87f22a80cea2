"""What a job sends out when it ends: its model to a presigned URL, and word of its end to a webhook, by way of the outbox."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from calotype.catalog.deliveries import Delivery
from calotype.contracts.splat_job import WebhookBody
from calotype.engine.definition import RunDefinition
from calotype.engine.deliveries import write_deliveries
from calotype.engine.outputs import named_outputs
from calotype.engine.reach import Walk
from calotype.errors import OutputsInvalid
from calotype.runners.session import Session
from calotype.runners.stopping import Stop
from calotype.storage.blobs import Blobs
from calotype.storage.web_policy import FetchPolicy
from calotype.storage.web_send import put_file

CONTENT_TYPE = "application/octet-stream"
"""Of the uploaded PLY: what a presigned URL must be signed for."""


@dataclass(frozen=True)
class Model:
    """The splat that a run made, as a blob of the store."""

    digest: str
    size: int
    """Bytes."""


def model_of(session: Session, definition: RunDefinition, label: str = "splat") -> Model:
    """What the finished run published under `label`."""
    blobs = Blobs(session.store)
    _, flows = Walk(session.store).follow(definition)
    files = named_outputs(definition.pipeline, flows, blobs).get(label)
    size = blobs.size(digest) if files and (digest := next(iter(files.values()))) else None
    if not files or size is None:
        raise OutputsInvalid(f"Run {definition.id} ended without a {label}.")
    return Model(next(iter(files.values())), size)


def upload(session: Session, model: Model, url: str, rules: FetchPolicy, stop: Stop) -> None:
    """Nothing; the server behind the presigned URL has taken the whole model. Raises as `put_file`, and Cancelled."""
    blobs = Blobs(session.store)
    with session.scratch.reserve(model.size), session.scratch.workdir("upload") as folder:
        path = folder / "scene.ply"
        blobs.fetch(model.digest, path)

        def sent(_: int, __: int) -> None:
            stop.check()

        put_file(url, path, CONTENT_TYPE, rules, on_bytes=sent)


def note_webhook(session: Session, run: str, url: str, body: WebhookBody) -> Delivery:
    """The delivery that now waits in the outbox. The same word of the same run is one delivery, however often it is noted."""
    event = json.dumps({"event": body.model_dump(mode="json")}, sort_keys=True)
    told = hashlib.sha256(f"{url}\n{event}".encode()).hexdigest()[:12]
    delivery = Delivery(id=f"dlv_{run}_webhook_{told}", run=run, kind="webhook", target=url, body=event)
    known = session.catalog.deliveries.list(run=run)
    if any(one.id == delivery.id for one in known):
        return delivery  # Its object would come back to a delivery that has arrived.
    write_deliveries(session.store, [delivery])
    session.catalog.deliveries.enqueue([delivery])
    return delivery
