"""Runs over a bucket whose server fails now and then, is slow, cuts connections and loses answers; and one that fails for good."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.faults.bad_line import FAULTS, Fault, Weather, bad_line
from tests.faults.campaign import Place, published
from tests.faults.nursery import carry
from tests.faults.pipelines import numbers_run

from calotype.engine.definition import read_definition
from calotype.engine.events import Event, StepStarted
from calotype.engine.execute import Workplace
from calotype.errors import EXIT_TRANSIENT
from calotype.runners.inline import InlineRunner
from servers import S3Server

Three = tuple[Path, dict[str, str]]


def place_on(endpoint: str, server: S3Server, folder: Path) -> Place:
    access = {**server.environment, "AWS_ENDPOINT_URL": endpoint}
    return Place(folder, bucket=server.url(f"faults/{folder.name}"), access=access)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_over_a_line_with_one_kind_of_fault_makes_the_same(
    fault: Fault, moto_server: S3Server, three: Three, tmp_path: Path
) -> None:
    numbers, expected = three
    weather = Weather(seed=time.time_ns() % 1_000_000, chance={fault: 0.15})
    with bad_line(moto_server.endpoint, weather) as endpoint:
        place = place_on(endpoint, moto_server, tmp_path)
        result = carry(place, numbers).check()
    assert weather.happened[fault] >= 3, weather
    session = place_on(moto_server.endpoint, moto_server, tmp_path).open()
    assert published(session.store, read_definition(session.store, result.run)) == expected, weather
    assert len(list(session.store.list("records"))) == 3, weather
    session.close()


def test_a_server_that_fails_for_good_ends_the_run_as_transient_and_resume_goes_on(
    moto_server: S3Server, three: Three, tmp_path: Path
) -> None:
    """Costs as long as a failing server is waited for: ten seconds."""
    numbers, expected = three
    chance: dict[Fault, float] = {"503": 0.0}
    with bad_line(moto_server.endpoint, Weather(0, chance)) as endpoint:
        place = place_on(endpoint, moto_server, tmp_path)
        session = place.open()
        small = numbers_run(numbers, count=3, pause_s=0.0)
        definition = session.create(small.pipeline, small.inputs)

        def fail_from_then_on(event: Event) -> None:
            if isinstance(event, StepStarted) and event.step == "chain":
                chance["503"] = 1.0

        runner = InlineRunner(Workplace(session.store, session.scratch))
        result = session.conduct(definition, runner=runner, emit=fail_from_then_on)
        session.close()
        assert (result.state, result.exit_code) == ("failed", EXIT_TRANSIENT), result
        assert "503" in result.message or "SlowDown" in result.message
        chance["503"] = 0.0
        resumed = carry(place, numbers).check()
        assert "square" not in resumed.executed
        session = place.open()
        assert published(session.store, definition) == expected
        session.close()
