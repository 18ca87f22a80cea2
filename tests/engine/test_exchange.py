"""Runs move between stores of every kind and stay what they are."""

from __future__ import annotations

import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.moving import (
    Files,
    Open,
    compute,
    definition,
    document,
    everything,
    files_in,
    forge,
    made,
    pack,
    put_blob,
    unpack,
)
from tests.engine.toy_stages import Add, Double, Pairs

from calotype.engine.admission import examine
from calotype.engine.definition import PinnedStep, new_run_id, read_definition, write_definition
from calotype.engine.exchange import import_run
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.reach import Walk
from calotype.errors import ConfigurationError, DamagedBlob, NoSpace, UnreadableInput
from calotype.runners.inline import InlineRunner
from calotype.runners.session import Session, pipeline_of
from calotype.storage.archives import ArchiveReader
from calotype.storage.blobs import Blobs
from small_disk import SmallDisk

Sums = Callable[..., PipelineSpec]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("folder", "folder"),
        ("folder", "moto"),
        ("moto", "folder"),
        ("rclone", "folder"),
        ("folder", "rclone"),
    ],
)
def test_a_run_moves_to_another_store_and_nothing_is_computed_again(
    source: str, target: str, open_session: Open, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    here, there = open_session(source), open_session(target)
    spec = sums(Double(reject_odd=True))
    result = compute(here, spec, numbers)
    packed = pack(here, result.run, tmp_path / "run.zip")
    assert packed.size == packed.path.stat().st_size

    brought = unpack(there, packed.path)
    assert (brought.run, brought.was_here, brought.other_results) == (result.run, False, ())
    assert made(there, result.run) == made(here, result.run)
    row = there.find(result.run)
    assert (row.state, row.pipeline) == ("done", "sums")
    states = [(step.step, step.state, step.key) for step in there.catalog.runs.steps(result.run)]
    assert states == [(step.step, step.state, step.key) for step in here.catalog.runs.steps(result.run)]

    resumed = there.resume(result.run)
    assert (resumed.state, resumed.executed, resumed.figures) == ("done", (), result.figures)
    changed = compute(there, sums(Double(reject_odd=True), Add(start=5)), numbers)
    assert (changed.executed, changed.figures["sum"]) == (("add",), 65)
    same = compute(here, sums(Double(reject_odd=True), Add(start=5)), numbers)
    assert made(there, changed.run) == made(here, same.run)


def test_an_unfinished_run_goes_on_elsewhere_with_the_items_it_has(
    open_session: Open, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    here, there = open_session("folder"), open_session("folder")
    trace = tmp_path / "trace"
    spec = sums(Double(trace=str(trace), fail_on="07.json"))
    failed = compute(here, spec, numbers)
    assert failed.state == "failed"
    computed = sorted(trace.read_text().split())
    unpack(there, pack(here, failed.run, tmp_path / "run.zip").path)
    there.resume(failed.run)
    assert sorted(trace.read_text().split()) == computed
    assert len(computed) == 11


def test_a_run_that_has_not_begun_can_be_moved(
    open_session: Open, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    here, there = open_session("folder"), open_session("folder")
    waiting = here.create(sums(), {"numbers": str(numbers)})
    unpack(there, pack(here, waiting.id, tmp_path / "run.zip").path)
    assert there.resume(waiting.id).figures == {"sum": 132, "count": 12}


def test_a_fork_moves_without_its_parent(
    archive: Path, open_session: Open, tmp_path: Path, sums: Sums, numbers: Path
) -> None:
    here, there = open_session("folder"), open_session("folder")
    parent = read_definition(here.store, unpack(here, archive).run)
    (key,) = [step.key for step in here.catalog.runs.steps(parent.id) if step.step == "double"]
    _, flows = Walk(here.store).follow(parent)
    outputs = {link.port: refs for link, refs in flows.items() if link.step == "double"}
    fork = parent.model_copy(
        update={
            "id": new_run_id(),
            "parent": parent.id,
            "pinned": {"double": PinnedStep(run=parent.id, key=key, outputs=outputs)},
            "pipeline": sums(Double(reject_odd=True), Add(start=7)),
            "history": ("forked",),
        }
    )
    write_definition(here.store, fork)
    unpack(there, pack(here, fork.id, tmp_path / "fork.zip").path)
    assert [row.id for row in there.runs(5)] == [fork.id]
    gone_on = there.resume(fork.id)
    assert (gone_on.executed, gone_on.figures["sum"]) == (("add",), 67)
    assert read_definition(there.store, fork.id) == fork


def test_a_step_that_was_asked_for_again_keeps_its_key(
    open_session: Open, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    here, there = open_session("folder"), open_session("folder")
    spec = sums()
    again = tuple(step.model_copy(update={"take": "k3v9"}) for step in spec.steps)
    result = compute(here, spec.model_copy(update={"steps": again}), numbers)
    unpack(there, pack(here, result.run, tmp_path / "run.zip").path)
    assert there.resume(result.run).executed == ()


def test_a_step_asked_for_once_more_moves_with_its_former_result(
    open_session: Open, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    here, there = open_session("folder"), open_session("folder")
    spec = sums()

    def taken(token: str) -> PipelineSpec:
        steps = (spec.steps[0], spec.steps[1].model_copy(update={"take": token}))
        return spec.model_copy(update={"steps": steps})

    result = compute(here, taken("first"), numbers)
    asked = read_definition(here.store, result.run).model_copy(update={"pipeline": taken("second")})
    write_definition(here.store, asked)
    unpack(there, pack(here, result.run, tmp_path / "run.zip").path)
    assert there.resume(result.run).executed == ("add",)


def test_paired_items_move_with_those_that_had_no_partner(open_session: Open, tmp_path: Path) -> None:
    here, there = open_session("folder"), open_session("folder")
    for name in ("a.jpg", "b.jpg", "a.json", "c.json"):
        (tmp_path / Path(name).suffix[1:]).mkdir(exist_ok=True)
        (tmp_path / Path(name).suffix[1:] / name).write_text(f'"{name}"')
    inputs = {"pairs-image": tmp_path / "jpg", "pairs-report": tmp_path / "json"}
    definition = here.create(pipeline_of(Pairs()), inputs)
    done = here.conduct(definition, runner=InlineRunner(Workplace(here.store, here.scratch)))
    assert done.state == "done"
    rejected = dict(made(here, done.run))["pairs.rejected"]
    unpack(there, pack(here, done.run, tmp_path / "run.zip").path)
    assert there.resume(done.run).executed == ()
    assert made(there, done.run)["pairs.rejected"] == rejected


def test_an_archive_that_changes_after_it_was_examined_is_not_believed(
    archive: Path, open_session: Open
) -> None:
    there = open_session("folder")
    other = forge(archive, document("@Add", lambda value: value.update(attempt=9)))
    with ArchiveReader(archive) as reader:
        parcel = examine(reader, lambda done, total: None)
    with ArchiveReader(other) as reader, pytest.raises(UnreadableInput, match="was changed"):
        import_run(there.store, there.catalog, there.scratch, reader, parcel, lambda done, total: None)
    assert not list(there.store.list("runs"))


def test_importing_twice_is_harmless_and_back_where_it_came_from_too(
    origin: Session, archive: Path, open_session: Open
) -> None:
    before = everything(origin)
    assert unpack(origin, archive).was_here
    assert everything(origin) == before
    there = open_session("folder")
    first, again = unpack(there, archive), unpack(there, archive)
    assert (first.was_here, again.was_here, again.files) == (False, True, 0)
    assert first.files > 10


def test_equal_runs_are_equal_bytes(
    origin: Session, archive: Path, open_session: Open, tmp_path: Path
) -> None:
    there = open_session("folder")
    run = unpack(there, archive).run
    assert pack(origin, run, tmp_path / "again.zip").path.read_bytes() == archive.read_bytes()
    assert pack(there, run, tmp_path / "there.zip").path.read_bytes() == archive.read_bytes()


def test_outputs_lie_under_readable_names_and_no_file_lies_there_twice(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        assert names[0] == "calotype.json"
        assert json.loads(opened.read("outputs/total.json")) == {"sum": 60, "count": 6}
        assert json.loads(opened.read("outputs/doubled/04.json")) == 8
        blobs = [opened.read(name) for name in names if name.startswith(("outputs/", "blobs/"))]
    assert len(blobs) == len(set(blobs))


def test_what_holds_on_one_machine_only_stays_behind(
    open_session: Open, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    here, there = open_session("folder"), open_session("folder")
    out = tmp_path / "out"
    result = compute(here, sums(), numbers, output=str(out))
    path = pack(here, result.run, tmp_path / "run.zip").path
    assert str(out).encode() not in b"".join(files_in(path).values())
    unpack(there, path)
    brought = read_definition(there.store, result.run)
    assert (brought.output, brought.listing) == ("", "")
    foreign = forge(path, definition(output="/home/you", listing="0" * 64))
    elsewhere = open_session("folder")
    unpack(elsewhere, foreign)
    assert read_definition(elsewhere.store, result.run) == brought


def test_a_run_of_the_same_id_with_another_definition_is_refused(archive: Path, open_session: Open) -> None:
    there = open_session("folder")
    run = unpack(there, archive).run
    changed = read_definition(there.store, run).model_copy(update={"history": ("changed here",)})
    write_definition(there.store, changed)
    before = everything(there)
    with pytest.raises(ConfigurationError, match="with another definition"):
        unpack(there, archive)
    assert everything(there) == before


def test_a_result_that_is_here_stays_and_the_difference_is_told(
    archive: Path, open_session: Open, sums: Sums, numbers: Path
) -> None:
    def other_total(files: Files) -> None:
        (name,) = [name for name in files if "@Add" in name]
        record = json.loads(files[name])
        total = record["outputs"]["total"][0]
        data = b'{"sum": 61, "count": 6}'
        del files["outputs/total.json"]
        total.update(digest=put_blob(files, data), size=len(data))
        files[name] = json.dumps(record).encode()

    forged = forge(archive, other_total)
    there = open_session("folder")
    compute(there, sums(Double(reject_odd=True)), numbers)
    brought = unpack(there, forged)
    assert [name for name in brought.other_results if "@Add" in name] == list(brought.other_results)
    assert len(brought.other_results) == 1
    assert there.resume(brought.run).figures["sum"] == 60


def test_an_interrupted_import_leaves_no_run_and_can_be_repeated(archive: Path, open_session: Open) -> None:
    there = open_session("folder")

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unpack(there, archive, stop)
    assert not list(there.store.list("runs"))
    assert not list(there.store.list("records"))
    assert there.runs(5) == []
    assert there.resume(unpack(there, archive).run).executed == ()


def test_a_disk_that_is_full_ends_export_and_import_in_words_and_leaves_no_part(
    small_disk: SmallDisk, open_session: Open, sums: Sums, tmp_path: Path
) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    (folder / "large.json").write_bytes(b"5" + os.urandom(48 << 20))
    here = open_session("folder")
    waiting = here.create(sums(), {"numbers": str(folder)})
    with pytest.raises(NoSpace, match="free"):
        pack(here, waiting.id, small_disk.path / "run.zip")
    assert not list(small_disk.path.iterdir())

    path = pack(here, waiting.id, tmp_path / "run.zip").path
    there = Session(small_disk.path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
    try:
        with pytest.raises(NoSpace, match="free"):
            unpack(there, path)
        assert not list(there.store.list("runs"))
        assert not list(there.store.list("blobs"))
    finally:
        there.close()


def test_a_run_whose_bytes_are_gone_or_wrong_is_not_exported(
    archive: Path, open_session: Open, tmp_path: Path
) -> None:
    session = open_session("folder")
    run = unpack(session, archive).run
    blobs = Blobs(session.store)
    (total,) = [digest for _, digest in made(session, run)["add.total"]]
    honest = session.store.get(blobs.key(total))
    for harm in (b"x" * len(honest), None):
        session.store.delete(blobs.key(total))
        if harm is not None:
            session.store.put(blobs.key(total), harm)
        with pytest.raises(DamagedBlob, match="calotype resume"):
            pack(session, run, tmp_path / "harmed.zip")
        assert not [path for path in tmp_path.iterdir() if "harmed" in path.name]
    session.store.put(blobs.key(total), honest)
    segment = next(one.key for one in session.store.list("segments"))
    session.store.put(segment, b"{}")
    with pytest.raises(DamagedBlob, match="is not a segment"):
        pack(session, run, tmp_path / "harmed.zip")


def test_a_large_file_is_never_in_memory_as_a_whole(open_session: Open, sums: Sums, tmp_path: Path) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    with (folder / "large.json").open("wb") as file:
        file.write(b"5")
        file.seek((64 << 20) - 1)
        file.write(b"\n")
    here, there = open_session("folder"), open_session("folder")
    waiting = here.create(sums(), {"numbers": str(folder)})
    tracemalloc.start()
    try:
        path = pack(here, waiting.id, tmp_path / "run.zip").path
        assert unpack(there, path).size == 64 << 20
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 64 << 20
