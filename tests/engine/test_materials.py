"""Inputs of a task: read ahead, let go of when the stage leaves its loop, and the right bytes whatever stages do to them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.engine.careless_stages import OneFileForAll, WritesAll, WritesItems
from tests.engine.toy_stages import Add

from calotype.artifacts import ArtifactRef, Report
from calotype.engine.check import check
from calotype.engine.events import Event, LogLine
from calotype.engine.execute import Workplace
from calotype.engine.materials import EachItems, Materials
from calotype.engine.pipeline import Pipeline
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
