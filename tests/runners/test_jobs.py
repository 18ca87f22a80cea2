"""A job is its id: delivered twice it is done once, cut off it goes on, its model and its webhook go where it says."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.runners.job_stages import Tally
from tests.storage.hostile_server import Handler, Site, running_site

from calotype.artifacts import Report
from calotype.contracts.splat_job import SplatJob
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.purge import purge
from calotype.errors import InvalidParameter
from calotype.runners.bench import Bench
from calotype.runners.job_settings import JobSettings
from calotype.runners.jobs import JobEnd, Jobs
from calotype.runners.session import Session
from calotype.runners.stopping import Reason, Stop
from calotype.storage.web_policy import AllowedHosts


@pytest.fixture
def site() -> Iterator[Site]:
    """Serves the numbers 0 to 5 and takes uploads."""
    with running_site() as running:
        for number in range(6):
            running.serve(f"/{number}.json", json.dumps(number).encode(), ETag=f'"{number}"')
        running.routes["/upload"] = lambda handler: handler.say(200)
        yield running


@dataclass
class Place:
    """Where jobs are done: a folder, opened as often as there are workers."""

    folder: Path
    site: Site
    stage: Callable[[], Tally] = Tally
    opened: list[Jobs] = field(default_factory=list)

    def worker(self, *, catalog: str = "own", url: str = "") -> Jobs:
        """A worker as on another machine: a catalog and scratch of its own, the store in common."""
        name = uuid.uuid4().hex
        environment = {"NVME_ROOT": str(self.folder / name)}
        if catalog == "own":
            environment["CALOTYPE_CATALOG"] = f"sqlite:///{self.folder / name}.sqlite"
        session = Session(url or self.folder / "store", environment)
        settings = JobSettings(private=AllowedHosts.parse(f"127.0.0.1:{self.site.port}"))
        self.opened.append(Jobs(session, Bench(session), settings, plan=self.plan))
        return self.opened[-1]

    def plan(self, job: SplatJob, folder: Path, iterations: int) -> tuple[PipelineSpec, dict[str, str]]:
        """A quick pipeline instead of a splat: the sum of the numbers that the URLs hold."""
        pipeline = Pipeline("sum")
        made = pipeline.add(self.stage(), step="make", numbers=pipeline.source("photos", Report))
        pipeline.publish("scene.ply", made.report, label="splat")
        return pipeline.build(), {"photos": " ".join(job.image_urls)}

    def job(self, **changes: object) -> SplatJob:
        urls = [self.site.url(f"/{number}.json", host="127.0.0.1") for number in range(6)]
        return SplatJob.parse({"input": {"project_id": "chair", "image_urls": urls, **changes}})

    def url(self, path: str) -> str:
        return self.site.url(path, host="127.0.0.1")


@pytest.fixture
def place(tmp_path: Path, site: Site) -> Iterator[Place]:
    made = Place(tmp_path, site)
    yield made
    for jobs in made.opened:
        jobs.bench.close()
        jobs.session.close()


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


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_a_job_cut_off_by_its_timeout_goes_on_on_whichever_worker_gets_it_next(
    place: Place, tmp_path: Path, kind: str
) -> None:
    trace, gate = tmp_path / "trace", tmp_path / "gate"
    place.stage = lambda: Tally(trace=str(trace), gate=str(gate))
    worker = place.worker(url=f"memory://{uuid.uuid4().hex}" if kind == "memory" else "")
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
    other = worker if kind == "memory" else place.worker()
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


def test_two_deliveries_at_once_are_one_run_with_one_result(place: Place, site: Site) -> None:
    ends: list[JobEnd] = []
    job = place.job()
    workers = [place.worker(), place.worker()]
    threads = [
        threading.Thread(target=lambda one=one: ends.append(one.carry_out("job-1", job, stop=Stop(60))))
        for one in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [end.state for end in ends] == ["completed"] * 2
    assert ends[0].result.run == ends[1].result.run
    assert len(list(workers[0].session.store.list("runs"))) == 1


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
