"""Show a run's events: bars on a terminal, plain lines elsewhere. Always on stderr; stdout is for results."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from calotype.cli.terminal import tell, visible
from calotype.engine.events import (
    Event,
    ItemRejected,
    LogLine,
    RunStarted,
    SourceProgress,
    StepDone,
    StepFailed,
    StepProgress,
    StepStarted,
)

if TYPE_CHECKING:
    from rich.progress import Progress

_LINE_EVERY_S = 10.0


@contextmanager
def watching() -> Generator[Callable[[Event], None]]:
    """A block in which events given to the yielded function are shown."""
    if sys.stderr.isatty():
        with _bars() as show:
            yield show
    else:
        yield _Lines().show


class _Lines:
    """One line per fact; progress at most every ten seconds."""

    def __init__(self) -> None:
        self._last = 0.0

    def show(self, event: Event) -> None:
        if isinstance(event, (StepProgress, SourceProgress)):
            now = time.monotonic()
            if now - self._last < _LINE_EVERY_S:
                return
            self._last = now
        text = line_of(event)
        if text:
            tell(text + "\n")
            sys.stderr.flush()


def line_of(event: Event) -> str:
    """One line that tells an event; empty for those not worth one."""
    match event:
        case RunStarted():
            return f"run {event.run}: {' > '.join(event.steps)}"
        case SourceProgress():
            return f"reading {event.source}: {event.done} of {event.total}"
        case StepStarted():
            return f"{event.step}: started{_new_and_known(event)}"
        case StepProgress():
            total = f" of {event.total}" if event.total is not None else ""
            return f"{event.step}: {event.done}{total} {event.note}".rstrip()
        case ItemRejected():
            return f"{event.step}: {event.item} left out: {event.reason}"
        case LogLine() if event.level >= logging.WARNING:
            return f"{event.step}: {event.text.splitlines()[0] if event.text else ''}"  # The rest is a child's last words.
        case StepDone():
            return f"{event.step}: " + (
                "nothing to do" if event.adopted else f"done in {event.seconds:.1f} s"
            )
        case StepFailed():
            return f"{event.step}: " + ("stopped" if event.error == "Cancelled" else "failed")
        case _:
            return ""


def _new_and_known(event: StepStarted) -> str:
    """How many items are computed, and how many were there already."""
    if event.known:
        return f" ({event.items} new, {event.known} known)"
    return f" ({event.items} items)" if event.items != 1 else ""


@contextmanager
def _bars() -> Generator[Callable[[Event], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[step]:<10}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[count]:>12}", markup=False),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=False) as progress:
        yield _Bars(progress, console.print).show


class _Bars:
    def __init__(self, progress: Progress, say: Callable[..., None]) -> None:
        self._progress = progress
        self._say = say
        self._tasks: dict[str, int] = {}

    def show(self, event: Event) -> None:
        match event:
            case SourceProgress():
                self._update(f"read {event.source}", event.done, event.total, "")
            case StepStarted():
                self._update(event.step, event.known, None, _new_and_known(event).strip(" ()"))
            case StepProgress():
                self._update(event.step, event.done, event.total, event.note)
            case StepDone():
                note = "nothing to do" if event.adopted else f"{event.seconds:.1f} s"
                self._update(event.step, 1, 1, note, count="done")
            case StepFailed():
                how = "stopped" if event.error == "Cancelled" else "failed"
                self._update(event.step, 0, 1, how, count=how)
            case _:
                if text := line_of(event):
                    self._say(visible(text), markup=False)

    def _update(self, step: str, done: int, total: int | None, note: str, count: str | None = None) -> None:
        from rich.progress import TaskID

        note = visible(note)
        shown = count if count is not None else (f"{done}/{total}" if total is not None else str(done or ""))
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(note, total=total, step=step, count=shown)
        self._progress.update(
            TaskID(self._tasks[step]), completed=done, total=total, description=note, count=shown
        )
