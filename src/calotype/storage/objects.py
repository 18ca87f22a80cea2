"""Objects in a bucket or in memory, through obstore: one request per call, retried by obstore, failures mapped onto our errors."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calotype.errors import UnknownName
from calotype.storage.faults import storage_faults
from calotype.storage.files import FileStamp

if TYPE_CHECKING:
    from obstore.store import MemoryStore, S3Store

    from calotype.storage.s3 import S3Settings

PART_BYTES = 8 << 20
PARTS_AT_ONCE = 4
_MOST_PARTS = 9_000
_DELETE_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a store knows about one object without reading it."""

    key: str
    """Name in the store."""
    size: int
    """Bytes."""
    etag: str | None
    """Changes when the object does. Not a digest of its bytes."""
    modified: datetime
    """When it was written, with time zone."""


class ObjectBackend:
    """The operations of `Store` over one obstore client."""

    def __init__(self, client: S3Store | MemoryStore, url: str, server: str) -> None:
        self._client = client
        self.url = url
        self.server = server

    def read(self, key: str) -> bytes:
        import obstore

        with self._faults("reading", key):
            return bytes(obstore.get(self._client, key).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        import obstore

        with self._faults("reading", key):
            for chunk in obstore.get(self._client, key).stream(min_chunk_size=1 << 20):
                yield bytes(chunk)

    def write(self, key: str, data: bytes) -> None:
        import obstore

        with self._faults("writing", key):
            obstore.put(self._client, key, data, chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE)

    def write_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        import obstore

        with self._faults("writing", key):
            obstore.put(self._client, key, iter(pieces), chunk_size=PART_BYTES, max_concurrency=PARTS_AT_ONCE)

    def create(self, key: str, data: bytes) -> bool | None:
        import obstore
        from obstore.exceptions import AlreadyExistsError, NotSupportedError, PreconditionError

        with self._faults("creating", key):
            try:
                obstore.put(self._client, key, data, mode="create")
            except (AlreadyExistsError, PreconditionError):
                return False
            except NotSupportedError:
                return None
            return True

    def write_file(self, path: Path, key: str, stamp: FileStamp, *, hand_over: bool, read_only: bool) -> None:
        """Nothing; the object holds the file. Memory used: about 40 MiB, more only above 70 GiB, where parts must grow."""
        import obstore

        del hand_over, read_only  # they mean something on disks only
        part = max(PART_BYTES, -(-stamp.size // _MOST_PARTS))
        with self._faults("writing", key):
            if stamp.size <= PART_BYTES:
                data = path.read_bytes()
                stamp.check(path)
                obstore.put(self._client, key, data, use_multipart=False)
                return
            # An error in the iterator aborts the upload, so a file that changes under our hands never becomes an object.
            obstore.put(
                self._client, key, _chunks(path, stamp), chunk_size=part, max_concurrency=PARTS_AT_ONCE
            )

    def head(self, key: str) -> ObjectInfo | None:
        import obstore

        try:
            with self._faults("looking at", key):
                return _info(obstore.head(self._client, key))
        except UnknownName:
            return None

    def list(self, prefix: str, start_after: str | None) -> Iterator[ObjectInfo]:
        import obstore

        with self._faults("listing", prefix or "."):
            for batch in obstore.list(self._client, prefix or None, offset=start_after, chunk_size=1_000):
                for entry in batch:
                    # Consoles mark a folder by an empty object with its name; that of the prefix itself has no name left.
                    if entry["path"]:
                        yield _info(entry)

    def delete(self, keys: Iterable[str]) -> None:
        import obstore

        batch: list[str] = []
        for key in keys:
            batch.append(key)
            if len(batch) == _DELETE_AT_ONCE:
                with self._faults("deleting", batch[0]):
                    obstore.delete(self._client, batch)
                batch = []
        if batch:
            with self._faults("deleting", batch[0]):
                obstore.delete(self._client, batch)

    def local_path(self, key: str) -> Path | None:
        del key
        return None

    def _faults(self, doing: str, key: str) -> AbstractContextManager[None]:
        return storage_faults(
            self.url, f"{doing} {key}", writing=doing in ("writing", "creating", "deleting")
        )


# One process, one memory: a store by the same name must be the same store, or a pipeline could not reopen it by its URL.
_memories: dict[str, Any] = {}
_memories_lock = threading.Lock()


def memory_backend(name: str) -> ObjectBackend:
    """The objects that this process keeps under `name`; gone with the process."""
    from obstore.store import MemoryStore

    with _memories_lock:
        client = _memories.setdefault(name, MemoryStore())
    return ObjectBackend(client, f"memory://{name}", "memory")


def bucket_backend(bucket: str, prefix: str, settings: S3Settings) -> ObjectBackend:
    """The objects below `prefix` in an S3-compatible bucket."""
    url = f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"
    return ObjectBackend(settings.open(bucket, prefix), url, settings.server)


def _info(meta: Any) -> ObjectInfo:
    etag = meta["e_tag"]
    return ObjectInfo(meta["path"], meta["size"], etag.strip('"') if etag else None, meta["last_modified"])


def _chunks(path: Path, stamp: FileStamp) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk
    stamp.check(path)
