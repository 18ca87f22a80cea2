"""Reading ahead and uploading behind: in order, bounded, no error lost, nothing running after the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from calotype.errors import Cancelled, StoreUnwritable, UnreadableInput
from calotype.storage.blobs import Blobs
from calotype.storage.store import open_store
from calotype.storage.transfer import UploadBehind, read_ahead


def test_results_come_in_the_order_of_the_items() -> None:
    first_may_end = threading.Event()

    def fetch(item: int) -> int:
        if item == 0:
            assert first_may_end.wait(60)
        elif item == 2:
            first_may_end.set()
        return item * item

    with read_ahead(range(20), fetch, depth=3) as results:
        assert list(results) == [item * item for item in range(20)]


def test_no_more_than_depth_items_are_taken_before_they_are_asked_for() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(100):
            taken.append(item)
            yield item

    with read_ahead(items(), lambda item: item, depth=4) as results:
        assert taken == [], "nothing is fetched before somebody asks"
        assert next(results) == 0
        assert taken == [0, 1, 2, 3, 4]
        assert next(results) == 1
        assert len(taken) == 6


def test_an_error_is_raised_at_its_item_and_the_next_items_still_come() -> None:
    def fetch(item: int) -> int:
        if item == 2:
            raise UnreadableInput("photo 2 is broken")
        return item

    seen: list[object] = []
    with read_ahead(range(5), fetch, depth=2) as results:
        while True:
            try:
                seen.append(next(results))
            except UnreadableInput as error:
                seen.append(str(error))
            except StopIteration:
                break
    assert seen == [0, 1, "photo 2 is broken", 3, 4]


def test_after_leaving_nothing_runs_and_nothing_more_starts() -> None:
    started: list[int] = []
    running = threading.Semaphore(0)
    ended: list[int] = []

    def fetch(item: int) -> int:
        started.append(item)
        running.release()
        ended.append(item)
        return item

    with pytest.raises(Cancelled), read_ahead(range(100), fetch, depth=3) as results:  # noqa: PT012
        next(results)
        raise Cancelled
    assert sorted(started) == sorted(ended)
    assert len(started) <= 4
    assert list(results) == []


def test_an_error_in_producing_the_items_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise UnreadableInput("the list is broken")

    with read_ahead(items(), lambda item: item, depth=8) as results:
        assert [next(results), next(results)] == [1, 2]
        with pytest.raises(UnreadableInput):
            next(results)
        assert list(results) == []


def test_uploads_arrive_and_tell_their_digest(tmp_path: Path) -> None:
    blobs = Blobs(open_store("memory://uploads"))
    with closing(UploadBehind(blobs, depth=2)) as uploads:
        futures = []
        for number in range(10):
            path = tmp_path / str(number)
            path.write_text(f"text {number}")
            futures.append(uploads.submit(path))
        for number, future in enumerate(futures):
            digest, size = future.result()
            assert size == 6
            assert blobs.read(digest) == f"text {number}".encode()


class SlowSink:
    """Holds every upload until it is told to go on."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.started = threading.Semaphore(0)
        self.count = 0
        self._lock = threading.Lock()

    def put_file(self, path: Path, *, hand_over: bool = False) -> tuple[str, int]:
        with self._lock:
            self.count += 1
        self.started.release()
        assert self.go.wait(60)
        return "digest", 0


def test_submitting_waits_when_depth_uploads_are_under_way() -> None:
    sink = SlowSink()
    with closing(UploadBehind(sink, depth=2)) as uploads:
        uploads.submit(Path("a"))
        uploads.submit(Path("b"))
        third = threading.Thread(target=uploads.submit, args=(Path("c"),))
        third.start()
        sink.started.acquire()
        sink.started.acquire()
        assert sink.count == 2
        sink.go.set()
        third.join()
        sink.started.acquire()
        assert sink.count == 3


def test_no_upload_error_is_lost(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    blobs = Blobs(open_store(tmp_path / "file" / "store"))
    uploads = UploadBehind(blobs, depth=1)
    first = uploads.submit(tmp_path / "file")
    assert isinstance(first.exception(), StoreUnwritable)
    with pytest.raises(StoreUnwritable):
        uploads.submit(tmp_path / "file")
    assert isinstance(uploads.submit(tmp_path / "file").exception(), StoreUnwritable)
    uploads.close()


def test_after_closing_no_upload_runs_and_no_thread_is_left(tmp_path: Path) -> None:
    sink = SlowSink()
    before = threading.active_count()
    uploads = UploadBehind(sink, depth=2)
    uploads.submit(Path("a"))
    sink.go.set()
    uploads.close()
    assert (threading.active_count(), sink.count) == (before, 1)
