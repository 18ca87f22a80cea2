"""Stages that treat files as they should not: what the engine must notice."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from calotype import All, Context, Each, Gallery, PerItem, Report, Stage


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


class Book(Stage):
    """The numbers again, as a folder with a folder in it."""

    version = "1"

    def run(self, ctx: Context, numbers: All[Report]) -> Gallery:
        folder = ctx.workdir / "book"
        for number in numbers:
            page = folder / "pages" / number.name
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_bytes(number.path.read_bytes())
        return Gallery(name="book", path=folder)


class WritesBook(Stage):
    """Does something to the first page of the folder it is given, and counts the pages."""

    version = "1"
    deed: str

    def run(self, ctx: Context, book: Gallery) -> Report:
        do_to(book.path / "pages" / "00.json", self.deed)
        path = ctx.workdir / "pages.json"
        path.write_text(json.dumps(len(list((book.path / "pages").iterdir()))))
        return Report(name="pages.json", path=path)


class WritesShared(Stage):
    """The sum of each number and what all of them share; at one of them it does something to what is shared."""

    version = "1"
    port: str
    deed: str
    at: str = "03.json"
    raises: bool = False

    def run(
        self, ctx: Context, numbers: Each[Report], others: All[Report], one: Report, book: Gallery
    ) -> PerItem[Report]:
        shared = {"others": others[0].path, "one": one.path, "book": book.path / "pages" / "00.json"}
        for number in numbers:
            if number.name == self.at and self.deed != "remove":
                do_to(shared[self.port], self.deed)
                if self.raises:
                    raise ValueError("a number that I do not like")
            values = [json.loads(path.read_text()) for path in (number.path, *shared.values())]
            path = ctx.workdir / number.name
            path.write_text(json.dumps(sum(values)))
            if number.name == self.at and self.deed == "remove":
                shared[
                    self.port
                ].unlink()  # Its own result is right; that of the items that follow would not be.
            yield number, Report(name=number.name, path=path)


def do_to(path: Path, deed: str) -> None:
    """Change the bytes of a file (there are as many afterwards), put another in its place, put one beside it, or remove it."""
    if deed == "change":
        path.chmod(0o644)
        path.write_bytes(b"9" * path.stat().st_size)
    elif deed == "replace":
        path.unlink()
        path.write_text("9")
    elif deed == "add":
        path.with_name("new.json").write_text("9")
    else:
        path.unlink()


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
