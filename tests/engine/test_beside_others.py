"""What others do to the store between two looks at it: what they committed stays, what they removed is no surprise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engine.sweeping import age, carry_out
from tests.engine.toy_stages import Double

from calotype.engine.check import check
from calotype.engine.commit import commit_record
from calotype.engine.gc import collect
from calotype.engine.library import Library, set_aside
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.records import parse_record
from calotype.runners.session import RunResult, Session
from calotype.storage.folder import FolderBackend
from calotype.storage.objects import ObjectInfo
from calotype.storage.store import Store

Sums = Callable[..., PipelineSpec]


class Watched(FolderBackend):
    """A folder that does something else, once, just before it lists or reads what begins in a certain way."""

    def __init__(self, folder: Path, before: str, act: Callable[[], object]) -> None:
        super().__init__(folder)
        self._before, self._act = before, act
        self.done = False

    def list(self, prefix: str, start_after: str | None) -> Iterator[ObjectInfo]:
        self._interrupt(prefix)
        return super().list(prefix, start_after)

    def read(self, key: str) -> bytes:
        self._interrupt(key)
        return super().read(key)

    def _interrupt(self, key: str) -> None:
        if key.startswith(self._before) and not self.done:
            self.done = True
            self._act()


def record_of(session: Session, stage: str) -> str:
    (info,) = session.store.list(f"records/tests.engine.toy_stages@{stage}")
    return info.key


@pytest.mark.parametrize("moment", ["segments", "records", "runs"])
def test_a_check_that_repairs_leaves_a_run_whole_that_commits_meanwhile(
    session: Session, tmp_path: Path, sums: Sums, numbers: Path, moment: str
) -> None:
    """The blobs were listed; then the run stored more of them, with the records that name them."""
    done: list[RunResult] = []
    folder = tmp_path / "store"
    carry_out(session, sums(Double(factor=3)), numbers)
    watched = Watched(folder, moment, lambda: done.append(carry_out(session, sums(), numbers)))
    checked = check(Store(watched), session.catalog, repair=True)
    assert (done[0].state, checked.findings) == ("done", [])
    assert list(session.store.list("damaged")) == []
    age(session)
    assert collect(session.store, session.catalog).objects == {}
    assert carry_out(session, sums(), numbers).executed == ()


def test_rows_that_a_run_writes_during_a_repair_stay(
    session: Session, sums: Sums, numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep = session.catalog.upkeep
    ask = upkeep.segments

    def ask_after_a_run() -> list[str]:
        carry_out(session, sums(), numbers)
        return ask()

    monkeypatch.setattr(upkeep, "segments", ask_after_a_run)
    assert check(session.store, session.catalog, repair=True).findings == []


@pytest.mark.parametrize("stage", ["Add", "Double"])
def test_a_record_that_is_removed_while_it_is_looked_for_is_not_there(
    session: Session, tmp_path: Path, sums: Sums, numbers: Path, stage: str
) -> None:
    carry_out(session, sums(), numbers)
    path = record_of(session, stage)
    watched = Watched(tmp_path / "store", path, lambda: session.store.delete(path))
    library = Library(Store(watched), session.catalog)
    key = path.removesuffix(".json").rpartition("/")[2]
    assert library.record(f"tests.engine.toy_stages:{stage}", key) is None
    assert watched.done


def test_a_record_that_is_removed_while_another_is_committed_is_replaced(
    session: Session, tmp_path: Path, sums: Sums, numbers: Path
) -> None:
    carry_out(session, sums(), numbers)
    path = record_of(session, "Add")
    record = parse_record(session.store.get(path), path)
    ours = record.model_copy(update={"attempt": 7})
    watched = Watched(tmp_path / "store", path, lambda: session.store.delete(path))
    assert commit_record(Store(watched), ours) == ours
    assert parse_record(session.store.get(path), path) == ours
    assert commit_record(session.store, record) == ours


def test_what_another_process_committed_in_place_of_a_damaged_record_is_not_set_aside(
    session: Session, sums: Sums, numbers: Path
) -> None:
    carry_out(session, sums(), numbers)
    path = record_of(session, "Add")
    good = session.store.get(path)
    set_aside(session.store, session.catalog, path, b"{ half a record")
    assert session.store.get(path) == good
    assert list(session.store.list("damaged")) == []
    set_aside(session.store, session.catalog, path, good)
    assert session.store.get(f"damaged/{path}") == good
    set_aside(session.store, session.catalog, path, good)
    assert not session.store.exists(path)


def test_a_record_whose_items_are_gone_is_only_set_aside_while_it_lies_there(
    session: Session, sums: Sums, numbers: Path
) -> None:
    carry_out(session, sums(), numbers)
    path = record_of(session, "Double")
    record = parse_record(session.store.get(path), path)
    library = Library(session.store, session.catalog)
    library.set_aside_record(path, record.model_copy(update={"attempt": 7}), "Items are gone.")
    assert session.store.exists(path)
    library.set_aside_record(path, record, "Items are gone.")
    assert not session.store.exists(path)
    library.set_aside_record(path, record, "Items are gone.")
