"""Plain files on a local disk: hashed, copied and replaced so that a kill at any moment leaves the old file or the new one."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from calotype.errors import UnreadableInput

CHUNK_BYTES = 1 << 20
_SMALL_BYTES = 1 << 16

_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS}


class FileStamp(NamedTuple):
    """What changes when somebody writes to a file: enough to notice that it is not the file that was hashed."""

    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> FileStamp:
        """The stamp of a regular file; symbolic links are followed. Raises UnreadableInput for anything else."""
        try:
            status = os.stat(path)
        except OSError as error:
            raise UnreadableInput(f"{path} cannot be read: {error.strerror}.") from error
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput(f"{path} is not a regular file.")
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)

    def check(self, path: Path) -> None:
        """Nothing, if `path` still has this stamp. Raises UnreadableInput otherwise."""
        if FileStamp.of(path) != self:
            raise UnreadableInput(
                f"{path} changed while it was being stored. Start again when nobody writes to it."
            )


def sha256_of(path: Path) -> tuple[str, FileStamp]:
    """The sha256 of a file's bytes in hexadecimal, and the stamp it had before and after reading.

    Raises UnreadableInput when it cannot be read or was written to meanwhile.
    """
    stamp = FileStamp.of(path)
    try:
        digest = digest_of_file(path)
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error.strerror}.") from error
    stamp.check(path)
    return digest, stamp


def digest_of_file(path: Path) -> str:
    """The sha256 of a file's bytes in hexadecimal; the system's own errors are raised."""
    with open(path, "rb") as file:
        # hashlib's loop over a file makes a buffer of 256 KiB first: four times the cost of a small file.
        start = file.read(_SMALL_BYTES)
        if len(start) < _SMALL_BYTES:
            return hashlib.sha256(start).hexdigest()
        hasher = hashlib.sha256(start)
        while chunk := file.read(CHUNK_BYTES):
            hasher.update(chunk)
        return hasher.hexdigest()


def temporary_name(path: Path) -> Path:
    """A hidden name beside `path` that nobody else has."""
    return path.with_name(f".{path.name[:80]}.{uuid.uuid4().hex}.part")


@contextmanager
def replacing(path: Path) -> Generator[Path]:
    """A temporary path beside `path` that becomes `path` in one step at the end, and disappears on any error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def copy_bytes(source: Path, target: Path) -> None:
    """Nothing; `target` is a new file with the bytes of `source`, sharing its blocks where the file system can."""
    with source.open("rb") as reader, target.open("xb") as writer:
        while True:
            try:
                copied = os.copy_file_range(reader.fileno(), writer.fileno(), 1 << 30)
            except (OSError, AttributeError):
                # Not every pair of file systems can (EXDEV, EINVAL, ENOSYS), and macOS has no such call.
                writer.seek(reader.tell() if reader.seekable() else 0)
                shutil.copyfileobj(reader, writer, CHUNK_BYTES)
                return
            if copied == 0:
                return


def copy_verified(source: Path, target: Path, digest: str) -> int | None:
    """The bytes of the copy `target`, which appears whole or not at all; None, and no copy, where its sha256 is not `digest`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(target)
    try:
        copy_bytes(source, temporary)
        if digest_of_file(temporary) != digest:
            return None
        size = temporary.stat().st_size
        os.replace(temporary, target)
        return size
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> bool:
    """Whether the new file `target` is a hard link to `source`; it is a copy where the file system allows no link."""
    try:
        # Resolved first: Linux would link the symbolic link itself.
        os.link(source.resolve(), target)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        copy_bytes(source, target)
        return False
    return True


def remove_tree(path: Path) -> None:
    """Nothing; `path` and all below it are gone, read-only folders included. Missing is fine."""
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        return
    except PermissionError:
        path.chmod(0o700)
        for base, folders, _ in os.walk(path):
            for name in folders:
                # Before os.walk looks inside. Links are left alone: their targets are not ours.
                if not os.path.islink(os.path.join(base, name)):
                    os.chmod(os.path.join(base, name), 0o700)
        shutil.rmtree(path)


def size_of_tree(path: Path) -> int:
    """Bytes in all regular files at or below `path`; what disappears meanwhile counts nothing."""
    total = 0
    stack = [path]
    while stack:
        current = stack.pop()
        with suppress(OSError):
            if current.is_symlink():
                continue
            if current.is_dir():
                stack.extend(current.iterdir())
            else:
                total += current.stat().st_size
    return total
