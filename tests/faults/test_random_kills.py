"""Runs whose parents, workers and children are killed at random moments end as if nobody had disturbed them.

`bench/faults.py` does the same 200 times and more.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from tests.faults.agreement import at_odds
from tests.faults.campaign import (
    Committed,
    Place,
    Verdict,
    break_run,
    compare,
    judge,
    numbers_of,
    undisturbed,
)
from tests.faults.nursery import carry
from tests.faults.pipelines import noise_at_odds, noise_run, numbers_run, splat_run
from tests.faults.schedule import Kill, plan_kills

from calotype.engine.definition import read_definition
from calotype.engine.records import dump, parse_segment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


@pytest.mark.slow
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_photos_become_the_same_splat_although_parent_worker_and_child_are_killed(place: Place) -> None:
    """A real pipeline costs what it costs: two thirds of a minute."""
    small = splat_run()
    expected = undisturbed(small, Place(place.folder / "undisturbed"))
    del expected["report.html"]  # It tells how long everything took.
    kills = [Kill("child", "write", 0.3), Kill("worker", "while", 0.5), Kill("parent", "write", 0.05)]
    verdict = break_run(small, place, kills, expected)
    assert len(verdict.kills) == 3
    assert verdict.is_clean, verdict


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_numbers_are_the_same_although_their_run_is_killed_at_random(place: Place) -> None:
    small = numbers_run(place.folder / "numbers", count=12, pause_s=0.02)
    expected = undisturbed(small, Place(place.folder / "undisturbed"))
    seed = time.time_ns() % 1_000_000
    kills = plan_kills(seed, 3, span_s=3)
    verdict = break_run(small, place, kills, expected)
    assert verdict.kills, f"seed {seed}: the run ended before the first kill"
    assert verdict.is_clean, f"seed {seed}, {'; '.join(map(str, kills))}: {verdict}"


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_of_stages_that_make_something_else_each_time_one_result_is_left_although_they_are_killed(
    place: Place,
) -> None:
    small = noise_run(place.folder / "numbers", count=16)
    seed = time.time_ns() % 1_000_000
    kills = plan_kills(seed, 3, span_s=1.5)
    verdict = break_run(small, place, kills, {})
    told = f"seed {seed}, {'; '.join(map(str, kills))}: {verdict}"
    assert verdict.kills, told
    assert verdict.is_clean, told
    assert noise_at_odds(numbers_of(place, verdict.run)) == [], told


def test_the_same_seed_plans_the_same_kills() -> None:
    assert plan_kills(7, 20, 3.0) == plan_kills(7, 20, 3.0) != plan_kills(8, 20, 3.0)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_harness_sees_what_is_lost_or_different_or_done_twice(
    place: Place, three: tuple[Path, dict[str, str]]
) -> None:
    numbers, expected = three
    run = carry(place, numbers).check().run
    session = place.open()
    before = Committed.now(session.store)
    (chain,) = (path for path in before.objects if "Chain" in path)
    session.store.delete([chain])
    session.store.delete(path for path in before.objects if path.startswith("segments"))
    carry(place, numbers).check()
    verdict = Verdict(run)
    compare(session.store, before, verdict)
    session.close()
    judge(place, verdict, {**expected, "chain.json": "other", "more.json": ""})
    assert {line.partition("/")[0] for line in verdict.lost} >= {"records", "segments"}
    assert any("its record was there" in line for line in verdict.duplicated)
    assert verdict.different == ["chain.json"] and "output more.json is missing" in verdict.lost


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_the_harness_sees_where_records_and_what_was_made_of_them_are_at_odds(
    place: Place, three: tuple[Path, dict[str, str]]
) -> None:
    """As if items had been computed twice, and their record listed what nothing was made of."""
    run = carry(place, three[0], "noise").check().run
    session = place.open()
    definition = read_definition(session.store, run)
    assert at_odds(session, definition) == []
    values = numbers_of(place, run)
    assert noise_at_odds(values) == []
    assert noise_at_odds({**values, "noise/001.json": 1}) == ["squares/001.json", "total.json"]
    assert noise_at_odds({**values, "outside.json": 1}) == ["outside.json"]
    paths = [info.key for info in session.store.list("segments")]
    (noise,) = (path for path in paths if "Noisy" in parse_segment(session.store.get(path), path).stage)
    segment = parse_segment(session.store.get(noise), noise)
    first, second, third = segment.items
    swapped = (first.model_copy(update={"outputs": second.outputs}), second, third)
    session.store.put(noise, dump(segment.model_copy(update={"items": swapped})))
    assert at_odds(session, definition) == [
        "the rows of noisy tell of other outputs than its record",
        f"the row of item {first.key[:12]} of noisy tells of another result than its record",
        "square was made of other numbers than the steps before it list",
        "noisytotal was made of other numbers than the steps before it list",
    ]
    session.close()
