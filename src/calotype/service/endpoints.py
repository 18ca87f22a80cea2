"""/v2/{endpoint}: the shape of RunPod's serverless API, so that a client of the hosted worker works against one's own machine."""

from __future__ import annotations

import time
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Body, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from calotype.service.answers import FINAL, JobAnswer, JobStatus
from calotype.service.gate import caller_with
from calotype.service.keys import READ, WRITE, Caller
from calotype.service.runs import Here, problems
from calotype.service.service import Service

_LOOK_EVERY_S = 0.2
_EXAMPLE = {
    "input": {
        "project_id": "chair",
        "image_urls": [f"https://photos.example.org/{n}.jpg" for n in range(1, 6)],
        "iterations": 7000,
        "upload_url": "https://bucket.example.org/scene.ply?signature",
        "webhook_url": "https://example.org/hooks/splat",
    }
}

Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]
JobBody = Annotated[
    dict[str, Any],
    Body(
        examples=[_EXAMPLE],
        description="`input` as docs/runpod.md has it; `webhook` is told what `/status` answers at the end; "
        "`policy.executionTimeout` in milliseconds.",
    ),
]


class JobState(BaseModel):
    """How a job stands."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(examples=["6f1c2f9e-3c38-4d0a-9a3e-0f5f2d6c7b11-u1"])
    status: JobStatus


class JobDetails(JobState):
    """How a job stands, with its result."""

    delayTime: int = 0  # noqa: N815 - RunPod's name
    """Milliseconds that it waited."""
    executionTime: int | None = None  # noqa: N815 - RunPod's name
    """Milliseconds since it was taken up, until it ended."""
    output: Any = None
    """The result; while it is in progress how far it is."""
    error: str | None = None


class JobStream(BaseModel):
    """What a job told since it was asked last."""

    status: JobStatus
    stream: list[dict[str, Any]]
    """Each with `output`: progress, or a line of a log."""


class EndpointHealth(BaseModel):
    """Jobs and workers of an endpoint."""

    jobs: dict[str, int] = Field(
        examples=[{"completed": 3, "failed": 0, "inProgress": 1, "inQueue": 2, "retried": 0}]
    )
    workers: dict[str, int] = Field(examples=[{"idle": 0, "running": 1}])


router = APIRouter(
    prefix="/v2/{endpoint}", tags=["RunPod's shape"], responses=problems(401, 403, 404, 422, 429, 500, 503)
)


@router.post("/run", responses=problems(400, 408, 413, 507), summary="Give a job")
def run_job(endpoint: str, body: JobBody, here: Here, caller: Writer) -> JobState:
    """Queue a job and answer at once."""
    answer = here.jobs.give(endpoint, body, caller.id)
    here.lane.wake()
    return JobState(id=answer.id, status=answer.status)


@router.post(
    "/runsync",
    response_model_exclude_none=True,
    responses=problems(400, 408, 413, 507),
    summary="Give a job and wait",
)
async def run_job_and_wait(
    endpoint: str,
    body: JobBody,
    here: Here,
    caller: Writer,
    wait: Annotated[
        int, Query(ge=1000, le=300_000, description="Milliseconds to wait for its end.")
    ] = 90_000,
) -> JobDetails:
    """Queue a job and wait for its end, but not for ever: afterwards ask `/status`."""
    answer = await run_in_threadpool(here.jobs.give, endpoint, body, caller.id)
    here.lane.wake()
    until = anyio.current_time() + wait / 1000
    while answer.status not in FINAL and anyio.current_time() < until and not here.is_stopping:
        await anyio.sleep(_LOOK_EVERY_S)
        answer = await run_in_threadpool(here.jobs.find, endpoint, answer.id)
    return _details(here, answer)


@router.get("/status/{job}", response_model_exclude_none=True, summary="Ask after a job")
def get_status(endpoint: str, job: str, here: Here, _: Reader) -> JobDetails:
    """How a job stands, with its output."""
    return _details(here, here.jobs.find(endpoint, job))


@router.post("/status/{job}", response_model_exclude_none=True, summary="Ask after a job by POST")
def post_status(endpoint: str, job: str, here: Here, _: Reader) -> JobDetails:
    """The same for clients of the SDK's own test server, which takes no GET."""
    return _details(here, here.jobs.find(endpoint, job))


@router.get("/stream/{job}", summary="Fetch what a job tells")
def get_stream(endpoint: str, job: str, here: Here, _: Reader) -> JobStream:
    """Progress and log lines since this was asked last."""
    return _stream(here, endpoint, job)


@router.post("/stream/{job}", summary="Fetch what a job tells by POST")
def post_stream(endpoint: str, job: str, here: Here, _: Reader) -> JobStream:
    """The same for clients of the SDK's own test server, which takes no GET."""
    return _stream(here, endpoint, job)


@router.post("/cancel/{job}", summary="Cancel a job")
def cancel_job(endpoint: str, job: str, here: Here, _: Writer) -> JobState:
    """Ask a job to stop. One that waits is CANCELLED at once, one in progress within seconds."""
    answer = here.jobs.cancel(endpoint, job)
    return JobState(id=answer.id, status=answer.status)


@router.get("/health", summary="Count jobs and workers")
def get_health(endpoint: str, here: Here, _: Reader) -> EndpointHealth:
    """Jobs that wait, work, and ended since the service began; one worker carries them."""
    return EndpointHealth.model_validate(here.jobs.health(endpoint))


def _details(here: Service, answer: JobAnswer) -> JobDetails:
    return JobDetails.model_validate(answer.document(time.time(), here.jobs.telling.latest(answer.id)))


def _stream(here: Service, endpoint: str, job: str) -> JobStream:
    answer = here.jobs.find(
        endpoint, job
    )  # The state first: what is told before the end is then not left behind.
    return JobStream(status=answer.status, stream=[{"output": one} for one in here.jobs.telling.fetch(job)])
