"""Quick stages to try jobs with, importable by worker processes."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from calotype import All, Context, Report, SpeedOnly, Stage

WAITS_AT = 3


class Tally(Stage):
    """Adds numbers, each sum kept in a checkpoint. Before the fourth it waits until `gate` exists, where there is one."""

    version = "1"
    trace: SpeedOnly[str] = ""
    """Gets a line for each number that was added: its name, and the process that did it."""
    gate: SpeedOnly[str] = ""
    fails: SpeedOnly[bool] = False

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        kept = ctx.checkpoint("tally.json")
        state = json.loads(kept.path.read_text()) if kept.exists else {"sum": 0, "at": 0}
        for index in range(state["at"], len(numbers)):
            while index == WAITS_AT and self.gate and not Path(self.gate).exists():
                ctx.check_cancelled()
                time.sleep(0.01)
            state = {"sum": state["sum"] + json.loads(numbers[index].path.read_text()), "at": index + 1}
            kept.path.write_text(json.dumps(state))
            kept.commit()
            if self.trace:
                with Path(self.trace).open("a") as file:
                    file.write(f"{numbers[index].name} {os.getpid()}\n")
            ctx.progress(index + 1, len(numbers), "adding")
        if self.fails:
            raise RuntimeError("this sum is not to be had")
        path = ctx.workdir / "total.json"
        path.write_text(json.dumps({"sum": state["sum"], "count": len(numbers)}))
        return Report(name="total.json", path=path)
