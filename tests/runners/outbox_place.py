"""Where tests of deliveries have them sent: an outbox whose clock is turned by hand, and a receiver that does as it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.storage.hostile_server import Request, Site

from calotype.catalog import Catalog
from calotype.catalog.deliveries import Delivery
from calotype.engine.deliveries import write_deliveries
from calotype.runners.carriers import Carrier
from calotype.runners.sending import Schedule, Sender
from calotype.runners.session import Session
from calotype.runners.signing import SigningSecrets
from calotype.storage.blobs import Blobs
from calotype.storage.web_policy import UPLOADS, WEBHOOKS, AllowedHosts

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENT = {"job_id": "job-1", "status": "completed", "project_id": "Stühle"}


@dataclass
class Clock:
    """Seconds since the epoch that pass when somebody sleeps."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Outbox:
    """An outbox, and what it is sent with."""

    folder: Path
    site: Site
    clock: Clock = field(default_factory=Clock)
    carriers: Mapping[str, Carrier] = field(default_factory=dict[str, Carrier])
    opened: list[Session] = field(default_factory=list)
    read_s: float = 5.0
    also_open: str = ""
    """Another address with its port, beside the site's."""

    def __post_init__(self) -> None:
        self.session = self.machine("first")
        self.deliveries = self.session.catalog.deliveries

    def machine(self, name: str) -> Session:
        """A session as on another machine: a catalog of its own, the store in common."""
        environment = {
            "NVME_ROOT": str(self.folder / name),
            "CALOTYPE_CATALOG": f"sqlite:///{self.folder / name}.sqlite",
        }
        session = Session(self.folder / "store", environment)
        session.catalog.close()
        session.catalog = Catalog(environment["CALOTYPE_CATALOG"], now=self.clock)
        self.opened.append(session)
        return session

    def sender(self, session: Session | None = None, secret: str = SECRET) -> Sender:
        private = AllowedHosts.parse(f"127.0.0.1:{self.site.port} {self.also_open}")
        return Sender(
            session or self.session,
            webhooks=replace(WEBHOOKS, private=private, read_s=self.read_s),
            uploads=replace(UPLOADS, private=private, read_s=self.read_s),
            secrets=SigningSecrets.parse(secret),
            schedule=Schedule(chance=lambda: 0.5),
            clock=self.clock,
            carriers=self.carriers,
        )

    def live_for(self, seconds: float, run: str = "") -> list[tuple[float, str, str]]:
        """Send for so long: when each attempt was made (seconds from now), what became of it, and why."""
        begun, made = self.clock.now, self.sender()
        told: list[tuple[float, str, str]] = []
        while self.clock.now < begun + seconds:
            left = begun + seconds - self.clock.now
            wait_s = self.deliveries.due_in_s()
            if wait_s is None or wait_s > left:
                break
            self.clock.sleep(wait_s)
            at = self.clock.now - begun
            told.extend((at, one.state, one.error) for one in made.send_due(run))
        return told

    def note(self, *deliveries: Delivery, **digests: str) -> None:
        """Put deliveries into the outbox, as a job does."""
        write_deliveries(self.session.store, deliveries, {one: [digest] for one, digest in digests.items()})
        self.deliveries.enqueue(deliveries)

    def webhook(self, path: str, name: str = "dlv_r_webhook", url: str = "", **body: Any) -> Delivery:
        """A delivery to a path of the site."""
        told = json.dumps({"event": EVENT, **body})
        return Delivery(name, "r", "webhook", url or self.url(path), told)

    def upload(self, path: str, data: bytes) -> Delivery:
        """A delivery of these bytes, put into the outbox."""
        digest, size = Blobs(self.session.store).put_bytes(data)
        body = json.dumps({"digest": digest, "content_type": "application/octet-stream", "size": size})
        delivery = Delivery("dlv_r_upload", "r", "upload", self.url(path), body)
        self.note(delivery, dlv_r_upload=digest)
        return delivery

    def url(self, path: str) -> str:
        return self.site.url(path, host="127.0.0.1")

    def answers(self, path: str, status: Callable[[float], int] | int, **headers: str) -> str:
        """Have a path answer with a status, or with one that depends on the seconds since now."""
        begun = self.clock.now
        self.site.routes[path] = lambda handler: handler.say(
            status(self.clock.now - begun) if callable(status) else status, b"inner secret", **headers
        )
        return path

    def seen(self, path: str) -> list[Request]:
        return [one for one in self.site.seen if one.path.split("?")[0] == path]

    def state(self, name: str = "dlv_r_webhook") -> str:
        found = self.deliveries.find(name)
        assert found is not None
        return found.state
