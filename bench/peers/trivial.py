"""Stages that do next to nothing, and the same work for a bare process pool and for Celery: what `bench/engine.py` measures."""

from __future__ import annotations

import os
from pathlib import Path

from calotype import All, Context, Each, PerItem, Report, Stage

PEAKS = "BENCH_PEAKS"
"""Names a file to which workers add the most memory they had, in MiB."""


def peak_mb() -> float:
    """The most memory this process had, in MiB. `ru_maxrss` would count what its parent had when it was forked."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def tick(source: Path, target: Path) -> None:
    """The work of one item: read a few bytes, write a few others."""
    target.write_bytes(source.read_bytes() + b"!")


class Tick(Stage):
    """One small file for each."""

    version = "1"

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            path = ctx.workdir / "out"
            tick(number.path, path)
            yield number, Report(name=number.name, path=path)
        if PEAKS in os.environ:
            with Path(os.environ[PEAKS]).open("a") as file:
                file.write(f"{peak_mb()}\n")


class Tock(Stage):
    """One small file of all; `turn` tells the steps of a chain apart."""

    version = "1"
    turn: int = 0

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        path = ctx.workdir / "out.json"
        tick(numbers[0].path, path)
        return Report(name="out.json", path=path)


def tick_pair(pair: tuple[str, str]) -> int:
    """`tick` as a pool's task."""
    tick(Path(pair[0]), Path(pair[1]))
    return os.getpid()
