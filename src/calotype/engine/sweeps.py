"""Let garbage collection and runs work at the same time: who relies on something it found looks whether a sweep has begun since.

The argument is in docs/engine.md. A sweep writes its marker first and then looks who refers to what; a run writes its reference
first and then looks at the marker. Whatever the order, one of the two sees the other.
"""

from __future__ import annotations

import json
import logging
import math
import secrets
import threading
import time
from collections.abc import Iterable

from calotype.errors import CalotypeError, Transient
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store
from calotype.storage.transfer import read_ahead

log = logging.getLogger(__name__)

MARKER = "gc/sweep.json"
LEASE_S = 60.0
"""A sweep whose marker was not written again for this long is dead. It writes it again six times as often."""
_POLL_S = 0.5
_LOOKS_AT_ONCE = 16


class Sweeps:
    """The sweeps of a store, as a run sees them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def newest(self) -> str:
        """What to compare with later: the newest sweep, empty when there was none. One under way differs from itself ended."""
        return _spelled(*_read(self._store))

    def has_moved(self, since: str) -> bool:
        """Whether a sweep has deleted anything since `newest` said `since`; one that is under way is waited for."""
        sweep, is_active = _read(self._store)
        if not is_active and sweep == since:
            return False
        while is_active and is_under_way(self._store, store_time(self._store)):
            time.sleep(_POLL_S)
            is_active = _read(self._store)[1]
        return True

    def taken(self, since: str, digests: Iterable[str]) -> list[str]:
        """Those of the blobs that are gone, looked up only if `has_moved(since)`. Who refers to them has written so before.

        An empty `since` is before every sweep there ever was.
        """
        if not self.has_moved(since):
            return []
        blobs, wanted = Blobs(self._store), list(dict.fromkeys(digests))
        with read_ahead(wanted, blobs.exists, _LOOKS_AT_ONCE) as found:
            return [digest for digest, is_there in zip(wanted, found, strict=True) if not is_there]


class Sweep:
    """The right to delete inside a `with` block, for as long as the marker is ours; a thread keeps it fresh."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.id = secrets.token_hex(8)
        self._written = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="sweep", daemon=True)

    def __enter__(self) -> Sweep:
        """Write the marker: from here on, every run that finishes a step looks twice."""
        self._write(active=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Tell those who wait that nothing is deleted any more."""
        self._ended.set()
        self._thread.join()
        if _read(self._store)[0] == self.id:
            self._write(active=False)

    def is_ours(self) -> bool:
        """To be asked before anything is deleted: False when another sweep has begun, or when the marker could not be written
        for so long (this process stood still) that somebody may have taken it for dead."""
        is_fresh = time.monotonic() - self._written < LEASE_S / 2
        return is_fresh and _read(self._store)[0] == self.id

    def _beat(self) -> None:
        while not self._ended.wait(LEASE_S / 6):
            try:
                if _read(self._store)[0] == self.id:
                    self._write(active=True)
            except CalotypeError as error:
                log.warning("the marker of this collection could not be written yet: %s", error)

    def _write(self, *, active: bool) -> None:
        began = time.monotonic()
        self._store.put(MARKER, json.dumps({"id": self.id, "active": active}).encode())
        self._written = began


def _read(store: Store) -> tuple[str, bool]:
    """Id of the newest sweep, empty for none, and whether it says that it deletes."""
    data = store.find(MARKER)
    try:
        marker = json.loads(data) if data else {}
    except ValueError:
        marker = {}
    return str(marker.get("id", "")), bool(marker.get("active", False))


def _spelled(sweep: str, is_active: bool) -> str:
    return f"{sweep}, under way" if is_active else sweep


def is_under_way(store: Store, store_now: float) -> bool:
    """Whether somebody sweeps: the marker says so and was written within its lease. `store_now` is what `store_time` gave."""
    info = store.head(MARKER)
    return info is not None and store_now - info.modified.timestamp() <= LEASE_S and _read(store)[1]


def store_time(store: Store) -> float:
    """Now by the clock that the store stamps its objects with, in seconds since the epoch, up to one too many."""
    key = f"gc/clock-{secrets.token_hex(4)}"
    store.put(key, b"")
    try:
        info = store.head(key)
        if info is None:
            raise Transient(f"{store.url} does not show what was just written to it. Try again.")
        return math.floor(info.modified.timestamp()) + 1.0  # Some servers tell whole seconds, cut off.
    finally:
        store.delete(key)
