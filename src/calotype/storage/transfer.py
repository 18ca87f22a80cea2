"""Transfers beside the work: the next inputs arrive while this one is computed, finished outputs leave while the next is made."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import Generic, Protocol, TypeVar

Item = TypeVar("Item")
Fetched = TypeVar("Fetched")

_MOST_IN_GROUP = 16


class ReadAhead(Generic[Item, Fetched]):
    """An iterator over `fetch(item)` in the order of the items; at most `depth` are fetched or waiting at once.

    An error of one fetch is raised when its item's turn comes; iterating further gives the items after it. Leaving the
    `with` block (or calling `close`) drops what has not started and waits for what has, so that no thread writes into
    a folder that is being removed.
    """

    def __init__(self, items: Iterable[Item], fetch: Callable[[Item], Fetched], depth: int) -> None:
        assert depth >= 1
        self._items = iter(items)
        self._fetch = fetch
        self._depth = depth
        self._waiting: deque[Future[Fetched]] = deque()
        self._pool = ThreadPoolExecutor(max_workers=depth, thread_name_prefix="read-ahead")
        self._no_more = False

    def __iter__(self) -> Iterator[Fetched]:
        return self

    def __next__(self) -> Fetched:
        try:
            self._fill()
            if not self._waiting:
                raise StopIteration
            # It keeps its place until it is there, so that no more than `depth` lie on the disk unasked for.
            self._waiting[0].exception()
            result = self._waiting.popleft()
            self._fill()
        except BaseException:
            # The end of the items, or a cancellation while waiting: nothing more will be asked for.
            self.close()
            raise
        return result.result()

    def close(self) -> None:
        """Nothing; no fetch runs any more. Called twice is fine."""
        self._no_more = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._waiting.clear()

    def __enter__(self) -> ReadAhead[Item, Fetched]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fill(self) -> None:
        while not self._no_more and len(self._waiting) < self._depth:
            try:
                item = next(self._items)
            except StopIteration:
                self._no_more = True
            except Exception as error:  # noqa: BLE001 - kept for its turn: the items before it are good
                self._no_more = True
                failed: Future[Fetched] = Future()
                failed.set_exception(error)
                self._waiting.append(failed)
            else:
                self._waiting.append(self._pool.submit(self._fetch, item))


def read_ahead(
    items: Iterable[Item], fetch: Callable[[Item], Fetched], depth: int = 4
) -> ReadAhead[Item, Fetched]:
    """`fetch(item)` for every item, in order, fetched by up to `depth` threads ahead of the consumer."""
    return ReadAhead(items, fetch, depth)


def grouped(items: Iterable[Item], size_of: Callable[[Item], int], most_bytes: int) -> Iterator[list[Item]]:
    """Items in order, in groups of at most so many bytes and sixteen; one that is larger is a group of its own.

    To hand something to a thread costs as much as copying a small file: a thread takes a group of them.
    """
    group: list[Item] = []
    total = 0
    for item in items:
        size = size_of(item)
        if group and (total + size > most_bytes or len(group) == _MOST_IN_GROUP):
            yield group
            group, total = [], 0
        group.append(item)
        total += size
    if group:
        yield group


class FileSink(Protocol):
    """Takes files by content; `Blobs` is one."""

    def put_file(self, path: Path, *, hand_over: bool = False) -> tuple[str, int]: ...


class UploadBehind:
    """Uploads in the background; `submit` blocks while `depth` are under way, so results cannot pile up on the disk.

    Each upload's error is raised by its own future, and the first one also by the next `submit`: no work is done for nothing.
    """

    def __init__(self, blobs: FileSink, depth: int = 4) -> None:
        assert depth >= 1
        self._blobs = blobs
        self._room = BoundedSemaphore(depth)
        self._pool = ThreadPoolExecutor(max_workers=depth, thread_name_prefix="upload-behind")
        self._uploads: deque[Future[tuple[str, int]]] = deque()

    def submit(self, path: Path, *, hand_over: bool = False) -> Future[tuple[str, int]]:
        """The upload of `path`; its result is (digest, size). Raises the first error of an earlier upload."""
        self._raise_first_error()
        self._room.acquire()
        try:
            upload = self._pool.submit(self._blobs.put_file, path, hand_over=hand_over)
        except BaseException:
            self._room.release()
            raise
        upload.add_done_callback(lambda _: self._room.release())
        self._uploads.append(upload)
        return upload

    def close(self) -> None:
        """Nothing; uploads that had not started are dropped, those under way have ended. Errors in them are not raised."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._uploads.clear()

    def _raise_first_error(self) -> None:
        while self._uploads and self._uploads[0].done():
            self._uploads.popleft().result()
