"""Runs and their steps as rows: what exists, how far it is, what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, desc, insert, select, update

from calotype.catalog.claims import Claim, Claims
from calotype.catalog.database import Database
from calotype.catalog.schema import events, runs, steps
from calotype.errors import UnknownName


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


@dataclass(frozen=True)
class RunRow:
    """One run."""

    id: str
    pipeline: str
    state: str
    """`running`, `done`, `failed` or `cancelled`."""
    source: str
    created: float
    updated: float
    message: str


class Runs:
    """The tables of runs, steps and events."""

    def __init__(self, database: Database, claims: Claims) -> None:
        self._database = database
        self._claims = claims

    def create(self, run: str, pipeline: str, source: str, step_stages: Sequence[tuple[str, str]]) -> None:
        """Add a run and its steps, all waiting."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            row = {
                "id": run,
                "pipeline": pipeline,
                "state": "running",
                "source": source,
                "created": now,
                "updated": now,
            }
            connection.execute(insert(runs).values(row))
            connection.execute(
                insert(steps),
                [
                    {
                        "run": run,
                        "step": step,
                        "position": position,
                        "stage": stage,
                        "state": "waiting",
                        "updated": now,
                    }
                    for position, (step, stage) in enumerate(step_stages)
                ],
            )

    def restore(self, run: RunRow, run_steps: Sequence[StepRow]) -> None:
        """Add the rows of a run as they were when they were written down elsewhere; a run that is here already stays as it is."""
        with self._database.write() as connection:
            if connection.execute(select(runs.c.id).where(runs.c.id == run.id)).first():
                return
            connection.execute(insert(runs).values(vars(run)))
            for position, step in enumerate(run_steps):
                values = {**vars(step), "components": json.dumps(dict(step.components))}
                connection.execute(insert(steps).values(position=position, updated=run.updated, **values))

    def set_state(self, run: str, state: str, message: str = "") -> None:
        with self._database.write() as connection:
            values = {"state": state, "message": message, "updated": self._database.now(connection)}
            connection.execute(update(runs).where(runs.c.id == run).values(values))

    def get(self, run: str) -> RunRow:
        """The run of this id, or of an unambiguous beginning of it; `latest` is the newest. UnknownName otherwise."""
        with self._database.read() as connection:
            query = select(runs)
            if run == "latest":
                found = connection.execute(query.order_by(desc(runs.c.created)).limit(1)).all()
            else:
                found = connection.execute(
                    query.where(runs.c.id.startswith(run, autoescape=True)).limit(3)
                ).all()
                found = [row for row in found if row.id == run] or found
        if not found:
            hint = "There are no runs yet." if run == "latest" else "`calotype runs` lists those there are."
            raise UnknownName(f"No run {run!r} in this store. {hint}")
        if len(found) > 1:
            raise UnknownName(
                f"Several runs begin with {run!r}: {', '.join(row.id for row in found)}. Give more letters."
            )
        return RunRow(**found[0]._mapping)  # pyright: ignore[reportPrivateUsage]

    def list(self, limit: int = 50) -> list[RunRow]:
        """The newest runs first."""
        with self._database.read() as connection:
            rows = connection.execute(select(runs).order_by(desc(runs.c.created)).limit(limit)).all()
        return [RunRow(**row._mapping) for row in rows]  # pyright: ignore[reportPrivateUsage]

    def steps(self, run: str) -> list[StepRow]:
        """The steps of a run in their order."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(steps).where(steps.c.run == run).order_by(steps.c.position)
            ).all()
        return [_step_row(row._mapping) for row in rows]  # pyright: ignore[reportPrivateUsage]

    def previous(self, stage: str, run: str, step: str) -> StepRow | None:
        """The newest step of this stage in another run that got as far as having a key: what `explain` compares with."""
        this_run = select(runs.c.created).where(runs.c.id == run).scalar_subquery()
        query = (
            select(steps)
            .join(runs, runs.c.id == steps.c.run)
            .where(steps.c.stage == stage, steps.c.key != "", steps.c.run != run, runs.c.created <= this_run)
            .order_by(desc(steps.c.step == step), desc(runs.c.created))
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _step_row(row._mapping)  # pyright: ignore[reportPrivateUsage]

    def update_step(self, run: str, step: str, **values: Any) -> None:
        """Change columns of a step, `components` given as a mapping."""
        with self._database.write() as connection:
            self._update_step(connection, run, step, values)

    def _update_step(self, connection: Connection, run: str, step: str, values: dict[str, Any]) -> None:
        if "components" in values:
            values["components"] = json.dumps(values["components"])
        values["updated"] = self._database.now(connection)
        connection.execute(update(steps).where(steps.c.run == run, steps.c.step == step).values(values))

    def finish_step(self, run: str, step: str, claim: Claim | None, event: str, **values: Any) -> bool:
        """In one transaction: the claim ends, the step's row changes, the event is written.

        False, and nothing is changed, when the claim is no longer ours: a stale attempt's completion is refused.
        """
        with self._database.write() as connection:
            if claim is not None and not self._claims.finish(
                connection, claim, str(values.get("state", "done"))
            ):
                return False
            self._update_step(connection, run, step, values)
            self._add_event(connection, run, event)
        return True

    def add_event(self, run: str, body: str) -> None:
        """Append to the run's history."""
        with self._database.write() as connection:
            self._add_event(connection, run, body)

    def _add_event(self, connection: Connection, run: str, body: str) -> None:
        connection.execute(insert(events).values(run=run, at=self._database.now(connection), body=body))

    def events(self, run: str, after: int = 0, limit: int = 1000) -> list[tuple[int, float, str]]:
        """(sequence number, time, JSON body) of the run's events after a sequence number."""
        query = (
            select(events.c.seq, events.c.at, events.c.body)
            .where(events.c.run == run, events.c.seq > after)
            .order_by(events.c.seq)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(row.seq, row.at, row.body) for row in connection.execute(query)]


def _step_row(row: Mapping[Any, Any]) -> StepRow:
    names = StepRow.__dataclass_fields__
    values = {name: row[name] for name in names}
    values["components"] = json.loads(values["components"])
    return StepRow(**values)
