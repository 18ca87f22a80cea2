"""Wall and processor seconds per phase of a job."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager


class Stopwatch:
    """Adds up wall time and this process's processor time by phase."""

    def __init__(self) -> None:
        self._wall: dict[str, float] = {}
        self._processor: dict[str, float] = {}

    @contextmanager
    def measure(self, phase: str) -> Generator[None]:
        """Count the time of the block towards `phase`."""
        wall, processor = time.monotonic(), time.process_time()
        try:
            yield
        finally:
            self._wall[phase] = self._wall.get(phase, 0.0) + time.monotonic() - wall
            self._processor[phase] = self._processor.get(phase, 0.0) + time.process_time() - processor

    @property
    def seconds(self) -> dict[str, float]:
        """Wall seconds by phase, rounded to milliseconds."""
        return {phase: round(spent, 3) for phase, spent in self._wall.items()}

    @property
    def processor_seconds(self) -> dict[str, float]:
        """Processor seconds of all threads by phase, rounded to milliseconds."""
        return {phase: round(spent, 3) for phase, spent in self._processor.items()}
