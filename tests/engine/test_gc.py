"""Purge lets go, gc collects: what is reached stays, what is young stays, runs at work lose nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.engine.sweeping import HOUR, age, carry_out, everything
from tests.engine.toy_stages import Add, Double

from calotype.catalog.datasets import DatasetObject
from calotype.catalog.deliveries import Delivery
from calotype.engine.check import check
from calotype.engine.datasets import make_dataset, publish_version
from calotype.engine.definition import PinnedStep, new_run_id, read_definition, write_definition
from calotype.engine.deliveries import settle, write_deliveries
from calotype.engine.events import Event, StepDone
from calotype.engine.execute import Workplace
from calotype.engine.gc import collect
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.purge import purge
from calotype.engine.reach import Walk
from calotype.engine.rebuild import rebuild
from calotype.engine.sweeps import MARKER, Sweep, Sweeps
from calotype.errors import DamagedBlob, InvalidParameter, Transient
from calotype.runners.inline import InlineRunner
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs
from calotype.storage.folder import FolderBackend
from calotype.storage.store import PROBE_KEY, Store

Sums = Callable[..., PipelineSpec]


def test_nothing_that_a_run_reaches_is_collected(session: Session, sums: Sums, numbers: Path) -> None:
    carry_out(session, sums(Double(reject_odd=True)), numbers)
    carry_out(session, sums(Double(fail_on="07.json", factor=3)), numbers)
    age(session)
    before = everything(session)
    assert collect(session.store, session.catalog).objects == {}
    assert everything(session) == before


def test_a_purged_run_is_collected_to_the_last_object_and_row(
    session: Session, sums: Sums, numbers: Path
) -> None:
    run = carry_out(session, sums(), numbers).run
    purge(session.store, session.catalog, run)
    counted = collect(session.store, session.catalog, dry_run=True, older_than_s=0)
    age(session)
    collected = collect(session.store, session.catalog)
    assert everything(session) <= {"catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"}
    assert collected.objects.keys() >= {"records", "segments", "blobs"}
    assert collected == counted
    assert {name: len(rows) for name, rows in session.catalog.tables().items() if rows} == {}


def test_what_another_run_reaches_stays_and_is_adopted(session: Session, sums: Sums, numbers: Path) -> None:
    first = carry_out(session, sums(), numbers).run
    other = carry_out(session, sums(add=Add(start=1)), numbers).run
    purge(session.store, session.catalog, first)
    age(session)
    collected = collect(session.store, session.catalog)
    assert collected.objects["records"] == 1  # The first run's sum.
    reached = Walk(session.store).reach(read_definition(session.store, other))
    assert {info.key for info in session.store.list("records")} == reached.records
    assert carry_out(session, sums(add=Add(start=1)), numbers).executed == ()


def test_a_dry_run_counts_the_same_and_removes_nothing(session: Session, sums: Sums, numbers: Path) -> None:
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    age(session)
    before = everything(session)
    counted = collect(session.store, session.catalog, dry_run=True)
    assert everything(session) == before
    assert not session.store.exists(MARKER)
    assert collect(session.store, session.catalog) == counted


def test_what_is_younger_than_the_grace_period_stays(session: Session, sums: Sums, numbers: Path) -> None:
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    before = everything(session)
    age(session, hours=1)
    assert collect(session.store, session.catalog).objects == {}
    assert everything(session) == before
    assert collect(session.store, session.catalog, older_than_s=0.5 * HOUR).objects["records"] == 2


def test_a_short_grace_is_refused_while_a_run_is_at_work(session: Session) -> None:
    claim = session.catalog.claims.take("a" * 64, "somebody")
    assert claim is not None
    with pytest.raises(InvalidParameter, match="at work"):
        collect(session.store, session.catalog, older_than_s=1)
    session.catalog.claims.release(claim)
    collect(session.store, session.catalog, older_than_s=1)


def test_segments_and_checkpoints_of_a_claimed_key_stay(session: Session) -> None:
    key = "b" * 64
    for path in (f"segments/{key}/000001-0000-00000-abc.json", f"checkpoints/{key}/model"):
        session.store.put(path, b"{}")
    age(session)
    claim = session.catalog.claims.take(key, "somebody")
    assert claim is not None
    assert collect(session.store, session.catalog).objects == {}
    session.catalog.claims.release(claim)
    assert collect(session.store, session.catalog).objects == {"segments": 1, "checkpoints": 1}


def test_kept_outputs_outlive_their_run_until_it_is_purged_again(
    session: Session, sums: Sums, numbers: Path
) -> None:
    run = carry_out(session, sums(), numbers).run
    assert purge(session.store, session.catalog, run, keep_output=True) == 13
    age(session)
    collect(session.store, session.catalog)
    kept = json.loads(session.store.get(f"kept/{run}.json"))["outputs"]
    assert json.loads(Blobs(session.store).read(kept["total"]["total.json"]))["sum"] == 132
    linked = session.store.get(f"outputs/{run}/doubled/03.json")
    assert json.loads(linked) == 6
    assert list(session.store.list("records")) == []
    purge(session.store, session.catalog, run)
    age(session)
    collect(session.store, session.catalog)
    assert list(session.store.list("blobs")) == []
    assert list(session.store.list("outputs")) == []


def test_data_set_versions_and_pending_deliveries_hold_their_blobs(session: Session) -> None:
    blobs = Blobs(session.store)
    held, _ = blobs.put_bytes(b"in a data set")
    sent, _ = blobs.put_bytes(b"to be sent")
    loose, _ = blobs.put_bytes(b"nobody's")
    make_dataset(session.store, session.catalog, "digits")
    publish_version(session.store, session.catalog, "digits", [DatasetObject("a.json", held, 13, "Report")])
    delivery = Delivery("d1", "run", "webhook", "https://example.org", "{}")
    write_deliveries(session.store, [delivery], {"d1": [sent]})
    session.catalog.deliveries.enqueue([delivery])
    age(session)
    assert collect(session.store, session.catalog).objects == {"blobs": 1}
    assert blobs.exists(held)
    assert blobs.exists(sent)
    assert not blobs.exists(loose)
    assert settle(session.store, session.catalog, session.catalog.deliveries.take_due()[0])
    assert collect(session.store, session.catalog).objects == {"blobs": 1}


def test_a_fork_keeps_what_it_pinned_when_its_parent_and_the_parents_records_are_gone(
    session: Session, sums: Sums, numbers: Path
) -> None:
    parent = read_definition(session.store, carry_out(session, sums(), numbers).run)
    _, flows = Walk(session.store).follow(parent)
    key = {row.step: row.key for row in session.catalog.runs.steps(parent.id)}["double"]
    outputs = {link.port: refs for link, refs in flows.items() if link.step == "double"}
    fork = parent.model_copy(
        update={
            "id": new_run_id(),
            "parent": parent.id,
            "pipeline": sums(add=Add(start=5)),
            "pinned": {"double": PinnedStep(run=parent.id, key=key, outputs=outputs)},
        }
    )
    write_definition(session.store, fork)
    purge(session.store, session.catalog, parent.id)
    age(session)
    collect(session.store, session.catalog)
    session.find(fork.id)
    runner = InlineRunner(Workplace(session.store, session.scratch))
    result = session.conduct(fork, runner=runner)
    assert (result.state, result.figures["sum"], result.executed) == ("done", 137, ("add",))


def test_left_over_temporary_files_of_killed_processes_are_removed(session: Session) -> None:
    session.store.put("cancel/x", b"")
    session.store.delete("cancel/x")
    root = session.store.local_path("blobs")
    assert root is not None
    leftover = root.parent / ".calotype-tmp" / "0123"
    leftover.write_bytes(b"half of a blob")
    assert collect(session.store, session.catalog).objects == {}
    assert collect(session.store, session.catalog, older_than_s=0).bytes == {"unfinished": 14}
    assert not leftover.exists()


@pytest.mark.parametrize("stop_after", ["records", "segments", "blobs"])
def test_killed_in_the_middle_it_leaves_only_more_to_collect(
    session: Session, sums: Sums, numbers: Path, stop_after: str
) -> None:
    kept = carry_out(session, sums(), numbers)
    purge(session.store, session.catalog, carry_out(session, sums(Double(factor=5)), numbers).run)
    age(session)

    def stop(kind: str, _: int) -> None:
        if kind == stop_after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(session.store, session.catalog, progress=stop)
    assert carry_out(session, sums(), numbers).executed == ()
    assert carry_out(session, sums(Double(factor=5)), numbers).figures["sum"] == 330
    for run in session.catalog.runs.list():
        if run.id != kept.run:
            purge(session.store, session.catalog, run.id)
    age(session)
    collect(session.store, session.catalog)
    reached = Walk(session.store).reach(read_definition(session.store, kept.run))
    assert {info.key for info in session.store.list("segments")} == reached.segments
    assert {info.key.rpartition("/")[2] for info in session.store.list("blobs")} == reached.digests


def test_only_one_collection_works_at_a_time_and_a_dead_one_is_no_obstacle(session: Session) -> None:
    with Sweep(session.store) as sweep:
        assert sweep.is_ours()
        with pytest.raises(Transient, match="Another"):
            collect(session.store, session.catalog)
    session.store.put(MARKER, json.dumps({"id": "killed", "active": True}).encode())
    age(session, kinds=["gc"])
    assert Sweeps(session.store).has_moved(
        Sweeps(session.store).newest()
    )  # Nobody knows what it removed last.
    assert collect(session.store, session.catalog).objects == {}
    since = Sweeps(session.store).newest()
    assert not Sweeps(session.store).has_moved(since)


def test_a_collection_that_stood_still_removes_nothing_more(
    session: Session, sums: Sums, numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    age(session)
    before = everything(session)
    monkeypatch.setattr("calotype.engine.sweeps.LEASE_S", 0.0)  # Every moment is too long.
    with pytest.raises(Transient, match="stood still"):
        collect(session.store, session.catalog)
    assert everything(session) == before


def test_a_run_at_work_is_not_purged_unless_forced(session: Session, sums: Sums, numbers: Path) -> None:
    refused: list[str] = []

    def look(event: Event) -> None:
        if isinstance(event, StepDone) and not refused:
            run = session.catalog.runs.get("latest").id
            with pytest.raises(InvalidParameter, match="at work"):
                purge(session.store, session.catalog, run)
            refused.append(run)

    result = carry_out(session, sums(), numbers, look)
    assert refused == [result.run]
    purge(session.store, session.catalog, result.run)


@pytest.mark.parametrize("kind", ["moto_server", "rclone_server"])
def test_a_bucket_is_collected_by_its_own_clock_and_what_is_reached_stays(
    request: pytest.FixtureRequest, tmp_path: Path, sums: Sums, numbers: Path, kind: str
) -> None:
    """moto honours exclusive creates, rclone does not: there every attempt has a record of its own."""
    server = request.getfixturevalue(kind)
    environment = {
        **server.environment,
        "NVME_ROOT": str(tmp_path / "scratch"),
        "XDG_STATE_HOME": str(tmp_path),
    }
    session = Session(server.url(f"gc-{kind}"), environment)
    kept = carry_out(session, sums(), numbers).run
    purge(session.store, session.catalog, carry_out(session, sums(Double(factor=3)), numbers).run)
    assert collect(session.store, session.catalog).objects == {}
    collected = collect(session.store, session.catalog, older_than_s=0)
    assert collected.objects["records"] == 2
    reached = Walk(session.store).reach(read_definition(session.store, kept))
    assert {info.key for info in session.store.list("records")} == reached.records
    assert {info.key.rpartition("/")[2] for info in session.store.list("blobs")} == reached.digests
    assert carry_out(session, sums(), numbers).executed == ()
    session.close()


@pytest.mark.parametrize("path", ["runs/{run}.json", "states/{run}.json"])
def test_nothing_is_collected_while_it_cannot_be_told_what_a_run_holds(
    session: Session, sums: Sums, numbers: Path, path: str
) -> None:
    run = carry_out(session, sums(), numbers).run
    purge(session.store, session.catalog, carry_out(session, sums(Double(factor=3)), numbers).run)
    session.store.put(path.format(run=run), b"{")
    age(session)
    before = everything(session)
    with pytest.raises(DamagedBlob, match=run):
        collect(session.store, session.catalog)
    assert everything(session) == before
    check(session.store, session.catalog, repair=True)
    if path.startswith("runs"):
        purge(session.store, session.catalog, run)
    assert collect(session.store, session.catalog).objects["records"] == (4 if path.startswith("runs") else 2)


def test_a_collection_that_another_one_overtook_removes_nothing_more(
    session: Session, sums: Sums, numbers: Path
) -> None:
    purge(session.store, session.catalog, carry_out(session, sums(), numbers).run)
    age(session)

    other = Sweep(session.store)

    def begin_another(kind: str, _: int) -> None:
        if kind == "records":
            other.__enter__()

    with pytest.raises(Transient, match="Another"):
        collect(session.store, session.catalog, progress=begin_another)
    assert list(session.store.list("records")) == []
    assert list(session.store.list("segments")) != []
    assert json.loads(session.store.get(MARKER)) == {"id": other.id, "active": True}
    other.__exit__()
    collect(session.store, session.catalog)


def test_what_a_killed_purge_left_of_a_run_is_collected(session: Session, sums: Sums, numbers: Path) -> None:
    carry_out(session, sums(), numbers)
    for path in (
        "states/gone.json",
        "cancel/gone",
        "tasks/gone/double/0000/000001.json",
        "outputs/gone/a.json",
    ):
        session.store.put(path, b"{}")
    session.store.put("damaged/records/x/y.json", b"{")
    age(session)
    assert collect(session.store, session.catalog).objects == {
        "tasks": 1,
        "states": 1,
        "cancel": 1,
        "outputs": 1,
        "damaged": 1,
    }
    root = session.store.local_path("tasks")
    assert root is not None
    before = time.time() - 3 * HOUR
    for base, _, _ in os.walk(root):
        os.utime(base, (before, before))
    collect(session.store, session.catalog)
    assert not (root / "gone").exists()


def test_what_killed_processes_left_of_their_trials_is_collected_after_the_grace_period(
    session: Session, sums: Sums, numbers: Path
) -> None:
    carry_out(session, sums(), numbers)
    collect(session.store, session.catalog)  # Leaves the marker of the last collection.
    trials = ["gc/clock-0123abcd", "probe/0123456789abcdef0123456789abcdef"]
    for path in trials:
        session.store.put(path, b"first")
    assert collect(session.store, session.catalog, older_than_s=0).objects == {}  # Somebody may wait for it.
    lasting = {MARKER, PROBE_KEY}
    assert {info.key for kind in ("gc", "probe") for info in session.store.list(kind)} == {*lasting, *trials}
    age(session, kinds=["gc", "probe"])
    assert collect(session.store, session.catalog).objects == {"gc": 1, "probe": 1}
    assert {info.key for kind in ("gc", "probe") for info in session.store.list(kind)} == lasting


def deliver(session: Session, delivery: str, run: str, sent: str) -> None:
    row = Delivery(delivery, run, "webhook", "https://example.org", "{}")
    write_deliveries(session.store, [row], {delivery: [sent]})
    session.catalog.deliveries.enqueue([row])


def test_a_purged_run_delivers_nothing_any_more_and_holds_nothing(
    session: Session, sums: Sums, numbers: Path
) -> None:
    run = carry_out(session, sums(), numbers).run
    other = carry_out(session, sums(Double(factor=3)), numbers).run
    sent, _ = Blobs(session.store).put_bytes(b"to be sent")
    deliver(session, "d1", run, sent)
    deliver(session, "d2", other, sent)
    session.store.put("deliveries/d3.json", b"{")
    purge(session.store, session.catalog, run)
    assert [info.key for info in session.store.list("deliveries")] == [
        "deliveries/d2.json",
        "deliveries/d3.json",
    ]
    session.store.delete("deliveries/d3.json")
    assert rebuild(session.store, session.catalog, replace=True).deliveries == 1
    assert [one.run for one in session.catalog.deliveries.take_due(5)] == [other]
    purge(session.store, session.catalog, other, force=True)
    age(session)
    collect(session.store, session.catalog)
    assert list(session.store.list("blobs")) == []


def test_a_purge_that_is_killed_at_any_of_its_removals_leaves_no_delivery_that_a_second_does_not_find(
    session: Session, tmp_path: Path, sums: Sums, numbers: Path
) -> None:
    class Dying(FolderBackend):
        left = 0

        def delete(self, keys: Iterable[str]) -> None:
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            super().delete(keys)

    backend = Dying(tmp_path / "store")
    for survived in range(6):
        run = carry_out(session, sums(), numbers).run
        sent, _ = Blobs(session.store).put_bytes(b"to be sent")
        deliver(session, f"d{survived}", run, sent)
        backend.left = survived
        with suppress(KeyboardInterrupt):
            purge(Store(backend), session.catalog, run)
        is_there = session.store.exists(f"runs/{run}.json")
        assert is_there or list(session.store.list("deliveries")) == []
        purge(session.store, session.catalog, run)
        assert session.catalog.deliveries.list() == []
        assert list(session.store.list("deliveries")) == []
