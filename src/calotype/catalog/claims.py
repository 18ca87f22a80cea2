"""Who works on which key: leases that run out, and attempt numbers that fence off those who slept too long."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from calotype.catalog.database import Database
from calotype.catalog.schema import claims

LEASE_S = 60.0
"""A claim without a heartbeat for this long is anybody's."""


@dataclass(frozen=True)
class Claim:
    """The right to work on a key; `attempt` is the fencing token."""

    key: str
    attempt: int
    owner: str


class Claims:
    """The claims table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, key: str, owner: str, lease_s: float = LEASE_S) -> Claim | None:
        """A claim with the next attempt number, or None while another's lease on the key is alive."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            # On PostgreSQL a row that someone is just claiming is skipped instead of waited for.
            row = connection.execute(
                select(claims.c.state, claims.c.attempt, claims.c.lease_until)
                .where(claims.c.key == key)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            values: dict[str, object] = {"state": "running", "owner": owner, "lease_until": now + lease_s}
            if row is None:
                if not self._insert(connection, key, values):
                    return None
                return Claim(key, 1, owner)
            if row.state == "running" and row.lease_until > now:
                return None
            attempt = row.attempt + 1
            connection.execute(update(claims).where(claims.c.key == key).values(attempt=attempt, **values))
            return Claim(key, attempt, owner)

    def _insert(self, connection: Connection, key: str, values: dict[str, object]) -> bool:
        """False when the row exists after all: on PostgreSQL another transaction may hold or have just made it."""
        if self._database.is_sqlite:
            connection.execute(insert(claims).values(key=key, attempt=1, **values))
            return True
        from sqlalchemy.dialects.postgresql import insert as pg_insert

        statement = pg_insert(claims).values(key=key, attempt=1, **values).on_conflict_do_nothing()
        return connection.execute(statement).rowcount == 1

    def extend(self, claim: Claim, lease_s: float = LEASE_S) -> bool:
        """Heartbeat: False when the claim is no longer ours."""
        with self._database.write() as connection:
            until = self._database.now(connection) + lease_s
            changed = connection.execute(_mine(claim).values(lease_until=until))
            return changed.rowcount == 1

    def finish(self, connection: Connection, claim: Claim, state: str) -> bool:
        """End the claim as `done` or `failed` in the caller's transaction; False when it is no longer ours."""
        return connection.execute(_mine(claim).values(state=state, lease_until=0.0)).rowcount == 1

    def release(self, claim: Claim) -> None:
        """Give the claim back unfinished, so that the next one need not wait for the lease."""
        with self._database.write() as connection:
            self.finish(connection, claim, "released")


def _mine(claim: Claim):
    return update(claims).where(
        claims.c.key == claim.key,
        claims.c.attempt == claim.attempt,
        claims.c.owner == claim.owner,
        claims.c.state == "running",
    )
