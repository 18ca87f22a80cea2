"""What a run is, as objects in the store: its pipeline and its pinned inputs, written before its rows."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from calotype.artifacts import ArtifactRef, PackedRefs
from calotype.engine.pipeline import PipelineSpec
from calotype.errors import DamagedBlob, UnknownName
from calotype.storage.store import Store

DEFINITION_SCHEMA = 1
_REFS_AT_ONCE = 1000

_refs: TypeAdapter[tuple[ArtifactRef, ...]] = TypeAdapter(tuple[ArtifactRef, ...])


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PinnedStep(_Value):
    """A step of a fork that is not computed: its outputs are those that the run it was forked from had."""

    run: str
    """The run that computed or adopted it."""
    key: str
    outputs: dict[str, PackedRefs]
    """By port, `rejected` included."""
    components: dict[str, Any] = {}
    """What the key was made of, for `explain` and `compare`."""


class RunDefinition(_Value):
    """Everything needed to start a run again: `runs/<id>.json`."""

    definition_schema: int = DEFINITION_SCHEMA
    id: str
    created: str
    """UTC, ISO 8601."""
    pipeline: PipelineSpec
    sources: dict[str, str]
    """Where each input came from, for people."""
    inputs: dict[str, PackedRefs]
    """The inputs as they were when the run was made: resuming does not look at the source again."""
    ignored: tuple[str, ...] = ()
    """Names in the source that were left out: wrong kind of file."""
    listing: str = ""
    """Digest of the blob that says which source files had which size, time and digest: they need not be read again."""
    output: str = ""
    """Folder or bucket that receives the outputs under readable names; empty for none."""
    parent: str = ""
    """The run this one was forked from."""
    pinned: dict[str, PinnedStep] = {}
    """Steps taken over from the parent as they are, by id: they survive its purge and a newer version of their stage."""
    history: tuple[str, ...] = ()
    """What was changed and when, oldest first, that of the runs it descends from included:
    `2026-11-24T10:00:00+00:00 forked from 20261124-095500-k3v9: splat.iterations 3000 -> 7000`."""


def new_run_id() -> str:
    """Sorts by time and is short enough to type: `20261122-093015-k3v9`."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    tail = "".join(secrets.choice(alphabet) for _ in range(4))
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{tail}"


def definition_path(run: str) -> str:
    return f"runs/{run}.json"


def run_of(path: str) -> str:
    """The id of the run whose definition lies there."""
    return path.removeprefix("runs/").removesuffix(".json")


def write_definition(store: Store, definition: RunDefinition) -> None:
    """Keep the definition. Only `resume --from-step` writes it again, with one more line of history."""
    store.put_pieces(definition_path(definition.id), _pieces(definition))


def _pieces(definition: RunDefinition) -> Iterator[bytes]:
    """The definition as JSON, its inputs some at a time: there may be a hundred thousand."""
    mark = secrets.token_hex(16)
    frame = definition.model_copy(update={"inputs": {mark: ()}}).model_dump_json(indent=1)
    before, _, after = frame.partition(f'"{mark}": []')
    yield before.encode()
    for number, (name, refs) in enumerate(definition.inputs.items()):
        yield (",\n  " if number else "").encode() + f"{json.dumps(name)}: [".encode()
        for start in range(0, len(refs), _REFS_AT_ONCE):
            some = _refs.dump_json(tuple(refs[start : start + _REFS_AT_ONCE]), indent=1)
            yield (b"," if start else b"") + some[1:-1]
        yield b"]"
    yield after.encode()


def read_definition(store: Store, run: str) -> RunDefinition:
    """The definition of a run; UnknownName when the store has none, DamagedBlob when it cannot be read."""
    path = definition_path(run)
    if store.head(path) is None:
        raise UnknownName(f"The store has no run {run!r}. `calotype runs` lists those there are.")
    try:
        return RunDefinition.model_validate_json(store.get(path))
    except ValidationError as error:
        raise DamagedBlob(f"{path} cannot be read: {error.errors()[0]['msg']}.") from error
