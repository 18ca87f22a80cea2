"""Whom to kill and when, drawn from a seed: the same seed plans the same kills.

A plan says after how long, not at which instruction: what is hit differs a little from time to time. Kills at exact points
are in `points.py`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from tests.faults.processes import Role

Trigger = Literal["while", "write"]


@dataclass(frozen=True)
class Kill:
    """One kill as it is planned."""

    victim: Role
    trigger: Trigger
    """`while`: some time after there is such a process; `write`: right after the next record, segment, state or checkpoint."""
    delay_s: float

    def __str__(self) -> str:
        after = "it was there" if self.trigger == "while" else "a write"
        return f"{self.victim} {1000 * self.delay_s:.0f} ms after {after}"


def plan_kills(seed: int, count: int, span_s: float) -> list[Kill]:
    """The kills of one run, which takes about `span_s` undisturbed."""
    chance = random.Random(seed)
    kills: list[Kill] = []
    for _ in range(count):
        (victim,) = chance.choices(("parent", "worker", "child"), (4, 3, 3))
        (trigger,) = chance.choices(("while", "write"), (3, 2))
        longest = {"parent": 0.7, "worker": 0.4, "child": 0.2}[victim] * span_s
        delay = chance.uniform(0, longest if trigger == "while" else 0.03)
        kills.append(Kill(victim, trigger, round(delay, 4)))
    return kills
