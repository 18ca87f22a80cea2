"""A small supervised pool of worker processes on this machine: a killed worker fails one task and is replaced."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from calotype.engine.command import death_of, oom_kills
from calotype.engine.events import parse_event
from calotype.engine.runner import Notice, Ticket
from calotype.engine.tasks import TaskResult
from calotype.errors import CalotypeError
from calotype.runners.capacity import Capacity

_TAIL_LINES = 30


@dataclass(eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    ticket: Ticket | None = None
    pending: dict[IO[bytes], bytes] = field(default_factory=dict)
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=_TAIL_LINES))
    oom_kills_before: int = 0


class LocalPool:
    """Worker processes, started when there is work for them. They live as long as the pool, so that what a stage caches stays."""

    def __init__(
        self, capacity: Capacity | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """`capacity`: what may run at once, by default all of this machine; `environment`: of the workers, by default ours."""
        self._environment = dict(os.environ if environment is None else environment)
        self._capacity = capacity or Capacity.of_this_machine()
        self._queue: deque[Ticket] = deque()
        self._workers: list[_Worker] = []
        self._selector = selectors.DefaultSelector()
        self._cancelled = False

    @property
    def slots(self) -> int:
        return self._capacity.slots

    def submit(self, ticket: Ticket) -> None:
        """Take a task; MachineTooSmall when it could not run even alone here."""
        self._capacity.check(ticket.step, ticket.resources)
        self._queue.append(ticket)
        self._start_some()

    def cancel(self) -> None:
        """Tell running workers to stop; queued tasks come back as cancelled."""
        self._cancelled = True
        for worker in self._workers:
            self._order(worker, {"cancel": True})

    def close(self) -> None:
        """End the workers: their stdin closes, and those still busy are killed."""
        for worker in self._workers:
            if worker.process.stdin is not None:
                with suppress(BrokenPipeError):  # It is dead already, with an order unread.
                    worker.process.stdin.close()
        for worker in self._workers:
            if worker.ticket is not None:
                worker.process.kill()
            try:
                worker.process.wait(5)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            self._forget_streams(worker)
        self._workers.clear()
        self._selector.close()

    def poll(self, timeout_s: float) -> list[Notice]:
        """What the workers said, waiting up to `timeout_s` for something; a dead worker becomes its task's failure."""
        notices: list[Notice] = []
        if self._cancelled:
            notices = [Notice(ticket.id, result=TaskResult(state="cancelled")) for ticket in self._queue]
            self._queue.clear()
        for key, _ in self._selector.select(0 if notices else timeout_s):
            worker: _Worker = key.data
            notices += self._read(worker, key.fileobj)  # pyright: ignore[reportArgumentType]
        self._start_some()
        return notices

    def _start_some(self) -> None:
        while self._queue and not self._cancelled and self._may_start(self._queue[0]):
            ticket = self._queue.popleft()
            worker = (
                next((worker for worker in self._workers if worker.ticket is None), None) or self._spawn()
            )
            worker.ticket = ticket
            worker.oom_kills_before = oom_kills()
            self._order(worker, {"ticket": ticket.id, "url": ticket.url})

    def _may_start(self, ticket: Ticket) -> bool:
        running = [worker.ticket.resources for worker in self._workers if worker.ticket is not None]
        return self._capacity.has_room(running, ticket.resources)

    def _spawn(self) -> _Worker:
        process = subprocess.Popen(
            [sys.executable, "-m", "calotype.runners.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            # Ctrl-C reaches a terminal's whole group, also a worker that has not begun to ignore it. It hears from us instead,
            # and dies with us.
            process_group=0,
        )
        worker = _Worker(process)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            worker.pending[stream] = b""
            self._selector.register(stream, selectors.EVENT_READ, worker)
        self._workers.append(worker)
        return worker

    def _order(self, worker: _Worker, order: dict[str, object]) -> None:
        assert worker.process.stdin is not None
        with suppress(BrokenPipeError):  # It is dead; reading its end tells why.
            worker.process.stdin.write(json.dumps(order).encode() + b"\n")
            worker.process.stdin.flush()

    def _read(self, worker: _Worker, stream: IO[bytes]) -> list[Notice]:
        if stream.closed:
            return []  # Its other stream ended in this same round.
        chunk = os.read(stream.fileno(), 1 << 18)
        *lines, worker.pending[stream] = (worker.pending[stream] + chunk).split(b"\n")
        if stream is worker.process.stderr:
            worker.tail.extend(line.decode(errors="replace") for line in lines)
            notices: list[Notice] = []
        else:
            notices = [self._notice(worker, line) for line in lines]
        if not chunk:
            self._selector.unregister(stream)
            if stream is worker.process.stdout:
                notices += self._bury(worker)
        return notices

    def _notice(self, worker: _Worker, line: bytes) -> Notice:
        message = json.loads(line)
        if "event" in message:
            return Notice(message["ticket"], event=parse_event(message["event"]))
        worker.ticket = None
        return Notice(message["ticket"], result=TaskResult.model_validate_json(message["result"]))

    def _bury(self, worker: _Worker) -> list[Notice]:
        """The worker has ended: take the rest of its stderr, and fail the task it had."""
        code = worker.process.wait()
        stderr = worker.process.stderr
        if stderr is not None and stderr in worker.pending:
            rest = (worker.pending[stderr] + stderr.read()).decode(errors="replace")
            worker.tail.extend(line for line in rest.splitlines() if line)
        self._forget_streams(worker)
        self._workers.remove(worker)
        if worker.ticket is None:
            return []
        error: CalotypeError = death_of(
            f"The worker for {worker.ticket.step}", code, worker.tail, worker.oom_kills_before
        )
        result = TaskResult(
            state="failed", error=type(error).__name__, message=str(error), exit_code=error.exit_code
        )
        return [Notice(worker.ticket.id, result=result)]

    def _forget_streams(self, worker: _Worker) -> None:
        for stream in worker.pending:
            if not stream.closed:
                if stream.fileno() in {key.fd for key in self._selector.get_map().values()}:
                    self._selector.unregister(stream)
                stream.close()
        if worker.process.stdin is not None:
            with suppress(BrokenPipeError):
                worker.process.stdin.close()
