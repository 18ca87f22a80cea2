"""A disk that fills up at each point of a run: an error that names place and room, nothing half-written, and `resume` ends."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.engine.toy_stages import Double, Paced

from calotype.artifacts import Report
from calotype.engine.events import Event, StepDone, StepProgress
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.errors import NoSpace
from calotype.runners.session import RunResult, Session
from small_disk import SmallDisk

KIB = 1024
Open = Callable[..., Session]


@pytest.fixture
def opened(small_disk: SmallDisk, tmp_path: Path) -> Iterator[Open]:
    """Open a session with these places, by default off the small disk; closed before the disk goes."""
    del small_disk
    sessions: list[Session] = []

    def open_at(**places: Path) -> Session:
        environment = {"NVME_ROOT": str(places.get("scratch", tmp_path / "scratch"))}
        if "catalog" in places:
            environment["CALOTYPE_CATALOG"] = f"sqlite:///{places['catalog']}"
        sessions.append(Session(places.get("store", tmp_path / "store"), environment))
        return sessions[-1]

    yield open_at
    for session in sessions:
        session.close()


def paced(gate: Path | str = "", size: int = 2_000_000) -> PipelineSpec:
    pipeline = Pipeline("paced")
    doubled = pipeline.add(Double(), step="double", numbers=pipeline.source("numbers", Report))
    large = pipeline.add(Paced(gate=str(gate), size=size), step="paced", numbers=doubled.report)
    pipeline.publish("large.json", large, label="large")
    pipeline.publish("doubled/", doubled.report, label="doubled")
    return pipeline.build()


def conduct_and_fill(
    session: Session, disk: SmallDisk, numbers: Path, gate: Path, leave: int, *, output: str = ""
) -> RunResult:
    """Carry out a run; once its last step has begun, the disk has `leave` bytes left, and the step goes on."""
    definition = session.create(paced(gate), {"numbers": str(numbers)}, output=output)

    def watch(event: Event) -> None:
        if isinstance(event, StepProgress) and event.step == "paced" and not gate.exists():
            disk.fill(leave)
            gate.touch()

    return session.conduct(definition, emit=watch)


def assert_full(result: RunResult, place: Path) -> None:
    assert (result.state, result.error, result.exit_code) == ("failed", "NoSpace", 78)
    assert str(place) in result.message
    assert "of its 32.0 MiB are free" in result.message
    assert "Traceback" not in result.message


def left_over(disk: SmallDisk) -> list[str]:
    """Unfinished files and work folders."""
    return [
        name
        for name in disk.files()
        if ".part" in name or ".calotype-tmp" in name or "work" in name.split("/")
    ]


def assert_resumes(session: Session, disk: SmallDisk, run: str) -> None:
    disk.clear()
    resumed = session.resume(run)
    assert (resumed.state, resumed.message) == ("done", "")
    assert "double" not in resumed.executed, "what was committed is not computed again"


def test_the_store_is_full_while_inputs_are_read(opened: Open, small_disk: SmallDisk, numbers: Path) -> None:
    for path in numbers.iterdir():
        path.write_text(path.read_text() + " " * 200_000)
    session = opened(store=small_disk.path / "store")
    small_disk.fill(1000 * KIB)
    with pytest.raises(NoSpace, match=r"of its 32\.0 MiB are free") as raised:
        session.create(paced(), {"numbers": str(numbers)})
    assert str(small_disk.path) in str(raised.value)
    assert session.runs(10) == []
    assert left_over(small_disk) == []
    small_disk.clear()
    assert session.conduct(session.create(paced(), {"numbers": str(numbers)})).state == "done"


def test_the_store_is_full_when_a_step_has_its_output(
    opened: Open, small_disk: SmallDisk, numbers: Path, tmp_path: Path
) -> None:
    session = opened(store=small_disk.path / "store")
    result = conduct_and_fill(session, small_disk, numbers, tmp_path / "gate", 800 * KIB)
    assert_full(result, small_disk.path / "store")
    assert left_over(small_disk) == []
    assert_resumes(session, small_disk, result.run)


def test_the_store_is_full_when_the_record_is_written(
    opened: Open, small_disk: SmallDisk, numbers: Path, tmp_path: Path
) -> None:
    session = opened(store=small_disk.path / "store", catalog=tmp_path / "catalog.sqlite")
    session.conduct(session.create(paced(), {"numbers": str(numbers)}))
    (record,) = [info.key for info in session.store.list("records") if "Paced" in info.key]
    session.store.delete(
        record
    )  # The bytes of the output are there: nothing but the record is left to write.
    result = conduct_and_fill(session, small_disk, numbers, tmp_path / "gate", 0)
    assert_full(result, small_disk.path / "store")
    assert "records/" in result.message
    assert not session.store.exists(record)
    assert_resumes(session, small_disk, result.run)


def test_store_and_catalog_are_full_to_the_last_byte(
    opened: Open, small_disk: SmallDisk, numbers: Path, tmp_path: Path
) -> None:
    session = opened(store=small_disk.path / "store")
    result = conduct_and_fill(session, small_disk, numbers, tmp_path / "gate", 0)
    assert (result.state, result.error, result.exit_code) == ("failed", "NoSpace", 78)
    assert str(small_disk.path / "store") in result.message
    assert left_over(small_disk) == []
    small_disk.clear()
    # The claim could not be given back: this is what the next minute does.
    with closing(sqlite3.connect(small_disk.path / "store/catalog.sqlite")) as catalog:
        catalog.execute("UPDATE claims SET lease_until = 0")
        catalog.commit()
    assert_resumes(session, small_disk, result.run)


def test_scratch_is_full_while_a_step_works(
    opened: Open, small_disk: SmallDisk, numbers: Path, tmp_path: Path
) -> None:
    session = opened(scratch=small_disk.path / "scratch")
    result = conduct_and_fill(session, small_disk, numbers, tmp_path / "gate", 500 * KIB)
    assert_full(result, small_disk.path / "scratch")
    assert "paced" in result.message
    assert "NVME_ROOT" in result.message
    assert left_over(small_disk) == []
    assert_resumes(session, small_disk, result.run)


def test_the_output_place_is_full_at_the_end_and_shows_nothing(
    opened: Open, small_disk: SmallDisk, numbers: Path, tmp_path: Path
) -> None:
    session = opened()
    out = small_disk.path / "shared/out"
    result = conduct_and_fill(session, small_disk, numbers, tmp_path / "gate", 500 * KIB, output=str(out))
    assert_full(result, out)
    assert "computed and kept" in result.message
    assert small_disk.files() == []
    assert not out.parent.exists()
    assert session.find(result.run).state == "failed"
    assert_resumes(session, small_disk, result.run)
    assert len(json.loads((out / "large.json").read_text())) == 2_000_000
    assert len(list((out / "doubled").iterdir())) == 12


def test_an_output_place_that_is_full_already_is_found_before_anything_is_computed(
    opened: Open, small_disk: SmallDisk, numbers: Path
) -> None:
    session = opened()
    small_disk.fill(0)
    with pytest.raises(NoSpace, match="Nothing was started") as raised:
        session.create(paced(), {"numbers": str(numbers)}, output=str(small_disk.path / "out"))
    assert str(small_disk.path / "out") in str(raised.value)
    assert session.runs(10) == []
    assert not (small_disk.path / "out").exists()


def test_what_was_published_before_stays_whole_when_there_is_no_room_for_the_new(
    opened: Open, small_disk: SmallDisk, numbers: Path
) -> None:
    session = opened()
    out = small_disk.path / "out"
    first = session.create(paced(), {"numbers": str(numbers)}, output=str(out))
    assert session.conduct(first).state == "done"
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    second = session.create(paced(size=3_000_000), {"numbers": str(numbers)}, output=str(out))

    def fill_late(event: Event) -> None:
        if isinstance(event, StepDone) and event.step == "paced":
            small_disk.fill(500 * KIB)

    assert_full(session.conduct(second, emit=fill_late), out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert_resumes(session, small_disk, second.id)
    assert len(json.loads((out / "large.json").read_text())) == 3_000_000
