"""Who works on which key: leases that run out, and attempt numbers that fence off those who slept too long."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Select, Update, func, or_, select, update

from calotype.catalog.database import Database
from calotype.catalog.schema import claims

LEASE_S = 60.0
"""A claim without a heartbeat for this long is anybody's."""

_CHUNK = 5000


@dataclass(frozen=True)
class Claim:
    """The right to work on a key; `attempt` is the fencing token."""

    key: str
    attempt: int
    owner: str
    """Who holds it, and a nonce: a claim that was granted while the connection broke is found again by it."""


class Claims:
    """The claims table. Leases are measured by the database's clock, so workers' clocks may differ."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(
        self,
        key: str,
        owner: str,
        lease_s: float = LEASE_S,
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> Claim | None:
        """A claim with the next attempt number, or None while another's lease on the key is alive.

        `is_gone` may know that a holder has ended: its lease is not waited for.
        """
        owner = _unique(owner)

        def grant(connection: Connection) -> list[Claim]:
            clock = self._database.clock
            row = {
                "key": key,
                "state": "running",
                "attempt": 1,
                "owner": owner,
                "lease_until": clock + lease_s,
            }
            if self._database.insert_one(connection, claims, row):
                return [Claim(key, 1, owner)]
            is_free = or_(claims.c.state != "running", claims.c.lease_until <= clock)
            holder = connection.scalar(select(claims.c.owner).where(claims.c.key == key))
            if holder and is_gone(holder.rpartition("#")[0]):
                is_free = or_(is_free, claims.c.owner == holder)
            # On PostgreSQL a row that someone is just claiming is skipped instead of waited for.
            free = select(claims.c.key).where(claims.c.key == key, is_free).with_for_update(skip_locked=True)
            return self._grant(connection, free, owner, lease_s)

        return next(iter(self._once(owner, grant)), None)

    def offer(self, queue: str, keys: Iterable[str]) -> None:
        """Put keys into a queue, ready to be taken; those that were ever claimed or offered stay as they are."""
        rows = [
            {"key": key, "state": "ready", "attempt": 0, "owner": "", "lease_until": 0.0, "queue": queue}
            for key in keys
        ]

        def work(connection: Connection) -> None:
            chunks = iter(rows)
            while chunk := list(islice(chunks, _CHUNK)):
                connection.execute(self._database.insert_new(claims), chunk)

        self._database.write(work)

    def take_next(self, queue: str, owner: str, limit: int = 1, lease_s: float = LEASE_S) -> list[Claim]:
        """Claims on up to `limit` keys of a queue that are ready or whose lease ran out; the longest free first."""
        owner = _unique(owner)

        def grant(connection: Connection) -> list[Claim]:
            free = (
                select(claims.c.key)
                .where(
                    claims.c.queue == queue,
                    claims.c.queue != "",
                    claims.c.state.in_(["ready", "running"]),
                    claims.c.lease_until <= self._database.clock,
                )
                .order_by(claims.c.lease_until)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            return self._grant(connection, free, owner, lease_s)

        return self._once(owner, grant)

    def _once(self, owner: str, grant: Callable[[Connection], list[Claim]]) -> list[Claim]:
        """What `grant` takes for an owner that nobody else is; when its transaction is run again, what it took before."""
        is_again = False

        def work(connection: Connection) -> list[Claim]:
            nonlocal is_again
            if is_again:
                mine = select(claims.c.key, claims.c.attempt).where(claims.c.owner == owner)
                if taken := [Claim(row.key, row.attempt, owner) for row in connection.execute(mine)]:
                    return taken
            is_again = True
            return grant(connection)

        return self._database.write(work)

    def _grant(self, connection: Connection, free: Select[str], owner: str, lease_s: float) -> list[Claim]:
        picked = free.cte(
            "picked"
        )  # As a plain subquery PostgreSQL may run it twice and take more than its limit.
        granted = connection.execute(
            update(claims)
            .where(claims.c.key.in_(select(picked.c.key)))
            .values(
                attempt=claims.c.attempt + 1,
                state="running",
                owner=owner,
                lease_until=self._database.clock + lease_s,
            )
            .returning(claims.c.key, claims.c.attempt)
        )
        return [Claim(row.key, row.attempt, owner) for row in granted]

    def extend(self, claim: Claim, lease_s: float = LEASE_S) -> bool:
        """Heartbeat: False when the claim is no longer ours."""

        def work(connection: Connection) -> bool:
            extended = _held(claim).values(lease_until=self._database.clock + lease_s)
            return connection.execute(extended).rowcount == 1

        return self._database.write(work)

    def finish(self, connection: Connection, claim: Claim, state: str) -> bool:
        """End the claim as `done`, `failed` or so in the caller's transaction; ending it the same way again changes nothing.

        False when it is no longer ours: the completion is refused, and counted.
        """
        if connection.execute(_held(claim).values(state=state, lease_until=0.0)).rowcount == 1:
            return True
        ended = select(claims.c.key).where(*_mine(claim), claims.c.state == state)
        if connection.execute(ended).first() is not None:
            return True
        connection.execute(
            update(claims).where(claims.c.key == claim.key).values(refused=claims.c.refused + 1)
        )
        return False

    def release(self, claim: Claim) -> None:
        """Give the claim back unfinished, so that the next one need not wait for the lease."""
        released = _held(claim).values(state="released", lease_until=0.0)
        self._database.write(lambda connection: connection.execute(released).rowcount)

    def abandoned(self, keys: Iterable[str], is_gone: Callable[[str], bool]) -> set[str]:
        """Those of the keys that were claimed by somebody who no longer works on them: gone, or silent for a whole lease."""
        query = select(claims.c.key, claims.c.owner, claims.c.lease_until <= self._database.clock).where(
            claims.c.key.in_(list(keys)), claims.c.state == "running"
        )
        rows = self._database.read(lambda connection: connection.execute(query).all())
        return {key for key, owner, is_over in rows if is_over or is_gone(owner.rpartition("#")[0])}

    def refused(self) -> int:
        """How many completions came too late, over all keys."""
        query = select(func.coalesce(func.sum(claims.c.refused), 0))
        return self._database.read(lambda connection: int(connection.execute(query).scalar_one()))


def _unique(owner: str) -> str:
    return f"{owner[:200]}#{secrets.token_hex(6)}"


def _mine(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (claims.c.key == claim.key, claims.c.attempt == claim.attempt, claims.c.owner == claim.owner)


def _held(claim: Claim) -> Update:
    return update(claims).where(*_mine(claim), claims.c.state == "running")
