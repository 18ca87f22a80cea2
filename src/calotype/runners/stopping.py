"""Stop a run from outside, for one reason or another, so that it keeps what it has: a deadline, a signal, somebody's word."""

from __future__ import annotations

import threading
import time
from typing import Literal

from calotype.engine.events import Event
from calotype.engine.runner import Notice, Runner, Ticket
from calotype.errors import Cancelled

Reason = Literal["cancelled", "timed out", "shut down"]


class Stop:
    """Says whether work must stop, and why: the first reason counts. Safe to ask and to tell from any thread."""

    def __init__(self, timeout_s: float | None = None) -> None:
        """`timeout_s` from now on there may be work; None for no limit."""
        self.timeout_s = timeout_s
        self._deadline = None if timeout_s is None else time.monotonic() + timeout_s
        self._reason: Reason | None = None
        self._lock = threading.RLock()  # A signal may arrive while its own thread asks.

    def ask(self, reason: Reason) -> None:
        """Have the work stop."""
        with self._lock:
            self._reason = self._reason or reason

    @property
    def reason(self) -> Reason | None:
        """Why the work must stop; None while it may go on."""
        if self._reason is None and self._deadline is not None and time.monotonic() >= self._deadline:
            self.ask("timed out")
        return self._reason

    @property
    def remaining_s(self) -> float:
        """Seconds that are left, at least 0; infinite without a limit."""
        return float("inf") if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def __call__(self) -> bool:
        return self.reason is not None

    def check(self, _: Event | None = None) -> None:
        """Nothing while the work may go on; Cancelled otherwise."""
        if self():
            raise Cancelled


class StoppableRunner:
    """A runner whose conductor ends as after Ctrl-C once `stop` says so: running tasks keep what they have finished."""

    def __init__(self, runner: Runner, stop: Stop) -> None:
        self._runner = runner
        self._stop = stop
        self._told = False
        self.was_cancelled = False
        """Whether its tasks were asked to stop, which a pool never forgets."""

    @property
    def slots(self) -> int:
        return self._runner.slots

    def submit(self, ticket: Ticket) -> None:
        self._runner.submit(ticket)

    def poll(self, timeout_s: float) -> list[Notice]:
        """As the runner's own. Raises KeyboardInterrupt, once, when the work must stop: what a conductor drains its tasks for."""
        if not self._told and self._stop():
            self._told = True
            raise KeyboardInterrupt
        return self._runner.poll(timeout_s)

    def cancel(self) -> None:
        self.was_cancelled = True
        self._runner.cancel()

    def close(self) -> None:
        """Nothing: the runner belongs to who made it."""
