"""Let garbage collection and runs work at the same time: who relies on something it found looks whether a sweep has begun since.

The argument is in docs/engine.md. A sweep writes its marker first and then looks who refers to what; a run writes its reference
first and then looks at the marker. Whatever the order, one of the two sees the other.
"""

from __future__ import annotations

import json
import secrets
import time

from calotype.storage.store import Store

MARKER = "gc/sweep.json"
LEASE_S = 60.0
"""A sweep whose marker was not written again for this long is dead. It writes it again at least twice as often."""
_POLL_S = 0.2


class Sweeps:
    """The sweeps of a store, as a run sees them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def newest(self) -> str:
        """Id of the newest sweep, under way or over; empty when there was none."""
        return self._read()[0]

    def has_moved(self, since: str) -> bool:
        """Whether a sweep has begun since `since` was the newest; one that is under way is waited for."""
        newest, is_active = self._read()
        if newest == since:
            return False
        waited_for, deadline = "", 0.0
        while is_active:
            info = self._store.head(MARKER)
            stamp = f"{info.etag} {info.modified}" if info else ""
            if stamp != waited_for:
                waited_for, deadline = stamp, time.monotonic() + LEASE_S
            elif time.monotonic() > deadline:
                break  # Its process is dead; it deletes nothing any more.
            time.sleep(_POLL_S)
            is_active = self._read()[1]
        return True

    def _read(self) -> tuple[str, bool]:
        data = self._store.find(MARKER)
        try:
            marker = json.loads(data) if data else {}
        except ValueError:
            marker = {}
        return str(marker.get("id", "")), bool(marker.get("active", False))


class Sweep:
    """The right to delete, for as long as the marker is kept fresh."""

    def __init__(self, store: Store) -> None:
        """Write the marker: from here on, every run that finishes a step looks twice."""
        self._store = store
        self.id = secrets.token_hex(8)
        self._written = 0.0
        self.keep_alive()

    def keep_alive(self) -> bool:
        """Write the marker again when it is a third of its lease old. False when it may have been taken for dead meanwhile."""
        now = time.monotonic()
        in_time = not self._written or now - self._written < LEASE_S / 2
        if not self._written or now - self._written > LEASE_S / 6:
            self._write(active=True)
        return in_time

    def end(self) -> None:
        """Tell those who wait that nothing is deleted any more."""
        self._write(active=False)

    def _write(self, *, active: bool) -> None:
        self._store.put(MARKER, json.dumps({"id": self.id, "active": active}).encode())
        self._written = time.monotonic()


def is_under_way(store: Store, store_now: float) -> bool:
    """Whether another process sweeps; `store_now` is the time by the store's own clock, in seconds since the epoch."""
    info = store.head(MARKER)
    if info is None or store_now - info.modified.timestamp() > LEASE_S:
        return False
    try:
        return bool(json.loads(store.get(MARKER)).get("active"))
    except ValueError:
        return False
