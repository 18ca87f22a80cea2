"""A catalog that is locked for a while, crashes and comes back, or is gone, in the middle of a run."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.faults.campaign import Place, Verdict, judge
from tests.faults.nursery import carry
from tests.faults.pipelines import numbers_run

from calotype.engine.events import Event, StepStarted
from calotype.engine.execute import Workplace
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult
from servers import PostgresServer

Three = tuple[Path, dict[str, str]]


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """A function that starts the work beside what is going on; at the end of the block it is over."""
    thread = threading.Thread(target=work)
    yield thread.start
    thread.join()


def conduct(place: Place, numbers: Path, at_chain: Callable[[], None]) -> RunResult:
    """A new run; something happens once its second step has begun."""
    small = numbers_run(numbers, count=3, pause_s=0.0)
    session = place.open()
    try:
        definition = session.create(small.pipeline, small.inputs)

        def watch(event: Event) -> None:
            if isinstance(event, StepStarted) and event.step == "chain":
                at_chain()

        runner = InlineRunner(Workplace(session.store, session.scratch))
        return session.conduct(definition, runner=runner, emit=watch)
    finally:
        session.close()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_catalog_that_another_process_locks_for_a_while_is_waited_for(place: Place, three: Three) -> None:
    numbers, expected = three
    locked = threading.Event()

    def lock() -> None:
        with closing(sqlite3.connect(place.folder / "store/catalog.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            locked.set()
            time.sleep(1.5)
            other.execute("COMMIT")

    with meanwhile(lock) as start:

        def begin() -> None:
            start()
            locked.wait(10)

        result = conduct(place, numbers, begin).check()
    verdict = Verdict(result.run)
    judge(place, verdict, expected)
    assert result.seconds["total"] > 1 and verdict.is_clean


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_run_whose_catalog_is_deleted_fails_and_is_resumed_with_a_new_one(
    place: Place, three: Three
) -> None:
    numbers, expected = three

    def delete() -> None:
        for path in (place.folder / "store").glob("catalog.sqlite*"):
            path.unlink()

    result = conduct(place, numbers, delete)
    assert result.error == "StoreUnwritable" and "removed or replaced" in result.message
    resumed = carry(place, numbers).check()
    assert resumed.executed == ("outside",), "the records of the others are in the store"
    verdict = Verdict(resumed.run)
    judge(place, verdict, expected)
    assert verdict.is_clean


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_database_server_that_crashes_and_comes_back_is_not_noticed(
    place: Place, three: Three, postgres_server: PostgresServer
) -> None:
    numbers, expected = three

    def come_back() -> None:
        time.sleep(1)
        postgres_server.start()

    with meanwhile(come_back) as start:

        def crash() -> None:
            postgres_server.stop(signal.SIGQUIT)
            start()

        result = conduct(place, numbers, crash).check()
    verdict = Verdict(result.run)
    judge(place, verdict, expected)
    assert verdict.is_clean
