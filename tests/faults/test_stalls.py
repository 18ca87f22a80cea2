"""Who sleeps beyond a lease finds its work done by another: its completion is refused and counted, and one result stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.faults.campaign import (
    Committed,
    Place,
    Verdict,
    compare,
    end_leases,
    judge,
    numbers_of,
    resume,
)
from tests.faults.nursery import carry
from tests.faults.pipelines import SMALL_RUNS, noise_at_odds
from tests.faults.points import Point, injected
from tests.faults.processes import everybody, family_of, stopped, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

WORKER = "calotype.runners.worker"
PARENT = "resume"
Three = tuple[Path, dict[str, str]]


def made(place: Place, numbers: Path, pipeline: str = "numbers") -> str:
    """A new run over three numbers; nobody works on it."""
    small = SMALL_RUNS[pipeline](numbers, count=3, pause_s=0.0)
    session = place.open()
    run = session.create(small.pipeline, small.inputs).id
    session.close()
    return run


@contextmanager
def sleeper(place: Place, run: str, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that carries the run, once it or one of its workers sleeps; awake and ended after the block."""
    with (place.folder / "log.txt").open("ab") as log, resume(place, run, log, environment) as process:
        try:
            found = wait_until(lambda: bool(stopped(everybody(family_of(process.pid)))), 60)
            assert found, (place.folder / "log.txt").read_text()
            yield process
        finally:
            wake(process)
            process.wait(60)


def wake(process: subprocess.Popen[bytes]) -> None:
    for pid in stopped(everybody(family_of(process.pid))):
        os.kill(pid, signal.SIGCONT)


def overtaken(
    place: Place, three: Three, word: str, point: Point, refused: int = 1, pipeline: str = "numbers"
) -> Verdict:
    """What is left when one process sleeps at the point, another takes over and ends the run, and the first wakes up;
    so many of its completions are refused."""
    numbers, expected = three
    run = made(place, numbers, pipeline)
    with sleeper(place, run, injected(place.environment, point, word)) as process:
        end_leases(place)
        carry(place, numbers, pipeline).check()
        session = place.open()
        before = Committed.now(session.store)
        wake(process)
        assert process.wait(60) == 0, (place.folder / "log.txt").read_text()
    verdict = Verdict(run)
    compare(session.store, before, verdict)
    assert session.catalog.claims.refused() == refused
    session.close()
    judge(place, verdict, expected)
    return verdict


@pytest.mark.parametrize(
    ("word", "write", "refused"),
    [
        (WORKER, "segments", 1),
        (WORKER, "records", 1),
        (PARENT, "records", 1),
        # Its record was there: the other one adopted that and claimed nothing.
        (PARENT, "Runs.finish_step", 0),
    ],
)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_a_sleeper_brings_too_late_changes_nothing(
    word: str, write: str, refused: int, place: Place, three: Three
) -> None:
    point = Point(write=write, moment="before", signal=signal.SIGSTOP, once=str(place.folder / "slept"))
    assert overtaken(place, three, word, point, refused).is_clean


@pytest.mark.parametrize(("word", "write"), [(WORKER, "segments"), (WORKER, "records"), (PARENT, "records")])
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_of_stages_that_make_something_else_each_time_the_result_of_who_took_over_stands(
    word: str, write: str, place: Place, three: Three
) -> None:
    """What the sleeper had made is written when it wakes up, beside what was made of the other's by then."""
    once = str(place.folder / "slept")
    point = Point(write=write, moment="before", signal=signal.SIGSTOP, once=once)
    verdict = overtaken(place, (three[0], {}), word, point, pipeline="noise")
    assert verdict.is_clean, verdict
    assert noise_at_odds(numbers_of(place, verdict.run)) == []


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_sleeper_that_had_not_begun_takes_over_what_was_made_while_it_slept(
    place: Place, three: Three
) -> None:
    point = Point(
        write="Claims._once", moment="after", signal=signal.SIGSTOP, once=str(place.folder / "slept")
    )
    assert overtaken(place, three, PARENT, point, refused=0).is_clean


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_worker_that_sleeps_while_its_parent_is_awake_is_waited_for(place: Place, three: Three) -> None:
    numbers, expected = three
    run = made(place, numbers)
    point = Point(write="segments", moment="before", signal=signal.SIGSTOP, once=str(place.folder / "slept"))
    with sleeper(place, run, injected(place.environment, point, WORKER)) as process:
        assert process.poll() is None
        wake(process)
        assert process.wait(60) == 0
    session = place.open()
    assert session.catalog.claims.refused() == 0
    assert {row.attempt for row in session.catalog.runs.steps(run)} == {1}
    session.close()
    verdict = Verdict(run)
    judge(place, verdict, expected)
    assert verdict.is_clean


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_clocks_that_are_hours_apart_end_no_lease_early_and_keep_none_for_long(
    place: Place, three: Three
) -> None:
    """Of two machines that share a catalog one is two hours behind, the other two hours ahead."""
    numbers, expected = three
    run = made(place, numbers)
    point = Point(write="records", moment="before", signal=signal.SIGSTOP, once=str(place.folder / "slept"))
    behind = injected(place.environment, point, PARENT) | {"CALOTYPE_FAULT_CLOCK": "-7200"}
    ahead = behind | {"CALOTYPE_FAULT": "", "CALOTYPE_FAULT_CLOCK": "7200"}
    session = place.open()
    with sleeper(place, run, behind) as slow, (place.folder / "ahead.txt").open("ab") as log:
        with resume(place, run, log, ahead) as fast:
            waits = wait_until(lambda: "waiting for it" in session.catalog.runs.steps(run)[0].note, 60)
            assert waits and fast.poll() is None, (place.folder / "ahead.txt").read_text()
            assert session.catalog.runs.steps(run)[0].attempt == 1
            end_leases(place)
            assert fast.wait(60) == 0, (place.folder / "ahead.txt").read_text()
        wake(slow)
        assert slow.wait(60) == 0
    assert session.catalog.claims.refused() == 1
    session.close()
    verdict = Verdict(run)
    judge(place, verdict, expected)
    assert verdict.is_clean
