"""What has been computed, for quick look-up: items by key, lineage of steps, digests of source files. A cache of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, func, select

from calotype.catalog.database import Database
from calotype.catalog.schema import items, lineage, source_digests

_CHUNK = 500
_ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class ItemRow:
    """The known result of one item."""

    key: str
    segment: str
    """Where it was committed."""
    outputs: str
    """JSON list of artifact references, their names patterns over the item's stem."""
    rejected: str | None


@dataclass(frozen=True)
class LineageRow:
    """One artifact that a step read or made."""

    key: str
    """The step's key."""
    role: str
    """`in` or `out`."""
    port: str
    position: int
    digest: str
    name: str
    kind: str
    item: str = ""
    """Key of the one item it was read for or made from; empty where it belongs to the whole step."""
    stage: str = ""
    version: str = ""


@dataclass(frozen=True)
class SourceDigest:
    """What a source file's bytes hashed to when it had this size and stamp (etag or modification time)."""

    location: str
    size: int
    stamp: str
    digest: str


class Results:
    """The tables of items, lineage and source digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def items(self, keys: Sequence[str]) -> dict[str, ItemRow]:
        """Known items among these keys."""
        rows = self._find(items, items.c.key, keys)
        return {row.key: ItemRow(**row._mapping) for row in rows}  # pyright: ignore[reportPrivateUsage]

    def add_items(self, rows: Iterable[ItemRow]) -> None:
        """Remember items; the first mention of a key stays."""
        self._insert(items, (vars(row) for row in rows))

    def forget_items(self, keys: Sequence[str]) -> None:
        """Drop items whose blobs turned out to be gone, so that they are computed again."""
        if not keys:
            return

        def work(connection: Connection) -> None:
            for chunk in _chunks(keys):
                connection.execute(delete(items).where(items.c.key.in_(chunk)))

        self._database.write(work)

    def add_lineage(self, rows: Iterable[LineageRow]) -> None:
        """Remember what steps read and made; the first mention stays."""
        self._insert(lineage, (vars(row) for row in rows))

    def lineage(self, key: str) -> list[LineageRow]:
        """What a step read and made, in the order of its ports' lists."""
        table = lineage.c
        query = select(lineage).where(table.key == key).order_by(table.role, table.port, table.position)
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return [LineageRow(**row._mapping) for row in rows]  # pyright: ignore[reportPrivateUsage]

    def lineage_is(self, key: str, count: int, made: Mapping[str, Sequence[str]]) -> bool:
        """Whether so many artifacts are noted of a step, and those that it made have these digests, by port and in this order."""
        counted = select(func.count()).select_from(lineage).where(lineage.c.key == key)

        def work(connection: Connection) -> bool:
            return connection.execute(counted).scalar_one() == count and all(
                _digests_are(connection, key, port, digests) for port, digests in made.items()
            )

        return self._database.read(work)

    def source_digests(self, locations: Sequence[str]) -> dict[str, SourceDigest]:
        """What is known of these source files."""
        named = {_indexed(location): location for location in locations}
        rows = self._find(source_digests, source_digests.c.location, list(named))
        return {
            named[row.location]: SourceDigest(named[row.location], row.size, row.stamp, row.digest)
            for row in rows
        }

    def add_source_digests(self, rows: Iterable[SourceDigest]) -> None:
        """Remember digests, replacing older ones of the same files."""
        named = {_indexed(row.location): row for row in rows}
        newest = {location: {**vars(row), "location": location} for location, row in named.items()}

        def work(connection: Connection) -> None:
            for chunk in _chunks(list(newest)):
                connection.execute(delete(source_digests).where(source_digests.c.location.in_(chunk)))
                rows = [newest[location] for location in chunk]
                connection.execute(self._database.insert_new(source_digests), rows)

        self._database.write(work)

    def _find(self, table: Table, column: ColumnElement[str], values: Sequence[str]) -> list[Row[Any]]:
        def work(connection: Connection) -> list[Row[Any]]:
            found: list[Row[Any]] = []
            for chunk in _chunks(values):
                found += connection.execute(select(table).where(column.in_(chunk)))
            return found

        return self._database.read(work)

    def _insert(self, table: Table, rows: Iterator[Mapping[str, Any]]) -> None:
        """Insert rows whose primary key is new, some thousands in a transaction; others are left as they are."""
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            self._database.write(
                lambda connection, chunk=chunk: (
                    connection.execute(self._database.insert_new(table), chunk).rowcount
                )
            )


def _digests_are(connection: Connection, key: str, port: str, digests: Sequence[str]) -> bool:
    table = lineage.c
    query = (
        select(table.digest)
        .where(table.key == key, table.role == "out", table.port == port)
        .order_by(table.position)
        .execution_options(yield_per=_ROWS_AT_ONCE)
    )
    noted = connection.execute(query).scalars()
    return all(one == other for one, other in zip_longest(noted, digests))


def _indexed(location: str) -> str:
    """The location, or what stands for a long one (a signed URL): PostgreSQL takes at most 2,700 bytes into an index."""
    data = location.encode(errors="surrogateescape")
    return location if len(data) <= 1000 else f"sha256:{hashlib.sha256(data).hexdigest()}"


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
