"""Whatever is asked, the answer is a problem that says what to do, and nothing of ours is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from tests.service.conftest import toy_request
from tests.storage.hostile_server import Site

from calotype.service.app import create_app
from calotype.service.asked import EXAMPLE, RunRequest
from calotype.service.gate import OPEN
from calotype.service.keys import READ, add_key
from calotype.service.limits import Allowance, BodyLimit, TokenBuckets
from calotype.service.service import Service
from calotype.service.settings import ServiceSettings

RUNS = "/api/v1/runs"
URLS = {"urls": ["https://example.org/1.json", "https://example.org/2.json"]}


def asked(**changed: Any) -> dict[str, Any]:
    return {"pipeline": "toy", "parameters": {}, "inputs": {"numbers": URLS}} | changed


def numbers(given: Any) -> dict[str, Any]:
    return asked(inputs={"numbers": given})


def check_problem(answer: httpx.Response, status: int, said: str = "") -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (
        problem["status"] == status
        and problem["title"]
        and problem["type"].startswith("urn:calotype:problem:")
    )
    assert said in answer.text
    assert "Traceback" not in answer.text and ".py" not in answer.text


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (asked(pipeline="nothing"), 404, "No pipeline is called"),
        (asked(pipeline=7), 422, "pipeline"),
        (asked(pipeline="x" * 10_000), 422, "at most 64"),
        (asked(parameters={"speed": 1}), 422, "has no parameter 'speed'. It has: factor"),
        (asked(parameters={"factor": "fast"}), 422, "factor = 'fast' is not possible"),
        (asked(pipeline="splat", parameters={"train": {"iterations": -1}}), 422, "train"),
        (asked(pipeline="splat", parameters={"poses": "/etc"}), 422, "poses names a file of the server"),
        (asked(parameters={"notes": "/etc/passwd"}), 422, "notes names a file of the server"),
        (asked(parameters=[]), 422, "parameters"),
        (asked(inputs={}), 422, "inputs"),
        (asked(inputs={"photos": URLS}), 422, "needs the inputs numbers"),
        (asked(inputs={"numbers": URLS, "more": URLS}), 422, "needs the inputs numbers"),
        (asked(output="/tmp/here"), 422, "output"),
        (numbers("/etc"), 422, "inputs.numbers"),
        (numbers({"path": "/etc"}), 422, "inputs.numbers"),
        (numbers({}), 422, "give one of urls, prefix, upload"),
        (numbers(URLS | {"prefix": "s3://opened/photos"}), 422, "give one of urls, prefix, upload"),
        (numbers({"urls": []}), 422, "inputs.numbers.urls"),
        (numbers({"urls": ["file:///etc/passwd"]}), 422, "inputs.numbers.urls.0"),
        (numbers({"urls": ["/etc/passwd"]}), 422, "inputs.numbers.urls.0"),
        (numbers({"urls": ["https://example.org/a /etc/passwd"]}), 422, "inputs.numbers.urls.0"),
        (numbers({"urls": ["https://example.org/a\x1f/etc/passwd"]}), 422, "url-refused"),
        (numbers({"urls": ["https://user:word@example.org/a"]}), 422, "user name or password"),
        (numbers({"urls": ["https://example.org/" + "a" * 9000]}), 422, "inputs.numbers.urls.0"),
        (numbers({"prefix": "s3://closed/photos"}), 422, "CALOTYPE_SERVICE_SOURCES"),
        (numbers({"prefix": "s3://opened/photosets"}), 422, "CALOTYPE_SERVICE_SOURCES"),
        (numbers({"prefix": "s3://opened/photos/../secrets"}), 422, "cannot be a name"),
        (numbers({"prefix": "/etc"}), 422, "CALOTYPE_SERVICE_SOURCES"),
        (numbers({"prefix": "file:///etc"}), 422, "CALOTYPE_SERVICE_SOURCES"),
        ([], 422, ""),
        (None, 422, ""),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong_and_makes_nothing(
    client: TestClient, service: Service, body: Any, status: int, said: str
) -> None:
    check_problem(client.post(RUNS, json=body), status, said)
    assert client.get(RUNS).json()["runs"] == []
    assert list(service.session.store.list("requests")) == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"pipeline": "toy", "pipeline": 1}']
)
def test_a_body_that_is_no_json_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post(RUNS, content=body, headers={"Content-Type": "application/json"})
    check_problem(answer, answer.status_code)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("DELETE", RUNS, 405),
        ("GET", f"{RUNS}/latest", 404),
        ("GET", f"{RUNS}/20261122-093015-k3v9", 404),
        ("GET", f"{RUNS}/20261122", 404),
        ("POST", f"{RUNS}/20261122-093015-k3v9/resume", 404),
        ("POST", f"{RUNS}/20261122-093015-k3v9/cancel", 404),
        ("GET", f"{RUNS}/20261122-093015-k3v9/events", 404),
        ("GET", f"{RUNS}/20261122-093015-k3v9/artifacts", 404),
        ("GET", f"{RUNS}/20261122-093015-k3v9/artifacts/..%2f..%2fetc/passwd", 404),
        ("GET", f"{RUNS}/..%2f..%2fetc%2fpasswd", 404),
        ("GET", f"{RUNS}/%00", 404),
        ("GET", f"{RUNS}?limit=0", 422),
        ("GET", f"{RUNS}?limit=100000000000000000000", 422),
        ("GET", f"{RUNS}?cursor=%F0%9F%92%A5", 422),
        ("GET", f"{RUNS}?cursor=W10", 422),
        ("GET", f"{RUNS}?cursor=" + "A" * 5000, 422),
        ("GET", f"{RUNS}?state=lost", 422),
    ],
)
def test_a_wrong_address_is_a_problem(client: TestClient, method: str, path: str, status: int) -> None:
    check_problem(client.request(method, path), status)


def test_a_wrong_idempotency_key_or_event_id_is_a_problem(client: TestClient, site: Site) -> None:
    for key in ("x" * 300, "two words", ""):
        check_problem(client.post(RUNS, json=asked(), headers={"Idempotency-Key": key}), 422, "dempotency-")
    run = client.post(RUNS, json=toy_request(site)).json()["id"]
    for last in ("-1", "one", "9" * 30):
        check_problem(client.get(f"{RUNS}/{run}/events", headers={"Last-Event-ID": last}), 422)


def test_without_a_known_key_nothing_is_answered(client: TestClient, service: Service, key: str) -> None:
    routes = [
        (method.upper(), path.replace("{run}", "20261122-093015-k3v9").replace("{name}", "a"))
        for path, methods in client.get("/openapi.json").json()["paths"].items()
        for method in methods
        if path not in OPEN
    ]
    assert len(routes) >= 20
    wrong = ["", "Bearer", "Bearer x", f"Basic {key}", f"Bearer {key[:-1]}{'A' if key[-1] != 'A' else 'B'}"]
    for number, (method, path) in enumerate(routes):
        stranger = TestClient(client.app, client=(f"10.0.0.{number}", 1))
        answer = stranger.request(method, path, headers={"Authorization": wrong[number % len(wrong)]})
        check_problem(answer, 401, "calotype keys add")
        assert answer.headers["www-authenticate"] == "Bearer"
    service.session.catalog.api_keys.remove("tests")
    check_problem(client.get(RUNS), 401)


def test_guessing_keys_is_slowed_down(client: TestClient) -> None:
    statuses = [client.get(RUNS, headers={"Authorization": "Bearer x"}).status_code for _ in range(25)]
    assert statuses[:20] == [401] * 20 and statuses[-1] == 429
    assert client.get(RUNS).status_code == 200  # Who has a key is not kept out.


def test_a_key_that_may_only_look_starts_and_stops_nothing(client: TestClient, service: Service) -> None:
    reader = {"Authorization": f"Bearer {add_key(service.session.catalog, 'reader', [READ])}"}
    assert client.get(RUNS, headers=reader).status_code == 200
    check_problem(client.post(RUNS, json=asked(), headers=reader), 403, "lacks the scope runs:write")
    for word in ("cancel", "resume"):
        check_problem(client.post(f"{RUNS}/20261122-093015-k3v9/{word}", headers=reader), 403)


def test_a_body_that_is_too_large_is_refused_unread_and_half_read(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    check_problem(client.post(RUNS, content=b" " * (11 << 20), headers=headers), 413, "10485760 bytes")

    def pieces() -> Any:
        for _ in range(12):
            yield b" " * (1 << 20)

    check_problem(client.post(RUNS, content=pieces(), headers=headers), 413)
    check_problem(client.post(RUNS, content=b"{}", headers={"Content-Length": "-5"}), 413)


def test_a_body_that_never_ends_is_not_waited_for() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await PlainTextResponse("read")(scope, receive, send)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await anyio.sleep(60)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(BodyLimit(app, Allowance(100, 0.05)))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/", content=trickle())

    check_problem(anyio.run(ask), 408, "did not arrive")


def test_requests_beyond_the_rate_are_told_when_to_come_back(service: Service, key: str) -> None:
    settings = ServiceSettings.from_environment({"CALOTYPE_SERVICE_RATE": "0.1"})
    slow = Service(service.session, settings)
    client = TestClient(create_app(slow), headers={"Authorization": f"Bearer {key}"})
    assert client.get(RUNS).status_code == 200
    refused = client.get(RUNS)
    check_problem(refused, 429, "Too many requests")
    assert 5 <= int(refused.headers["retry-after"]) <= 11


def test_a_bucket_fills_again_with_time_and_names_do_not_pile_up() -> None:
    now = 0.0
    buckets = TokenBuckets(per_second=2, burst=2, clock=lambda: now)
    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, 0.5]
    assert buckets.take("b") == 0.0
    now = 0.5
    assert [buckets.take("a") for _ in range(2)] == [0.0, 0.5]
    for number in range(20_000):
        buckets.take(str(number))
    assert len(buckets._buckets) <= 10_000


def test_an_error_of_ours_says_nothing_but_its_kind(service: Service, key: str) -> None:
    app = create_app(service)

    @app.get("/boom")
    def boom() -> None:
        raise ZeroDivisionError("the secret of the house")

    client = TestClient(app, headers={"Authorization": f"Bearer {key}"}, raise_server_exceptions=False)
    answer = client.get("/boom")
    check_problem(answer, 500, "ZeroDivisionError")
    assert "secret" not in answer.text


def test_a_catalog_that_is_gone_is_the_services_trouble_and_says_so(
    service: Service, client: TestClient
) -> None:
    service.session.catalog._database.write(
        lambda connection: connection.exec_driver_sql("DROP TABLE runs").rowcount
    )
    check_problem(client.get(RUNS), 500)


def test_everything_the_service_can_do_is_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert RunRequest.model_validate(EXAMPLE)
    assert described["components"]["schemas"]["RunRequest"]["examples"] == [EXAMPLE]
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            assert route["summary"] and route["description"], (method, path)
            if path not in OPEN:
                assert route["security"] == [{"key": []}], (method, path)
                assert {"401", "403", "429", "500"} <= route["responses"].keys(), (method, path)
            for status, answer in route["responses"].items():
                if int(status) >= 400 and path not in OPEN:
                    assert list(answer["content"]) == ["application/problem+json"], (method, path, status)
    text = client.get("/openapi.json").text
    names = {one.split('"')[0] for one in text.split("#/components/schemas/")[1:]}
    assert names <= described["components"]["schemas"].keys()


def test_health_needs_no_key(client: TestClient) -> None:
    answer = client.get("/health", headers={"Authorization": ""})
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok" and answer.json()["waiting"] == 0
