"""Stages that make something else each time, importable by worker processes, and can be held until others are as far."""

from __future__ import annotations

import json
import secrets
import socket

from calotype import All, Context, Each, PerItem, Report, SpeedOnly, Stage

_MOST = 10**12


class Dice(Stage):
    """The sum of all numbers and a random one."""

    version = "1"
    round: int = 0
    """Another number has another key."""
    gate: SpeedOnly[int] = 0
    """A local port that hears that everything is made, and answers when to go on; 0 for none."""

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        path = ctx.workdir / "dice.json"
        total = sum(json.loads(number.path.read_text()) for number in numbers)
        path.write_text(json.dumps(total + secrets.randbelow(_MOST)))
        _wait_at(self.gate)
        return Report(name="dice.json", path=path)


class Coins(Stage):
    """A random number for each file."""

    version = "1"
    round: int = 0
    """Another number has another key."""
    gate: SpeedOnly[int] = 0
    """A local port that hears that everything is made, and answers when to go on; 0 for none."""

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            path = ctx.workdir / "coin.json"
            path.write_text(json.dumps(secrets.randbelow(_MOST)))
            yield number, Report(name=number.name, path=path)
        _wait_at(self.gate)


def _wait_at(gate: int) -> None:
    if gate:
        with socket.create_connection(("127.0.0.1", gate)) as line:
            line.recv(1)
