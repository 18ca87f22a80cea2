"""A store that several machines use, each with a catalog of its own: every run is found, whoever made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from calotype.engine.events import Event, StepDone
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.state import state_path
from calotype.errors import UnknownName
from calotype.runners.session import Session

Sums = Callable[..., PipelineSpec]


@pytest.fixture
def here_and_there(tmp_path: Path) -> Iterator[tuple[Session, Session]]:
    """Two machines: one store, two catalogs, two scratch disks."""
    sessions = [
        Session(
            tmp_path / "store",
            {
                "NVME_ROOT": str(tmp_path / f"scratch-{name}"),
                "CALOTYPE_CATALOG": f"sqlite:///{tmp_path}/{name}.sqlite",
            },
        )
        for name in ("here", "there")
    ]
    yield sessions[0], sessions[1]
    for session in sessions:
        session.close()


def test_a_run_that_stopped_on_one_machine_is_resumed_on_another(
    here_and_there: tuple[Session, Session], sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    here, there = here_and_there
    run = here.create(sums(), {"numbers": str(numbers)}, output=str(tmp_path / "out"))

    def stop_after_double(event: Event) -> None:
        if isinstance(event, StepDone):
            here.cancel(run.id)

    assert here.conduct(run, emit=stop_after_double).state == "cancelled"
    assert [row.id for row in there.runs(10)] == [run.id]
    assert there.find("latest").state == "cancelled"
    steps = {row.step: row.state for row in there.catalog.runs.steps(run.id)}
    assert steps["double"] == "done"
    assert steps["add"] != "done"
    resumed = there.resume(run.id[:-2])
    assert (resumed.state, resumed.executed) == ("done", ("add",))
    assert (tmp_path / "out/total.json").exists()
    assert there.write_output(run.id, "total") == tmp_path / "out/total.json"


def test_latest_is_the_newest_run_of_all_machines(
    here_and_there: tuple[Session, Session], sums: Sums, numbers: Path
) -> None:
    here, there = here_and_there
    mine = there.create(sums(), {"numbers": str(numbers)})
    theirs = here.create(sums(), {"numbers": str(numbers)})
    assert mine.created < theirs.created
    assert there.find("latest").id == theirs.id
    assert {row.id for row in there.runs(10)} == {mine.id, theirs.id}
    with pytest.raises(UnknownName, match="No run '2099'"):
        there.find("2099")


def test_a_run_whose_state_nobody_wrote_down_is_found_by_its_definition(
    here_and_there: tuple[Session, Session], sums: Sums, numbers: Path
) -> None:
    here, there = here_and_there
    run = here.create(sums(), {"numbers": str(numbers)}).id
    here.store.delete(state_path(run))
    assert {row.state for row in there.catalog.runs.steps(there.find(run).id)} == {"waiting"}
    assert there.resume(run).state == "done"


def test_a_stop_asked_for_on_another_machine_before_the_run_begins_holds_until_it_is_resumed(
    here_and_there: tuple[Session, Session], sums: Sums, numbers: Path
) -> None:
    here, there = here_and_there
    definition = here.create(sums(), {"numbers": str(numbers)})
    there.cancel(definition.id)
    assert here.conduct(definition).state == "cancelled"
    assert here.resume(definition.id).state == "done"
