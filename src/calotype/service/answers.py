"""How a client's job stands, as an object in the store: `answers/<endpoint>/<job>.json`, in the words of RunPod's API."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.errors import DamagedBlob, UnknownName
from calotype.storage.store import Store

JobStatus = Literal["IN_QUEUE", "IN_PROGRESS", "COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"]

FINAL: frozenset[JobStatus] = frozenset({"COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"})


class JobAnswer(BaseModel):
    """What is known of a job. No address that the client brought is in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    endpoint: str
    status: JobStatus
    created: float
    """Seconds since the epoch, as all times here."""
    started: float = 0.0
    """When it was taken up first; 0 while it waits."""
    ended: float = 0.0
    output: Any = None
    error: str = ""

    def document(self, now: float, progress: Any = None) -> dict[str, Any]:
        """The answer to `/status`: times in milliseconds, `output` once there is one, until then how far it is."""
        told: dict[str, Any] = {"id": self.id, "status": self.status}
        told["delayTime"] = _milliseconds(self.created, self.started or self.ended or now)
        if self.started:
            told["executionTime"] = _milliseconds(self.started, self.ended or now)
        output = self.output if self.status in FINAL else progress
        if output is not None:
            told["output"] = output
        if self.error:
            told["error"] = self.error
        return told


def write_answer(store: Store, answer: JobAnswer) -> None:
    store.put(_path(answer.endpoint, answer.id), answer.model_dump_json(indent=1).encode())


def read_answer(store: Store, endpoint: str, job: str) -> JobAnswer:
    """How a job stands. UnknownName when there is none of this id, DamagedBlob when it cannot be read."""
    path = _path(endpoint, job)
    data = store.find(path)
    if data is None:
        raise UnknownName(f"The endpoint {endpoint} has no job {job}.")
    try:
        return JobAnswer.model_validate_json(data)
    except ValidationError as error:
        raise DamagedBlob(f"{path} cannot be read: {error.errors()[0]['msg']}.") from error


def _path(endpoint: str, job: str) -> str:
    return f"answers/{endpoint}/{job}.json"


def _milliseconds(since: float, until: float) -> int:
    return max(0, round(1000 * (until - since)))
