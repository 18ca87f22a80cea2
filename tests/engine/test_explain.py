"""Which run a step is compared with, and what is said of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.engine.toy_stages import Add, Double

from calotype.engine.definition import read_definition
from calotype.engine.explain import Explanation, explain_step, steps_waited_for
from calotype.engine.pipeline import PipelineSpec
from calotype.runners.session import RunResult, Session

Sums = Callable[..., PipelineSpec]


def carry_out(session: Session, spec: PipelineSpec, numbers: Path) -> RunResult:
    return session.conduct(session.create(spec, {"numbers": str(numbers)}))


def explained(session: Session, run: str, step: str) -> Explanation:
    rows = session.catalog.runs.steps(run)
    waits_for = steps_waited_for(read_definition(session.store, run).pipeline, rows, step)
    return explain_step(session.catalog, next(row for row in rows if row.step == step), "", waits_for)


def test_a_step_is_compared_with_the_newest_run_over_the_same_source(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    first = carry_out(session, sums(), numbers)
    others = tmp_path / "others"
    shutil.copytree(numbers, others)
    (others / "00.json").write_text("77")
    carry_out(session, sums(add=Add(start=5)), others)
    changed = carry_out(session, sums(add=Add(start=1)), numbers)
    why = explained(session, changed.run, "add")
    assert (why.compared_with, why.compared_source) == (first.run, str(numbers))
    assert why.reasons == ("parameter start: 0 -> 1",)


def test_a_step_over_a_source_that_no_run_had_is_compared_with_any(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    first = carry_out(session, sums(), numbers)
    others = tmp_path / "others"
    shutil.copytree(numbers, others)
    (others / "00.json").write_text("77")
    why = explained(session, carry_out(session, sums(), others).run, "double")
    assert (why.compared_with, why.compared_source) == (first.run, str(numbers))
    assert why.reasons == ("input numbers: 1 changed (00.json)",)


def test_a_reused_step_is_compared_with_a_run_that_has_its_result(
    session: Session, sums: Sums, numbers: Path
) -> None:
    first = carry_out(session, sums(), numbers)
    carry_out(session, sums(add=Add(start=1)), numbers)
    again = carry_out(session, sums(), numbers)
    why = explained(session, again.run, "add")
    assert (why.compared_with, why.reasons) == (first.run, ("reused: nothing changed",))


def test_a_step_that_never_ran_says_what_it_waits_for(session: Session, sums: Sums, numbers: Path) -> None:
    failed = carry_out(session, sums(Double(fail_on="07.json")), numbers)
    why = explained(session, failed.run, "add")
    assert why.reasons == ("its inputs are not known yet: it waits for double (failed)",)
    assert why.compared_with == ""


def test_a_step_with_the_key_of_one_that_failed_says_so(session: Session, sums: Sums, numbers: Path) -> None:
    failed = carry_out(session, sums(Double(fail_on="07.json")), numbers)
    mended = carry_out(session, sums(Double()), numbers)
    why = explained(session, mended.run, "double")
    assert (why.compared_with, why.reasons) == (failed.run, ("nothing changed, but it failed there",))
