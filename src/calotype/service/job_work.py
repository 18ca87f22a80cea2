"""Client jobs in a service: given, carried out under their id, asked after, stopped."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Sequence
from typing import Any

from calotype.contracts.splat_job import parse_scenes
from calotype.contracts.splat_job import pipeline_of as splat_pipeline
from calotype.engine.requests import StoredRequest
from calotype.engine.tasks import cancel_path
from calotype.errors import InputError, InvalidParameter, UnknownName
from calotype.runners.bench import Bench
from calotype.runners.job_object import JobObject, job_path
from calotype.runners.jobs import JobEnd, Jobs, Plan
from calotype.runners.runpod import output_of
from calotype.runners.session import Session
from calotype.runners.stopping import Stop
from calotype.service.answers import FINAL, JobAnswer, JobStatus, read_answer, write_answer
from calotype.service.desk import Desk
from calotype.service.job_notes import check_webhook, note_platform_webhook, note_scenes
from calotype.service.settings import ServiceSettings
from calotype.service.telling import Telling

log = logging.getLogger(__name__)

ENDPOINTS = ("splat",)
"""Pipelines that have a contract for jobs."""

_JOB = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-u1")
_LEAST_TIMEOUT_S = 5.0
_CANCELLED = "The job was cancelled before anything of it was done."


class JobWork:
    """The jobs of a service."""

    def __init__(
        self, session: Session, desk: Desk, settings: ServiceSettings, plan: Plan = splat_pipeline
    ) -> None:
        """`plan` makes the pipeline of a job."""
        self._session = session
        self._store = session.store
        self._desk = desk
        self._settings = settings
        self._plan = plan
        self._stops: dict[str, Stop] = {}
        """Of the jobs that are carried here now."""
        self.telling = Telling()
        self.ended: dict[JobStatus, int] = {}
        """How many jobs ended so since this service began."""

    def give(self, endpoint: str, body: dict[str, Any], asker: str) -> JobAnswer:
        """A new job that waits for its turn. Raises what is wrong with its body."""
        _check_endpoint(endpoint)
        parse_scenes(body)
        _timeout(body)
        check_webhook(body)
        answer = JobAnswer(id=f"{uuid.uuid4()}-u1", endpoint=endpoint, status="IN_QUEUE", created=time.time())
        write_answer(self._store, answer)
        self._desk.take_on_job(StoredRequest(run=answer.id, asker=asker, endpoint=endpoint, job=body))
        return answer

    def find(self, endpoint: str, job: str) -> JobAnswer:
        """How a job stands. UnknownName when there is no such endpoint or job."""
        _check_endpoint(endpoint)
        if not _JOB.fullmatch(job):
            raise UnknownName(f"{job[:100]!r} is no id of a job.")
        return read_answer(self._store, endpoint, job)

    def cancel(self, endpoint: str, job: str) -> JobAnswer:
        """Ask a job to stop; how it stands then. One that has ended stays as it is."""
        answer = self.find(endpoint, job)
        if answer.status in FINAL:
            return answer
        stored = self._desk.request(job)
        self._store.put(cancel_path(job), b"")
        if self._desk.withdraw(job):
            return self._end(answer, "CANCELLED", stored, error=_CANCELLED)
        if (stop := self._stops.get(job)) is not None:
            stop.ask("cancelled")
        elif (taken := self._store.find(job_path(endpoint, job))) is not None:
            # Another service carries it: its conductor looks for this.
            self._store.put(cancel_path(JobObject.model_validate_json(taken).run), b"")
        return answer

    def health(self, endpoint: str) -> dict[str, dict[str, int]]:
        """Counts of jobs and workers, in RunPod's words."""
        _check_endpoint(endpoint)
        working = len(self._stops)
        waiting = sum(bool(_JOB.fullmatch(one.run)) for one in self._desk.waiting()) - working
        failed = sum(count for status, count in self.ended.items() if status != "COMPLETED")
        return {
            "jobs": {
                "completed": self.ended.get("COMPLETED", 0),
                "failed": failed,
                "inProgress": working,
                "inQueue": max(0, waiting),
                "retried": 0,
            },
            "workers": {"idle": 1 - min(1, working), "running": min(1, working)},
        }

    def stop(self, stored: StoredRequest) -> Stop:
        """What ends a job that begins now when its time is over."""
        limits = [
            one for one in (_timeout(stored.job or {}), self._settings.jobs.timeout_s) if one is not None
        ]
        return Stop(min(limits, default=None))

    def carry(self, stored: StoredRequest, stop: Stop, bench: Bench) -> None:
        """Carry a job out, whatever its end is. Raises only what store and catalog raise; then it is tried again."""
        assert stored.job is not None
        answer = read_answer(self._store, stored.endpoint, stored.run)
        self._stops[stored.run] = stop
        try:
            if self._store.exists(cancel_path(stored.run)):
                self._end(answer, "CANCELLED", stored, error=_CANCELLED)
                return
            started = answer.started or time.time()
            answer = answer.model_copy(update={"status": "IN_PROGRESS", "started": started})
            write_answer(self._store, answer)
            self._carry_out(answer, stored, stored.job, stop, bench)
        finally:
            self._stops.pop(stored.run, None)

    def _carry_out(
        self, answer: JobAnswer, stored: StoredRequest, body: dict[str, Any], stop: Stop, bench: Bench
    ) -> None:
        jobs = Jobs(self._session, bench, self._settings.jobs, stored.endpoint, self._plan)
        tell = self.telling.listener(stored.run)
        try:
            ends = jobs.carry_out_scenes(stored.run, parse_scenes(body), stop=stop, emit=tell)
        except (InvalidParameter, InputError) as error:  # It could not even be taken up.
            self._end(answer, "FAILED", stored, error=str(error))
            return
        if any(end.state == "interrupted" for end in ends):
            write_answer(self._store, answer.model_copy(update={"status": "IN_QUEUE"}))
            log.info("job %s was stopped with the service and goes on with the next one", stored.run)
            return
        output = output_of(ends)
        output.pop("refresh_worker", None)
        error = output.get("error") or ""
        self._end(answer, _status(ends), stored, output=output, error=error, are_told=True)

    def fail(self, stored: StoredRequest, error: str) -> None:
        """End a job for a reason that is not its own."""
        self._end(read_answer(self._store, stored.endpoint, stored.run), "FAILED", stored, error=error)

    def _end(
        self,
        answer: JobAnswer,
        status: JobStatus,
        stored: StoredRequest | None,
        *,
        output: Any = None,
        error: str = "",
        are_told: bool = False,
    ) -> JobAnswer:
        """The job has ended. `are_told`: the webhooks of its scenes have been noted already."""
        values = {"status": status, "ended": time.time(), "output": output, "error": error}
        ended = answer.model_copy(update=values)
        if stored is not None and stored.job is not None:
            if not are_told:
                note_scenes(self._session, ended, stored.job)
            note_platform_webhook(self._session, ended, stored.job)
        write_answer(self._store, ended)
        self._desk.end(answer.id)
        self._store.delete(cancel_path(answer.id))
        self.ended[status] = self.ended.get(status, 0) + 1
        log.info("job %s is %s", answer.id, status)
        return ended


def _status(ends: Sequence[JobEnd]) -> JobStatus:
    states = {end.state for end in ends}
    if "cancelled" in states:
        return "CANCELLED"
    if "timed out" in states:
        return "TIMED_OUT"
    return "FAILED" if "failed" in states else "COMPLETED"


def _timeout(body: dict[str, Any]) -> float | None:
    """Seconds that the client gives a job, in RunPod's words `{"policy": {"executionTimeout": milliseconds}}`; None for no word."""
    policy = body.get("policy")
    if policy is None:
        return None
    given = policy.get("executionTimeout") if isinstance(policy, dict) else policy
    if given is None:
        return None
    if (
        isinstance(given, bool)
        or not isinstance(given, (int, float))
        or not 1000 * _LEAST_TIMEOUT_S <= given <= 1e10
    ):
        raise InvalidParameter("policy.executionTimeout must be a number of milliseconds, at least 5000.")
    return given / 1000


def _check_endpoint(endpoint: str) -> None:
    if endpoint not in ENDPOINTS:
        raise UnknownName(f"There is no endpoint {endpoint[:100]!r}. There are: {', '.join(ENDPOINTS)}.")
