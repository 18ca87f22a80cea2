"""Tell the operator's webhooks how runs end, and which ones have lost the process that worked on them."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from calotype.catalog.deliveries import Delivery
from calotype.catalog.runs import RunRow
from calotype.engine.abandoned import STOPPED, with_true_state
from calotype.engine.deliveries import write_deliveries
from calotype.errors import ConfigurationError, UrlRefused
from calotype.runners.session import Session
from calotype.storage.web_policy import WEBHOOKS, AllowedHosts, FetchPolicy
from calotype.storage.web_urls import WebUrl

log = logging.getLogger(__name__)

RUN_WEBHOOKS = "CALOTYPE_RUN_WEBHOOKS"
LOOKED_BACK_S = 86_400.0
_TOLD = {"done": "done", "failed": "failed", "cancelled": "cancelled", STOPPED: "stalled"}


class RunNotices:
    """Finds runs that have ended, or stalled, and puts word of it into the outbox, once per webhook and end.

    What it looks at is the catalog, and the id of a notice follows from the run and the moment: so a process that is killed between
    the end of a run and the notice loses nothing, the next one finds the same, and several may look at once.
    """

    def __init__(
        self, session: Session, urls: tuple[str, ...], clock: Callable[[], float] = time.time
    ) -> None:
        """`urls` are told of every run of the store's catalog that ended up to a day before `clock`, or ends from now on."""
        self._session = session
        self._urls = urls
        self._clock = clock
        self._noted: set[str] = set()

    def look(self) -> list[Delivery]:
        """The notices that are new, in the outbox now."""
        if not self._urls:
            return []
        catalog = self._session.catalog
        rows = catalog.runs.changed_since(self._clock() - LOOKED_BACK_S)
        ended = [row for row in (with_true_state(catalog, one) for one in rows) if row.state in _TOLD]
        wanted = [run_notice(row, url) for row in ended for url in self._urls]
        new = [one for one in wanted if one.id not in self._noted and catalog.deliveries.find(one.id) is None]
        write_deliveries(self._session.store, new)
        catalog.deliveries.enqueue(new)
        self._noted = {one.id for one in wanted}
        for one in new:
            log.info("run %s: noted %s", one.run, one.id)
        return new


def run_notice(row: RunRow, url: str) -> Delivery:
    """The message to `url` that a run has come to the state that its row has: `done`, `failed`, `cancelled` or `stopped`."""
    state = _TOLD[row.state]
    moment = row.ended or row.updated
    told = hashlib.sha256(f"{url}\n{moment!r}".encode()).hexdigest()[:12]
    event = {
        "type": f"run.{state}",
        "timestamp": datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds"),
        "data": {
            "run": row.id,
            "pipeline": row.pipeline,
            "state": state,
            "message": row.message,
            "parent": row.parent or None,
        },
    }
    return Delivery(
        f"dlv_{row.id}_{state}_{told}", row.id, "notice", url, json.dumps({"event": event}, sort_keys=True)
    )


def run_webhooks(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The URLs in `CALOTYPE_RUN_WEBHOOKS`, with spaces between. Raises ConfigurationError for what is none."""
    urls = tuple(dict.fromkeys(environment.get(RUN_WEBHOOKS, "").split()))
    for number, url in enumerate(urls, 1):
        try:
            is_web = WebUrl.parse(url).scheme in ("http", "https")
        except UrlRefused:
            is_web = False
        if not is_web:  # Its words are not repeated: they may hold a secret.
            raise ConfigurationError(f"{RUN_WEBHOOKS}: URL {number} is no https:// or http:// URL.")
    return urls


def notice_policy(urls: Iterable[str]) -> FetchPolicy:
    """What notices may contact: the operator named these URLs, so their hosts may be private, on their ports."""
    parts = [WebUrl.parse(url) for url in urls]
    hosts = [f"[{one.host}]:{one.port}" if ":" in one.host else f"{one.host}:{one.port}" for one in parts]
    return replace(WEBHOOKS, private=AllowedHosts.parse(" ".join(hosts)))
