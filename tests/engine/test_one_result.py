"""Under one key one result is visible, also of a stage that makes something else each time: in the record's order."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.engine.noisy_stages import Distrusting, Noisy
from tests.engine.toy_stages import Add, Double

from calotype import Report
from calotype.catalog import Catalog
from calotype.catalog.claims import Claim
from calotype.engine import completion
from calotype.engine.commit import commit_record
from calotype.engine.definition import RunDefinition, read_definition
from calotype.engine.exchange import export_run
from calotype.engine.execute import Workplace
from calotype.engine.fork import finished_steps
from calotype.engine.gc import collect
from calotype.engine.library import Library
from calotype.engine.outputs import named_outputs
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.purge import purge
from calotype.engine.reach import Walk
from calotype.engine.rebuild import rebuild
from calotype.engine.records import StepRecord, dump, parse_segment, segment_path
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs
from calotype.storage.files import sha256_of
from calotype.storage.store import Store


def conduct(session: Session, definition: RunDefinition) -> RunResult:
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))


@pytest.fixture
def noisy() -> PipelineSpec:
    pipeline = Pipeline("noise")
    made = pipeline.add(Noisy(), step="noise", numbers=pipeline.source("numbers", Report))
    added = pipeline.add(Add(), step="add", numbers=made.report)
    pipeline.publish("noise/", made.report, label="noise")
    pipeline.publish("total.json", added.total, label="total")
    return pipeline.build()


def in_store(session: Session, run: str) -> dict[str, str]:
    """What the run made according to the store alone: name to sha256."""
    definition = read_definition(session.store, run)
    _, flows = Walk(session.store).follow(definition)
    return named_outputs(definition.pipeline, flows, Blobs(session.store))["noise"]


def published(result: RunResult) -> dict[str, str]:
    """What the run made according to the files that people are given."""
    return {f"noise/{path.name}": sha256_of(path)[0] for path in Path(result.outputs["noise"]).iterdir()}


@pytest.fixture
def rival(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A stale attempt that wakes and commits other items right before the step's own record; keys it did that to."""
    overtaken: list[str] = []

    def commit(store: Store, record: StepRecord) -> StepRecord:
        if record.members and record.key not in overtaken:
            overtaken.append(record.key)
            ours = parse_segment(store.get(record.segments[0]), record.segments[0])
            items = tuple(
                item.model_copy(update={"outputs": (other(store, item.outputs[0], number),)})
                for number, item in enumerate(ours.items)
            )
            path = segment_path(record.key, 0, 0, 0)
            store.put(path, dump(ours.model_copy(update={"attempt": 0, "items": items})))
            commit_record(store, record.model_copy(update={"attempt": 0, "segments": (path,)}))
        return commit_record(store, record)

    def other(store: Store, ref: Any, number: int) -> Any:
        digest, size = Blobs(store).put_bytes(b"%d" % number)
        return ref.model_copy(update={"digest": digest, "size": size})

    monkeypatch.setattr(completion, "commit_record", commit)
    return overtaken


def test_of_two_attempts_that_made_different_items_the_first_record_is_everybodys(
    session: Session, noisy: PipelineSpec, numbers: Path, rival: list[str]
) -> None:
    result = conduct(session, session.create(noisy, {"numbers": str(numbers)})).check()
    assert len(rival) == 1
    assert published(result) == in_store(session, result.run)
    kept = session.catalog.tables()
    rebuilt = Catalog("sqlite://")
    rebuild(session.store, rebuilt)
    again = rebuilt.tables()
    rebuilt.close()
    assert kept["lineage"] == again["lineage"] and kept["items"] == again["items"]
    rebuild(session.store, session.catalog, replace=True)
    resumed = conduct(session, read_definition(session.store, result.run))
    assert resumed.executed == () and published(resumed) == published(result)


def test_a_catalog_that_knows_other_items_still_gives_those_of_the_record(
    session: Session, noisy: PipelineSpec, numbers: Path, tmp_path: Path
) -> None:
    """Another catalog's run was stopped before its record; this catalog's run committed its own."""
    result = conduct(session, session.create(noisy, {"numbers": str(numbers)})).check()
    (path,) = (info.key for info in session.store.list("segments"))
    segment = parse_segment(session.store.get(path), path)
    digest, size = Blobs(session.store).put_bytes(b"7")
    others = tuple(
        item.model_copy(
            update={"outputs": (item.outputs[0].model_copy(update={"digest": digest, "size": size}),)}
        )
        for item in segment.items
    )
    stray = segment_path(segment.step_key, 9, 0, 0)
    session.store.put(stray, dump(segment.model_copy(update={"attempt": 9, "items": others})))
    session.catalog.upkeep.forget_segments([path])
    Library(session.store, session.catalog).remember_items(others, stray)
    resumed = conduct(session, session.create(noisy, {"numbers": str(numbers)}))
    assert resumed.executed == () and published(resumed) == published(result) == in_store(
        session, resumed.run
    )


def test_an_item_that_was_made_anew_counts_for_export_purge_and_fork(
    session: Session, noisy: PipelineSpec, numbers: Path, tmp_path: Path
) -> None:
    for _ in range(4):  # Names of segments are random: their order is right by chance at times.
        result = conduct(session, session.create(noisy, {"numbers": str(numbers)})).check()
        session.store.delete([Blobs(session.store).key(in_store(session, result.run)["noise/01.json"])])
        healed = conduct(session, read_definition(session.store, result.run)).check()
        assert "noise" in healed.executed
    definition = read_definition(session.store, result.run)
    assert set(finished_steps(definition, session.store, session.catalog)) == {"noise", "add"}
    export_run(session.store, result.run, tmp_path / "run.zip", lambda _, __: None)
    wanted = in_store(session, result.run)
    purge(session.store, session.catalog, result.run, keep_output=True)
    old = time.time() - 1e5
    for path in (tmp_path / "store").rglob("*"):
        if path.is_file() and "catalog" not in path.name:
            os.utime(path, (old, old))
    collect(session.store, session.catalog)
    assert all(Blobs(session.store).exists(digest) for digest in wanted.values())


def test_a_step_that_another_run_ended_before_it_was_claimed_is_adopted(
    session: Session, sums: Callable[..., PipelineSpec], numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    spec = sums(Double(trace=str(trace)))
    late, early = (session.create(spec, {"numbers": str(numbers)}) for _ in range(2))
    other = Session(tmp_path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
    take = session.catalog.claims.take

    def taken_late(*given: Any, **named: Any) -> Claim | None:
        session.catalog.claims.take = take
        conduct(other, early).check()
        return take(*given, **named)

    session.catalog.claims.take = taken_late
    result = conduct(session, late).check()
    other.close()
    assert result.executed == ()
    assert len(trace.read_text().split()) == 12
    assert session.catalog.upkeep.live_claims() == []


def test_a_task_that_distrusts_bytes_that_are_right_is_tried_three_times_and_no_more(
    session: Session, numbers: Path, tmp_path: Path
) -> None:
    pipeline = Pipeline("distrust")
    trace = tmp_path / "trace"
    pipeline.add(Distrusting(trace=str(trace)), step="read", numbers=pipeline.source("numbers", Report))
    result = conduct(session, session.create(pipeline.build(), {"numbers": str(numbers)}))
    assert (result.state, result.error, result.exit_code) == ("failed", "Transient", 75)
    assert "all of their bytes are right" in result.message
    assert trace.read_text().count("read") == 3
