"""What is known of finished work: one small record per step, and segments that hold an `Each` step's items on the way."""

from __future__ import annotations

import platform
import secrets
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.artifacts import ArtifactRef
from calotype.errors import DamagedBlob
from calotype.hardware import usable_cores

RECORD_SCHEMA: Final = 1
STEM = "{stem}"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Machine(_Value):
    """Where something ran, for people and statistics; never part of a key."""

    host: str
    cpus: int
    device: str
    calotype: str

    @classmethod
    def here(cls, device: str) -> Machine:
        """This machine, and the device that the work used."""
        from calotype import __version__

        return cls(host=platform.node(), cpus=usable_cores(), device=device, calotype=__version__)


class Timings(_Value):
    """When a step ran, as UTC ISO 8601, and how long."""

    started: str
    seconds: float


class PortInputs(_Value):
    """What flowed into one port: its digest, which enters the key, and the artifacts themselves where they are few."""

    digest: str
    count: int
    items: tuple[ArtifactRef, ...] = ()


class ItemResult(_Value):
    """The result of one item under its key: outputs whose names are patterns over the item's stem, or a reason it was declined."""

    key: str
    outputs: tuple[ArtifactRef, ...] = ()
    rejected: str | None = None

    def named(self, stem: str) -> tuple[ArtifactRef, ...]:
        """The outputs as they are called for an item of this stem."""
        return tuple(
            ArtifactRef(
                kind=ref.kind,
                name=ref.name.replace(STEM, stem, 1),
                digest=ref.digest,
                size=ref.size,
                folder=ref.folder,
            )
            for ref in self.outputs
        )


class Segment(_Value):
    """A batch of finished items, written while the step is still running, so that a killed worker loses seconds."""

    record_schema: Literal[1] = RECORD_SCHEMA
    stage: str
    step_key: str
    attempt: int
    seconds: float
    machine: Machine
    items: tuple[ItemResult, ...]


class StepRecord(_Value):
    """The commit of a step: written last, once. What it lists is the result under this key."""

    record_schema: Literal[1] = RECORD_SCHEMA
    stage: str
    version: str
    key: str
    parameters: dict[str, Any]
    inputs: dict[str, PortInputs]
    outputs: dict[str, tuple[ArtifactRef, ...]] = {}
    """By port; of an `Each` step only `rejected`, the list of items it declined."""
    segments: tuple[str, ...] = ()
    """Of an `Each` step: where its items' results lie; the first mention of an item wins."""
    mentioned_once: bool = False
    """Of an `Each` step: whether no item is in more than one of the segments, so that any mention is the first."""
    members: str | None = None
    """Of an `Each` step: digest of the blob that lists its items: key, name, and the artifacts each was made of."""
    ports: dict[str, str] = {}
    """Of an `Each` step: kind of output to the port it flows from, so that lineage can be read without the stage."""
    each: str = ""
    """Of an `Each` step: the port that its items flow into."""
    attempt: int
    timings: Timings
    machines: tuple[Machine, ...]
    """Where the work was done; empty for an `Each` step all of whose items were known before."""


def record_path(stage: str, key: str) -> str:
    """The place of the record of a step, where it counts. A stage found by import path has a colon, which file systems dislike."""
    return f"records/{stage.replace(':', '@')}/{key}.json"


def key_of_record(path: str) -> str:
    """The step key of `records/<stage>/<key>.json`, and of what is proposed below `records/<stage>/<key>/`."""
    return path.removesuffix(".json").split("/")[2]


def segment_path(step_key: str, attempt: int, shard: int, number: int) -> str:
    """A new place for a segment. The random part keeps apart workers whose catalogs do not know of each other."""
    return f"segments/{step_key}/{attempt:06d}-{shard:04d}-{number:05d}-{secrets.token_hex(4)}.json"


def dump(value: BaseModel) -> bytes:
    """A record or segment as it is stored: JSON that people can read."""
    return value.model_dump_json(indent=1, exclude_defaults=False).encode()


def parse_record(data: bytes, path: str) -> StepRecord:
    """The record in these bytes; DamagedBlob when they are not one, or that of another key than the path's."""
    try:
        record = StepRecord.model_validate_json(data)
    except ValidationError as error:
        raise DamagedBlob(f"{path} is not a step record: {error.errors()[0]['msg']}.") from error
    if record.key not in path.removesuffix(".json").split("/"):
        raise DamagedBlob(f"{path} is the record of another key, {record.key}.")
    return record


def parse_segment(data: bytes, path: str) -> Segment:
    """The segment in these bytes; DamagedBlob when they are not one, or that of another step than the path's."""
    try:
        segment = Segment.model_validate_json(data)
    except ValidationError as error:
        raise DamagedBlob(f"{path} is not a segment: {error.errors()[0]['msg']}.") from error
    if segment.step_key not in path.split("/"):
        raise DamagedBlob(f"{path} is a segment of another step, {segment.step_key}.")
    return segment
