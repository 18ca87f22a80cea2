"""A job is its id: delivered twice it is done once, cut off it goes on, its model and its webhook go where it says."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.runners.job_place import Place
from tests.runners.job_stages import Tally
from tests.storage.hostile_server import Handler, Site

from calotype.engine.purge import purge
from calotype.errors import InvalidParameter
from calotype.runners.job_settings import JobSettings
from calotype.runners.jobs import JobEnd, Jobs
from calotype.runners.stopping import Reason, Stop
from servers import S3Server


def uploads(site: Site) -> list[bytes]:
    return [one.body for one in site.seen if one.method == "PUT"]


def webhooks(jobs: Jobs) -> list[dict[str, object]]:
    """What the outbox is to send, oldest first."""
    return [json.loads(one.body)["event"] for one in jobs.session.catalog.deliveries.list()]


def test_a_job_is_done_its_model_uploaded_and_its_webhook_noted(place: Place, site: Site) -> None:
    worker = place.worker()
    job = place.job(upload_url=place.url("/upload?signature=secret"), webhook_url="https://example.org/hook")
    end = worker.carry_out("job-1", job, stop=Stop(60))
    assert end.state == "completed"
    assert [json.loads(body) for body in uploads(site)] == [{"sum": 15, "count": 6}]
    sent = next(one for one in site.seen if one.method == "PUT")
    assert sent.headers["content-type"] == "application/octet-stream"
    assert sent.headers["content-length"] == str(len(sent.body))
    said = end.result.model_dump()
    assert said["job_id"] == "job-1" and said["status"] == "completed" and said["project_id"] == "chair"
    assert said["model_url"] == place.url("/upload") and said["error"] is None
    assert webhooks(worker) == [end.result.webhook.model_dump()]
    assert set(webhooks(worker)[0]) == {
        "job_id",
        "status",
        "model_url",
        "model_size_mb",
        "project_id",
        "error",
    }
    assert "secret" not in json.dumps([said, webhooks(worker)])


def test_a_finished_job_delivered_again_answers_as_before_and_does_nothing(place: Place, site: Site) -> None:
    job = place.job(upload_url=place.url("/upload"), webhook_url="https://example.org/hook")
    first = place.worker().carry_out("job-1", job, stop=Stop(60))
    seen = len(site.seen)
    other = place.worker()
    again = other.carry_out("job-1", job, stop=Stop(60))
    assert again.result == first.result
    assert len(site.seen) == seen
    assert len(list(other.session.store.list("runs"))) == 1


def test_another_job_under_the_same_id_is_refused(place: Place) -> None:
    worker = place.worker()
    worker.carry_out("job-1", place.job(), stop=Stop(60))
    with pytest.raises(InvalidParameter, match="job-1 was given before with another input"):
        worker.carry_out("job-1", place.job(iterations=5), stop=Stop(60))
    assert worker.carry_out("job-2", place.job(iterations=5), stop=Stop(60)).state == "completed"


def test_the_same_id_at_another_endpoint_is_another_job(place: Place) -> None:
    worker = place.worker()
    first = worker.carry_out("job-1", place.job(), stop=Stop(60))
    other = replace(worker, endpoint="other").carry_out("job-1", place.job(iterations=5), stop=Stop(60))
    assert first.result.run != other.result.run


@pytest.mark.parametrize("odd", ["", "..", "../x", "a/b", "-x", "a~1b", "a~1", "a~", "x" * 129, "a\n", "é"])
def test_what_is_no_id_is_refused(place: Place, odd: str) -> None:
    with pytest.raises(InvalidParameter, match="cannot be a job id"):
        place.worker().carry_out(odd, place.job(), stop=Stop(60))


def ask_after(trace: Path, lines: int, stop: Stop, reason: Reason) -> threading.Thread:
    """Has the work stop once so many numbers were added."""

    def watch() -> None:
        while not trace.exists() or len(trace.read_text().splitlines()) < lines:
            time.sleep(0.01)
        stop.ask(reason)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.mark.parametrize("kind", ["file", "memory", "moto", "rclone"])
def test_a_job_cut_off_by_its_timeout_goes_on_on_whichever_worker_gets_it_next(
    place: Place, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    trace, gate = tmp_path / "trace", tmp_path / "gate"
    place.stage = lambda: Tally(trace=str(trace), gate=str(gate))
    url, environment = f"memory://{uuid.uuid4().hex}" if kind == "memory" else "", {}
    if kind in ("moto", "rclone"):
        server: S3Server = request.getfixturevalue(f"{kind}_server")
        url, environment = server.url(uuid.uuid4().hex), server.environment
    worker = place.worker(url, environment)
    job, stop = place.job(webhook_url="https://example.org/hook"), Stop(3600)
    watcher = ask_after(trace, 3, stop, "timed out")
    cut = worker.carry_out("job-1", job, stop=stop)
    watcher.join()
    assert cut.state == "timed out" and cut.result.status == "failed"
    assert cut.result.error == (
        "The job timed out after 3600 s (MAX_TIMEOUT). What is finished is kept: the same job delivered again goes on from there."
    )
    assert len(trace.read_text().splitlines()) == 3
    gate.touch()
    other = worker if kind == "memory" else place.worker(url, environment)
    end = other.carry_out("job-1", job, stop=Stop(60))
    assert end.state == "completed" and end.result.run == cut.result.run
    assert [line.split()[0] for line in trace.read_text().splitlines()] == [f"{n}.json" for n in range(6)]
    told = [*webhooks(worker), *([] if other is worker else webhooks(other))]
    assert sorted(str(one["status"]) for one in told) == ["completed", "failed"]


def test_time_that_is_over_stops_the_work(place: Place, tmp_path: Path) -> None:
    place.stage = lambda: Tally(gate=str(tmp_path / "never"))
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    end = worker.carry_out("job-1", place.job(), stop=Stop(0.5))
    assert end.state == "timed out" and end.exit_code == 130


def test_a_worker_that_is_shut_down_tells_nobody(place: Place, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    place.stage = lambda: Tally(trace=str(trace), gate=str(tmp_path / "never"))
    worker, stop = place.worker(url=f"memory://{uuid.uuid4().hex}"), Stop(60)
    watcher = ask_after(trace, 3, stop, "shut down")
    end = worker.carry_out("job-1", place.job(webhook_url="https://example.org/hook"), stop=stop)
    watcher.join()
    assert end.state == "interrupted"
    assert webhooks(worker) == []


def test_somebody_elses_word_in_the_store_cancels_a_job(place: Place, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    place.stage = lambda: Tally(trace=str(trace), gate=str(tmp_path / "never"))
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")

    def cancel() -> None:
        while not trace.exists():
            time.sleep(0.01)
        (run,) = worker.session.store.list("runs")
        worker.session.store.put(f"cancel/{Path(run.key).stem}", b"")

    watcher = threading.Thread(target=cancel)
    watcher.start()
    end = worker.carry_out("job-1", place.job(), stop=Stop(60))
    watcher.join()
    assert end.state == "cancelled" and end.result.error and "cancelled" in end.result.error


@pytest.mark.parametrize("catalog", ["own", "shared"])
def test_two_deliveries_at_once_are_one_run_and_of_workers_with_one_catalog_one_works(
    place: Place, tmp_path: Path, catalog: str
) -> None:
    trace, gate = tmp_path / "trace", tmp_path / "gate"
    place.stage = lambda: Tally(trace=str(trace), gate=str(gate))
    shared = {"CALOTYPE_CATALOG": f"sqlite:///{tmp_path / 'shared.sqlite'}"} if catalog == "shared" else {}
    workers = [place.worker(environment=shared), place.worker(environment=shared)]
    ends: list[JobEnd] = []
    job = place.job()

    def carry_out(worker: Jobs) -> None:
        ends.append(worker.carry_out("job-1", job, stop=Stop(60)))

    threads = [threading.Thread(target=carry_out, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    while not trace.exists():
        time.sleep(0.01)
    gate.touch()
    for thread in threads:
        thread.join()
    assert [end.state for end in ends] == ["completed"] * 2
    assert ends[0].result.run == ends[1].result.run
    assert len(list(workers[0].session.store.list("runs"))) == 1
    assert catalog == "own" or len(trace.read_text().splitlines()) == 6


def test_a_failed_job_says_why_and_may_be_tried_again(place: Place) -> None:
    place.stage = lambda: Tally(fails=True)
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    job = place.job(webhook_url="https://example.org/hook")
    end = worker.carry_out("job-1", job, stop=Stop(60))
    assert end.state == "failed" and end.error == "StageFailed" and end.exit_code == 78
    assert end.result.error == "make failed: RuntimeError: this sum is not to be had"
    again = worker.carry_out("job-1", job, stop=Stop(60))
    assert again.state == "failed" and again.result.run == end.result.run
    assert [one["status"] for one in webhooks(worker)] == ["failed"]


def test_photos_that_are_not_there_fail_the_job_before_anything_is_computed(place: Place, site: Site) -> None:
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    del site.routes["/5.json"]
    end = worker.carry_out("job-1", place.job(webhook_url="https://example.org/hook"), stop=Stop(60))
    assert end.state == "failed" and end.result.error and "/5.json" in end.result.error
    assert list(worker.session.store.list("runs")) == []
    assert [one["status"] for one in webhooks(worker)] == ["failed"]
    site.serve("/5.json", b"5")
    assert worker.carry_out("job-1", place.job(), stop=Stop(60)).state == "completed"


def test_private_hosts_that_the_operator_did_not_open_are_not_contacted(place: Place, site: Site) -> None:
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    # What the operator's own runs may reach is nothing that a stranger's job may.
    worker.session.environment = {
        **worker.session.environment,
        "CALOTYPE_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{site.port}",
    }
    closed = replace(worker, settings=JobSettings())
    end = closed.carry_out("job-1", place.job(), stop=Stop(60))
    assert end.state == "failed" and end.error == "UrlRefused"
    assert site.seen == []


def refuses(status: int, body: bytes = b"") -> Callable[[Handler], None]:
    return lambda handler: handler.say(status, body)


def test_an_expired_upload_url_keeps_the_model_and_a_fresh_one_receives_it(place: Place, site: Site) -> None:
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    site.routes["/upload"] = refuses(403)
    old = place.job(upload_url=place.url("/upload?old"), webhook_url="https://example.org/hook")
    end = worker.carry_out("job-1", old, stop=Stop(60))
    assert end.state == "failed" and end.error == "UploadExpired"
    assert end.result.error is not None and end.result.error.startswith(
        f"The model is made and kept (run {end.result.run}), but could not be uploaded."
    )
    assert end.result.error.endswith("with a fresh upload_url: nothing is computed anew.")
    assert end.result.model_url is None and end.result.model_size_mb is not None
    site.routes["/upload"] = refuses(200)
    fresh = place.job(upload_url=place.url("/upload?fresh"), webhook_url="https://example.org/hook")
    again = worker.carry_out("job-1", fresh, stop=Stop(60))
    assert again.state == "completed" and again.result.model_url == place.url("/upload")
    assert [one["status"] for one in webhooks(worker)].count("completed") == 1
    assert uploads(site)[-1] == uploads(site)[0]


def test_a_purged_job_is_done_anew(place: Place) -> None:
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    first = worker.carry_out("job-1", place.job(), stop=Stop(60))
    purge(worker.session.store, worker.session.catalog, first.result.run, force=True)
    again = worker.carry_out("job-1", place.job(), stop=Stop(60))
    assert again.state == "completed"
    assert len(list(worker.session.store.list("runs"))) == 1


def test_scenes_of_one_job_are_made_one_by_one_and_a_bad_one_spoils_no_other(
    place: Place, site: Site
) -> None:
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}")
    good, other = place.job(), place.job(project_id="table")
    missing = place.job(image_urls=[place.url(f"/none-{number}.json") for number in range(5)])
    ends = worker.carry_out_scenes("job-1", (good, missing, other), stop=Stop(60))
    assert [end.state for end in ends] == ["completed", "failed", "completed"]
    assert {end.result.job_id for end in ends} == {"job-1"}
    assert len({end.result.run for end in ends}) == 3


def test_worker_processes_live_from_job_to_job(place: Place, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    place.stage = lambda: Tally(trace=str(trace))
    worker = place.worker()
    for number in range(2):
        job = place.job(image_urls=[place.url(f"/{one}.json") for one in range(number, number + 5)])
        assert worker.carry_out(f"job-{number}", job, stop=Stop(60)).state == "completed"
    assert len({line.split()[1] for line in trace.read_text().splitlines()}) == 1
