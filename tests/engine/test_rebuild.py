"""A catalog filled from the store alone holds the same rows as the one that was kept while the runs worked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.catalog import Catalog
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.rebuild import restore_run
from calotype.errors import UnknownName
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session

Sums = Callable[..., PipelineSpec]


def carry_out(session: Session, spec: PipelineSpec, numbers: Path) -> RunResult:
    definition = session.create(spec, {"numbers": str(numbers)})
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))


@pytest.mark.parametrize("double", [Double(), Double(reject_odd=True), Double(fail_on="07.json")])
def test_the_rows_of_one_run_are_those_that_were_written_while_it_worked(
    session: Session, sums: Sums, numbers: Path, double: Double
) -> None:
    run = carry_out(session, sums(double), numbers).run
    empty = Catalog("sqlite://")
    restore_run(session.store, empty, run)
    before, after = session.catalog.tables(), empty.tables()
    for table in ("runs", "steps", "items", "lineage"):
        assert after[table] == before[table], table
    assert before["items"]
    empty.close()


def test_restoring_a_run_that_is_known_changes_nothing(session: Session, sums: Sums, numbers: Path) -> None:
    run = carry_out(session, sums(), numbers).run
    before = session.catalog.tables()
    restore_run(session.store, session.catalog, run)
    assert session.catalog.tables() == before


def test_a_run_that_was_made_and_never_begun_is_restored_too(
    session: Session, sums: Sums, numbers: Path
) -> None:
    definition = session.create(sums(add=Add(start=2)), {"numbers": str(numbers)})
    empty = Catalog("sqlite://")
    restore_run(session.store, empty, definition.id)
    assert empty.tables()["steps"] == session.catalog.tables()["steps"]
    assert empty.tables()["runs"] == session.catalog.tables()["runs"]
    empty.close()


def test_a_run_that_the_store_does_not_have_is_named(session: Session) -> None:
    with pytest.raises(UnknownName, match="no-such-run"):
        restore_run(session.store, session.catalog, "no-such-run")
