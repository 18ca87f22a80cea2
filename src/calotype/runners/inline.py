"""Run tasks in this very process, one after the other: for `memory://` stores, examples, and a worker's own use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from calotype.engine.events import Event
from calotype.engine.execute import Workplace, execute
from calotype.engine.runner import Notice, Ticket
from calotype.engine.tasks import read_task
from calotype.runners.capacity import Capacity


class InlineRunner:
    """Executes a task when it is polled. Nothing here survives a native crash: the local pool is for that."""

    slots = 1

    def __init__(self, place: Workplace, asked_to_stop: Callable[[], bool] = lambda: False) -> None:
        """`asked_to_stop` is asked while a task runs: `cancel` can only be called between two."""
        self._place = place
        self._asked_to_stop = asked_to_stop
        self._queue: deque[Ticket] = deque()
        self._cancelled = False

    def submit(self, ticket: Ticket) -> None:
        Capacity.of_this_machine(slots=1).check(ticket.step, ticket.resources)
        self._queue.append(ticket)

    def poll(self, timeout_s: float) -> list[Notice]:
        """The notices of one task, executed now."""
        if not self._queue:
            return []
        ticket = self._queue.popleft()
        notices: list[Notice] = []

        def emit(event: Event) -> None:
            notices.append(Notice(ticket.id, event=event))

        try:
            task = read_task(self._place.store, ticket.url)
            result = execute(task, self._place, emit, lambda: self._cancelled or self._asked_to_stop())
        except KeyboardInterrupt:
            self._queue.appendleft(ticket)  # It comes back as cancelled when it is polled after `cancel`.
            raise
        return [*notices, Notice(ticket.id, result=result)]

    def cancel(self) -> None:
        self._cancelled = True

    def close(self) -> None:
        self._queue.clear()
