"""Under one key one result is visible, also of a stage that makes something else each time: in the record's order."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.engine.noisy_stages import Distrusting, Noisy
from tests.engine.rivals import Bucket, Died, at, bucket_at, dying, everybody_agrees, folder_at
from tests.engine.toy_stages import Add, Double

from calotype import Report
from calotype.catalog.claims import Claim
from calotype.engine.definition import RunDefinition, read_definition
from calotype.engine.exchange import export_run
from calotype.engine.execute import Workplace
from calotype.engine.fork import finished_steps
from calotype.engine.gc import collect
from calotype.engine.outputs import named_outputs
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.purge import purge
from calotype.engine.reach import Walk
from calotype.engine.records import parse_record
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs


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


@pytest.fixture(params=("exclusive", "overwriting"))
def bucket(request: pytest.FixtureRequest, tmp_path: Path, numbers: Path) -> Bucket:
    """A store in a folder, which creates exclusively, or on rclone, which overwrites."""
    if request.param == "exclusive":
        return folder_at(tmp_path, numbers)
    return bucket_at(request.getfixturevalue("rclone_server"), "bucket", tmp_path, numbers)


@pytest.mark.parametrize("same_catalog", [True, False])
def test_of_two_attempts_that_made_different_items_the_first_record_is_everybodys(
    bucket: Bucket, tmp_path: Path, *, same_catalog: bool
) -> None:
    """The first attempt sleeps with its items made and not written down; its lease runs out, and the second one ends."""
    runs: dict[str, str] = {}
    catalog_of = "first" if same_catalog else ""

    def second() -> None:
        result = bucket.carry_out("second", Noisy(), catalog_of=catalog_of)
        assert "throw" in result.executed
        runs["second"] = result.run

    hook, _ = at(1, "write segments/", second)
    first = bucket.carry_out("first", Noisy(), hook)
    runs["first"] = first.run
    assert len(bucket.objects("segments")) == 2
    assert everybody_agrees(bucket, runs, tmp_path, catalog_of)


def test_a_catalog_that_knows_other_items_still_gives_those_of_the_record(
    bucket: Bucket, tmp_path: Path
) -> None:
    """The other machine's process was killed before its record; its catalog knows the items that it made."""

    def other() -> None:
        hook, _ = dying(1, ("write records/", "create records/"))
        with pytest.raises(Died):
            bucket.carry_out("other", Noisy(), hook)

    hook, _ = at(1, "write segments/", other)
    first = bucket.carry_out("first", Noisy(), hook).run
    with bucket.machine("other") as session:
        known = {row["segment"] for row in session.catalog.tables()["items"]}
        (record,) = (path for path in bucket.objects("records") if "Noisy" in path)
        assert known.isdisjoint(parse_record(session.store.get(record), record).segments) and known
    other_run = bucket.carry_out("other", Noisy())
    assert other_run.executed == ()
    assert everybody_agrees(bucket, {"first": first, "other": other_run.run}, tmp_path)


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
