"""What tests of purge and gc share: runs in this process, stores that look old, a backend that is interrupted."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from calotype.engine.events import Event
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session

HOUR = 3600.0


def carry_out(
    session: Session, spec: PipelineSpec, numbers: Path, emit: Callable[[Event], None] = lambda _: None
) -> RunResult:
    definition = session.create(spec, {"numbers": str(numbers)})
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(definition, runner=runner, emit=emit)


def age(session: Session, hours: float = 3, kinds: Iterable[str] = ("",)) -> None:
    """Make everything in a folder store look as if it were written hours ago."""
    before = time.time() - hours * HOUR
    for kind in kinds:
        for info in session.store.list(kind):
            path = session.store.local_path(info.key)
            assert path is not None
            os.utime(path, (before, before))


def everything(session: Session) -> set[str]:
    """All objects but those of gc itself."""
    return {info.key for info in session.store.list() if info.key.partition("/")[0] not in ("gc", "probe")}


class Interrupted:
    """A backend that does something else just before it creates or writes an object whose name begins in a certain way."""

    def __init__(self, backend: Any, before: str, act: Callable[[], None]) -> None:
        self._backend, self._before, self._act = backend, before, act
        self.done = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def create(self, key: str, data: bytes) -> bool | None:
        self._interrupt(key)
        return self._backend.create(key, data)

    def write_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        self._interrupt(key)
        self._backend.write_pieces(key, pieces)

    def write(self, key: str, data: bytes) -> None:
        self._interrupt(key)
        self._backend.write(key, data)

    def _interrupt(self, key: str) -> None:
        if key.startswith(self._before) and not self.done:
            self.done += 1
            self._act()
