"""When a step may be looked at again, and how often it is tried after failures that may pass."""

from __future__ import annotations

import logging
import time

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


class Patience:
    """Pauses and failures of one run's steps."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._waiting: set[str] = set()

    def is_over(self, step: str) -> bool:
        """Whether the step may be looked at now."""
        return time.monotonic() >= self._until.get(step, 0.0)

    def pause(self, step: str, seconds: float) -> None:
        self._until[step] = time.monotonic() + seconds

    def begins_to_wait(self, step: str, seconds: float) -> bool:
        """Pause a step that another run computes: whether this is the first look that found it so."""
        self.pause(step, seconds)
        begins = step not in self._waiting
        self._waiting.add(step)
        return begins

    def may_try_again(self, step: str, why: str) -> bool:
        """Count a failure that may pass: whether the step may be tried once more, after a pause that doubles each time."""
        failures = self._failures[step] = self._failures.get(step, 0) + 1
        if failures < MAX_ATTEMPTS:
            log.warning("%s: %s Trying again.", step, why)
            self.pause(step, 2.0 ** (failures - 1))
        return failures < MAX_ATTEMPTS
