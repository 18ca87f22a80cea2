"""Give results readable names: files in a folder, or objects below a bucket prefix. What others wrote there is left alone."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from calotype.errors import CalotypeError, ConfigurationError, StoreUnwritable
from calotype.storage.blobs import Blobs
from calotype.storage.faults import storage_faults
from calotype.storage.names import valid_digest, valid_key
from calotype.storage.publish_folder import FolderDestination, check_folder
from calotype.storage.s3 import S3Settings
from calotype.storage.source_files import LEDGER
from calotype.storage.store import Store, folder_of, open_store
from calotype.storage.transfer import read_ahead

"""Lists, beside the published files, what was written under which name: what may be overwritten or removed later."""

_AT_ONCE = 8
_DIGESTS_KEPT = 4


def publish(
    blobs: Blobs,
    files: Mapping[str, str],
    destination: str | Path,
    *,
    options: Mapping[str, str] | None = None,
    s3: S3Settings | None = None,
    workdir: Path | None = None,
    run: str = "",
) -> list[str]:
    """The names that were written; those that were there already with the same bytes are not among them.

    `files` maps names (`poses/cameras.bin`) to blob digests; `destination` is a folder or a store URL. In a folder all files are
    written beside their places first, so that a full disk leaves the folder as it was; in a bucket each object appears whole.
    What an earlier call wrote is replaced, or removed where it is not named now; what somebody else wrote or changed never is:
    where such a file is in the way, ConfigurationError is raised before anything is written.
    Files are copies: editing one changes nothing in the store. `workdir` is where blobs pass from one bucket to another; `run`
    is noted beside the files. A folder receives from one process at a time, the others wait; of two that publish to one prefix
    of a bucket at once, one may be refused with that reason.
    """
    wanted = {valid_key(name): valid_digest(digest) for name, digest in sorted(files.items())}
    parents = {parent.as_posix() for name in wanted for parent in Path(name).parents}
    if (both := sorted(parents & wanted.keys())) or LEDGER in wanted:
        raise ConfigurationError(f"{both[0] if both else LEDGER!r} cannot be the name of a published file.")
    with tempfile.TemporaryDirectory(prefix="publish-", dir=workdir) as passing:
        place = _destination(destination, options, s3)
        if isinstance(place, Path):
            with (
                storage_faults(str(destination), "publishing", writing=True),
                FolderDestination(place, alone=True) as folder,
            ):
                return _publish(wanted, blobs, folder, run)
        return _publish(wanted, blobs, _StoreDestination(place, Path(passing)), run)


def check_destination(
    destination: str | Path,
    names: Iterable[str] = (),
    *,
    options: Mapping[str, str] | None = None,
    s3: S3Settings | None = None,
) -> None:
    """Nothing, if files with these names could be published there now; it is left as it was.

    Raises StoreUnwritable, NoSpace or ConfigurationError, in words of what the user gave, so that hours of work do not end in it.
    """
    place = _destination(destination, options, s3)
    if isinstance(place, Path):
        with storage_faults(str(destination), "writing a file there", writing=True):
            check_folder(place)
            if place.is_dir():
                with FolderDestination(place) as folder:
                    _refuse_what_is_in_the_way(names, folder)
        return
    probe = f".calotype-{uuid.uuid4().hex}.probe"
    place.put(probe, b"")
    with suppress(CalotypeError):  # Who may write and not remove can still be published to.
        place.delete(probe)
    _refuse_what_is_in_the_way(names, _StoreDestination(place, Path()))


def refuse_mixing(destination: str, store_url: str, inputs: Mapping[str, str | Path]) -> None:
    """ConfigurationError when outputs would lie among a run's inputs or inside its store.

    Below a folder of inputs is fine: what is published there is not taken for an input.
    """
    place = _location(destination)
    for name, given in inputs.items():
        if place == _location(str(given)):
            raise ConfigurationError(
                f"It is the source of {name}: the next run would take the outputs for {name}. Choose another place."
            )
    if (place + "/").startswith(_location(store_url) + "/"):
        raise ConfigurationError("It is the store, or lies in it. Choose another place.")


def _location(given: str) -> str:
    """One spelling for a folder or bucket prefix."""
    if "://" in given and not given.startswith("file://"):
        return given.rstrip("/")
    return os.path.realpath(folder_of(given) if "://" in given else given)


def _destination(
    destination: str | Path, options: Mapping[str, str] | None, s3: S3Settings | None
) -> Path | Store:
    text = str(destination)
    if isinstance(destination, Path) or "://" not in text:
        return Path(os.path.abspath(text))
    if text.startswith("file://"):
        return folder_of(text)
    return open_store(text, options=options, s3=s3)


@dataclass(frozen=True)
class _Written:
    """What the ledger knows of one name."""

    digests: tuple[str, ...]
    """The last few that were written, or were about to be when the process was killed; newest last."""
    stamp: str | None = None
    """What the destination said of the file that has the newest."""


class _Destination(Protocol):
    where: str

    def read(self, name: str) -> bytes | None: ...
    def write(self, name: str, data: bytes) -> None: ...
    def stamp(self, name: str) -> str | None:
        """Changes when the file does; None when there is none."""
        ...

    def digest(self, name: str) -> str:
        """sha256 of the file; empty for what is not a plain file."""
        ...

    def prepare(self, name: str, digest: str, blobs: Blobs) -> str | None:
        """Bring the bytes as near to their place as can be without touching what is there; their stamp when it is known."""
        ...

    def place(self, name: str, digest: str, blobs: Blobs) -> None:
        """Put what was prepared into its place."""
        ...

    def remove(self, name: str) -> None: ...


def _publish(wanted: Mapping[str, str], blobs: Blobs, destination: _Destination, run: str) -> list[str]:
    noted = destination.read(LEDGER)
    ledger = _parse_ledger(noted)
    try:
        missing = _missing(wanted, ledger, destination)
    except ConfigurationError as error:
        if (now := destination.read(LEDGER)) == noted:
            raise
        raise _another_publishes(destination, now) from error
    obsolete = [name for name in ledger if name not in wanted]
    if not missing and not obsolete and (not run or _noted_run(noted) == run):
        return missing
    with read_ahead(missing, lambda name: destination.prepare(name, wanted[name], blobs), _AT_ONCE) as stamps:
        prepared = dict(zip(missing, stamps, strict=True))
    # Noted before they are in their places, so that a killed publication can be repeated with other bytes.
    for name in missing:
        before = ledger[name].digests if name in ledger else ()
        ledger[name] = _Written((*before, wanted[name])[-_DIGESTS_KEPT:], prepared[name])
    destination.write(LEDGER, _ledger_bytes(ledger, run))
    with read_ahead(missing, lambda name: destination.place(name, wanted[name], blobs), _AT_ONCE) as placed:
        for _ in placed:
            pass
    for name in obsolete:
        with suppress(
            StoreUnwritable
        ):  # Its folder was replaced by a file or a link: that is not ours to clear away.
            if _is_ours(name, ledger, destination):
                destination.remove(name)
        del ledger[name]
    if obsolete or None in prepared.values():
        for name in missing:
            ledger[name] = _Written(ledger[name].digests, destination.stamp(name))
        destination.write(LEDGER, _ledger_bytes(ledger, run))
    return missing


def _missing(
    wanted: Mapping[str, str], ledger: Mapping[str, _Written], destination: _Destination
) -> list[str]:
    """Names whose bytes are not there yet. Raises ConfigurationError where somebody else's file has the name."""
    missing: list[str] = []
    with read_ahead(wanted, lambda name: _digest_there(name, ledger, destination), _AT_ONCE) as digests:
        for (name, digest), there in zip(wanted.items(), digests, strict=True):
            if there == digest:
                continue
            if there is not None and (name not in ledger or there not in ledger[name].digests):
                raise _in_the_way(destination, name)
            missing.append(name)
    return missing


def _refuse_what_is_in_the_way(names: Iterable[str], destination: _Destination) -> None:
    ledger = _parse_ledger(destination.read(LEDGER))
    for name in names:
        if destination.stamp(name) is not None and not _is_ours(name, ledger, destination):
            raise _in_the_way(destination, name)


def _is_ours(name: str, ledger: Mapping[str, _Written], destination: _Destination) -> bool:
    """Whether the file is there and still has bytes that were published under its name."""
    return name in ledger and _digest_there(name, ledger, destination) in ledger[name].digests


def _digest_there(name: str, ledger: Mapping[str, _Written], destination: _Destination) -> str | None:
    stamp = destination.stamp(name)
    if stamp is None:
        return None
    known = ledger.get(name)
    return known.digests[-1] if known and known.stamp == stamp else destination.digest(name)


def _in_the_way(destination: _Destination, name: str) -> ConfigurationError:
    return ConfigurationError(
        f"{destination.where}/{name} exists and was not written by Calotype, or was changed since. "
        "Move it away, or choose another destination."
    )


def _another_publishes(destination: _Destination, ledger: bytes | None) -> ConfigurationError:
    run = _noted_run(ledger)
    return ConfigurationError(
        f"{'Run ' + run if run else 'Another run'} published to {destination.where} at the same moment. Resume this run to put its "
        "files in place of those, or choose another destination."
    )


class _StoreDestination:
    """A prefix in a bucket, which shows an object only when all of it has arrived."""

    def __init__(self, store: Store, passing: Path) -> None:
        self.where = store.url
        self._store = store
        self._passing = passing

    def read(self, name: str) -> bytes | None:
        return self._store.find(name)

    def write(self, name: str, data: bytes) -> None:
        self._store.put(name, data)

    def stamp(self, name: str) -> str | None:
        info = self._store.head(name)
        return None if info is None else info.etag or info.modified.isoformat()

    def digest(self, name: str) -> str:
        return self._store.digest(name)

    def prepare(self, name: str, digest: str, blobs: Blobs) -> str | None:
        del name, digest, blobs
        return None

    def place(self, name: str, digest: str, blobs: Blobs) -> None:
        path = blobs.local_path(digest)
        if path is not None:
            self._store.upload(path, name)
            return
        path = self._passing / uuid.uuid4().hex
        blobs.fetch(digest, path)
        self._store.upload(path, name)
        path.unlink()

    def remove(self, name: str) -> None:
        self._store.delete(name)


def _parse_ledger(data: bytes | None) -> dict[str, _Written]:
    if data is None:
        return {}
    try:
        written = json.loads(data)["written"]
        return {
            valid_key(name): _Written(tuple(one["digests"]), one["stamp"]) for name, one in written.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, CalotypeError) as error:
        raise ConfigurationError(
            f"{LEDGER} in the destination is not readable ({error}). Remove it, or choose another destination."
        ) from error


def _noted_run(data: bytes | None) -> str:
    """The run that published last, of a ledger that `_parse_ledger` can read; empty where none was noted."""
    return str(json.loads(data).get("run", "")) if data else ""


def _ledger_bytes(ledger: Mapping[str, _Written], run: str) -> bytes:
    written = {name: {"digests": one.digests, "stamp": one.stamp} for name, one in ledger.items()}
    return json.dumps({"run": run, "written": written}, sort_keys=True, indent=1).encode()
