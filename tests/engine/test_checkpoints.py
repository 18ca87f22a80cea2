"""Checkpoints: kept at once or in the background, one upload at a time, the last one never lost."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from calotype.engine.context import Checkpoint, Context, ProcessCache
from calotype.errors import Transient
from calotype.storage.folder import FolderBackend
from calotype.storage.store import FileStamp, Store


class SlowBackend(FolderBackend):
    """A folder whose uploads wait until they may go on, and which counts them."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.may_write = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.uploads = 0
        self.fails = False

    def write_file(self, path: Path, key: str, stamp: FileStamp, *, hand_over: bool, read_only: bool) -> None:
        self.begun.release()
        assert self.may_write.acquire(timeout=30)
        self.uploads += 1
        if self.fails:
            raise Transient("the line is busy.")
        super().write_file(path, key, stamp, hand_over=hand_over, read_only=read_only)


@pytest.fixture
def slow(tmp_path: Path) -> SlowBackend:
    return SlowBackend(tmp_path / "store")


@pytest.fixture
def checkpoint(slow: SlowBackend, tmp_path: Path) -> Checkpoint:
    return Checkpoint(tmp_path / "work/state", Store(slow), "checkpoints/key/state")


def test_work_goes_on_while_a_checkpoint_is_uploaded_and_only_the_latest_follows(
    slow: SlowBackend, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    for number in range(5):
        checkpoint.path.write_text(f"state {number}")  # In place: the upload under way must not see it.
        checkpoint.commit_in_background()
        if number == 0:
            assert slow.begun.acquire(timeout=30)
    assert slow.uploads == 0
    slow.may_write.release()
    assert slow.begun.acquire(timeout=30)
    assert (tmp_path / "store/checkpoints/key/state").read_text() == "state 0"
    slow.may_write.release()
    checkpoint.settle()
    assert (tmp_path / "store/checkpoints/key/state").read_text() == "state 4"
    assert slow.uploads == 2


def test_the_next_attempt_finds_what_the_last_one_kept(tmp_path: Path) -> None:
    store = Store(FolderBackend(tmp_path / "store"))
    first = Checkpoint(tmp_path / "first/state", store, "checkpoints/key/state")
    assert not first.exists
    first.path.write_text("begun")
    first.commit_in_background()
    first.path.write_text("further")
    first.commit()
    second = Checkpoint(tmp_path / "second/state", store, "checkpoints/key/state")
    assert second.exists and second.path.read_text() == "further"


@pytest.mark.parametrize(("finished", "kept"), [(False, "late"), (True, "early")])
def test_closing_brings_the_last_checkpoint_home_unless_the_work_is_finished(
    slow: SlowBackend, tmp_path: Path, finished: bool, kept: str
) -> None:
    context = Context(
        workdir=tmp_path / "work",
        store=Store(slow),
        checkpoint_prefix="checkpoints/key",
        report=lambda *_: None,
        cancelled=lambda: False,
        cache=ProcessCache(),
    )
    checkpoint = context.checkpoint("state")
    checkpoint.path.write_text("early")
    checkpoint.commit_in_background()
    assert slow.begun.acquire(timeout=30)
    checkpoint.path.write_text("late")
    checkpoint.commit_in_background()
    closing = threading.Thread(target=context.close, kwargs={"finished": finished})
    closing.start()
    # A finished task drops what waits before the upload under way may end.
    while finished and (tmp_path / "work/checkpoints/state.waiting").exists():
        threading.Event().wait(0.001)
    slow.may_write.release(2)
    closing.join(timeout=30)
    assert slow.uploads == (1 if finished else 2)
    assert (tmp_path / "store/checkpoints/key/state").read_text() == kept


def test_an_upload_that_fails_is_told_and_the_work_goes_on(
    slow: SlowBackend, checkpoint: Checkpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    slow.fails = True
    slow.may_write.release(2)
    checkpoint.path.write_text("lost")
    with caplog.at_level(logging.WARNING):
        checkpoint.commit_in_background()
        checkpoint.settle()
    assert "state could not be kept: the line is busy." in caplog.text
    slow.fails = False
    checkpoint.path.write_text("kept")
    checkpoint.commit_in_background()
    checkpoint.settle()
    assert (tmp_path / "store/checkpoints/key/state").read_text() == "kept"
