"""A collection at the worst moments of a run: whatever it removes, the run ends with all that it refers to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engine.moving import pack, unpack
from tests.engine.sweeping import Interrupted, age, carry_out
from tests.engine.toy_stages import Double

from calotype.engine.definition import read_definition
from calotype.engine.gc import Collected, collect
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.purge import purge
from calotype.engine.reach import Walk
from calotype.engine.sweeps import Sweep
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs
from calotype.storage.folder import FolderBackend
from calotype.storage.store import Store

Sums = Callable[..., PipelineSpec]


@pytest.fixture
def collected_before(
    session: Session, tmp_path: Path
) -> Iterator[Callable[[str], tuple[Session, Interrupted]]]:
    """Makes a session on the same store in which a whole collection runs just before a certain object is written."""
    opened: list[Session] = []
    swept: list[Collected] = []

    def make(before: str) -> tuple[Session, Interrupted]:
        other = Session(tmp_path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
        opened.append(other)
        backend = Interrupted(
            FolderBackend(tmp_path / "store"),
            before,
            lambda: swept.append(collect(session.store, session.catalog)),
        )
        other.store = Store(backend)
        return other, backend

    yield make
    for one in opened:
        one.close()


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("runs/", id="the photos were found in the store, the run is not written down yet"),
        pytest.param("states/", id="the run is written down, its first step has not looked yet"),
        pytest.param("tasks/", id="a step found that nothing is there, and starts"),
        pytest.param("segments/", id="items were found in the store, no segment names them yet"),
        pytest.param("records/tests.engine.toy_stages@Double", id="segments are there, the record is not"),
        pytest.param(
            "records/tests.engine.toy_stages@Add", id="outputs were found, no record names them yet"
        ),
    ],
)
def test_a_run_that_finds_bytes_which_a_collection_is_removing_ends_whole(
    session: Session,
    collected_before: Callable[[str], tuple[Session, Interrupted]],
    sums: Sums,
    numbers: Path,
    moment: str,
) -> None:
    """Everything the run makes is in the store already, unreached and old, and goes at the worst moment."""
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    session.store.delete(info.key for info in session.store.list("records"))
    session.store.delete(info.key for info in session.store.list("segments"))
    session.catalog.upkeep.clear()
    age(session)
    other, backend = collected_before(moment)
    result = carry_out(other, sums(), numbers)
    assert backend.done == 1
    assert (result.state, result.figures) == ("done", {"sum": 132, "count": 12})
    reached = Walk(session.store).reach(read_definition(session.store, result.run))
    assert len(reached.records) == 2
    blobs = Blobs(session.store)
    assert [digest for digest in reached.digests if not blobs.is_intact(digest)] == []


def test_a_result_that_is_adopted_while_it_is_collected_is_there_in_the_end(
    session: Session,
    collected_before: Callable[[str], tuple[Session, Interrupted]],
    sums: Sums,
    numbers: Path,
) -> None:
    """The old run's records are whole and unreached until the new run says that it wants them."""
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    age(session)
    other, _ = collected_before("runs/")
    result = carry_out(other, sums(), numbers)
    assert result.figures["sum"] == 132
    assert set(result.executed) == {"double", "add"}
    again, backend = collected_before("states/")
    age(session)
    assert carry_out(again, sums(), numbers).executed == ()
    assert backend.done == 1


def test_items_of_a_purged_run_that_go_while_new_ones_are_computed_are_computed_again(
    session: Session,
    collected_before: Callable[[str], tuple[Session, Interrupted]],
    sums: Sums,
    numbers: Path,
    tmp_path: Path,
) -> None:
    trace = tmp_path / "trace"
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    (numbers / "20.json").write_text("20")
    age(session)
    other, backend = collected_before("segments/")
    result = carry_out(other, sums(Double(trace=str(trace))), numbers)
    assert backend.done == 1
    assert (result.state, result.figures) == ("done", {"sum": 172, "count": 13})
    assert sorted(trace.read_text().split()).count("20.json") == 1
    assert carry_out(session, sums(), numbers).executed == ()


def test_a_run_that_begins_while_a_collection_removes_waits_for_its_end(
    session: Session, sums: Sums, numbers: Path
) -> None:
    """It finds the photos' bytes in the store, which the collection has chosen already."""
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    age(session)
    blobs = Blobs(session.store)
    with Sweep(session.store) as sweep:
        runs: list[RunResult] = []
        run = threading.Thread(target=lambda: runs.append(carry_out(session, sums(), numbers)))
        run.start()
        while not list(session.store.list("runs")):
            time.sleep(0.01)
        (path,) = [info.key for info in session.store.list("runs")]
        inputs = read_definition(session.store, path[5:-5]).inputs["numbers"]
        assert sweep.is_ours()
        session.store.delete(blobs.key(ref.digest) for ref in inputs)
        assert runs == []
    run.join()
    assert runs[0].figures == {"sum": 132, "count": 12}
    assert all(blobs.is_intact(ref.digest) for ref in inputs)


def test_a_collection_sees_a_run_that_is_made_while_it_removes(
    session: Session, sums: Sums, numbers: Path
) -> None:
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    age(session)
    waiting: list[threading.Thread] = []
    results: list[RunResult] = []

    def start_a_run(kind: str, _: int) -> None:
        if kind != "records" or waiting:
            return
        waiting.append(threading.Thread(target=lambda: results.append(carry_out(session, sums(), numbers))))
        waiting[0].start()
        while not list(session.store.list("runs")):
            time.sleep(0.01)

    collected = collect(session.store, session.catalog, progress=start_a_run)
    waiting[0].join()
    assert results[0].figures == {"sum": 132, "count": 12}
    assert set(results[0].executed) == {"double", "add"}
    assert collected.objects["records"] == 2
    inputs = read_definition(session.store, results[0].run).inputs["numbers"]
    assert all(Blobs(session.store).is_intact(ref.digest) for ref in inputs)


def test_an_import_that_finds_bytes_which_a_collection_is_removing_ends_whole(
    session: Session,
    collected_before: Callable[[str], tuple[Session, Interrupted]],
    sums: Sums,
    numbers: Path,
    tmp_path: Path,
) -> None:
    run = carry_out(session, sums(), numbers).run
    pack(session, run, tmp_path / "run.zip")
    purge(session.store, session.catalog, run)
    age(session)
    other, backend = collected_before("runs/")
    unpack(other, tmp_path / "run.zip")
    assert backend.done == 1
    reached = Walk(session.store).reach(read_definition(session.store, run))
    assert (len(reached.records), len(reached.segments)) == (2, 1)
    assert [digest for digest in reached.digests if not Blobs(session.store).is_intact(digest)] == []
