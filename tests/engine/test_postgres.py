"""Runs whose catalog is on PostgreSQL: shared by sessions, with a server that restarts or goes away in the middle."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.engine.toy_stages import Double
from tests.servers import PostgresServer

from calotype.catalog import Catalog
from calotype.engine.events import Event, StepStarted
from calotype.engine.pipeline import PipelineSpec
from calotype.errors import Transient
from calotype.runners.session import Session

Sums = Callable[..., PipelineSpec]
STORED = "store"


@pytest.fixture
def open_on(tmp_path: Path) -> Iterator[Callable[[str], Session]]:
    """Sessions over one store, with the catalog at a URL."""
    opened: list[Session] = []

    def at(url: str) -> Session:
        scratch = tmp_path / f"scratch{len(opened)}"
        opened.append(Session(tmp_path / STORED, {"NVME_ROOT": str(scratch), "CALOTYPE_CATALOG": url}))
        return opened[-1]

    yield at
    for session in opened:
        session.close()


def once_started(work: Callable[[], None]) -> tuple[Callable[[Event], None], list[threading.Thread]]:
    """A watcher of events that does some work, in a thread, when the first step starts."""
    threads: list[threading.Thread] = []

    def watch(event: Event) -> None:
        if isinstance(event, StepStarted) and not threads:
            threads.append(threading.Thread(target=work))
            threads[0].start()

    return watch, threads


def test_sessions_that_share_a_catalog_compute_each_item_once(
    open_on: Callable[[str], Session], sums: Sums, numbers: Path, tmp_path: Path, postgres_url: str
) -> None:
    trace = tmp_path / "trace"
    spec = sums(Double(trace=str(trace)))
    sessions = [open_on(postgres_url), open_on(postgres_url)]
    definitions = [session.create(spec, {"numbers": str(numbers)}) for session in sessions]
    states: list[str] = []

    def conduct(number: int) -> None:
        states.append(sessions[number].conduct(definitions[number]).check().state)

    threads = [threading.Thread(target=conduct, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == ["done", "done"]
    assert set(Counter(trace.read_text().split()).values()) == {1}
    assert {row.state for row in sessions[0].catalog.runs.list()} == {"done"}
    assert sessions[0].catalog.claims.refused() == 0
    digest = next(iter(definitions[0].inputs["numbers"])).digest
    assert sessions[1].catalog.lineage.was_processed(digest, "tests.engine.toy_stages:Double")


def test_a_server_that_restarts_in_the_middle_of_a_run_is_not_noticed(
    open_on: Callable[[str], Session],
    sums: Sums,
    numbers: Path,
    tmp_path: Path,
    postgres_server: PostgresServer,
) -> None:
    session = open_on(postgres_server.url())
    trace = tmp_path / "trace"

    def restart() -> None:
        postgres_server.stop()
        time.sleep(0.5)
        postgres_server.start()

    watch, threads = once_started(restart)
    definition = session.create(sums(Double(trace=str(trace))), {"numbers": str(numbers)})
    result = session.conduct(definition, emit=watch).check()
    threads[0].join()
    assert result.figures == {"sum": 132, "count": 12}
    assert set(Counter(trace.read_text().split()).values()) == {1}
    told = Counter(
        (event["type"], event.get("step"))
        for _, _, body in session.catalog.runs.events(result.run)
        for event in [json.loads(body)]
    )
    assert set(told.values()) == {1}
    session.catalog.runs.forget(result.run)


def test_a_server_that_stays_away_ends_the_run_which_can_be_resumed(
    open_on: Callable[[str], Session],
    sums: Sums,
    numbers: Path,
    tmp_path: Path,
    postgres_server: PostgresServer,
) -> None:
    session = open_on(postgres_server.url())
    session.catalog.close()
    session.catalog = Catalog(postgres_server.url(), patience_s=1)
    trace = tmp_path / "trace"
    watch, threads = once_started(postgres_server.stop)
    definition = session.create(sums(Double(trace=str(trace))), {"numbers": str(numbers)})
    try:
        with pytest.raises(Transient, match="has not answered"):
            session.conduct(definition, emit=watch).check()
    finally:
        threads[0].join()
        postgres_server.start()
    with psycopg.connect(postgres_server.url()) as connection:
        connection.execute("UPDATE claims SET lease_until = 0")  # As it is a minute later.
    result = session.resume(definition.id).check()
    assert result.figures == {"sum": 132, "count": 12}
    assert set(Counter(trace.read_text().split()).values()) == {1}
    session.catalog.runs.forget(result.run)
