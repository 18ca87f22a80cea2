"""What the service's tests share: a pipeline that is installed, a site with numbers, a service and clients with keys."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from tests.storage.hostile_server import Site, running_site

from calotype.engine import registry
from calotype.runners.session import Session
from calotype.service.app import create_app
from calotype.service.keys import add_key
from calotype.service.service import Service
from calotype.service.settings import ServiceSettings

ENDED = ("done", "failed", "cancelled")
PATIENCE_S = 60.0

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that, on the path, has the pipeline `toy` installed."""
    folder = tmp_path_factory.mktemp("plugin")
    info = folder / "toys-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[calotype.pipelines]\ntoy = tests.service.toy_pipelines:toy\n")
    return folder


@pytest.fixture
def installed(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pipeline `toy` is installed in this process."""
    monkeypatch.syspath_prepend(str(plugin))
    registry._entries.cache_clear()
    yield
    monkeypatch.undo()
    registry._entries.cache_clear()


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def numbers_at(site: Site, count: int = 6) -> list[str]:
    """URLs of files that hold 0, 1, 2, ...; their queries are secret."""
    for value in range(count):
        site.serve(f"/numbers/{value}.json", json.dumps(value).encode())
    return [site.url(f"/numbers/{value}.json?sig=secret", host="127.0.0.1") for value in range(count)]


@pytest.fixture
def environment(site: Site, tmp_path: Path) -> dict[str, str]:
    """Settings of a service whose clients may read the site."""
    return {
        "NVME_ROOT": str(tmp_path / "scratch"),
        "CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{site.port}",
        "CALOTYPE_SERVICE_SOURCES": "s3://opened/photos",
    }


@pytest.fixture
def service(installed: None, environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
    """A service over a store in memory; it begins to work with its first client."""
    session = Session(f"memory://{tmp_path.name}", environment)
    yield Service(session, ServiceSettings.from_environment(environment))
    session.close()


@pytest.fixture
def key(service: Service) -> str:
    return add_key(service.session.catalog, "tests")


@pytest.fixture
def client(service: Service, key: str) -> Iterator[TestClient]:
    """A client of a service that works."""
    headers = {"Authorization": f"Bearer {key}"}
    with TestClient(create_app(service), headers=headers, raise_server_exceptions=False) as client:
        yield client


def toy_request(site: Site, count: int = 6, **parameters: Any) -> dict[str, Any]:
    """The body that asks for the toy pipeline over numbers of the site."""
    inputs = {"numbers": {"urls": numbers_at(site, count)}}
    return {"pipeline": "toy", "parameters": parameters, "inputs": inputs}


def ended(client: httpx.Client, run: str) -> dict[str, Any]:
    """The run once it has ended."""
    return until(client, run, *ENDED)


def until(client: httpx.Client, run: str, *states: str) -> dict[str, Any]:
    """The run once it is in one of these states."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = client.get(f"/api/v1/runs/{run}").raise_for_status().json()
        if found["state"] in states:
            return found
        time.sleep(0.02)
    return pytest.fail(f"run {run} is {found['state']}, not {' or '.join(states)}: {found}")


def wait_for(path: Path) -> None:
    """Return once a file exists."""
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} was never written"
        time.sleep(0.02)
