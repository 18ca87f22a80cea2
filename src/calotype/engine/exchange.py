"""Move runs between stores as zip archives: everything a run holds on to, with the digest of each file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import calotype
from calotype.artifacts import ArtifactRef
from calotype.catalog import Catalog
from calotype.engine.admission import Parcel
from calotype.engine.archive_index import INDEX, OUTPUTS, ArchivedFile, ArchiveIndex, Progress
from calotype.engine.commit import commit_record
from calotype.engine.counting import place_of, standing
from calotype.engine.definition import (
    RunDefinition,
    definition_path,
    read_definition,
    write_definition,
)
from calotype.engine.library import Library
from calotype.engine.outputs import named_outputs
from calotype.engine.pipeline import Link
from calotype.engine.reach import Reach, Walk
from calotype.engine.rebuild import restore_run
from calotype.engine.records import parse_record, parse_segment
from calotype.engine.state import state_path
from calotype.engine.sweeps import Sweeps
from calotype.errors import ConfigurationError, DamagedBlob, UnreadableInput
from calotype.storage.archives import ArchiveNames, ArchiveReader, ArchiveWriter
from calotype.storage.blobs import Blobs
from calotype.storage.faults import storage_faults
from calotype.storage.files import replacing
from calotype.storage.scratch import Scratch
from calotype.storage.store import Store
from calotype.storage.transfer import read_ahead

_IN_MEMORY_BYTES = 4 << 20
_AT_ONCE = 8


@dataclass(frozen=True)
class Exported:
    """An archive that was written."""

    run: str
    path: Path
    files: int
    size: int
    """Bytes of the archive."""


@dataclass(frozen=True)
class Imported:
    """What an archive brought."""

    run: str
    files: int
    """Those that were not in the store before."""
    size: int
    """Bytes of these."""
    was_here: bool
    """Whether the store had the run already."""
    other_results: tuple[str, ...]
    """Records whose step had another result here, which stays: the first committed is the result."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A file on its way into an archive."""

    name: str
    """In the archive."""
    key: str
    """In the store."""
    sha256: str
    size: int


def export_run(store: Store, run: str, path: Path, progress: Progress) -> Exported:
    """Write everything that a run holds on to into a new zip archive at `path`, which appears whole or not at all.

    The run may be unfinished. Equal runs give equal bytes. Raises DamagedBlob when bytes that its outputs or inputs are made
    of are gone or wrong, UnknownName when the store has no such run.
    """
    # Before the walk: a run that goes on meanwhile must not be told of as further than what is packed.
    state = store.find(state_path(run))
    definition = _portable(read_definition(store, run))
    walk = Walk(store)
    reach, flows = walk.follow(definition)
    own = {definition_path(run): definition.model_dump_json(indent=1).encode()}
    if state is not None:
        own[state_path(run)] = state
    files = [*_documents(store, reach), *_blobs(store, walk, definition, reach, flows)]
    index = ArchiveIndex(
        run=run,
        calotype=calotype.__version__,
        files={
            **{name: ArchivedFile(_sha256(data), len(data)) for name, data in own.items()},
            **{file.name: ArchivedFile(file.sha256, file.size) for file in files},
        },
    )
    with (
        storage_faults(str(path), "writing the archive", writing=True),
        replacing(path) as temporary,
        ArchiveWriter(temporary) as writer,
    ):
        writer.add(INDEX, index.model_dump_json(indent=1).encode())
        for name, data in own.items():
            writer.add(name, data)
        _pack(store, files, writer, progress)
    return Exported(run, path, len(index.files), path.stat().st_size)


def _portable(definition: RunDefinition) -> RunDefinition:
    """The definition without what holds on one machine only, and must not be believed on another: where outputs are published,
    and which files were found to have which digests."""
    return definition.model_copy(update={"output": "", "listing": ""})


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _documents(store: Store, reach: Reach) -> list[_Packed]:
    """Records and segments, each record under its key alone: which server it lay on is not the archive's business."""

    def looked_at(named: tuple[str, str]) -> _Packed:
        name, key = named
        data = store.find(key)
        if data is None:
            raise DamagedBlob(f"{key} is gone. `calotype resume` computes it again.")
        # Whoever imports it would refuse what cannot be read.
        (parse_segment if key in reach.segments else parse_record)(data, key)
        return _Packed(name, key, _sha256(data), len(data))

    wanted = sorted([*_records(store, reach.records).items(), *((path, path) for path in reach.segments)])
    with read_ahead(wanted, looked_at, _AT_ONCE) as found:
        return list(found)


def _records(store: Store, paths: Iterable[str]) -> dict[str, str]:
    """Name in the archive to path in the store. Of several that were proposed only the one that counts is taken along."""
    stands = ((place, standing(store, place)) for place in sorted(set(map(place_of, paths))))
    return {place: found.path if found else place for place, found in stands}


def _blobs(
    store: Store,
    walk: Walk,
    definition: RunDefinition,
    reach: Reach,
    flows: Mapping[Link, Sequence[ArtifactRef]],
) -> list[_Packed]:
    """Every blob once: those that people look for under readable names, the others under their digests."""
    blobs = Blobs(store)
    digests = sorted(reach.digests)
    with read_ahead(digests, blobs.size, 2 * _AT_ONCE) as sizes:
        found = {digest: size for digest, size in zip(digests, sizes, strict=True) if size is not None}
    # An item that was computed again has an older mention, whose bytes nobody needs.
    needed = walk.digests(ref for refs in flows.values() for ref in refs)
    if gone := sorted(needed - found.keys()):
        raise DamagedBlob(
            f"Run {definition.id} cannot be packed whole: {len(gone)} of its files are gone from the store "
            f"({blobs.key(gone[0])}). `calotype resume {definition.id}` computes again what it made."
        )
    readable = _readable_names(definition, flows, blobs)
    return sorted(
        (
            _Packed(readable.get(digest, blobs.key(digest)), blobs.key(digest), digest, size)
            for digest, size in found.items()
        ),
        key=lambda file: file.name,
    )


def _readable_names(
    definition: RunDefinition, flows: Mapping[Link, Sequence[ArtifactRef]], blobs: Blobs
) -> dict[str, str]:
    """Digest to name for the outputs that a pipeline publishes, as far as an archive can hold these names."""
    names = ArchiveNames()
    found: dict[str, str] = {}
    for files in named_outputs(definition.pipeline, flows, blobs).values():
        for name, digest in files.items():
            if digest not in found and names.take(OUTPUTS + name):
                found[digest] = OUTPUTS + name
    return found


def _pack(store: Store, files: list[_Packed], writer: ArchiveWriter, progress: Progress) -> None:
    """Small files are fetched ahead, large ones pass through in pieces; every byte is checked on its way."""
    total = sum(file.size for file in files)
    done = 0

    def small(file: _Packed) -> bytes | None:
        return b"".join(_checked(store, file)) if file.size <= _IN_MEMORY_BYTES else None

    with read_ahead(files, small, _AT_ONCE) as fetched:
        for file, data in zip(files, fetched, strict=True):
            progress(done, total)
            if data is not None:
                writer.add(file.name, data)
            else:
                writer.add_stream(file.name, file.size, _told(_checked(store, file), done, total, progress))
            done += file.size
    progress(total, total)


def _told(chunks: Iterator[bytes], done: int, total: int, progress: Progress) -> Iterator[bytes]:
    """The chunks; how far they bring the whole is told on the way."""
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        progress(done, total)


def _checked(store: Store, file: _Packed) -> Iterator[bytes]:
    """The file's bytes; DamagedBlob at their end when they are not those that its digest says."""
    hasher = hashlib.sha256()
    for chunk in store.stream(file.key):
        hasher.update(chunk)
        yield chunk
    if hasher.hexdigest() != file.sha256:
        raise DamagedBlob(
            f"{store.url}: {file.key} holds other bytes than its digest says, or changed meanwhile. "
            "`calotype catalog check --deep --repair` and then `calotype resume` compute it again."
        )


def import_run(
    store: Store,
    catalog: Catalog,
    scratch: Scratch,
    reader: ArchiveReader,
    parcel: Parcel,
    progress: Progress,
) -> Imported:
    """Take a run that was examined out of its archive into a store. What is there already stays; doing it twice is harmless.

    Blobs go in first, records after them, the run's definition last, so a kill at any moment leaves no run rather than half of
    one. Raises ConfigurationError when the store has another run of this id, UnreadableInput when it has other segments; then
    nothing was written.
    """
    sweeps = Sweeps(store)
    swept = sweeps.newest()
    definition = _portable(parcel.definition)
    was_here = _is_here(store, definition)
    _refuse_other_segments(store, reader, parcel)
    new = _store_blobs(Blobs(store), scratch, reader, parcel, progress)
    for name in parcel.segments:
        if not store.exists(name):
            store.put(name, _verified(reader, parcel, name))
    other = tuple(
        name
        for name in parcel.records
        if not _store_record(store, catalog, name, _verified(reader, parcel, name))
    )
    if parcel.state and not store.exists(parcel.state):
        store.put(parcel.state, _verified(reader, parcel, parcel.state))
    if not was_here:
        write_definition(store, definition)
    if sweeps.has_moved(swept):
        # gc may have taken what was found here before the definition named it. It spares it now: once more is enough.
        import_run(store, catalog, scratch, reader, parcel, progress)
    restore_run(store, catalog, definition.id)
    return Imported(definition.id, len(new), sum(new), was_here, other)


def _is_here(store: Store, definition: RunDefinition) -> bool:
    """Whether the store has this very run. ConfigurationError when it has another one of this id."""
    if not store.exists(definition_path(definition.id)):
        return False
    if _portable(read_definition(store, definition.id)) != definition:
        raise ConfigurationError(
            f"{store.url} has a run {definition.id} already, with another definition: it was changed here or where the archive "
            "was made. Import into another store, or remove the run here first."
        )
    return True


def _refuse_other_segments(store: Store, reader: ArchiveReader, parcel: Parcel) -> None:
    def is_other(name: str) -> bool:
        here = store.find(name)
        return here is not None and here != _verified(reader, parcel, name)

    with read_ahead(parcel.segments, is_other, _AT_ONCE) as answers:
        other = [name for name, differs in zip(parcel.segments, answers, strict=True) if differs]
    if other:
        raise UnreadableInput(
            f"{reader.path} is refused: {store.url} has {other[0]} already, with other items. Nothing was taken from it."
        )


def _store_blobs(
    blobs: Blobs, scratch: Scratch, reader: ArchiveReader, parcel: Parcel, progress: Progress
) -> list[int]:
    """Sizes of the blobs that were not there before and are now."""
    total = sum(parcel.files[name].size for name in parcel.blobs)

    def stored(name: str) -> bool:
        file = parcel.files[name]
        if blobs.size(file.sha256) == file.size:
            return False
        if file.size <= _IN_MEMORY_BYTES:
            blobs.put_bytes(_verified(reader, parcel, name))
            return True
        with scratch.workdir("import") as folder:
            digest, _ = blobs.put_file(_unpacked(reader, name, folder / "blob"), hand_over=True)
        if digest != file.sha256:
            raise _changed(reader)
        return True

    done = 0
    new: list[int] = []
    with read_ahead(parcel.blobs, stored, _AT_ONCE // 2) as answers:
        for name, is_new in zip(parcel.blobs, answers, strict=True):
            size = parcel.files[name].size
            new += [size] if is_new else []
            done += size
            progress(done, total)
    return new


def _verified(reader: ArchiveReader, parcel: Parcel, name: str) -> bytes:
    """A file of the archive, small enough for memory, with the bytes that were examined."""
    data = reader.read(name)
    if _sha256(data) != parcel.files[name].sha256:
        raise _changed(reader)
    return data


def _changed(reader: ArchiveReader) -> UnreadableInput:
    return UnreadableInput(f"{reader.path} was changed while it was being imported. Try again.")


def _unpacked(reader: ArchiveReader, name: str, path: Path) -> Path:
    with storage_faults(str(path), "unpacking", writing=True), path.open("xb") as target:
        target.writelines(reader.stream(name))
    return path


def _store_record(store: Store, catalog: Catalog, name: str, data: bytes) -> bool:
    """Commit a record unless its key has one; False when that one has other results."""
    record = parse_record(data, name)
    here = Library(store, catalog).record(record.stage, record.key)
    if here is None:
        here = commit_record(store, record)
    return here.outputs == record.outputs
