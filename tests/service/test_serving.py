"""`calotype serve` as a process: killed and stopped in the middle, served again, nothing lost and nothing done twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest
from tests.service.conftest import ended, toy_request, until, wait_for
from tests.storage.hostile_server import Site

from calotype.catalog import Catalog
from calotype.engine.requests import StoredRequest, write_request
from calotype.service.asked import RunRequest
from calotype.service.keys import add_key
from calotype.storage.store import open_store

ROOT = Path(__file__).parents[2]
RUNS = "/api/v1/runs"
_MAIN = "from calotype.cli.app import main; main()"


@pytest.fixture
def key(tmp_path: Path) -> str:
    (tmp_path / "store").mkdir()
    catalog = Catalog(tmp_path / "store" / "catalog.sqlite")
    try:
        return add_key(catalog, "tests")
    finally:
        catalog.close()


Served = tuple[subprocess.Popen[str], httpx.Client]


@pytest.fixture
def serve(
    plugin: Path, environment: dict[str, str], tmp_path: Path, key: str
) -> Iterator[Callable[[], Iterator[Served]]]:
    """Serve the store for the length of a `with`: the process, and a client of it."""
    path = os.pathsep.join([str(plugin), str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    variables = {**os.environ, **environment, "PYTHONPATH": path}
    command = [
        sys.executable,
        "-c",
        _MAIN,
        "serve",
        "--port",
        "0",
        "--store",
        str(tmp_path / "store"),
    ]
    log = (tmp_path / "log").open("a")

    @contextmanager
    def running() -> Iterator[Served]:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=variables
        ) as process:
            try:
                assert process.stdout is not None
                found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
                assert found is not None, (tmp_path / "log").read_text()
                with httpx.Client(
                    base_url=found[0], headers={"Authorization": f"Bearer {key}"}, timeout=30
                ) as client:
                    yield process, client
            finally:
                process.kill()

    yield running
    log.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_service_that_ends_in_the_middle_goes_on_when_it_is_served_again(
    serve: Callable[[], Iterator[Served]], site: Site, tmp_path: Path, how: signal.Signals
) -> None:
    gate, trace = tmp_path / "gate", tmp_path / "trace"
    with serve() as (process, client):
        working = client.post(RUNS, json=toy_request(site, gate=str(gate), trace=str(trace))).json()["id"]
        waiting = client.post(RUNS, json=toy_request(site, factor=3)).json()["id"]
        wait_for(trace)
        process.send_signal(how)
        code = process.wait(60)
        if how == signal.SIGTERM:
            assert code == 0
    gate.touch()
    with serve() as (_, client):
        first, second = ended(client, working), ended(client, waiting)
        assert (first["state"], first["figures"]) == ("done", {"sum": 30})
        assert (second["state"], second["figures"]) == ("done", {"sum": 45})
        assert len(client.get(RUNS).json()["runs"]) == 2
    added = [line.split()[0] for line in trace.read_text().splitlines()]
    assert sorted(added) == sorted(set(added)), "what was checkpointed is not added again"
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_service_that_was_told_to_stop_leaves_its_run_queued(
    serve: Callable[[], Iterator[Served]], site: Site, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    asked = toy_request(site, gate=str(tmp_path / "gate"), trace=str(trace))
    with serve() as (process, client):
        run = client.post(RUNS, json=asked).json()["id"]
        wait_for(trace)
        process.terminate()
        process.wait(60)
    catalog = Catalog(tmp_path / "store" / "catalog.sqlite")
    assert catalog.runs.get(run).state == "queued"
    catalog.close()


def test_a_request_that_only_the_store_knows_is_taken_on(
    serve: Callable[[], Iterator[Served]], site: Site, tmp_path: Path
) -> None:
    asked = RunRequest.model_validate(toy_request(site))
    assert asked.inputs["numbers"].urls
    urls = " ".join(asked.inputs["numbers"].urls)
    run = "20261128-101500-k3v9"
    kept = StoredRequest(run=run, asker="x", call={"name": "toy", "arguments": {}}, inputs={"numbers": urls})
    write_request(open_store(tmp_path / "store"), kept)
    with serve() as (_, client):
        assert ended(client, run)["figures"] == {"sum": 30}


def test_progress_is_seen_while_a_run_works(
    serve: Callable[[], Iterator[Served]], site: Site, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    with serve() as (_, client):
        run = client.post(RUNS, json=toy_request(site, gate=str(gate))).json()["id"]
        seen: list[str] = []
        with client.stream("GET", f"{RUNS}/{run}/events") as stream:
            for line in stream.iter_lines():
                seen.append(line)
                if '"type": "step_progress", "step": "add"' in line:
                    gate.touch()
        assert gate.exists(), "progress came before the end"
        assert any("run_done" in line for line in seen)
        assert until(client, run, "done")


def test_streams_do_not_keep_a_service_from_stopping(
    serve: Callable[[], Iterator[Served]], site: Site, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    asked = toy_request(site, gate=str(tmp_path / "gate"), trace=str(trace))
    with serve() as (process, client):
        run = client.post(RUNS, json=asked).json()["id"]
        with client.stream("GET", f"{RUNS}/{run}/events") as stream:
            lines = stream.iter_lines()
            next(lines)
            wait_for(trace)
            process.terminate()
            for _ in lines:
                pass
        assert process.wait(60) == 0
