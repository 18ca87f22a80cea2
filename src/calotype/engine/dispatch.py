"""Turn a claimed step into tasks for a runner: one for a whole-set stage, one per shard of an `Each` stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from calotype.catalog.claims import Claim
from calotype.engine.items import KnownResults
from calotype.engine.plan import StepPlan, split_into_shards
from calotype.engine.records import Machine
from calotype.engine.runner import Ticket
from calotype.engine.tasks import Task
from calotype.hardware import usable_cores


@dataclass
class ActiveStep:
    """A claimed step whose tasks are under way."""

    plan: StepPlan
    claim: Claim
    started: float
    started_at: str
    results: KnownResults | None = None
    """Of an `Each` step: of items that were known before, and of this attempt."""
    known: int = 0
    """How many items were known before."""
    segments: dict[str, None] = field(default_factory=dict)
    """Of this attempt, in the order in which they were told."""
    waiting: dict[str, Ticket] = field(default_factory=dict)
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
    active: ActiveStep, todo: Sequence[int], run: str, store_url: str, slots: int
) -> Iterator[tuple[Ticket, Task]]:
    """The tickets of a step, made one by one: its shards share the cores; a stage that uses the whole machine gets all of them.

    `todo` are positions of the items of an `Each` step that must be computed; without any there is nothing to do.
    """
    plan, items = active.plan, active.plan.items
    shards = [range(0)] if items is None else [*split_into_shards(len(todo), slots)]
    at_once = 1 if plan.stage.resources.whole_machine else min(len(shards), slots)
    for number, share in enumerate(shards):
        if items is not None and not share:
            continue
        task = Task(
            run=run,
            step=plan.spec.id,
            stage=plan.spec.stage,
            version=plan.stage.version,
            parameters=plan.spec.parameters,
            key=plan.key,
            attempt=active.claim.attempt,
            shard=number,
            items=() if items is None else tuple(items[todo[position]] for position in share),
            inputs=plan.inputs,
            threads=0 if at_once == 1 else max(1, usable_cores() // at_once),
        )
        ticket_id = f"{plan.spec.id}/{number}/{task.attempt}"
        yield Ticket(ticket_id, task.step, f"{store_url}/{task.path}", plan.stage.resources), task
