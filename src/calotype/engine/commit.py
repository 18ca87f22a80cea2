"""Write what a stage made into the store in the order that loses nothing: blobs first, the record last and once."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

from calotype.artifacts import Artifact, ArtifactRef
from calotype.engine.counting import propose
from calotype.engine.records import (
    STEM,
    ItemResult,
    Machine,
    Segment,
    StepRecord,
    dump,
    parse_record,
    record_path,
    segment_path,
)
from calotype.engine.tasks import CommittedSegment, Task, TaskItem
from calotype.errors import OutputsInvalid
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store
from calotype.storage.transfer import UploadBehind

SEGMENT_ITEMS = 500
SEGMENT_SECONDS = 10.0
_UPLOAD_DEPTH = 8
_SMALL_BYTES = 1 << 18


def utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def put_artifact(blobs: Blobs, artifact: Artifact, step: str) -> ArtifactRef:
    """The reference of an artifact whose bytes are now in the store; OutputsInvalid when the stage did not make the file."""
    kind = type(artifact)
    if not artifact.path.exists():
        raise OutputsInvalid(
            f"{step} returned {kind.__name__} {artifact.name!r}, but {artifact.path} does not exist."
        )
    if artifact.path.is_dir() != kind.is_folder:
        raise OutputsInvalid(
            f"{step}: {kind.__name__} must be a {'folder' if kind.is_folder else 'file'}: {artifact.path}"
        )
    digest, size = (blobs.put_folder if kind.is_folder else blobs.put_file)(artifact.path)
    return ArtifactRef(
        kind=kind.__name__, name=artifact.name, digest=digest, size=size, folder=kind.is_folder
    )


def commit_record(store: Store, record: StepRecord) -> StepRecord:
    """The record that counts for this key: ours, or the one that was committed before it."""
    path, ours = record_path(record.stage, record.key), dump(record)
    if not store.conditional_put:
        # The server would overwrite silently.
        counting = propose(store, path, record.attempt, ours)
        return record if counting == ours else parse_record(counting, path)
    while not store.create(path, ours):
        # Between the two calls gc may take the record that was there, or another process set it aside.
        if (data := store.find(path)) is not None:
            return parse_record(data, path)
    return record


class SegmentWriter:
    """Uploads items' outputs behind the stage's back and commits them in segments: every 500 items or 10 seconds."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        task: Task,
        workdir: Path,
        inputs: Path,
        written: list[CommittedSegment],
        machine: Machine,
    ) -> None:
        """`workdir` is where the stage makes its files, `inputs` the folder in it that holds the task's own; every segment
        that is written is appended to `written`, so that it is known whatever becomes of the task."""
        self._store = store
        self._workdir = workdir
        self._ours, self._inputs = f"{workdir}/", f"{inputs}/"
        self._blobs = blobs
        self._taken = 0
        self._uploads = UploadBehind(blobs, _UPLOAD_DEPTH)
        self._task = task
        self._pending: list[
            tuple[TaskItem, Sequence[tuple[Artifact, Future[tuple[str, int]]]], str | None]
        ] = []
        self._flushed = time.monotonic()
        self._written = written
        self._machine = machine

    def add(self, item: TaskItem, outputs: Sequence[Artifact], rejected: str | None) -> None:
        """Take one item's result; what it lists is visible to others after the next flush."""
        stem = item.refs[0].stem
        for artifact in outputs:
            if not artifact.name.startswith(stem):
                raise OutputsInvalid(
                    f"{self._task.step}: the output {artifact.name!r} of {item.name!r} must have a name that begins with {stem!r}."
                )
            if not artifact.path.is_file():
                raise OutputsInvalid(
                    f"{self._task.step}: {artifact.path} of {item.name!r} does not exist. "
                    "A file that was yielded is moved away: each item needs one of its own."
                )
        uploads = [(artifact, self._upload(artifact.path)) for artifact in outputs]
        self._pending.append((item, uploads, rejected))
        if len(self._pending) >= SEGMENT_ITEMS or time.monotonic() - self._flushed > SEGMENT_SECONDS:
            self.flush()

    def _upload(self, path: Path) -> Future[tuple[str, int]]:
        """Upload a file behind the stage's back. What the stage made is moved away first: it may use the name again."""
        where = str(path)
        if not where.startswith(self._ours) or where.startswith(self._inputs) or "/../" in where:
            return self._uploads.submit(path)
        if self._blobs.are_local and os.path.getsize(path) <= _SMALL_BYTES:
            stored: Future[tuple[str, int]] = Future()
            stored.set_result(self._blobs.put_file(path, hand_over=True))
            os.unlink(path)
            return stored
        self._taken += 1
        taken = self._workdir / "taken" / str(self._taken)
        taken.parent.mkdir(exist_ok=True)
        os.replace(path, taken)
        return self._uploads.submit(taken, hand_over=True)

    def flush(self) -> None:
        """Write a segment with everything added so far."""
        if not self._pending:
            return
        results = tuple(
            ItemResult(
                key=item.key, outputs=tuple(self._ref(item, *upload) for upload in uploads), rejected=rejected
            )
            for item, uploads, rejected in self._pending
        )
        path = segment_path(self._task.key, self._task.attempt, self._task.shard, len(self._written))
        now = time.monotonic()
        segment = Segment(
            stage=self._task.stage,
            step_key=self._task.key,
            attempt=self._task.attempt,
            seconds=now - self._flushed,
            machine=self._machine,
            items=results,
        )
        self._store.put(path, dump(segment))
        self._flushed = now
        self._pending.clear()
        if self._taken:
            shutil.rmtree(self._workdir / "taken", ignore_errors=True)
        self._written.append(CommittedSegment(path=path, machine=self._machine, items=results))

    def close(self) -> None:
        """Flush, and end the upload threads."""
        try:
            self.flush()
        finally:
            self._uploads.close()

    @staticmethod
    def _ref(item: TaskItem, artifact: Artifact, upload: Future[tuple[str, int]]) -> ArtifactRef:
        digest, size = upload.result()
        pattern = STEM + artifact.name[len(item.refs[0].stem) :]
        return ArtifactRef(kind=type(artifact).__name__, name=pattern, digest=digest, size=size)
