"""Stages that treat files as they should not: what the engine must notice."""

from __future__ import annotations

import secrets

from calotype import All, Context, Each, PerItem, Report, Stage


class WritesItems(Stage):
    """Writes into each item; the new bytes are as many as the old ones."""

    version = "1"

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        for number in numbers:
            number.path.chmod(0o644)
            number.path.write_bytes(b"9" * number.path.stat().st_size)
            yield number, Report(name=number.name, path=number.path)


class WritesAll(Stage):
    """Writes into the first of its inputs."""

    version = "1"

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        first = numbers[0].path
        first.chmod(0o644)
        first.write_text("9")
        return Report(name="all.json", path=first)


class OneFileForAll(Stage):
    """Makes one file and yields it for every item."""

    version = "1"

    def run(self, ctx: Context, numbers: Each[Report]) -> PerItem[Report]:
        path = ctx.workdir / "empty.json"
        path.write_text("{}")
        for number in numbers:
            yield number, Report(name=number.name, path=path)


class Noise(Stage):
    """Another number each time."""

    version = "1"

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        path = ctx.workdir / "noise.json"
        path.write_text(str(secrets.randbits(64)))
        return Report(name="noise.json", path=path)
