"""What a stage tolerates and needs: rejected items, memory, GPUs, checkpoints, scratch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.engine.toy_stages import Add, Double, Greedy, HalfOfIt, KeepsPlace

from calotype import Report, Stage
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.records import parse_record
from calotype.runners.capacity import Capacity
from calotype.runners.local import LocalPool
from calotype.runners.session import Session, pipeline_of
from calotype.storage.scratch import Scratch

Sums = Callable[..., PipelineSpec]


def test_more_rejected_items_than_tolerated_fail_the_step_with_the_commonest_reasons(
    session: Session, sums: Sums, numbers: Path
) -> None:
    (numbers / "again.json").write_text("13")
    spec = sums(Double(reject_odd=True, max_rejected=0.5))
    failed = session.conduct(session.create(spec, {"numbers": str(numbers)}))
    assert (failed.state, failed.error, failed.exit_code) == ("failed", "TooManyRejected", 78)
    assert "double declined 7 of 13 items and tolerates 50%. 1 times: 1 is odd;" in failed.message


def test_tolerating_more_adopts_all_that_was_computed(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    strict = Double(reject_odd=True, max_rejected=0.1, trace=str(trace))
    definition = session.create(sums(strict), {"numbers": str(numbers)})
    assert session.conduct(definition).error == "TooManyRejected"
    assert session.resume(definition.id).error == "TooManyRejected"
    loose = strict.model_copy(update={"max_rejected": 0.5})
    result = session.conduct(session.create(sums(loose), {"numbers": str(numbers)}))
    assert (result.check().figures["count"], result.executed) == (6, ("add",))
    assert len(trace.read_text().split()) == 12


def run_alone(session: Session, stage: Stage, numbers: Path):
    return session.conduct(session.create(pipeline_of(stage), {"numbers": str(numbers)}))


def test_a_stage_that_needs_more_memory_than_there_is_is_refused_before_it_starts(
    session: Session, numbers: Path
) -> None:
    failed = run_alone(session, Greedy(), numbers)
    assert (failed.state, failed.error, failed.exit_code) == ("failed", "MachineTooSmall", 78)
    assert "needs 1048576.0 GiB of memory; this machine has" in failed.message
    row = session.catalog.runs.steps(failed.run)[0]
    assert (row.state, row.note) == ("failed", failed.message)


def test_tasks_that_do_not_fit_into_memory_together_run_one_after_the_other(
    session: Session, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    pipeline = pipeline_of(HalfOfIt(trace=str(trace)))
    pool = LocalPool(Capacity(slots=2, memory_gb=6.0))
    try:
        session.conduct(session.create(pipeline, {"numbers": str(numbers)}), runner=pool).check()
    finally:
        pool.close()
    assert trace.read_text().split() == ["begin", "end"] * 12


def test_a_checkpoint_in_an_each_stage_is_refused_in_words(session: Session, numbers: Path) -> None:
    failed = run_alone(session, KeepsPlace(), numbers)
    assert failed.error == "StageFailed"
    assert "an Each stage has no checkpoints" in failed.message


def test_a_record_says_where_its_items_were_computed(session: Session, sums: Sums, numbers: Path) -> None:
    session.conduct(session.create(sums(), {"numbers": str(numbers)})).check()
    for info in session.store.list("records"):
        record = parse_record(session.store.get(info.key), info.key)
        assert [(machine.device, machine.cpus > 0) for machine in record.machines] == [("cpu", True)]


def test_a_task_that_scratch_cannot_hold_is_refused_with_the_figures(tmp_path: Path) -> None:
    folder = tmp_path / "numbers"
    folder.mkdir()
    (folder / "large.json").write_text("1" + " " * (2 << 20))
    environment = {"NVME_ROOT": str(tmp_path / "scratch"), "CALOTYPE_SCRATCH_GB": str(1 / 1024)}
    session = Session(tmp_path / "store", environment)
    try:
        pipeline = Pipeline("add")
        pipeline.add(Add(), numbers=pipeline.source("numbers", Report))
        failed = session.conduct(session.create(pipeline.build(), {"numbers": str(folder)}))
    finally:
        session.close()
    assert (failed.state, failed.error, failed.exit_code) == ("failed", "NoSpace", 78)
    assert "cannot hold 4.0 MiB more: it has a budget of 1.0 MiB" in failed.message
    assert not list(Scratch(tmp_path / "scratch").root.glob("work/*"))
