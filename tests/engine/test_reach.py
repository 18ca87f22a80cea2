"""What a run holds on to: all of its records, segments and blobs, found without a catalog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.engine.definition import read_definition
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.reach import Walk
from calotype.engine.state import read_state
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs

Sums = Callable[..., PipelineSpec]


def test_one_run_reaches_everything_in_a_store_that_holds_only_it(
    session: Session, sums: Sums, numbers: Path
) -> None:
    result = session.conduct(session.create(sums(Double(reject_odd=True)), {"numbers": str(numbers)}))
    reached = Walk(session.store).reach(read_definition(session.store, result.run))
    assert reached.records == {info.key for info in session.store.list("records")}
    assert reached.segments == {info.key for info in session.store.list("segments")}
    assert {Blobs(session.store).key(digest) for digest in reached.digests} == {
        info.key for info in session.store.list("blobs")
    }


def test_an_unfinished_step_holds_on_to_the_segments_it_has(
    session: Session, sums: Sums, numbers: Path
) -> None:
    result = session.conduct(session.create(sums(Double(fail_on="07.json")), {"numbers": str(numbers)}))
    assert result.state == "failed"
    reached = Walk(session.store).reach(read_definition(session.store, result.run))
    assert reached.records == set()
    assert reached.segments
    assert reached.segments == {info.key for info in session.store.list("segments")}


def test_the_state_of_a_run_is_kept_beside_its_definition(
    session: Session, sums: Sums, numbers: Path
) -> None:
    result = session.conduct(session.create(sums(add=Add(start=3)), {"numbers": str(numbers)}))
    state = read_state(session.store, result.run)
    assert state is not None
    assert state.run == session.catalog.runs.get(result.run)
    assert list(state.steps) == session.catalog.runs.steps(result.run)


def test_a_run_keeps_what_it_made_when_its_stages_have_a_newer_version_now(
    session: Session, sums: Sums, numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = session.conduct(session.create(sums(), {"numbers": str(numbers)}))
    definition = read_definition(session.store, result.run)
    before = Walk(session.store).reach(definition)
    monkeypatch.setattr(Double, "version", "2")
    after = Walk(session.store).reach(definition)
    assert after.records == before.records
    assert after.digests == before.digests
