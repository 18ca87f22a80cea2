"""A catalog filled from the store alone holds the same rows as the one that was kept while the runs worked."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double
from tests.servers import S3Server

from calotype.catalog import Catalog
from calotype.catalog.datasets import DatasetObject
from calotype.catalog.deliveries import Delivery
from calotype.engine.datasets import make_dataset, publish_version
from calotype.engine.deliveries import write_deliveries
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.rebuild import rebuild, restore_run
from calotype.errors import InvalidParameter, UnknownName
from calotype.runners.forking import fork
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs

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


def _history(session: Session, sums: Sums, numbers: Path) -> None:
    """A store with everything in it that a rebuild must bring back."""
    done = carry_out(session, sums(), numbers).run
    carry_out(session, sums(Double(reject_odd=True)), numbers)
    carry_out(session, sums(Double(fail_on="07.json", factor=3)), numbers)
    (numbers / "20.json").write_text("20")
    before = time.time() - 60
    for path in numbers.iterdir():
        os.utime(path, (before, before))  # Old enough for their digests to be remembered.
    carry_out(session, sums(), numbers)
    session.create(sums(add=Add(start=9)), {"numbers": str(numbers)})
    cancelled = session.create(sums(Double(factor=7)), {"numbers": str(numbers)})
    session.cancel(cancelled.id)
    runner = InlineRunner(Workplace(session.store, session.scratch))
    assert session.conduct(cancelled, runner=runner).state == "cancelled"
    forked = fork(session, done, ["add.start=4"])
    assert (
        session.conduct(forked, runner=InlineRunner(Workplace(session.store, session.scratch))).state
        == "done"
    )
    digest, size = Blobs(session.store).put_bytes(b"12")
    make_dataset(session.store, session.catalog, "digits", "Numbers by hand.")
    make_dataset(session.store, session.catalog, "empty")
    first = publish_version(
        session.store, session.catalog, "digits", [DatasetObject("12.json", digest, size, "Report")]
    )
    publish_version(session.store, session.catalog, "digits", [], parent=first.version)
    for name in ("d1", "d2"):
        delivery = Delivery(name, done, "webhook", "https://example.org/hook", '{"run": 1}')
        write_deliveries(session.store, [delivery], {name: [digest]})
        session.catalog.deliveries.enqueue([delivery])


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """A catalog that nobody has written to, on each kind of database."""
    url = (
        f"sqlite:///{tmp_path}/rebuilt.sqlite"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    catalog = Catalog(url)
    yield catalog
    catalog.close()


def test_a_rebuilt_catalog_equals_the_lost_one_row_by_row(
    session: Session, sums: Sums, numbers: Path, empty_catalog: Catalog
) -> None:
    _history(session, sums, numbers)
    before = session.catalog.tables()
    assert {name for name, rows in before.items() if not rows} == set()
    rebuilt = rebuild(session.store, empty_catalog)
    after = empty_catalog.tables()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert (rebuilt.runs, rebuilt.versions, rebuilt.deliveries, rebuilt.damaged) == (7, 2, 2, [])
    rebuild(session.store, empty_catalog)
    assert empty_catalog.tables() == before
    rebuild(session.store, empty_catalog, replace=True)
    assert empty_catalog.tables() == before


def test_a_run_goes_on_after_its_catalog_was_lost_and_rebuilt(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    failed = carry_out(session, sums(Double(fail_on="07.json")), numbers).run
    session.catalog.upkeep.clear()
    rebuild(session.store, session.catalog)
    assert session.find("latest").id == failed
    assert session.catalog.runs.steps(failed)[0].state == "failed"
    trace = tmp_path / "trace"
    assert carry_out(session, sums(Double(trace=str(trace))), numbers).figures["sum"] == 132
    assert trace.read_text().split() == ["07.json"]


def test_a_catalog_is_not_rebuilt_under_a_run_at_work(session: Session) -> None:
    session.catalog.claims.take("c" * 64, "host:1:2")
    with pytest.raises(InvalidParameter, match="host:1:2"):
        rebuild(session.store, session.catalog)


def test_what_cannot_be_read_is_told_and_the_rest_is_restored(
    session: Session, sums: Sums, numbers: Path
) -> None:
    _, second = (
        carry_out(session, sums(), numbers).run,
        carry_out(session, sums(add=Add(start=1)), numbers).run,
    )
    first = session.catalog.runs.list()[-1].id
    session.store.put(f"runs/{first}.json", b'{"id": 12')
    empty = Catalog("sqlite://")
    rebuilt = rebuild(session.store, empty)
    assert [row.id for row in empty.runs.list()] == [second]
    assert len(rebuilt.damaged) == 1
    assert f"runs/{first}.json" in rebuilt.damaged[0]
    empty.close()


def test_a_bucket_that_overwrites_is_rebuilt_to_the_same_rows(
    rclone_server: S3Server, tmp_path: Path, sums: Sums, numbers: Path
) -> None:
    scratch, state = tmp_path / "scratch", tmp_path / "state"
    environment = {**rclone_server.environment, "NVME_ROOT": str(scratch), "XDG_STATE_HOME": str(state)}
    session = Session(rclone_server.url("rebuild"), environment)
    carry_out(session, sums(), numbers)
    carry_out(session, sums(add=Add(start=1)), numbers)
    assert not session.store.conditional_put
    empty = Catalog("sqlite://")
    rebuild(session.store, empty)
    assert empty.tables() == session.catalog.tables()
    empty.close()
    session.close()
