"""What only looks like a run is refused, in its own words, before anything of it is taken in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.engine.moving import (
    Files,
    Open,
    definition,
    document,
    everything,
    files_in,
    forge,
    put_blob,
    run_in,
    unpack,
)

from calotype.engine.definition import definition_path
from calotype.errors import EXIT_CONFIGURATION, UnreadableInput
from calotype.runners.session import Session


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
    "a record under another key": (moved_record, "is the record of another"),
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
        "of another step",
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
