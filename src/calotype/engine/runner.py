"""What a runner is to the engine: a place that takes task URLs and tells what comes of them. Its own state is only a hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from calotype.engine.events import Event
from calotype.engine.stage import Resources
from calotype.engine.tasks import TaskResult


@dataclass(frozen=True)
class Ticket:
    """A task handed to a runner."""

    id: str
    step: str
    url: str
    """Where the task lies; all that a worker is told."""
    resources: Resources
    """What it needs while it runs."""


@dataclass(frozen=True)
class Notice:
    """Something a runner has to say about a ticket: an event on the way, or its result."""

    ticket: str
    event: Event | None = None
    result: TaskResult | None = None


class Runner(Protocol):
    """Makes `execute(task)` happen somewhere."""

    @property
    def slots(self) -> int:
        """How many tasks it can run at once: what an `Each` step is split for."""
        ...

    def submit(self, ticket: Ticket) -> None:
        """Take a task; returns at once. MachineTooSmall, with the figures, where it could never run."""
        ...

    def poll(self, timeout_s: float) -> list[Notice]:
        """Notices since the last call, waiting up to `timeout_s` for one."""
        ...

    def cancel(self) -> None:
        """Ask all tasks to stop; their results still arrive through `poll`."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...
