"""What flows out of a committed step: artifacts by port, each item's under a name of its own."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from calotype.artifacts import ArtifactRef, References
from calotype.engine.items import KnownResults
from calotype.engine.keys import canonical_json
from calotype.engine.pipeline import REJECTED, Link
from calotype.engine.plan import StepPlan
from calotype.engine.records import STEM, ItemResult, StepRecord
from calotype.engine.tasks import TaskItem
from calotype.errors import DamagedBlob
from calotype.storage.blobs import Blobs


def whole_set_flows(step: str, record: StepRecord) -> dict[Link, Sequence[ArtifactRef]]:
    """What flows out of a whole-set step."""
    return {Link(step=step, port=port): refs for port, refs in record.outputs.items()}


def per_item_flows(plan: StepPlan, results: KnownResults, blobs: Blobs) -> dict[Link, Sequence[ArtifactRef]]:
    """What flows out of an `Each` step: each item's outputs under the item's own name, by kind, in the items' order; and
    the list of those it declined."""
    assert plan.items is not None
    ports = {port.kind.__name__: port.name for port in plan.ports.outputs}
    flows: dict[str, Sequence[ArtifactRef]] = {**item_outputs(plan.items, results, ports)}
    digest, size = blobs.put_bytes(canonical_json(rejections(plan, results)))
    flows[REJECTED] = (ArtifactRef(kind="Report", name=f"{REJECTED}.json", digest=digest, size=size),)
    return {Link(step=plan.spec.id, port=port): refs for port, refs in flows.items()}


def item_outputs(
    items: Sequence[TaskItem], results: Mapping[str, ItemResult], ports: Mapping[str, str]
) -> dict[str, References]:
    """Items' outputs by port (`ports` maps kinds to them), each under its item's own name: `a.heic` and `a.jpg` both become
    `a.jpg`, the second `a_jpg.jpg`."""
    flows = {port: References() for port in ports.values()}
    names = _OutputNames(items, results)
    for item in items:
        stem = item.refs[0].stem
        for ref in results[item.key].named(stem):
            if ref.kind not in ports:
                raise DamagedBlob(
                    f"The result of {item.name} holds a {ref.kind}, which its stage does not make."
                )
            flows[ports[ref.kind]].append(names.unique(ref, item, stem))
    return flows


class _OutputNames:
    """Gives each output a name that no other of its kind has, in the order of the items. Holds eight bytes for each."""

    def __init__(self, items: Sequence[TaskItem], results: Mapping[str, ItemResult]) -> None:
        import numpy as np

        hashes = array(
            "q",
            (
                hash((ref.kind, ref.name.replace(STEM, item.refs[0].stem, 1)))
                for item in items
                for ref in results[item.key].outputs
            ),
        )
        self._wanted = array("q", np.sort(np.frombuffer(hashes, dtype=np.int64)).tobytes())
        """Hashes of the names that outputs would have, sorted."""
        self._taken: set[tuple[str, str]] = set()
        """Of names that several would have, and of those that were made up, what is given away."""

    def unique(self, ref: ArtifactRef, item: TaskItem, stem: str) -> ArtifactRef:
        """The output under the first free of `a.jpg`, `a_heic.jpg`, `a_heic_2.jpg`, ..."""
        if self._is_wanted_once(ref):
            return ref
        named, number = ref, 1
        while (named.kind, named.name) in self._taken or (named is not ref and self._is_wanted(named)):
            ending = item.name[len(stem) + 1 :] + (f"_{number}" if number > 1 else "")
            named = ref.model_copy(update={"name": f"{stem}_{ending}{ref.name[len(stem) :]}"})
            number += 1
        self._taken.add((named.kind, named.name))
        return named

    def _is_wanted(self, ref: ArtifactRef) -> bool:
        found = hash((ref.kind, ref.name))
        place = bisect_left(self._wanted, found)
        return place < len(self._wanted) and self._wanted[place] == found

    def _is_wanted_once(self, ref: ArtifactRef) -> bool:
        """By this output alone; made-up names are never those that others want."""
        found = hash((ref.kind, ref.name))
        place = bisect_left(self._wanted, found)
        return place + 1 >= len(self._wanted) or self._wanted[place + 1] != found


def rejections(plan: StepPlan, results: KnownResults) -> list[tuple[str, str]]:
    """Names of items that were declined or had no partner, with reasons."""
    return [
        *results.declined(),
        *((name, "nothing of the same name to pair it with") for name in plan.unpaired),
    ]
