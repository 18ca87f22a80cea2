"""One place where bytes live: a folder, a bucket or this process's memory, behind the same few operations."""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from calotype.errors import ConfigurationError, DamagedBlob, UnknownName
from calotype.storage.faults import storage_faults
from calotype.storage.files import FileStamp, replacing
from calotype.storage.folder import FolderBackend
from calotype.storage.names import valid_key, valid_prefix
from calotype.storage.objects import ObjectInfo, bucket_backend, memory_backend
from calotype.storage.s3 import S3Settings

__all__ = ["ObjectInfo", "S3Settings", "Store", "open_store"]

log = logging.getLogger(__name__)

PROBE_KEY = "probe/conditional-put.json"
_HELD_BYTES = 1 << 20


class Backend(Protocol):
    """What a kind of store must be able to do; keys are already valid, failures already ours."""

    url: str
    server: str

    def read(self, key: str) -> bytes: ...
    def stream(self, key: str) -> Iterator[bytes]: ...
    def write(self, key: str, data: bytes) -> None: ...
    def write_pieces(self, key: str, pieces: Iterable[bytes]) -> None: ...
    def create(self, key: str, data: bytes) -> bool | None: ...
    def write_file(
        self, path: Path, key: str, stamp: FileStamp, *, hand_over: bool, read_only: bool
    ) -> None: ...
    def head(self, key: str) -> ObjectInfo | None: ...
    def list(self, prefix: str, start_after: str | None) -> Iterator[ObjectInfo]: ...
    def delete(self, keys: Iterable[str]) -> None: ...
    def local_path(self, key: str) -> Path | None: ...


def open_store(
    url: str | Path, *, options: Mapping[str, str] | None = None, s3: S3Settings | None = None
) -> Store:
    """The store at `url`; nothing is contacted or created before the first operation.

    `url` is a path or `file://` URL (the folder is made by the first write), `s3://bucket/prefix`, or `memory://name`
    (within one process the same name is the same store). `s3` says how to reach buckets; `options` are single settings
    of it by name (`endpoint`, `region`, `access_key_id`, ...) and win over it.
    Raises ConfigurationError for a URL or settings that cannot be.
    """
    text = str(url)
    scheme, separator, rest = text.partition("://")
    if isinstance(url, Path) or not separator:
        if not text:
            raise ConfigurationError("The store is empty; give a folder or a URL such as s3://bucket/prefix.")
        return Store(FolderBackend(Path(text)))
    if scheme == "file":
        return Store(FolderBackend(folder_of(text)))
    if scheme == "memory":
        if not rest.strip("/"):
            raise ConfigurationError("memory:// needs a name, as in memory://demo.")
        return Store(memory_backend(valid_prefix(rest)))
    if scheme == "s3":
        bucket, _, prefix = rest.partition("/")
        if not bucket or "@" in bucket:
            # Not repeated in the message: what stands before the @ may be a secret.
            raise ConfigurationError(
                "S3 URLs are s3://bucket/prefix, without keys; those come from AWS_ACCESS_KEY_ID."
            )
        settings = (s3 or S3Settings()).with_options(options or {})
        return Store(bucket_backend(bucket, valid_prefix(prefix), settings))
    raise ConfigurationError(
        f"A store is a folder, file://, s3:// or memory://; {scheme}:// is not supported."
    )


def folder_of(url: str) -> Path:
    """The folder or file that a `file://` URL names. Raises ConfigurationError for another machine's."""
    host, slash, path = url.removeprefix("file://").partition("/")
    if host not in ("", "localhost") or not slash:
        raise ConfigurationError(
            f"{url} is not a file on this machine; write file:///absolute/path, or just the path."
        )
    return Path("/" + unquote(path))


class Store:
    """Objects by key. Every put is atomic: a reader sees the old object or the new one, never a part.

    Safe to use from several threads. Failures are StoreUnwritable, NoSpace, ConfigurationError (bucket, credentials),
    Transient (after obstore's own retries), or UnknownName for an object that is not there.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._conditional_put: bool | None = None

    def __repr__(self) -> str:
        return f"Store({self.url!r})"

    @property
    def url(self) -> str:
        """Where it is: an absolute `file://`, `s3://` or `memory://` URL without credentials."""
        return self._backend.url

    @property
    def conditional_put(self) -> bool:
        """Whether an exclusive create is honoured; some S3 servers overwrite instead and say nothing.

        Found out by writing one probe key twice, then remembered in the store itself, with the server it holds for.
        """
        if self._conditional_put is None:
            self._conditional_put = self._remembered_probe()
        return self._conditional_put

    def get(self, key: str) -> bytes:
        """The object's bytes. Raises UnknownName when there is none."""
        return self._backend.read(valid_key(key))

    def find(self, key: str) -> bytes | None:
        """The object's bytes, or None when there is none."""
        try:
            return self.get(key)
        except UnknownName:
            return None

    def stream(self, key: str) -> Iterator[bytes]:
        """The object's bytes in chunks of about 1 MiB. Raises UnknownName when there is none."""
        return self._backend.stream(valid_key(key))

    def put(self, key: str, data: bytes) -> None:
        """Nothing; the object holds `data`, whatever was there before."""
        self._backend.write(valid_key(key), data)

    def put_pieces(self, key: str, pieces: Iterable[bytes]) -> None:
        """Nothing; the object holds the pieces one after the other. They are never in memory all at once."""
        held: list[bytes] = []
        rest = iter(pieces)
        for piece in rest:
            held.append(piece)
            if sum(map(len, held)) > _HELD_BYTES:
                self._backend.write_pieces(valid_key(key), chain(held, rest))
                return
        self.put(key, b"".join(held))

    def create(self, key: str, data: bytes) -> bool:
        """Whether this call made the object; False when it was there already.

        False may also mean that our own request was retried after a lost reply: read the object to learn who won.
        Where `conditional_put` is False this only looks first, so two writers at once may both be told True.
        """
        if not self.conditional_put:
            if self.exists(key):
                return False
            self.put(key, data)
            return True
        return self._backend.create(valid_key(key), data) is True

    def head(self, key: str) -> ObjectInfo | None:
        """Size, etag and time of the object, or None when there is none."""
        return self._backend.head(valid_key(key))

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        return self.head(key) is not None

    def list(self, prefix: str = "", start_after: str | None = None) -> Iterator[ObjectInfo]:
        """Objects below the folder `prefix` (`records/sfm` does not list `records/sfm2/x`) with keys after `start_after`.

        Streamed, and in key order: S3 servers list so, folders are walked so, memory is sorted.
        """
        return self._backend.list(valid_prefix(prefix), start_after)

    def delete(self, keys: str | Iterable[str]) -> None:
        """Nothing; the objects are gone. Those that were not there are no error."""
        some = [keys] if isinstance(keys, str) else keys
        self._backend.delete(valid_key(key) for key in some)

    def upload(
        self,
        path: Path,
        key: str,
        *,
        stamp: FileStamp | None = None,
        hand_over: bool = False,
        read_only: bool = False,
    ) -> None:
        """Nothing; the object holds the file's bytes. Large files go in parts, with bounded memory.

        With `stamp`, raises UnreadableInput if the file is no longer the one that had it. In a folder, `hand_over` hard-links the
        file instead of copying it (the caller never writes to it again) and `read_only` takes the write permission away.
        """
        self._backend.write_file(
            path, valid_key(key), stamp or FileStamp.of(path), hand_over=hand_over, read_only=read_only
        )

    def download(self, key: str, path: Path, *, digest: str | None = None) -> int:
        """The bytes written to `path`, which appears whole or not at all.

        With `digest`, raises DamagedBlob if the bytes have another sha256. Raises UnknownName when there is no such object.
        """
        chunks = self.stream(key)
        with storage_faults(str(path), f"downloading {key}", writing=True), replacing(path) as temporary:
            hasher = hashlib.sha256()
            size = 0
            with temporary.open("xb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    size += len(chunk)
                    if digest is not None:
                        hasher.update(chunk)
            if digest is not None and hasher.hexdigest() != digest:
                raise DamagedBlob(
                    f"{self.url}: {key} holds other bytes than its digest says (sha256 {hasher.hexdigest()})."
                )
        return size

    def digest(self, key: str) -> str:
        """sha256 of the object's bytes in hexadecimal, found by reading them. Raises UnknownName when there is none."""
        hasher = hashlib.sha256()
        for chunk in self.stream(key):
            hasher.update(chunk)
        return hasher.hexdigest()

    def local_path(self, key: str) -> Path | None:
        """The file behind an object of a folder store, for reading only; None for other stores. It may not exist."""
        return self._backend.local_path(valid_key(key))

    def _remembered_probe(self) -> bool:
        remembered = self.find(PROBE_KEY)
        if remembered is not None:
            try:
                facts = json.loads(remembered)
            except ValueError:
                facts = None
            # A bucket copied to another server brings the answer for the old one along.
            if isinstance(facts, dict) and facts.get("server") == self._backend.server:
                return facts.get("conditional_put") is True
        key = f"probe/{uuid.uuid4().hex}"
        try:
            first = self._backend.create(key, b"first")
            honoured = first is True and self._backend.create(key, b"second") is False
        finally:
            self.delete(key)
        facts = {"conditional_put": honoured, "server": self._backend.server}
        self.put(PROBE_KEY, json.dumps(facts, sort_keys=True).encode())
        log.info("%s honours exclusive creates: %s", self.url, honoured)
        return honoured
