"""What happens during a run, as one stream of typed values that feeds progress bars, logs, the catalog and the web."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RunStarted(_Event):
    type: Literal["run_started"] = "run_started"
    run: str
    pipeline: str
    steps: tuple[str, ...]


class SourceProgress(_Event):
    """Input files are being read into the store."""

    type: Literal["source_progress"] = "source_progress"
    source: str
    done: int
    total: int


class StepStarted(_Event):
    type: Literal["step_started"] = "step_started"
    step: str
    stage: str
    key: str
    attempt: int
    items: int
    """Items to compute; 1 for a whole-set step."""
    known: int
    """Items whose result was there already."""


class StepProgress(_Event):
    """Progress inside a step; `total` is None where it cannot be known."""

    type: Literal["step_progress"] = "step_progress"
    step: str
    done: int
    total: int | None
    note: str = ""


class ItemRejected(_Event):
    type: Literal["item_rejected"] = "item_rejected"
    step: str
    item: str
    reason: str


class LogLine(_Event):
    type: Literal["log"] = "log"
    step: str
    level: int
    text: str


class StepDone(_Event):
    type: Literal["step_done"] = "step_done"
    step: str
    key: str
    adopted: bool
    """True when the result was there already and nothing was executed."""
    seconds: float
    outputs: int
    rejected: int = 0


class StepFailed(_Event):
    type: Literal["step_failed"] = "step_failed"
    step: str
    error: str
    message: str
    exit_code: int


class RunDone(_Event):
    type: Literal["run_done"] = "run_done"
    run: str
    state: Literal["done", "failed", "cancelled"]
    seconds: float
    message: str = ""


Event = (
    RunStarted
    | SourceProgress
    | StepStarted
    | StepProgress
    | ItemRejected
    | LogLine
    | StepDone
    | StepFailed
    | RunDone
)
_adapter: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])


def parse_event(data: str | bytes) -> Event:
    """The event in a line of JSON."""
    return _adapter.validate_json(data)
