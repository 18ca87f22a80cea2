"""Runs over the API: asked for, watched, cancelled, resumed, fetched."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.service.conftest import ended, numbers_at, toy_request, until, wait_for
from tests.storage.hostile_server import Site

from calotype.service.app import create_app
from calotype.service.keys import add_key
from calotype.service.service import Service

RUNS = "/api/v1/runs"


def test_a_run_that_was_asked_for_is_carried_to_its_end(
    client: TestClient, site: Site, service: Service
) -> None:
    answer = client.post(RUNS, json=toy_request(site))
    assert answer.status_code == 202
    run = answer.json()["id"]
    assert answer.headers["location"] == f"{RUNS}/{run}"
    assert "secret" not in answer.text
    done = ended(client, run)
    assert (done["state"], done["figures"]) == ("done", {"sum": 30})
    assert [(step["step"], step["state"]) for step in done["steps"]] == [("double", "done"), ("add", "done")]
    assert done["ended"] >= done["created"]


def test_signatures_of_urls_are_gone_once_the_inputs_were_read(
    client: TestClient, site: Site, service: Service
) -> None:
    run = client.post(RUNS, json=toy_request(site)).json()["id"]
    ended(client, run)
    store = service.session.store
    assert not any(b"secret" in b"".join(store.stream(info.key)) for info in store.list())
    assert list(store.list("requests")) == []


def test_files_of_a_run_are_fetched_whole_and_in_parts(client: TestClient, site: Site) -> None:
    run = client.post(RUNS, json=toy_request(site)).json()["id"]
    ended(client, run)
    listed = client.get(f"{RUNS}/{run}/artifacts").json()["artifacts"]
    assert {one["name"] for one in listed} == {"total.json", *(f"doubled/{n}.json" for n in range(6))}
    total = next(one for one in listed if one["label"] == "total")
    whole = client.get(total["url"])
    assert json.loads(whole.content) == {"sum": 30, "count": 6}
    assert (len(whole.content), whole.headers["etag"]) == (total["size"], f'"{total["sha256"]}"')
    part = client.get(total["url"], headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, whole.content[2:5])
    assert part.headers["content-range"] == f"bytes 2-4/{total['size']}"
    last = client.get(total["url"], headers={"Range": "bytes=-3"})
    assert last.content == whole.content[-3:]
    head = client.head(total["url"])
    assert head.headers["content-length"] == str(total["size"]) and head.content == b""
    assert client.get(total["url"], headers={"If-None-Match": whole.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "asked", ["bytes=900-", "bytes=5-2", "bytes=x-y", "bytes=-0", "bytes=" + "0-1," * 50]
)
def test_a_part_that_a_file_does_not_have_is_refused(client: TestClient, site: Site, asked: str) -> None:
    run = client.post(RUNS, json=toy_request(site, 2)).json()["id"]
    ended(client, run)
    refused = client.get(f"{RUNS}/{run}/artifacts/total.json", headers={"Range": asked})
    assert refused.status_code == 416
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["content-range"].startswith("bytes */")


def test_asked_twice_under_one_idempotency_key_there_is_one_run(client: TestClient, site: Site) -> None:
    body, named = toy_request(site), {"Idempotency-Key": "order-17"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(RUNS, json=body, headers=named), range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len(client.get(RUNS).json()["runs"]) == 1
    other = client.post(RUNS, json=toy_request(site, factor=3), headers=named)
    assert other.status_code == 422 and "stands for run" in other.json()["detail"]


def test_idempotency_keys_of_two_askers_are_two(client: TestClient, site: Site, service: Service) -> None:
    other = {"Authorization": f"Bearer {add_key(service.session.catalog, 'other')}"}
    body, named = toy_request(site), {"Idempotency-Key": "1"}
    first = client.post(RUNS, json=body, headers=named).json()["id"]
    assert client.post(RUNS, json=body, headers=named | other).json()["id"] != first


def test_pages_show_every_run_once_while_new_ones_come(client: TestClient, site: Site) -> None:
    body = toy_request(site)
    made = [client.post(RUNS, json=body).json()["id"] for _ in range(5)]
    page = client.get(RUNS, params={"limit": 2}).json()
    seen = [run["id"] for run in page["runs"]]
    client.post(RUNS, json=body)
    while page["next"]:
        page = client.get(RUNS, params={"limit": 2, "cursor": page["next"]}).json()
        seen += [run["id"] for run in page["runs"]]
    assert seen == made[::-1]


def test_runs_are_listed_by_state(client: TestClient, site: Site) -> None:
    good = client.post(RUNS, json=toy_request(site)).json()["id"]
    bad = client.post(RUNS, json=toy_request(site, factor=5, fails=True)).json()["id"]
    ended(client, good), ended(client, bad)
    assert [run["id"] for run in client.get(RUNS, params={"state": "failed"}).json()["runs"]] == [bad]


def test_a_run_that_waits_is_cancelled_before_anything_of_it_is_done(
    client: TestClient, site: Site, tmp_path: Path
) -> None:
    gate, trace = tmp_path / "gate", tmp_path / "trace"
    working = client.post(RUNS, json=toy_request(site, gate=str(gate), trace=str(trace))).json()["id"]
    wait_for(trace)
    waiting = client.post(RUNS, json=toy_request(site)).json()["id"]
    assert until(client, waiting, "queued")["steps"][0]["state"] == "waiting"
    assert client.post(f"{RUNS}/{waiting}/cancel").json()["state"] == "cancelled"
    assert client.post(f"{RUNS}/{waiting}/cancel").status_code == 202
    gate.touch()
    assert ended(client, working)["state"] == "done"
    assert ended(client, waiting)["state"] == "cancelled"
    resumed = client.post(f"{RUNS}/{waiting}/resume")
    assert resumed.status_code == 202 and ended(client, waiting)["state"] == "done"


def test_a_run_at_work_is_cancelled_and_goes_on_where_it_was(
    client: TestClient, site: Site, tmp_path: Path
) -> None:
    gate, trace = tmp_path / "gate", tmp_path / "trace"
    run = client.post(RUNS, json=toy_request(site, gate=str(gate), trace=str(trace))).json()["id"]
    wait_for(trace)
    assert client.post(f"{RUNS}/{run}/resume").status_code == 409
    client.post(f"{RUNS}/{run}/cancel")
    assert ended(client, run)["state"] == "cancelled"
    gate.touch()
    assert client.post(f"{RUNS}/{run}/resume").json()["state"] == "queued"
    done = ended(client, run)
    assert (done["state"], done["figures"]) == ("done", {"sum": 30})
    assert [line.split()[0] for line in trace.read_text().splitlines()] == [f"{n}.json" for n in range(6)]
    refused = client.post(f"{RUNS}/{run}/cancel")
    assert refused.status_code == 409 and "done already" in refused.json()["detail"]


def test_inputs_that_cannot_be_read_fail_the_run_and_say_why(client: TestClient, site: Site) -> None:
    urls = numbers_at(site, 2)
    bodies = {
        "needed": [urls[0]],
        "404": [*urls, site.url("/gone.json", host="127.0.0.1")],
        "loopback": [*urls, "http://127.0.0.1:8080/a.json"],
        "private": ["http://10.0.0.1/a.json", "http://10.0.0.1/b.json"],
    }
    for said, given in bodies.items():
        asked = {"pipeline": "toy", "inputs": {"numbers": {"urls": given}}}
        run = client.post(RUNS, json=asked).json()["id"]
        failed = ended(client, run)
        assert failed["state"] == "failed" and said in failed["message"], failed
        assert client.post(f"{RUNS}/{run}/resume").status_code == 409


def test_events_of_a_run_are_its_history_and_go_on_after_the_last_one_seen(
    client: TestClient, site: Site
) -> None:
    run = client.post(RUNS, json=toy_request(site)).json()["id"]
    seen = client.get(f"{RUNS}/{run}/events")  # Ends with the run.
    assert seen.headers["content-type"].startswith("text/event-stream")
    events = [block for block in seen.text.split("\n\n") if block.startswith("id: ")]
    types = [block.splitlines()[1].removeprefix("event: ") for block in events]
    assert types[0] == "source_progress" and types[-1] == "run_done"
    assert types.count("step_done") == 2
    third = events[2].splitlines()[0].removeprefix("id: ")
    rest = client.get(f"{RUNS}/{run}/events", headers={"Last-Event-ID": third})
    assert [block for block in rest.text.split("\n\n") if block.startswith("id: ")] == events[3:]
    assert json.loads(events[-1].splitlines()[2].removeprefix("data: "))["state"] == "done"


def test_askers_take_turns(service: Service, key: str, site: Site) -> None:
    catalog = service.session.catalog
    many, few = ({"Authorization": f"Bearer {add_key(catalog, name)}"} for name in ("many", "few"))
    app = create_app(service)
    client = TestClient(app)  # Not entered: nothing is carried yet.
    body = toy_request(site)
    asked = [client.post(RUNS, json=body, headers=many).json()["id"] for _ in range(4)]
    asked += [client.post(RUNS, json=body, headers=few).json()["id"] for _ in range(2)]
    turns = []
    while turn := service.desk.next():
        turns.append(turn.entry.run)
        service.desk.end(turn.entry.run)
        service.desk.release(turn)
    assert turns == [asked[0], asked[4], asked[1], asked[5], asked[2], asked[3]]
