"""Bring a run's inputs into the store: list the source afresh, hash what is new, pin what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from calotype.artifacts import Artifact, ArtifactRef
from calotype.catalog import Catalog
from calotype.catalog.results import Results, SourceDigest
from calotype.engine.events import Event, SourceProgress
from calotype.errors import UnreadableInput
from calotype.storage.blobs import Blobs
from calotype.storage.s3 import S3Settings
from calotype.storage.scratch import Scratch
from calotype.storage.sources import FileIdentity, list_source, store_source
from calotype.storage.store import Store


@dataclass(frozen=True)
class Ingested:
    """What a source gave."""

    refs: tuple[ArtifactRef, ...]
    ignored: tuple[str, ...]
    """Names that were left out: another kind of file."""


class _KnownDigests:
    """The catalog's memory of source files: one of unchanged size and stamp is not read again."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def get_many(self, files: Sequence[FileIdentity]) -> Mapping[FileIdentity, str]:
        rows = self._results.source_digests([file.location for file in files])
        return {
            file: rows[file.location].digest
            for file in files
            if file.location in rows
            and (rows[file.location].size, rows[file.location].stamp) == (file.size, file.stamp)
        }

    def put_many(self, digests: Mapping[FileIdentity, str]) -> None:
        self._results.add_source_digests(SourceDigest(*file, digest) for file, digest in digests.items())


def ingest_items(
    name: str,
    source: str,
    kind: type[Artifact],
    *,
    store: Store,
    catalog: Catalog,
    scratch: Scratch,
    s3: S3Settings,
    emit: Callable[[Event], None],
) -> Ingested:
    """The files of a folder, bucket prefix or list as artifacts of one kind, their bytes in the store."""
    cache = _KnownDigests(catalog.results)
    listing = list_source(source, suffixes=kind.suffixes, cache=cache, s3=s3)
    total = len(listing.items)

    def report(done: int, _: int | None, __: str) -> None:
        emit(SourceProgress(source=name, done=done, total=total))

    remote_bytes = sum(item.size for item in listing.items if item.path is None and item.digest is None)
    with scratch.reserve(remote_bytes), scratch.workdir("ingest") as folder:
        stored = store_source(listing, Blobs(store), folder, cache=cache, progress=report)
    refs: list[ArtifactRef] = []
    for item in stored.items:
        assert item.digest is not None
        refs.append(ArtifactRef(kind=kind.__name__, name=item.name, digest=item.digest, size=item.size))
    return Ingested(tuple(refs), stored.ignored)


def ingest_one(name: str, path: Path, kind: type[Artifact], store: Store, scratch: Scratch) -> ArtifactRef:
    """A single local file or folder as one artifact. A folder kind takes a file too: as a folder that holds just it."""
    if not path.exists():
        raise UnreadableInput(f"{path} does not exist (given as {name}).")
    blobs = Blobs(store)
    if not kind.is_folder:
        digest, size = blobs.put_file(path)
    elif path.is_dir():
        digest, size = blobs.put_folder(path)
    else:
        with scratch.workdir("ingest") as folder:
            (folder / path.name).write_bytes(path.read_bytes())
            digest, size = blobs.put_folder(folder)
    return ArtifactRef(kind=kind.__name__, name=path.name, digest=digest, size=size, folder=kind.is_folder)
