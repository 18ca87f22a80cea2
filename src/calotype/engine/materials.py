"""Bring a task's inputs onto local disk under their names, and lazily where there are many."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, overload

from calotype.artifacts import Artifact, ArtifactRef
from calotype.engine.ports import All
from calotype.engine.registry import kind_class
from calotype.engine.tasks import TaskItem
from calotype.errors import DamagedBlob, DamagedInput, StageFailed, UnreadableInput
from calotype.storage.blobs import Blobs
from calotype.storage.files import FileStamp, copy_verified
from calotype.storage.names import name_problem
from calotype.storage.scratch import Scratch
from calotype.storage.transfer import ReadAhead, grouped, read_ahead

log = logging.getLogger(__name__)

_READ_AHEAD = 8
_LONG_AGO_S = 1_000_000_000


class Materials:
    """Turns references into artifacts with a local path, below one folder; bytes come from the store through scratch's cache."""

    def __init__(self, blobs: Blobs, scratch: Scratch, folder: Path) -> None:
        self._blobs = blobs
        self._scratch = scratch
        self.folder = folder
        self._stamps: dict[Path, FileStamp] = {}

    def artifact(self, ref: ArtifactRef, port: str) -> Artifact:
        """The artifact, its bytes on local disk at `<folder>/<port>/<name>`."""
        if problem := name_problem(ref.name):
            raise UnreadableInput(f"{ref.name!r} cannot be the name of a file: {problem}.")
        path = self.folder / port / ref.name
        if not path.exists():
            try:
                if ref.folder:
                    self._blobs.fetch_folder(ref.digest, path)
                else:
                    self._place(ref.digest, path)
            except DamagedBlob as error:
                raise DamagedInput(f"{ref.name} cannot be used: {error}") from error
        return kind_class(ref.kind)(name=ref.name, path=path)

    def _place(self, digest: str, path: Path) -> None:
        """A copy of the blob's bytes that is this task's own: no stage can change what others read."""
        if self._blobs.are_local:
            self._blobs.fetch(digest, path)
        elif not self._copied_from_cache(digest, path):
            log.warning("scratch held other bytes than the digest %s says; they are fetched again", digest)
            self._scratch.discard(digest)
            self._blobs.fetch(digest, path)
        os.chmod(path, 0o444)
        # The clock of files is coarse: only an old time is sure to change with the next write.
        os.utime(path, (_LONG_AGO_S, _LONG_AGO_S))
        self._stamps[path] = FileStamp.of(path)

    def _copied_from_cache(self, digest: str, path: Path) -> bool:
        cached = self._scratch.cached(digest, lambda target: self._blobs.fetch(digest, target))
        try:
            return copy_verified(cached, path, digest) is not None
        except FileNotFoundError:
            return False  # Another task has just found it wrong.
        finally:
            self._scratch.release(digest)

    def check_unchanged(self, paths: Iterable[Path] | None = None) -> None:
        """Nothing, if these input files, or all that were placed, are as they were; what the stage removed does not count.

        Raises StageFailed where the stage wrote into one: what it made of it would not be that of its inputs.
        """
        for path in [*self._stamps] if paths is None else paths:
            known = self._stamps.get(path)
            if known is not None and path.exists() and FileStamp.of(path) != known:
                raise StageFailed(
                    f"{path.name} is an input and was written to by the stage. Inputs are for reading only: "
                    "copy the file into ctx.workdir and write there."
                )


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
