"""Fill a catalog from the store alone: definitions and states become runs, records and segments become items and lineage."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from calotype.artifacts import ArtifactRef
from calotype.catalog import Catalog
from calotype.catalog.runs import RunRow, StepRow, waiting_step
from calotype.engine.counting import place_of, standing
from calotype.engine.datasets import restore_datasets
from calotype.engine.definition import RunDefinition, read_definition, run_of
from calotype.engine.deliveries import restore_deliveries
from calotype.engine.descent import Descent, PerItem
from calotype.engine.flows import item_outputs
from calotype.engine.ingest import restore_listing
from calotype.engine.library import first_whole, item_row, note_descent
from calotype.engine.plan import read_members
from calotype.engine.records import ItemResult, StepRecord, key_of_record, parse_segment, record_path
from calotype.engine.state import read_state
from calotype.errors import DamagedBlob, InvalidParameter
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

log = logging.getLogger(__name__)


def restore_run(store: Store, catalog: Catalog, run: str) -> None:
    """Give a run that the store knows its rows, its steps', and those of the items and lineage it holds on to.

    Rows that are there already stay as they are. Raises UnknownName when the store has no such run, DamagedBlob when its
    definition or state cannot be read; a damaged record, segment or blob has no rows.
    """
    definition = read_definition(store, run)
    places = restore_rows(store, catalog, definition)
    restorer = Restorer(store, catalog)
    for place in places:
        stands = standing(store, place)
        restorer.step(key_of_record(place), stands.record if stands else None)


def restore_rows(store: Store, catalog: Catalog, definition: RunDefinition) -> list[str]:
    """Add the rows of a run and its steps; the places of the records of its steps."""
    state = read_state(store, definition.id)
    row, steps = (state.run, state.steps) if state else _not_begun(definition)
    catalog.runs.restore(row, steps)
    keys = {step.step: step.key for step in steps if step.key}
    keys |= {step: pinned.key for step, pinned in definition.pinned.items()}
    return [record_path(spec.stage, keys[spec.id]) for spec in definition.pipeline.steps if spec.id in keys]


def _not_begun(definition: RunDefinition) -> tuple[RunRow, list[StepRow]]:
    """Rows of a run whose state nobody wrote down."""
    created = datetime.fromisoformat(definition.created).timestamp()
    run = RunRow(
        id=definition.id,
        pipeline=definition.pipeline.name,
        state="running",
        source=", ".join(definition.sources.values()),
        created=created,
        updated=created,
        message="",
        parent=definition.parent,
    )
    return run, [waiting_step(definition.id, one.id, one.stage, created) for one in definition.pipeline.steps]


@dataclass
class Rebuilt:
    """What a catalog was filled with."""

    runs: int = 0
    records: int = 0
    segments: int = 0
    versions: int = 0
    """Of data sets."""
    deliveries: int = 0
    damaged: list[str] = field(default_factory=list[str])
    """What could not be read, one sentence each; it has no rows."""


Progress = Callable[[str, int, int], None]
"""Told what is being restored, how many of it are, and of how many."""


def rebuild(
    store: Store,
    catalog: Catalog,
    *,
    replace: bool = False,
    progress: Progress = lambda _, __, ___: None,
) -> Rebuilt:
    """Fill a catalog with everything but claims and events from the store alone. Rows that are there stay, or go first with
    `replace`. Killed half-way or done twice it comes to the same.

    Raises InvalidParameter while a run is at work by this catalog's claims.
    """
    if claims := catalog.upkeep.live_claims():
        owners = ", ".join(sorted({claim.owner for claim in claims})[:3])
        raise InvalidParameter(
            f"A run is at work ({owners}) and writes to this catalog. Wait until it has ended, or stop it with `calotype cancel`."
        )
    if replace:
        catalog.upkeep.clear()
    rebuilt = Rebuilt()
    _restore_runs(store, catalog, rebuilt, progress)
    _restore_results(store, catalog, rebuilt, progress)
    rebuilt.versions = restore_datasets(store, catalog)
    rebuilt.deliveries = restore_deliveries(store, catalog)
    return rebuilt


def _restore_runs(store: Store, catalog: Catalog, rebuilt: Rebuilt, progress: Progress) -> None:
    paths = [info.key for info in store.list("runs")]
    listings: list[tuple[str, str]] = []
    for number, path in enumerate(paths, 1):
        try:
            definition = read_definition(store, run_of(path))
            restore_rows(store, catalog, definition)
        except DamagedBlob as error:
            rebuilt.damaged.append(str(error))
            continue
        rebuilt.runs += 1
        if definition.listing:
            listings.append((definition.created, definition.listing))
        progress("runs", number, len(paths))
    # What a later run saw of a source file wins.
    for _, listing in sorted(listings):
        try:
            restore_listing(listing, catalog.results, Blobs(store))
        except DamagedBlob as error:
            rebuilt.damaged.append(str(error))


def _restore_results(store: Store, catalog: Catalog, rebuilt: Rebuilt, progress: Progress) -> None:
    restorer = Restorer(store, catalog)
    places = dict.fromkeys(place_of(info.key) for info in store.list("records"))
    committed: set[str] = set()
    for number, place in enumerate(places, 1):
        stands = standing(store, place)
        if stands is None:
            rebuilt.damaged.append(f"No record of {place} can be read.")
            continue
        committed.add(stands.record.key)
        restorer.step(stands.record.key, stands.record)
        rebuilt.records += 1
        progress("records", number, len(places))
    unfinished: dict[str, int] = {}
    for info in store.list("segments"):
        rebuilt.segments += 1
        unfinished.setdefault(info.key.split("/")[1], len(unfinished) + 1)
    for key, number in unfinished.items():
        if key not in committed:
            restorer.step(key, None)
        progress("unfinished steps", number, len(unfinished))


class Restorer:
    """Turns records and segments into rows. Each segment is read once, however many records list it."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        self._catalog = catalog
        self._blobs = Blobs(store)

    def step(self, key: str, record: StepRecord | None) -> None:
        """Add the rows of everything that lies under a step's key: its items, and its lineage if it is committed."""
        results = self.items([*(record.segments if record else ()), *self._segments_below(key)])
        if record is not None:
            self.lineage(record, results)

    def lineage(self, record: StepRecord, results: Mapping[str, ItemResult]) -> None:
        """Add the lineage of a committed step; nothing when items it lists are not among the results."""
        outputs: Mapping[str, Sequence[ArtifactRef]] = record.outputs
        per_item = None
        if record.members:
            try:
                members = read_members(self._blobs.read(record.members))
            except DamagedBlob as error:
                log.warning("The lineage of %s cannot be restored: %s", record.key, error)
                return
            if any(item.key not in results for item in members):
                log.warning("The lineage of %s cannot be restored: results of items are gone.", record.key)
                return
            per_item = PerItem(record.each, members, results, record.ports)
            outputs = {**item_outputs(members, results, record.ports), **record.outputs}
        note_descent(self._catalog, Descent.of(record, outputs, per_item))

    def items(self, segments: Iterable[str]) -> dict[str, ItemResult]:
        """Results by item key, each given its row: of several the first that is whole."""
        mentions = ((path, self._segment(path)) for path in dict.fromkeys(segments))
        found = first_whole(mentions, self._is_whole)
        self._catalog.results.add_items(item_row(one.result, one.segment) for one in found.values())
        return {key: one.result for key, one in found.items()}

    def _segment(self, path: str) -> tuple[ItemResult, ...]:
        data = self._store.find(path)
        try:
            return () if data is None else parse_segment(data, path).items
        except DamagedBlob as error:
            log.warning("%s Its items have no rows.", error)
            return ()

    def _is_whole(self, item: ItemResult) -> bool:
        return all(self._blobs.size(ref.digest) == ref.size for ref in item.outputs)

    def _segments_below(self, key: str) -> list[str]:
        return [
            info.key for info in sorted(self._store.list(f"segments/{key}"), key=lambda one: one.modified)
        ]
