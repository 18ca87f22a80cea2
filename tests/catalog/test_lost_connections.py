"""A catalog that breaks off: what was being written is there exactly once; what is gone for good is said so, in time."""

from __future__ import annotations

import itertools
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, QueuePool, text
from sqlalchemy.exc import ProgrammingError
from tests.catalog.lost_answers import BreakingLine, breaking_line
from tests.servers import PostgresServer

from calotype.catalog import Catalog
from calotype.catalog.database import Database
from calotype.catalog.datasets import DatasetObject, DatasetVersion
from calotype.catalog.deliveries import Delivery
from calotype.catalog.results import ItemRow, LineageRow
from calotype.errors import StorageError, Transient

END_BACKENDS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def line(postgres_url: str) -> Iterator[tuple[BreakingLine, Catalog]]:
    """A catalog over a line that loses the answers to COMMITs when it is told to."""
    with breaking_line(postgres_url) as (line, url):
        catalog = Catalog(url, patience_s=20)
        catalog.runs.create("r", "p", "photos", [("s", "stage")])
        yield line, catalog
        catalog.close()


def test_a_backend_ended_between_two_writes_is_not_noticed(postgres_url: str) -> None:
    catalog = Catalog(postgres_url)
    catalog.runs.create("r", "p", "", [])
    for number in range(5):
        with psycopg.connect(postgres_url) as other:
            other.execute(END_BACKENDS)
        catalog.runs.add_event("r", str(number))
    assert [body for _, _, body in catalog.runs.events("r")] == list("01234")
    catalog.close()


def test_backends_ended_at_any_moment_lose_and_double_nothing(postgres_url: str) -> None:
    catalog = Catalog(postgres_url)
    catalog.runs.create("r", "p", "", [(f"s{n}", "stage") for n in range(4)])
    begun: list[str] = []
    finished: list[str] = []
    enough = threading.Event()

    def work(owner: int) -> None:
        for number in itertools.count():
            if enough.is_set():
                return
            begun.append(f"{owner}-{number}")
            claim = catalog.claims.take(f"{owner}-{number}", str(owner))
            assert claim is not None
            assert catalog.runs.finish_step("r", f"s{owner}", claim, claim.key, done=number)
            finished.append(claim.key)

    workers = [threading.Thread(target=work, args=(owner,)) for owner in range(4)]
    for worker in workers:
        worker.start()
    ended = 0
    with psycopg.connect(postgres_url, autocommit=True) as other:
        while any(worker.is_alive() for worker in workers):
            ended += other.execute(END_BACKENDS).fetchone()[0]  # pyright: ignore[reportOptionalSubscript]
            if ended > 10 and len(finished) >= 80:
                enough.set()
            time.sleep(0.1)
    for worker in workers:
        worker.join()
    assert ended > 10
    assert len(finished) >= 80
    assert sorted(finished) == sorted(begun)
    assert sorted(body for _, _, body in catalog.runs.events("r")) == sorted(finished)
    assert catalog.claims.refused() == 0
    catalog.close()


def test_a_step_whose_commit_nobody_answered_is_finished_once(line: tuple[BreakingLine, Catalog]) -> None:
    breaking, catalog = line
    breaking.break_next()
    claim = catalog.claims.take("k", "me")
    assert claim is not None
    assert claim.attempt == 1
    assert catalog.claims.take("k", "other") is None
    breaking.break_next()
    told = Delivery("d", "r", "webhook", "https://example.org", "{}")
    assert catalog.runs.finish_step("r", "s", claim, '{"a": 1}', [told], state="done")
    assert breaking.broken == 2
    assert [body for _, _, body in catalog.runs.events("r")] == ['{"a": 1}']
    assert [one.id for one in catalog.deliveries.list()] == ["d"]
    assert catalog.claims.refused() == 0


def test_a_sleeper_whose_refusal_nobody_answered_is_still_refused(line: tuple[BreakingLine, Catalog]) -> None:
    breaking, catalog = line
    sleeper = catalog.claims.take("k", "me", lease_s=-1)
    assert catalog.claims.take("k", "other")
    breaking.break_next()
    assert not catalog.runs.finish_step("r", "s", sleeper, "{}", state="done")
    assert breaking.broken == 1
    assert catalog.runs.events("r") == []
    assert catalog.runs.steps("r")[0].state == "waiting"


def test_every_other_write_comes_to_the_same_when_its_commit_is_lost(
    line: tuple[BreakingLine, Catalog],
) -> None:
    breaking, catalog = line
    version = DatasetVersion("set", 1, "m" * 64, 0, 1.0)
    objects = [DatasetObject("a.jpg", "a" * 64, 1, "Image")]
    claim = catalog.claims.take("k", "me")
    assert claim is not None
    writes = [
        lambda: catalog.runs.create("r2", "p", "photos", [("s", "stage")]),
        lambda: catalog.runs.update_step("r", "s", done=3, components={"a": 1}),
        lambda: catalog.runs.set_state("r", "done"),
        lambda: catalog.runs.add_event("r", "once"),
        lambda: catalog.results.add_items([ItemRow("i", "segment", "[]", None)]),
        lambda: catalog.results.add_lineage([LineageRow("k", "in", "photos", 0, "a" * 64, "a.jpg", "Image")]),
        lambda: catalog.deliveries.enqueue([Delivery("d", "r", "webhook", "https://example.org", "{}")]),
        lambda: catalog.datasets.get_or_create("set"),
        lambda: catalog.datasets.publish(version, objects),
        lambda: catalog.claims.extend(claim),
        lambda: catalog.claims.offer("q", ["x", "y", "z"]),
        lambda: catalog.claims.release(claim),
    ]
    for write in writes:
        breaking.break_next()
        write()
    breaking.break_next()
    taken = catalog.claims.take_next("q", "me", limit=2)
    assert breaking.broken == len(writes) + 1
    assert len(taken) == 2
    assert {claim.attempt for claim in taken} == {1}
    assert len(catalog.claims.take_next("q", "me", limit=2)) == 1
    assert [body for _, _, body in catalog.runs.events("r")] == ["once"]
    counts = {name: len(rows) for name, rows in catalog.tables().items() if rows}
    once = dict.fromkeys(("items", "lineage", "outbox", "datasets", "dataset_versions", "dataset_objects"), 1)
    assert counts == once | {"runs": 2, "steps": 2}


def test_a_server_that_restarts_is_waited_for(postgres_server: PostgresServer, tmp_path: Path) -> None:
    catalog = Catalog(postgres_server.url("postgres"))
    catalog.runs.create("restarted", "p", "", [])
    bodies = [str(number) for number in range(300)]
    writer = threading.Thread(target=lambda: [catalog.runs.add_event("restarted", body) for body in bodies])
    writer.start()
    for how in (signal.SIGINT, signal.SIGQUIT):
        postgres_server.stop(how)
        time.sleep(0.3)
        postgres_server.start()
    writer.join()
    assert [body for _, _, body in catalog.runs.events("restarted", limit=1000)] == bodies
    catalog.runs.forget("restarted")
    catalog.close()


def test_a_server_that_is_gone_for_good_is_told_once_patience_ends(postgres_server: PostgresServer) -> None:
    catalog = Catalog(postgres_server.url("postgres"), patience_s=1)
    postgres_server.stop()
    try:
        started = time.monotonic()
        with pytest.raises(Transient, match=r"has not answered for .* Results are safe in the store"):
            catalog.runs.set_state("r", "done")
        assert 0.5 < time.monotonic() - started < 5
        again = time.monotonic()
        with pytest.raises(Transient):
            catalog.runs.list()
        assert time.monotonic() - again < 0.5
    finally:
        postgres_server.start()
    assert catalog.runs.list() == []
    catalog.close()


def test_a_client_that_stops_in_the_middle_holds_nobody_up_for_ever(postgres_url: str) -> None:
    catalog = Catalog(postgres_url)
    assert catalog.claims.take("k", "me", lease_s=-1)
    with psycopg.connect(postgres_url) as sleeper:
        sleeper.execute("SELECT * FROM claims WHERE key = 'k' FOR UPDATE")
        assert catalog.claims.take("k", "another") is None
    assert catalog.claims.take("k", "another") is not None
    catalog.close()


def test_a_locked_file_is_waited_for_and_then_worth_another_attempt(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    catalog = Catalog(path, patience_s=0.3)
    locker = sqlite3.connect(path, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    with pytest.raises(Transient, match="stayed locked by another process"):
        catalog.runs.create("r", "p", "", [])
    assert catalog.runs.list() == []
    locker.execute("ROLLBACK")
    locker.close()
    catalog.runs.create("r", "p", "", [])
    catalog.close()


def test_a_process_killed_in_the_middle_of_a_write_leaves_nothing_and_no_lock(url: str) -> None:
    catalog = Catalog(url)
    code = (
        "import os, sys; from calotype.catalog.database import Database; from sqlalchemy import text\n"
        "def work(connection):\n"
        "    connection.execute(text(\"INSERT INTO datasets VALUES ('half', 1.0, '')\")); os.kill(os.getpid(), 9)\n"
        "Database(sys.argv[1]).write(work)"
    )
    assert subprocess.run([sys.executable, "-c", code, url], check=False).returncode == -signal.SIGKILL
    assert catalog.datasets.list() == []
    catalog.datasets.get_or_create("half")
    assert [one.name for one in catalog.datasets.list()] == ["half"]
    catalog.close()


def test_whatever_else_a_server_answers_is_an_error_of_ours(postgres_url: str) -> None:
    """A thread that extends leases survives those alone."""
    database = Database(postgres_url)

    def cancelled(connection: Connection) -> None:
        connection.execute(text("SET LOCAL statement_timeout = 1"))
        connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(StorageError, match="canceling statement due to statement timeout"):
        database.read(cancelled)
    with pytest.raises(ProgrammingError):  # A mistake of ours stays as it is.
        database.read(lambda connection: connection.execute(text("SELECT nothing FROM nowhere")))
    database.close()


def test_a_file_whose_tables_somebody_dropped_is_told(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    other = sqlite3.connect(tmp_path / "catalog.sqlite")
    other.execute("DROP TABLE claims")
    other.close()
    with pytest.raises(StorageError, match="no such table: claims"):
        catalog.claims.take("k", "me")
    catalog.close()


def test_more_threads_than_connections_are_told_that_it_has_too_much_to_do(tmp_path: Path) -> None:
    database = Database(tmp_path / "catalog.sqlite")
    pool = database._engine.pool  # pyright: ignore[reportPrivateUsage]
    assert isinstance(pool, QueuePool)
    pool._timeout = 0.05  # pyright: ignore[reportPrivateUsage]
    with ExitStack() as busy:
        for _ in range(15):
            busy.callback(database._engine.connect().close)  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(Transient, match="too much to do"):
            database.read(lambda connection: None)
    database.read(lambda connection: None)
    database.close()
