"""Files that clients bring themselves: kept in the store, one object each, until a run has read them or a day has passed."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import anyio
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from calotype.errors import CalotypeError, InvalidParameter, UnknownName
from calotype.runners.session import Session
from calotype.runners.settings import store_at
from calotype.service.problems import Problem
from calotype.storage.faults import storage_faults
from calotype.storage.files import sha256_of
from calotype.storage.names import name_problem
from calotype.storage.objects import ObjectInfo
from calotype.storage.store import Store

log = logging.getLogger(__name__)

MOST_FILES = 10_000
KEPT_S = 24 * 3600.0
"""How long an upload is kept after its last file."""

_UPLOAD = re.compile(r"upl_[0-9a-f]{32}")
_LONGEST_NAME = 300
_MARK = ".begun"
"""A file that every upload has, so that one without others is an upload too. Hidden files are no inputs."""


@dataclass(frozen=True)
class Uploaded:
    """One file that has arrived."""

    name: str
    size: int
    sha256: str


class Uploads:
    """Uploads of a service. A file appears whole or not at all; sent again, it takes the place of the one before."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self) -> str:
        """The id of a new upload."""
        upload = f"upl_{secrets.token_hex(16)}"
        self._place(upload).put(_MARK, b"")
        return upload

    def source(self, upload: str) -> str:
        """What `Session.create` takes for the files of an upload. UnknownName when there is none."""
        self._existing(upload)
        return self._url(upload)

    def without_places(self, text: str) -> str:
        """The text with the names of uploads where it says in which folder or bucket they lie."""
        base = f"{self._session.store.url}/uploads/"
        return text.replace(base, "").replace(base.removeprefix("file://"), "")

    def files(self, upload: str) -> list[ObjectInfo]:
        """The files that have arrived, by name."""
        return [info for info in self._existing(upload).list() if info.key != _MARK]

    async def receive(self, upload: str, name: str, size: int, pieces: AsyncIterator[bytes]) -> Uploaded:
        """The file, once it lies in the store. `size` is what the client announced.

        Raises InvalidParameter for a name that none may have, a Problem when other bytes arrive than were announced or there
        are too many files, NoSpace.
        """
        name = checked_name(name)
        place = await run_in_threadpool(self._existing, upload)
        if await run_in_threadpool(self._is_full, place, name):
            raise Problem(413, "too-many-files", f"An upload takes up to {MOST_FILES} files.")
        scratch = self._session.scratch
        reserved = contextmanager_in_threadpool(scratch.reserve(size))
        work = contextmanager_in_threadpool(scratch.workdir("upload"))
        async with reserved, work as folder:
            path = folder / "file"
            received = await _written(path, size, pieces)
            if received != size:
                raise Problem(
                    400, "wrong-length", f"{size} bytes were announced, and {received} or more came."
                )
            digest, _ = await run_in_threadpool(sha256_of, path)
            await run_in_threadpool(place.upload, path, name)
        return Uploaded(name, size, digest)

    def drop(self, upload: str) -> None:
        """The upload is gone, with all its files."""
        place = self._existing(upload)
        place.delete([info.key for info in place.list()])

    def sweep(self, older_than_s: float = KEPT_S) -> int:
        """How many uploads were dropped because nothing has come to them for so long."""
        newest: dict[str, float] = {}
        for info in self._session.store.list("uploads"):
            upload = info.key.split("/")[1]
            newest[upload] = max(newest.get(upload, 0.0), info.modified.timestamp())
        old = [upload for upload, at in newest.items() if time.time() - at > older_than_s]
        for upload in old:
            try:
                self.drop(upload)
            except CalotypeError as error:
                log.warning("the upload %s could not be dropped yet: %s", upload, error)
        return len(old)

    def _url(self, upload: str) -> str:
        if not _UPLOAD.fullmatch(upload):
            raise UnknownName(f"{upload[:100]!r} is no id of an upload.")
        return f"{self._session.store.url}/uploads/{upload}"

    def _place(self, upload: str) -> Store:
        return store_at(self._url(upload), self._session.environment)

    def _existing(self, upload: str) -> Store:
        place = self._place(upload)
        if not place.exists(_MARK):
            raise UnknownName(f"There is no upload {upload}, or it was dropped after a day.")
        return place

    def _is_full(self, place: Store, name: str) -> bool:
        return not place.exists(name) and sum(1 for _ in place.list()) > MOST_FILES


async def _written(path: Path, most: int, pieces: AsyncIterator[bytes]) -> int:
    """How many bytes came; no more than `most` and one piece are taken."""
    received = 0
    with storage_faults(str(path), "receiving a file", writing=True):
        async with await anyio.open_file(path, "xb") as file:
            try:
                async for piece in pieces:
                    received += len(piece)
                    if received > most:
                        break
                    await file.write(piece)
            except ClientDisconnect as error:
                raise Problem(
                    400, "broken-off", "The body broke off. Nothing of it is kept; send it again."
                ) from error
    return received


def checked_name(name: str) -> str:
    """The name, if a file of an upload may have it; InvalidParameter otherwise."""
    problem = name_problem(name)
    if problem is None and any(part.startswith(".") for part in name.split("/")):
        problem = "a part of it begins with a dot: such files are hidden and not read"
    if problem is None and len(name.encode()) > _LONGEST_NAME:
        problem = f"it is longer than {_LONGEST_NAME} bytes"
    if problem is not None:
        raise InvalidParameter(f"{name[:100]!r} cannot be the name of a file: {problem}.")
    return name
