"""Forks, data set versions and deliveries beside a collection: what they name is there in the end, or they are refused whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engine.noisy_stages import Noisy
from tests.engine.sweeping import Interrupted, age, carry_out
from tests.engine.toy_stages import Double

from calotype.artifacts import Report
from calotype.catalog.datasets import DatasetObject
from calotype.catalog.deliveries import Delivery
from calotype.engine.check import check
from calotype.engine.datasets import make_dataset, publish_version
from calotype.engine.definition import RunDefinition, read_definition
from calotype.engine.deliveries import write_deliveries
from calotype.engine.execute import Workplace
from calotype.engine.gc import collect
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.purge import purge
from calotype.engine.sweeps import Sweep, Sweeps
from calotype.errors import DamagedBlob
from calotype.runners.forking import fork
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs
from calotype.storage.folder import FolderBackend
from calotype.storage.store import Store

Sums = Callable[..., PipelineSpec]
Disturbed = Callable[..., tuple[Session, Interrupted]]


@pytest.fixture
def disturbed(session: Session, tmp_path: Path) -> Iterator[Disturbed]:
    """Makes a session on the same store in which, just before a certain object is written, a run may be purged and everything
    that nobody holds is collected."""
    opened: list[Session] = []

    def make(before: str, purged: str = "") -> tuple[Session, Interrupted]:
        def sweep() -> None:
            if purged:
                purge(session.store, session.catalog, purged)
            age(session)
            collect(session.store, session.catalog)

        other = Session(tmp_path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
        opened.append(other)
        backend = Interrupted(FolderBackend(tmp_path / "store"), before, sweep)
        other.store = Store(backend)
        return other, backend

    yield make
    for one in opened:
        one.close()


def conduct(session: Session, definition: RunDefinition) -> RunResult:
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))


def objects_in(session: Session, *kinds: str) -> list[str]:
    return [info.key for kind in kinds for info in session.store.list(kind)]


def test_a_fork_whose_parent_goes_with_its_inputs_is_refused_and_leaves_no_run(
    session: Session, disturbed: Disturbed, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers).run
    other, backend = disturbed("runs/", parent)
    with pytest.raises(DamagedBlob) as caught:
        fork(other, parent, ["add.start=5"])
    assert backend.done == 1
    assert f"Nothing was forked. 12 files of the input numbers (00.json) are gone: run {parent} was" in str(
        caught.value
    )
    assert f"Run the pipeline on {numbers} again" in str(caught.value)
    assert objects_in(session, "runs", "states", "tasks") == []
    assert session.catalog.runs.list() == []
    assert check(session.store, session.catalog).findings == []


def test_a_fork_whose_parents_results_go_computes_them_again_from_inputs_that_another_run_holds(
    session: Session, disturbed: Disturbed, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers).run
    carry_out(session, sums(Double(factor=3)), numbers)
    other, backend = disturbed("runs/", parent)
    definition = fork(other, parent, ["add.start=5"])
    assert backend.done == 1
    assert definition.pinned == {} == read_definition(session.store, definition.id).pinned
    result = conduct(other, definition)
    assert (result.executed, result.figures["sum"]) == (("double", "add"), 137)
    assert check(session.store, session.catalog, deep=True).findings == []


def test_a_fork_that_finds_its_parents_results_whole_takes_them_over_whatever_else_went(
    session: Session, disturbed: Disturbed, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers).run
    loose = carry_out(session, sums(Double(factor=3)), numbers).run
    other, backend = disturbed("runs/", loose)
    definition = fork(other, parent, ["add.start=5"])
    assert backend.done == 1
    assert set(definition.pinned) == {"double"}
    assert conduct(other, definition).executed == ("add",)


def test_a_fork_that_is_made_while_a_collection_removes_waits_for_its_end(
    session: Session, numbers: Path
) -> None:
    """Its parent's only step makes something else each time: what is gone does not come back by being computed again."""
    pipeline = Pipeline("noise")
    noise = pipeline.add(Noisy(), numbers=pipeline.source("numbers", Report))
    pipeline.publish("noise/", noise.report, label="noise")
    parent = carry_out(session, pipeline.build(), numbers).run
    results: list[RunResult] = []
    with Sweep(session.store) as sweep:
        copying = threading.Thread(target=lambda: results.append(conduct(session, fork(session, parent))))
        copying.start()
        while len(objects_in(session, "runs")) < 2:
            time.sleep(0.01)
        copy = next(path[5:-5] for path in objects_in(session, "runs") if parent not in path)
        pinned = read_definition(session.store, copy).pinned["noisy"].outputs["report"]
        purge(session.store, session.catalog, parent)
        assert sweep.is_ours()
        session.store.delete(Blobs(session.store).key(ref.digest) for ref in pinned)
    copying.join()
    assert (results[0].state, results[0].executed) == ("done", ("noisy",))
    assert read_definition(session.store, copy).pinned == {}
    assert check(session.store, session.catalog, deep=True).findings == []


@pytest.fixture
def digits(session: Session) -> list[DatasetObject]:
    """Three objects whose bytes are in the store and nobody's yet, and a data set for them."""
    make_dataset(session.store, session.catalog, "digits")
    return stored(session)


def stored(session: Session) -> list[DatasetObject]:
    blobs = Blobs(session.store)
    return [
        DatasetObject(f"{one}.json", *blobs.put_bytes(f"{one}".encode()), "Report") for one in range(1, 4)
    ]


@pytest.mark.parametrize("before", ["datasets/digits/", "blobs/"])
def test_a_version_whose_objects_are_collected_while_it_is_published_is_refused_and_leaves_nothing(
    session: Session, disturbed: Disturbed, digits: list[DatasetObject], before: str
) -> None:
    other, backend = disturbed(before)
    with pytest.raises(
        DamagedBlob, match=r"of 3 of its 3 objects are gone .*1\.json.*Store these again, then pub"
    ):
        publish_version(other.store, other.catalog, "digits", digits)
    assert backend.done == 1
    assert objects_in(session, "datasets") == ["datasets/digits.json"]
    assert session.catalog.datasets.versions("digits") == []
    version = publish_version(other.store, other.catalog, "digits", stored(session))
    assert (version.version, version.parent) == (1, 0)
    assert check(session.store, session.catalog, deep=True).findings == []


def test_objects_that_were_collected_before_publishing_began_are_noticed(
    session: Session, digits: list[DatasetObject]
) -> None:
    since = Sweeps(session.store).newest()
    age(session)
    collect(session.store, session.catalog)
    for known in ("", since):
        with pytest.raises(DamagedBlob):
            publish_version(session.store, session.catalog, "digits", digits, since=known)
    assert objects_in(session, "datasets") == ["datasets/digits.json"]


def test_a_manifest_that_is_collected_while_its_version_is_published_is_written_again(
    session: Session, disturbed: Disturbed, digits: list[DatasetObject]
) -> None:
    """The list is that of a version which is gone; its objects are held by a delivery."""
    first = publish_version(session.store, session.catalog, "digits", digits)
    session.store.delete("datasets/digits/1.json")
    delivery = Delivery("d1", "run", "webhook", "https://example.org", "{}")
    write_deliveries(session.store, [delivery], {"d1": [one.digest for one in digits]})
    other, backend = disturbed("datasets/digits/")
    again = publish_version(other.store, other.catalog, "digits", digits)
    assert (backend.done, again.manifest) == (1, first.manifest)
    assert Blobs(session.store).is_intact(first.manifest)
    assert check(session.store, session.catalog, deep=True).findings == []


def test_a_version_that_is_published_already_stays_when_publishing_it_again_is_refused(
    session: Session, digits: list[DatasetObject]
) -> None:
    version = publish_version(session.store, session.catalog, "digits", digits)
    collect(session.store, session.catalog)
    session.store.delete(Blobs(session.store).key(digits[0].digest))  # As a damaged disk would.
    with pytest.raises(DamagedBlob, match="of 1 of its 3 objects are gone"):
        publish_version(session.store, session.catalog, "digits", digits)
    assert objects_in(session, "datasets") == ["datasets/digits.json", "datasets/digits/1.json"]
    assert session.catalog.datasets.versions("digits") == [version]


def test_deliveries_whose_blobs_are_collected_while_they_are_noted_are_refused_all_together(
    session: Session, disturbed: Disturbed, digits: list[DatasetObject]
) -> None:
    earlier, held = (Delivery(name, "run", "webhook", "https://example.org", "{}") for name in ("d0", "d1"))
    kept, *_ = Blobs(session.store).put_bytes(b"held by d0")
    write_deliveries(session.store, [earlier], {"d0": [kept]})
    other, backend = disturbed("deliveries/d1")
    sends = {"d0": [kept], "d1": [kept], "d2": [one.digest for one in digits]}
    rows = [earlier, held, Delivery("d2", "run", "webhook", "https://example.org", "{}")]
    with pytest.raises(
        DamagedBlob, match=r"3 of the blobs to be sent are gone .* `calotype resume` has them"
    ):
        write_deliveries(other.store, rows, sends)
    assert backend.done == 1
    assert objects_in(session, "deliveries") == ["deliveries/d0.json"]
    assert Blobs(session.store).exists(kept)
    stored(session)
    write_deliveries(other.store, rows, sends)
    age(session)
    collect(session.store, session.catalog)
    assert all(Blobs(session.store).exists(one.digest) for one in digits)


def test_who_refers_to_something_while_a_collection_removes_waits_for_its_end(
    session: Session, digits: list[DatasetObject]
) -> None:
    refused: list[str] = []

    def attempt(refer: Callable[[], object]) -> None:
        try:
            refer()
        except DamagedBlob as error:
            refused.append(str(error))

    delivery = Delivery("d1", "run", "webhook", "https://example.org", "{}")
    references = (
        lambda: publish_version(session.store, session.catalog, "digits", digits),
        lambda: write_deliveries(session.store, [delivery], {"d1": [digits[0].digest]}),
    )
    with Sweep(session.store) as sweep:
        waiting = [threading.Thread(target=attempt, args=(refer,)) for refer in references]
        for one in waiting:
            one.start()
        while len(objects_in(session, "datasets/digits", "deliveries")) < 2:
            time.sleep(0.01)
        assert sweep.is_ours()
        session.store.delete(Blobs(session.store).key(digits[0].digest))
        assert refused == []
    for one in waiting:
        one.join()
    assert len(refused) == 2
    assert objects_in(session, "datasets/digits", "deliveries") == []
