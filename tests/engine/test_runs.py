"""Runs on a real folder store with real worker processes: what is computed, adopted, resumed, refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.engine.events import Event, ItemRejected, StepDone, StepProgress
from calotype.engine.explain import explain_step
from calotype.engine.pipeline import PipelineSpec
from calotype.errors import Cancelled, TooFewImages
from calotype.runners.session import RunResult, Session

Sums = Callable[..., PipelineSpec]


def carry_out(session: Session, spec: PipelineSpec, numbers: Path, **options: str) -> RunResult:
    return session.conduct(session.create(spec, {"numbers": str(numbers)}, **options))


def lines(path: Path) -> Counter[str]:
    return Counter(path.read_text().split()) if path.exists() else Counter()


def test_a_run_computes_publishes_and_reports(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    result = carry_out(session, sums(), numbers, output=str(tmp_path / "out"))
    assert (result.state, result.exit_code) == ("done", 0)
    assert result.figures == {"sum": 132, "count": 12}
    assert json.loads((tmp_path / "out/total.json").read_text())["sum"] == 132
    assert sorted(path.name for path in (tmp_path / "out/doubled").iterdir())[:2] == ["00.json", "01.json"]
    assert set(result.executed) == {"double", "add"}
    assert result.seconds.keys() == {"double", "add", "total"}


def test_the_same_run_again_executes_nothing(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    spec = sums(Double(trace=str(trace)))
    carry_out(session, spec, numbers)
    again = carry_out(session, spec, numbers)
    assert again.executed == ()
    assert again.figures["sum"] == 132
    assert set(lines(trace).values()) == {1}


def test_a_speed_only_parameter_executes_nothing(session: Session, sums: Sums, numbers: Path) -> None:
    carry_out(session, sums(Double(threads=1)), numbers)
    assert carry_out(session, sums(Double(threads=7)), numbers).executed == ()


def test_the_same_files_in_another_folder_execute_nothing(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    carry_out(session, sums(), numbers)
    moved = numbers.rename(tmp_path / "moved")
    assert carry_out(session, sums(), moved).executed == ()


def test_a_parameter_reruns_only_what_depends_on_it_and_explain_names_it(
    session: Session, sums: Sums, numbers: Path
) -> None:
    carry_out(session, sums(), numbers)
    changed = carry_out(session, sums(add=Add(start=1)), numbers)
    assert changed.executed == ("add",)
    rows = {row.step: row for row in session.catalog.runs.steps(changed.run)}
    assert explain_step(session.catalog, rows["add"]).reasons == ("parameter start: 0 -> 1",)
    assert explain_step(session.catalog, rows["double"]).reasons == ("reused: nothing changed",)


def test_added_items_are_the_only_ones_computed_and_removed_ones_leave_the_result(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    spec = sums(Double(trace=str(trace)))
    carry_out(session, spec, numbers)
    (numbers / "20.json").write_text("20")
    (numbers / "00.json").unlink()
    (numbers / "01.json").unlink()
    result = carry_out(session, spec, numbers)
    assert result.figures == {"sum": 132 - 2 + 40, "count": 11}
    assert lines(trace)["20.json"] == 1
    assert max(lines(trace).values()) == 1
    rows = {row.step: row for row in session.catalog.runs.steps(result.run)}
    reason = explain_step(session.catalog, rows["double"]).reasons
    assert reason == ("input numbers: 1 added (20.json), 2 removed (00.json, 01.json)",)


def test_rejected_items_are_counted_reported_and_left_out(
    session: Session, sums: Sums, numbers: Path
) -> None:
    seen: list[Event] = []
    definition = session.create(sums(Double(reject_odd=True)), {"numbers": str(numbers)})
    result = session.conduct(definition, emit=seen.append)
    assert result.figures == {"sum": 60, "count": 6}
    reasons = {event.item: event.reason for event in seen if isinstance(event, ItemRejected)}
    assert reasons["03.json"] == "3 is odd"
    assert len(reasons) == 6
    assert [event.rejected for event in seen if isinstance(event, StepDone)] == [6, 0]


def test_two_items_with_the_same_bytes_are_computed_once_and_keep_their_names(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    (numbers / "twin.json").write_text("5")
    result = carry_out(session, sums(Double(trace=str(trace))), numbers, output=str(tmp_path / "out"))
    assert result.figures == {"sum": 142, "count": 13}
    assert (tmp_path / "out/doubled/twin.json").read_text() == "10"
    assert sum(lines(trace).values()) == 12


def test_two_items_that_would_share_an_output_name_get_names_of_their_own(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    from calotype import run
    from calotype.stages.prepare import Prepare

    folder = tmp_path / "photos"
    folder.mkdir()
    Pillow.new("RGB", (8, 8), "red").save(folder / "a.bmp")
    Pillow.new("RGB", (8, 8), "blue").save(folder / "a.png")
    run(Prepare(), {"photos": folder}, store="memory://names", output=tmp_path / "out")
    pictures = {path.name: Pillow.open(path).getpixel((0, 0)) for path in (tmp_path / "out/image").iterdir()}
    assert pictures == {"a.png": (255, 0, 0), "a_png.png": (0, 0, 255)}


def test_a_bad_item_is_named_and_what_the_others_gave_is_kept(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    failed = carry_out(session, sums(Double(fail_on="07.json", trace=str(trace))), numbers)
    assert (failed.state, failed.exit_code) == ("failed", 78)
    assert "07.json" in failed.message
    assert "this one is bad" in failed.message
    assert lines(trace)["07.json"] == 0
    assert carry_out(session, sums(Double(trace=str(trace))), numbers).figures["sum"] == 132
    assert set(lines(trace).values()) == {1}


def test_a_killed_worker_fails_one_task_and_resume_goes_on(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    dying = session.create(sums(add=Add(die_at=7, trace=str(trace))), {"numbers": str(numbers)})
    failed = session.conduct(dying)
    assert failed.state == "failed"
    assert "SIGKILL" in failed.message
    resumed = session.resume(dying.id)
    assert (resumed.state, resumed.figures["sum"]) == ("done", 132)
    assert resumed.executed == ("add",)
    assert lines(trace) == Counter({str(index): 1 for index in range(12)})
    assert list(session.store.list("checkpoints")) == []


def test_a_transient_failure_is_tried_again_with_the_next_attempt(
    session: Session, sums: Sums, numbers: Path
) -> None:
    result = carry_out(session, sums(add=Add(transient_failures=2)), numbers)
    assert result.state == "done"
    rows = {row.step: row for row in session.catalog.runs.steps(result.run)}
    assert rows["add"].attempt == 3


def test_a_failure_that_stays_transient_ends_with_its_own_exit_code(
    session: Session, sums: Sums, numbers: Path
) -> None:
    assert carry_out(session, sums(add=Add(transient_failures=9)), numbers).exit_code == 75


def test_a_cancelled_run_keeps_what_it_has_and_resumes(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    waiting = session.create(sums(Double(wait_on="11.json", trace=str(trace))), {"numbers": str(numbers)})

    def cancel_late(event: Event) -> None:
        if isinstance(event, StepProgress) and event.done >= 9:
            session.cancel(waiting.id)

    stopped = session.conduct(waiting, emit=cancel_late)
    assert (stopped.state, stopped.exit_code) == ("cancelled", 130)
    with pytest.raises(Cancelled):
        stopped.check()
    before = lines(trace)
    assert sum(before.values()) >= 9
    finished = carry_out(session, sums(Double(trace=str(trace))), numbers)
    assert finished.figures["sum"] == 132
    assert max(lines(trace).values()) == 1


def test_a_record_whose_blob_is_gone_is_set_aside_and_computed_again(
    session: Session, sums: Sums, numbers: Path
) -> None:
    first = carry_out(session, sums(), numbers)
    (record,) = [info.key for info in session.store.list("records") if "Add" in info.key]
    digest = json.loads(session.store.get(record))["outputs"]["total"][0]["digest"]
    session.store.delete(f"blobs/sha256/{digest[:2]}/{digest}")
    again = carry_out(session, sums(), numbers)
    assert again.executed == ("add",)
    assert again.figures == first.figures
    assert [info.key for info in session.store.list("damaged")] == [f"damaged/{record}"]


def test_an_item_whose_blob_is_gone_is_computed_again(session: Session, sums: Sums, numbers: Path) -> None:
    spec = sums(
        Double(factor=1000)
    )  # So that no output has the bytes of an input, which would bring its blob back.
    first = carry_out(session, spec, numbers)
    (segment, *_) = session.store.list("segments")
    digest = json.loads(session.store.get(segment.key))["items"][-1]["outputs"][0]["digest"]
    session.store.delete(f"blobs/sha256/{digest[:2]}/{digest}")
    again = carry_out(session, spec, numbers)
    assert again.executed == ("double",)
    assert again.figures == first.figures


def test_too_few_inputs_are_refused_with_what_was_found(session: Session, tmp_path: Path) -> None:
    from calotype.artifacts import Report
    from calotype.engine.pipeline import Pipeline

    pipeline = Pipeline("few")
    pipeline.add(Add(), numbers=pipeline.source("numbers", Report, least=5))
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "a.json").write_text("1")
    (folder / "notes.txt").write_text("not a number")
    with pytest.raises(TooFewImages, match=r"holds 1 report; at least 5 are needed.*notes\.txt"):
        session.create(pipeline.build(), {"numbers": str(folder)})
    assert session.catalog.runs.list() == []


def test_what_was_finished_before_a_failure_is_adopted_by_a_run_over_other_items(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    failed = carry_out(session, sums(Double(fail_on="11.json", trace=str(trace))), numbers)
    assert failed.state == "failed"
    finished = set(lines(trace))
    (numbers / "11.json").unlink()  # Another set of items is another step key; the items' own keys stay.
    again = carry_out(session, sums(Double(trace=str(trace))), numbers)
    assert again.figures == {"sum": 110, "count": 11}
    assert max(lines(trace).values()) == 1
    assert finished
    (record,) = [info.key for info in session.store.list("records") if "Double" in info.key]
    listed = [session.store.get(path) for path in json.loads(session.store.get(record))["segments"]]
    assert len({item["key"] for data in listed for item in json.loads(data)["items"]}) == 11


def test_a_new_catalog_finds_in_the_store_what_the_old_one_knew(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    carry_out(session, sums(), numbers)
    fresh = Session(
        tmp_path / "store", {**session.environment, "CALOTYPE_CATALOG": f"sqlite:///{tmp_path}/new.sqlite"}
    )
    assert carry_out(fresh, sums(), numbers).executed == ()
    fresh.close()


def test_outputs_that_cannot_be_written_fail_the_run_and_lose_nothing(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    definition = session.create(sums(), {"numbers": str(numbers)}, output=str(out))
    out.mkdir()
    (out / "total.json").write_text("somebody's own")  # Written while the run was at work.
    result = session.conduct(definition)
    assert (result.state, result.exit_code, result.outputs) == ("failed", 78, {})
    assert "computed and kept" in result.message
    assert (out / "total.json").read_text() == "somebody's own"
    assert session.catalog.runs.get(result.run).state == "failed"
    resumed = session.resume(result.run, output=str(tmp_path / "other"))
    assert (resumed.state, resumed.executed) == ("done", ())
