"""Decide what a step is: its key, its items, what must be computed. Pure functions over values; nothing is read or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter

from calotype.artifacts import ArtifactRef
from calotype.engine.keys import item_keys, set_digest, step_key
from calotype.engine.pipeline import Link, PipelineSpec, StepSpec
from calotype.engine.ports import Arity, InputPort, Ports, ports_of
from calotype.engine.records import PortInputs
from calotype.engine.stage import Stage
from calotype.engine.tasks import TaskItem

_members: TypeAdapter[tuple[TaskItem, ...]] = TypeAdapter(tuple[TaskItem, ...])

Flows = Mapping[Link, Sequence[ArtifactRef]]
"""What is known to flow out of sources and finished steps."""


@dataclass(frozen=True)
class StepPlan:
    """A step whose inputs are all known."""

    spec: StepSpec
    stage: Stage
    ports: Ports
    key: str
    inputs: dict[str, PortInputs]
    """By port, without the `Each` port."""
    items: tuple[TaskItem, ...] = ()
    """Of an `Each` step: all its items; several names may share one key."""
    unpaired: tuple[str, ...] = ()
    """Names that had no partner in a paired port."""
    components: dict[str, Any] = field(default_factory=dict)
    """What the key was made of, for `explain`."""

    @property
    def is_per_item(self) -> bool:
        return self.ports.is_per_item


def ready_steps(pipeline: PipelineSpec, flows: Flows, started: set[str]) -> list[StepSpec]:
    """Steps not yet started whose inputs all flow."""
    return [
        step
        for step in pipeline.steps
        if step.id not in started and all(link in flows for links in step.inputs.values() for link in links)
    ]


def plan_step(spec: StepSpec, flows: Flows) -> StepPlan:
    """The plan of a step whose inputs are known; raises where the installed stage no longer accepts its parameters."""
    stage = spec.instance()
    ports = ports_of(type(stage))
    parameters = stage.key_parameters()
    unpaired: list[str] = []
    inputs: dict[str, PortInputs] = {}
    members: list[tuple[ArtifactRef, ...]] = []
    for port in ports.inputs:
        if port.name not in spec.inputs:
            continue
        tuples, without = paired_by_name([flows[link] for link in spec.inputs[port.name]])
        unpaired += without
        if port.arity is Arity.EACH:
            members = tuples
        else:
            inputs[port.name] = _port_inputs(port, tuples)
    shared = {name: port.digest for name, port in inputs.items()}
    key_of = item_keys(spec.stage, stage.version, parameters, shared, spec.take)
    items = tuple(
        TaskItem(
            key=key_of([ref.digest for ref in refs]),
            name=refs[0].name,
            refs=refs,
        )
        for refs in members
    )
    digests = dict(shared)
    if ports.each is not None:
        # What has no partner changes no item, but the list of what was declined.
        digests[ports.each.name] = set_digest(
            [*((item.name, item.key) for item in items), *((name, "unpaired") for name in unpaired)]
        )
    components = {
        "stage": spec.stage,
        "version": stage.version,
        "parameters": parameters,
        "inputs": digests,
        "take": spec.take,
    }
    return StepPlan(
        spec=spec,
        stage=stage,
        ports=ports,
        key=step_key(spec.stage, stage.version, parameters, digests, spec.take),
        inputs=inputs,
        items=items,
        unpaired=tuple(unpaired),
        components=components,
    )


def _port_inputs(port: InputPort, tuples: Sequence[tuple[ArtifactRef, ...]]) -> PortInputs:
    refs = tuple(ref for members in tuples for ref in members)
    if port.arity is Arity.ONE and len(refs) == 1:
        digest = refs[0].digest  # A single artifact is its bytes; what it is called does not matter.
    else:
        digest = set_digest((ref.name, f"{ref.kind}:{ref.digest}") for ref in refs)
    return PortInputs(digest=digest, count=len(tuples), items=refs)


def paired_by_name(flows: Sequence[Sequence[ArtifactRef]]) -> tuple[list[tuple[ArtifactRef, ...]], list[str]]:
    """Tuples of artifacts that share a stem, in the order of the first flow, and the names left without a partner."""
    first, *others = flows
    if not others:
        return [(ref,) for ref in first], []
    by_stem = [{ref.stem: ref for ref in other} for other in others]
    tuples = [
        (ref, *(table[ref.stem] for table in by_stem))
        for ref in first
        if all(ref.stem in table for table in by_stem)
    ]
    used = {ref.name for members in tuples for ref in members}
    return tuples, [ref.name for flow in flows for ref in flow if ref.name not in used]


def work_to_do(plan: StepPlan, known: set[str]) -> list[TaskItem]:
    """Items of an `Each` step that must be computed: one per key, however many names share it."""
    todo: dict[str, TaskItem] = {}
    for item in plan.items:
        if item.key not in known:
            todo.setdefault(item.key, item)
    return list(todo.values())


def split_into_shards(
    items: Sequence[TaskItem], slots: int, least: int = 4, most: int = 2000
) -> list[tuple[TaskItem, ...]]:
    """Contiguous shares, as many as there are slots but none smaller than `least` or larger than `most`, which bounds what a
    worker holds in memory. Sharding never enters a key."""
    count = max(1, min(slots, len(items) // least), -(-len(items) // most))
    bounds = [round(index * len(items) / count) for index in range(count + 1)]
    return [tuple(items[low:high]) for low, high in pairwise(bounds)]


def members_blob(plan: StepPlan) -> bytes:
    """Every item of an `Each` step with what it was made of, as the record's members blob holds it."""
    return _members.dump_json(plan.items)


def read_members(data: bytes) -> tuple[TaskItem, ...]:
    """The items that a members blob lists."""
    return _members.validate_json(data)
