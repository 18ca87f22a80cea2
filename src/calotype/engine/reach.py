"""What a run holds on to in the store: its records, segments and blobs. Export packs it, purge drops it, gc spares it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from calotype.artifacts import ArtifactRef
from calotype.engine.counting import standing
from calotype.engine.definition import RunDefinition
from calotype.engine.flows import item_outputs
from calotype.engine.library import first_whole
from calotype.engine.pipeline import Link, StepSpec
from calotype.engine.plan import plan_step, read_members
from calotype.engine.records import ItemResult, StepRecord, parse_segment, record_path
from calotype.engine.state import read_state
from calotype.errors import CalotypeError, DamagedBlob
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store


@dataclass
class Reach:
    """Names of everything in the store that a run needs to go on, to be looked at, or to be moved."""

    keys: set[str] = field(default_factory=set[str])
    """Step keys, also of unfinished steps: their segments and checkpoints are in use."""
    records: set[str] = field(default_factory=set[str])
    """Of a step that is decided on the one that counts, else all that were proposed."""
    segments: set[str] = field(default_factory=set[str])
    digests: set[str] = field(default_factory=set[str])
    """Blobs: of inputs, of outputs of every committed step, of the files that folders list."""

    def add(self, other: Reach) -> None:
        self.keys |= other.keys
        self.records |= other.records
        self.segments |= other.segments
        self.digests |= other.digests


class Walk:
    """Follows runs through the store. Needs no catalog, and no stage to be installed; each object is read once for all runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._blobs = Blobs(store)
        self._steps: dict[tuple[str, str], tuple[Reach, dict[str, Sequence[ArtifactRef]]]] = {}
        self._folders: dict[str, set[str]] = {}

    def reach(self, definition: RunDefinition) -> Reach:
        """What this run holds on to. What is missing or damaged is left out: it holds nothing."""
        return self.follow(definition)[0]

    def follow(self, definition: RunDefinition) -> tuple[Reach, dict[Link, Sequence[ArtifactRef]]]:
        """What this run holds on to, and what flows in it as far as it is committed."""
        found = Reach()
        flows: dict[Link, Sequence[ArtifactRef]] = {
            Link(step="", port=name): refs for name, refs in definition.inputs.items()
        }
        for refs in definition.inputs.values():
            found.digests |= self.digests(refs)
        found.digests |= {definition.listing} - {""}
        state = read_state(self._store, definition.id)
        keys = {row.step: row.key for row in state.steps} if state else {}
        for step in definition.pipeline.steps:
            pinned = definition.pinned.get(step.id)
            # Two keys where the stage has another version now than when the run had it: it keeps what it made.
            wanted = [pinned.key] if pinned else [_key_of(step, flows), keys.get(step.id)]
            outputs: dict[str, Sequence[ArtifactRef]] = {}
            for key in dict.fromkeys(filter(None, wanted)):
                reached, made = self._step(step.stage, key)
                found.add(reached)
                outputs = outputs or made
            if pinned:
                outputs = {**pinned.outputs}
                for refs in outputs.values():
                    found.digests |= self.digests(refs)
            flows.update({Link(step=step.id, port=port): refs for port, refs in outputs.items()})
        return found, flows

    def outputs(self, stage: str, key: str) -> dict[str, Sequence[ArtifactRef]]:
        """What flows, by port, from the step committed under a key; empty when none is, or when items of it are gone."""
        return self._step(stage, key)[1]

    def digests(self, refs: Iterable[ArtifactRef]) -> set[str]:
        """Blobs that these artifacts are made of."""
        found: set[str] = set()
        for ref in refs:
            found.add(ref.digest)
            if ref.folder:
                found |= self._files(ref.digest)
        return found

    def _files(self, folder: str) -> set[str]:
        if folder not in self._folders:
            try:
                self._folders[folder] = {entry.digest for entry in self._blobs.manifest(folder)}
            except DamagedBlob:
                self._folders[folder] = set()
        return self._folders[folder]

    def _step(self, stage: str, key: str) -> tuple[Reach, dict[str, Sequence[ArtifactRef]]]:
        """What lies under a step's key, and what flows from it when it is committed."""
        if (stage, key) not in self._steps:
            stands = standing(self._store, record_path(stage, key))
            records = {stands.path: stands.record, **stands.others} if stands else {}
            reach = Reach(keys={key}, records=set(records))
            reach.segments = {info.key for info in self._store.list(f"segments/{key}")}
            counting = stands.record if stands else None
            for record in records.values():
                # What one misses that may never count is no loss.
                is_needed = record is counting
                reach.segments |= {one for one in record.segments if is_needed or self._store.exists(one)}
                reach.digests |= {record.members} if record.members else set()
                reach.digests |= self.digests(ref for refs in record.outputs.values() for ref in refs)
            listed = counting.segments if counting else ()
            results = self._results(dict.fromkeys([*listed, *sorted(reach.segments)]), reach)
            outputs = self._outputs(counting, results) if counting else {}
            self._steps[stage, key] = (reach, outputs)
        return self._steps[stage, key]

    def _results(self, segments: Iterable[str], reach: Reach) -> dict[str, ItemResult]:
        """Items of the segments, in this order; the blobs of every mention are added to the reach."""
        mentions: list[tuple[str, tuple[ItemResult, ...]]] = []
        for path in segments:
            data = self._store.find(path)
            with suppress(DamagedBlob):
                items = parse_segment(data, path).items if data is not None else ()
                mentions.append((path, items))
                reach.digests |= self.digests(ref for item in items for ref in item.outputs)
        return {key: one.result for key, one in first_whole(mentions, self._is_whole).items()}

    def _is_whole(self, item: ItemResult) -> bool:
        return all(self._blobs.size(ref.digest) == ref.size for ref in item.outputs)

    def _outputs(
        self, record: StepRecord, results: Mapping[str, ItemResult]
    ) -> dict[str, Sequence[ArtifactRef]]:
        if not record.members:
            return dict(record.outputs)
        try:
            items = read_members(self._blobs.read(record.members))
        except DamagedBlob:
            return {}
        if any(item.key not in results for item in items):
            return {}
        return {**item_outputs(items, results, record.ports), **record.outputs}


def _key_of(step: StepSpec, flows: Mapping[Link, Sequence[ArtifactRef]]) -> str | None:
    """The step's key, where its inputs are known and its stage is installed and takes its parameters."""
    if not all(link in flows for links in step.inputs.values() for link in links):
        return None
    try:
        return plan_step(step, flows).key
    except CalotypeError:
        return None
