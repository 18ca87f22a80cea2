"""A local folder that receives published files: all of them or none, never through a link, nothing left over."""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import threading
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from calotype.errors import StoreUnwritable
from calotype.storage.blobs import Blobs
from calotype.storage.files import remove_tree, replacing, sha256_of

log = logging.getLogger(__name__)

_STAGED = ".calotype-{}.part"
_PROBE_BYTES = 4096


class FolderDestination:
    """A folder, made when it is missing. Files are prepared in a hidden folder inside, on the same disk, and then renamed."""

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        """`alone`: of those that want it so, one process at a time is inside; others wait for it."""
        self.where = str(folder)
        self._folder = folder
        self._alone = alone
        self._opened = self._locked = -1
        self._staged: Path | None = None
        self._staging = threading.Lock()
        self._made: list[Path] = []

    def __enter__(self) -> FolderDestination:
        while True:
            self._made = _make_folders(self._folder)
            self._opened = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            if not self._alone:
                return self
            self._wait_for_others()
            # Who was inside may have failed, and taken the folder that it had made away again.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._opened), self._folder.stat()):
                    return self
            os.close(self._opened)

    def _wait_for_others(self) -> None:
        try:
            fcntl.flock(self._opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log.warning("another run publishes to %s: waiting until it has", self.where)
            fcntl.flock(self._opened, fcntl.LOCK_EX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._staged is not None:
            remove_tree(self._staged)
            os.close(self._locked)
        if error is not None:
            _remove_empty(self._made)
        os.close(self._opened)  # Now others come in, who look whether the folder is still there.

    def read(self, name: str) -> bytes | None:
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None

    def write(self, name: str, data: bytes) -> None:
        with replacing(self._folder / name) as temporary:
            temporary.write_bytes(data)

    def stamp(self, name: str) -> str | None:
        try:
            with self._parent(name, make=False) as (parent, last):
                return _stamp(os.stat(last, dir_fd=parent, follow_symlinks=False))
        except FileNotFoundError:
            return None

    def digest(self, name: str) -> str:
        path = self._folder / name
        # A link or a folder is nothing that Calotype publishes.
        return "" if path.is_symlink() or not path.is_file() else sha256_of(path)[0]

    def prepare(self, name: str, digest: str, blobs: Blobs) -> str | None:
        """The stamp the file will have. The folder it goes to is made as well, so that placing it needs no more room."""
        with self._parent(name, make=True):
            pass
        arriving = self._stage() / _staged_name(name)
        blobs.fetch(digest, arriving)
        return _stamp(arriving.stat())

    def place(self, name: str, digest: str, blobs: Blobs) -> None:
        del digest, blobs
        with self._parent(name, make=False) as (parent, last):
            os.replace(self._stage() / _staged_name(name), last, dst_dir_fd=parent)

    def remove(self, name: str) -> None:
        """Nothing; the file is gone, and so are folders above it that are empty now."""
        with self._parent(name, make=False) as (parent, last):
            os.unlink(last, dir_fd=parent)
        above = list(Path(name).parents)[:-1]
        _remove_empty([self._folder / one for one in reversed(above)])

    def _stage(self) -> Path:
        """The hidden folder where files wait, locked as long as we live; those that killed processes left are removed first."""
        with self._staging:
            while self._staged is None:
                for path in self._folder.glob(_STAGED.format("*")):
                    with suppress(OSError), _locked_folder(path):
                        remove_tree(path)
                path = self._folder / _STAGED.format(uuid.uuid4().hex)
                path.mkdir()
                self._locked = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
                fcntl.flock(self._locked, fcntl.LOCK_EX)
                if path.exists():  # Another process may have taken it for a left-over before it was locked.
                    self._staged = path
                else:
                    os.close(self._locked)
            return self._staged

    @contextmanager
    def _parent(self, name: str, *, make: bool) -> Generator[tuple[int, str]]:
        """Descriptor of the folder that holds `name`, each part opened in the one before it, and the last part."""
        *folders, last = name.split("/")
        current = os.dup(self._opened)
        try:
            for depth, part in enumerate(folders, 1):
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, dir_fd=current)
                        self._made.append(self._folder.joinpath(*folders[:depth]))
                try:
                    inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=current)
                except NotADirectoryError as error:
                    raise StoreUnwritable(
                        f"{self.where}/{name} cannot be published: {part} is a file or a link there. "
                        "Choose another destination."
                    ) from error
                os.close(current)
                current = inner
            yield current, last
        finally:
            os.close(current)


def check_folder(folder: Path) -> None:
    """Nothing, if a file can be written into the folder, which may be missing and then is not made.

    Raises StoreUnwritable for what is no folder, OSError as the system does.
    """
    for path in (folder, *folder.parents):
        if os.path.lexists(path):
            if not path.is_dir():
                raise StoreUnwritable(f"{path} is not a folder. Choose another destination.")
            break
    made = _make_folders(folder)
    probe = folder / _STAGED.format(uuid.uuid4().hex)
    try:
        probe.write_bytes(b"\0" * _PROBE_BYTES)
    finally:
        probe.unlink(missing_ok=True)
        _remove_empty(made)


def _staged_name(name: str) -> str:
    """A name for a file that waits: short, whatever folders it goes to."""
    return hashlib.sha256(name.encode()).hexdigest()


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"


def _make_folders(folder: Path) -> list[Path]:
    """The folders that had to be made, outermost first; none of them stays when one cannot be made."""
    missing = [path for path in (folder, *folder.parents) if not path.is_dir()]
    made: list[Path] = []
    try:
        for path in reversed(missing):
            with suppress(FileExistsError):
                path.mkdir()
                made.append(path)
    except BaseException:
        _remove_empty(made)
        raise
    return made


def _remove_empty(folders: list[Path]) -> None:
    """Nothing; those of the folders that are empty are gone, the last ones first."""
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def _locked_folder(folder: Path) -> Generator[None]:
    """A block in which no other process prepares files in the folder; OSError when one does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
