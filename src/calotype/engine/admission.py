"""What an archive from a stranger must satisfy before anything of it enters a store. Nothing is written here.

That every byte has its digest, every record its key, and every name stays in its place can be proven; that the computation was
honest cannot: somebody who knows the digests of your inputs can put false results under right keys.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from calotype.artifacts import ArtifactRef
from calotype.engine.archive_index import INDEX, OUTPUTS, ArchivedFile, Progress, read_index
from calotype.engine.definition import RunDefinition, definition_path
from calotype.engine.keys import item_keys, set_digest, step_key
from calotype.engine.pipeline import REJECTED
from calotype.engine.plan import read_members
from calotype.engine.records import (
    PortInputs,
    StepRecord,
    parse_record,
    parse_segment,
    record_path,
)
from calotype.engine.state import parse_state, state_path
from calotype.engine.tasks import TaskItem
from calotype.errors import CalotypeError, UnreadableInput
from calotype.storage.archives import ArchiveReader
from calotype.storage.blobs import parse_manifest
from calotype.storage.names import name_problem, valid_digest, valid_key

_RUN_ID = re.compile(r"\d{8}-\d{6}-[0-9a-z]{4}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_KIND = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_BLOB = re.compile(r"blobs/sha256/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_SEGMENT = re.compile(r"segments/[0-9a-f]{64}/[0-9a-z-]{1,64}\.json")
_LARGEST_DOCUMENT = 512 << 20
_declined: TypeAdapter[list[tuple[str, str]]] = TypeAdapter(list[tuple[str, str]])


class _Unfit(Exception):
    """Why an archive cannot be taken in; a clause without a full stop."""


@dataclass(frozen=True)
class Parcel:
    """An archive that was found fit: what of it goes where."""

    definition: RunDefinition
    files: Mapping[str, ArchivedFile]
    """Entry name to digest and size, of everything."""
    blobs: tuple[str, ...]
    """Entry names."""
    records: tuple[str, ...]
    """Entry names, which are paths in a store."""
    segments: tuple[str, ...]
    state: str | None
    """Entry name of the run's state; None for a run none of whose steps has ended."""


def examine(reader: ArchiveReader, progress: Progress) -> Parcel:
    """What the archive holds, every byte of it read and found right. UnreadableInput says what is wrong with it."""
    try:
        with _in_plain_words():
            return _Examination(reader).parcel(progress)
    except _Unfit as error:
        raise UnreadableInput(f"{reader.path} is refused: {error}. Nothing was taken from it.") from error


@contextmanager
def _in_plain_words() -> Generator[None]:
    """A block in which what a document holds wrongly becomes a reason to refuse the archive."""
    try:
        yield
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _Unfit(f"{error.title} {where}: {first['msg']}") from error
    except (UnreadableInput, _Unfit):
        raise
    except (CalotypeError, ValueError, RecursionError) as error:
        raise _Unfit(str(error).removesuffix(".")) from error


class _Examination:
    """One pass over one archive."""

    def __init__(self, reader: ArchiveReader) -> None:
        self._reader = reader
        self._index = read_index(reader)
        self._named: set[str] = set()
        """Digests that something in the run names."""
        self._names: dict[str, str] = {}
        """Digest to entry name."""
        self._takes: dict[str, set[str]] = {}
        """Stage to what its steps' keys may hold of it."""
        self._kinds: dict[str, set[str]] = {}
        """Segment to the kinds of outputs that the records listing it know what to do with."""

    def parcel(self, progress: Progress) -> Parcel:
        self._check_listing()
        run = self._index.run
        places = {"runs": list[str](), "states": list[str](), "records": list[str](), "segments": list[str]()}
        blobs: list[str] = []
        for name, file in self._index.files.items():
            if name.startswith(OUTPUTS) or ((found := _BLOB.fullmatch(name)) and found[2] == file.sha256):
                blobs.append(name)
                self._names[file.sha256] = name
            elif name in (definition_path(run), state_path(run)) or _is_document(name):
                places[name.partition("/")[0]].append(name)
            else:
                raise _Unfit(f"{name!r} has no place in a store")
        if len(self._names) != len(blobs):
            raise _Unfit("it holds a file twice")
        if not places["runs"]:
            raise _Unfit(f"the definition of run {run!r} is missing")
        self._check_digests(progress)
        definition = self._definition(definition_path(run))
        for step in definition.pipeline.steps:
            pinned = definition.pinned.get(step.id)
            takes = {"", step.take, str(pinned.components.get("take", "")) if pinned else ""}
            self._takes.setdefault(step.stage, set()).update(takes)
        for name in places["states"]:
            self._check_state(name, definition)
        for name in places["records"]:
            self._check_record(name)
        for name in places["segments"]:
            self._check_segment(name)
        if unnamed := self._names.keys() - self._named:
            raise _Unfit(f"nothing in the run names {self._names[min(unnamed)]!r}")
        state = next(iter(places["states"]), None)
        records, segments = tuple(places["records"]), tuple(places["segments"])
        return Parcel(definition, self._index.files, tuple(blobs), records, segments, state)

    def _check_listing(self) -> None:
        """The index and the archive list the same files with the same sizes."""
        held = self._reader.entries.keys() - {INDEX}
        listed = self._index.files
        if more := held - listed.keys():
            raise _Unfit(f"{INDEX} does not list {min(more)!r}")
        if fewer := listed.keys() - held:
            raise _Unfit(f"{INDEX} lists {min(fewer)!r}, which is not there")
        for name, file in listed.items():
            if self._reader.entries[name].size != file.size:
                raise _Unfit(f"{INDEX} says that {name!r} has {file.size} bytes, which it has not")

    def _check_digests(self, progress: Progress) -> None:
        total = sum(file.size for file in self._index.files.values())
        done = 0
        for name, file in self._index.files.items():
            hasher = hashlib.sha256()
            for chunk in self._reader.stream(name):
                hasher.update(chunk)
                done += len(chunk)
                progress(done, total)
            if hasher.hexdigest() != file.sha256:
                raise _Unfit(f"{name!r} has other bytes than its digest says")

    def _read(self, name: str) -> bytes:
        if self._index.files[name].size > _LARGEST_DOCUMENT:
            raise _Unfit(f"{name!r} is too large to be read as a document")
        return self._reader.read(name)

    def _blob(self, digest: str) -> bytes:
        if digest not in self._names:
            raise _Unfit(f"the bytes of {digest} are missing")
        return self._read(self._names[digest])

    def _definition(self, name: str) -> RunDefinition:
        definition = RunDefinition.model_validate_json(self._read(name))
        _check_definition(definition, self._index.run)
        for refs in definition.inputs.values():
            self._check_refs(refs)
        for pinned in definition.pinned.values():
            for refs in pinned.outputs.values():
                self._check_refs(refs)
        return definition

    def _check_record(self, name: str) -> None:
        record = parse_record(self._read(name), name)
        if record_path(record.stage, record.key) != name:
            raise _Unfit(f"{name!r} is the record of another step")
        if record.stage not in self._takes:
            raise _Unfit(f"{name!r} is of a stage that is not in the pipeline")
        for refs in record.outputs.values():
            self._check_refs(refs)
        digests = {port: _port_digest(name, port, given) for port, given in record.inputs.items()}
        takes = self._takes[record.stage]
        if record.members is None:
            found = {_key(record, digests, take) for take in takes}
        else:
            items = read_members(self._blob(record.members))
            self._named.add(record.members)
            self._check_per_item(name, record, items)
            items_digest = {record.each: self._items_digest(record, items)}
            found = {
                _key(record, digests | items_digest, take)
                for take in takes
                if _has_right_keys(record, items, digests, take)
            }
        if record.key not in found:
            raise _Unfit(f"{name!r} does not have the key of its stage, version, parameters and inputs")

    def _check_per_item(self, name: str, record: StepRecord, items: Iterable[TaskItem]) -> None:
        for item in items:
            _check_name(item.name)
            for ref in item.refs:
                _check_ref(ref)
            if not item.refs or item.refs[0].name != item.name:
                raise _Unfit(f"{name!r} lists an item {item.name!r} that is made of something else")
        for path in record.segments:
            if path not in self._index.files:
                raise _Unfit(f"{path!r}, which {name!r} lists, is missing")
            self._kinds[path] = self._kinds.get(path, set(record.ports)) & set(record.ports)

    def _items_digest(self, record: StepRecord, items: Iterable[TaskItem]) -> str:
        """What the items of a step add to its key: names and keys, and the names that had no partner."""
        used = {ref.name for item in items for ref in item.refs}
        declined = [self._blob(ref.digest) for ref in record.outputs.get(REJECTED, ())]
        names = [name for listed in declined for name, _ in _declined.validate_json(listed)]
        unpaired = [(name, "unpaired") for name in names if name not in used]
        return set_digest([*((item.name, item.key) for item in items), *unpaired])

    def _check_segment(self, name: str) -> None:
        segment = parse_segment(self._read(name), name)
        if not name.startswith(f"segments/{segment.step_key}/"):
            raise _Unfit(f"{name!r} is a segment of another step")
        if segment.stage not in self._takes:
            raise _Unfit(f"{name!r} is of a stage that is not in the pipeline")
        kinds = self._kinds.get(name)
        for item in segment.items:
            valid_digest(item.key)
            if kinds is not None and not {ref.kind for ref in item.outputs} <= kinds:
                raise _Unfit(f"{name!r} has outputs of a kind that its stage does not make")
            # Of an item that was computed again the older mention may stand for bytes that are gone: only those here count.
            self._check_refs(item.named("item"), may_be_missing=True)

    def _check_state(self, name: str, definition: RunDefinition) -> None:
        state = parse_state(self._read(name), name)
        stages = {step.id: step.stage for step in definition.pipeline.steps}
        strangers = [
            row for row in state.steps if (row.run, stages.get(row.step)) != (definition.id, row.stage)
        ]
        if state.run.id != definition.id or state.run.parent != definition.parent or strangers:
            raise _Unfit(f"{name!r} is about another run")
        for row in state.steps:
            if row.key:
                valid_digest(row.key)
            # A step that was asked for again keeps its former result until there is the new one.
            self._takes[row.stage].add(str(row.components.get("take", "")))

    def _check_refs(self, refs: Iterable[ArtifactRef], *, may_be_missing: bool = False) -> None:
        """Artifacts that are in the archive with the sizes they say; their files are named from here on."""
        for ref in refs:
            _check_ref(ref)
            if may_be_missing and ref.digest not in self._names:
                continue
            self._named.add(ref.digest)
            if not ref.folder:
                self._check_size(ref.name, ref.digest, ref.size)
                continue
            entries = parse_manifest(self._blob(ref.digest), ref.digest)
            for entry in entries:
                if may_be_missing and entry.digest not in self._names:
                    continue
                self._check_size(f"{ref.name}/{entry.path}", entry.digest, entry.size)
                self._named.add(entry.digest)
            if sum(entry.size for entry in entries) != ref.size:
                raise _Unfit(f"{ref.name!r} does not have the size that is said of it")

    def _check_size(self, what: str, digest: str, size: int) -> None:
        if digest not in self._names:
            raise _Unfit(f"the bytes of {what!r} ({digest[:12]}) are missing")
        if self._index.files[self._names[digest]].size != size:
            raise _Unfit(f"{what!r} does not have the size that is said of it")


def _check_definition(definition: RunDefinition, run: str) -> None:
    """Nothing, when a run may be called so, and its pipeline could have been built: ids, links and names of published files."""
    for one in (definition.id, definition.parent, *(pinned.run for pinned in definition.pinned.values())):
        if one and not _RUN_ID.fullmatch(one):
            raise _Unfit(f"{one!r} is not the id of a run")
    if definition.id != run:
        raise _Unfit(f"the definition is that of run {definition.id!r}, not of {run!r}")
    pipeline = definition.pipeline
    sources = {source.name for source in pipeline.sources}
    if set(definition.inputs) != sources:
        raise _Unfit(
            f"the inputs of the run are {sorted(definition.inputs)}, those of its pipeline {sorted(sources)}"
        )
    steps: set[str] = set()
    for step in pipeline.steps:
        if not _NAME.fullmatch(step.id) or step.id in steps:
            raise _Unfit(f"{step.id!r} cannot be the name of a step, or is that of two")
        if "/" in step.stage or name_problem(step.stage):
            raise _Unfit(f"{step.stage!r} cannot be the name of a stage")
        for link in (link for links in step.inputs.values() for link in links):
            if (link.step and link.step not in steps) or (not link.step and link.port not in sources):
                raise _Unfit(f"step {step.id!r} is wired to {link}, which does not come before it")
        steps.add(step.id)
    if not set(definition.pinned) <= steps:
        raise _Unfit("steps are pinned that the pipeline does not have")
    for pinned in definition.pinned.values():
        valid_digest(pinned.key)
    for published in pipeline.publish:
        _check_name(published.target.removesuffix("/"))


def _is_document(name: str) -> bool:
    stage, _, key = name.removeprefix("records/").rpartition("/")
    is_record = (
        name.startswith("records/") and bool(stage) and "/" not in stage and len(key) == 64 + len(".json")
    )
    return is_record or bool(_SEGMENT.fullmatch(name))


def _check_name(name: str) -> None:
    valid_key(name)


def _check_ref(ref: ArtifactRef) -> None:
    """An artifact's name is where stages will put it: it must not lead out of its folder."""
    _check_name(ref.name)
    valid_digest(ref.digest)
    if not _KIND.fullmatch(ref.kind):
        raise _Unfit(f"{ref.kind!r} cannot be a kind of artifact")


def _port_digest(name: str, port: str, given: PortInputs) -> str:
    """The digest of what flowed into a port, which must be that of the artifacts it lists."""
    for ref in given.items:
        _check_ref(ref)
    together = set_digest((ref.name, f"{ref.kind}:{ref.digest}") for ref in given.items)
    alone = given.items[0].digest if len(given.items) == 1 else together
    # Where they are too many to be listed, the digest alone enters the key.
    if (given.items or not given.count) and given.digest not in (together, alone):
        raise _Unfit(f"{name!r}: the digest of its input {port} is not that of the artifacts listed")
    return given.digest


def _key(record: StepRecord, digests: Mapping[str, str], take: str) -> str:
    return step_key(record.stage, record.version, record.parameters, digests, take)


def _has_right_keys(
    record: StepRecord, items: Iterable[TaskItem], shared: Mapping[str, str], take: str
) -> bool:
    key_of = item_keys(record.stage, record.version, record.parameters, shared, take)
    return all(item.key == key_of([ref.digest for ref in item.refs]) for item in items)
