"""Against a stand-in for RunPod's side: jobs are taken, results handed over, stop signals obeyed, and nothing begun is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.storage.hostile_server import Handler, Site, running_site

pytestmark = pytest.mark.skipif(
    find_spec("runpod") is None, reason="the RunPod SDK is not installed: pip install 'calotype[runpod]'"
)

ROOT = Path(__file__).parents[2]
WAIT_S = 60.0


@dataclass
class Platform:
    """What RunPod's side has to give to a worker, and what it was told."""

    site: Site
    jobs: list[dict[str, Any]] = field(default_factory=list)
    to_stop: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site.routes["/take/job-take/w"] = self._take
        self.site.routes["/take/job-stop/w"] = self._stop
        for number in range(6):
            self.site.serve(f"/{number}.json", json.dumps(number).encode(), ETag=f'"{number}"')

    def _take(self, handler: Handler) -> None:
        """A job where there is one, else nothing, a moment later."""
        if self.jobs:
            handler.say(200, json.dumps(self.jobs.pop(0)).encode(), Content_Type="application/json")
        else:
            self.site.closing.wait(0.1)
            handler.say(204)

    def _stop(self, handler: Handler) -> None:
        ids, self.to_stop = self.to_stop, []
        handler.say(200, json.dumps({"jobsToStop": ids}).encode(), Content_Type="application/json")

    def give(self, job_id: str, project: str, **changes: object) -> None:
        """Have the next worker that asks take this job."""
        self.site.routes[f"/done/w/{job_id}"] = lambda handler: handler.say(200)
        # Another set of numbers: over the same ones a quick job would go on where the slow one stopped.
        numbers = range(6) if project == "slow" else range(1, 6)
        urls = [self.site.url(f"/{number}.json", host="127.0.0.1") for number in numbers]
        self.jobs.append({"id": job_id, "input": {"project_id": project, "image_urls": urls, **changes}})

    def told(self, job_id: str) -> list[dict[str, Any]]:
        """All that was said of a job."""
        path = f"/done/w/{job_id}"
        return [json.loads(one.body) for one in list(self.site.seen) if one.path.split("?")[0] == path]

    def results(self, job_id: str) -> list[dict[str, Any]]:
        return [one for one in self.told(job_id) if one.get("status") != "IN_PROGRESS"]


def wait_for(what: Callable[[], object], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not what():
        assert process.poll() is None, f"the worker ended: {process.communicate()[0]}"
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running_site() as site:
        yield Platform(site)


@contextmanager
def worker(platform: Platform, tmp_path: Path, name: str) -> Iterator[subprocess.Popen[str]]:
    """A worker with a catalog and scratch of its own; asked to go at the end, if it has not gone."""
    base = f"http://127.0.0.1:{platform.site.port}"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RUNPOD_")},
        "RUNPOD_WEBHOOK_GET_JOB": f"{base}/take/job-take/$ID?gpu=none",
        "RUNPOD_WEBHOOK_POST_OUTPUT": f"{base}/done/$RUNPOD_POD_ID/$ID?gpu=none",
        "RUNPOD_POD_ID": "w",
        "RUNPOD_SKIP_AUTO_SYSTEM_CHECKS": "true",
        "RUNPOD_SKIP_GPU_CHECK": "true",
        "NVME_ROOT": str(tmp_path / name),
        "CALOTYPE_CATALOG": f"sqlite:///{tmp_path / name}.sqlite",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, str(ROOT / "tests/runners/toy_worker.py"), str(tmp_path / "store")]
    command += [str(platform.site.port), str(tmp_path / "trace"), str(tmp_path / "gate")]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def added(tmp_path: Path) -> list[str]:
    trace = tmp_path / "trace"
    return [line.split()[0] for line in trace.read_text().splitlines()] if trace.exists() else []


ALL = [f"{number}.json" for number in range(6)]


def test_a_stopped_job_ends_alone_and_goes_on_when_it_is_given_again(
    platform: Platform, tmp_path: Path
) -> None:
    with worker(platform, tmp_path, "one") as process:
        platform.give("slow-1", "slow")
        wait_for(lambda: len(added(tmp_path)) == 3, process)
        platform.to_stop = ["slow-1"]
        platform.give("quick-1", "quick", iterations=5)
        wait_for(lambda: platform.results("quick-1"), process)
        (quick,) = platform.results("quick-1")
        assert quick["output"]["status"] == "completed" and quick["output"]["job_id"] == "quick-1"
        assert "error" not in quick
        assert platform.results("slow-1") == []

        (tmp_path / "gate").touch()
        (tmp_path / "trace").unlink()
        platform.give("slow-1", "slow")
        wait_for(lambda: platform.results("slow-1"), process)
        assert platform.results("slow-1")[0]["output"]["status"] == "completed"
        assert added(tmp_path) == ALL[3:]
        assert any(one.get("status") == "IN_PROGRESS" for one in platform.told("slow-1"))


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_worker_that_must_go_or_is_killed_hands_over_no_result_and_the_next_one_goes_on(
    platform: Platform, tmp_path: Path, how: signal.Signals, code: int
) -> None:
    with worker(platform, tmp_path, "one") as process:
        platform.give("slow-1", "slow")
        wait_for(lambda: len(added(tmp_path)) == 3, process)
        process.send_signal(how)
        process.communicate(timeout=WAIT_S)
        assert process.returncode == code
    assert platform.results("slow-1") == []
    (tmp_path / "gate").touch()
    with worker(platform, tmp_path, "two") as process:
        platform.give("slow-1", "slow")
        wait_for(lambda: platform.results("slow-1"), process)
    assert platform.results("slow-1")[0]["output"]["status"] == "completed"
    assert added(tmp_path) == ALL


def test_what_is_wrong_with_a_job_is_its_error_without_a_traceback(
    platform: Platform, tmp_path: Path
) -> None:
    with worker(platform, tmp_path, "one") as process:
        platform.give("bad-1", "quick", iterations="many")
        wait_for(lambda: platform.results("bad-1"), process)
        platform.give("gone-1", "quick")
        del platform.site.routes["/5.json"]
        wait_for(lambda: platform.results("gone-1"), process)
    (bad,), (gone,) = platform.results("bad-1"), platform.results("gone-1")
    assert bad == {
        "error": "input.iterations: Input should be a valid integer, unable to parse string as an integer."
    }
    assert "/5.json" in gone["error"] and gone["output"]["status"] == "failed"
    assert "Traceback" not in json.dumps([bad, gone])
    assert "stopPod" not in gone
