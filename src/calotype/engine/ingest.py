"""Bring a run's inputs into the store: list the source afresh, hash what is new, pin what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from calotype.artifacts import Artifact, ArtifactRef
from calotype.catalog import Catalog
from calotype.catalog.results import SourceDigest
from calotype.engine.events import Event, SourceProgress
from calotype.errors import UnreadableInput
from calotype.storage.blobs import Blobs
from calotype.storage.scratch import Scratch
from calotype.storage.sources import SourceItem, list_source
from calotype.storage.store import Store
from calotype.storage.transfer import read_ahead

_AT_ONCE = 8


@dataclass(frozen=True)
class Ingested:
    """What a source gave."""

    refs: tuple[ArtifactRef, ...]
    ignored: tuple[str, ...]
    """Names that were left out: another kind of file."""


def ingest_items(
    name: str,
    source: str,
    kind: type[Artifact],
    *,
    store: Store,
    catalog: Catalog,
    scratch: Scratch,
    open_source: Callable[[str], Store],
    emit: Callable[[Event], None],
) -> Ingested:
    """The files of a folder, bucket prefix or list as artifacts of one kind, their bytes in the store.

    A file whose size and stamp (etag or modification time) are known is not read again.
    """
    listing = list_source(source, suffixes=kind.suffixes, open_store=open_source)
    known = catalog.results.source_digests([item.location for item in listing.items])
    new = [item for item in listing.items if not _is_known(item, known)]
    blobs = Blobs(store)

    def put(item: SourceItem) -> SourceDigest:
        digest, size = _put(item, blobs, scratch, open_source)
        return SourceDigest(item.location, size, item.stamp, digest)

    found = {item.location: known[item.location] for item in listing.items if _is_known(item, known)}
    added: list[SourceDigest] = []
    with read_ahead(new, put, _AT_ONCE) as puts:
        for done, row in enumerate(puts, 1):
            added.append(row)
            emit(SourceProgress(source=name, done=done, total=len(new)))
    catalog.results.add_source_digests(added)
    found.update({row.location: row for row in added})
    refs = tuple(
        ArtifactRef(
            kind=kind.__name__,
            name=item.name,
            digest=found[item.location].digest,
            size=found[item.location].size,
        )
        for item in listing.items
    )
    return Ingested(refs, tuple(listing.ignored))


def _is_known(item: SourceItem, known: dict[str, SourceDigest]) -> bool:
    row = known.get(item.location)
    return row is not None and row.size == item.size and row.stamp == item.stamp


def _put(item: SourceItem, blobs: Blobs, scratch: Scratch, open_source: Callable[[str], Store]) -> tuple[str, int]:
    if item.path is not None:
        return blobs.put_file(item.path)
    with scratch.reserve(item.size), scratch.workdir("ingest") as folder:
        path = folder / "item"
        open_source(item.store_url).download(item.key, path)
        return blobs.put_file(path)


def ingest_one(name: str, path: Path, kind: type[Artifact], store: Store) -> ArtifactRef:
    """A single local file or folder as one artifact. A folder kind takes a file too: as a folder that holds it."""
    if not path.exists():
        raise UnreadableInput(f"{path} does not exist ({name}).")
    blobs = Blobs(store)
    if not kind.is_folder:
        digest, size = blobs.put_file(path)
    elif path.is_dir():
        digest, size = blobs.put_folder(path)
    else:
        digest, size = blobs.put_files({path.name: path})
    return ArtifactRef(kind=kind.__name__, name=path.name, digest=digest, size=size, folder=kind.is_folder)


def total_size(refs: Sequence[ArtifactRef]) -> int:
    """Bytes of all artifacts together."""
    return sum(ref.size for ref in refs)
