"""A worker that dies while it commits fails its task, and the resumed run does only what was not committed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults.campaign import Committed, Place, Verdict, compare, judge, numbers_of
from tests.faults.pipelines import SmallRun, noise_at_odds, noise_run, numbers_run
from tests.faults.points import MOMENTS, Moment, Point, injected

from calotype.runners.session import Session

WORKER = "calotype.runners.worker"


def die_and_resume(place: Place, small: SmallRun, expected: dict[str, str], point: Point) -> Verdict:
    session = Session(place.store_url, injected(place.environment, point, WORKER))
    definition = session.create(small.pipeline, small.inputs)
    result = session.conduct(definition)
    assert result.error == "ChildDied" and "died of SIGKILL" in result.message
    before = Committed.now(session.store)
    verdict = Verdict(result.run)
    session.resume(result.run).check()
    compare(session.store, before, verdict)
    session.close()
    judge(place, verdict, expected)
    return verdict


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("write", ["segments", "records"])
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_worker_killed_at_its_commit_loses_nothing(
    write: str, moment: Moment, place: Place, three: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    numbers, expected = three
    small = numbers_run(numbers, count=3, pause_s=0.0)
    point = Point(write=write, moment=moment, once=str(tmp_path / "died"))
    assert die_and_resume(place, small, expected, point).is_clean


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("write", ["segments", "records"])
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_nor_does_it_leave_two_results_of_a_stage_that_makes_something_else_each_time(
    write: str, moment: Moment, place: Place, three: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    small = noise_run(three[0], count=3, pause_s=0.0)
    point = Point(write=write, moment=moment, once=str(tmp_path / "died"))
    verdict = die_and_resume(place, small, {}, point)
    assert verdict.is_clean, verdict
    assert noise_at_odds(numbers_of(place, verdict.run)) == []
