"""Bring a run's inputs into the store: list the source afresh, hash what is new, pin what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter

from calotype.artifacts import Artifact, ArtifactRef, References
from calotype.catalog import Catalog
from calotype.catalog.results import Results, SourceDigest
from calotype.columns import Texts
from calotype.engine.events import Event, SourceProgress
from calotype.engine.pipeline import SourceSpec
from calotype.engine.registry import kind_class
from calotype.errors import TooFewImages, UnreadableInput
from calotype.storage.blobs import Blobs
from calotype.storage.faults import storage_faults
from calotype.storage.files import copy_bytes
from calotype.storage.s3 import S3Settings
from calotype.storage.scratch import Scratch
from calotype.storage.sources import FileIdentity, SourceListing, list_source, store_source
from calotype.storage.store import Store
from calotype.storage.web_policy import FetchPolicy

_listed: TypeAdapter[list[SourceDigest]] = TypeAdapter(list[SourceDigest])
_REMEMBERED_AT_ONCE = 500


@dataclass(frozen=True)
class Ingested:
    """What a run was given."""

    inputs: dict[str, Sequence[ArtifactRef]]
    """By source, in the order of the names."""
    ignored: tuple[str, ...]
    """Names that were left out: another kind of file."""
    listing: str
    """Digest of the blob that lists what is remembered of the source files; empty when nothing is."""


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


def ingest(
    sources: Sequence[SourceSpec],
    given: Mapping[str, str],
    *,
    store: Store,
    catalog: Catalog,
    scratch: Scratch,
    s3: S3Settings,
    web: FetchPolicy,
    emit: Callable[[Event], None],
) -> Ingested:
    """Everything a run is given, its bytes in the store. All of it is looked at before any of it is stored.

    `given` is a folder, bucket prefix, list file or web addresses for a source of many items, and a local path for a single
    artifact.
    Raises TooFewImages or UnreadableInput in words of what the user gave.
    """
    cache = _KnownDigests(catalog.results)
    listings: dict[str, SourceListing] = {}
    names_by_kind: dict[str, Texts] = {}
    for source in sources:
        if source.many:
            kind = kind_class(source.kind)
            listing = list_source(given[source.name], suffixes=kind.suffixes, cache=cache, s3=s3, web=web)
            _check_count(source, listing, kind)
            listings[source.name] = listing
            names_by_kind.setdefault(source.kind, Texts()).extend(listing.items.names)
    for source in sources:
        if not source.many:
            _check_single(source, given[source.name], names_by_kind)
    inputs: dict[str, Sequence[ArtifactRef]] = {}
    for source in sources:
        if source.many:
            inputs[source.name] = _store_many(source, listings[source.name], cache, store, scratch, emit)
        else:
            inputs[source.name] = (_store_single(source, Path(given[source.name]), store, scratch),)
    ignored = tuple(name for listing in listings.values() for name in listing.ignored)
    return Ingested(inputs, ignored, _write_listing(listings.values(), catalog.results, Blobs(store)))


def _write_listing(listings: Iterable[SourceListing], results: Results, blobs: Blobs) -> str:
    # Not made twice, as other lists are: another run may change these rows between.
    data = b"".join(_listing_pieces(listings, results))
    return blobs.put_bytes(data + b"]")[0] if data else ""


def _listing_pieces(listings: Iterable[SourceListing], results: Results) -> Iterator[bytes]:
    """What is remembered of the files, as a JSON list in pieces that lacks its end; no piece when nothing is."""
    places = (place for listing in listings for place in listing.items.locations)
    before = b"["
    while some := list(islice(places, _REMEMBERED_AT_ONCE)):
        rows = results.source_digests(some)
        if found := [rows[place] for place in dict.fromkeys(some) if place in rows]:
            yield before + _listed.dump_json(found)[1:-1]
            before = b","


def restore_listing(digest: str, results: Results, blobs: Blobs) -> None:
    """Remember again what a run's listing says of its source files; DamagedBlob when it is gone."""
    results.add_source_digests(_listed.validate_json(blobs.read(digest)))


def _check_count(source: SourceSpec, listing: SourceListing, kind: type[Artifact]) -> None:
    count = len(listing.items)
    if count >= source.least:
        return
    noun = source.kind.lower()
    found = f"{count} {noun}" if count == 1 else f"{count} {noun}s"
    needed = f"at least {source.least} are needed"
    if listing.form == "file":
        raise TooFewImages(
            f"{listing.source} is a single {noun}; {needed}. Give the folder or bucket prefix that holds them, or a .txt "
            "file that lists them."
        )
    if listing.form == "list":
        raise TooFewImages(f"{listing.source} lists {found}; {needed}.")
    ignored = ""
    if listing.ignored:
        others = "other file was" if len(listing.ignored) == 1 else "other files were"
        ignored = f" {len(listing.ignored)} {others} ignored ({', '.join(listing.ignored[:3])})."
    raise TooFewImages(
        f"{listing.source} holds {found}; {needed}.{ignored} "
        f"Files count as {noun}s by their ending: {' '.join(kind.suffixes)}."
    )


def _check_single(source: SourceSpec, given: str, names_by_kind: Mapping[str, Sequence[str]]) -> None:
    path = Path(given)
    if not path.exists():
        raise UnreadableInput(f"{given} does not exist on this machine (given as {source.name}).")
    kind = kind_class(source.kind)
    if not kind.is_folder and not path.is_file():
        raise UnreadableInput(f"{given} is not a file (given as {source.name}).")
    kind.check_given(path, names_by_kind)


def _store_many(
    source: SourceSpec,
    listing: SourceListing,
    cache: _KnownDigests,
    store: Store,
    scratch: Scratch,
    emit: Callable[[Event], None],
) -> References:
    total = len(listing.items)

    def report(done: int, _: int | None, __: str) -> None:
        emit(SourceProgress(source=source.name, done=done, total=total))

    remote_bytes = sum(item.size for item in listing.items if item.path is None and item.digest is None)
    with scratch.reserve(remote_bytes), scratch.workdir("ingest") as folder:
        stored = store_source(listing, Blobs(store), folder, cache=cache, progress=report)
    refs = References()
    for item in stored.items:
        assert item.digest is not None
        refs.append(ArtifactRef(kind=source.kind, name=item.name, digest=item.digest, size=item.size))
    return refs


def _store_single(source: SourceSpec, path: Path, store: Store, scratch: Scratch) -> ArtifactRef:
    """A local file or folder as one artifact. A folder kind takes a file too: as a folder that holds it and its companions."""
    blobs, kind = Blobs(store), kind_class(source.kind)
    if not kind.is_folder:
        digest, size = blobs.put_file(path)
    elif path.is_dir():
        digest, size = blobs.put_folder(path)
    else:
        with scratch.workdir("ingest") as folder:
            with storage_faults(str(scratch.root), f"copying {path}", writing=True):
                copy_bytes(path, folder / path.name)
                for companion in kind.companions(path):
                    target = folder / companion.relative_to(path.parent.resolve())
                    target.parent.mkdir(parents=True, exist_ok=True)
                    copy_bytes(companion, target)
            digest, size = blobs.put_folder(folder)
    return ArtifactRef(kind=source.kind, name=path.name, digest=digest, size=size, folder=kind.is_folder)
