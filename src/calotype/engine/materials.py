"""Bring a task's inputs onto local disk under their names, and lazily where there are many."""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, overload

from calotype.artifacts import Artifact, ArtifactRef
from calotype.engine.ports import All
from calotype.engine.registry import kind_class
from calotype.engine.tasks import TaskItem
from calotype.errors import DamagedBlob, DamagedInput, StageFailed, UnreadableInput
from calotype.storage.blobs import Blobs
from calotype.storage.files import FileStamp, copy_verified, remove_tree
from calotype.storage.names import name_problem
from calotype.storage.scratch import Scratch
from calotype.storage.transfer import ReadAhead, grouped, read_ahead

log = logging.getLogger(__name__)

_READ_AHEAD = 8
_LONG_AGO_S = 1_000_000_000


Stamps = FileStamp | Mapping[str, FileStamp]
"""Of a file; of a folder, by the paths of its files in it."""


class Materials:
    """Turns references into artifacts with a local path, below one folder; bytes come from the store through scratch's cache."""

    def __init__(self, blobs: Blobs, scratch: Scratch, folder: Path) -> None:
        self._blobs = blobs
        self._scratch = scratch
        self.folder = folder
        self._placed: dict[str, dict[Path, Stamps]] = {}
        """By port, what was put there and what it looked like."""
        self._placing: dict[Path, threading.Lock] = {}

    def artifact(self, ref: ArtifactRef, port: str) -> Artifact:
        """The artifact, its bytes on local disk at `<folder>/<port>/<name>`."""
        if problem := name_problem(ref.name):
            raise UnreadableInput(f"{ref.name!r} cannot be the name of a file: {problem}.")
        path = self.folder / port / ref.name
        # Items are read ahead: the stage may ask for one that is arriving.
        with self._placing.setdefault(path, threading.Lock()):
            if not path.exists():
                try:
                    stamps = self._folder(ref, path) if ref.folder else self._file(ref, path)
                except DamagedBlob as error:
                    raise DamagedInput(f"{ref.name} cannot be used: {error}") from error
                self._placed.setdefault(port.partition("/")[0], {})[path] = stamps
        self._placing.pop(path, None)
        return kind_class(ref.kind)(name=ref.name, path=path)

    def _file(self, ref: ArtifactRef, path: Path) -> FileStamp:
        self._place(ref.digest, path)
        os.chmod(path, 0o444)
        return _aged(path)

    def _folder(self, ref: ArtifactRef, path: Path) -> Mapping[str, FileStamp]:
        self._blobs.fetch_folder(ref.digest, path)
        return {name: _aged(path / name) for name, _ in _files_below(path)}

    def _place(self, digest: str, path: Path) -> None:
        """A copy of the blob's bytes that is this task's own: no stage can change what others read."""
        if self._blobs.are_local:
            self._blobs.fetch(digest, path)
        elif not self._copied_from_cache(digest, path):
            log.warning("scratch held other bytes than the digest %s says; they are fetched again", digest)
            self._scratch.discard(digest)
            self._blobs.fetch(digest, path)

    def _copied_from_cache(self, digest: str, path: Path) -> bool:
        cached = self._scratch.cached(digest, lambda target: self._blobs.fetch(digest, target))
        try:
            return copy_verified(cached, path, digest) is not None
        except FileNotFoundError:
            return False  # Another task has just found it wrong.
        finally:
            self._scratch.release(digest)

    def check_unchanged(self, each: str = "", own: Iterable[Path] = ()) -> None:
        """Nothing, if all inputs that were placed are as they were; of the port `each` only those at `own` are looked at.

        What a stage removed does not count, but for what the items of `each` share: those that follow would miss it. Raises
        StageFailed where it wrote into one: what it made of it would not be that of its inputs. Takes some microseconds for
        each file.
        """
        for path, inside in self._changed(each, own):
            what = f"{path.name}/{inside} is part of an input" if inside else f"{path.name} is an input"
            done = "written to" if os.path.lexists(path / inside) else "removed"
            raise StageFailed(
                f"{what} and was {done} by the stage. Inputs are for reading only: "
                "copy the file into ctx.workdir and write there."
            )

    def put_right(self, each: str, own: Iterable[Path]) -> None:
        """Have what items share, and those at `own` of the port `each`, placed afresh for who asks next where it was written
        into, so that no other item fails for it."""
        for path, _ in self._changed(each, own):
            remove_tree(path)

    def places(self, port: str, refs: Sequence[ArtifactRef]) -> list[Path]:
        """Where the artifacts of one item lie, or would lie."""
        if len(refs) == 1:
            return [self.folder / port / refs[0].name]
        return [self.folder / port / ref.kind / ref.name for ref in refs]

    def _changed(self, each: str = "", own: Iterable[Path] = ()) -> Iterator[tuple[Path, str]]:
        """Inputs with other bytes than when they were placed, and which of its files in a folder."""
        for port, placed in list(self._placed.items()):  # Copied in one go: items are read ahead meanwhile.
            known = (
                list(placed.items()) if port != each else [(one, placed[one]) for one in own if one in placed]
            )
            for path, stamps in known:
                if (
                    inside := _written_in(path, stamps, must_be_whole=bool(each) and port != each)
                ) is not None:
                    yield path, inside


def _aged(path: Path) -> FileStamp:
    """The file's stamp with an old time: the clock of files is coarse, and only that is sure to change with the next write."""
    os.utime(path, (_LONG_AGO_S, _LONG_AGO_S))
    return FileStamp.of(path)


def _written_in(path: Path, known: Stamps, *, must_be_whole: bool) -> str | None:
    """What has other bytes than when it was placed: a file in this folder that changed or is new, empty for the path itself;
    None when nothing has. With `must_be_whole` what is missing counts too."""
    try:
        status = os.lstat(path)
        if isinstance(known, FileStamp):
            return None if stat.S_ISREG(status.st_mode) and _stamp(status) == known else ""
        if not stat.S_ISDIR(status.st_mode):
            return ""
        found = dict(_files_below(path))
        if must_be_whole and (missing := known.keys() - found.keys()):
            return min(missing)
        return next((name for name, stamp in found.items() if known.get(name) != stamp), None)
    except FileNotFoundError:
        return "" if must_be_whole else None


def _files_below(folder: Path) -> Iterator[tuple[str, FileStamp]]:
    """Everything in a folder but folders: its path in there, and its stamp; what disappears meanwhile is left out."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(folder / below) as entries:
            for entry in entries:
                name = f"{below}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{name}/")
                    continue
                with suppress(FileNotFoundError):
                    yield name, _stamp(entry.stat(follow_symlinks=False))


def _stamp(status: os.stat_result) -> FileStamp:
    return FileStamp(status.st_size, status.st_mtime_ns, status.st_ino)


class LazyAll(All[Any]):
    """An `All` input: knows all its names at once and fetches a file when the item is indexed, ahead when iterated."""

    def __init__(self, members: Sequence[tuple[ArtifactRef, ...]], port: str, materials: Materials) -> None:
        self._members = members
        self._port = port
        self._materials = materials

    @property
    def names(self) -> list[str]:
        """Names of the items, without fetching anything."""
        return [refs[0].name for refs in self._members]

    def __len__(self) -> int:
        return len(self._members)

    def _fetch(self, refs: tuple[ArtifactRef, ...]) -> Any:
        return as_item(self._materials, refs, self._port)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return LazyAll(self._members[index], self._port, self._materials)
        return self._fetch(self._members[index])

    def __iter__(self) -> Iterator[Any]:
        with read_ahead(self._members, self._fetch, _READ_AHEAD) as items:
            yield from items


def as_item(materials: Materials, refs: tuple[ArtifactRef, ...], port: str) -> Any:
    """One artifact, or a tuple of those that are paired (each kind in a folder of its own: they share names)."""
    if len(refs) == 1:
        return materials.artifact(refs[0], port)
    return tuple(materials.artifact(ref, f"{port}/{ref.kind}") for ref in refs)


class EachItems:
    """An `Each` input as the stage sees it: iterates over items, reading ahead, and stops where the run is cancelled."""

    def __init__(
        self,
        fetch: Callable[[TaskItem], Any],
        items: Sequence[TaskItem],
        handed_out: Callable[[TaskItem, Any], None],
        group_bytes: int = 0,
    ) -> None:
        """Items of up to `group_bytes` together are fetched by one thread in one go."""
        self._fetch = fetch
        self._items = items
        self._handed_out = handed_out
        self._group_bytes = group_bytes
        self._open: list[ReadAhead[Any, Any]] = []

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        def fetch(group: Sequence[TaskItem]) -> list[tuple[TaskItem, Any]]:
            return [(item, self._fetch(item)) for item in group]

        with read_ahead(grouped(self._items, _size_of, self._group_bytes), fetch, _READ_AHEAD) as groups:
            self._open.append(groups)
            for group in groups:
                for item, value in group:
                    self._handed_out(item, value)
                    yield value

    def close(self) -> None:
        """Nothing; no file is being fetched any more, also where the stage left its loop by an error."""
        for groups in self._open:
            groups.close()


def _size_of(item: TaskItem) -> int:
    return sum(ref.size for ref in item.refs)
