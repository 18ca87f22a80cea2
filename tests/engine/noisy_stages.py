"""Stages that are not what they should be, importable by worker processes: one makes something else each time, one
distrusts its inputs."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from calotype import All, Context, Each, PerItem, Report, SpeedOnly, Stage
from calotype.errors import DamagedInput


class Noisy(Stage):
    """A random number for each file."""

    version = "1"

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            path = ctx.workdir / "out.json"
            path.write_text(json.dumps(secrets.randbelow(10**12)))
            yield number, Report(name=number.name, path=path)


class Distrusting(Stage):
    """Calls its inputs damaged, whatever they hold."""

    version = "1"
    trace: SpeedOnly[str]
    """A file that gets one line per attempt."""

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        with Path(self.trace).open("a") as file:
            file.write("read\n")
        raise DamagedInput(f"{numbers[0].name} cannot be used.")
