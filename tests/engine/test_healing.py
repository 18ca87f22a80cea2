"""A corrupted or missing input of a task is never served: the step that made it is computed again in the same run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.engine.definition import RunDefinition
from calotype.engine.events import Event, StepDone, StepStarted
from calotype.engine.pipeline import PipelineSpec
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs

Sums = Callable[..., PipelineSpec]


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


def blob_of(session: Session, value: object) -> Path:
    digest, _ = Blobs(session.store).put_bytes(json.dumps(value).encode())
    path = Blobs(session.store).local_path(digest)
    assert path is not None
    return path


def made(session: Session, sums: Sums, numbers: Path, trace: Path) -> RunDefinition:
    """A run whose first step is done and whose second has not begun."""
    spec = sums(Double(trace=str(trace)), Add(transient_failures=9, start=1))
    definition = session.create(spec, {"numbers": str(numbers)})
    assert session.conduct(definition).state == "failed"
    return session.create(sums(Double(trace=str(trace))), {"numbers": str(numbers)})


@pytest.mark.parametrize("harm", [flip_a_byte, truncate, Path.unlink])
def test_an_item_that_was_harmed_after_it_was_made_is_computed_again_and_nothing_else_is(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    trace = tmp_path / "trace"
    again = made(session, sums, numbers, trace)
    harm(blob_of(session, 22))
    seen: list[Event] = []
    result = session.conduct(again, emit=seen.append)
    assert result.check().figures == {"sum": 132, "count": 12}
    assert Counter(trace.read_text().split()) == Counter([f"{n:02d}.json" for n in range(12)] + ["11.json"])
    assert blob_of(session, 22).read_text() == "22"
    assert max(Counter(event.step for event in seen if isinstance(event, StepStarted)).values()) <= 2


def test_wrong_bytes_are_kept_aside_for_who_wants_to_look(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    again = made(session, sums, numbers, tmp_path / "trace")
    flip_a_byte(blob_of(session, 22))
    session.conduct(again).check()
    damaged = [info.key for info in session.store.list("damaged/blobs")]
    assert [session.store.get(key) for key in damaged] == [b"32"]


def test_a_damaged_photo_of_the_source_is_told_by_name_and_read_afresh_by_the_next_run(
    session: Session, sums: Sums, numbers: Path
) -> None:
    definition = session.create(sums(), {"numbers": str(numbers)})
    flip_a_byte(blob_of(session, 7))
    failed = session.conduct(definition)
    assert (failed.state, failed.error, failed.exit_code) == ("failed", "DamagedBlob", 78)
    assert "07.json" in failed.message
    assert str(numbers) in failed.message
    again = session.conduct(session.create(sums(), {"numbers": str(numbers)}))
    assert again.check().figures["sum"] == 132
    assert session.resume(definition.id).check().figures["sum"] == 132


def test_a_disk_that_damages_everything_ends_the_run_instead_of_going_round(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    again = made(session, sums, numbers, tmp_path / "trace")
    harmed = blob_of(session, 22)
    flip_a_byte(harmed)

    def harm_it_each_time(event: Event) -> None:
        if isinstance(event, StepDone) and event.step == "double":
            truncate(harmed)

    result = session.conduct(again, emit=harm_it_each_time)
    assert (result.state, result.error) == ("failed", "DamagedBlob")
    assert "damaged once more" in result.message
