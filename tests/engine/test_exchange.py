"""Runs move between stores of every kind and stay what they are; what only looks like a run is refused before it is taken in."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.engine.admission import examine
from calotype.engine.definition import (
    PinnedStep,
    definition_path,
    new_run_id,
    read_definition,
    write_definition,
)
from calotype.engine.exchange import Exported, Imported, export_run, import_run
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.reach import Walk
from calotype.engine.records import parse_record
from calotype.errors import EXIT_CONFIGURATION, ConfigurationError, DamagedBlob, UnreadableInput
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.archives import ArchiveReader, ArchiveWriter
from calotype.storage.blobs import Blobs
from servers import S3Server

Sums = Callable[..., PipelineSpec]
Open = Callable[[str], Session]
Files = dict[str, bytes]


def unwatched(done: int, total: int) -> None:
    """Watch nothing."""


def pack(session: Session, run: str, path: Path) -> Exported:
    return export_run(session.store, run, path, unwatched)


def unpack(session: Session, path: Path, storing: Callable[[int, int], None] = unwatched) -> Imported:
    with ArchiveReader(path) as reader:
        parcel = examine(reader, unwatched)
        return import_run(session.store, session.catalog, session.scratch, reader, parcel, storing)


def compute(session: Session, spec: PipelineSpec, numbers: Path, **options: str) -> RunResult:
    """A run in this very process, which is quick."""
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(session.create(spec, {"numbers": str(numbers)}, **options), runner=runner)


def made(session: Session, run: str) -> dict[str, list[tuple[str, str]]]:
    """Name and digest of everything that flows in a run."""
    _, flows = Walk(session.store).follow(read_definition(session.store, run))
    return {str(link): [(ref.name, ref.digest) for ref in refs] for link, refs in flows.items()}


def everything(session: Session) -> dict[str, int]:
    return {info.key: info.size for info in session.store.list() if "sqlite" not in info.key}


@pytest.fixture
def open_session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Sessions on new stores of any kind."""
    opened: list[Session] = []

    def on(kind: str) -> Session:
        name = uuid.uuid4().hex
        environment = {"NVME_ROOT": str(tmp_path / name / "scratch"), "XDG_STATE_HOME": str(tmp_path / name)}
        place = str(tmp_path / name / "store")
        if kind != "folder":
            server: S3Server = request.getfixturevalue(f"{kind}_server")
            environment |= server.environment
            place = server.url(name)
        opened.append(Session(place, environment))
        return opened[-1]

    yield on
    for session in opened:
        session.close()


@pytest.fixture(scope="module")
def origin(sums: Sums, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A store with one finished run, which no test changes."""
    folder = tmp_path_factory.mktemp("origin")
    (folder / "numbers").mkdir()
    for value in range(12):
        (folder / f"numbers/{value:02d}.json").write_text(str(value))
    session = Session(folder / "store", {"NVME_ROOT": str(folder / "scratch")})
    compute(session, sums(Double(reject_odd=True)), folder / "numbers")
    yield session
    session.close()


@pytest.fixture(scope="module")
def exported(origin: Session, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    (run,) = origin.runs(5)
    return pack(origin, run.id, tmp_path_factory.mktemp("exported") / "run.zip").path.read_bytes()


@pytest.fixture
def archive(exported: bytes, tmp_path: Path) -> Path:
    """The finished run of `origin`, exported."""
    path = tmp_path / "run.zip"
    path.write_bytes(exported)
    return path


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
    record = parse_record(
        next(here.store.get(one.key) for one in here.store.list("records") if "Double" in one.key), ""
    )
    _, flows = Walk(here.store).follow(parent)
    outputs = {link.port: refs for link, refs in flows.items() if link.step == "double"}
    fork = parent.model_copy(
        update={
            "id": new_run_id(),
            "parent": parent.id,
            "pinned": {"double": PinnedStep(run=parent.id, key=record.key, outputs=outputs)},
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
        put_blob(files, data)
        total.update(digest=hashlib.sha256(data).hexdigest(), size=len(data))
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


# Forgeries: an honest archive, changed, with digests that are right again.


def files_in(path: Path) -> Files:
    with ArchiveReader(path) as reader:
        return {name: reader.read(name) for name in reader.entries}


def run_in(path: Path) -> str:
    return json.loads(files_in(path)["calotype.json"])["run"]


def put_blob(files: Files, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    files[f"blobs/sha256/{digest[:2]}/{digest}"] = data
    return digest


def forge(path: Path, change: Callable[[Files], None]) -> Path:
    """An archive with changed files, and an index that agrees with them unless it was changed itself."""
    files = files_in(path)
    index = files["calotype.json"]
    change(files)
    if files.get("calotype.json") == index:
        listed = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in files.items()
            if name != "calotype.json"
        }
        files["calotype.json"] = json.dumps({**json.loads(index), "files": listed}).encode()
    forged = path.with_name("forged.zip")
    with ArchiveWriter(forged) as writer:
        for name, data in files.items():
            writer.add(name, data)
    return forged


def document(part: str, change: Callable[[Any], object]) -> Callable[[Files], None]:
    """Change the first JSON document whose name holds `part`."""

    def apply(files: Files) -> None:
        name = next(name for name in files if part in name)
        value = json.loads(files[name])
        change(value)
        files[name] = json.dumps(value).encode()

    return apply


def definition(**changed: object) -> Callable[[Files], None]:
    return document("runs/", lambda value: value.update(changed))


def index(change: Callable[[Any], object]) -> Callable[[Files], None]:
    return document("calotype.json", change)


def other_bytes(files: Files) -> None:
    files["outputs/total.json"] = files["outputs/total.json"].replace(b"60", b"61")
    files["calotype.json"] += b"\n"  # The index stays as it was.


def moved_record(files: Files) -> None:
    name = next(name for name in files if "@Add" in name)
    files[name[:-69] + "0" * 64 + ".json"] = files.pop(name)


def foreign_record(files: Files) -> None:
    name = next(name for name in files if "@Add" in name)
    record = json.loads(files[name])
    files[f"records/sfm/{record['key']}.json"] = json.dumps({**record, "stage": "sfm"}).encode()


def gone_output(files: Files) -> None:
    del files["outputs/total.json"]


def false_member(files: Files) -> None:
    """Somebody else's key under a picture of ours."""
    name = next(name for name in files if "@Double" in name)
    record = json.loads(files[name])
    old = record["members"]
    items = json.loads(files.pop(f"blobs/sha256/{old[:2]}/{old}"))
    items[0]["key"] = "0" * 64
    record["members"] = put_blob(files, json.dumps(items).encode())
    files[name] = json.dumps(record).encode()


def folder_that_climbs_out(files: Files) -> None:
    listed = [{"path": "../../evil", "digest": "0" * 64, "size": 0}]
    digest = put_blob(files, json.dumps({"files": listed}).encode())
    ref = {"kind": "Report", "name": "a", "digest": digest, "size": 0, "folder": True}
    document("runs/", lambda value: value["inputs"]["numbers"].append(ref))(files)


def another_id(run: str) -> Callable[[Files], None]:
    def apply(files: Files) -> None:
        name = next(name for name in files if name.startswith("runs/"))
        state = next(name for name in files if name.startswith("states/"))
        del files[state]
        value = {**json.loads(files.pop(name)), "id": run}
        files[f"runs/{run}.json"] = json.dumps(value).encode()
        document("calotype.json", lambda value: value.update(run=run))(files)
        listed = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in files.items()
            if name != "calotype.json"
        }
        document("calotype.json", lambda value: value.update(files=listed))(files)

    return apply


def nested(files: Files) -> None:
    name = next(name for name in files if "@Add" in name)
    files[name] = b'{"parameters":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}"


def add_file(name: str) -> Callable[[Files], None]:
    return lambda files: files.update({name: b"{}"})


def first_item(value: Any) -> Any:
    return next(item["outputs"][0] for item in value["items"] if item["outputs"])


FORGERIES: dict[str, tuple[Callable[[Files], None], str]] = {
    "another file than the index says": (other_bytes, "other bytes than its digest says"),
    "a file that the index does not list": (
        lambda files: files.update({"x": b"", "calotype.json": files["calotype.json"] + b"\n"}),
        "does not list 'x'",
    ),
    "a file that is not there": (
        index(lambda value: value["files"].update({"x": {"sha256": "0" * 64, "size": 1}})),
        "lists 'x', which is not there",
    ),
    "a size that is another": (
        index(lambda value: value["files"]["outputs/total.json"].update(size=5)),
        "has 5 bytes, which it has not",
    ),
    "no index": (lambda files: files.pop("calotype.json"), "is not a run that `calotype export` wrote"),
    "an index that is no JSON": (lambda files: files.update({"calotype.json": b"{"}), "cannot be read"),
    "an index of a later format": (
        index(lambda value: value.update(archive_schema=2)),
        "has archive format 2",
    ),
    "a file for the root of the store": (add_file("catalog.sqlite"), "has no place in a store"),
    "a file for another part of the store": (add_file("cancel/x"), "has no place in a store"),
    "a second run": (add_file("runs/20260101-000000-aaaa.json"), "has no place in a store"),
    "a blob under a false digest": (add_file(f"blobs/sha256/00/{'0' * 64}"), "has no place in a store"),
    "a blob that nothing names": (
        lambda files: put_blob(files, b"freight") and None,
        "nothing in the run names",
    ),
    "a blob twice": (lambda files: put_blob(files, files["outputs/total.json"]) and None, "a file twice"),
    "no definition": (
        lambda files: [files.pop(name) for name in list(files) if name.startswith("runs/")] and None,
        "is missing",
    ),
    "a definition with a field of its own": (definition(hooks=["rm -rf"]), "Extra inputs are not permitted"),
    "an id that is a path": (another_id("..x"), "is not the id of a run"),
    "an id that is a word": (another_id("latest"), "is not the id of a run"),
    "a parent that is a path": (definition(parent="../../x"), "is not the id of a run"),
    "an input that climbs out": (
        document("runs/", lambda value: value["inputs"]["numbers"][0].update(name="../../evil")),
        "cannot be a name",
    ),
    "an input of a kind that is a path": (
        document("runs/", lambda value: value["inputs"]["numbers"][0].update(kind="../x")),
        "cannot be a kind",
    ),
    "an input that is not there": (
        document("runs/", lambda value: value["inputs"]["numbers"][0].update(digest="0" * 64)),
        "are missing",
    ),
    "an input whose digest is a path": (
        document("runs/", lambda value: value["inputs"]["numbers"][0].update(digest="../x")),
        "not a sha256 digest",
    ),
    "inputs of another pipeline": (definition(inputs={}), "those of its pipeline"),
    "an output that is published outside": (
        document("runs/", lambda value: value["pipeline"]["publish"][0].update(target="../../.bashrc")),
        "cannot be a name",
    ),
    "a step that is a path": (
        document("runs/", lambda value: value["pipeline"]["steps"][0].update(id="../x")),
        "cannot be the name of a step",
    ),
    "two steps of one name": (
        document("runs/", lambda value: value["pipeline"]["steps"][1].update(id="double")),
        "or is that of two",
    ),
    "steps in a ring": (
        document(
            "runs/",
            lambda value: value["pipeline"]["steps"][0]["inputs"].update(
                numbers=[{"step": "add", "port": "total"}]
            ),
        ),
        "does not come before it",
    ),
    "a stage that is a path": (
        document("runs/", lambda value: value["pipeline"]["steps"][0].update(stage="../../x")),
        "cannot be the name of a stage",
    ),
    "a folder that climbs out": (folder_that_climbs_out, "cannot be a name"),
    "a record with other parameters": (
        document("@Add", lambda value: value["parameters"].update(start=7)),
        "does not have the key",
    ),
    "a record of another version": (
        document("@Add", lambda value: value.update(version="9")),
        "does not have the key",
    ),
    "a record with other inputs": (
        document("@Add", lambda value: value["inputs"]["numbers"]["items"][0].update(digest="0" * 64)),
        "the digest of its input numbers",
    ),
    "a record with another digest of its inputs": (
        document("@Add", lambda value: value["inputs"]["numbers"].update(items=[], digest="0" * 64)),
        "does not have the key",
    ),
    "a record under another key": (moved_record, "is the record of another step"),
    "a record of a stage that the run has not": (foreign_record, "not in the pipeline"),
    "a record that is none": (
        document("@Add", lambda value: value.pop("outputs") and value.pop("key")),
        "is not a step record",
    ),
    "a record without end": (nested, "is not a step record"),
    "a record whose output is missing": (gone_output, "are missing"),
    "a record whose output has another size": (
        document("@Add", lambda value: value["outputs"]["total"][0].update(size=1)),
        "does not have the size",
    ),
    "a record whose output climbs out": (
        document("@Add", lambda value: value["outputs"]["total"][0].update(name="/etc/passwd")),
        "cannot be a name",
    ),
    "a record that lists a segment which is not there": (
        document("@Double", lambda value: value["segments"].append(f"segments/{'0' * 64}/x.json")),
        "is missing",
    ),
    "an item under another's key": (false_member, "does not have the key"),
    "a segment of another step": (
        document("segments/", lambda value: value.update(step_key="0" * 64)),
        "belongs to another step",
    ),
    "a segment of another stage": (
        document("segments/", lambda value: value.update(stage="sfm")),
        "not in the pipeline",
    ),
    "a segment that is none": (document("segments/", lambda value: value.pop("items")), "is not a segment"),
    "an item whose output climbs out": (
        document("segments/", lambda value: first_item(value).update(name="../{stem}.json")),
        "cannot be a name",
    ),
    "an item whose output is of a strange kind": (
        document("segments/", lambda value: first_item(value).update(kind="Mesh")),
        "of a kind that its stage does not make",
    ),
    "a state of another run": (
        document("states/", lambda value: value["run"].update(id="20260101-000000-aaaa")),
        "is about another run",
    ),
    "a state with a strange step": (
        document("states/", lambda value: value["steps"][0].update(step="x")),
        "is about another run",
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_archive_is_refused_and_leaves_nothing(
    forgery: str, archive: Path, open_session: Open
) -> None:
    change, words = FORGERIES[forgery]
    forged = forge(archive, change)
    there = open_session("folder")
    before = everything(there)
    with pytest.raises(UnreadableInput) as refused:
        unpack(there, forged)
    assert words in str(refused.value)
    assert refused.value.exit_code == EXIT_CONFIGURATION
    assert everything(there) == before
    assert there.runs(5) == []
    assert not list((there.scratch.root / "work").iterdir())


def test_a_segment_that_is_here_with_other_items_is_not_replaced(origin: Session, archive: Path) -> None:
    forged = forge(archive, document("segments/", lambda value: value.update(seconds=99.0)))
    before = everything(origin)
    with pytest.raises(UnreadableInput, match="with other items"):
        unpack(origin, forged)
    assert everything(origin) == before


def test_an_honest_archive_that_is_packed_again_is_accepted(archive: Path, open_session: Open) -> None:
    again = forge(archive, lambda files: None)
    assert unpack(open_session("folder"), again).run == run_in(archive)
    assert definition_path(run_in(archive)) in files_in(again)
