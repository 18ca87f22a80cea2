"""Machines that share a bucket and no catalog come to the same result, on servers that create exclusively or overwrite."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from tests.engine.moving import files_in, pack, unpack
from tests.engine.rival_stages import Coins, Dice
from tests.engine.rivals import (
    Bucket,
    Died,
    Held,
    Hook,
    at,
    bucket_at,
    dying,
    everybody_agrees,
    folder_at,
    in_store,
    lineage_of,
)

from calotype import Stage
from calotype.engine import counting
from calotype.engine.check import check
from calotype.engine.counting import committed_record, place_of, standing
from calotype.engine.definition import run_of
from calotype.engine.gc import collect
from calotype.engine.records import StepRecord, parse_record, parse_segment, record_path
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store
from servers import S3Server

COINS, DICE = "tests.engine.rival_stages:Coins", "tests.engine.rival_stages:Dice"
RECORD: dict[type[Stage], str] = {
    Coins: f"records/{COINS.replace(':', '@')}",
    Dice: f"records/{DICE.replace(':', '@')}",
}
THROWN: dict[type[Stage], str] = {Coins: "write segments/", Dice: f"write {RECORD[Dice]}"}
"""What a machine does when it has made something that others do not know of yet."""
STAGES = [Dice(), Coins()]
ROUNDS = 4


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything has its order anyway nobody need be waited for."""
    monkeypatch.setattr(counting, "QUIET_S", 0.01)


@pytest.fixture
def three(tmp_path: Path) -> Path:
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    for value in range(3):
        (numbers / f"{value}.json").write_text(str(value))
    return numbers


@pytest.fixture
def bucket(rclone_server: S3Server, tmp_path: Path, three: Path) -> Bucket:
    """On a server that overwrites."""
    return bucket_at(rclone_server, "store", tmp_path, three)


@pytest.fixture(params=("exclusive", "overwriting"))
def buckets(request: pytest.FixtureRequest, tmp_path: Path, three: Path) -> Iterator[Bucket]:
    """New stores: in folders, which create exclusively, or on rclone, which overwrites."""
    if request.param == "exclusive":
        return (folder_at(tmp_path / f"store-{number}", three) for number in count(1))
    server: S3Server = request.getfixturevalue("rclone_server")
    return (bucket_at(server, f"store-{number}", tmp_path, three) for number in count(1))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("stage", STAGES, ids=["dice", "coins"])
def test_a_rival_that_runs_at_any_moment_of_a_commit_comes_to_the_same_result(
    buckets: Iterator[Bucket], stage: Stage, tmp_path: Path
) -> None:
    """The rival's whole run takes place before the first, second, ... look at or write of the step's record, and before its
    items are known to others."""
    for number, bucket in enumerate(buckets, 1):
        runs: dict[str, str] = {}

        def rival(runs: dict[str, str] = runs, bucket: Bucket = bucket) -> None:
            runs["rival"] = bucket.carry_out("rival", stage).run

        hook, has_come = at(number, (RECORD[type(stage)], THROWN[type(stage)]), rival)
        runs["first"] = bucket.carry_out("first", stage, hook).run
        if not has_come():
            break
        assert bucket.proposals() == []
        assert everybody_agrees(bucket, runs, tmp_path), number
    assert number > 5


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("stage", STAGES, ids=["dice", "coins"])
def test_a_machine_that_dies_at_any_moment_of_a_commit_leaves_what_the_next_one_takes_over(
    buckets: Iterator[Bucket], stage: Stage, tmp_path: Path
) -> None:
    for number, bucket in enumerate(buckets, 1):
        hook, has_come = dying(number, RECORD[type(stage)])
        with suppress(Died):
            bucket.carry_out("first", stage, hook)
        if not has_come():
            break
        first = bucket.the_run()
        was_committed = any(path.startswith(RECORD[type(stage)]) for path in bucket.objects("records"))
        rival = bucket.carry_out("rival", stage)
        assert ("throw" not in rival.executed) == was_committed, number
        runs = {"rival": rival.run, "first": bucket.resume("first", first).run}
        assert everybody_agrees(bucket, runs, tmp_path), number
    assert number > 5


@pytest.mark.parametrize("kind", ["moto_server", "rclone_server"])
def test_processes_that_commit_at_the_same_moment_come_to_the_same_result(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, three: Path
) -> None:
    bucket = bucket_at(request.getfixturevalue(kind), "store", tmp_path, three)
    root = Path(__file__).parents[2]
    paths = {"PYTHONPATH": os.pathsep.join((str(root), str(root / "tests")))}
    command = [sys.executable, "-m", "tests.engine.rivals", str(ROUNDS)]
    with socket.create_server(("127.0.0.1", 0)) as gate:
        processes = [
            subprocess.Popen(
                [*command, str(gate.getsockname()[1]), name, str(bucket.folder), str(three), bucket.url],
                cwd=root,
                env={**os.environ, **bucket.environment, **paths},
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in ("one", "two", "three")
        ]
        for _ in range(ROUNDS):
            for line in [gate.accept()[0] for _ in processes]:
                line.close()
        said = [process.communicate()[0].split() for process in processes]
    store = Store(bucket.backend())
    for runs in zip(*said, strict=True):
        one, two, three = (in_store(store, run) for run in runs)
        assert one == two == three != {}
    last = dict(zip(("one", "two", "three"), runs, strict=True))
    assert everybody_agrees(bucket, last, tmp_path)


def held(bucket: Bucket, name: str, stage: Stage, number: int, last: Hook | None = None) -> Held:
    """A machine that knows of no rival's items, and will stand before its first write of a record (a proposal) or its second
    (at the place). One that makes a whole stands there already."""
    stops = [(1, THROWN[type(stage)]), (number, f"write {RECORD[type(stage)]}")]
    stops = stops if isinstance(stage, Coins) else stops[1:]
    return Held(lambda hook: bucket.carry_out(name, stage, hook), stops, last)


def go_on_until_held_again(*machines: Held) -> None:
    for machine in machines:
        machine.go_on()


def died(bucket: Bucket, name: str, stage: Stage) -> None:
    """A machine's process was killed when it had made something and not written it down: its next attempt has a later name."""
    hook, has_come = dying(1, THROWN[type(stage)])
    with pytest.raises(Died):
        bucket.carry_out(name, stage, hook)
    assert has_come()


@pytest.mark.parametrize("stage", STAGES, ids=["dice", "coins"])
@pytest.mark.parametrize("tells", ["milliseconds", "seconds"])
def test_a_machine_that_sleeps_before_it_writes_the_result_down_writes_what_others_go_on_from(
    tells: str, stage: Stage, bucket: Bucket, tmp_path: Path, three: Path
) -> None:
    """Both look before anything is proposed. One proposes, decides and sleeps; the other proposes under a name that comes
    first, decides and ends. The server tells only which came first, or not even that within a second."""
    if tells == "seconds":
        bucket = folder_at(tmp_path / "folder", three, overwrites=True)
    for _ in range(3):
        died(bucket, "early", stage)
    late, early = held(bucket, "late", stage, 1), held(bucket, "early", stage, 2)
    if isinstance(stage, Coins):
        go_on_until_held_again(late, early)
    runs = {"late": late.go_on(), "early": early.go_on()}
    assert everybody_agrees(bucket, runs, tmp_path)


def two_proposals(bucket: Bucket, stage: Stage) -> list[str]:
    """Paths of what two machines proposed before either decided, and both died; the first one's name comes last."""
    died(bucket, "first", stage)
    hooks = [dying(2, f"write {RECORD[type(stage)]}")[0] for _ in range(2)]
    second, first = (
        held(bucket, name, stage, 1, hook) for name, hook in zip(("second", "first"), hooks, strict=True)
    )
    if isinstance(stage, Coins):
        go_on_until_held_again(second, first)
    assert first.go_on() == "" and second.go_on() == ""
    late, early = bucket.proposals()
    return [early, late]


@pytest.mark.parametrize(
    ("damage", "stage", "counts"),
    [
        ("", Dice(), 0),
        ("", Coins(), 0),
        ("blob", Dice(), 1),
        ("record", Dice(), 1),
        ("segment", Coins(), 1),
        ("both blobs", Dice(), None),
    ],
    ids=[
        "dice",
        "coins",
        "its blob is gone",
        "it is unreadable",
        "its segment is gone",
        "all blobs are gone",
    ],
)
def test_of_what_was_proposed_the_first_that_is_whole_counts(
    damage: str, stage: Stage, counts: int | None, bucket: Bucket, tmp_path: Path
) -> None:
    paths = two_proposals(bucket, stage)
    store = Store(bucket.backend())
    records = [parse_record(store.get(path), path) for path in paths]
    made = [next(ref for refs in record.outputs.values() for ref in refs) for record in records]
    blobs = [Blobs(store).key(ref.digest) for ref in made]
    store.delete({"blob": blobs[:1], "both blobs": blobs, "segment": records[0].segments}.get(damage, ()))
    if damage == "record":
        store.put(paths[0], b"{")
    assert records[0] != records[1]
    if counts is not None:
        assert who_only_looks_takes(bucket, records[counts], tmp_path / "run.zip")

    third = bucket.carry_out("third", stage)
    place = place_of(paths[0])
    assert ("throw" not in third.executed) == (counts is not None)
    assert counts is None or parse_record(store.get(place), place) == records[counts]
    if damage == "record":
        with bucket.machine("third") as session:
            check(session.store, session.catalog, repair=True)
        assert bucket.objects("damaged") == [f"damaged/{paths[0]}"]
    assert everybody_agrees(bucket, {"third": third.run}, tmp_path)


def who_only_looks_takes(bucket: Bucket, record: StepRecord, archive: Path) -> bool:
    """Whether a run's outputs, its archive and a rebuild are of this record, which nobody has decided on."""
    store = Store(bucket.backend())
    segments = [parse_segment(store.get(path), path) for path in record.segments]
    made = {ref.digest for refs in record.outputs.values() for ref in refs}
    made |= {ref.digest for segment in segments for item in segment.items for ref in item.outputs}
    place = record_path(record.stage, record.key)
    stands = standing(store, place)
    assert stands is not None and stands.record == record == committed_record(store, record.stage, record.key)
    rows = [row for row in lineage_of(store) if (row["key"], row["role"]) == (record.key, "out")]
    assert {row["digest"] for row in rows} == made
    for path in bucket.objects("runs"):
        outputs = in_store(store, run_of(path))
        assert outputs and set(outputs.values()) <= made
        with bucket.machine("fourth") as session:
            pack(session, run_of(path), archive)
        assert parse_record(files_in(archive)[place], place) == record
    return True


def test_a_result_that_was_damaged_does_not_come_back_from_what_it_was_copied_from(
    bucket: Bucket, tmp_path: Path
) -> None:
    hook, has_come = dying(1, f"delete {RECORD[Dice]}")
    with pytest.raises(Died):
        bucket.carry_out("first", Dice(), hook)
    assert has_come()
    store = Store(bucket.backend())
    (proposal,) = bucket.proposals()
    place = place_of(proposal)
    record = parse_record(store.get(place), place)
    store.delete(Blobs(store).key(record.outputs["report"][0].digest))
    first = bucket.the_run()
    second = bucket.carry_out("second", Dice())
    assert "throw" in second.executed and parse_record(store.get(place), place) != record
    assert everybody_agrees(
        bucket, {"second": second.run, "first": bucket.resume("first", first).run}, tmp_path
    )


@pytest.mark.parametrize("stage", STAGES, ids=["dice", "coins"])
def test_a_machine_learns_of_a_result_that_another_one_had_to_make_anew(
    bucket: Bucket, stage: Stage, tmp_path: Path
) -> None:
    runs = {name: bucket.carry_out(name, stage).run for name in ("first", "second")}
    store = Store(bucket.backend())
    made = in_store(store, runs["first"])
    lost = next(digest for name, digest in made.items() if name.startswith("throw/"))
    store.delete(Blobs(store).key(lost))
    assert "throw" in bucket.resume("second", runs["second"]).executed
    assert bucket.resume("first", runs["first"]).executed == ()
    assert in_store(store, runs["first"]) != made
    assert everybody_agrees(bucket, runs, tmp_path)


def test_what_is_proposed_and_not_decided_on_stays_when_garbage_is_collected(
    bucket: Bucket, tmp_path: Path
) -> None:
    paths = two_proposals(bucket, Dice())
    store = Store(bucket.backend())
    with bucket.machine("third") as session:
        collect(session.store, session.catalog, older_than_s=0)
    records = [parse_record(store.get(path), path) for path in paths]
    assert all(Blobs(store).exists(record.outputs["report"][0].digest) for record in records)
    third = bucket.carry_out("third", Dice())
    assert "throw" not in third.executed and bucket.proposals() == []
    assert everybody_agrees(bucket, {"third": third.run}, tmp_path)


@pytest.mark.usefixtures("quick")
def test_an_import_beside_a_rival_comes_to_the_same_result(
    buckets: Iterator[Bucket], tmp_path: Path, three: Path
) -> None:
    """The rival's whole run takes place before the first, second, ... look at or write of the step's record."""
    origin = folder_at(tmp_path / "origin", three)
    brought = origin.carry_out("origin", Dice())
    with origin.machine("origin") as session:
        pack(session, brought.run, tmp_path / "run.zip")
    for number, bucket in enumerate(buckets, 1):
        rivals: list[str] = []

        def rival(rivals: list[str] = rivals, bucket: Bucket = bucket) -> None:
            rivals.append(bucket.carry_out("rival", Dice()).run)

        hook, has_come = at(number, RECORD[Dice], rival)
        with bucket.machine("importer", hook) as session:
            imported = unpack(session, tmp_path / "run.zip")
        if not has_come():
            break
        store = Store(bucket.backend())
        assert in_store(store, imported.run) == in_store(store, rivals[0]) != {}, number
        was_first = in_store(store, rivals[0]) != in_store(Store(origin.backend()), brought.run)
        assert any(path.startswith(RECORD[Dice]) for path in imported.other_results) == was_first, number
        assert everybody_agrees(bucket, {"rival": rivals[0]}, tmp_path), number
    assert number > 3
