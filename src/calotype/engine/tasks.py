"""A task: one step, or one shard of it, written to the store, so that a worker needs its URL and nothing else."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.artifacts import ArtifactRef
from calotype.engine.records import ItemResult, Machine, PortInputs
from calotype.errors import UnreadableInput
from calotype.storage.store import Store


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TaskItem(_Value):
    """One item of an `Each` step: its key, its name, and its artifacts (several when kinds are paired)."""

    key: str
    name: str
    refs: tuple[ArtifactRef, ...]


class Task(_Value):
    """Everything a worker must know to execute a step or a shard of it."""

    run: str
    step: str
    stage: str
    version: str
    parameters: dict[str, Any]
    key: str
    """The step's key."""
    attempt: int
    """The fencing token: what a stale attempt writes is ignored."""
    shard: int
    items: tuple[TaskItem, ...] = ()
    """Of an `Each` step: this shard's share."""
    inputs: dict[str, PortInputs]
    """By port, with all artifacts; the `Each` port is in `items` instead."""
    threads: int = 0
    """Threads the stage may use; 0 = all cores of its machine."""

    @property
    def path(self) -> str:
        return f"tasks/{self.run}/{self.step}/{self.shard:04d}/{self.attempt:06d}.json"


class CommittedSegment(_Value):
    """A segment that a task wrote, with what it holds."""

    path: str
    machine: Machine
    items: tuple[ItemResult, ...]


class TaskResult(_Value):
    """What came of a task: done, failed or cancelled; and the segments it wrote, whatever came of it."""

    state: str
    """`done`, `failed` or `cancelled`."""
    seconds: float = 0.0
    segments: tuple[CommittedSegment, ...] = ()
    error: str = ""
    message: str = ""
    exit_code: int = 0


def split_task_url(url: str) -> tuple[str, str]:
    """(store URL, key of the task in it) from a task URL."""
    store, *path = url.rsplit("/", 5)  # tasks/RUN/STEP/SHARD/ATTEMPT.json
    return (store, "/".join(path)) if path[:1] == ["tasks"] else ("", url)


def read_task(store: Store, url: str) -> Task:
    """The task at a URL whose store this is; UnreadableInput when what lies there is none, UnknownName when nothing does."""
    try:
        return Task.model_validate_json(store.get(split_task_url(url)[1]))
    except ValidationError as error:
        raise UnreadableInput(f"{url} is not a task: {error.errors()[0]['msg']}.") from error


def cancel_path(run: str) -> str:
    """The object whose presence asks every worker of a run to stop."""
    return f"cancel/{run}"
