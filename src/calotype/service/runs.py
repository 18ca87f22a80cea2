"""/api/v1/runs: make runs, find them, watch them, stop them, have them go on, fetch what they made."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.background import BackgroundTask

from calotype.catalog.runs import RunRow
from calotype.engine.abandoned import with_true_state
from calotype.errors import UnknownName
from calotype.service.asked import ForkRequest, RunRequest
from calotype.service.documents import (
    RUNS,
    ArtifactPage,
    RunDetails,
    RunDocument,
    RunPage,
    RunState,
    artifact_document,
    cursor_after,
    media_type_of,
    read_cursor,
    run_details,
    run_document,
)
from calotype.service.gate import caller_with
from calotype.service.keys import READ, WRITE, Caller
from calotype.service.links import LONGEST_S, link_to
from calotype.service.problems import MEDIA_TYPE, ProblemDocument
from calotype.service.ranges import check_range
from calotype.service.service import Service
from calotype.service.streams import EventStream, read_event_id

Reader = Annotated[Caller, Depends(caller_with(READ))]
Writer = Annotated[Caller, Depends(caller_with(WRITE))]


def service_of(request: Request) -> Service:
    """The service that the app was made for."""
    return request.app.state.service


Here = Annotated[Service, Depends(service_of)]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its description."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    return {one: {"description": "A problem", "content": content} for one in statuses}


router = APIRouter(prefix=RUNS, tags=["runs"], responses=problems(401, 403, 422, 429, 500, 503))
assert ProblemDocument.__name__ == "ProblemDocument", "named in `problems`"


@router.post("", status_code=202, responses=problems(400, 404, 408, 413, 507), summary="Make a run")
def create_run(
    asked: RunRequest,
    here: Here,
    caller: Writer,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            pattern=r"^[!-~]+$",
            description="A name of your own for this request. Sent again with the same one, it makes no second run.",
        ),
    ] = None,
) -> RunDocument:
    """Take a run on. It is queued, its inputs are fetched when its turn comes, and it outlives a restart of the service."""
    run, is_new = here.desk.take_on(asked, caller.id, idempotency_key)
    here.lane.wake()
    response.headers["Location"] = f"{RUNS}/{run}"
    if not is_new:
        response.headers["Idempotency-Replayed"] = "true"
    return _document(here, here.desk.find(run))


@router.get("", summary="List runs")
def list_runs(
    here: Here,
    _: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(description="`next` of the page before.")] = None,
    state: Annotated[RunState | None, Query(description="Only runs of this state.")] = None,
) -> RunPage:
    """Runs, newest first, in pages."""
    before = read_cursor(cursor) if cursor else None
    rows = here.session.catalog.runs.page(limit + 1, before, state or "")
    shown = rows[:limit]
    after = cursor_after(shown[-1]) if len(rows) > limit else None
    return RunPage(runs=[_document(here, row) for row in shown], next=after)


@router.get("/{run}", responses=problems(404), summary="Look at a run")
def get_run(run: str, here: Here, _: Reader) -> RunDetails:
    """A run with its steps; once it is done also its figures and warnings."""
    return _details(here, here.desk.find(run))


@router.post("/{run}/cancel", status_code=202, responses=problems(404, 409), summary="Cancel a run")
def cancel_run(run: str, here: Here, _: Writer) -> RunDocument:
    """Ask a run to stop. What it has finished is kept, and it can be resumed."""
    here.desk.cancel(run)
    return _document(here, here.desk.find(run))


@router.post("/{run}/resume", status_code=202, responses=problems(404, 409), summary="Resume a run")
def resume_run(run: str, here: Here, caller: Writer) -> RunDocument:
    """Have a run go on that was cancelled, failed or stopped. What is finished is not computed again."""
    here.desk.resume(run, caller.id)
    here.lane.wake()
    return _document(here, here.desk.find(run))


@router.post("/{run}/fork", status_code=202, responses=problems(404, 409), summary="Fork a run")
def fork_run(run: str, asked: ForkRequest, here: Here, caller: Writer, response: Response) -> RunDocument:
    """Make a new run from this one with something changed. What the changes do not touch is taken over, not computed."""
    made = here.desk.fork(run, asked, caller.id)
    here.lane.wake()
    response.headers["Location"] = f"{RUNS}/{made}"
    return _document(here, here.desk.find(made))


@router.get(
    "/{run}/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **problems(404),
    },
    summary="Watch a run",
)
def watch_run(
    run: str,
    here: Here,
    _: Reader,
    last_event_id: Annotated[str | None, Header(description="Go on after this event.")] = None,
) -> StreamingResponse:
    """A run's history and progress as they happen, until it has ended. Types: `run_started`, `source_progress`, `step_started`,
    `step_progress`, `step_done`, `step_failed`, `log`, `run_done`."""
    row = here.desk.find(run)
    stream = EventStream(here.session.catalog, row.id, read_event_id(last_event_id), lambda: here.is_stopping)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream.lines(), headers=headers, media_type="text/event-stream")


@router.get("/{run}/artifacts", responses=problems(404), summary="List what a run made")
def list_artifacts(
    run: str,
    here: Here,
    caller: Reader,
    link_s: Annotated[
        int | None,
        Query(ge=1, le=LONGEST_S, description="Also give links that need no key, good for so many seconds."),
    ] = None,
) -> ArtifactPage:
    """Files under readable names: what is there already, also while the run goes on."""
    row = here.desk.find(run)
    made = here.results.made(row)
    listed = [
        artifact_document(row.id, label, name, digest, here.results.size(digest))
        for name, (label, digest) in made.files.items()
    ]
    key = here.session.catalog.api_keys.find(caller.id) if link_s else None
    if link_s and key:
        until = int(time.time()) + link_s
        listed = [
            one.model_copy(update={"link": link_to(f"{RUNS}/{row.id}/artifacts/{one.name}", key, until)})
            for one in listed
        ]
    return ArtifactPage(artifacts=listed)


@router.head("/{run}/artifacts/{name:path}", include_in_schema=False)
@router.get(
    "/{run}/artifacts/{name:path}",
    response_class=FileResponse,
    responses={
        200: {
            "description": "The file",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        206: {"description": "The part of it that `Range` asks for"},
        304: {"description": "You have it: `If-None-Match` holds its ETag"},
        **problems(404, 416),
    },
    summary="Fetch a file",
)
def get_artifact(
    run: str,
    name: str,
    request: Request,
    here: Here,
    _: Reader,
    range_: Annotated[str | None, Header(alias="Range", description="`bytes=0-1023` for a part.")] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The bytes of a file that the run made; its ETag is its sha256."""
    files = here.results.made(here.desk.find(run)).files
    if name not in files:
        raise UnknownName(
            f"Run {run} has no file {name[:200]!r}. GET {RUNS}/{run}/artifacts lists what it has."
        )
    digest = files[name][1]
    # A page that a run made may run its scripts, apart from everything else of this address.
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": "private, max-age=0",
        "Content-Security-Policy": "sandbox allow-scripts",
    }
    if if_none_match and f'"{digest}"' in if_none_match.replace("W/", ""):
        return Response(status_code=304, headers=headers)
    check_range(range_, here.results.size(digest))
    path, is_borrowed = here.results.take(digest)
    return FileResponse(
        path,
        headers=headers,
        media_type=media_type_of(name),
        filename=name.rpartition("/")[2],
        content_disposition_type="inline",
        background=BackgroundTask(here.results.give_back, digest) if is_borrowed else None,
    )


def _document(here: Service, row: RunRow) -> RunDocument:
    return RunDocument(**run_document(_true(here, row)))


def _details(here: Service, row: RunRow) -> RunDetails:
    steps = here.session.catalog.runs.steps(row.id)
    made = here.results.made(row) if row.state == "done" else None
    shown = _true(here, row)
    return run_details(shown, steps, made.figures if made else {}, made.warnings if made else ())


def _true(here: Service, row: RunRow) -> RunRow:
    """The row as it stands: a run that this service takes up again waits, though who carried it has gone."""
    true = with_true_state(here.session.catalog, row)
    if true.state != "stopped":
        return true
    entry = here.session.catalog.queue.find(row.id)
    return row if entry is not None and entry.is_open else true
