"""What stays of a run that was purged with its outputs kept: `kept/<run>.json`, which gc takes for a root."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.engine.definition import RunDefinition
from calotype.engine.outputs import named_outputs
from calotype.engine.reach import Walk
from calotype.errors import DamagedBlob
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

KEPT = "kept"


class KeptOutputs(BaseModel):
    """The outputs of a run that is gone, under the names people saw."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    pipeline: str
    created: str
    """When the run was made: UTC, ISO 8601."""
    outputs: dict[str, dict[str, str]]
    """Label to {file name: digest of its blob}."""

    @property
    def digests(self) -> set[str]:
        return {digest for files in self.outputs.values() for digest in files.values()}


def kept_path(run: str) -> str:
    return f"{KEPT}/{run}.json"


def keep_outputs(store: Store, definition: RunDefinition) -> KeptOutputs:
    """Write down what the run publishes, as far as it made it, so that its blobs outlive the run."""
    _, flows = Walk(store).follow(definition)
    kept = KeptOutputs(
        run=definition.id,
        pipeline=definition.pipeline.name,
        created=definition.created,
        outputs=named_outputs(definition.pipeline, flows, Blobs(store)),
    )
    store.put(kept_path(kept.run), kept.model_dump_json(indent=1).encode())
    return kept


def read_kept(store: Store, path: str) -> KeptOutputs:
    """What is kept there; DamagedBlob when it cannot be read: nobody knows then what may go."""
    try:
        return KeptOutputs.model_validate_json(store.get(path))
    except ValidationError as error:
        raise DamagedBlob(
            f"{path} cannot be read: {error.errors()[0]['msg']}. Purge that run to let its outputs go."
        ) from error
