"""Named points of the commit protocol: a process stops itself right before, inside or right after its n-th write of a kind.

Nothing in the package knows of this: `arm` wraps, in this process alone, what every store and every catalog write goes through.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from calotype.catalog.database import Database
from calotype.storage.files import FileStamp
from calotype.storage.store import Backend, Store

Moment = Literal["before", "inside", "after"]
MOMENTS: tuple[Moment, ...] = ("before", "inside", "after")
"""`inside`: the bytes lie on the disk and have no name yet; the transaction's statements are done and not committed."""

OBJECTS = ("runs", "states", "tasks", "blobs", "checkpoints", "segments", "records", "delete checkpoints")
"""Kinds of store writes, in the order of a run: the folder that is written to."""
TRANSACTIONS = (
    "Runs.create",
    "Runs.set_state",
    "Runs.add_event",
    "Runs.update_step",
    "Claims._once",
    "Results._insert",
    "Runs.finish_step",
)
"""Kinds of catalog writes, by the function that does them: `_once` takes a claim, `_insert` adds items, then lineage."""


class Point(BaseModel):
    """Where a process dies, or stalls."""

    model_config = ConfigDict(frozen=True)

    write: str
    """One of OBJECTS or TRANSACTIONS; `any` counts all of them."""
    moment: Moment
    number: int = 1
    """At which write of this kind."""
    signal: int = signal.SIGKILL
    """SIGSTOP instead lets it sleep there until somebody sends SIGCONT."""
    once: str = ""
    """A file that says that somebody has been there already; empty for a process that has no successor."""


class _Trap:
    def __init__(self, point: Point) -> None:
        self._point = point
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._here = threading.local()

    @contextmanager
    def around(self, write: str) -> Iterator[None]:
        with self._lock:
            self._counts.update((write, "any"))
            is_meant = self._point.write in (write, "any")
            self._here.is_here = is_meant and self._counts[self._point.write] == self._point.number
        self.reach("before")
        yield
        self.reach("after")
        self._here.is_here = False

    def reach(self, moment: Moment) -> None:
        """Die or stall if this is the point."""
        if not getattr(self._here, "is_here", False) or moment != self._point.moment:
            return
        if self._point.once:
            try:
                Path(self._point.once).touch(exist_ok=False)
            except FileExistsError:
                return
        os.kill(os.getpid(), self._point.signal)


class _Watched:
    """A backend whose writes are counted; everything else goes straight through."""

    def __init__(self, backend: Backend, trap: _Trap) -> None:
        self._backend = backend
        self._trap = trap

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def write(self, key: str, data: bytes) -> None:
        with self._trap.around(_kind(key)):
            self._backend.write(key, data)

    def create(self, key: str, data: bytes) -> bool | None:
        with self._trap.around(_kind(key)):
            return self._backend.create(key, data)

    def write_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        with self._trap.around(_kind(key)):
            self._backend.write_pieces(key, pieces)

    def write_file(self, path: Path, key: str, stamp: FileStamp, *, hand_over: bool, read_only: bool) -> None:
        with self._trap.around(_kind(key)):
            self._backend.write_file(path, key, stamp, hand_over=hand_over, read_only=read_only)

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            with self._trap.around(f"delete {_kind(key)}"):
                self._backend.delete([key])


def _kind(key: str) -> str:
    return key.partition("/")[0]


def injected(environment: Mapping[str, str], point: Point, word: str) -> dict[str, str]:
    """This environment, in which processes with `word` in their command line stop at the point."""
    path = f"{Path(__file__).parent / 'inject'}{os.pathsep}{environment['PYTHONPATH']}"
    fault = {"CALOTYPE_FAULT": point.model_dump_json(), "CALOTYPE_FAULT_IN": word, "PYTHONPATH": path}
    return {**environment, **fault}


def arm(point: Point) -> None:
    """Make this process stop there."""
    trap = _Trap(point)
    _watch_stores(trap)
    _watch_catalogs(trap)


def _watch_stores(trap: _Trap) -> None:
    initialize = Store.__init__

    def watched(self: Store, backend: Backend) -> None:
        initialize(self, _Watched(backend, trap))

    Store.__init__ = watched

    def guarded(give_name: Callable[..., None]) -> Callable[..., None]:
        def give(*arguments: Any, **options: Any) -> None:
            trap.reach("inside")
            give_name(*arguments, **options)

        return give

    # How a folder store gives finished bytes their name.
    os.replace, os.link = guarded(os.replace), guarded(os.link)


def _watch_catalogs(trap: _Trap) -> None:
    write = Database.write

    def watched(self: Database, work: Callable[..., Any]) -> Any:
        def until_commit(connection: Any) -> Any:
            done = work(connection)
            trap.reach("inside")
            return done

        with trap.around(_name_of(work)):
            return write(self, until_commit)

    Database.write = watched


def _name_of(work: Callable[..., Any]) -> str:
    """`Runs.finish_step` for a function that is defined in it."""
    return work.__qualname__.partition(".<locals>")[0]
