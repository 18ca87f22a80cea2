"""What is still to be sent: rows that are written with the result they tell of, and sent at least once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

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
    """How often it was taken: the token that fences off a sender that slept too long."""
    next_at: float = 0.0
    """Seconds since the epoch before which it is not due."""
    error: str = ""
    """Why the last attempt failed."""


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

    def take_due(self, limit: int = 1, lease_s: float = LEASE_S) -> list[Delivery]:
        """Up to `limit` due deliveries, the longest due first, for the caller alone until the lease ends."""

        def work(connection: Connection) -> list[Delivery]:
            clock = self._database.clock
            due = (
                select(outbox.c.id)
                .where(outbox.c.state == "waiting", outbox.c.next_at <= clock)
                .order_by(outbox.c.next_at)
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

    def delivered(self, delivery: Delivery) -> bool:
        """It has arrived. False, and nothing changes, when the lease ran out and another attempt has begun."""
        return self._end(delivery, {"state": "delivered", "error": ""})

    def failed(self, delivery: Delivery, error: str, retry_in_s: float | None) -> bool:
        """It has not arrived: due again after `retry_in_s`, or given up when that is None. False as in `delivered`."""
        if retry_in_s is None:
            return self._end(delivery, {"state": "failed", "error": error})
        return self._end(delivery, {"next_at": self._database.clock + retry_in_s, "error": error})

    def _end(self, delivery: Delivery, values: dict[str, object]) -> bool:
        mine = (outbox.c.id == delivery.id, outbox.c.attempts == delivery.attempts)

        def work(connection: Connection) -> bool:
            return connection.execute(update(outbox).where(*mine).values(values)).rowcount == 1

        return self._database.write(work)

    def again(self, delivery: str) -> bool:
        """Make a delivery due now, whatever became of it; False when there is none of this id."""

        def work(connection: Connection) -> bool:
            values = {"state": "waiting", "next_at": self._database.clock}
            return (
                connection.execute(update(outbox).where(outbox.c.id == delivery).values(values)).rowcount == 1
            )

        return self._database.write(work)

    def list(self, run: str = "", state: str = "") -> list[Delivery]:
        """Deliveries of a run (or all), in one state (or any), by id."""
        query = select(outbox).order_by(outbox.c.id)
        if run:
            query = query.where(outbox.c.run == run)
        if state:
            query = query.where(outbox.c.state == state)

        def work(connection: Connection) -> list[Delivery]:
            return [Delivery(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)
