"""Jobs in the shape of RunPod's API: given, asked after, waited for, streamed, cancelled, told of by webhooks."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.runners.job_stages import Tally
from tests.service.conftest import PATIENCE_S, numbers_at, wait_for
from tests.storage.hostile_server import Site

from calotype.artifacts import Report
from calotype.contracts.splat_job import SplatJob
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.runners.session import Session
from calotype.service.answers import FINAL
from calotype.service.app import create_app
from calotype.service.keys import READ, add_key
from calotype.service.service import Service
from calotype.service.settings import ServiceSettings

SPLAT = "/v2/splat"


@pytest.fixture
def service(environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    """A service whose jobs are quick: numbers are added. A job called `slow` waits for a gate after the third."""

    def plan(job: SplatJob, folder: Path, iterations: int) -> tuple[PipelineSpec, dict[str, str]]:
        pipeline = Pipeline("sum")
        numbers = pipeline.source("photos", Report)
        gate = str(tmp_path / "gate") if job.project_id == "slow" else ""
        tally = Tally(trace=str(tmp_path / "trace"), gate=gate, fails=job.project_id == "bad")
        made = pipeline.add(tally, step="make", numbers=numbers)
        pipeline.publish("scene.ply", made.report, label="splat")
        return pipeline.build(), {"photos": " ".join(job.image_urls)}

    session = Session(f"memory://{tmp_path.name}", environment)
    yield Service(session, ServiceSettings.from_environment(environment), plan=plan)
    session.close()


def job(site: Site, project: str = "chair", count: int = 6, **more: Any) -> dict[str, Any]:
    return {"input": {"project_id": project, "image_urls": numbers_at(site, count), **more}}


def ended(client: TestClient, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = client.get(f"{SPLAT}/status/{job_id}").raise_for_status().json()
        if found["status"] in FINAL:
            return found
        time.sleep(0.02)
    return pytest.fail(f"{job_id} is {found['status']}")


def posted(site: Site, path: str) -> dict[str, Any]:
    """What was posted to the site there, once it was."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for request in site.seen:
            if request.method == "POST" and request.path == path:
                return json.loads(request.body)
        time.sleep(0.02)
    return pytest.fail(f"nothing was posted to {path}")


def test_a_job_is_queued_at_once_and_answered_when_it_is_done(client: TestClient, site: Site) -> None:
    given = client.post(f"{SPLAT}/run", json=job(site))
    assert given.status_code == 200 and given.json()["status"] == "IN_QUEUE"
    done = ended(client, given.json()["id"])
    assert done["status"] == "COMPLETED" and done["executionTime"] >= 0 and done["delayTime"] >= 0
    output = done["output"]
    assert (output["status"], output["project_id"], output["error"]) == ("completed", "chair", None)
    assert output["job_id"] == given.json()["id"]
    assert client.post(f"{SPLAT}/status/{given.json()['id']}").json()["output"] == output
    run = client.get(f"/api/v1/runs/{output['run']}").json()
    assert run["state"] == "done"


def test_waited_for_a_job_answers_whole(client: TestClient, site: Site) -> None:
    answer = client.post(f"{SPLAT}/runsync", json=job(site)).json()
    assert answer["status"] == "COMPLETED" and answer["output"]["status"] == "completed"


def test_a_wait_that_is_too_short_answers_how_it_stands(
    client: TestClient, site: Site, tmp_path: Path
) -> None:
    answer = client.post(f"{SPLAT}/runsync?wait=1000", json=job(site, "slow")).json()
    assert answer["status"] == "IN_PROGRESS"
    (tmp_path / "gate").touch()
    assert ended(client, answer["id"])["status"] == "COMPLETED"


def test_model_and_webhooks_go_where_the_client_said(client: TestClient, site: Site) -> None:
    for path in ("/scene.ply", "/hook", "/status-hook"):
        site.routes[path] = lambda handler: handler.say(200)
    there = {
        name: site.url(path, host="127.0.0.1")
        for name, path in (("upload_url", "/scene.ply?sig=secret"), ("webhook_url", "/hook"))
    }
    body = job(site, **there) | {"webhook": site.url("/status-hook", host="127.0.0.1")}
    done = client.post(f"{SPLAT}/runsync", json=body).json()
    assert done["output"]["model_url"] == site.url("/scene.ply", host="127.0.0.1")
    assert any(request.method == "PUT" and b"sum" in request.body for request in site.seen)
    told = posted(site, "/hook")
    assert (told["job_id"], told["status"], told["model_url"]) == (
        done["id"],
        "completed",
        done["output"]["model_url"],
    )
    platform = posted(site, "/status-hook")
    assert (platform["id"], platform["status"]) == (done["id"], "COMPLETED")
    assert platform["output"] == done["output"]


def test_what_a_client_brought_is_gone_once_its_job_has_ended(
    client: TestClient, site: Site, service: Service
) -> None:
    client.post(f"{SPLAT}/runsync", json=job(site))
    store = service.session.store
    assert not any(b"secret" in b"".join(store.stream(info.key)) for info in store.list())


def test_a_job_that_fails_says_why_and_tells_its_webhook(client: TestClient, site: Site) -> None:
    site.routes["/hook"] = lambda handler: handler.say(200)
    hook = site.url("/hook", host="127.0.0.1")
    failed = client.post(f"{SPLAT}/runsync", json=job(site, "bad", webhook_url=hook)).json()
    assert failed["status"] == "FAILED" and "not to be had" in failed["error"]
    assert posted(site, "/hook")["status"] == "failed"
    assert "Traceback" not in json.dumps(failed)


def test_a_job_that_waits_is_cancelled_and_its_webhook_is_told(
    client: TestClient, site: Site, tmp_path: Path
) -> None:
    site.routes["/hook"] = lambda handler: handler.say(200)
    slow = client.post(f"{SPLAT}/run", json=job(site, "slow")).json()["id"]
    wait_for(tmp_path / "trace")
    hook = site.url("/hook", host="127.0.0.1")
    waiting = client.post(f"{SPLAT}/run", json=job(site, webhook_url=hook)).json()["id"]
    health = client.get(f"{SPLAT}/health").json()
    assert (health["jobs"]["inProgress"], health["jobs"]["inQueue"]) == (1, 1)
    assert client.post(f"{SPLAT}/cancel/{waiting}").json()["status"] == "CANCELLED"
    told = posted(site, "/hook")
    assert told["status"] == "failed" and "cancelled" in told["error"]
    (tmp_path / "gate").touch()
    assert ended(client, slow)["status"] == "COMPLETED"
    assert client.post(f"{SPLAT}/cancel/{slow}").json()["status"] == "COMPLETED"


def test_a_job_at_work_is_cancelled_within_seconds(client: TestClient, site: Site, tmp_path: Path) -> None:
    slow = client.post(f"{SPLAT}/run", json=job(site, "slow")).json()["id"]
    wait_for(tmp_path / "trace")
    client.post(f"{SPLAT}/cancel/{slow}")
    assert ended(client, slow)["status"] == "CANCELLED"


def test_a_job_that_takes_longer_than_it_may_has_timed_out(client: TestClient, site: Site) -> None:
    body = job(site, "slow") | {"policy": {"executionTimeout": 5000}}
    given = client.post(f"{SPLAT}/run", json=body).json()["id"]
    timed_out = ended(client, given)
    assert timed_out["status"] == "TIMED_OUT" and "timed out" in timed_out["error"]


def test_a_stream_tells_progress_once(client: TestClient, site: Site) -> None:
    done = client.post(f"{SPLAT}/runsync", json=job(site)).json()["id"]
    first = client.get(f"{SPLAT}/stream/{done}").json()
    assert first["status"] == "COMPLETED"
    assert {"step", "done"} <= first["stream"][0]["output"].keys()
    assert client.get(f"{SPLAT}/stream/{done}").json()["stream"] == []


def test_several_scenes_are_one_job(client: TestClient, site: Site) -> None:
    scenes = [job(site, name, count)["input"] for name, count in (("one", 6), ("bad", 5))]
    done = client.post(f"{SPLAT}/runsync", json={"input": {"scenes": scenes}}).json()
    assert done["status"] == "FAILED" and "1 of 2 scenes failed" in done["error"]
    assert [scene["status"] for scene in done["output"]["scenes"]] == ["completed", "failed"]


def test_a_wrong_job_is_refused_with_the_name_of_its_field(client: TestClient, site: Site) -> None:
    for body, said in (
        ({}, "input"),
        ({"input": {}}, "project_id"),
        (job(site, count=4), "at least 5"),
        (job(site, iterations=-1), "iterations"),
        (job(site, upload_url="file:///etc/passwd"), "upload_url"),
        (job(site) | {"webhook": "file:///etc/passwd"}, "webhook"),
        (job(site) | {"webhook": 7}, "webhook"),
        (job(site) | {"policy": {"executionTimeout": "soon"}}, "executionTimeout"),
        (job(site) | {"policy": 3}, "executionTimeout"),
        ([], "dictionary"),
    ):
        refused = client.post(f"{SPLAT}/run", json=body)
        assert refused.status_code == 422 and said in refused.json()["detail"], refused.text
    assert client.post("/v2/mesh/run", json=job(site)).status_code == 404
    for word in ("status", "stream"):
        assert client.get(f"{SPLAT}/{word}/nothing").status_code == 404
    assert client.get(f"{SPLAT}/status/6f1c2f9e-3c38-4d0a-9a3e-0f5f2d6c7b11-u1").status_code == 404
    assert client.post(f"{SPLAT}/cancel/..%2f..%2fx").status_code == 404


def test_jobs_need_keys_and_scopes_too(client: TestClient, site: Site, service: Service) -> None:
    assert client.post(f"{SPLAT}/run", json=job(site), headers={"Authorization": ""}).status_code == 401
    reader = {"Authorization": f"Bearer {add_key(service.session.catalog, 'reader', [READ])}"}
    assert client.post(f"{SPLAT}/run", json=job(site), headers=reader).status_code == 403
    assert client.get(f"{SPLAT}/health", headers=reader).status_code == 200


def test_a_job_goes_on_with_the_next_service(service: Service, key: str, site: Site, tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(service), headers=headers) as client:
        slow = client.post(f"{SPLAT}/run", json=job(site, "slow")).json()["id"]
        wait_for(tmp_path / "trace")
    (tmp_path / "gate").touch()
    again = Service(service.session, service.settings, plan=service.jobs._plan)
    with TestClient(create_app(again), headers=headers) as client:
        done = ended(client, slow)
    assert done["status"] == "COMPLETED"
    added = [line.split()[0] for line in (tmp_path / "trace").read_text().splitlines()]
    assert added == sorted(set(added))
