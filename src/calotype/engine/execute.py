"""Execute one task: the only place where a stage's `run` is called."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from calotype.artifacts import Artifact, ArtifactRef
from calotype.engine import registry
from calotype.engine.commit import SegmentWriter, commit_record, put_artifact, utc_now
from calotype.engine.context import Context, ProcessCache
from calotype.engine.events import Event, LogLine, StepProgress
from calotype.engine.materials import EachItems, LazyAll, Materials, as_item
from calotype.engine.pipeline import build_stage
from calotype.engine.ports import Arity, Ports, Rejected, Results, ports_of
from calotype.engine.records import Machine, StepRecord, Timings
from calotype.engine.stage import Stage
from calotype.engine.tasks import CommittedSegment, Task, TaskItem, TaskResult, cancel_path
from calotype.errors import (
    CalotypeError,
    Cancelled,
    DamagedInput,
    InvalidParameter,
    OutputsInvalid,
    StageFailed,
    Transient,
)
from calotype.storage.blobs import Blobs
from calotype.storage.scratch import Scratch
from calotype.storage.store import Store

log = logging.getLogger(__name__)

_CANCEL_POLL_S = 2.0
_PROGRESS_STEPS = 200
_GROUP_BYTES = 1 << 20


@dataclass
class Workplace:
    """What a worker process has: the store, its scratch disk, a cache for models, and a device."""

    store: Store
    scratch: Scratch
    cache: ProcessCache = field(default_factory=ProcessCache)
    device: str = "cpu"

    @cached_property
    def blobs(self) -> Blobs:
        return Blobs(self.store)


class _Cancellation:
    """True once the caller says so or the run's cancel object appears; the store is asked every two seconds at most."""

    def __init__(self, asked: Callable[[], bool], store: Store, run: str) -> None:
        self._asked = asked
        self._store = store
        self._path = cancel_path(run)
        self._next_look = time.monotonic()
        self._seen = False

    def __call__(self) -> bool:
        if self._seen or self._asked():
            return True
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + _CANCEL_POLL_S
            try:
                self._seen = self._store.head(self._path) is not None
            except (
                Transient
            ) as error:  # Nobody is known to have asked: hours of work must not end for a dropped line.
                log.info("could not look for a request to stop: %s", error)
        return self._seen


def execute(
    task: Task, place: Workplace, emit: Callable[[Event], None], asked_to_stop: Callable[[], bool]
) -> TaskResult:
    """What came of the task. Its outputs and its record (or segments) are committed before this returns; errors become a result."""
    started = time.monotonic()
    written: list[CommittedSegment] = []
    result = _executed(task, place, emit, asked_to_stop, written)
    return result.model_copy(update={"seconds": time.monotonic() - started, "segments": tuple(written)})


def _executed(
    task: Task,
    place: Workplace,
    emit: Callable[[Event], None],
    asked_to_stop: Callable[[], bool],
    written: list[CommittedSegment],
) -> TaskResult:
    try:
        with _log_lines_as_events(task, emit):
            stage = build_stage(registry.stage_class(task.stage), task.parameters)
            if stage.version != task.version:
                raise InvalidParameter(
                    f"{task.stage} is version {stage.version} here, but the task asks for {task.version}: "
                    "install the same release of its package on every machine."
                )
            cancelled = _Cancellation(asked_to_stop, place.store, task.run)
            need = 2 * sum(ref.size for ref in _all_refs(task))
            with place.scratch.reserve(need), place.scratch.workdir(f"{task.step}-{task.key[:8]}") as workdir:
                materials = Materials(place.blobs, place.scratch, workdir / "in")
                work = _Work(task, stage, place, emit, cancelled, materials, written)
                work.ctx = _context(task, place, work, workdir)
                with place.scratch.watched(task.step):
                    work.carry_out()
    except Cancelled:
        return TaskResult(state="cancelled", exit_code=Cancelled.exit_code)
    except Exception as error:  # noqa: BLE001 - whatever a stage raises becomes the task's result
        return _failure(task, error)
    return TaskResult(state="done")


def _all_refs(task: Task) -> Iterator[ArtifactRef]:
    for item in task.items:
        yield from item.refs
    for port in task.inputs.values():
        yield from port.items


def _context(task: Task, place: Workplace, work: _Work, workdir: Any) -> Context:
    def report(done: int, total: int | None, note: str) -> None:
        if not work.ports.is_per_item:  # For items the engine counts by itself.
            work.emit(StepProgress(step=task.step, done=done, total=total, note=note))

    return Context(
        workdir=workdir,
        store=place.store,
        checkpoint_prefix="" if work.ports.is_per_item else f"checkpoints/{task.key}",
        report=report,
        cancelled=work.cancelled,
        cache=place.cache,
        attempt=task.attempt,
        threads=task.threads,
        device=work.device,
    )


def _failure(task: Task, error: Exception) -> TaskResult:
    if not isinstance(error, CalotypeError):
        log.debug("stage %s raised", task.stage, exc_info=error)
        error = StageFailed(f"{task.step} failed: {type(error).__name__}: {error}")
    return TaskResult(
        state="failed",
        error=type(error).__name__,
        message=str(error),
        exit_code=error.exit_code,
    )


class _LogHandler(logging.Handler):
    def __init__(self, task: Task, emit: Callable[[Event], None]) -> None:
        super().__init__(logging.INFO)
        self._task, self._emit = task, emit

    def emit(self, record: logging.LogRecord) -> None:
        self._emit(LogLine(step=self._task.step, level=record.levelno, text=record.getMessage()))


@contextmanager
def _log_lines_as_events(task: Task, emit: Callable[[Event], None]) -> Generator[None]:
    """Forward what stages and vision code log to the run's events while the task runs."""
    handler = _LogHandler(task, emit)
    logger = logging.getLogger("calotype")
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


class _Work:
    """One task under way."""

    ctx: Context

    def __init__(
        self,
        task: Task,
        stage: Stage,
        place: Workplace,
        emit: Callable[[Event], None],
        cancelled: Callable[[], bool],
        materials: Materials,
        written: list[CommittedSegment],
    ) -> None:
        self.task, self.stage, self.place = task, stage, place
        self.emit, self.cancelled, self.materials = emit, cancelled, materials
        self.written = written
        self.ports: Ports = ports_of(type(stage))
        self.device = place.device if stage.resources.gpu else "cpu"

    def shared_inputs(self) -> dict[str, Any]:
        """Arguments of `run` for all ports but the `Each` one."""
        arguments: dict[str, Any] = {}
        for port in self.ports.inputs:
            given = self.task.inputs.get(port.name)
            if port.arity is Arity.EACH:
                continue
            if given is None or (port.arity is Arity.ONE and not given.items):
                arguments[port.name] = None
            elif port.arity is Arity.ALL:
                members = paired(given.items, len(port.kinds))
                arguments[port.name] = LazyAll(members, port.name, self.materials)
            else:
                arguments[port.name] = self.materials.artifact(given.items[0], port.name)
        return arguments

    def carry_out(self) -> None:
        """Run the stage and commit what it gives, by whichever contract it has."""
        finished = False
        try:
            (self.per_item if self.ports.is_per_item else self.whole_set)()
            finished = True
        finally:
            self.ctx.close(finished=finished)

    def whole_set(self) -> None:
        """Run a whole-set stage and commit its record."""
        started, clock = utc_now(), time.monotonic()
        run: Callable[..., Any] = getattr(self.stage, "run")  # noqa: B009 - the contract's method has no fixed signature
        returned = run(self.ctx, **self.shared_inputs())
        self.ctx.check_cancelled()
        self.materials.check_unchanged()
        outputs = {port: self._put(artifacts) for port, artifacts in self._by_port(returned).items()}
        record = StepRecord(
            stage=self.task.stage,
            version=self.task.version,
            key=self.task.key,
            parameters=self.stage.key_parameters(),
            inputs=self.task.inputs,
            outputs=outputs,
            attempt=self.task.attempt,
            timings=Timings(started=started, seconds=time.monotonic() - clock),
            machines=(Machine.here(self.device),),
        )
        commit_record(self.place.store, record)

    def _put(self, artifacts: Sequence[Artifact]) -> tuple[ArtifactRef, ...]:
        return tuple(put_artifact(self.place.blobs, artifact, self.task.step) for artifact in artifacts)

    def _by_port(self, returned: Any) -> dict[str, tuple[Artifact, ...]]:
        """What a whole-set stage returned, checked against its annotations."""
        found: dict[str, tuple[Artifact, ...]] = {}
        for port in self.ports.outputs:
            value = getattr(returned, port.name, None) if isinstance(returned, Results) else returned
            if value is None and port.is_optional:
                found[port.name] = ()
                continue
            members: tuple[Any, ...] = tuple(value) if port.is_many and isinstance(value, tuple) else (value,)
            if not all(isinstance(member, port.kind) for member in members):
                raise OutputsInvalid(
                    f"{self.task.step}: {port.name} must be {port.kind.__name__}, not {value!r}."
                )
            found[port.name] = members
        return found

    def per_item(self) -> None:
        """Run an `Each` stage over this shard, committing segments on the way; after an error, item by item."""
        writer = SegmentWriter(
            self.place.store,
            self.place.blobs,
            self.task,
            self.ctx.workdir,
            self.materials.folder,
            self.written,
            Machine.here(self.device),
        )
        batch = _Batch(self, writer, total=len(self.task.items))
        try:
            failures = batch.run_all(self.task.items)
        finally:
            writer.close()
        if failures:
            shown = "; ".join(f"{item.name}: {error}" for item, error in failures[:5])
            more = f" and {len(failures) - 5} more" if len(failures) > 5 else ""
            first = failures[0][1]
            kind = type(first) if isinstance(first, CalotypeError) else StageFailed
            raise kind(
                f"{self.task.step} failed on {len(failures)} of {len(self.task.items)} items: {shown}{more}."
            ) from first


class _Batch:
    """Feeds items to an `Each` stage and takes what it yields, whatever the order."""

    def __init__(self, work: _Work, writer: SegmentWriter, total: int) -> None:
        self._work = work
        self._writer = writer
        self._total = total
        self._done = 0
        self._told_every = max(1, total // _PROGRESS_STEPS)

    def run_all(self, items: Sequence[TaskItem]) -> list[tuple[TaskItem, Exception]]:
        """Items that failed, with their errors; all others are committed."""
        unfinished = {item.key: item for item in items}
        try:
            self._run(items, unfinished)
        except (Transient, DamagedInput):
            raise
        except Exception as error:  # noqa: BLE001 - found out below, item by item
            return self._run_singly(unfinished, error)
        return []

    def _run_singly(
        self, unfinished: dict[str, TaskItem], error: Exception
    ) -> list[tuple[TaskItem, Exception]]:
        remaining = list(unfinished.values())
        if len(remaining) == 1:
            return [(remaining[0], error)]
        log.info(
            "%s: an item failed (%s); the remaining %d run one by one",
            self._work.task.step,
            error,
            len(remaining),
        )
        failures: list[tuple[TaskItem, Exception]] = []
        for item in remaining:
            try:
                self._run([item], {item.key: item})
            except (Transient, DamagedInput):
                raise
            except Exception as single:  # noqa: BLE001 - reported with its item
                failures.append((item, single))
        return failures

    def _run(self, items: Sequence[TaskItem], unfinished: dict[str, TaskItem]) -> None:
        """Run the stage once over these items; `unfinished` loses each item whose result was taken."""
        work = self._work
        port = work.ports.each
        assert port is not None
        if len(items) == 1:  # An item that failed before may have left them changed.
            work.materials.put_right(port.name, work.materials.places(port.name, items[0].refs))
        owners: dict[int, tuple[Any, TaskItem]] = {}

        def fetch(item: TaskItem) -> Any:
            return as_item(work.materials, item.refs, f"{port.name}")

        def handed_out(item: TaskItem, value: Any) -> None:
            work.ctx.check_cancelled()
            owners[id(value)] = (value, item)

        handed = EachItems(fetch, items, handed_out, _GROUP_BYTES if work.place.blobs.are_local else 0)
        run: Callable[..., Any] = getattr(work.stage, "run")  # noqa: B009
        try:
            for value, result in run(work.ctx, **{port.name: handed}, **work.shared_inputs()):
                if id(value) not in owners:
                    raise OutputsInvalid(
                        f"{work.task.step} yielded a result for something that is not one of its items."
                    )
                item = owners.pop(id(value))[1]
                given: tuple[Artifact, ...] = value if isinstance(value, tuple) else (value,)
                work.materials.check_unchanged(port.name, (artifact.path for artifact in given))
                self._take(item, result)
                del unfinished[item.key]
                work.ctx.check_cancelled()
        finally:
            # A stage that raised may still be held by its traceback, and with it the loop that reads ahead.
            handed.close()
        if unfinished:
            names = ", ".join(item.name for item in list(unfinished.values())[:5])
            raise OutputsInvalid(
                f"{work.task.step} ended without a result for {len(unfinished)} items: {names}."
            )

    def _take(self, item: TaskItem, result: Any) -> None:
        work = self._work
        if isinstance(result, Rejected):
            self._writer.add(item, (), result.reason)
        else:
            outputs: tuple[Any, ...] = result if isinstance(result, tuple) else (result,)
            kinds = {port.kind for port in work.ports.outputs}
            if not all(type(output) in kinds for output in outputs):
                promised = " | ".join(sorted(kind.__name__ for kind in kinds))
                raise OutputsInvalid(
                    f"{work.task.step} yielded {result!r} for {item.name!r}, not {promised} or Rejected."
                )
            self._writer.add(item, outputs, None)
        self._done += 1
        if self._done % self._told_every == 0 or self._done == self._total:
            work.emit(StepProgress(step=work.task.step, done=self._done, total=self._total))


def paired(refs: Sequence[ArtifactRef], width: int) -> list[tuple[ArtifactRef, ...]]:
    """Flat references of a paired port, grouped again: they are stored pair after pair."""
    return [tuple(refs[start : start + width]) for start in range(0, len(refs), width)]
