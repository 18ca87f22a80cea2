"""What was made from what, across stages and runs: followed by digest, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, case, literal, select

from calotype.catalog.database import Database
from calotype.catalog.schema import lineage, steps

_AFTER_ALL_ITEMS = "g"
"""Sorts behind every item key, which is hexadecimal, in any collation."""


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

    def made_from(self, digest: str, run: str = "") -> list[LineageEdge]:
        """Every edge between an artifact and what it was made from, back to the first inputs.

        `run` follows only that run's steps: small files of the same bytes (an empty list) join runs that share nothing else.
        """
        return self._edges(digest, "from", run)

    def made_of(self, digest: str, run: str = "") -> list[LineageEdge]:
        """Every edge between an artifact and what was made of it, on to the last outputs; `run` as in `made_from`."""
        return self._edges(digest, "of", run)

    def _edges(self, digest: str, way: Literal["from", "of"], run: str) -> list[LineageEdge]:
        source, product = lineage.alias("source"), lineage.alias("product")
        start, end = (product, source) if way == "from" else (source, product)
        # By digest alone, so that a stage which hands a file through unchanged ends the walk instead of circling.
        reached = select(literal(digest).label("digest")).cte("reached", recursive=True)
        joined = _joined(source, product, way, run)
        reached = reached.union(
            select(end.c.digest)
            .select_from(reached)
            .join(start, start.c.digest == reached.c.digest)
            .join(end, joined)
        )
        query = (
            select(
                product.c.key,
                product.c.stage,
                product.c.version,
                *(
                    column.label(f"{alias.name}_{column.name}")
                    for alias in (source, product)
                    for column in (alias.c.digest, alias.c.name, alias.c.kind, alias.c.port)
                ),
            )
            .select_from(reached)
            .join(start, start.c.digest == reached.c.digest)
            .join(end, joined)
            .order_by(product.c.key, product.c.port, product.c.position, source.c.port, source.c.position)
        )
        return self._database.read(lambda connection: _read_edges(connection, query))


def _joined(
    source: FromClause, product: FromClause, way: Literal["from", "of"], run: str
) -> ColumnElement[bool]:
    """When `product` was made from `source`; written so that an index over (key, item) answers it in either direction."""
    if way == "from":
        same_item = source.c.item.in_([product.c.item, ""])
    else:
        last = case((source.c.item == "", _AFTER_ALL_ITEMS), else_=source.c.item)
        same_item = product.c.item.between(source.c.item, last)
    joined = and_(source.c.key == product.c.key, source.c.role == "in", product.c.role == "out", same_item)
    if run:
        joined = and_(joined, product.c.key.in_(select(steps.c.key).where(steps.c.run == run)))
    return joined


def _read_edges(connection: Connection, query: Select[tuple[str, ...]]) -> list[LineageEdge]:
    return [
        LineageEdge(
            source=LineageEnd(row.source_digest, row.source_name, row.source_kind, row.source_port),
            product=LineageEnd(row.product_digest, row.product_name, row.product_kind, row.product_port),
            key=row.key,
            stage=row.stage,
            version=row.version,
        )
        for row in connection.execute(query)
    ]
