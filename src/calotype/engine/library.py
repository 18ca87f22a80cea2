"""Find what was computed before under a key, check that it is whole, and adopt it; set aside what is damaged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from pydantic import TypeAdapter

from calotype.artifacts import ArtifactRef, References
from calotype.catalog import Catalog
from calotype.catalog.results import ItemRow
from calotype.engine.counting import decide, is_there
from calotype.engine.descent import Descent, PerItem
from calotype.engine.items import Items, KnownResults
from calotype.engine.pipeline import Link
from calotype.engine.plan import StepPlan
from calotype.engine.records import (
    ItemResult,
    Segment,
    StepRecord,
    key_of_record,
    parse_record,
    parse_segment,
    record_path,
)
from calotype.errors import DamagedBlob
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

log = logging.getLogger(__name__)

_refs: TypeAdapter[tuple[ArtifactRef, ...]] = TypeAdapter(tuple[ArtifactRef, ...])
_CHECKS_AT_ONCE = 16
_ITEMS_AT_ONCE = 500
_WHOLE_KEPT = 5_000


@dataclass(frozen=True)
class KnownItem:
    """An item's result that was committed before."""

    result: ItemResult
    segment: str
    """Where."""


@dataclass(frozen=True)
class OtherMentions:
    """What the segments that a record lists say of its items beside their results."""

    none: bool
    """Whether each item is mentioned once."""
    shadowed: tuple[ItemResult, ...]
    """Results that another mention, which differs, stands before."""


class Library:
    """Records, segments and items of one store, with the catalog as their index."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog
        self._blobs = Blobs(store)
        self._whole: set[str] = set()

    def record(self, stage: str, key: str) -> StepRecord | None:
        """The record that counts under a key, all of whose outputs are there, or None. It counts for everybody from here on."""
        path = record_path(stage, key)
        while (data := decide(self._store, path)) is not None:
            try:
                record = parse_record(data, path)
                if missing := self.missing(ref for refs in record.outputs.values() for ref in refs):
                    raise DamagedBlob(
                        f"{path}: the bytes of {missing[0].name} ({missing[0].digest[:12]}) are gone."
                    )
                if record.members and not self._blobs.exists(record.members):
                    raise DamagedBlob(f"{path}: the list of its items ({record.members[:12]}) is gone.")
            except DamagedBlob as error:
                self.set_aside(path, data, str(error))
                continue  # Another process may have committed anew, or there is another proposal.
            return record
        return None

    def missing(self, refs: Iterable[ArtifactRef]) -> list[ArtifactRef]:
        """Those of the artifacts whose blobs (for a folder: its manifest or any file it lists) are not in the store."""
        unchecked = {ref.digest: ref for ref in refs if ref.digest not in self._whole}
        if not unchecked:
            return []
        if len(unchecked) == 1 or self._blobs.are_local:
            present = [is_there(self._blobs, ref) for ref in unchecked.values()]
        else:
            with ThreadPoolExecutor(_CHECKS_AT_ONCE) as pool:
                present = list(pool.map(partial(is_there, self._blobs), unchecked.values()))
        gone = [ref for ref, is_whole in zip(unchecked.values(), present, strict=True) if not is_whole]
        if len(self._whole) > _WHOLE_KEPT:
            self._whole.clear()
        self._whole.update(set(unchecked) - {ref.digest for ref in gone})
        return gone

    def set_aside_damaged(self, refs: Iterable[ArtifactRef]) -> list[ArtifactRef]:
        """Those of the artifacts of which bytes are gone or wrong. All are read; wrong ones lie below `damaged/` then."""
        self._whole.clear()
        with ThreadPoolExecutor(_CHECKS_AT_ONCE) as pool:
            some = list(refs)
            return [
                ref for ref, intact in zip(some, pool.map(self._is_intact, some), strict=True) if not intact
            ]

    def _is_intact(self, ref: ArtifactRef) -> bool:
        digests = {ref.digest}
        if ref.folder and self._blobs.is_intact(ref.digest):
            digests |= {entry.digest for entry in self._blobs.manifest(ref.digest)}
        wrong = [digest for digest in digests if not self._blobs.is_intact(digest)]
        for digest in wrong:
            log.warning("%s: blob %s is gone or has other bytes; it is set aside.", ref.name, digest)
            self._blobs.set_aside(digest)
        return not wrong

    def set_aside(self, path: str, judged: bytes, why: str) -> None:
        """Move a record or segment that cannot be trusted to `damaged/`, so that its step is computed again."""
        log.warning("%s It is set aside and computed again.", why)
        set_aside(self._store, self._catalog, path, judged)

    def set_aside_record(self, path: str, record: StepRecord, why: str) -> None:
        """The same for a record that was read before, unless another lies there by now."""
        data = self._store.find(path)
        if data is not None and parse_record(data, path) == record:
            self.set_aside(path, data, why)

    def known_items(
        self, step: str, key: str, items: Items, record: StepRecord | None = None
    ) -> KnownResults:
        """Results of items that need not be computed again, and where they were committed.

        Of a committed step what its record lists first, whatever the catalog has of other attempts; then from the catalog; then
        from the segments lying under the step's key, which an attempt that was killed or failed left behind.
        """
        known = KnownResults(items)
        lost: set[str] = set()
        if record:
            # Rows know one mention of an item. Only where there is but one is it sure to be the one that counts.
            if record.mentioned_once:
                self._take_rows(known, lost, frozenset(record.segments))
            if len(known) < known.wanted:
                self._take_mentions(known, lost, record.segments)
        if len(known) < known.wanted:
            self._take_rows(known, lost, None)
        if len(known) < known.wanted:
            self._take_mentions(known, lost, self._segment_paths(key))
        if gone := sum(1 for item in lost if item not in known):
            log.warning("%s: the bytes of %d items are gone; they are computed again.", step, gone)
        return known

    def _take_rows(self, known: KnownResults, lost: set[str], listed: frozenset[str] | None) -> None:
        """Take what the catalog knows of items nothing is known of yet, committed in the listed segments or in any. Rows of
        bytes that are gone are dropped."""
        missing = known.missing()
        for start in range(0, len(missing), _ITEMS_AT_ONCE):
            keys = [known.key(position) for position in missing[start : start + _ITEMS_AT_ONCE]]
            rows = self._rows_with_segments(keys)
            found = {
                key: _item_result(rows[key])
                for key in keys
                if key in rows and (listed is None or rows[key].segment in listed)
            }
            gone = {ref.digest for ref in self.missing(ref for one in found.values() for ref in one.outputs)}
            damaged = {key for key, one in found.items() if any(ref.digest in gone for ref in one.outputs)}
            lost |= damaged
            self._catalog.results.forget_items(sorted(damaged))
            for key, one in found.items():
                if key not in damaged:
                    known.add(one, rows[key].segment)

    def _take_mentions(self, known: KnownResults, lost: set[str], paths: Iterable[str]) -> None:
        """Take what the segments say of items nothing is known of yet: of several mentions the first whose bytes are all there.
        The catalog learns it, in place of what it knew."""
        for path in paths:
            segment = self._segment(path)
            asked = [item for item in segment.items if known.wants(item.key)] if segment else []
            gone = {ref.digest for ref in self.missing(ref for item in asked for ref in item.outputs)}
            whole = [item for item in asked if not any(ref.digest in gone for ref in item.outputs)]
            lost |= {item.key for item in asked} - {item.key for item in whole}
            for item in whole:
                known.add(item, path)
            self._catalog.results.forget_items(sorted({item.key for item in whole}))
            self.remember_items(whole, path)
            if len(known) == known.wanted:
                return

    def other_mentions(
        self, results: KnownResults, ours: Collection[str], older: Iterable[str]
    ) -> OtherMentions:
        """What the older segments of a record to be written say of its items, beside the results it is to have.

        `ours` are the segments of this attempt, which stand before them: each item is in one of them at most.
        """
        mentioned = bytearray(results.wanted)
        for slot, path in results.places():
            mentioned[slot] = path in ours
        first: dict[str, ItemResult] = {}
        once = True
        for path in older:
            segment = self._segment(path)
            for item in segment.items if segment else ():
                if (slot := results.slot(item.key)) < 0:
                    continue
                if mentioned[slot]:
                    once = False
                elif results.segment(item.key) != path and item != (result := results[item.key]):
                    first[item.key] = result
                mentioned[slot] = True
        return OtherMentions(once and not first, tuple(first.values()))

    def _rows_with_segments(self, wanted: Sequence[str]) -> dict[str, ItemRow]:
        """Rows of items whose segment is still there. Another machine's gc knows nothing of this catalog's rows."""
        rows = self._catalog.results.items(wanted)
        segments = sorted({row.segment for row in rows.values()})
        with ThreadPoolExecutor(_CHECKS_AT_ONCE) as pool:
            gone = {
                path
                for path, is_there in zip(segments, pool.map(self._store.exists, segments), strict=True)
                if not is_there
            }
        if gone:
            self._catalog.upkeep.forget_segments(sorted(gone))
        return {key: row for key, row in rows.items() if row.segment not in gone}

    def look_afresh(self) -> None:
        """Forget which blobs were seen to be there."""
        self._whole.clear()

    def _segment_paths(self, step_key: str) -> list[str]:
        """The newest first: where an item was computed again, the older mention may be of bytes that are gone."""
        return sorted((info.key for info in self._store.list(f"segments/{step_key}")), reverse=True)

    def _segment(self, path: str) -> Segment | None:
        """A segment, or None when it is gone or cannot be read: its items are computed again."""
        data = self._store.find(path)
        if data is None:
            return None
        try:
            return parse_segment(data, path)
        except DamagedBlob as error:
            self.set_aside(path, data, str(error))
            return None

    def remember_items(self, results: Sequence[ItemResult], segment: str) -> None:
        """Index committed items, so that other steps and runs find them."""
        self._catalog.results.add_items(item_row(item, segment) for item in results)

    def remember_lineage(
        self,
        plan: StepPlan,
        flows: Mapping[Link, Sequence[ArtifactRef]],
        results: KnownResults | None,
    ) -> None:
        """Note what a whole step read and made; of an `Each` step, whose items' results are given, item by item."""
        per_item = None
        if (each := plan.ports.each) is not None and plan.items is not None and results is not None:
            ports = {port.kind.__name__: port.name for port in plan.ports.outputs}
            per_item = PerItem(each.name, plan.items, results, ports)
        outputs = {link.port: refs for link, refs in flows.items() if link.step == plan.spec.id}
        step = Descent(plan.spec.stage, plan.stage.version, plan.key, plan.inputs, outputs, per_item)
        note_descent(self._catalog, step)


def note_descent(catalog: Catalog, step: Descent) -> None:
    """Have the catalog know what a step read and made, and nothing else of it.

    Rows of an adopted step are there as a rule, and looking at them costs much less than offering them again. Where they tell of
    another result, that was set aside by a machine with another catalog.
    """
    made = {
        port: refs.digests if isinstance(refs, References) else [ref.digest for ref in refs]
        for port, refs in step.outputs.items()
    }
    if not catalog.results.lineage_is(step.key, step.count, made):
        catalog.upkeep.forget_lineage([step.key])
        catalog.results.add_lineage(step.rows())


def set_aside(store: Store, catalog: Catalog, path: str, judged: bytes) -> None:
    """Move a record or segment to `damaged/`, and drop the rows that came from it: what is computed next may differ.

    `judged` are its bytes as they were found damaged. Where others lie by now, another process judged the same and has
    committed anew: nothing is done.
    """
    if store.find(path) != judged:
        return
    store.put(f"damaged/{path}", judged)
    store.delete(path)
    if path.startswith("records/"):
        catalog.upkeep.forget_lineage([key_of_record(path)])
    else:
        catalog.upkeep.forget_segments([path])


def first_whole(
    segments: Iterable[tuple[str, Iterable[ItemResult]]], is_whole: Callable[[ItemResult], bool]
) -> dict[str, KnownItem]:
    """Results by item key, from the items of segments in the order of a record's list: of several mentions the first whose
    bytes are all there. `is_whole` is asked only where mentions differ."""
    found: dict[str, KnownItem] = {}
    for path, items in segments:
        for item in items:
            before = found.get(item.key)
            if before is None or (before.result.outputs != item.outputs and not is_whole(before.result)):
                found[item.key] = KnownItem(item, path)
    return found


def item_row(item: ItemResult, segment: str) -> ItemRow:
    """A committed item as the catalog knows it; `segment` is where it was committed."""
    return ItemRow(item.key, segment, _refs.dump_json(item.outputs).decode(), item.rejected)


def _item_result(row: ItemRow) -> ItemResult:
    return ItemResult(key=row.key, outputs=_refs.validate_json(row.outputs), rejected=row.rejected)
