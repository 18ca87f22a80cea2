"""Stages that are not what they should be, importable by worker processes: two make something else each time, one
distrusts its inputs."""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path

from calotype import All, Context, Each, PerItem, Report, SpeedOnly, Stage
from calotype.errors import DamagedInput


class Noisy(Stage):
    """A random number for each file."""

    version = "1"
    pause_s: SpeedOnly[float] = 0.0

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            time.sleep(self.pause_s)
            path = ctx.workdir / "out.json"
            path.write_text(json.dumps(secrets.randbelow(10**12)))
            yield number, Report(name=number.name, path=path)


NOISE = 10**6


class NoisyTotal(Stage):
    """The sum of the numbers times `NOISE`, and a random number below it: what it was made of shows, and when."""

    version = "1"
    pause_s: SpeedOnly[float] = 0.0

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        kept = ctx.checkpoint("total.json")
        at, total = json.loads(kept.path.read_text()) if kept.exists else (0, secrets.randbelow(NOISE))
        for index in range(at, len(numbers)):
            time.sleep(self.pause_s)
            total += NOISE * json.loads(numbers[index].path.read_text())
            kept.path.write_text(json.dumps((index + 1, total)))
            kept.commit()
            ctx.progress(index + 1, len(numbers))
        path = ctx.workdir / "total.json"
        path.write_text(json.dumps(total))
        return Report(name="total.json", path=path)


class Distrusting(Stage):
    """Calls its inputs damaged, whatever they hold."""

    version = "1"
    trace: SpeedOnly[str]
    """A file that gets one line per attempt."""

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        with Path(self.trace).open("a") as file:
            file.write("read\n")
        raise DamagedInput(f"{numbers[0].name} cannot be used.")
