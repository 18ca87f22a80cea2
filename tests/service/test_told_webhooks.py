"""A service tells the operator's webhooks how runs end."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.service.conftest import PATIENCE_S, ended, toy_request
from tests.storage.hostile_server import Site

from calotype.errors import ConfigurationError
from calotype.service.settings import ServiceSettings


@pytest.fixture
def environment(site: Site, tmp_path: Path) -> dict[str, str]:
    site.routes["/told"] = lambda handler: handler.say(200)
    return {
        "NVME_ROOT": str(tmp_path / "scratch"),
        "CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{site.port}",
        "CALOTYPE_RUN_WEBHOOKS": site.url("/told", host="127.0.0.1"),
    }


def test_the_operators_webhook_is_told_of_a_run_that_ended(client: TestClient, site: Site) -> None:
    run = client.post("/api/v1/runs", json=toy_request(site)).raise_for_status().json()["id"]
    assert ended(client, run)["state"] == "done"
    deadline = time.monotonic() + PATIENCE_S
    while not (told := [one for one in site.seen if one.path == "/told"]):
        assert time.monotonic() < deadline, "nobody was told"
        time.sleep(0.05)
    message = json.loads(told[0].body)
    assert message["type"] == "run.done" and message["data"]["run"] == run


def test_an_address_that_is_none_is_refused_without_its_words() -> None:
    with pytest.raises(ConfigurationError, match="URL 1") as refused:
        ServiceSettings.from_environment({"CALOTYPE_RUN_WEBHOOKS": "s3cret"})
    assert "s3cret" not in str(refused.value)
