"""Turn a claimed step into tasks for a runner: one for a whole-set stage, one per shard of an `Each` stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from calotype.catalog.claims import Claim
from calotype.engine.library import KnownItem
from calotype.engine.plan import StepPlan, split_into_shards
from calotype.engine.records import Machine
from calotype.engine.runner import Ticket
from calotype.engine.tasks import Task, TaskItem
from calotype.hardware import usable_cores


@dataclass
class ActiveStep:
    """A claimed step whose tasks are under way."""

    plan: StepPlan
    claim: Claim
    started: float
    started_at: str
    known: dict[str, KnownItem]
    waiting: dict[str, Ticket] = field(default_factory=dict)
    results: dict[str, KnownItem] = field(default_factory=dict)
    """Of this attempt."""
    shares: dict[str, int] = field(default_factory=dict)
    """Items done per ticket, for progress over all shards."""
    machines: dict[Machine, None] = field(default_factory=dict)
    """Of the workers, in the order in which they reported."""
    total: int = 0
    """Of an `Each` step: different items, known ones included."""
    is_ending: bool = False
    """Its claim is about to end by itself."""
    is_stopped: bool = False
    retries_wanted: bool = False
    has_damaged_input: bool = False
    row_written: float = 0.0


def tickets_for(
    active: ActiveStep, todo: Sequence[TaskItem], run: str, store_url: str, slots: int
) -> list[Ticket]:
    """The tickets of a step: its shards share the cores; a stage that uses the whole machine gets all of them."""
    plan = active.plan
    shards = split_into_shards(todo, slots) if plan.is_per_item else [()]
    at_once = 1 if plan.stage.resources.whole_machine else min(len(shards), slots)
    tickets: list[Ticket] = []
    for number, share in enumerate(shards):
        task = Task(
            run=run,
            step=plan.spec.id,
            stage=plan.spec.stage,
            version=plan.stage.version,
            parameters=plan.spec.parameters,
            key=plan.key,
            attempt=active.claim.attempt,
            shard=number,
            items=share,
            inputs=plan.inputs,
            threads=0 if at_once == 1 else max(1, usable_cores() // at_once),
        )
        ticket_id = f"{plan.spec.id}/{number}/{task.attempt}"
        tickets.append(Ticket(ticket_id, task, f"{store_url}/{task.path}", plan.stage.resources))
    return tickets
