"""The events of a run as they happen, as server-sent events; a client that comes back goes on after the last one it saw."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool

from calotype.catalog import Catalog
from calotype.catalog.runs import StepRow
from calotype.errors import CalotypeError, InvalidParameter, UnknownName
from calotype.service.desk import ENDED

LOOK_EVERY_S = 0.5
HEARTBEAT_S = 15.0
_AT_ONCE = 500
_LARGEST = 2**62


@dataclass(frozen=True)
class _Look:
    """What is new."""

    events: Sequence[tuple[int, float, str]]
    progress: Sequence[dict[str, Any]]
    has_ended: bool


class EventStream:
    """Reads a run's history, and how far its steps are, from the catalog: whoever carries the run, on whatever machine."""

    def __init__(self, catalog: Catalog, run: str, after: int, is_stopping: Callable[[], bool]) -> None:
        """`after` is the number of the last event that the client has seen, 0 for none."""
        self._catalog = catalog
        self._run = run
        self._after = after
        self._is_stopping = is_stopping
        self._seen: dict[str, tuple[int, int | None, str]] = {}

    async def lines(self) -> AsyncIterator[str]:
        """Events in the format of EventSource. Those of the history have an id to come back with, progress has none. Ends with
        the run, with the service, or when the catalog does not answer: then the client comes back by itself."""
        silent_s = 0.0
        yield "retry: 3000\n\n"
        while not self._is_stopping():
            try:
                look = await run_in_threadpool(self._look)
            except CalotypeError:
                return
            for seq, at, body in look.events:
                event = json.loads(body)
                self._after = seq
                yield f"id: {seq}\nevent: {event['type']}\ndata: {json.dumps({**event, 'at': at})}\n\n"
            for step in look.progress:
                yield f"event: step_progress\ndata: {json.dumps(step)}\n\n"
            if look.has_ended and len(look.events) < _AT_ONCE:
                return
            silent_s = 0.0 if look.events or look.progress else silent_s + LOOK_EVERY_S
            if silent_s >= HEARTBEAT_S:
                silent_s = 0.0
                yield ": still here\n\n"
            if len(look.events) < _AT_ONCE:
                await anyio.sleep(LOOK_EVERY_S)

    def _look(self) -> _Look:
        # The state first: an event that comes with the end is then among those read after it.
        has_ended = self._has_ended()
        events = self._catalog.runs.events(self._run, self._after, _AT_ONCE)
        changed = [step for step in self._catalog.runs.steps(self._run) if self._is_news(step)]
        progress = [
            {
                "type": "step_progress",
                "step": one.step,
                "done": one.done,
                "total": one.total,
                "note": one.note,
            }
            for one in changed
        ]
        return _Look(events, progress, has_ended)

    def _has_ended(self) -> bool:
        try:
            row = self._catalog.runs.get(self._run)
        except UnknownName:  # Purged.
            return True
        if row.state not in ENDED:
            return False
        entry = self._catalog.queue.find(self._run)
        return entry is None or not entry.is_open

    def _is_news(self, step: StepRow) -> bool:
        now = (step.done, step.total, step.note)
        before, self._seen[step.step] = self._seen.get(step.step), now
        return step.state == "running" and bool(step.done or step.note) and now != before


def read_event_id(text: str | None) -> int:
    """The number in a `Last-Event-ID`; 0 for none. InvalidParameter when it is no number."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) < _LARGEST):
        raise InvalidParameter("Last-Event-ID is the id of an event of this stream: a number.")
    return int(text)
