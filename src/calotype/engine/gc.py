"""Remove from a store what no run, kept output, data set version or pending delivery reaches."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from calotype.catalog import Catalog
from calotype.catalog.claims import LEASE_S
from calotype.engine.counting import place_of
from calotype.engine.datasets import objects_of, read_version
from calotype.engine.definition import read_definition, run_of
from calotype.engine.deliveries import read_delivery
from calotype.engine.keep import read_kept
from calotype.engine.reach import Reach, Walk
from calotype.engine.records import key_of_record
from calotype.engine.sweeps import MARKER, Sweep, is_under_way, store_time
from calotype.errors import InvalidParameter, Transient, UnknownName
from calotype.storage.blobs import Blobs
from calotype.storage.folder import remove_leftovers
from calotype.storage.objects import ObjectInfo
from calotype.storage.store import PROBE_KEY, Store

log = logging.getLogger(__name__)

GRACE_S = 7200.0
"""What is younger than this is left alone: it may be on its way to being referred to."""
LEAST_GRACE_S = 2 * LEASE_S
# A record goes before the segments it lists, a segment before its blobs: whatever is left is whole, or refers to nothing.
_ORDER = (
    "records",
    "segments",
    "checkpoints",
    "tasks",
    "states",
    "cancel",
    "outputs",
    "damaged",
    "blobs",
    "gc",
    "probe",
)
_TRIALS = ("gc", "probe")
"""What processes write to learn something of the store, and delete at once unless they are killed."""
_AT_ONCE = 500

Progress = Callable[[str, int], None]
"""Told what is being looked at, and how many objects of it there were so far."""


@dataclass
class Collected:
    """What was, or would be, removed."""

    objects: dict[str, int] = field(default_factory=dict[str, int])
    """By kind: the folder of the store; `unfinished` are files that killed processes left."""
    bytes: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, kind: str, size: int, count: int = 1) -> None:
        self.objects[kind] = self.objects.get(kind, 0) + count
        self.bytes[kind] = self.bytes.get(kind, 0) + size


@dataclass
class Roots:
    """Everything that must stay, and the runs there are."""

    runs: set[str] = field(default_factory=set[str])
    kept: set[str] = field(default_factory=set[str])
    """Runs that are gone but for their outputs."""
    reach: Reach = field(default_factory=Reach)

    def hold(self, info: ObjectInfo) -> bool:
        """Whether this object is referred to."""
        kind, _, rest = info.key.partition("/")
        name = rest.partition("/")[0]
        if kind == "blobs":
            return info.key.rpartition("/")[2] in self.reach.digests
        if kind == "records":
            # Beside one that is decided on nothing is needed that was proposed.
            place = place_of(info.key)
            is_open = info.key == place or place not in self.reach.records
            return info.key in self.reach.records or (is_open and key_of_record(info.key) in self.reach.keys)
        if kind == "segments":
            return info.key in self.reach.segments or name in self.reach.keys
        if kind == "checkpoints":
            return name in self.reach.keys
        if kind == "damaged":
            return False
        if kind in _TRIALS:
            return info.key in (MARKER, PROBE_KEY)
        run = name.removesuffix(".json")
        return run in self.runs or (kind == "outputs" and run in self.kept)


class _Marker:
    """Follows references; what it has followed once it does not follow again."""

    def __init__(self, store: Store, roots: Roots) -> None:
        self._store = store
        self._roots = roots
        self._walk = Walk(store)
        self._seen: set[str] = set()

    def look(self) -> None:
        """Take up what has appeared since the last look.

        Raises DamagedBlob when a definition, a kept output, a data set or a delivery cannot be read: what it holds is unknown.
        """
        reach = self._roots.reach
        for path in self._new("runs"):
            run = run_of(path)
            with suppress(UnknownName):  # Purged a moment ago.
                reach.add(self._walk.reach(read_definition(self._store, run)))
                self._roots.runs.add(run)
        for path in self._new("kept"):
            kept = read_kept(self._store, path)
            self._roots.kept.add(kept.run)
            reach.digests |= kept.digests
        for path in self._new("datasets"):
            if path.count("/") == 2:
                version = read_version(self._store, path)
                reach.digests.add(version.manifest)
                reach.digests |= {one.digest for one in objects_of(Blobs(self._store), version)}
        for path in self._new("deliveries"):
            reach.digests |= set(read_delivery(self._store, path).digests)

    def _new(self, kind: str) -> list[str]:
        found = [info.key for info in self._store.list(kind) if info.key not in self._seen]
        self._seen.update(found)
        return found


def collect(
    store: Store,
    catalog: Catalog,
    *,
    older_than_s: float = GRACE_S,
    dry_run: bool = False,
    progress: Progress = lambda _, __: None,
) -> Collected:
    """Remove what nobody refers to and is older than `older_than_s` by the store's own clock; with `dry_run` only count it.

    Safe beside runs at work, see docs/engine.md. Killed at any moment it leaves more to collect, never a reference to
    something that is gone. Raises InvalidParameter for a short grace while a run is at work (what it has not committed yet
    would have to be computed again), Transient while another process collects.
    """
    if not dry_run and older_than_s < LEAST_GRACE_S and catalog.upkeep.live_claims():
        raise InvalidParameter(
            f"A run is at work: what is younger than {LEAST_GRACE_S:.0f} s may be its own. Wait for it, or leave out --older-than."
        )
    now = store_time(store)
    if dry_run:
        return _Collection(store, catalog, now, older_than_s, None, progress).carry_out()
    if is_under_way(store, now):
        raise Transient("Another `calotype gc` is at work in this store. Wait for it to end.")
    with Sweep(store) as sweep:
        return _Collection(store, catalog, now, older_than_s, sweep, progress).carry_out()


class _Collection:
    """One collection under way."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        now: float,
        older_than_s: float,
        sweep: Sweep | None,
        progress: Progress,
    ) -> None:
        """`now` by the store's clock, in seconds since the epoch. Without a `sweep` nothing is removed."""
        self._store = store
        self._catalog = catalog
        self._oldest = now - older_than_s
        # Whatever grace was asked for: a process that still waits for an answer would be told that its object is gone.
        self._oldest_trial = now - max(older_than_s, GRACE_S)
        self._sweep = sweep
        self._progress = progress
        self._roots = Roots()
        self._marker = _Marker(store, self._roots)
        self._collected = Collected()

    def carry_out(self) -> Collected:
        """What was removed, kind by kind, those that refer to others first."""
        self._marker.look()
        for kind in _ORDER:
            garbage = list(self._garbage(kind))
            for batch in _batches(garbage):
                self._remove(kind, batch)
        self._remove_unfinished()
        return self._collected

    def _garbage(self, kind: str) -> Iterator[ObjectInfo]:
        """Old objects of a kind that nobody refers to."""
        working = {claim.key for claim in self._catalog.upkeep.live_claims()}
        self._roots.reach.keys |= working
        oldest = self._oldest_trial if kind in _TRIALS else self._oldest
        for number, info in enumerate(self._store.list(kind), 1):
            if info.modified.timestamp() <= oldest and not self._roots.hold(info):
                yield info
            if number % 1000 == 0:
                self._progress(kind, number)

    def _remove(self, kind: str, batch: list[ObjectInfo]) -> None:
        """Remove what still nobody refers to, now that it is known what is to go; first the rows that speak of it."""
        self._marker.look()
        batch = [info for info in batch if not self._roots.hold(info)]
        for info in batch:
            self._collected.add(kind, info.size)
        if self._sweep is not None:
            self._delete(self._sweep, kind, [info.key for info in batch])
        self._progress(kind, sum(self._collected.objects.values()))

    def _delete(self, sweep: Sweep, kind: str, names: list[str]) -> None:
        if not sweep.is_ours():
            raise Transient(
                "Another collection has begun, or this one stood still for so long that runs may have stopped waiting for it. "
                "What was removed was rightly removed. Start it again when no other is at work."
            )
        if kind == "records":
            self._catalog.upkeep.forget_lineage(dict.fromkeys(key_of_record(name) for name in names))
        elif kind == "segments":
            self._catalog.upkeep.forget_segments(names)
        elif kind == "blobs":
            self._catalog.upkeep.forget_sources(name.rpartition("/")[2] for name in names)
        self._store.delete(names)

    def _remove_unfinished(self) -> None:
        """In a folder: what killed processes left half-written, and empty folders of runs that are gone."""
        blobs = self._store.local_path("blobs")
        if blobs is None:
            return
        count, size = remove_leftovers(blobs.parent, self._oldest, count_only=self._sweep is None)
        if count:
            self._collected.add("unfinished", size, count)


def _batches(garbage: Iterable[ObjectInfo]) -> Iterator[list[ObjectInfo]]:
    rest = iter(garbage)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
