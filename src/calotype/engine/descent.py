"""What a step read and made, as rows of the lineage table: the same whether it has just run or is read back from its record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from calotype.artifacts import ArtifactRef
from calotype.catalog.results import LineageRow
from calotype.engine.records import ItemResult, PortInputs, StepRecord
from calotype.engine.tasks import TaskItem


@dataclass(frozen=True)
class PerItem:
    """What an `Each` step has besides: its items."""

    port: str
    """Where they flow in."""
    items: Sequence[TaskItem]
    results: Mapping[str, ItemResult]
    """By item key."""
    ports: Mapping[str, str]
    """Kind of output to the port it flows from."""


@dataclass(frozen=True)
class Descent:
    """A finished step: what it is, what flowed in, what flows out."""

    stage: str
    version: str
    key: str
    inputs: Mapping[str, PortInputs]
    """By port, without the `Each` port."""
    outputs: Mapping[str, Sequence[ArtifactRef]]
    """By port."""
    per_item: PerItem | None = None

    @classmethod
    def of(
        cls, record: StepRecord, outputs: Mapping[str, Sequence[ArtifactRef]], per_item: PerItem | None
    ) -> Descent:
        """The step as its record has it."""
        return cls(record.stage, record.version, record.key, record.inputs, outputs, per_item)

    @property
    def count(self) -> int:
        """How many rows there are."""
        inputs = sum(len(port.items) for port in self.inputs.values())
        items = (
            len(self.per_item.items) * len(self.per_item.items[0].refs)
            if self.per_item and self.per_item.items
            else 0
        )
        return inputs + items + sum(len(refs) for refs in self.outputs.values())

    def rows(self) -> Iterator[LineageRow]:
        """One row for each artifact, made one by one; those of an `Each` step say which item they belong to."""
        each = self.per_item
        shared = ((name, ref, "") for name, port in self.inputs.items() for ref in port.items)
        items = ((each.port, ref, item.key) for item in each.items for ref in item.refs) if each else ()
        outputs = (
            (port, ref, owner)
            for port, refs in self.outputs.items()
            for ref, owner in zip(refs, _owners(each, port) or repeat("", len(refs)), strict=True)
        )
        yield from self._ends("in", chain(shared, items))
        yield from self._ends("out", outputs)

    def _ends(self, role: str, ends: Iterable[tuple[str, ArtifactRef, str]]) -> Iterator[LineageRow]:
        positions: dict[str, int] = {}
        for port, ref, item in ends:
            positions[port] = position = positions.get(port, -1) + 1
            end = (port, position, ref.digest, ref.name, ref.kind)
            yield LineageRow(self.key, role, *end, item, self.stage, self.version)


def _owners(each: PerItem | None, port: str) -> Iterator[str] | None:
    """Keys of the items that a port's outputs belong to, in the order in which `item_outputs` lists them; None when it is no
    port of items."""
    if each is None or port not in each.ports.values():
        return None
    return (
        item.key
        for item in each.items
        for ref in each.results[item.key].outputs
        if each.ports[ref.kind] == port
    )
