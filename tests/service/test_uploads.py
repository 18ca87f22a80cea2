"""Files that clients bring themselves, and runs over them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.service.conftest import ended

from calotype.runners.session import Session
from calotype.service.app import create_app
from calotype.service.keys import READ, add_key
from calotype.service.service import Service
from calotype.service.settings import ServiceSettings

UPLOADS = "/api/v1/uploads"
RUNS = "/api/v1/runs"


@pytest.fixture(params=("folder", "memory"))
def service(
    request: pytest.FixtureRequest, installed: None, environment: dict[str, str], tmp_path: Path
) -> Iterator[Service]:
    """A service over each kind of store; files of uploads may have ten thousand bytes."""
    place = f"memory://{tmp_path.name}" if request.param == "memory" else str(tmp_path / "store")
    session = Session(place, environment)
    settings = ServiceSettings.from_environment(environment | {"CALOTYPE_SERVICE_UPLOAD_MB": "0.01"})
    yield Service(session, settings)
    session.close()


def begun(client: TestClient, count: int = 4) -> str:
    """An upload with files that hold 0, 1, 2, ..."""
    upload = client.post(UPLOADS).json()["id"]
    for value in range(count):
        data = json.dumps(value).encode()
        got = client.put(f"{UPLOADS}/{upload}/numbers/{value}.json", content=data)
        assert got.status_code == 201
        assert got.json()["sha256"] == hashlib.sha256(data).hexdigest()
    return upload


def asked(upload: str) -> dict[str, object]:
    return {"pipeline": "toy", "inputs": {"numbers": {"upload": upload}}}


def test_a_run_reads_what_was_uploaded(client: TestClient, tmp_path: Path) -> None:
    upload = begun(client)
    run = client.post(RUNS, json=asked(upload))
    assert run.status_code == 202 and run.json()["source"] == upload
    done = ended(client, run.json()["id"])
    assert (done["state"], done["figures"]) == ("done", {"sum": 12})
    assert str(tmp_path) not in json.dumps(done)
    again = client.post(RUNS, json=asked(upload)).json()["id"]
    assert ended(client, again)["state"] == "done"


def test_an_upload_goes_on_where_it_broke_off(client: TestClient) -> None:
    upload = begun(client, 2)
    there = client.get(f"{UPLOADS}/{upload}").json()["files"]
    assert [(one["name"], one["size"]) for one in there] == [("numbers/0.json", 1), ("numbers/1.json", 1)]
    client.put(f"{UPLOADS}/{upload}/numbers/1.json", content=b"10")
    client.put(f"{UPLOADS}/{upload}/numbers/2.json", content=b"20")
    run = client.post(RUNS, json=asked(upload)).json()["id"]
    assert ended(client, run)["figures"] == {"sum": 60}


def test_too_few_files_are_told_without_a_place(client: TestClient, tmp_path: Path) -> None:
    run = client.post(RUNS, json=asked(begun(client, 1))).json()["id"]
    failed = ended(client, run)
    assert failed["state"] == "failed" and "at least 2 are needed" in failed["message"]
    assert str(tmp_path) not in failed["message"] and "memory://" not in failed["message"]


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc/passwd", ".hidden", "a/.hidden/b", "a//b", "%00", "a%5Cb", "x" * 400, "a%0Ab"]
)
def test_a_name_that_leads_elsewhere_is_refused(client: TestClient, name: str) -> None:
    upload = client.post(UPLOADS).json()["id"]
    refused = client.put(f"{UPLOADS}/{upload}/{name}", content=b"1")
    assert refused.status_code in (404, 422), refused.text
    assert client.get(f"{UPLOADS}/{upload}").json()["files"] == []


def test_what_is_too_large_or_has_no_length_is_refused(client: TestClient) -> None:
    upload = client.post(UPLOADS).json()["id"]
    large = client.put(f"{UPLOADS}/{upload}/a.json", content=b"1" * 20_000)
    assert large.status_code == 413
    unknown = client.put(f"{UPLOADS}/{upload}/a.json", content=iter([b"1", b"2"]))
    assert unknown.status_code == 411
    short = client.put(f"{UPLOADS}/{upload}/a.json", content=b"12", headers={"Content-Length": "5"})
    assert short.status_code == 400
    assert client.get(f"{UPLOADS}/{upload}").json()["files"] == []


def test_uploads_nobody_has_are_unknown(client: TestClient) -> None:
    for upload in ("upl_" + "0" * 32, "upl_1", "runs"):
        assert client.get(f"{UPLOADS}/{upload}").status_code == 404
        assert client.put(f"{UPLOADS}/{upload}/a.json", content=b"1").status_code == 404
    assert client.post(RUNS, json=asked("upl_" + "0" * 32)).status_code == 404
    assert client.post(RUNS, json=asked("../runs")).status_code == 404


def test_a_dropped_upload_is_gone_and_old_ones_are_swept(client: TestClient, service: Service) -> None:
    first, second = begun(client), begun(client)
    assert client.delete(f"{UPLOADS}/{first}").status_code == 204
    assert client.get(f"{UPLOADS}/{first}").status_code == 404
    assert service.uploads.sweep() == 0
    if not service.session.store.url.startswith("memory"):  # Its uploads end with the process.
        time.sleep(0.01)
        assert service.uploads.sweep(older_than_s=0.0) == 1
        assert client.get(f"{UPLOADS}/{second}").status_code == 404


def test_bringing_files_needs_the_scope_to_write(service: Service, client: TestClient) -> None:
    reader = {"Authorization": f"Bearer {add_key(service.session.catalog, 'reader', [READ])}"}
    assert client.post(UPLOADS, headers=reader).status_code == 403
    assert TestClient(create_app(service)).post(UPLOADS).status_code == 401
