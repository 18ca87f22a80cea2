"""Bring one delivery to where it goes: a signed message to a webhook, a file to a presigned URL."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.catalog.deliveries import Delivery
from calotype.errors import Cancelled, InputError, InvalidParameter, ServerBusy
from calotype.runners.signing import SigningSecrets
from calotype.storage.blobs import Blobs
from calotype.storage.scratch import Scratch
from calotype.storage.store import Store
from calotype.storage.web_client import Retry
from calotype.storage.web_policy import FetchPolicy
from calotype.storage.web_send import post_json, put_file
from calotype.storage.web_urls import shown_url

Carrier = Callable[[Delivery], None]
"""Brings a delivery to its target and returns once it has arrived; raises why it has not, or `NotYet`."""

Ending = tuple[Literal["waiting", "delivered", "failed"], str]
"""What has become of a delivery, and why it failed."""

Body = TypeVar("Body", bound=BaseModel)
_GONE = 410


class NotYet(Exception):
    """A delivery must not be sent before another one has ended."""

    def __init__(self, waits_for: str) -> None:
        super().__init__(waits_for)
        self.waits_for = waits_for


class Message(BaseModel):
    """The body of a delivery of the kind `webhook`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: dict[str, Any]
    """What the receiver gets, as it is."""
    after: str = ""
    """Id of a delivery of the same run that must have arrived before `event` may be told."""
    otherwise: dict[str, Any] | None = None
    """What the receiver gets instead where that delivery was given up; its `error`, where it is left empty, says why."""


class FileToUpload(BaseModel):
    """The body of a delivery of the kind `upload`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    """sha256 of a blob of the store."""
    content_type: str
    """What the presigned URL was signed for."""
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Webhooks:
    """Posts messages, signed. A receiver that has ceased to exist (HTTP 410) is left alone; all other refusals may pass."""

    policy: FetchPolicy
    """What may be contacted: `WEBHOOKS`, with the private hosts that the operator opened."""
    secrets: SigningSecrets
    ending: Callable[[str], Ending]
    """What has become of another delivery."""
    clock: Callable[[], float]
    """Seconds since the epoch, for the receiver to refuse messages that somebody recorded."""

    def __call__(self, delivery: Delivery) -> None:
        event = self._event(_read(Message, delivery))
        # Written the same way each time: a receiver may compare repetitions.
        body = json.dumps(event, separators=(",", ":")).encode()
        headers = self.secrets.headers(delivery.id, int(self.clock()), body)
        posted = post_json(delivery.target, body, self.policy, headers=headers)
        if posted.arrived:
            return
        server = "/".join(shown_url(delivery.target).split("/")[:3])
        if posted.status == _GONE:
            raise InputError(
                f"{server}: there is no receiver any more (HTTP {_GONE}). Nothing is sent there again."
            )
        refused = ServerBusy(f"{server}: the receiver did not take it (HTTP {posted.status}).")
        refused.wait_s = posted.retry_after_s
        raise refused

    def _event(self, message: Message) -> dict[str, Any]:
        state, error = self.ending(message.after) if message.after else ("delivered", "")
        if state == "waiting":
            raise NotYet(message.after)
        if state == "delivered":
            return message.event
        if message.otherwise is None:
            raise InputError(f"It tells of a delivery that was given up ({message.after}): {error}")
        told = dict(message.otherwise)
        if "error" in told and not told["error"]:
            told["error"] = error
        return told


@dataclass(frozen=True)
class Uploads:
    """Puts blobs to presigned URLs, whole, verified and with their size announced."""

    store: Store
    scratch: Scratch
    policy: FetchPolicy
    """What may be contacted: `UPLOADS`, with the private hosts that the operator opened."""
    asked_to_stop: Callable[[], bool]

    def __call__(self, delivery: Delivery) -> None:
        file = _read(FileToUpload, delivery)
        with self.scratch.reserve(file.size), self.scratch.workdir("upload") as folder:
            path = folder / "file"
            Blobs(self.store).fetch(file.digest, path)
            # Tried once: the outbox knows when it is tried again.
            once = Retry(attempts=1)
            put_file(delivery.target, path, file.content_type, self.policy, self._go_on, retry=once)

    def _go_on(self, _: int, __: int) -> None:
        if self.asked_to_stop():
            raise Cancelled


def _read(kind: type[Body], delivery: Delivery) -> Body:
    try:
        return kind.model_validate_json(delivery.body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "it"
        raise InvalidParameter(
            f"The body of {delivery.id} is no {delivery.kind}: {where}: {first['msg']}."
        ) from error
