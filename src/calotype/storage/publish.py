"""Give results readable names: files in a folder, hard-linked where the disk allows, or objects below a bucket prefix."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from calotype.errors import ConfigurationError, StoreUnwritable
from calotype.storage.blobs import Blobs
from calotype.storage.faults import storage_faults
from calotype.storage.files import link_or_copy, replacing, sha256_of
from calotype.storage.names import valid_digest, valid_key
from calotype.storage.s3 import S3Settings
from calotype.storage.store import Store, folder_of, open_store
from calotype.storage.transfer import read_ahead

LEDGER = ".calotype-published.json"
"""Lists, beside the published files, what was written under which name: what may be overwritten later."""

_AT_ONCE = 8
_DIGESTS_KEPT = 4


def publish_folder(
    blobs: Blobs,
    files: Mapping[str, str],
    destination: str | Path,
    *,
    options: Mapping[str, str] | None = None,
    s3: S3Settings | None = None,
    workdir: Path | None = None,
) -> list[str]:
    """The names that were written; those that were there already with the same bytes are not among them.

    `files` maps names (`poses/cameras.bin`) to blob digests; `destination` is a folder or a store URL. Each file appears
    whole or not at all. What an earlier call wrote is replaced; what somebody else wrote or changed never is: then
    ConfigurationError is raised before anything is written. Files of earlier calls that are not named now stay.
    A hard link shares its bytes with the store, so published files are read-only.
    `workdir` is where blobs pass on their way from one bucket to another.
    """
    wanted = {valid_key(name): valid_digest(digest) for name, digest in sorted(files.items())}
    parents = {parent.as_posix() for name in wanted for parent in Path(name).parents}
    if (both := sorted(parents & wanted.keys())) or LEDGER in wanted:
        raise ConfigurationError(f"{both[0] if both else LEDGER!r} cannot be the name of a published file.")
    text = str(destination)
    if isinstance(destination, Path) or "://" not in text or text.startswith("file://"):
        folder = folder_of(text) if text.startswith("file://") else Path(text)
        with storage_faults(text, "publishing", writing=True), _open_folder(folder) as opened:
            return _publish(wanted, _FolderDestination(blobs, Path(os.path.abspath(folder)), opened))
    store = open_store(text, options=options, s3=s3)
    with tempfile.TemporaryDirectory(prefix="publish-", dir=workdir) as passing:
        return _publish(wanted, _StoreDestination(blobs, store, Path(passing)))


@dataclass(frozen=True)
class _Written:
    """What the ledger knows of one name."""

    digests: tuple[str, ...]
    """The last few that were written, or were about to be when the process was killed; newest last."""
    stamp: str | None = None
    """What the destination said of the file after the newest was written."""


class _Destination(Protocol):
    where: str

    def read_ledger(self) -> bytes | None: ...
    def write_ledger(self, data: bytes) -> None: ...
    def stamp(self, name: str) -> str | None: ...
    def digest(self, name: str) -> str: ...
    def write(self, name: str, digest: str) -> None: ...


def _publish(wanted: Mapping[str, str], destination: _Destination) -> list[str]:
    ledger = _parse_ledger(destination.read_ledger())

    def digest_there(name: str) -> str | None:
        stamp = destination.stamp(name)
        if stamp is None:
            return None
        known = ledger.get(name)
        return known.digests[-1] if known and known.stamp == stamp else destination.digest(name)

    missing: list[str] = []
    with read_ahead(wanted, digest_there, _AT_ONCE) as digests:
        for (name, digest), there in zip(wanted.items(), digests, strict=True):
            if there == digest:
                continue
            if there is not None and (name not in ledger or there not in ledger[name].digests):
                raise ConfigurationError(
                    f"{destination.where}/{name} exists and was not written by Calotype, or was changed since. "
                    "Move it away, or choose another destination."
                )
            missing.append(name)
    if not missing:
        return missing
    # Noted before they are written, so that a killed publication can be repeated with other bytes.
    for name in missing:
        before = ledger[name].digests if name in ledger else ()
        ledger[name] = _Written((*before, wanted[name])[-_DIGESTS_KEPT:])
    destination.write_ledger(_ledger_bytes(ledger))

    def write(name: str) -> str | None:
        destination.write(name, wanted[name])
        return destination.stamp(name)

    with read_ahead(missing, write, _AT_ONCE) as stamps:
        for name, stamp in zip(missing, stamps, strict=True):
            ledger[name] = _Written(ledger[name].digests, stamp)
    destination.write_ledger(_ledger_bytes(ledger))
    return missing


class _FolderDestination:
    """A folder on a local disk. Nothing is written through a link, so no name and no link leads out of it."""

    def __init__(self, blobs: Blobs, folder: Path, opened: int) -> None:
        self.where = str(folder)
        self._blobs = blobs
        self._folder = folder
        self._opened = opened

    def read_ledger(self) -> bytes | None:
        path = self._folder / LEDGER
        return path.read_bytes() if path.is_file() else None

    def write_ledger(self, data: bytes) -> None:
        with replacing(self._folder / LEDGER) as temporary:
            temporary.write_bytes(data)

    def stamp(self, name: str) -> str | None:
        try:
            with self._parent(name, make=False) as (parent, last):
                status = os.stat(last, dir_fd=parent, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"

    def digest(self, name: str) -> str:
        path = self._folder / name
        # A link or a folder is nothing that Calotype publishes.
        return "" if path.is_symlink() or not path.is_file() else sha256_of(path)[0]

    def write(self, name: str, digest: str) -> None:
        arriving = self._folder / f".calotype-{uuid.uuid4().hex}.part"
        try:
            blob = self._blobs.local_path(digest)
            if blob is not None:
                link_or_copy(blob, arriving)
            else:
                self._blobs.fetch(digest, arriving)
            with self._parent(name, make=True) as (parent, last):
                os.replace(arriving, last, dst_dir_fd=parent)
        finally:
            arriving.unlink(missing_ok=True)

    @contextmanager
    def _parent(self, name: str, *, make: bool) -> Generator[tuple[int, str]]:
        """Descriptor of the folder that holds `name`, each part opened in the one before it, and the last part."""
        *folders, last = name.split("/")
        current = os.dup(self._opened)
        try:
            for part in folders:
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(part, dir_fd=current)
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


class _StoreDestination:
    """A prefix in a bucket."""

    def __init__(self, blobs: Blobs, store: Store, passing: Path) -> None:
        self.where = store.url
        self._blobs = blobs
        self._store = store
        self._passing = passing

    def read_ledger(self) -> bytes | None:
        return self._store.find(LEDGER)

    def write_ledger(self, data: bytes) -> None:
        self._store.put(LEDGER, data)

    def stamp(self, name: str) -> str | None:
        info = self._store.head(name)
        return None if info is None else info.etag or info.modified.isoformat()

    def digest(self, name: str) -> str:
        return self._store.digest(name)

    def write(self, name: str, digest: str) -> None:
        path = self._blobs.local_path(digest)
        if path is not None:
            self._store.upload(path, name)
            return
        path = self._passing / uuid.uuid4().hex
        self._blobs.fetch(digest, path)
        self._store.upload(path, name)
        path.unlink()


@contextmanager
def _open_folder(folder: Path) -> Generator[int]:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _parse_ledger(data: bytes | None) -> dict[str, _Written]:
    if data is None:
        return {}
    try:
        written = json.loads(data)["written"]
        return {name: _Written(tuple(one["digests"]), one["stamp"]) for name, one in written.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{LEDGER} in the destination is not readable ({error}). Remove it, or choose another destination."
        ) from error


def _ledger_bytes(ledger: Mapping[str, _Written]) -> bytes:
    written = {name: {"digests": one.digests, "stamp": one.stamp} for name, one in ledger.items()}
    return json.dumps({"written": written}, sort_keys=True, indent=1).encode()
