"""Decide what a step is: its key, its items, what must be computed. Pure functions over values; nothing is read or written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter

from calotype.artifacts import ArtifactRef, names_of, stem_of
from calotype.engine.items import Items
from calotype.engine.keys import item_keys, ordered_set_digest, set_digest, step_key
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
    items: Items | None = None
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
    each: tuple[Sequence[Sequence[ArtifactRef]], Sequence[Sequence[int]]] = ((), ())
    for port in ports.inputs:
        if port.name not in spec.inputs:
            continue
        columns = [flows[link] for link in spec.inputs[port.name]]
        rows, without = paired_by_name([names_of(column) for column in columns])
        unpaired += without
        if port.arity is Arity.EACH:
            each = (columns, rows)
        else:
            inputs[port.name] = _port_inputs(port, columns, rows)
    shared = {name: port.digest for name, port in inputs.items()}
    items = None
    digests = dict(shared)
    if ports.each is not None:
        items = Items(*each, item_keys(spec.stage, stage.version, parameters, shared, spec.take))
        digests[ports.each.name] = _members_digest(items, unpaired)
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


def _members_digest(items: Items, unpaired: Sequence[str]) -> str:
    """Identity of an `Each` step's set. What has no partner changes no item, but the list of what was declined."""
    members = ((items.name(index), key) for index, key in enumerate(items.keys))
    names = (items.name(index) for index in range(len(items)))
    if not unpaired and all(one < two for one, two in pairwise(names)):
        return ordered_set_digest(members)  # As sources list them: nothing need be held to be sorted.
    return set_digest([*members, *((name, "unpaired") for name in unpaired)])


def _port_inputs(
    port: InputPort, columns: Sequence[Sequence[ArtifactRef]], rows: Sequence[Sequence[int]]
) -> PortInputs:
    count = len(rows[0])
    refs = tuple(
        column[places[index]] for index in range(count) for column, places in zip(columns, rows, strict=True)
    )
    if port.arity is Arity.ONE and len(refs) == 1:
        digest = refs[0].digest  # A single artifact is its bytes; what it is called does not matter.
    else:
        digest = set_digest((ref.name, f"{ref.kind}:{ref.digest}") for ref in refs)
    return PortInputs(digest=digest, count=count, items=refs)


def paired_by_name(columns: Sequence[Sequence[str]]) -> tuple[list[Sequence[int]], list[str]]:
    """Positions in each column of names that share a stem, in the order of the first; and the names without a partner."""
    first, *others = columns
    if not others:
        return [range(len(first))], []
    by_stem = [{stem_of(name): place for place, name in enumerate(other)} for other in others]
    rows = [array("I") for _ in columns]
    for place, name in enumerate(first):
        stem = stem_of(name)
        if all(stem in table for table in by_stem):
            for row, found in zip(rows, (place, *(table[stem] for table in by_stem)), strict=True):
                row.append(found)
    without = [
        name
        for column, row in zip(columns, rows, strict=True)
        for used in [set(row)]
        for place, name in enumerate(column)
        if place not in used
    ]
    return list(rows), without


def split_into_shards(count: int, slots: int, least: int = 4, most: int = 2000) -> Iterator[range]:
    """Contiguous shares of so many items, as many as there are slots but none smaller than `least` or larger than `most`,
    which bounds what a worker holds in memory. Sharding never enters a key."""
    shares = max(1, min(slots, count // least), -(-count // most))
    bounds = [round(index * count / shares) for index in range(shares + 1)]
    return (range(low, high) for low, high in pairwise(bounds))


def read_members(data: bytes) -> tuple[TaskItem, ...]:
    """The items that a members blob lists."""
    return _members.validate_json(data)
