"""`calotype worker runpod`: a whole splat job from test_input.json, its settings, and what it says where something is missing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.storage.hostile_server import Site, running_site

from calotype.cli.worker import worker_environment
from calotype.errors import ConfigurationError
from calotype.runners.job_settings import JobSettings
from calotype.vision.splatting.ply import read_splat_ply
from commands import Called

Calotype = Callable[..., Called]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(photos: Path) -> Iterator[Site]:
    """Serves the photos of a small capture and takes uploads."""
    with running_site() as running:
        for photo in photos.iterdir():
            running.serve(f"/{photo.name}", photo.read_bytes(), ETag=f'"{photo.name}"')
        for path in ("/scene.ply", "/hook"):
            running.routes[path] = lambda handler: handler.say(200)
        yield running


def splat_job(site: Site, photos: Path, **changes: object) -> dict[str, Any]:
    urls = [site.url(f"/{photo.name}?signature=1", host="127.0.0.1") for photo in sorted(photos.iterdir())]
    return {"input": {"project_id": "room", "image_urls": urls, **changes}}


def test_a_test_input_becomes_a_splat_on_a_cpu_and_given_again_answers_at_once(
    calotype: Calotype, site: Site, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS", f"127.0.0.1:{site.port}")
    upload = site.url("/scene.ply", host="127.0.0.1")
    hook = site.url("/hook", host="127.0.0.1")
    job = splat_job(
        site, photos, iterations=40, max_side=96, upload_url=f"{upload}?signature=2", webhook_url=hook
    )
    (tmp_path / "test_input.json").write_text(json.dumps(job))
    done = calotype("worker", "runpod")
    assert done.code == 0, done.err
    assert done.json["status"] == "completed" and done.json["model_url"] == upload
    assert done.json["images_processed"] == 20 and done.json["iterations"] == 40
    assert "signature" not in done.out + done.err
    (sent,) = [one for one in site.seen if one.method == "PUT"]
    (tmp_path / "sent.ply").write_bytes(sent.body)
    assert np.isfinite(read_splat_ply(tmp_path / "sent.ply").means).all()
    assert done.json["model_size_mb"] == round(len(sent.body) / 2**20, 2)
    assert calotype("runs", "--json").json[0]["id"] == done.json["run"]
    (told,) = [json.loads(one.body) for one in site.seen if one.method == "POST"]
    assert told == {name: done.json[name] for name in told}
    assert set(told) == {"job_id", "status", "model_url", "model_size_mb", "project_id", "error"}

    seen = len(site.seen)
    script = [sys.executable, str(ROOT / "examples/02_a_splat_job.py")]
    again = subprocess.run(
        [*script, os.environ["CALOTYPE_STORE"], "local_test", "test_input.json"],
        capture_output=True,
        text=True,
        check=True,
    )
    state, _, result = again.stdout.partition(": ")
    assert state == "completed" and json.loads(result)["run"] == done.json["run"]
    assert len(site.seen) == seen

    (cameras,) = Path(os.environ["CALOTYPE_STORE"]).glob("outputs/*/transforms.json")
    known = splat_job(
        site,
        photos,
        iterations=40,
        max_side=96,
        camera_params=json.loads(cameras.read_text()),
        skip_matching=True,
    )
    (tmp_path / "known.json").write_text(json.dumps({"id": "known-1", **known}))
    posed = calotype("worker", "runpod", "--test-input", "known.json")
    assert posed.code == 0, posed.err
    assert posed.json["images_processed"] == 20 and posed.json["model_url"] is None
    assert "sfm" not in calotype("status", posed.json["run"]).out


def test_without_a_platform_and_without_a_test_input_it_says_what_to_give(
    calotype: Calotype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RUNPOD_WEBHOOK_GET_JOB", raising=False)
    refused = calotype("worker", "runpod")
    assert refused.code == 78 and "Give --test-input FILE, or --api-port PORT." in refused.err
    missing = calotype("worker", "runpod", "--test-input", tmp_path / "none.json")
    assert missing.code == 78 and "none.json cannot be read as a job" in missing.err


def test_a_failed_job_is_told_to_its_webhook(
    calotype: Calotype, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS", f"127.0.0.1:{site.port}")
    urls = [site.url(f"/gone-{number}.jpg", host="127.0.0.1") for number in range(5)]
    job = {"project_id": "room", "image_urls": urls, "webhook_url": site.url("/hook", host="127.0.0.1")}
    (tmp_path / "job.json").write_text(json.dumps({"id": "job-7", "input": job}))
    failed = calotype("worker", "runpod", "--test-input", tmp_path / "job.json")
    assert failed.code == 78
    (told,) = [json.loads(one.body) for one in site.seen if one.method == "POST"]
    assert told["job_id"] == "job-7" and told["status"] == "failed" and told["error"] == failed.json["error"]
    assert told["model_url"] is None


def test_a_job_that_is_wrong_ends_with_its_error_and_makes_no_run(
    calotype: Calotype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "job.json").write_text(json.dumps({"input": {"project_id": "room", "image_urls": ["x"] * 5}}))
    refused = calotype("worker", "runpod", "--test-input", tmp_path / "job.json")
    assert refused.code == 78
    assert refused.json["error"].startswith("input.image_urls[0]: ")
    assert calotype("runs", "--json").json == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ITERATIONS", "many"),
        ("ITERATIONS", "0"),
        ("ITERATIONS", "1.5"),
        ("MAX_TIMEOUT", "-1"),
        ("MAX_TIMEOUT", "nan"),
        ("CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS", "a/b/c"),
    ],
)
def test_a_setting_that_is_wrong_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        JobSettings.from_environment({name: value})


def test_settings_are_read_from_the_environment() -> None:
    assert JobSettings.from_environment({}) == JobSettings(iterations=7000, timeout_s=3600.0)
    given = JobSettings.from_environment({"ITERATIONS": "500", "MAX_TIMEOUT": "90"})
    assert (given.iterations, given.timeout_s) == (500, 90.0)


def test_the_temporary_folder_is_scratch_and_a_platforms_catalog_lies_there(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert worker_environment({"TEMP_DIR": "/tmp/x"}, "store")["NVME_ROOT"] == "/tmp/x/calotype"
    assert worker_environment({"TEMP_DIR": "/tmp/x", "NVME_ROOT": "/fast"}, "store")["NVME_ROOT"] == "/fast"
    assert "CALOTYPE_CATALOG" not in worker_environment({"TEMP_DIR": "/tmp/x"}, "store")
    platform = {"TEMP_DIR": "/tmp/x", "RUNPOD_WEBHOOK_GET_JOB": "https://api.example"}
    made = worker_environment(platform, "/runpod-volume/store")
    assert made["CALOTYPE_CATALOG"] == "sqlite:////tmp/x/calotype/worker.sqlite"
    assert capfd.readouterr().err == ""
    worker_environment(platform, "store")
    assert "store ends with this worker" in capfd.readouterr().err


def test_the_command_loads_no_sdk_and_no_framework_before_it_needs_one() -> None:
    code = (
        "import sys, calotype.cli.worker; "
        "print([m for m in ('runpod', 'aiohttp', 'fastapi', 'torch', 'pycolmap', 'cv2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@contextmanager
def sdk_server(tmp_path: Path) -> Iterator[str]:
    """The URL of the SDK's own test API around the worker."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    code = "import sys; from calotype.cli.app import main; main()"
    environment = {**os.environ, "NVME_ROOT": str(tmp_path / "scratch")}
    command = [sys.executable, "-c", code, "worker", "runpod", "--api-port", str(port)]
    command += ["--store", str(tmp_path / "store")]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while not _answers(port):
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(find_spec("runpod") is None, reason="the RunPod SDK is not installed: calotype[runpod]")
def test_the_sdks_own_test_api_answers_with_the_jobs_error(tmp_path: Path) -> None:
    with sdk_server(tmp_path) as url:
        body = json.dumps({"input": {"project_id": "room", "image_urls": ["https://localhost/1.jpg"] * 5}})
        request = urllib.request.Request(
            f"{url}/runsync", body.encode(), {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            said = json.load(answer)
    assert said["status"] == "FAILED"
    assert (
        said["error"]
        == "input.image_urls names 1 photos (one named twice counts once); at least 5 are needed."
    )
