"""Zip archives: written so that equal entries give equal bytes, and read, also from strangers, through a guard that trusts no
name, no size and no promise in them."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from calotype.errors import UnreadableInput
from calotype.storage.archive_layout import DEFLATED, STORED, Entry, Malformed, read_layout
from calotype.storage.faults import readable_size
from calotype.storage.files import CHUNK_BYTES
from calotype.storage.names import name_problem

_MAX_PART_BYTES = 255
_DRIVE = re.compile(r"[A-Za-z]:")
_MOST_PACKED = 100
"""Half of what the guard allows."""
_UNIX = 3
_FREE_RATIO_BYTES = 1 << 20
"""Below this a single entry may be packed as tightly as it likes: a black mask is."""


@dataclass(frozen=True)
class ArchiveLimits:
    """What an archive may ask of the machine that opens it."""

    entries: int = 1_000_000
    entry_bytes: int = 1 << 40
    total_bytes: int = 1 << 42
    ratio: int = 200
    """Unpacked to packed bytes, of every entry above 1 MiB and of the whole archive."""


class ArchiveWriter:
    """Writes an archive that `ArchiveReader` accepts. Equal entries in equal order give equal bytes: no time is in them."""

    def __init__(self, path: Path) -> None:
        """`path` is a new file; it is an archive after the `with` block."""
        self._zip = zipfile.ZipFile(path, "x")

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def add(self, name: str, data: bytes) -> None:
        """An entry that is in memory: deflated where that saves at least a tenth."""
        packed = len(zlib.compress(data)) if data else 0
        is_worth_it = packed < 0.9 * len(data) <= 0.9 * _MOST_PACKED * packed
        self._zip.writestr(_header(name, DEFLATED if is_worth_it else STORED), data)

    def add_stream(self, name: str, size: int, chunks: Iterable[bytes]) -> None:
        """An entry of `size` bytes, stored as they come."""
        header = _header(name, STORED)
        header.file_size = size  # Decides before the first byte whether 64-bit sizes are needed.
        with self._zip.open(header, "w") as member:
            for chunk in chunks:
                member.write(chunk)


def _header(name: str, method: int) -> zipfile.ZipInfo:
    header = zipfile.ZipInfo(name)
    header.compress_type = method
    header.create_system = _UNIX
    header.external_attr = (stat.S_IFREG | 0o644) << 16
    return header


class ArchiveReader:
    """The plain files in a zip archive. Opening checks its whole structure; reading checks every byte against it.

    Names are relative, distinct on every file system (also where upper and lower case or spellings of one accent are the same),
    and no name is a folder of another; still they are only labels: nothing is ever unpacked by them here.
    Safe to read from several threads. Everything that is wrong with the file is an UnreadableInput.
    """

    def __init__(self, path: Path, limits: ArchiveLimits | None = None) -> None:
        self.path = path
        self._limits = limits or ArchiveLimits()
        try:
            # A pipe would otherwise wait here for somebody to write to it.
            self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise UnreadableInput(f"{path} cannot be read: {error.strerror}.") from error
        try:
            self.entries = self._checked()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> ArchiveReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def stream(self, name: str) -> Iterator[bytes]:
        """The entry's bytes in chunks of at most 1 MiB; an error at the latest at their end when they are not what the headers
        promise. KeyError for a name that is not in `entries`."""
        entry = self.entries[name]
        crc = done = 0
        for chunk in self._unpacked(entry) if entry.method == DEFLATED else self._packed(entry):
            done += len(chunk)
            if done > entry.size:
                raise self._refused(f"{name!r} lies about its size: it holds more than {entry.size} bytes")
            crc = zlib.crc32(chunk, crc)
            if done == entry.size and crc != entry.crc:
                break
            yield chunk
        if done != entry.size:
            raise self._refused(f"{name!r} lies about its size: it holds {done} of {entry.size} bytes")
        if crc != entry.crc:
            raise self._refused(f"{name!r} is damaged: its checksum is another")

    def read(self, name: str) -> bytes:
        """The entry's bytes; for those known to be small."""
        return b"".join(self.stream(name))

    def _checked(self) -> dict[str, Entry]:
        status = os.fstat(self._file)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput(f"{self.path} is not a regular file.")
        try:
            entries = read_layout(self._read_at, status.st_size, self._limits.entries)
            names = ArchiveNames()
            for entry in entries:
                _check_type(entry)
                names.add(entry.name)
            self._check_sizes(entries, status.st_size)
        except Malformed as error:
            raise self._refused(str(error)) from error
        return {entry.name: entry for entry in entries if not entry.name.endswith("/")}

    def _check_sizes(self, entries: Iterable[Entry], archive: int) -> None:
        total = 0
        for entry in entries:
            total += entry.size
            if entry.size > self._limits.entry_bytes:
                raise Malformed(
                    f"{entry.name!r} holds {readable_size(entry.size)}; at most "
                    f"{readable_size(self._limits.entry_bytes)} are accepted"
                )
            if entry.size > max(_FREE_RATIO_BYTES, self._limits.ratio * entry.packed):
                raise Malformed(
                    f"{entry.name!r} would unpack to more than {self._limits.ratio} times its size in the archive"
                )
        if total > self._limits.total_bytes:
            raise Malformed(
                f"it holds {readable_size(total)}; at most {readable_size(self._limits.total_bytes)} are accepted"
            )
        if total > max(_FREE_RATIO_BYTES, self._limits.ratio * archive):
            raise Malformed(f"it would unpack to more than {self._limits.ratio} times its own size")

    def _read_at(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes at `offset`; only those that are there are asked for, whatever a header says."""
        parts: list[bytes] = []
        while length > 0 and (part := os.pread(self._file, min(length, CHUNK_BYTES), offset)):
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return b"".join(parts)

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        for offset in range(entry.data, entry.data + entry.packed, CHUNK_BYTES):
            yield self._read_at(offset, min(CHUNK_BYTES, entry.data + entry.packed - offset))

    def _unpacked(self, entry: Entry) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for packed in self._packed(entry):
                if unpacker.eof:
                    raise self._refused(f"{entry.name!r} goes on behind the end of its packed bytes")
                yield unpacker.decompress(packed, CHUNK_BYTES)
                while unpacker.unconsumed_tail:
                    yield unpacker.decompress(unpacker.unconsumed_tail, CHUNK_BYTES)
            # What the unpacker still keeps of its last window comes in chunks too.
            while not unpacker.eof and (chunk := unpacker.decompress(b"", CHUNK_BYTES)):
                yield chunk
        except zlib.error as error:
            raise self._refused(f"{entry.name!r} is damaged: {error}") from error
        if not unpacker.eof:
            raise self._refused(f"{entry.name!r} ends in the middle of its packed bytes")
        if unpacker.unused_data:
            raise self._refused(f"{entry.name!r} goes on behind the end of its packed bytes")

    def _refused(self, why: str) -> UnreadableInput:
        return UnreadableInput(f"{self.path} is refused: {why}.")


def _check_type(entry: Entry) -> None:
    is_folder = entry.name.endswith("/")
    kind = stat.S_IFMT(entry.mode)
    if kind == stat.S_IFLNK:
        raise Malformed(f"{entry.name!r} is a symbolic link")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Malformed(f"{entry.name!r} is a device, a pipe or a socket")
    if (kind == stat.S_IFDIR) > is_folder or (kind == stat.S_IFREG and is_folder):
        raise Malformed(f"{entry.name!r} is a file by its name and a folder by its type, or the reverse")
    if is_folder and entry.size:
        raise Malformed(f"the folder {entry.name!r} holds bytes")


class ArchiveNames:
    """Names that may stand together in an archive: safe, and distinct on every file system."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._listed_folders: set[str] = set()

    def add(self, name: str) -> None:
        """Take one more name; one that ends in `/` is a folder. Raises Malformed, and takes nothing, when it cannot be one."""
        if (problem := _name_problem(name)) is not None:
            shown = repr(name if len(name) <= 100 else name[:100] + "...")
            raise Malformed(f"it has an entry {shown}: {problem}")
        folded = folded_name(name.removesuffix("/"))
        is_folder = name.endswith("/")
        if (other := self._files.get(folded)) is not None:
            how = "twice" if other == name else f"and {other!r}, which are one name on some disks"
            raise Malformed(f"it has an entry {name!r} {how}")
        if folded in self._listed_folders:
            raise Malformed(f"it has an entry {name!r} twice, or as a folder too")
        if folded in self._folders and not is_folder:
            raise Malformed(f"{name!r} is a file, and a folder in {self._folders[folded]!r}")
        parents = _folders_above(folded)
        if file := next((self._files[parent] for parent in parents if parent in self._files), None):
            raise Malformed(f"{file!r} is a file, and a folder in {name!r}")
        for parent in parents:
            self._folders.setdefault(parent, name)
        if is_folder:
            self._listed_folders.add(folded)
            self._folders.setdefault(folded, name)
        else:
            self._files[folded] = name

    def take(self, name: str) -> bool:
        """Whether the name could be added."""
        try:
            self.add(name)
        except Malformed:
            return False
        return True


def _folders_above(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def _name_problem(name: str) -> str | None:
    if (problem := name_problem(name.removesuffix("/"))) is not None:
        return problem
    parts = name.split("/")
    if any(_DRIVE.match(part) for part in parts):
        return "it has a drive letter"
    if max(len(part.encode()) for part in parts) > _MAX_PART_BYTES:
        return f"a part of it is longer than {_MAX_PART_BYTES} bytes"
    return None


def folded_name(name: str) -> str:
    """One spelling for all names that some file system takes for the same: case and the two spellings of an accent are gone."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
