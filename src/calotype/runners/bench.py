"""The workers of a process that lives for many runs: kept between them, so that what a stage loaded once stays loaded."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager

from calotype.engine.context import ProcessCache
from calotype.engine.execute import Workplace
from calotype.engine.runner import Runner
from calotype.runners.inline import InlineRunner
from calotype.runners.local import LocalPool
from calotype.runners.session import Session
from calotype.runners.stopping import Stop, StoppableRunner


class Bench:
    """One run after the other on the same workers. A run that failed or was stopped takes them along: the next one gets new ones.

    To be used by one thread: its worker processes end with the thread that started them.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pool: LocalPool | None = None
        self._cache = ProcessCache()

    @contextmanager
    def runner(self, stop: Stop) -> Generator[Runner]:
        """A runner for one run, which ends when `stop` says so."""
        if self._session.store.url.startswith("memory://"):
            place = Workplace(self._session.store, self._session.scratch, self._cache)
            yield StoppableRunner(InlineRunner(place, asked_to_stop=stop), stop)
            return
        if self._pool is None:
            self._pool = LocalPool(environment={**os.environ, **self._session.environment})
        runner = StoppableRunner(self._pool, stop)
        has_ended = False
        try:
            yield runner
            has_ended = True
        finally:
            if runner.was_cancelled or not has_ended:
                self.close()

    def close(self) -> None:
        """End the workers."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()
