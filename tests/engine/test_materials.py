"""Inputs of a task: read ahead, let go of when the stage leaves its loop, and the right bytes whatever stages do to them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.careless_stages import (
    Book,
    OneFileForAll,
    WritesAll,
    WritesBook,
    WritesItems,
    WritesShared,
)
from tests.engine.toy_stages import Add

from calotype.artifacts import ArtifactRef, Report
from calotype.engine.check import check
from calotype.engine.events import Event, LogLine
from calotype.engine.execute import Workplace
from calotype.engine.materials import EachItems, Materials
from calotype.engine.pipeline import Pipeline
from calotype.engine.records import parse_segment
from calotype.engine.stage import Stage
from calotype.engine.tasks import TaskItem
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs
from calotype.storage.scratch import Scratch
from calotype.storage.store import open_store


def test_after_an_error_in_the_stage_nothing_is_fetched_any_more() -> None:
    fetched: list[str] = []
    holding: list[Exception] = []

    def fetch(item: TaskItem) -> str:
        fetched.append(item.name)
        return item.name

    def stage(items: EachItems):
        for item in items:
            if item == "3":
                raise ValueError("this one is bad")
            yield item

    many = [TaskItem(key="", name=str(number), refs=()) for number in range(1000)]
    items = EachItems(fetch, many, lambda item, value: None)
    with pytest.raises(ValueError, match="bad") as caught:
        list(stage(items))
    holding.append(caught.value)  # As a traceback holds the stage's loop while the error is reported.
    items.close()
    known = len(fetched)
    assert known < 200
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]
    assert len(fetched) == known


def conduct(session: Session, stage: Stage, numbers: Path, events: list[Event]) -> RunResult:
    pipeline = Pipeline("one")
    made = pipeline.connect(stage, {"numbers": pipeline.source("numbers", Report)})
    if isinstance(stage, Add):
        pipeline.figure("sum", made.total, "sum")
    definition = session.create(pipeline.build(), {"numbers": str(numbers)})
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(definition, runner=runner, emit=events.append)


@pytest.mark.parametrize("kind", ["folder", "memory"])
@pytest.mark.parametrize("stage", [WritesItems(), WritesAll()], ids=["items", "all"])
def test_a_stage_that_writes_into_its_inputs_fails_and_changes_nothing_for_others(
    kind: str, stage: Stage, numbers: Path, tmp_path: Path
) -> None:
    url = f"memory://{tmp_path.name}-{kind}" if kind == "memory" else tmp_path / "store"
    session = Session(url, {"NVME_ROOT": str(tmp_path / "scratch")})
    try:
        wrote = conduct(session, stage, numbers, [])
        assert (wrote.state, wrote.error) == ("failed", "StageFailed")
        assert "00.json is an input and was written to by the stage" in wrote.message
        assert list(session.store.list("segments")) == list(session.store.list("records")) == []
        assert check(session.store, session.catalog, deep=True).findings == []
        assert conduct(session, Add(), numbers, []).figures == {"sum": 66}
    finally:
        session.close()


@pytest.fixture(params=["folder", "memory"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """A session on a store in a folder, and on one whose files come through the cache of scratch."""
    name = f"memory://{tmp_path.name}" if request.param == "memory" else tmp_path / "store"
    opened = Session(name, {"NVME_ROOT": str(tmp_path / "scratch")})
    yield opened
    opened.close()


def carry_out(session: Session, pipeline: Pipeline, numbers: Path) -> RunResult:
    definition = session.create(pipeline.build(), {"numbers": str(numbers)})
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("change", "book/pages/00.json is part of an input and was written to by the stage"),
        ("replace", "book/pages/00.json is part of an input and was written to by the stage"),
        ("add", "book/pages/new.json is part of an input and was written to by the stage"),
        ("remove", ""),
    ],
)
def test_a_stage_that_writes_into_a_folder_it_was_given_fails(
    either: Session, numbers: Path, deed: str, told: str
) -> None:
    """What it removes is its own copy; nothing was made of other bytes."""
    pipeline = Pipeline("book")
    book = pipeline.add(Book(), numbers=pipeline.source("numbers", Report))
    pipeline.publish("pages.json", pipeline.add(WritesBook(deed=deed), book=book), label="pages")
    result = carry_out(either, pipeline, numbers)
    assert told in result.message
    assert (result.state, result.error) == (("failed", "StageFailed") if told else ("done", ""))
    assert len(list(either.store.list("records"))) == (1 if told else 2)
    assert check(either.store, either.catalog, deep=True).findings == []


def shared(port: str, deed: str, *, raises: bool = False) -> Pipeline:
    pipeline = Pipeline("shared")
    given = pipeline.source("numbers", Report)
    book = pipeline.add(Book(), numbers=given)
    one = pipeline.add(WritesBook(deed="remove"), book=book)
    careless = WritesShared(port=port, deed=deed, raises=raises)
    pipeline.add(careless, step="careless", numbers=given, others=given, one=one, book=book)
    return pipeline


@pytest.mark.parametrize("deed", ["change", "replace", "remove"])
@pytest.mark.parametrize(
    ("port", "written"),
    [("others", "00.json is"), ("one", "pages.json is"), ("book", "book/pages/00.json is part of")],
)
def test_an_item_at_which_a_stage_writes_into_what_all_items_share_fails_and_spoils_no_other(
    either: Session, numbers: Path, port: str, written: str, deed: str
) -> None:
    result = carry_out(either, shared(port, deed), numbers)
    assert (result.state, result.error) == ("failed", "StageFailed")
    done = "removed" if deed == "remove" else "written to"
    assert f"careless failed on 1 of 12 items: 03.json: {written} an input and was {done}" in result.message
    results = either.catalog.results
    segments = [info.key for info in either.store.list("segments")]
    items = [item for path in segments for item in parse_segment(either.store.get(path), path).items]
    made = [json.loads(Blobs(either.store).read(ref.digest)) for item in items for ref in item.outputs]
    # Each number, the first one, the count of pages but the one removed, and the first one again.
    assert sorted(made) == sorted(number + 0 + 11 + 0 for number in range(12) if number != 3)
    assert set(results.items([item.key for item in items])) == {item.key for item in items}


def test_an_item_that_fails_when_it_has_written_into_what_is_shared_fails_alone(
    session: Session, numbers: Path
) -> None:
    result = carry_out(session, shared("book", "change", raises=True), numbers)
    assert "careless failed on 1 of 12 items: 03.json: a number that I do not like" in result.message


def test_what_is_placed_twice_at_once_is_placed_once(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    materials = Materials(blobs, Scratch(tmp_path / "scratch"), tmp_path / "in")
    refs: list[ArtifactRef] = []
    for number in range(40):
        digest, size = blobs.put_bytes(b"%d" % number)
        refs.append(ArtifactRef(kind="Report", name=f"{number}.json", digest=digest, size=size))

    def place() -> None:
        for ref in refs:
            materials.artifact(ref, "port")
            materials.check_unchanged()

    threads = [threading.Thread(target=place) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    materials.check_unchanged()
    assert len(list((tmp_path / "in" / "port").iterdir())) == 40


def test_a_cached_file_with_other_bytes_is_fetched_again(tmp_path: Path) -> None:
    blobs = Blobs(open_store(f"memory://{tmp_path.name}"))
    scratch = Scratch(tmp_path / "scratch")
    digest, size = blobs.put_bytes(b"right")
    ref = ArtifactRef(kind="Report", name="a.json", digest=digest, size=size)
    Materials(blobs, scratch, tmp_path / "first").artifact(ref, "port")
    (cached,) = (path for path in (tmp_path / "scratch" / "cache").rglob("*") if path.is_file())
    cached.chmod(0o644)
    cached.write_bytes(b"wrong")
    for folder in ("second", "third"):
        read = Materials(blobs, scratch, tmp_path / folder).artifact(ref, "port").path.read_bytes()
        assert read == b"right"
    assert cached.read_bytes() == b"right"
    assert scratch.usage().cached == size
    scratch.close()


def test_a_stage_that_yields_one_file_twice_is_told_that_it_was_moved_away(
    session: Session, numbers: Path
) -> None:
    events: list[Event] = []
    assert conduct(session, OneFileForAll(), numbers, events).state == "done"
    told = [event.text for event in events if isinstance(event, LogLine)]
    assert any(
        "empty.json of '01.json' does not exist. A file that was yielded is moved away" in one for one in told
    )
