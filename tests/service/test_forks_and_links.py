"""Runs made from runs over the API, and links to files that need no key."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from tests.service.conftest import ended, toy_request
from tests.storage.hostile_server import Site

from calotype.service.links import caller_of_link, link_to
from calotype.service.service import Service

RUNS = "/api/v1/runs"


@pytest.fixture
def done(client: TestClient, site: Site) -> str:
    """A finished run."""
    run = client.post(RUNS, json=toy_request(site)).json()["id"]
    ended(client, run)
    return run


def test_a_fork_computes_what_changed_and_takes_the_rest_over(client: TestClient, done: str) -> None:
    forked = client.post(f"{RUNS}/{done}/fork", json={"changes": {"double.factor": 3}})
    assert forked.status_code == 202 and forked.json()["parent"] == done
    assert forked.headers["location"] == f"{RUNS}/{forked.json()['id']}"
    assert ended(client, forked.json()["id"])["figures"] == {"sum": 45}
    again = client.post(f"{RUNS}/{done}/fork", json={"from_step": "add"}).json()["id"]
    steps = {step["step"]: step["adopted"] for step in ended(client, again)["steps"]}
    assert steps == {"double": True, "add": False}


def test_a_fork_that_cannot_be_is_a_problem(client: TestClient, done: str) -> None:
    for body, said in (
        ({"changes": {"double.speed": 1}}, "speed"),
        ({"changes": {"nothing.factor": 1}}, "nothing"),
        ({"changes": {"double.factor": "fast"}}, "fast"),
        ({"changes": {"notes": "/etc/passwd"}}, "names a file of the server"),
        ({"changes": {"double.factor=1 x": 1}}, "changes"),
        ({"from_step": "nothing"}, "nothing"),
        ({"output": "/tmp"}, "output"),
    ):
        refused = client.post(f"{RUNS}/{done}/fork", json=body)
        assert refused.status_code in (404, 422) and said in refused.text, refused.text
    assert len(client.get(RUNS).json()["runs"]) == 1
    unknown = client.post(f"{RUNS}/20261122-093015-k3v9/fork", json={})
    assert unknown.status_code == 404


def test_a_link_fetches_its_file_without_a_key(client: TestClient, done: str) -> None:
    listed = client.get(f"{RUNS}/{done}/artifacts", params={"link_s": 60}).json()["artifacts"]
    total = next(one for one in listed if one["name"] == "total.json")
    stranger = TestClient(client.app)
    fetched = stranger.get(total["link"])
    assert fetched.status_code == 200 and fetched.content == client.get(total["url"]).content
    assert stranger.get(total["link"], headers={"Range": "bytes=0-3"}).status_code == 206
    assert fetched.headers["referrer-policy"] == "no-referrer"
    assert stranger.get(total["url"]).status_code == 401
    assert all(one["link"] is None for one in client.get(f"{RUNS}/{done}/artifacts").json()["artifacts"])


def test_a_link_is_good_for_nothing_else(client: TestClient, done: str, service: Service) -> None:
    listed = client.get(f"{RUNS}/{done}/artifacts", params={"link_s": 60}).json()["artifacts"]
    one, other = listed[0], listed[1]
    query = one["link"].partition("?")[2]
    stranger = TestClient(client.app)
    assert stranger.get(f"{other['url']}?{query}").status_code == 401
    assert stranger.get(f"{RUNS}?{query}").status_code == 401
    assert stranger.post(f"{RUNS}/{done}/cancel?{query}").status_code == 401
    assert stranger.get(f"{RUNS}/{done}/events?{query}").status_code == 401
    later = query.replace(parse_qs(query)["expires"][0], str(int(time.time()) + 3600))
    assert stranger.get(f"{one['url']}?{later}").status_code == 401
    assert stranger.get(f"{one['url']}?{query.replace('signature=', 'signature=%C3%A9')}").status_code == 401
    assert stranger.get(f"{one['url']}?{query}" + "&a=1" * 50).status_code == 401
    service.session.catalog.api_keys.remove("tests")
    assert stranger.get(one["link"]).status_code == 401


def test_a_link_ends_with_its_time(client: TestClient, service: Service) -> None:
    [key] = service.session.catalog.api_keys.list()
    path, now = f"{RUNS}/20261122-093015-k3v9/artifacts/a b.json", int(time.time())
    link = urlsplit(link_to(path, key, now + 60))
    for at, is_good in ((now, True), (now + 59, True), (now + 60, False), (now + 1000, False)):
        caller = caller_of_link(service.session.catalog, path, link.query, at)
        assert (caller is not None) is is_good
    for link_s in (0, -1, 10**9):
        asked = client.get(f"{RUNS}/20261122-093015-k3v9/artifacts", params={"link_s": link_s})
        assert asked.status_code == 422
