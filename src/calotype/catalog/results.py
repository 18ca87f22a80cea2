"""What has been computed, for quick look-up: items by key, lineage of steps, digests of source files. A cache of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Table, delete, select

from calotype.catalog.database import Database
from calotype.catalog.schema import items, lineage, source_digests

_CHUNK = 500


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
        found: dict[str, ItemRow] = {}
        with self._database.read() as connection:
            for chunk in _chunks(keys):
                for row in connection.execute(select(items).where(items.c.key.in_(chunk))):
                    found[row.key] = ItemRow(**row._mapping)  # pyright: ignore[reportPrivateUsage]
        return found

    def add_items(self, rows: Iterable[ItemRow]) -> None:
        """Remember items; the first mention of a key stays."""
        self._insert(items, (vars(row) for row in rows))

    def forget_items(self, keys: Sequence[str]) -> None:
        """Drop items whose blobs turned out to be gone, so that they are computed again."""
        with self._database.write() as connection:
            for chunk in _chunks(keys):
                connection.execute(delete(items).where(items.c.key.in_(chunk)))

    def add_lineage(self, rows: Iterable[LineageRow]) -> None:
        self._insert(lineage, (vars(row) for row in rows))

    def lineage(self, key: str) -> list[LineageRow]:
        """What a step read and made."""
        query = select(lineage).where(lineage.c.key == key)
        with self._database.read() as connection:
            return [LineageRow(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

    def source_digests(self, locations: Sequence[str]) -> dict[str, SourceDigest]:
        """What is known of these source files."""
        found: dict[str, SourceDigest] = {}
        with self._database.read() as connection:
            for chunk in _chunks(locations):
                query = select(source_digests).where(source_digests.c.location.in_(chunk))
                for row in connection.execute(query):
                    found[row.location] = SourceDigest(**row._mapping)  # pyright: ignore[reportPrivateUsage]
        return found

    def add_source_digests(self, rows: Iterable[SourceDigest]) -> None:
        """Remember digests, replacing older ones of the same files."""
        rows = list(rows)
        with self._database.write() as connection:
            for chunk in _chunks([row.location for row in rows]):
                connection.execute(delete(source_digests).where(source_digests.c.location.in_(chunk)))
        self._insert(source_digests, (vars(row) for row in rows))

    def _insert(self, table: Table, rows: Iterator[Mapping[str, Any]]) -> None:
        """Insert rows whose primary key is new; others are left as they are."""
        if self._database.is_sqlite:
            from sqlalchemy.dialects.sqlite import insert
        else:
            from sqlalchemy.dialects.postgresql import insert
        with self._database.write() as connection:
            while chunk := list(islice(rows, 5000)):
                connection.execute(insert(table).on_conflict_do_nothing(), chunk)


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
