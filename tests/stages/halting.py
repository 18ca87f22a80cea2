"""A runner whose tasks are stopped, or their process killed, at a chosen point: what is left does not depend on timing.

`python -m tests.stages.halting TASK_URL HALT` executes one task and kills itself there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from calotype.engine.command import death_of
from calotype.engine.events import Event
from calotype.engine.execute import Workplace, execute
from calotype.engine.runner import Notice, Ticket
from calotype.engine.tasks import TaskResult, read_task, split_task_url
from calotype.runners.session import Session
from calotype.runners.settings import store_at
from calotype.runners.worker import run_task
from calotype.storage.store import Store

ROOT = Path(__file__).parents[2]


class Halt(BaseModel):
    """The point at which a task halts: at one of the times it looks whether it should stop."""

    looks: int = 1
    """At this look at the earliest."""
    with_checkpoint: bool = False
    """Not before there is a checkpoint."""

    def watch(self, store: Store) -> Callable[[], bool]:
        """What a task asks at each look."""
        seen = 0

        def reached() -> bool:
            nonlocal seen
            seen += 1
            return seen >= self.looks and (not self.with_checkpoint or any(store.list("checkpoints")))

        return reached


class HaltingRunner:
    """Executes tasks in this process, and cancels them at `halt`; with `kill`, in a process that is killed there."""

    slots = 2

    def __init__(self, session: Session, halt: Halt | None = None, *, kill: bool = False) -> None:
        self._place = Workplace(session.store, session.scratch)
        self._environment = {**os.environ, **session.environment}
        self._halt = halt
        self._kill = kill
        self._queue: deque[Ticket] = deque()
        self._cancelled = False
        self.tickets: list[Ticket] = []
        """All that was ever handed over."""

    def submit(self, ticket: Ticket) -> None:
        self._queue.append(ticket)
        self.tickets.append(ticket)

    def poll(self, timeout_s: float) -> list[Notice]:
        if not self._queue:
            return []
        ticket = self._queue.popleft()
        if self._kill:
            return [Notice(ticket.id, result=self._killed(ticket))]
        reached = self._halt.watch(self._place.store) if self._halt else (lambda: False)
        notices: list[Notice] = []

        def emit(event: Event) -> None:
            notices.append(Notice(ticket.id, event=event))

        result = execute(
            read_task(self._place.store, ticket.url), self._place, emit, lambda: self._cancelled or reached()
        )
        return [*notices, Notice(ticket.id, result=result)]

    def _killed(self, ticket: Ticket) -> TaskResult:
        assert self._halt is not None
        argv = [sys.executable, "-m", "tests.stages.halting", ticket.url, self._halt.model_dump_json()]
        ended = subprocess.run(argv, cwd=ROOT, env=self._environment, capture_output=True, text=True)
        assert ended.returncode == -signal.SIGKILL, f"it ended before it was killed: {ended.stderr}"
        error = death_of("The worker", ended.returncode, ended.stderr.splitlines(), 0)
        return TaskResult(
            state="failed", error=type(error).__name__, message=str(error), exit_code=error.exit_code
        )

    def cancel(self) -> None:
        self._cancelled = True

    def close(self) -> None:
        self._queue.clear()


def main(url: str, halt: str) -> None:
    reached = Halt.model_validate_json(halt).watch(store_at(split_task_url(url)[0], os.environ))

    def die() -> bool:
        if reached():
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    result = run_task(url, lambda event: None, die, {}, os.environ)
    sys.stderr.write(result.model_dump_json())


if __name__ == "__main__":
    main(*sys.argv[1:])
