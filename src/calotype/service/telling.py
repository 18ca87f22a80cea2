"""What jobs at work in this process tell: how far they are and what they log, kept in memory until a client fetches it."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from calotype.engine.events import Event, LogLine
from calotype.runners.runpod import Progress

_KEPT_CHUNKS = 1000
_KEPT_JOBS = 200


@dataclass
class _Told:
    latest: Any = None
    chunks: deque[Any] = field(default_factory=lambda: deque[Any](maxlen=_KEPT_CHUNKS))


class Telling:
    """The newest of each job; jobs that told nothing for longest are forgotten first."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, _Told] = OrderedDict()
        self._lock = threading.Lock()

    def listener(self, job: str) -> Callable[[Event], None]:
        """What a job's events are given to."""

        def keep(told: Any) -> None:
            with self._lock:
                one = self._of(job)
                one.latest = told
                one.chunks.append(told)

        progress = Progress(keep)

        def tell(event: Event) -> None:
            if isinstance(event, LogLine):
                with self._lock:
                    self._of(job).chunks.append({"step": event.step, "log": event.text})
            else:
                progress.tell(event)

        return tell

    def _of(self, job: str) -> _Told:
        one = self._told.setdefault(job, _Told())
        self._told.move_to_end(job)
        while len(self._told) > _KEPT_JOBS:
            self._told.popitem(last=False)
        return one

    def latest(self, job: str) -> Any:
        """How far a job is; None when nothing is known of that here."""
        with self._lock:
            return self._told[job].latest if job in self._told else None

    def fetch(self, job: str) -> list[Any]:
        """What a job has told since this was asked last."""
        with self._lock:
            if job not in self._told:
                return []
            chunks = list(self._told[job].chunks)
            self._told[job].chunks.clear()
            return chunks
