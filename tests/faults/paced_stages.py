"""Stages that take long enough to be killed in, importable by worker processes: items, a whole set, a child process."""

from __future__ import annotations

import json
import sys
import time

from calotype import All, Context, Each, PerItem, Report, SpeedOnly, Stage


class Square(Stage):
    """The number in each file, squared."""

    version = "1"
    pause_s: SpeedOnly[float] = 0.0

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            time.sleep(self.pause_s)
            path = ctx.workdir / "square.json"
            path.write_text(json.dumps(json.loads(number.path.read_text()) ** 2))
            yield number, Report(name=number.name, path=path)


class Chain(Stage):
    """A number that each file in turn changes, so that their order and their count show; kept after every file."""

    version = "1"
    pause_s: SpeedOnly[float] = 0.0

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        kept = ctx.checkpoint("chain.json")
        at, value = json.loads(kept.path.read_text()) if kept.exists else (0, 1)
        for index in range(at, len(numbers)):
            time.sleep(self.pause_s)
            value = (value * 31 + json.loads(numbers[index].path.read_text())) % 1_000_003
            kept.path.write_text(json.dumps((index + 1, value)))
            kept.commit()
            ctx.progress(index + 1, len(numbers))
        path = ctx.workdir / "chain.json"
        path.write_text(json.dumps(value))
        return Report(name="chain.json", path=path)


class Outside(Stage):
    """What a child process says of the number."""

    version = "1"
    pause_s: SpeedOnly[float] = 0.0

    def run(self, ctx: Context, number: Report) -> Report:
        said: list[str] = []
        script = "import sys, time; time.sleep(float(sys.argv[1])); print(int(open(sys.argv[2]).read()) + 1)"
        ctx.command(sys.executable, "-c", script, str(self.pause_s), str(number.path), on_line=said.append)
        path = ctx.workdir / "outside.json"
        path.write_text(json.dumps(int(said[0])))
        return Report(name="outside.json", path=path)
