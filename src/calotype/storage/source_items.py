"""The files of a source, each with what must be known of it; and all of them in columns, for sources of any size."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol, overload
from urllib.parse import unquote_to_bytes

from calotype.columns import DIGEST_BYTES, Texts
from calotype.errors import UnknownName, UnreadableInput

_LOCAL = 0


class Downloads(Protocol):
    """Where files lie that are on no local disk: a `Store`, or what fetches from the web."""

    @property
    def url(self) -> str:
        """What the locations of its files begin with, without a slash at the end."""
        ...

    def download(self, key: str, path: Path) -> int: ...


class FileIdentity(NamedTuple):
    """What must be the same for a file to count as unread since: where, how large, and its etag or modification time."""

    location: str
    size: int
    stamp: str


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One file of a source."""

    name: str
    """Name within the source, with `/` between folders."""
    location: str
    """Absolute `file://`, `s3://` or `https://` URL, the last without its query."""
    size: int
    """Bytes."""
    stamp: str
    """Changes when the file does: etag, or modification time in nanoseconds."""
    digest: str | None = None
    """sha256 of the bytes, when known."""
    path: Path | None = None
    """The file itself, where it is on a local disk."""
    store: Downloads | None = field(default=None, repr=False, compare=False)
    key: str = field(default="", repr=False, compare=False)

    @property
    def identity(self) -> FileIdentity:
        """What the digest is remembered under."""
        return FileIdentity(self.location, self.size, self.stamp)

    def on_disk(self, into: Path) -> Path:
        """A local file with these bytes: the user's own (only to be read), or `into`, downloaded.

        Raises UnreadableInput when it is gone.
        """
        if self.path is not None:
            return self.path
        assert self.store is not None
        try:
            self.store.download(self.key, into)
        except UnknownName as error:
            raise UnreadableInput(f"{self.location} was listed, but is gone now.") from error
        return into


class SourceItems(Sequence[SourceItem]):
    """Files in columns, some 150 bytes each: appended one by one while they are found, then only read."""

    def __init__(self, items: Iterable[SourceItem] = ()) -> None:
        self.names = Texts()
        self.locations = Texts()
        self._sizes = array("Q")
        self._stamps = Texts()
        self._digests = bytearray()
        self._has_digest = bytearray()
        self._stores: list[Downloads | None] = [None]
        self._store = array("I")
        for item in items:
            self.append(item)

    def append(self, item: SourceItem) -> None:
        self.names.append(item.name)
        self.locations.append(item.location)
        self._sizes.append(item.size)
        self._stamps.append(item.stamp)
        self._add_digest(item.digest)
        if item.path is None and item.store is not self._stores[-1]:
            self._stores.append(item.store)
        self._store.append(_LOCAL if item.path is not None else len(self._stores) - 1)

    def with_digests(self, digests: Iterable[str | None]) -> SourceItems:
        """The same files with these digests, one for each; all else is shared."""
        found = SourceItems()
        found.names, found.locations, found._sizes = self.names, self.locations, self._sizes
        found._stamps, found._stores, found._store = self._stamps, self._stores, self._store
        for digest in digests:
            found._add_digest(digest)
        return found

    def _add_digest(self, digest: str | None) -> None:
        self._digests += bytes.fromhex(digest) if digest else bytes(DIGEST_BYTES)
        self._has_digest.append(digest is not None)

    def in_order_of_names(self) -> SourceItems:
        """The same files, sorted by name."""
        names = list(self.names)
        order = sorted(range(len(self)), key=names.__getitem__)
        del names
        return SourceItems(self[place] for place in order)

    def __len__(self) -> int:
        return len(self._sizes)

    @overload
    def __getitem__(self, index: int) -> SourceItem: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[SourceItem, ...]: ...
    def __getitem__(self, index: int | slice) -> SourceItem | tuple[SourceItem, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(len(self))))
        index = range(len(self))[index]
        location = self.locations[index]
        start = DIGEST_BYTES * index
        digest = self._digests[start : start + DIGEST_BYTES].hex() if self._has_digest[index] else None
        store = self._stores[self._store[index]]
        return SourceItem(
            name=self.names[index],
            location=location,
            size=self._sizes[index],
            stamp=self._stamps[index],
            digest=digest,
            path=_path_of(location) if store is None else None,
            store=store,
            key="" if store is None else location.removeprefix(f"{store.url}/"),
        )

    def __iter__(self) -> Iterator[SourceItem]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SourceItems):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))

    __hash__ = None  # pyright: ignore[reportAssignmentType]


def _path_of(location: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(location.removeprefix("file://"))))
