"""What the API says of runs: the bodies of its answers, and how they are made of what store and catalog hold."""

from __future__ import annotations

import base64
import json
import mimetypes
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from calotype.catalog.runs import RunRow, StepRow
from calotype.errors import InvalidParameter

RUNS = "/api/v1/runs"

RunState = Literal["queued", "running", "done", "failed", "cancelled", "stopped"]

_LONGEST_CURSOR = 200
_SOURCE_SHOWN = 500

mimetypes.add_type("application/octet-stream", ".ply")
mimetypes.add_type("application/octet-stream", ".spz")
mimetypes.add_type("model/gltf-binary", ".glb")


class StepDocument(BaseModel):
    """One step of a run."""

    step: str
    stage: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int
    """Items, iterations or the like."""
    total: int | None
    """None where it cannot be known."""
    note: str
    seconds: float
    adopted: bool
    """Whether its result was there already."""
    rejected: int
    """Items that were left out."""


class RunDocument(BaseModel):
    """One run."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "20261128-101500-k3v9",
                    "pipeline": "splat",
                    "state": "running",
                    "source": "https://photos.example.org/1.jpg, ...",
                    "created": "2026-11-28T10:15:00Z",
                    "updated": "2026-11-28T10:16:30Z",
                    "ended": None,
                    "message": "",
                    "parent": None,
                    "links": {"self": f"{RUNS}/20261128-101500-k3v9"},
                }
            ]
        }
    )

    id: str
    pipeline: str
    state: RunState
    """`queued` waits for its turn; `stopped` was left by whoever carried it and goes on when it is resumed."""
    source: str
    """Where its inputs came from, without signatures."""
    created: datetime
    updated: datetime
    ended: datetime | None
    message: str
    """Why it failed, where it did."""
    parent: str | None
    """The run it was forked from."""
    links: dict[str, str]


class RunDetails(RunDocument):
    """One run with its steps and, once it is done, what came of it."""

    steps: list[StepDocument]
    figures: dict[str, Any] = Field(default={}, examples=[{"psnr": 24.1, "gaussians": 180000}])
    warnings: list[str] = []
    """What was left out or looks poor, one sentence each."""


class RunPage(BaseModel):
    """Some runs, the newest first."""

    runs: list[RunDocument]
    next: str | None
    """Give it as `cursor` for those after; None when there are no more."""


class ArtifactDocument(BaseModel):
    """One file that a run made."""

    label: str = Field(examples=["splat"])
    name: str = Field(examples=["scene.ply"])
    size: int
    """Bytes."""
    sha256: str
    media_type: str
    url: str
    """Where its bytes are, below this service."""
    link: str | None = None
    """The same for who has no key, where `link_s` was asked for."""


class ArtifactPage(BaseModel):
    """Everything that a run has made so far under readable names."""

    artifacts: list[ArtifactDocument]


class Health(BaseModel):
    """Whether the service does its work."""

    status: Literal["ok", "failing"]
    version: str
    waiting: int | None
    """Runs that have still to be carried to their end; None when the catalog does not answer."""


def run_document(row: RunRow) -> dict[str, Any]:
    """The fields of `RunDocument`."""
    place = f"{RUNS}/{row.id}"
    return {
        "id": row.id,
        "pipeline": row.pipeline,
        "state": row.state,
        "source": row.source if len(row.source) <= _SOURCE_SHOWN else f"{row.source[:_SOURCE_SHOWN]} ...",
        "created": _time(row.created),
        "updated": _time(row.updated),
        "ended": _time(row.ended) if row.ended else None,
        "message": row.message,
        "parent": row.parent or None,
        "links": {"self": place, "events": f"{place}/events", "artifacts": f"{place}/artifacts"},
    }


def run_details(
    row: RunRow, steps: Sequence[StepRow], figures: Mapping[str, Any], warnings: Sequence[str]
) -> RunDetails:
    return RunDetails(
        **run_document(row),
        steps=[step_document(step) for step in steps],
        figures=dict(figures),
        warnings=list(warnings),
    )


def step_document(step: StepRow) -> StepDocument:
    return StepDocument.model_validate({name: getattr(step, name) for name in StepDocument.model_fields})


def artifact_document(run: str, label: str, name: str, digest: str, size: int) -> ArtifactDocument:
    return ArtifactDocument(
        label=label,
        name=name,
        size=size,
        sha256=digest,
        media_type=media_type_of(name),
        url=f"{RUNS}/{run}/artifacts/{quote(name)}",
    )


def media_type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def cursor_after(row: RunRow) -> str:
    """What asks for the runs after this one; to be understood by nobody but us."""
    return base64.urlsafe_b64encode(json.dumps([row.created, row.id]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[float, str]:
    """Time and id that a cursor holds; InvalidParameter when it is none of ours."""
    try:
        if len(text) > _LONGEST_CURSOR:
            raise ValueError
        created, run = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return float(created), str(run)
    except (ValueError, TypeError) as error:
        raise InvalidParameter(
            "The cursor is none of this service's. Give `next` of the page before."
        ) from error


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
