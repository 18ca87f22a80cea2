"""How a run ended, as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from calotype.artifacts import ArtifactRef
from calotype.engine.pipeline import Link


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    state: Literal["done", "failed", "cancelled"]
    seconds: float
    step_seconds: dict[str, float]
    executed: tuple[str, ...]
    """Steps that were computed in this run, not adopted."""
    flows: Mapping[Link, Sequence[ArtifactRef]]
    error: str = ""
    """Name of the error's class in `calotype.errors`."""
    message: str = ""
    exit_code: int = 0
