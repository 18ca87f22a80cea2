"""Transactions on the catalog's database that outlive a dropped connection, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Float, Table, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from calotype.catalog.address import CatalogAddress
from calotype.catalog.connections import open_engine
from calotype.catalog.failures import first_line, is_passing, translated
from calotype.catalog.migrations import bring_up_to_date
from calotype.errors import StoreUnwritable, Transient

PATIENCE_S = 60.0
"""How long a catalog that does not answer is waited for."""

_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0

T = TypeVar("T")


class Database:
    """A connection pool at the newest schema.

    `read` and `write` run a function in a transaction. When the connection is lost they run it again, also when it was lost
    while committing and nobody can say whether it was done: what is given to `write` must come to the same done twice.
    """

    def __init__(
        self, where: str | Path, patience_s: float = PATIENCE_S, now: Callable[[], float] | None = None
    ) -> None:
        """Open a database at a place as `CatalogAddress` takes it; creates or migrates the schema.

        `now`, seconds since the epoch, stands for the clock that all workers share where somebody has reason to pass another.
        """
        address = CatalogAddress.parse(where)
        self.name = address.shown
        self.is_sqlite = address.is_sqlite
        self._patience_s = patience_s
        self._now = now
        self._failing_since: float | None = None
        self._engine = open_engine(address, patience_s)
        # One connection holds a database in memory: its threads take turns.
        self._turn = threading.RLock() if address.is_in_memory else nullcontext()
        self._file = address.path
        self._inode = 0
        try:
            bring_up_to_date(self)
        except BaseException:
            self._engine.dispose()
            raise
        if self._file is not None:
            self._inode = self._file.stat().st_ino

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns in a transaction that only reads."""
        return self._patiently(work, is_write=False)

    def write(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns in a transaction that commits at its end, or leaves no trace. May run `work` more than once.

        On SQLite the lock is taken at once (BEGIN IMMEDIATE), so that two writers queue instead of failing half-way.
        """
        return self._patiently(work, is_write=True)

    @property
    def clock(self) -> ColumnElement[float]:
        """Seconds since the epoch by the clock that all workers share: the server's, or this machine's for SQLite.

        To be asked for inside a transaction: on SQLite it is read where it is written down.
        """
        if self._now is not None or self.is_sqlite:
            return literal((self._now or time.time)(), Float)
        return func.date_part("epoch", func.statement_timestamp(), type_=Float)

    def insert_new(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that leaves rows as they are whose key is there already."""
        dialect = sqlite if self.is_sqlite else postgresql
        return dialect.insert(table).on_conflict_do_nothing()

    def insert_one(self, connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
        """Insert a row unless its key is there already; whether it was inserted."""
        # Asked of the row itself: psycopg's count of inserted rows does not come through SQLAlchemy.
        statement = self.insert_new(table).values(row).returning(literal(1))
        return connection.execute(statement).first() is not None

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of a table, by primary key."""
        query = select(table).order_by(*table.primary_key.columns)

        def work(connection: Connection) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(query).mappings()]

        return self.read(work)

    def close(self) -> None:
        self._engine.dispose()

    def _patiently(self, work: Callable[[Connection], T], *, is_write: bool) -> T:
        pause = _FIRST_PAUSE_S
        while True:
            try:
                with self._turn:
                    result = self._once(work, is_write=is_write)
            except DBAPIError as error:
                self._check_file()
                if not is_passing(error):
                    raise translated(error, self.name) or error from error
                self._wait(error, pause)
                pause = min(2 * pause, _LONGEST_PAUSE_S)
            except PoolExhausted as error:  # It has waited for a connection to come free.
                raise Transient(f"The catalog {self.name} has too much to do: {error}. Resume.") from error
            else:
                self._failing_since = None
                return result

    def _once(self, work: Callable[[Connection], T], *, is_write: bool) -> T:
        with self._engine.connect() as connection:
            connection = connection.execution_options(calotype_write=is_write)
            with connection.begin():
                if is_write:
                    self._check_file()
                return work(connection)

    def _wait(self, error: DBAPIError, pause: float) -> None:
        """Sleep before another attempt; Transient when the database has been failing for too long, whoever asked it."""
        now = time.monotonic()
        since = self._failing_since
        if since is None:
            since = self._failing_since = now
        if now + pause - since > self._patience_s:
            raise Transient(
                f"The catalog {self.name} has not answered for {now - since:.0f} s: {first_line(error)} "
                "Results are safe in the store. See that the database runs, then resume."
            ) from error
        time.sleep(pause)

    def _check_file(self) -> None:
        """SQLite goes on writing to a file that was deleted: what it says is kept would be lost."""
        if self._inode and self._file is not None:
            try:
                if os.stat(self._file).st_ino == self._inode:
                    return
            except OSError:
                pass
            raise StoreUnwritable(
                f"The catalog {self._file} was removed or replaced while it was in use. "
                "What the store holds is safe: start again, and `calotype catalog rebuild` fills a new catalog from it."
            )
