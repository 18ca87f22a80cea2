"""A folder that behaves like a bucket: atomic puts, exclusive creates, listings in key order, hard links where they save a copy."""

from __future__ import annotations

import errno
import os
import stat
import time
import uuid
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from calotype.errors import InvalidParameter, UnknownName
from calotype.storage.faults import storage_faults
from calotype.storage.files import CHUNK_BYTES, FileStamp, copy_bytes, link_or_copy
from calotype.storage.objects import ObjectInfo

TEMPORARY = ".calotype-tmp"
_STALE_S = 86_400.0
_NO_EXCLUSIVE_LINK = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


class FolderBackend:
    """Objects as files below one root. Written here and not by obstore's LocalStore, which lists in no order,
    hides names ending in `#1`, follows links out of the root and fails when deleting what is gone.

    Survives killed processes. Against power failure it does not sync each file: blobs are checked when they are read.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.abspath(root))
        self._start = os.path.join(self.root, "")
        self.url = self.root.as_uri()
        self.server = "folder"
        self._prepared = False

    def read(self, key: str) -> bytes:
        with self._faults("reading", key):
            return self._existing(key).read_bytes()

    def stream(self, key: str) -> Iterator[bytes]:
        with self._faults("reading", key), self._existing(key).open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    def write(self, key: str, data: bytes) -> None:
        with self._faults("writing", key), self._arriving(key) as temporary:
            temporary.write_bytes(data)
            os.replace(temporary, self._path(key))

    def write_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        with self._faults("writing", key), self._arriving(key) as temporary:
            with temporary.open("wb") as file:
                file.writelines(pieces)
            os.replace(temporary, self._path(key))

    def create(self, key: str, data: bytes) -> bool | None:
        with self._faults("creating", key), self._arriving(key) as temporary:
            temporary.write_bytes(data)
            try:
                os.link(temporary, self._path(key))
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno in _NO_EXCLUSIVE_LINK:
                    return None
                raise
            return True

    def write_file(self, path: Path, key: str, stamp: FileStamp, *, hand_over: bool, read_only: bool) -> None:
        with self._faults("writing", key):
            if hand_over and read_only and self._linked(path, key, stamp):
                return
            self._write_copy(path, key, stamp, hand_over=hand_over, read_only=read_only)

    def _linked(self, path: Path, key: str, stamp: FileStamp) -> bool:
        """Whether the new object `key` is a second name of the file, whole at once: False where something is in the way."""
        try:
            status = os.lstat(path)
            if FileStamp(status.st_size, status.st_mtime_ns, status.st_ino) != stamp:
                return False  # A link, whose target is what counts; or somebody writes to it.
            os.chmod(path, 0o444)
            # An object is as old as its arrival here: gc spares young ones, whose records are still to come.
            os.utime(path)
            try:
                os.link(path, self._path(key))
            except OSError:
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
                raise
        except OSError:
            return False  # An object is there already, its folder is not, or the file lies on another disk.
        return True

    def _write_copy(
        self, path: Path, key: str, stamp: FileStamp, *, hand_over: bool, read_only: bool
    ) -> None:
        with self._arriving(key) as temporary:
            if hand_over:
                link_or_copy(path, temporary)
            else:
                copy_bytes(path, temporary)
            stamp.check(path)
            if hand_over:
                # An object is as old as its arrival here, however long ago its bytes were written.
                with suppress(OSError):
                    os.utime(temporary)
            if read_only:
                temporary.chmod(0o444)
            os.replace(temporary, self._path(key))

    def head(self, key: str) -> ObjectInfo | None:
        try:
            with self._faults("looking at", key):
                status = os.stat(self._path(key))
                return _info(key, status) if stat.S_ISREG(status.st_mode) else None
        except UnknownName:
            return None

    def list(self, prefix: str, start_after: str | None) -> Iterator[ObjectInfo]:
        with self._faults("listing", prefix or "."):
            start = self._path(prefix) if prefix else self.root
            if start.is_dir():
                yield from _walk(start, f"{prefix}/" if prefix else "", start_after or "")

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            with self._faults("deleting", key), suppress(FileNotFoundError, NotADirectoryError):
                self._path(key).unlink()

    def local_path(self, key: str) -> Path | None:
        return self._path(key)

    def _path(self, key: str) -> Path:
        if key.split("/", 1)[0] == TEMPORARY:
            raise InvalidParameter(
                f"{key!r} cannot be a name in a store: {TEMPORARY} is kept for unfinished files."
            )
        return Path(f"{self._start}{key}")

    def _existing(self, key: str) -> Path:
        path = self._path(key)
        if not path.is_file():
            raise UnknownName(f"{self.url}: there is no object {key}.")
        return path

    @contextmanager
    def _arriving(self, key: str) -> Generator[Path]:
        """A new name on the store's own disk for a file on its way to `key`, whose folder exists."""
        folder = self.root / TEMPORARY
        if not self._prepared:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_stale(folder)
            self._prepared = True
        parent = self._path(key).parent
        if not parent.is_dir():
            parent.mkdir(parents=True, exist_ok=True)
        temporary = folder / uuid.uuid4().hex
        try:
            yield temporary
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _faults(self, doing: str, key: str) -> AbstractContextManager[None]:
        return storage_faults(
            self.url, f"{doing} {key}", writing=doing in ("writing", "creating", "deleting")
        )


def _info(key: str, status: os.stat_result) -> ObjectInfo:
    etag = f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"
    return ObjectInfo(key, status.st_size, etag, datetime.fromtimestamp(status.st_mtime, UTC))


def _walk(folder: Path, prefix: str, start_after: str) -> Iterator[ObjectInfo]:
    """Files below `folder` in the order of their keys, which S3 lists by too: `a.txt` before `a/b` before `a0`."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False), entry) for entry in entries]
    except FileNotFoundError:
        return
    found.sort(key=lambda one: one[0] + "/" if one[1] else one[0])
    for name, is_folder, entry in found:
        key = prefix + name
        if is_folder:
            below = f"{key}/"
            if key == TEMPORARY or (below < start_after and not start_after.startswith(below)):
                continue
            yield from _walk(folder / name, below, start_after)
        elif key > start_after:
            with suppress(FileNotFoundError):
                if entry.is_file():
                    yield _info(key, entry.stat())


def _remove_stale(folder: Path) -> None:
    """Remove what killed processes left; a day is longer than any upload that still lives."""
    oldest = time.time() - _STALE_S
    for path in folder.iterdir():
        with suppress(OSError):
            if path.stat().st_ctime < oldest:
                path.unlink()


def remove_leftovers(root: Path, oldest: float, *, count_only: bool = False) -> tuple[int, int]:
    """(files, bytes) of a folder store's unfinished files that were last written before `oldest`, in seconds since the epoch.

    They are removed, and empty folders of tasks and outputs with them, unless `count_only`.
    """
    count = size = 0
    for path in [*(root / TEMPORARY).glob("*")]:
        with suppress(OSError):
            status = path.stat()
            if status.st_ctime < oldest:
                count, size = count + 1, size + status.st_size
                if not count_only:
                    path.unlink()
    if not count_only:
        for kind in ("tasks", "outputs"):
            # Times are read before anything is removed, which would change that of the folder above.
            times: list[tuple[str, float]] = []
            for base, _, _ in os.walk(root / kind):
                with suppress(OSError):
                    times.append((base, os.stat(base).st_mtime))
            for base, modified in reversed(times):
                # Only old ones: a run at work has just made its folder.
                if modified < oldest:
                    with suppress(OSError):
                        os.rmdir(base)
    return count, size
