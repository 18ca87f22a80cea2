"""Carry a client's job through under its id: delivered twice it is done once, cut off it goes on, finished it answers again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from calotype.contracts.splat_job import SplatJob, SplatResult, pipeline_of
from calotype.engine.definition import RunDefinition, definition_path, read_definition
from calotype.engine.events import Event
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.tasks import cancel_path
from calotype.errors import CalotypeError, Cancelled, Transient, UploadExpired
from calotype.runners.bench import Bench
from calotype.runners.job_ends import Model, model_of, note_webhook, upload
from calotype.runners.job_estimate import refuse_what_is_too_large
from calotype.runners.job_object import JobObject, check_job_id, keep_result, known_result, scene_id, take_up
from calotype.runners.job_settings import JobSettings
from calotype.runners.session import Inputs, RunResult, Session, ignore
from calotype.runners.stopping import Stop

log = logging.getLogger(__name__)

JobState = Literal["completed", "failed", "cancelled", "timed out", "interrupted"]
"""`interrupted`: the worker goes away. Nobody is told; whoever gets the job next goes on."""

Plan = Callable[[SplatJob, Path, int], tuple[PipelineSpec, Inputs]]
"""The pipeline and inputs of a job, given a folder for files that it needs, and the iterations of the settings."""

_REASONS_SHOWN = 3
_GO_ON = "What is finished is kept: the same job delivered again goes on from there."


@dataclass(frozen=True)
class JobEnd:
    """How a delivery of a job ended. Only `completed` is for good: after all else the same job may be delivered again."""

    state: JobState
    result: SplatResult
    error: str = ""
    """Name of the error's class in `calotype.errors`, where it failed."""
    exit_code: int = 0
    is_our_fault: bool = False
    """Whether it failed by an error that is in no tree of ours."""


@dataclass(frozen=True)
class Jobs:
    """A worker's jobs: where their runs are kept, who does the work, and what holds for all of them."""

    session: Session
    bench: Bench
    settings: JobSettings
    endpoint: str = "splat"
    """Jobs of different endpoints may have the same id."""
    plan: Plan = pipeline_of

    def carry_out(
        self,
        job_id: str,
        job: SplatJob,
        *,
        stop: Stop,
        emit: Callable[[Event], None] = ignore,
        shown_id: str = "",
    ) -> JobEnd:
        """How the job ended, its model uploaded and its webhook noted in the outbox.

        The same id given again: a completed job answers as before, one that was cut off goes on with its run, and where two
        work at once it is one run: with one catalog the second waits for the first one's steps. `stop` ends it and keeps what it
        has. `shown_id` is the id that clients know, where several scenes share one.

        What goes wrong with the job is in the result. Raises InvalidParameter for an id that is none or belongs to another job, and
        what the store raises when it cannot be written to at all.
        """
        started = time.monotonic()
        store = self.session.store
        check_job_id(shown_id or job_id)
        taken = take_up(store, self.endpoint, job_id, job)
        known = known_result(store, taken)
        if known is not None and known.model_url == _without_query(job.upload_url):
            return JobEnd("completed", known)
        work = _Work(self, taken, job, stop, emit)
        end = work.carry_out()
        result = SplatResult(
            job_id=shown_id or job_id,
            status="completed" if end.state == "completed" else "failed",
            model_url=work.model_url,
            model_size_mb=None if work.model is None else round(work.model.size / 2**20, 2),
            project_id=job.project_id,
            error=end.message or None,
            images_processed=work.images,
            iterations=work.iterations,
            processing_time=round(time.monotonic() - started, 2),
            run=taken.run,
        )
        if end.state != "interrupted" and job.webhook_url:
            # Before the result is kept: after a kill between the two the next delivery notes the same webhook, under the same id.
            note_webhook(self.session, taken.run, job.webhook_url, result.webhook)
        if end.state == "completed":
            keep_result(store, taken, result)
        log.info("job %s %s after %.1f s (run %s)", job_id, end.state, time.monotonic() - started, taken.run)
        return JobEnd(end.state, result, end.error, end.exit_code, end.is_our_fault)

    def carry_out_scenes(
        self, job_id: str, scenes: Sequence[SplatJob], *, stop: Stop, emit: Callable[[Event], None] = ignore
    ) -> tuple[JobEnd, ...]:
        """How each scene of a job ended, one after the other; one that fails does not keep the others from being made."""
        if len(scenes) == 1:
            return (self.carry_out(job_id, scenes[0], stop=stop, emit=emit),)
        return tuple(
            self.carry_out(scene_id(job_id, number), scene, stop=stop, emit=emit, shown_id=job_id)
            for number, scene in enumerate(scenes)
        )


@dataclass(frozen=True)
class _End:
    state: JobState
    message: str = ""
    error: str = ""
    exit_code: int = 0
    is_our_fault: bool = False


class _Work:
    """One delivery of a job under way."""

    def __init__(
        self, jobs: Jobs, taken: JobObject, job: SplatJob, stop: Stop, emit: Callable[[Event], None]
    ) -> None:
        self._jobs, self._session = jobs, jobs.session
        self._taken, self._job, self._stop, self._emit = taken, job, stop, emit
        self.model: Model | None = None
        self.model_url: str | None = None
        self.images: int | None = None
        self.iterations: int | None = None

    def carry_out(self) -> _End:
        try:
            self._stop.check()
            self._conduct(self._definition())
            self._upload()
        except Cancelled:
            return self._stopped()
        except CalotypeError as error:
            if isinstance(error, Transient) and self._stop():
                return self._stopped()  # A server had no more time than the job.
            return _End("failed", str(error), type(error).__name__, error.exit_code)
        except Exception as error:
            # Told to the log alone: a client must not read our traceback.
            log.exception("job %s: an error of ours", self._taken.id)
            said = f"An internal error ({type(error).__name__}) in run {self._taken.run}; the worker's log says more."
            return _End("failed", said, type(error).__name__, CalotypeError.exit_code, is_our_fault=True)
        return _End("completed")

    def _stopped(self) -> _End:
        match self._stop.reason:
            case "timed out":
                said = f"The job timed out after {self._stop.timeout_s:.0f} s (MAX_TIMEOUT). {_GO_ON}"
                return _End("timed out", said, Cancelled.__name__, Cancelled.exit_code)
            case "shut down":
                said = f"The worker was shut down. {_GO_ON}"
                return _End("interrupted", said, Cancelled.__name__, Cancelled.exit_code)
            case _:
                said = f"The job was cancelled. {_GO_ON}"
                return _End("cancelled", said, Cancelled.__name__, Cancelled.exit_code)

    def _definition(self) -> RunDefinition:
        """The job's run as it was made for an earlier delivery, else a new one."""
        run, store = self._taken.run, self._session.store
        if store.exists(definition_path(run)):
            # Looked for by id, it also gets its rows where another machine made it.
            return read_definition(store, self._session.find(run).id)
        with self._session.scratch.workdir("job") as folder:
            pipeline, inputs = self._jobs.plan(self._job, folder, self._jobs.settings.iterations)
            rules = self._jobs.settings.fetching(self._stop)
            try:
                return self._session.create(pipeline, inputs, run_id=run, web=rules, emit=self._told)
            except CalotypeError as error:
                # Where our folders lie is none of the client's business.
                raise type(error)(str(error).replace(f"{folder}/", "")) from error

    def _told(self, event: Event) -> None:
        self._stop.check()
        self._emit(event)

    def _conduct(self, definition: RunDefinition) -> None:
        counts = (step.parameters.get("iterations") for step in definition.pipeline.steps)
        self.iterations = next((count for count in counts if isinstance(count, int)), None)
        refuse_what_is_too_large(self._session, definition)
        self._session.store.delete(cancel_path(definition.id))
        with self._jobs.bench.runner(self._stop) as runner:
            ended = self._session.conduct(definition, emit=self._emit, runner=runner)
        _with_reasons(ended).check()
        self.images = ended.figures.get("images")
        self.model = model_of(self._session, definition)

    def _upload(self) -> None:
        """Bring the model to the client's URL, where there is one."""
        url = self._job.upload_url
        if url is None or self.model is None:
            return
        try:
            upload(self._session, self.model, url, self._jobs.settings.sending(self._stop), self._stop)
        except CalotypeError as error:
            again = "with a fresh upload_url" if isinstance(error, UploadExpired) else "to upload it"
            raise type(error)(
                f"The model is made and kept (run {self._taken.run}), but could not be uploaded. {error} "
                f"Deliver the same job again {again}: nothing is computed anew."
            ) from error
        self.model_url = _without_query(url)


def _with_reasons(ended: RunResult) -> RunResult:
    """A failure that also says which photos were left out and why: a client sees nothing else of the run."""
    if ended.state != "failed" or not ended.warnings:
        return ended
    some = "; ".join(ended.warnings[:_REASONS_SHOWN])
    more = len(ended.warnings) - _REASONS_SHOWN
    return replace(ended, message=f"{ended.message} {some}" + (f"; and {more} more." if more > 0 else "."))


def _without_query(url: str | None) -> str | None:
    """Where a presigned URL leads, without its signature."""
    return url and url.partition("#")[0].partition("?")[0]
