"""What a run reads: the files of a folder, a bucket prefix or a list, sorted by name, with a digest each."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol

from calotype.artifacts.kinds import Video
from calotype.columns import Digests
from calotype.errors import UnreadableInput
from calotype.storage.blobs import Blobs
from calotype.storage.files import FileStamp, temporary_name
from calotype.storage.s3 import S3Settings
from calotype.storage.source_files import (
    NO_VIDEO,
    is_web,
    listed,
    local_files,
    location_of,
    remote_files,
    shown_source,
    web_files,
)
from calotype.storage.source_items import FileIdentity, SourceItem, SourceItems
from calotype.storage.store import folder_of
from calotype.storage.transfer import grouped, read_ahead
from calotype.storage.web_policy import FetchPolicy

__all__ = [
    "DigestCache",
    "FileIdentity",
    "SourceItem",
    "SourceItems",
    "SourceListing",
    "list_source",
    "shown_source",
    "store_source",
]

Progress = Callable[[int, int | None, str], None]

_REMEMBER_AT_ONCE = 500
_PROGRESS_STEPS = 1000
_GROUP_BYTES = 1 << 20
_SETTLED_NS = 2_000_000_000


class DigestCache(Protocol):
    """Remembers the sha256 of files that were read once; the catalog does."""

    def get_many(self, files: Sequence[FileIdentity]) -> Mapping[FileIdentity, str]: ...
    def put_many(self, digests: Mapping[FileIdentity, str]) -> None: ...


Form = Literal["folder", "file", "list"]


@dataclass(frozen=True)
class SourceListing:
    """The files of a source at one moment."""

    source: str
    """As the user wrote it; web addresses without their queries."""
    form: Form
    """What it turned out to be: a folder or bucket prefix, one file, or a list of files."""
    items: SourceItems
    """Sorted by name."""
    ignored: tuple[str, ...]
    """Names with another ending, links to folders, and links that lead nowhere; hidden files are not even mentioned."""


def list_source(
    source: str | Path,
    *,
    suffixes: Sequence[str] = (),
    cache: DigestCache | None = None,
    options: Mapping[str, str] | None = None,
    s3: S3Settings | None = None,
    web: FetchPolicy | None = None,
) -> SourceListing:
    """The files of `source` that end in one of `suffixes` (any, when empty; upper and lower case are the same).

    A source is a folder, one file, an `s3://`, `file://` or `memory://` prefix, one or several `https://` URLs with spaces
    between, or a `.txt` file with one path or URL a line (relative paths start at the list; names are then relative to the
    folder all entries share). Web addresses are contacted as far as `web` allows, by default none in private networks.
    Digests that `cache` knows are filled in. Raises UnreadableInput for a missing folder, an unreadable or empty one, a
    video; UrlRefused and Transient for web addresses.
    """
    endings = tuple(suffix.lower() for suffix in suffixes)
    text = str(source)
    rules = web or FetchPolicy()
    scheme, separator, _ = text.partition("://")
    if isinstance(source, Path) or not separator or scheme == "file":
        named = folder_of(text) if separator and not isinstance(source, Path) else Path(text)
        path = Path(os.path.abspath(named))
        items, ignored = local_files(path, endings, options, s3, rules)
        is_list = not path.is_dir() and not _is_only(items, location_of(path))
        form: Form = "list" if is_list else "folder" if path.is_dir() else "file"
    elif is_web(text):
        items, ignored = web_files(text.split(), endings, rules)
        form = "list" if len(text.split()) > 1 else "file"
        text = shown_source(text)
    else:
        items, ignored = remote_files(text, endings, options, s3)
        form = "file" if _is_only(items, text) else "folder"
    if not items:
        raise UnreadableInput(_nothing_found(text, form, endings, ignored))
    items = items.in_order_of_names()
    if cache:
        items = items.with_digests(_known_digests(items, cache))
    return SourceListing(text, form, items, tuple(sorted(ignored)))


def _is_only(items: SourceItems, location: str) -> bool:
    return len(items) == 1 and items.locations[0] == location


def _known_digests(items: SourceItems, cache: DigestCache) -> Iterator[str | None]:
    for start in range(0, len(items), _REMEMBER_AT_ONCE):
        some = items[start : start + _REMEMBER_AT_ONCE]
        known = cache.get_many([item.identity for item in some])
        yield from (known.get(item.identity) for item in some)


def store_source(
    listing: SourceListing,
    blobs: Blobs,
    workdir: Path,
    *,
    cache: DigestCache | None = None,
    depth: int = 8,
    progress: Progress | None = None,
) -> SourceListing:
    """The listing with every digest filled in and every file a blob of the store.

    Files whose digest is known and whose blob is there are not read. Those of buckets pass through `workdir`, at most
    `depth` at a time. Digests found before an error or a cancellation (which `progress` may raise) are remembered. Raises
    UnreadableInput, and the errors of the store.
    """

    def store(item: SourceItem) -> str:
        if item.digest is not None and blobs.size(item.digest) == item.size:
            return item.digest
        passing = temporary_name(workdir / "source") if item.path is None else None
        try:
            path = item.on_disk(passing) if passing else item.on_disk(workdir)
            digest, size = blobs.put_file(path, hand_over=path == passing)
            if size != item.size or (item.path and FileStamp.of(path).mtime_ns != int(item.stamp)):
                raise UnreadableInput(_changed(item))
        finally:
            if passing:
                passing.unlink(missing_ok=True)
        return digest

    return _with_digests(listing, store, cache, depth, progress)


def _with_digests(
    listing: SourceListing,
    digest: Callable[[SourceItem], str],
    cache: DigestCache | None,
    depth: int,
    progress: Progress | None,
) -> SourceListing:
    done = Digests()
    fresh: dict[FileIdentity, str] = {}
    listed_ns = time.time_ns()
    told_every = max(1, len(listing.items) // _PROGRESS_STEPS)

    def remember() -> None:
        if cache and fresh:
            cache.put_many(dict(fresh))
        fresh.clear()

    def take(item: SourceItem, found: str) -> None:
        done.append(found)
        # A file written a moment ago may be written again without its time changing.
        settled = item.path is None or listed_ns - int(item.stamp) > _SETTLED_NS
        if found != item.digest and settled:
            fresh[item.identity] = found
        if len(fresh) >= _REMEMBER_AT_ONCE:
            remember()
        if progress and (len(done) % told_every == 0 or len(done) == len(listing.items)):
            progress(len(done), len(listing.items), item.name)

    def digests_of(group: Sequence[SourceItem]) -> list[tuple[SourceItem, str | Exception]]:
        return [(item, _found_or_failed(digest, item)) for item in group]

    try:
        with read_ahead(grouped(listing.items, _size_of, _GROUP_BYTES), digests_of, depth) as groups:
            for group in groups:
                for item, found in group:
                    if isinstance(found, Exception):
                        raise found
                    take(item, found)
    finally:
        remember()
    return replace(listing, items=listing.items.with_digests(done))


def _found_or_failed(digest: Callable[[SourceItem], str], item: SourceItem) -> str | Exception:
    """The digest, or why there is none: those found before it in its group are remembered all the same."""
    try:
        return digest(item)
    except Exception as error:  # noqa: BLE001 - raised when its turn comes
        return error


def _size_of(item: SourceItem) -> int:
    return item.size


def _changed(item: SourceItem) -> str:
    return f"{item.location} changed after it was listed. Start again when nobody writes to the source."


def _nothing_found(source: str, form: Form, endings: tuple[str, ...], others: Sequence[str]) -> str:
    if form == "list":
        what = f"none of its lines ends in {listed(endings)}" if others else "it is empty"
        return (
            f"{source} is read as a list of photos, one path, s3:// or https:// URL a line, but {what}. "
            "Give such a list, a folder, or a bucket prefix."
        )
    if any(PurePosixPath(name).suffix.lower() in Video.suffixes for name in others):
        return f"{source} holds no file ending in {listed(endings)}, but there is a video: {NO_VIDEO}."
    if not others:
        return f"{source} is empty. Give a folder with files ending in {listed(endings)}."
    some = ", ".join(sorted(others)[:5]) + (", ..." if len(others) > 5 else "")
    return f"{source} holds no file ending in {listed(endings)}; it holds {some}."
