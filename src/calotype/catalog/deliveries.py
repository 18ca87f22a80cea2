"""What is still to be sent: rows that are written with the result they tell of, and sent at least once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from calotype.catalog.database import Database
from calotype.catalog.schema import outbox

LEASE_S = 120.0
"""A delivery that was taken and not answered for within this time is due again."""


@dataclass(frozen=True)
class Delivery:
    """An artifact or a message on its way to a user's key or URL."""

    id: str
    """Constant across attempts: the receiver tells repetitions by it."""
    run: str
    kind: str
    """What sends it: `webhook`, `callback`, ..."""
    target: str
    body: str
    """JSON."""
    state: str = "waiting"
    """`waiting`, `delivered` or `failed`."""
    attempts: int = 0
    """How often it was taken since it was asked for: the token that fences off a sender that slept too long."""
    next_at: float = 0.0
    """Seconds since the epoch before which it is not due."""
    error: str = ""
    """Why the last attempt failed."""


Rows = list[Delivery]


class Deliveries:
    """The outbox. To take a delivery is to push the time when it is due behind a lease, so a sender that dies loses nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, deliveries: Iterable[Delivery]) -> None:
        """Add deliveries; those whose id is known already stay as they are."""
        rows = list(deliveries)
        self._database.write(lambda connection: self.enqueue_within(connection, rows))

    def enqueue_within(self, connection: Connection, deliveries: Iterable[Delivery]) -> None:
        """Add deliveries in the caller's transaction, so that they exist exactly if what they tell of does."""
        if rows := [vars(delivery) for delivery in deliveries]:
            connection.execute(self._database.insert_new(outbox), rows)

    def take_due(
        self, limit: int = 1, lease_s: float = LEASE_S, *, kinds: Collection[str] = (), run: str = ""
    ) -> list[Delivery]:
        """Up to `limit` due deliveries, the longest due first, for the caller alone until the lease ends.

        Only of these kinds and of this run, where they are given.
        """

        def work(connection: Connection) -> list[Delivery]:
            clock = self._database.clock
            due = (
                select(outbox.c.id)
                .where(*_waiting(kinds, run), outbox.c.next_at <= clock)
                .order_by(outbox.c.next_at, outbox.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
                .cte("due")  # As a plain subquery PostgreSQL may run it twice and take more than the limit.
            )
            taken = connection.execute(
                update(outbox)
                .where(outbox.c.id.in_(select(due.c.id)))
                .values(attempts=outbox.c.attempts + 1, next_at=clock + lease_s)
                .returning(*outbox.c)
            )
            return [Delivery(**row._mapping) for row in taken]  # pyright: ignore[reportPrivateUsage]

        return self._database.write(work)

    def due_in_s(self, *, kinds: Collection[str] = (), run: str = "") -> float | None:
        """Seconds until the next delivery is due, 0 when one is; None when none waits. Of these kinds and this run only."""

        def work(connection: Connection) -> float | None:
            wait = func.min(outbox.c.next_at) - self._database.clock
            found = connection.execute(select(wait).where(*_waiting(kinds, run))).scalar_one()
            return None if found is None else max(float(found), 0.0)

        return self._database.read(work)

    def extend(self, delivery: Delivery, lease_s: float = LEASE_S) -> bool:
        """It is still being sent: the lease begins anew. False when another attempt has begun."""
        return self._change(delivery, {"next_at": self._database.clock + lease_s})

    def postpone(self, delivery: Delivery, wait_s: float, waits_for: str = "") -> bool:
        """It was not tried, so this attempt does not count: due again after `wait_s`, or once the delivery `waits_for` has ended.

        False as in `delivered`.
        """
        values = {
            "attempts": delivery.attempts - 1,
            "next_at": self._database.clock + wait_s,
            "error": _waits_for(waits_for) if waits_for else delivery.error,
        }
        return self._change(delivery, values)

    def delivered(self, delivery: Delivery) -> bool:
        """It has arrived. False, and nothing changes, when the lease ran out and another attempt has begun.

        What was postponed until it has ended is due now.
        """
        return self._end(delivery, {"state": "delivered", "error": ""})

    def failed(self, delivery: Delivery, error: str, retry_in_s: float | None) -> bool:
        """It has not arrived: due again after `retry_in_s`, or given up when that is None. False as in `delivered`."""
        if retry_in_s is None:
            return self._end(delivery, {"state": "failed", "error": error})
        return self._change(delivery, {"next_at": self._database.clock + retry_in_s, "error": error})

    def _change(self, delivery: Delivery, values: Mapping[str, object]) -> bool:
        return self._database.write(lambda connection: _changed(connection, delivery, values))

    def _end(self, delivery: Delivery, values: Mapping[str, object]) -> bool:
        waits_for_it = (outbox.c.run == delivery.run, outbox.c.error == _waits_for(delivery.id))

        def work(connection: Connection) -> bool:
            if not _changed(connection, delivery, values):
                return False
            due = {"next_at": self._database.clock, "error": ""}
            connection.execute(update(outbox).where(*_waiting(), *waits_for_it).values(due))
            return True

        return self._database.write(work)

    def again(self, delivery: str, target: str = "") -> bool:
        """Make a delivery due now, whatever became of it, and its retries begin anew; from now on it goes to `target` if given.

        False when there is none of this id.
        """

        def work(connection: Connection) -> bool:
            values = {"state": "waiting", "attempts": 0, "next_at": self._database.clock, "error": ""}
            if target:
                values["target"] = target
            return (
                connection.execute(update(outbox).where(outbox.c.id == delivery).values(values)).rowcount == 1
            )

        return self._database.write(work)

    def find(self, delivery: str) -> Delivery | None:
        """The delivery of this id; None when this catalog knows none."""
        found = self._select(select(outbox).where(outbox.c.id == delivery))
        return found[0] if found else None

    def list(self, run: str = "", state: str = "") -> list[Delivery]:
        """Deliveries of a run (or all), in one state (or any), by id."""
        query = select(outbox).order_by(outbox.c.id)
        if run:
            query = query.where(outbox.c.run == run)
        if state:
            query = query.where(outbox.c.state == state)
        return self._select(query)

    def _select(self, query: Select[Any]) -> Rows:
        def work(connection: Connection) -> list[Delivery]:
            return [Delivery(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)


def _waiting(kinds: Collection[str] = (), run: str = "") -> list[ColumnElement[bool]]:
    """What holds for deliveries that wait, of these kinds and this run where they are given."""
    holds = [outbox.c.state == "waiting"]
    if kinds:
        holds.append(outbox.c.kind.in_(kinds))
    if run:
        holds.append(outbox.c.run == run)
    return holds


def _changed(connection: Connection, delivery: Delivery, values: Mapping[str, object]) -> bool:
    """Whether the attempt was still the newest, so that the row could be changed."""
    mine = (outbox.c.id == delivery.id, outbox.c.attempts == delivery.attempts)
    return connection.execute(update(outbox).where(*mine).values(values)).rowcount == 1


def _waits_for(delivery: str) -> str:
    return f"waits for {delivery}"
