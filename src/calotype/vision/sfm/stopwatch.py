"""Seconds per phase of a job."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager


class Stopwatch:
    """Adds up wall time by phase."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, phase: str) -> Generator[None]:
        """Count the time of the block towards `phase`."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._seconds[phase] = self._seconds.get(phase, 0.0) + time.monotonic() - began

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds by phase, rounded to milliseconds."""
        return {phase: round(spent, 3) for phase, spent in self._seconds.items()}
