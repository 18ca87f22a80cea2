"""The local fast disk: a budget that several processes share, work folders that never outlive their owner, a cache by digest."""

from __future__ import annotations

import itertools
import json
import logging
import os
import re
import shutil
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from calotype.errors import CalotypeError, ChildDied, InvalidParameter, NoSpace, StageFailed
from calotype.storage.faults import FULL_DISK, readable_size, storage_faults
from calotype.storage.files import remove_tree, size_of_tree
from calotype.storage.locks import hold_file, is_held, locked

log = logging.getLogger(__name__)

_ENTRY = re.compile(r"[0-9a-z][0-9a-z.-]{1,150}")
# A library that found no room for its next block leaves what is smaller than that block.
_AS_GOOD_AS_FULL = 4 << 20
_FOLDERS = ("owners", "reservations", "work", "pins", "cache", "arriving", "fetching", "trash")


@dataclass(frozen=True, slots=True)
class ScratchUsage:
    """How full a scratch disk is, in bytes."""

    capacity: int | None
    """The budget; None when only the disk itself is the limit."""
    reserved: int
    """What live processes have reserved, used or not."""
    cached: int
    """What the cache holds; all of it that is not pinned can be evicted."""
    free_on_disk: int
    """What the file system could still take."""


class Scratch:
    """One process's door to a scratch folder; many processes, also in several containers of one machine, may share the folder.

    A process is known by an open file that it holds locked: the kernel lets go of it at any kind of death, so what a dead
    process left is recognised without trusting process ids, and is removed by the next process that opens the folder or
    runs short of room. For local disks only, not NFS.
    """

    def __init__(self, root: str | Path, capacity_bytes: int | None = None) -> None:
        self.root = Path(os.path.abspath(root))
        self.capacity = capacity_bytes
        self._numbers = itertools.count()
        self._pins: Counter[str] = Counter()
        self._pins_lock = threading.Lock()
        with storage_faults(str(self.root), "opening scratch", writing=True):
            for name in _FOLDERS:
                (self.root / name).mkdir(parents=True, exist_ok=True)
        with self._lock():
            self._owner, self._owner_file = self._announce()
            trash = self._reclaim()
            if len(list((self.root / "owners").iterdir())) == 1:
                # Alone: whatever sum a killed process left can be counted afresh, and its trash is nobody else's.
                (self.root / "cached-bytes").unlink(missing_ok=True)
                trash = list((self.root / "trash").iterdir())
        _remove_all(trash)

    def close(self) -> None:
        """Nothing; reservations, pins and work folders of this object are given up. The cache stays."""
        with self._lock():
            os.close(self._owner_file)
            trash = self._reclaim()
        _remove_all(trash)

    def usage(self) -> ScratchUsage:
        """What is reserved, cached and free at this moment."""
        with self._lock():
            return ScratchUsage(self.capacity, self._reserved(), self._cached_total(), self._free_on_disk())

    @contextmanager
    def reserve(self, size: int) -> Generator[None]:
        """A block in which `size` bytes of the budget are ours. The cache makes room, least recently used first.

        Raises NoSpace, with what is needed and what is free, when neither budget nor disk can hold it.
        """
        assert size >= 0
        mark = self.root / "reservations" / self._name()
        with self._lock():
            trash = self._make_room(size)
            mark.write_text(str(size))
        _remove_all(trash)
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    @contextmanager
    def workdir(self, label: str) -> Generator[Path]:
        """An empty folder of our own, gone after the block with all that is in it. `label` is for people who look."""
        readable = re.sub(r"[^0-9A-Za-z-]+", "-", label)[:60]
        path = self.root / "work" / f"{self._name()}.{readable}"
        with storage_faults(str(path), "making a work folder", writing=True):
            path.mkdir()
        try:
            yield path
        finally:
            try:
                remove_tree(path)
            except OSError as error:
                # The next process to open this scratch removes it; failing a finished stage for this would be worse.
                log.warning("work folder %s could not be removed: %s", path, error)

    @contextmanager
    def watched(self, step: str) -> Generator[None]:
        """A block whose failure is NoSpace if this disk is full by then: libraries tell a full disk in many ways, or just abort."""
        try:
            yield
        except Exception as error:
            is_told = isinstance(error, OSError) and error.errno in FULL_DISK
            may_be = not isinstance(error, CalotypeError) or isinstance(error, StageFailed)
            if is_told or (may_be and self._free_on_disk() < _AS_GOOD_AS_FULL):
                raise NoSpace(self._full(step, error)) from error
            raise

    def cached(self, digest: str, fetch: Callable[[Path], object], *, size: int | None = None) -> Path:
        """The cached file or folder `digest`, for reading only; `fetch(path)` makes it when it is not there yet.

        Of all processes and threads that ask at once, one fetches and the others wait. The entry is pinned, and so never
        evicted, until as many `release` calls or the end of this process. `size` lets room be made before fetching;
        without it, the disk must have room for the moment. An error in `fetch` leaves nothing; the next in line tries itself.
        """
        if not _ENTRY.fullmatch(digest):
            raise InvalidParameter(
                f"{digest!r} cannot name a cache entry: lower-case letters, digits, '.' and '-' can."
            )
        found = self._pin_existing(digest)
        if found is not None:
            return found
        with locked(self.root / "fetching" / digest, remove=True):
            found = self._pin_existing(digest)
            if found is not None:
                return found
            return self._fetch(digest, fetch, size or 0)

    def discard(self, digest: str) -> None:
        """Nothing; an entry that turned out wrong is out of the cache, also where others have it pinned: what they opened stays."""
        with self._lock():
            entry = self._entry(digest)
            size = size_of_tree(entry)
            trash = self._to_trash([entry])
            if trash:
                self._set_cached_total(self._cached_total() - size)
        _remove_all(trash)

    def release(self, digest: str) -> None:
        """Nothing; one `cached` call's pin is given back, and the entry may be evicted when no pin is left."""
        with self._pins_lock:
            assert self._pins[digest] > 0, f"{digest} is not pinned"
            self._pins[digest] -= 1
            if self._pins[digest] == 0:
                del self._pins[digest]
                (self._pin_folder / digest).unlink(missing_ok=True)

    @property
    def _pin_folder(self) -> Path:
        return self.root / "pins" / self._owner

    def _name(self) -> str:
        return f"{self._owner}.{next(self._numbers)}"

    def _entry(self, digest: str) -> Path:
        return self.root / "cache" / digest[:2] / digest

    @contextmanager
    def _lock(self) -> Generator[None]:
        with storage_faults(str(self.root), "using scratch", writing=True), locked(self.root / "lock"):
            yield

    # Everything below runs while the lock is held, unless it says otherwise.

    def _announce(self) -> tuple[str, int]:
        owner = uuid.uuid4().hex
        facts = json.dumps({"pid": os.getpid(), "host": os.uname().nodename}).encode()
        descriptor = hold_file(self.root / "owners" / owner, facts)
        (self.root / "pins" / owner).mkdir()
        return owner, descriptor

    def _reclaim(self) -> list[Path]:
        """What dead owners left, moved to the trash for removal after the lock is given back."""
        alive: set[str] = set()
        for path in (self.root / "owners").iterdir():
            if is_held(path):
                alive.add(path.name)
            else:
                path.unlink(missing_ok=True)
        left = [
            path
            for name in ("reservations", "work", "pins", "arriving")
            for path in (self.root / name).iterdir()
            if path.name.split(".", 1)[0] not in alive
        ]
        if left:
            log.info("scratch %s: removing %d left-overs of dead processes", self.root, len(left))
        return self._to_trash(left)

    def _to_trash(self, paths: list[Path]) -> list[Path]:
        moved: list[Path] = []
        for path in paths:
            target = self.root / "trash" / uuid.uuid4().hex
            with suppress(FileNotFoundError):
                os.rename(path, target)
                moved.append(target)
        return moved

    def _reserved(self) -> int:
        total = 0
        for path in (self.root / "reservations").iterdir():
            with suppress(FileNotFoundError, ValueError):
                total += int(path.read_text())
        return total

    def _free_on_disk(self) -> int:
        return shutil.disk_usage(self.root).free

    def _cached_total(self) -> int:
        try:
            return int((self.root / "cached-bytes").read_text())
        except (FileNotFoundError, ValueError):
            total = sum(size_of_tree(path) for path in self._entries())
            self._set_cached_total(total)
            return total

    def _set_cached_total(self, total: int) -> None:
        temporary = self.root / "cached-bytes.new"
        temporary.write_text(str(max(0, total)))
        os.replace(temporary, self.root / "cached-bytes")

    def _entries(self) -> list[Path]:
        return [entry for shelf in (self.root / "cache").iterdir() for entry in shelf.iterdir()]

    def _make_room(self, size: int, *, on_disk_already: bool = False) -> list[Path]:
        """What was moved to the trash so that `size` more bytes fit. Raises NoSpace when they cannot."""
        if self._missing(size, on_disk_already) <= 0:
            return []
        trash = self._reclaim()
        missing = self._missing(size, on_disk_already)
        if missing <= 0:
            return trash
        candidates = self._evictable()
        possible = sum(one.size for one in candidates)
        if possible < missing:
            _remove_all(trash)
            raise NoSpace(self._no_space(size, possible, missing))
        freed = 0
        for one in candidates:
            if freed >= missing:
                break
            trash += self._to_trash([one.path])
            freed += one.size
        self._set_cached_total(self._cached_total() - freed)
        log.info("scratch %s: evicted %d bytes of cached files", self.root, freed)
        return trash

    def _missing(self, size: int, on_disk_already: bool) -> int:
        """By how many bytes budget or disk, whichever is shorter, cannot hold `size` more; zero or less when they can."""
        reserved = self._reserved()
        over_budget = 0
        if self.capacity is not None:
            over_budget = reserved + self._cached_total() + size - self.capacity
        if on_disk_already:
            return over_budget
        return max(over_budget, size + self._unused_reservations(reserved) - self._free_on_disk())

    def _unused_reservations(self, reserved: int) -> int:
        """Reserved bytes that no work folder has taken from the disk yet; measured, as stages do not report what they write."""
        if reserved == 0:
            return 0
        return max(0, reserved - size_of_tree(self.root / "work") - size_of_tree(self.root / "arriving"))

    def _evictable(self) -> list[_Entry]:
        """Entries that no live owner has pinned, least recently used first."""
        pinned: set[str] = set()
        for folder in (self.root / "pins").iterdir():
            if folder.name == self._owner or is_held(self.root / "owners" / folder.name):
                pinned.update(path.name for path in folder.iterdir())
        found = [
            _Entry(path.lstat().st_mtime_ns, path, size_of_tree(path))
            for path in self._entries()
            if path.name not in pinned
        ]
        return sorted(found, key=lambda one: one.used_ns)

    def _no_space(self, size: int, evictable: int, missing: int) -> str:
        budget = (
            "no budget of its own" if self.capacity is None else f"a budget of {readable_size(self.capacity)}"
        )
        return (
            f"Scratch {self.root} cannot hold {readable_size(size)} more: it has {budget}, {readable_size(self._reserved())} are "
            f"reserved by running steps, {readable_size(self._free_on_disk())} are free on the disk and {readable_size(evictable)} "
            f"could be evicted, so {readable_size(missing - evictable)} are missing. "
            "Raise the budget, choose another disk, or run fewer steps at once."
        )

    def _full(self, step: str, error: Exception) -> str:
        usage = shutil.disk_usage(self.root)
        said = "" if isinstance(error, ChildDied) else f" ({type(error).__name__}: {error})"
        return (
            f"{step}: the disk of scratch {self.root} is full, {readable_size(usage.free)} of its {readable_size(usage.total)} are "
            f"free{said}. Free some space or point NVME_ROOT to another disk, then resume."
        )

    def _pin_existing(self, digest: str) -> Path | None:
        """The entry, pinned and marked as used, or None. Takes the lock itself."""
        entry = self._entry(digest)
        with self._lock():
            try:
                os.utime(entry, follow_symlinks=False)
            except FileNotFoundError:
                return None
            self._pin(digest)
        return entry

    def _pin(self, digest: str) -> None:
        with self._pins_lock:
            self._pins[digest] += 1
            (self._pin_folder / digest).touch()

    def _fetch(self, digest: str, fetch: Callable[[Path], object], expected: int) -> Path:
        """The new entry, pinned. Takes the lock itself, but not while fetching."""
        arriving = self.root / "arriving" / self._name()
        trash: list[Path] = []
        try:
            with self.reserve(expected):
                fetch(arriving)
                size = size_of_tree(arriving)
            with self._lock():
                trash = self._make_room(size, on_disk_already=True)
                self._shelve(digest, arriving, size)
        except BaseException:
            remove_tree(arriving)
            raise
        finally:
            _remove_all(trash)
        return self._entry(digest)

    def _shelve(self, digest: str, arriving: Path, size: int) -> None:
        entry = self._entry(digest)
        entry.parent.mkdir(exist_ok=True)
        # Counted first: a kill in between leaves a sum that is too large, which costs an eviction, and not one that is too small.
        self._set_cached_total(self._cached_total() + size)
        os.utime(arriving)
        os.rename(arriving, entry)
        self._pin(digest)


@dataclass(frozen=True, slots=True)
class _Entry:
    used_ns: int
    path: Path
    size: int


def _remove_all(paths: list[Path]) -> None:
    for path in paths:
        try:
            remove_tree(path)
        except OSError as error:
            log.warning("%s could not be removed: %s", path, error)
