"""Runs and their steps as rows: what exists, how far it is, what happened."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, desc, insert, or_, select, tuple_, update

from calotype.catalog.claims import Claim, Claims
from calotype.catalog.database import Database
from calotype.catalog.deliveries import Deliveries, Delivery
from calotype.catalog.schema import events, outbox, queue, runs, steps
from calotype.errors import UnknownName

_KEYS_AT_ONCE = 500


@dataclass(frozen=True)
class StepRow:
    """One step of a run."""

    run: str
    step: str
    stage: str
    state: str
    """`waiting`, `running`, `done`, `failed` or `cancelled`."""
    key: str
    components: Mapping[str, Any]
    """What the key was made of, for `explain`."""
    attempt: int
    adopted: bool
    seconds: float
    done: int
    total: int | None
    rejected: int
    note: str
    updated: float = 0.0
    pinned_from: str = ""
    """The run whose result a fork took over for this step; empty for none."""


@dataclass(frozen=True)
class RunRow:
    """One run."""

    id: str
    pipeline: str
    state: str
    """`queued`, `running`, `done`, `failed` or `cancelled`."""
    source: str
    created: float
    updated: float
    message: str
    parent: str = ""
    """The run it was forked from; empty for none."""
    ended: float = 0.0
    """Seconds since the epoch; 0 while it runs."""


class Runs:
    """The tables of runs, steps and events."""

    def __init__(self, database: Database, claims: Claims, deliveries: Deliveries) -> None:
        self._database = database
        self._claims = claims
        self._deliveries = deliveries

    def create(
        self,
        run: str,
        pipeline: str,
        source: str,
        step_stages: Sequence[tuple[str, str]],
        parent: str = "",
    ) -> None:
        """Add a run, forked from `parent` if it is given, and its steps, all waiting. A run that is here already stays."""

        def work(connection: Connection) -> None:
            now = connection.execute(select(self._database.clock)).scalar_one()
            row = RunRow(run, pipeline, "running", source, now, now, "", parent)
            self._add(connection, row, [waiting_step(run, step, stage, now) for step, stage in step_stages])

        self._database.write(work)

    def restore(self, run: RunRow, run_steps: Sequence[StepRow]) -> None:
        """Add the rows of a run as they were when they were written down elsewhere; a run that is here already stays as it is."""
        self._database.write(lambda connection: self._add(connection, run, run_steps))

    def _add(self, connection: Connection, run: RunRow, run_steps: Sequence[StepRow]) -> None:
        if not self._database.insert_one(connection, runs, vars(run)):
            return
        rows = [
            {**vars(step), "position": position, "components": json.dumps(dict(step.components))}
            for position, step in enumerate(run_steps)
        ]
        if rows:
            connection.execute(insert(steps), rows)

    def set_state(self, run: str, state: str, message: str = "", deliveries: Iterable[Delivery] = ()) -> None:
        """Change a run's state, and in the same transaction put into the outbox what tells of it."""
        told = list(deliveries)

        def work(connection: Connection) -> None:
            clock = self._database.clock
            ended = 0.0 if state == "running" else clock
            values = {"state": state, "message": message, "updated": clock, "ended": ended}
            connection.execute(update(runs).where(runs.c.id == run).values(values))
            self._deliveries.enqueue_within(connection, told)

        self._database.write(work)

    def get(self, run: str) -> RunRow:
        """The run of this id, or of an unambiguous beginning of it; `latest` is the newest. UnknownName otherwise."""
        if run == "latest":
            found = self._runs(select(runs).order_by(desc(runs.c.created)).limit(1))
        else:
            found = self._runs(select(runs).where(runs.c.id.startswith(run, autoescape=True)).limit(3))
            found = [row for row in found if row.id == run] or found
        if not found:
            hint = "There are no runs yet." if run == "latest" else "`calotype runs` lists those there are."
            raise UnknownName(f"No run {run!r} in this store. {hint}")
        if len(found) > 1:
            raise UnknownName(
                f"Several runs begin with {run!r}: {', '.join(row.id for row in found)}. Give more letters."
            )
        return found[0]

    def list(self, limit: int = 50) -> list[RunRow]:
        """The newest runs first."""
        return self._runs(select(runs).order_by(desc(runs.c.created)).limit(limit))

    def page(self, limit: int, before: tuple[float, str] | None = None, state: str = "") -> list[RunRow]:
        """The newest runs first, of one state if it is given; only those older than `before`, the time and id of another."""
        query = select(runs).order_by(desc(runs.c.created), desc(runs.c.id)).limit(limit)
        if before is not None:
            query = query.where(tuple_(runs.c.created, runs.c.id) < before)
        return self._runs(query.where(runs.c.state == state) if state else query)

    def changed_since(self, moment: float) -> list[RunRow]:
        """Runs whose state changed since then, in seconds since the epoch, and all that say they are running; newest first."""
        is_wanted = or_(runs.c.updated >= moment, runs.c.state == "running")
        return self._runs(select(runs).where(is_wanted).order_by(desc(runs.c.created), desc(runs.c.id)))

    def _runs(self, query: Select[Any]) -> list[RunRow]:
        def work(connection: Connection) -> list[RunRow]:
            return [RunRow(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)

    def forget(self, run: str) -> None:
        """Remove a run's rows: its steps, events, deliveries and place in the queue. What it computed stays known by key."""

        def work(connection: Connection) -> None:
            for table in (events, outbox, queue):
                connection.execute(delete(table).where(table.c.run == run))
            connection.execute(delete(runs).where(runs.c.id == run))

        self._database.write(work)

    def steps(self, run: str) -> list[StepRow]:
        """The steps of a run in their order."""
        return self._steps(select(steps).where(steps.c.run == run).order_by(steps.c.position))

    def with_keys(self, keys: Sequence[str]) -> dict[str, Sequence[StepRow]]:
        """By key, the steps that have it, that of the oldest run first: one of them computed it, the others took it over."""
        found: dict[str, list[StepRow]] = {}
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            wanted = keys[start : start + _KEYS_AT_ONCE]
            query = select(steps).join(runs, runs.c.id == steps.c.run).where(steps.c.key.in_(wanted))
            for row in self._steps(query.order_by(runs.c.created, runs.c.id, steps.c.position)):
                found.setdefault(row.key, []).append(row)
        return dict(found)

    def previous(self, row: StepRow) -> StepRow | None:
        """The step of another, not later run that `explain` compares this one with; it got as far as having a key.

        The newest with the same key if this one's result was adopted; else the newest of the same step over the same source,
        of the same step, of the same stage.
        """
        this = select(runs.c.created, runs.c.source).where(runs.c.id == row.run).subquery()
        same_step = steps.c.step == row.step
        nearest = [and_(runs.c.source == this.c.source, same_step), same_step]
        if row.adopted:
            nearest.insert(0, steps.c.key == row.key)
        query = (
            select(steps)
            .join(runs, runs.c.id == steps.c.run)
            .join(this, runs.c.created <= this.c.created)
            .where(steps.c.stage == row.stage, steps.c.key != "", steps.c.run != row.run)
            .order_by(*(desc(one) for one in nearest), desc(runs.c.created))
            .limit(1)
        )
        return next(iter(self._steps(query)), None)

    def _steps(self, query: Select[Any]) -> list[StepRow]:
        def work(connection: Connection) -> list[StepRow]:
            return [_step_row(row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)

    def update_step(self, run: str, step: str, **values: Any) -> None:
        """Change columns of a step, `components` given as a mapping."""
        self._database.write(lambda connection: self._update_step(connection, run, step, values))

    def _update_step(self, connection: Connection, run: str, step: str, values: Mapping[str, Any]) -> None:
        changed = {**values, "updated": self._database.clock}
        if "components" in values:
            changed["components"] = json.dumps(values["components"])
        connection.execute(update(steps).where(steps.c.run == run, steps.c.step == step).values(changed))

    def finish_step(
        self,
        run: str,
        step: str,
        claim: Claim | None,
        event: str,
        deliveries: Iterable[Delivery] = (),
        **values: Any,
    ) -> bool:
        """In one transaction: the claim ends, the step's row changes, the event and what is to be delivered are written.

        False, and nothing is changed, when the claim is no longer ours: a stale attempt's completion is refused, and counted.
        """
        added, told = _event(run, event), list(deliveries)

        def work(connection: Connection) -> bool:
            state = str(values.get("state", "done"))
            if claim is not None and not self._claims.finish(connection, claim, state):
                return False
            self._update_step(connection, run, step, values)
            self._add_event(connection, added)
            self._deliveries.enqueue_within(connection, told)
            return True

        return self._database.write(work)

    def add_event(self, run: str, body: str) -> None:
        """Append to the run's history."""
        added = _event(run, body)
        self._database.write(lambda connection: self._add_event(connection, added))

    def _add_event(self, connection: Connection, event: Mapping[str, str]) -> None:
        connection.execute(self._database.insert_new(events).values(**event, at=self._database.clock))

    def events(self, run: str, after: int = 0, limit: int = 1000) -> list[tuple[int, float, str]]:
        """(sequence number, time, JSON body) of the run's events after a sequence number."""
        query = (
            select(events.c.seq, events.c.at, events.c.body)
            .where(events.c.run == run, events.c.seq > after)
            .order_by(events.c.seq)
            .limit(limit)
        )

        def work(connection: Connection) -> list[tuple[int, float, str]]:
            return [(row.seq, row.at, row.body) for row in connection.execute(query)]

        return self._database.read(work)


def _event(run: str, body: str) -> dict[str, str]:
    """A row with an id of its own: written twice because the connection broke, it is there once."""
    return {"id": secrets.token_hex(16), "run": run, "body": body}


def waiting_step(run: str, step: str, stage: str, now: float) -> StepRow:
    """A step that nobody has begun."""
    return StepRow(
        run=run,
        step=step,
        stage=stage,
        state="waiting",
        key="",
        components={},
        attempt=0,
        adopted=False,
        seconds=0.0,
        done=0,
        total=None,
        rejected=0,
        note="",
        updated=now,
    )


def _step_row(row: Mapping[Any, Any]) -> StepRow:
    names = StepRow.__dataclass_fields__
    values = {name: row[name] for name in names}
    values["components"] = json.loads(values["components"])
    return StepRow(**values)
