"""What keeping a store in order asks of the catalog: who is at work, and dropping rows of what is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select

from calotype.catalog.claims import LEASE_S
from calotype.catalog.database import Database
from calotype.catalog.schema import (
    claims,
    dataset_objects,
    dataset_versions,
    datasets,
    items,
    lineage,
    outbox,
    runs,
    source_digests,
    steps,
)

_CHUNK = 500


@dataclass(frozen=True)
class LiveClaim:
    """A key that somebody works on now."""

    key: str
    owner: str
    """Host, process and thread."""


class Upkeep:
    """Questions and deletions across tables, for purge, gc, rebuild and check."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live_claims(self) -> list[LiveClaim]:
        """Claims whose lease has not run out, by key."""
        query = (
            select(claims.c.key, claims.c.owner)
            .where(claims.c.state == "running", claims.c.lease_until > self._database.clock)
            .order_by(claims.c.key)
        )

        def work(connection: Connection) -> list[LiveClaim]:
            return [LiveClaim(row.key, row.owner.partition("#")[0]) for row in connection.execute(query)]

        return self._database.read(work)

    def is_at_work(self, run: str) -> bool:
        """Whether somebody carries this run: it runs, and one of its steps is claimed or was written to within a lease."""

        def work(connection: Connection) -> bool:
            clock = self._database.clock
            claimed = select(claims.c.key).where(claims.c.state == "running", claims.c.lease_until > clock)
            fresh = clock - LEASE_S
            query = (
                select(func.count())
                .select_from(runs.join(steps, steps.c.run == runs.c.id))
                .where(
                    runs.c.id == run,
                    runs.c.state == "running",
                    or_(runs.c.updated > fresh, steps.c.updated > fresh, steps.c.key.in_(claimed)),
                )
            )
            return connection.execute(query).scalar_one() > 0

        return self._database.read(work)

    def forget_segments(self, paths: Iterable[str]) -> None:
        """Drop the items that were committed in these segments."""
        self._drop(items, items.c.segment, paths)

    def forget_lineage(self, keys: Iterable[str]) -> None:
        """Drop what these steps read and made."""
        self._drop(lineage, lineage.c.key, keys)

    def forget_sources(self, digests: Iterable[str]) -> None:
        """Drop source files whose bytes the store no longer has, so that they are read again."""
        self._drop(source_digests, source_digests.c.digest, digests)

    def segments(self) -> list[str]:
        """Where items are said to be committed."""
        return self._distinct(items.c.segment)

    def lineage_keys(self) -> list[str]:
        """Keys of the steps whose lineage is known."""
        return self._distinct(lineage.c.key)

    def runs(self) -> list[str]:
        """Ids of all runs."""
        return self._distinct(runs.c.id)

    def _distinct(self, column: ColumnElement[str]) -> list[str]:
        query = select(column).distinct().order_by(column)
        return self._database.read(lambda connection: list(connection.execute(query).scalars()))

    def clear(self) -> None:
        """Drop all that a rebuild restores. Claims and events stay, so that attempt numbers go on where they were."""

        def work(connection: Connection) -> None:
            for table in (
                dataset_objects,
                dataset_versions,
                datasets,
                outbox,
                items,
                lineage,
                source_digests,
            ):
                connection.execute(delete(table))
            for table in (steps, runs):
                connection.execute(delete(table))

        self._database.write(work)

    def _drop(self, table: Table, column: ColumnElement[Any], values: Iterable[str]) -> None:
        for chunk in _chunks(values):
            self._database.write(
                lambda connection, chunk=chunk: (
                    connection.execute(delete(table).where(column.in_(chunk))).rowcount
                )
            )


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
