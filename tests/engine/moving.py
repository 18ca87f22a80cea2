"""Export and import as the tests use them, and archives that were tampered with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calotype.engine.admission import examine
from calotype.engine.definition import read_definition
from calotype.engine.exchange import Exported, Imported, export_run, import_run
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.reach import Walk
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.archives import ArchiveReader, ArchiveWriter

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
    """Change fields of the run's definition."""
    return document("runs/", lambda value: value.update(changed))
