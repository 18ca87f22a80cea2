"""Immutable bytes, stored once under the sha256 of what they are."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from calotype.errors import DamagedBlob, StoreUnwritable, UnknownName, UnreadableInput
from calotype.storage.faults import storage_faults
from calotype.storage.files import copy_verified, remove_tree, sha256_of, temporary_name
from calotype.storage.names import valid_digest, valid_key
from calotype.storage.objects import PART_BYTES
from calotype.storage.store import Store
from calotype.storage.transfer import read_ahead

_FILES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file of a stored folder."""

    path: str
    """Name relative to the folder, with `/` between parts."""
    digest: str
    """sha256 of its bytes."""
    size: int
    """Bytes."""


class Blobs:
    """Blobs of one store. Putting the same bytes twice, or from two machines at once, is harmless: they are the same object."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @property
    def are_local(self) -> bool:
        """Whether they lie on a disk of this machine, where a small one costs less than handing it to another thread."""
        return self.store.local_path("blobs") is not None

    def key(self, digest: str) -> str:
        """Where the blob lies in the store: `blobs/sha256/ab/<64 hexadecimal digits>`."""
        return f"blobs/sha256/{valid_digest(digest)[:2]}/{digest}"

    def exists(self, digest: str) -> bool:
        """Whether the store has this blob; its bytes are not read."""
        return self.store.exists(self.key(digest))

    def size(self, digest: str) -> int | None:
        """The blob's bytes in number, or None when the store does not have it."""
        info = self.store.head(self.key(digest))
        return info.size if info else None

    def put_bytes(self, data: bytes) -> tuple[str, int]:
        """Digest and size of the blob that now holds `data`."""
        digest = hashlib.sha256(data).hexdigest()
        key = self.key(digest)
        if self.size(digest) != len(data):
            self.store.put(key, data)
        return digest, len(data)

    def put_pieces(self, pieces: Callable[[], Iterable[bytes]]) -> tuple[str, int]:
        """Digest and size of the blob that now holds the pieces one after the other; they are never in memory all at once.

        They are made twice, the same each time: to be hashed, and to be written where they are new.
        """
        hasher, size = hashlib.sha256(), 0
        for piece in pieces():
            hasher.update(piece)
            size += len(piece)
        digest = hasher.hexdigest()
        if self.size(digest) != size:
            self.store.put_pieces(self.key(digest), pieces())
            self._verify(digest, size)
        return digest, size

    def put_file(self, path: Path, *, hand_over: bool = False) -> tuple[str, int]:
        """Digest and size of the blob that now holds the file's bytes; nothing is sent when the store has them.

        With `hand_over` the caller gives the file away: a folder store hard-links it, which costs no copy, and makes it
        read-only (mode 0444). It must never be written again, and must not be a file of the user's.
        Raises UnreadableInput when the file is written to meanwhile.
        """
        digest, stamp = sha256_of(path)
        if self.size(digest) != stamp.size:
            self.store.upload(path, self.key(digest), stamp=stamp, hand_over=hand_over, read_only=True)
            # A single request carries the sha256 of its body in its signature; only what went in parts needs another look.
            if stamp.size > PART_BYTES:
                self._verify(digest, stamp.size)
        return digest, stamp.size

    def fetch(self, digest: str, into: Path) -> int:
        """The blob's size; `into` is a copy of its bytes, verified, and appears whole or not at all.

        In a folder store it shares the blob's blocks where the file system can.
        Raises DamagedBlob when the store does not have it or has other bytes.
        """
        key = self.key(digest)
        blob = self.store.local_path(key)
        with storage_faults(str(into), f"copying {key}", writing=True):
            try:
                if blob is None:
                    return self.store.download(key, into, digest=digest)
                size = copy_verified(blob, into, digest)
            except (UnknownName, FileNotFoundError) as error:
                raise self._gone(digest) from error
        if size is None:
            raise self._other_bytes(digest)
        return size

    def read(self, digest: str) -> bytes:
        """The blob's bytes, verified; for small ones. Raises DamagedBlob as `fetch` does."""
        try:
            data = self.store.get(self.key(digest))
        except UnknownName as error:
            raise self._gone(digest) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise self._other_bytes(digest)
        return data

    def put_folder(self, path: Path, *, hand_over: bool = False) -> tuple[str, int]:
        """Digest of the manifest blob and total bytes of the files in the folder; empty folders are not kept.

        The manifest is canonical JSON, `{"files":[{"digest":...,"path":...,"size":...},...]}` sorted by path, so equal
        folders have equal digests. `hand_over` as in `put_file`.
        Raises UnreadableInput for links, devices and names that could not be stored.
        """
        files = list(_files_below(path))

        def put(name: str) -> ManifestEntry:
            digest, size = self.put_file(path / name, hand_over=hand_over)
            return ManifestEntry(name, digest, size)

        with read_ahead(files, put, _FILES_AT_ONCE) as puts:
            entries = list(puts)
        digest, _ = self.put_bytes(manifest_bytes(entries))
        return digest, sum(entry.size for entry in entries)

    def manifest(self, digest: str) -> tuple[ManifestEntry, ...]:
        """The files of a stored folder, sorted by path; every path is relative and stays inside the folder."""
        return parse_manifest(self.read(digest), digest)

    def fetch_folder(self, digest: str, into: Path) -> int:
        """Total bytes of the stored folder; the folder `into` is new, verified, and appears whole or not at all."""
        entries = self.manifest(digest)
        if os.path.lexists(into):
            raise StoreUnwritable(f"{into} exists; a folder is fetched into a new one.")
        into.parent.mkdir(parents=True, exist_ok=True)
        temporary = temporary_name(into)
        temporary.mkdir()
        try:
            with read_ahead(
                entries, lambda entry: self.fetch(entry.digest, temporary / entry.path), _FILES_AT_ONCE
            ) as fetches:
                total = sum(fetches)
            os.rename(temporary, into)
        except BaseException:
            remove_tree(temporary)
            raise
        return total

    def local_path(self, digest: str) -> Path | None:
        """The blob's own file in a folder store, for reading only and not verified; None for other stores or when it is gone."""
        path = self.store.local_path(self.key(digest))
        return path if path is not None and path.is_file() else None

    def is_intact(self, digest: str) -> bool:
        """Whether the store has this blob with the bytes that its digest says; all of them are read."""
        try:
            return self.store.digest(self.key(digest)) == digest
        except UnknownName:
            return False

    def set_aside(self, digest: str) -> None:
        """Nothing; a blob whose bytes are wrong lies at `damaged/<its key>` and is no longer served. Missing is fine."""
        key = self.key(digest)
        with tempfile.TemporaryDirectory(prefix="calotype-damaged-") as folder, suppress(UnknownName):
            path = self.store.local_path(key) or Path(folder) / digest
            if not path.exists():
                self.store.download(key, path)
            self.store.upload(path, f"damaged/{key}", hand_over=True)
        self.store.delete(key)

    def _verify(self, digest: str, size: int) -> None:
        found = self.size(digest)
        if found != size:
            raise DamagedBlob(
                f"{self.store.url}: {self.key(digest)} was stored with {found} of {size} bytes. Try again."
            )

    def _other_bytes(self, digest: str) -> DamagedBlob:
        return DamagedBlob(
            f"{self.store.url}: {self.key(digest)} holds other bytes than its digest says. "
            "`calotype catalog check --deep --repair` sets it aside; a run that needs it computes it again."
        )

    def _gone(self, digest: str) -> DamagedBlob:
        return DamagedBlob(f"{self.store.url}: blob {digest} is gone. Its step must be computed again.")


def manifest_bytes(entries: list[ManifestEntry]) -> bytes:
    """The manifest of a folder: canonical JSON (sorted keys and paths, no spaces, UTF-8)."""
    files = [
        {"digest": one.digest, "path": one.path, "size": one.size}
        for one in sorted(entries, key=lambda e: e.path)
    ]
    return json.dumps({"files": files}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parse_manifest(data: bytes, digest: str) -> tuple[ManifestEntry, ...]:
    """The entries of a manifest. Raises DamagedBlob when it is none, or when a path could leave the folder or meet another."""
    try:
        files = json.loads(data)["files"]
        entries = tuple(
            ManifestEntry(valid_key(f["path"]), valid_digest(f["digest"]), int(f["size"])) for f in files
        )
    except Exception as error:
        raise DamagedBlob(f"Blob {digest} is not the manifest of a folder: {error}") from error
    names = {entry.path for entry in entries}
    parents = {parent.as_posix() for name in names for parent in Path(name).parents}
    if len(names) != len(entries) or names & parents:
        raise DamagedBlob(
            f"Blob {digest} is not the manifest of a folder: it names a file twice, or as a folder too."
        )
    return entries


def _files_below(folder: Path) -> Iterator[str]:
    """Names of all files below `folder`, sorted within each folder. Raises UnreadableInput for what is no plain file."""
    if folder.is_symlink() or not folder.is_dir():
        raise UnreadableInput(f"{folder} is not a folder.")
    for base, folders, files in os.walk(folder, onerror=_raise_unreadable):
        folders.sort()
        for name in [*sorted(files), *folders]:
            path = Path(base, name)
            if path.is_symlink() or (name in files and not path.is_file()):
                raise UnreadableInput(
                    f"{path} is a link or a device; a stored folder holds plain files only."
                )
            if name in files:
                yield valid_key(path.relative_to(folder).as_posix())


def _raise_unreadable(error: OSError) -> None:
    raise UnreadableInput(f"{error.filename} cannot be read: {error.strerror}.") from error
