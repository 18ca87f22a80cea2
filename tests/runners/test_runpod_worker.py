"""The handler that RunPod's SDK calls, without the SDK: the loop stays free, stops arrive, output holds no traceback."""

from __future__ import annotations

import asyncio
import json
import signal
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.runners.job_place import Place
from tests.runners.job_stages import Tally

from calotype.contracts.splat_job import SplatJob, SplatResult
from calotype.engine.events import LogLine, StepProgress
from calotype.engine.pipeline import PipelineSpec
from calotype.errors import InvalidParameter, Transient
from calotype.runners.jobs import JobEnd
from calotype.runners.runpod import Progress, RunpodHandler, output_of, read_test_input, run_once


@pytest.fixture
def handler(place: Place) -> Iterator[RunpodHandler]:
    """A worker over a store in memory."""
    made = RunpodHandler(place.worker(url=f"memory://{uuid.uuid4().hex}"))
    yield made
    made.close()


def test_a_job_of_the_platform_becomes_its_result(place: Place, handler: RunpodHandler) -> None:
    output = asyncio.run(handler.handle(place.body(upload_url=place.url("/upload?signature"))))
    assert output["status"] == "completed" and output["job_id"] == "job-1"
    assert output["model_url"] == place.url("/upload") and output["error"] is None
    assert set(output) >= {"model_size_mb", "images_processed", "iterations", "processing_time", "project_id"}
    assert "refresh_worker" not in output


def test_while_a_job_works_the_event_loop_is_free_and_a_stop_ends_that_job_alone(
    place: Place, handler: RunpodHandler, tmp_path: Path
) -> None:
    trace, gate = tmp_path / "trace", tmp_path / "gate"
    place.stage = lambda: Tally(trace=str(trace), gate=str(gate))

    def added() -> int:
        return len(trace.read_text().splitlines()) if trace.exists() else 0

    async def scenario() -> dict[str, Any]:
        job = asyncio.create_task(handler.handle(place.body()))
        while added() < 3:
            await asyncio.sleep(0.01)  # Would not come back if the handler held the loop.
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        gate.touch()
        return await handler.handle(place.body())

    assert asyncio.run(scenario())["status"] == "completed"
    assert added() == 6


def test_a_sigterm_stops_the_job_and_a_closed_worker_leaves_the_signal_as_it_was(
    place: Place, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    place.stage = lambda: Tally(trace=str(trace), gate=str(tmp_path / "never"))
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    handler = RunpodHandler(worker)
    before = signal.getsignal(signal.SIGTERM)

    async def scenario() -> None:
        job = asyncio.create_task(handler.handle(place.body(webhook_url="https://example.org/hook")))
        while not trace.exists():
            await asyncio.sleep(0.01)
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(asyncio.CancelledError):
            await job

    asyncio.run(scenario())
    handler.close()
    assert worker.session.catalog.deliveries.list() == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_progress_is_told_at_most_once_a_second() -> None:
    now = [0.0]
    told: list[dict[str, Any]] = []
    progress = Progress(told.append, lambda: now[0])
    for tenth in range(31):
        now[0] = tenth / 10
        progress.tell(LogLine(step="splat", level=20, text="no progress"))
        progress.tell(StepProgress(step="splat", done=tenth, total=30, note="training"))
    assert [one["done"] for one in told] == [0, 10, 20, 30]
    assert told[1] == {"step": "splat", "done": 10, "total": 30, "note": "training"}


def test_progress_reaches_the_platform_with_the_job_it_is_of(place: Place) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    handler = RunpodHandler(worker, send_progress=lambda job, progress: told.append((job["id"], progress)))
    run_once(handler, place.body())
    assert told[0] == ("job-1", {"step": "download", "done": 1, "total": 6})


@pytest.mark.parametrize(
    "odd", [{"input": {}}, {"id": 5, "input": {}}, {"id": "a", "input": "x"}, {"id": "../a"}]
)
def test_what_is_no_job_is_an_error_in_words(handler: RunpodHandler, odd: dict[str, Any]) -> None:
    output = asyncio.run(handler.handle(odd))
    assert set(output) == {"error"} and "Traceback" not in output["error"]


def test_an_id_that_belongs_to_another_job_is_an_error(place: Place, handler: RunpodHandler) -> None:
    asyncio.run(handler.handle(place.body()))
    output = asyncio.run(handler.handle(place.body(iterations=5)))
    assert output["error"].startswith("Job job-1 was given before with another input")


def test_an_error_of_ours_is_told_without_a_traceback_and_renews_the_worker(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    def plan(job: SplatJob, folder: Path, iterations: int) -> tuple[PipelineSpec, dict[str, str]]:
        raise ZeroDivisionError("secret detail")

    worker = replace(place.worker(url=f"memory://{uuid.uuid4().hex}"), plan=plan)
    output = run_once(RunpodHandler(worker), place.body())
    assert output["error"].startswith("An internal error (ZeroDivisionError)")
    assert "secret detail" not in json.dumps(output) and "secret detail" in caplog.text
    assert output["refresh_worker"] is True


@pytest.mark.parametrize(
    ("error", "renewed"), [("NoSpace", True), ("TooFewImages", False), ("Transient", False)]
)
def test_only_a_full_disk_asks_for_a_fresh_container(error: str, renewed: bool) -> None:
    result = SplatResult(job_id="1", status="failed", project_id="chair", error="it failed.")
    output = output_of([JobEnd("failed", result, error, 78)])
    assert output.get("refresh_worker", False) is renewed
    assert output["error"] == "it failed."


def test_scenes_have_a_result_each_and_one_error_names_the_first_that_failed(
    place: Place, handler: RunpodHandler
) -> None:
    good = place.body()["input"]
    bad = {"project_id": "table", "image_urls": [place.url(f"/none-{number}.json") for number in range(5)]}
    output = asyncio.run(handler.handle({"id": "job-1", "input": {"scenes": [good, bad]}}))
    assert [one["status"] for one in output["scenes"]] == ["completed", "failed"]
    assert output["error"].startswith("1 of 2 scenes failed. table: ")


def test_the_outbox_is_attended_to_before_the_result_is_handed_over(place: Place) -> None:
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    seen: list[list[str]] = []

    def deliver(run: str) -> None:
        seen.append([one.state for one in worker.session.catalog.deliveries.list(run=run)])
        raise Transient("nobody answers.")

    body = place.body(webhook_url="https://example.org/hook")
    output = run_once(RunpodHandler(worker, deliver=deliver), body)
    assert output["status"] == "completed"
    assert seen == [["waiting"]]


def test_time_that_a_job_may_take_is_the_settings(place: Place, tmp_path: Path) -> None:
    place.stage = lambda: Tally(gate=str(tmp_path / "never"))
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    short = replace(worker, settings=replace(worker.settings, timeout_s=1.0))
    started = time.monotonic()
    output = run_once(RunpodHandler(short), place.body())
    assert output["error"].startswith("The job timed out after 1 s (MAX_TIMEOUT).")
    assert time.monotonic() - started < 30


def test_a_test_input_has_an_id_of_its_own_or_a_given_one(tmp_path: Path) -> None:
    path = tmp_path / "test_input.json"
    path.write_text('{"input": {}}')
    assert read_test_input(path) == {"id": "local_test", "input": {}}
    path.write_text('{"id": "mine", "input": {}}')
    assert read_test_input(path)["id"] == "mine"
    for odd in ("[]", "{", '"x"'):
        path.write_text(odd)
        with pytest.raises(InvalidParameter, match=r"test_input\.json"):
            read_test_input(path)
