"""Runs that the service has taken on, as rows: who asked, in which order, and which of them still have to be carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from calotype.catalog.database import Database
from calotype.catalog.runs import RunRow, waiting_step
from calotype.catalog.schema import queue, runs, steps

QUEUED = "queued"
"""State of a run that waits for its turn; nobody may have looked at its inputs yet."""


@dataclass(frozen=True)
class Queued:
    """One run that somebody asked for."""

    run: str
    """Its id; that of a client's job where it is one."""
    asker: str
    """Id of the API key that asked."""
    idempotency_key: str | None = None
    """What the asker calls this request: asked again under the same name, it gets the same run."""
    digest: str = ""
    """sha256 of what was asked, to tell a repetition from another request under the same name."""
    is_open: bool = True
    """Whether it has still to be carried to its end."""
    queued: float = 0.0
    """Seconds since the epoch."""


class Queue:
    """The table of runs taken on. Who carries one holds a claim; this says only that somebody should."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, entry: Queued, run: RunRow | None = None, step_stages: Sequence[tuple[str, str]] = ()
    ) -> Queued:
        """Take a run on: its entry, its row, and its steps, all waiting; of a client's job, whose run is made later, the entry
        alone. The entry that is there then: when the same asker asked under the same idempotency key before, or the run is in
        the queue already, it is the older one and nothing changes.
        """

        def work(connection: Connection) -> Queued:
            now = connection.execute(select(self._database.clock)).scalar_one()
            if not self._database.insert_one(connection, queue, {**vars(entry), "queued": now}):
                return self._older(connection, entry)
            if run is None:
                return entry
            row = {**vars(run), "state": QUEUED, "created": now, "updated": now}
            if self._database.insert_one(connection, runs, row):
                made = [waiting_step(run.id, step, stage, now) for step, stage in step_stages]
                rows = [
                    {**vars(one), "position": position, "components": "{}"}
                    for position, one in enumerate(made)
                ]
                connection.execute(insert(steps), rows)
            return entry

        return self._database.write(work)

    def _older(self, connection: Connection, entry: Queued) -> Queued:
        same = (queue.c.asker == entry.asker) & (queue.c.idempotency_key == entry.idempotency_key)
        found = connection.execute(select(queue).where(same | (queue.c.run == entry.run))).first()
        assert found is not None, "something was in the way of the new row"
        return Queued(**found._mapping)  # pyright: ignore[reportPrivateUsage]

    def find(self, run: str) -> Queued | None:
        """The entry of a run, or None when nobody asked the service for it."""
        found = self._entries(queue.c.run == run)
        return found[0] if found else None

    def asked_before(self, asker: str, idempotency_key: str) -> Queued | None:
        """What this asker asked for under this key, or None."""
        found = self._entries((queue.c.asker == asker) & (queue.c.idempotency_key == idempotency_key))
        return found[0] if found else None

    def open(self) -> list[Queued]:
        """What has still to be carried to its end, the longest waiting first."""
        return self._entries(queue.c.is_open)

    def reopen(self, run: str, asker: str) -> None:
        """Have a run carried on that had ended, or that nobody had asked the service for: it waits for its turn now."""

        def work(connection: Connection) -> None:
            clock = self._database.clock
            row = {"run": run, "asker": asker, "digest": "", "is_open": True, "queued": clock}
            if not self._database.insert_one(connection, queue, row):
                connection.execute(update(queue).where(queue.c.run == run).values(is_open=True, queued=clock))
            _set_queued(connection, run, clock)

        self._database.write(work)

    def close(self, run: str) -> None:
        """The run has ended, or need not be carried any further."""
        ended = update(queue).where(queue.c.run == run).values(is_open=False)
        self._database.write(lambda connection: connection.execute(ended).rowcount)

    def put_back(self, run: str) -> None:
        """The run, stopped half-way, waits for its turn again."""
        self._database.write(lambda connection: _set_queued(connection, run, self._database.clock))

    def count_open(self) -> int:
        query = select(func.count()).select_from(queue).where(queue.c.is_open)
        return self._database.read(lambda connection: int(connection.execute(query).scalar_one()))

    def _entries(self, condition: ColumnElement[bool]) -> list[Queued]:
        query = select(queue).where(condition).order_by(queue.c.queued, queue.c.run)

        def work(connection: Connection) -> list[Queued]:
            return [Queued(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)


def _set_queued(connection: Connection, run: str, clock: ColumnElement[float]) -> None:
    values = {"state": QUEUED, "message": "", "updated": clock, "ended": 0.0}
    connection.execute(update(runs).where(runs.c.id == run).values(values))
