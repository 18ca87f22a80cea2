"""One file in a bucket, named by its URL: sent there whole, or fetched from there, with progress."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from calotype.errors import CalotypeError, ConfigurationError, InvalidParameter, Transient, UnknownName
from calotype.storage.faults import storage_faults
from calotype.storage.files import CHUNK_BYTES, FileStamp, replacing
from calotype.storage.objects import PART_BYTES, PARTS_AT_ONCE
from calotype.storage.s3 import S3Settings
from calotype.storage.store import open_store

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""

_MOST_PARTS = 9_000


class BucketFile:
    """A place for one object in a bucket. Nothing is contacted before the first call of a method."""

    def __init__(self, url: str, s3: S3Settings) -> None:
        """`url` is `s3://bucket/some/name.zip`. Raises ConfigurationError for another kind of URL, or one that names no file."""
        scheme, _, rest = url.partition("://")
        bucket, _, self._key = rest.partition("/")
        if scheme != "s3":
            raise ConfigurationError(f"{scheme}:// is not supported here; give a file or s3://bucket/name.")
        self.url = url
        self._store = open_store(f"s3://{bucket}", s3=s3)
        if not self._key or self._key.endswith("/"):
            raise InvalidParameter(f"{url} names no file; give all of its name: {url.rstrip('/')}/run.zip.")
        self._client = s3.open(bucket, "")

    @property
    def size(self) -> int | None:
        """Bytes of the object; None when there is none."""
        info = self._store.head(self._key)
        return None if info is None else info.size

    def check_writable(self) -> None:
        """Nothing, if an object can be written beside this one; StoreUnwritable or ConfigurationError with why not."""
        folder = self._key.rpartition("/")[0]
        probe = f"{folder}/.calotype-{uuid.uuid4().hex}.probe".lstrip("/")
        self._store.put(probe, b"")
        with suppress(CalotypeError):  # Who may write and not remove can still send a file.
            self._store.delete(probe)

    def send(self, path: Path, progress: Progress) -> None:
        """Nothing; the object holds the file's bytes, and appears when all have arrived. Memory used: about 40 MiB.

        Raises UnreadableInput when the file is written to meanwhile, and the errors of a store.
        """
        import obstore

        stamp = FileStamp.of(path)
        part = max(PART_BYTES, -(-stamp.size // _MOST_PARTS))
        with storage_faults(self.url, "writing", writing=True):
            # An error in the iterator aborts the upload.
            chunks = _told(path, stamp, progress)
            obstore.put(self._client, self._key, chunks, chunk_size=part, max_concurrency=PARTS_AT_ONCE)
        if self.size != stamp.size:
            raise Transient(f"{self.url}: not all of it has arrived. Try again.")

    def fetch(self, path: Path, progress: Progress) -> None:
        """Nothing; the new file `path` holds the object's bytes, and appears whole or not at all.

        Raises UnknownName when there is no such object, Transient when it is replaced meanwhile.
        """
        size = self.size
        if size is None:
            raise UnknownName(f"There is nothing at {self.url}. Check bucket and name.")
        chunks = self._store.stream(self._key)
        with storage_faults(str(path), f"fetching {self.url}", writing=True), replacing(path) as temporary:
            done = 0
            with temporary.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    done += len(chunk)
                    progress(done, size)
            if done != size:
                raise Transient(f"{self.url} was replaced while it was being fetched. Try again.")


def _told(path: Path, stamp: FileStamp, progress: Progress) -> Iterator[bytes]:
    """The file's bytes; how many were taken is told on the way."""
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
            done += len(chunk)
            progress(done, stamp.size)
    stamp.check(path)
