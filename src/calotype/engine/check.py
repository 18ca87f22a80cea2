"""Look a whole store over: every record's bytes are there, every segment can be read, the catalog agrees with both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from calotype.artifacts import ArtifactRef
from calotype.catalog import Catalog
from calotype.engine.datasets import objects_of, read_version, version_paths
from calotype.engine.definition import read_definition, run_of
from calotype.engine.deliveries import read_delivery
from calotype.engine.keep import read_kept
from calotype.engine.library import set_aside
from calotype.engine.plan import read_members
from calotype.engine.rebuild import restore_run
from calotype.engine.records import key_of_record, parse_record, parse_segment
from calotype.engine.state import keep_state, read_state, state_path
from calotype.errors import DamagedBlob, UnknownName
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

_AT_ONCE = 16


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    where: str
    """An object of the store, or a table of the catalog with the row's key."""
    what: str
    next: str
    """What becomes of it, or what to do."""


@dataclass
class Checked:
    """What was looked at and what is wrong with it."""

    looked_at: dict[str, int] = field(default_factory=dict[str, int])
    """Objects by kind."""
    findings: list[Finding] = field(default_factory=list[Finding])


Progress = Callable[[str, int], None]
"""Told what is being looked at, and how many of it were so far."""


def check(
    store: Store,
    catalog: Catalog,
    *,
    deep: bool = False,
    repair: bool = False,
    progress: Progress = lambda _, __: None,
) -> Checked:
    """Everything wrong with a store and its catalog. Sizes are compared; with `deep` every blob is read and hashed.

    With `repair`, damaged objects move to `damaged/`, so that a run which needs them computes them again, and rows of what
    is not there are dropped. Without, nothing is changed.
    """
    work = _Check(store, catalog, repair, progress)
    if deep:
        work.blobs()
    work.segments()
    work.records()
    work.runs()
    work.others()
    work.rows()
    return work.checked


def runs_hit(catalog: Catalog, checked: Checked) -> list[str]:
    """Runs that have a step of which a record or segment is damaged, newest first: resumed, they compute it again."""
    keys = {
        part[2] if part[0] == "records" else part[1]
        for part in (finding.where.removesuffix(".json").split("/") for finding in checked.findings)
        if part[0] in ("records", "segments")
    }
    rows = catalog.runs.with_keys(sorted(keys))
    return sorted({row.run for steps in rows.values() for row in steps}, reverse=True)


class _Check:
    def __init__(self, store: Store, catalog: Catalog, repair: bool, progress: Progress) -> None:
        self._store = store
        self._catalog = catalog
        self._repair = repair
        self._progress = progress
        self._blobs = Blobs(store)
        self._sizes: dict[str, int] = {}
        self._damaged: set[str] = set()
        """Blobs that hold other bytes and were left where they are."""
        self.checked = Checked()
        for info in store.list("blobs"):
            self._sizes[info.key.rpartition("/")[2]] = info.size
            self._count("blobs")

    def blobs(self) -> None:
        """Every blob holds the bytes that its name says."""
        digests = list(self._sizes)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for number, intact in enumerate(pool.map(self._blobs.is_intact, digests), 1):
                self._progress("bytes of blobs", number)
                if not intact:
                    self._damaged_blob(digests[number - 1])

    def _damaged_blob(self, digest: str) -> None:
        self._find(
            self._blobs.key(digest),
            "holds other bytes than its name says",
            "it is set aside, and what names it is computed again",
        )
        del self._sizes[digest]
        if self._repair:
            self._blobs.set_aside(digest)
        else:
            self._damaged.add(digest)

    def segments(self) -> None:
        """Every segment can be read, and of every item at least one mention has its bytes."""
        whole: set[str] = set()
        lost: dict[str, tuple[str, str]] = {}
        for info in self._store.list("segments"):
            if (data := self._store.find(info.key)) is None:
                continue
            self._count("segments")
            try:
                items = parse_segment(data, info.key).items
            except DamagedBlob as error:
                self._set_aside(info.key, data, str(error))
                continue
            for item in items:
                if (ref := self._first_missing(item.outputs)) is None:
                    whole.add(item.key)
                else:
                    lost[item.key] = (info.key, ref.digest)
        for key in lost.keys() - whole:
            path, digest = lost[key]
            self._find(
                path,
                f"names bytes that are gone or too short ({digest[:12]}, item {key[:12]})",
                "a run that wants this item computes it again",
            )

    def records(self) -> None:
        """Every record is one, of its own key, and the bytes it names are there."""
        for info in self._store.list("records"):
            if (data := self._store.find(info.key)) is None:
                continue
            self._count("records")
            try:
                record = parse_record(data, info.key)
                refs = [ref for refs in record.outputs.values() for ref in refs]
                if ref := self._first_missing(refs):
                    raise DamagedBlob(f"The bytes of {ref.name} ({ref.digest[:12]}) are gone or too short.")
                if gone := [path for path in record.segments if not self._store.exists(path)]:
                    raise DamagedBlob(f"The segment {gone[0]} that it lists is gone.")
                if record.members:
                    read_members(self._blobs.read(record.members))
            except (DamagedBlob, ValueError) as error:
                self._set_aside(info.key, data, str(error))

    def runs(self) -> None:
        """Every run can be read, its inputs are there, and it has its rows."""
        known = set(self._catalog.upkeep.runs())
        present: set[str] = set()
        for info in self._store.list("runs"):
            self._count("runs")
            run = run_of(info.key)
            present.add(run)
            try:
                definition = read_definition(self._store, run)
            except UnknownName:  # Purged a moment ago.
                continue
            except DamagedBlob as error:
                self._find(info.key, str(error), f"nothing can be done but `calotype purge {run}`")
                continue
            self._check_state(run, is_known=run in known)
            for name, refs in definition.inputs.items():
                if ref := self._first_missing(refs):
                    self._find(
                        info.key,
                        f"the bytes of its input {ref.name} ({name}) are gone or too short",
                        f"run its pipeline again on {definition.sources.get(name, 'its source')}",
                    )
            if run not in known and run not in self._catalog.upkeep.runs():
                self._find(info.key, "the catalog does not know this run", "`calotype catalog rebuild`")
                if self._repair:
                    restore_run(self._store, self._catalog, run)
        for run in sorted(known - present):
            if self._catalog.queue.find(run) is not None:
                continue  # A service was asked for it and has not read its inputs, or could not.
            self._find(f"runs {run}", "the store has no such run", "its rows are dropped")
            if self._repair:
                self._catalog.runs.forget(run)

    def _check_state(self, run: str, *, is_known: bool) -> None:
        try:
            read_state(self._store, run)
        except DamagedBlob as error:
            self._find(state_path(run), str(error), "it is written again from the catalog's rows")
            if self._repair and is_known:
                keep_state(self._store, self._catalog, run)
            elif self._repair:
                self._store.delete(state_path(run))

    def others(self) -> None:
        """Kept outputs, data set versions and deliveries can be read, and what they name is there."""
        for path, digests in self._held():
            gone = sorted(digest for digest in digests - self._sizes.keys() if self._size(digest) is None)
            if gone:
                self._find(
                    path, f"{len(gone)} of the blobs it names are gone ({gone[0][:12]})", "it is incomplete"
                )

    def _held(self) -> Iterator[tuple[str, set[str]]]:
        def of_version(path: str) -> set[str]:
            version = read_version(self._store, path)
            return {one.digest for one in objects_of(self._blobs, version)}

        readers: list[tuple[Iterable[str], Callable[[str], set[str]]]] = [
            (self._paths("kept"), lambda path: read_kept(self._store, path).digests),
            (version_paths(self._store), of_version),
            (self._paths("deliveries"), lambda path: set(read_delivery(self._store, path).digests)),
        ]
        for paths, read in readers:
            for path in paths:
                self._count(path.partition("/")[0])
                try:
                    yield path, read(path)
                except UnknownName:  # Purged or delivered a moment ago.
                    continue
                except DamagedBlob as error:
                    self._find(path, str(error), "it must be made again")

    def rows(self) -> None:
        """No row speaks of a segment or record that is not there."""
        upkeep = self._catalog.upkeep
        # The rows first: a run at work writes the object before its rows.
        told_segments, told_records = set(upkeep.segments()), set(upkeep.lineage_keys())
        segments = {info.key for info in self._store.list("segments")}
        records = {key_of_record(info.key) for info in self._store.list("records")}
        for path in sorted(told_segments - segments):
            self._find(f"items of {path}", "the segment is not there", "these rows are dropped")
            if self._repair:
                upkeep.forget_segments([path])
        for key in sorted(told_records - records):
            self._find(f"lineage of {key}", "the record is not there", "these rows are dropped")
            if self._repair:
                upkeep.forget_lineage([key])

    def _paths(self, kind: str) -> list[str]:
        return [info.key for info in self._store.list(kind)]

    def _first_missing(self, refs: Iterable[ArtifactRef]) -> ArtifactRef | None:
        """The first artifact whose blob, or a file of whose folder, is not there in its size."""
        for ref in refs:
            if not ref.folder:
                if not self._is_there(ref.digest, ref.size):
                    return ref
                continue
            try:
                files = self._blobs.manifest(ref.digest)
            except DamagedBlob:
                return ref
            if not all(self._is_there(file.digest, file.size) for file in files):
                return ref
        return None

    def _is_there(self, digest: str, size: int) -> bool:
        return self._sizes.get(digest) == size or self._size(digest) == size

    def _size(self, digest: str) -> int | None:
        """What the store says now: a run at work stores blobs, and records that name them, after they were listed."""
        size = None if digest in self._damaged else self._blobs.size(digest)
        if size is not None:
            self._sizes[digest] = size
        return size

    def _set_aside(self, path: str, judged: bytes, why: str) -> None:
        self._find(path, why, "it is set aside, and its step computed again where a run needs it")
        if self._repair:
            set_aside(self._store, self._catalog, path, judged)

    def _find(self, where: str, what: str, then: str) -> None:
        self.checked.findings.append(Finding(where, what, then))

    def _count(self, kind: str) -> None:
        self.checked.looked_at[kind] = self.checked.looked_at.get(kind, 0) + 1
        if self.checked.looked_at[kind] % 1000 == 0:
            self._progress(kind, self.checked.looked_at[kind])
