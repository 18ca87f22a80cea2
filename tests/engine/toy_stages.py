"""Stages over small JSON files, importable by worker processes: what the engine's tests run."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

from calotype import (
    All,
    Context,
    Each,
    Image,
    PerItem,
    Rejected,
    Report,
    Resources,
    Results,
    SpeedOnly,
    Stage,
)
from calotype.errors import Transient


class Double(Stage):
    """The number in each file, doubled; odd ones may be declined."""

    version = "1"
    factor: int = 2
    reject_odd: bool = False
    max_rejected: SpeedOnly[float] = 1.0
    threads: SpeedOnly[int] = 1
    trace: SpeedOnly[str] = ""
    """A file that gets one line per executed item."""
    fail_on: SpeedOnly[str] = ""
    die_on: SpeedOnly[str] = ""
    wait_on: SpeedOnly[str] = ""

    def tolerated_rejections(self) -> float:
        return self.max_rejected

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            value = json.loads(number.path.read_text())
            if number.name == self.fail_on:
                raise RuntimeError("this one is bad")
            if number.name == self.die_on:
                os.kill(os.getpid(), signal.SIGKILL)
            while number.name == self.wait_on:
                ctx.check_cancelled()
                time.sleep(0.01)
            if self.trace:
                with Path(self.trace).open("a") as file:
                    file.write(number.name + "\n")
            if self.reject_odd and value % 2:
                yield number, Rejected(f"{value} is odd")
                continue
            path = ctx.workdir / "out.json"
            path.write_text(json.dumps(value * self.factor))
            yield number, Report(name=number.name, path=path)


class Sums(Results):
    total: Report
    parts: tuple[Report, ...]
    extra: Report | None = None


class Add(Stage):
    """The sum of all numbers, seen together."""

    version = "1"
    start: int = 0
    trace: SpeedOnly[str] = ""
    transient_failures: SpeedOnly[int] = 0
    die_at: SpeedOnly[int] = -1

    def run(self, ctx: Context, numbers: All[Report]) -> Sums:
        done = ctx.checkpoint("done.json")
        state = json.loads(done.path.read_text()) if done.exists else {"sum": self.start, "at": 0}
        for index in range(state["at"], len(numbers)):
            if index == self.die_at and ctx.attempt == 1:
                os.kill(os.getpid(), signal.SIGKILL)
            if self.trace:
                with Path(self.trace).open("a") as file:
                    file.write(f"{index}\n")
            state = {"sum": state["sum"] + json.loads(numbers[index].path.read_text()), "at": index + 1}
            done.path.write_text(json.dumps(state))
            done.commit()
            ctx.progress(index + 1, len(numbers), "adding")
        if ctx.attempt <= self.transient_failures:
            raise Transient("the line is busy.")
        total = ctx.workdir / "total.json"
        total.write_text(json.dumps({"sum": state["sum"], "count": len(numbers)}))
        part = ctx.workdir / "part.json"
        part.write_text("{}")
        return Sums(total=Report(name="total.json", path=total), parts=(Report(name="part.json", path=part),))


class Pairs(Stage):
    """Whether picture and report of one name arrive together."""

    version = "1"

    def run(self, ctx: Context, pairs: Each[tuple[Image, Report]]) -> PerItem[Report]:
        for pair in pairs:
            image, report = pair
            path = ctx.workdir / "pair.json"
            path.write_text(json.dumps([image.name, report.name]))
            yield pair, Report(name=image.stem + "_pair.json", path=path)


class Lies(Stage):
    """Returns a file that it did not make."""

    version = "1"

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        return Report(name="missing.json", path=ctx.workdir / "missing.json")


class Variants(Stage):
    """Two files for each one."""

    version = "1"

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            paths = [ctx.workdir / f"v{index}.json" for index in range(2)]
            for index, path in enumerate(paths):
                path.write_text(json.dumps([number.name, index]))
            yield (
                number,
                tuple(Report(name=f"{number.stem}_{i}.json", path=path) for i, path in enumerate(paths)),
            )


class Paced(Stage):
    """One file of `size` bytes. Says that it has begun, and waits for the file `gate` before it writes."""

    version = "1"
    size: int = 2_000_000
    gate: SpeedOnly[str] = ""

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        ctx.progress(0, 1, "begun")
        while self.gate and not Path(self.gate).exists():
            ctx.check_cancelled()
            time.sleep(0.01)
        path = ctx.workdir / "large.json"
        path.write_text(json.dumps("x" * self.size))
        return Report(name="large.json", path=path)


class KeepsPlace(Stage):
    """Asks for a checkpoint where there is none."""

    version = "1"

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        ctx.checkpoint("place.json")
        for number in numbers:
            yield number, number


class Greedy(Stage):
    """Needs more memory than there is."""

    version = "1"
    resources = Resources(memory_gb=2.0**20)

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        return numbers[0]


class HalfOfIt(Stage):
    """Notes when it begins and ends; two of them fit into memory only one after the other, if `memory_gb` is well chosen."""

    version = "1"
    resources = Resources(memory_gb=4.0)
    trace: SpeedOnly[str] = ""

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            for word in ("begin", "end"):
                with Path(self.trace).open("a") as file:
                    file.write(word + "\n")
                time.sleep(0.05)
            yield number, number
