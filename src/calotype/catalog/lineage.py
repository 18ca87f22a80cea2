"""What was made from what, across stages and runs: followed by digest, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, desc, select

from calotype.catalog.database import Database
from calotype.catalog.schema import lineage, steps

_CHUNK = 500
_AFTER_ALL_DIGITS = "g"
"""Sorts behind the digits of a digest, in any collation; unlike a pattern, a range is found by index everywhere."""


@dataclass(frozen=True)
class LineageEnd:
    """One end of an edge: an artifact as a step read or made it."""

    digest: str
    name: str
    kind: str
    port: str


@dataclass(frozen=True)
class LineageEdge:
    """A step made `product` from `source`."""

    source: LineageEnd
    product: LineageEnd
    key: str
    """The step's key."""
    stage: str
    version: str


class Lineage:
    """The lineage table as a graph. In an `Each` step an output hangs on its own item and on the inputs that every item shares."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def was_processed(self, digest: str, stage: str, version: str = "") -> bool:
        """Whether a committed step of this stage (in this version, if given) has read the object with this digest."""
        query = select(lineage.c.key).where(
            lineage.c.digest == digest, lineage.c.role == "in", lineage.c.stage == stage
        )
        if version:
            query = query.where(lineage.c.version == version)
        return self._database.read(lambda connection: connection.execute(query.limit(1)).first() is not None)

    def artifacts(self, beginning: str, limit: int = 10) -> list[LineageEnd]:
        """Artifacts that a step read or made whose digest begins so, one for each digest, made ones before read ones."""
        columns = lineage.c
        query = (
            select(columns.digest, columns.name, columns.kind, columns.port)
            .where(columns.digest.between(beginning, beginning + _AFTER_ALL_DIGITS))
            .order_by(desc(columns.role), columns.digest, columns.name)
        )

        def work(connection: Connection) -> list[LineageEnd]:
            found: dict[str, LineageEnd] = {}
            for row in connection.execute(query):
                found.setdefault(row.digest, LineageEnd(row.digest, row.name, row.kind, row.port))
                if len(found) == limit:
                    break
            return list(found.values())

        return self._database.read(work)

    def of_kinds(self, kinds: Sequence[str]) -> list[str]:
        """Digests of all artifacts of these kinds that a step read or made."""
        query = select(lineage.c.digest).where(lineage.c.kind.in_(kinds)).distinct()
        return self._database.read(lambda connection: list(connection.execute(query).scalars()))

    def unknown_runs(self) -> list[str]:
        """Runs with a finished step of which the lineage is not here: another machine made them, or a process died just then."""
        known = select(lineage.c.key).where(lineage.c.key == steps.c.key).exists()
        query = select(steps.c.run).where(steps.c.state == "done", steps.c.key != "", ~known).distinct()
        return self._database.read(lambda connection: list(connection.execute(query).scalars()))

    def makers(self, digest: str) -> list[str]:
        """Keys of the steps that made this artifact."""
        query = select(lineage.c.key).where(lineage.c.digest == digest, lineage.c.role == "out").distinct()
        return self._database.read(lambda connection: list(connection.execute(query).scalars()))

    def made_from(self, digest: str, run: str = "") -> list[LineageEdge]:
        """Every edge between an artifact and what it was made from, back to the first inputs.

        `run` follows only that run's steps: small files of the same bytes (an empty list) join runs that share nothing else.
        """
        return self._edges(digest, "from", run)

    def made_of(self, digest: str, run: str = "") -> list[LineageEdge]:
        """Every edge between an artifact and what was made of it, on to the last outputs; `run` as in `made_from`."""
        return self._edges(digest, "of", run)

    def _edges(self, digest: str, way: Literal["from", "of"], run: str) -> list[LineageEdge]:
        return self._database.read(lambda connection: _Walk(connection, way, run).edges(digest))


class _Walk:
    """Follows edges step by step, all artifacts of one generation at a time: a few indexed queries for each, whatever their
    number. (One recursive query took from 0.3 to 20 s for 3,000 items, as the planner's statistics had it.)"""

    def __init__(self, connection: Connection, way: Literal["from", "of"], run: str) -> None:
        self._connection = connection
        self._near, self._far = ("out", "in") if way == "from" else ("in", "out")
        self._run = run

    def edges(self, digest: str) -> list[LineageEdge]:
        found: list[LineageEdge] = []
        reached, frontier = {digest}, [digest]
        while frontier:
            near = self._near_rows(frontier)
            far = self._far_rows(near)
            generation = [
                _edge(row, other) if self._near == "in" else _edge(other, row)
                for row in near
                for other in far[row.key].partners(row.item, backwards=self._near == "out")
            ]
            found += generation
            ends = (edge.product if self._near == "in" else edge.source for edge in generation)
            frontier = list(dict.fromkeys(end.digest for end in ends if end.digest not in reached))
            reached.update(frontier)
        return found

    def _near_rows(self, digests: Sequence[str]) -> list[Row[Any]]:
        """Where these artifacts are read (or made)."""
        query = select(lineage).where(lineage.c.role == self._near)
        if self._run:
            query = query.where(lineage.c.key.in_(select(steps.c.key).where(steps.c.run == self._run)))
        rows: list[Row[Any]] = []
        for start in range(0, len(digests), _CHUNK):
            rows += self._connection.execute(
                query.where(lineage.c.digest.in_(digests[start : start + _CHUNK]))
            )
        return rows

    def _far_rows(self, near: Sequence[Row[Any]]) -> dict[str, _StepSide]:
        """By step, what is made there of those artifacts (or read for them)."""
        wanted: dict[str, set[str]] = {}
        for row in near:
            wanted.setdefault(row.key, {""}).add(row.item)
        read_for_all = {row.key for row in near if self._near == "in" and not row.item}
        return {key: self._side(key, None if key in read_for_all else items) for key, items in wanted.items()}

    def _side(self, key: str, items: set[str] | None) -> _StepSide:
        query = (
            select(lineage)
            .where(lineage.c.key == key, lineage.c.role == self._far)
            .order_by(lineage.c.port, lineage.c.position)
        )
        if items is not None and len(items) <= _CHUNK:
            query = query.where(lineage.c.item.in_(items))
        return _StepSide(self._connection.execute(query).all())


class _StepSide:
    """What a step read, or what it made, by item."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self._all = rows
        self._by_item: dict[str, list[Row[Any]]] = {}
        for row in rows:
            self._by_item.setdefault(row.item, []).append(row)

    def partners(self, item: str, *, backwards: bool) -> Sequence[Row[Any]]:
        """Rows at the other end of an artifact of this item; one that is of no item was read for all."""
        if not item and not backwards:
            return self._all
        own = self._by_item.get(item, [])
        return own + self._by_item.get("", []) if item and backwards else own


def _edge(source: Row[Any], product: Row[Any]) -> LineageEdge:
    return LineageEdge(_end(source), _end(product), product.key, product.stage, product.version)


def _end(row: Row[Any]) -> LineageEnd:
    return LineageEnd(row.digest, row.name, row.kind, row.port)
