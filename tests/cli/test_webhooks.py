"""`calotype webhooks`: what is to be sent is listed without its secrets, replayed under its id, and sent on demand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from tests.storage.hostile_server import Site, running_site

from calotype.catalog.deliveries import Delivery
from calotype.engine.deliveries import write_deliveries
from calotype.runners.session import Session
from commands import Called

SECRET = "whsec_" + "QUJD" * 10


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with running_site() as running:
        monkeypatch.setenv("CALOTYPE_JOBS_ALLOW_PRIVATE_HOSTS", f"127.0.0.1:{running.port}")
        monkeypatch.setenv("CALOTYPE_WEBHOOK_SECRET", SECRET)
        yield running


@pytest.fixture
def noted(run: str, receiver: Site, tmp_path: Path) -> str:
    """The id of a webhook of a finished run, which waits."""
    target = receiver.url("/s3cret/hook", host="127.0.0.1")
    delivery = Delivery(f"dlv_{run}_webhook", run, "webhook", target, json.dumps({"event": {"a": 1}}))
    session = Session(tmp_path / "store", os.environ)
    write_deliveries(session.store, [delivery])
    session.catalog.deliveries.enqueue([delivery])
    session.close()
    return delivery.id


def test_what_waits_is_listed_without_the_path_of_its_webhook(
    calotype: Callable[..., Called], noted: str, receiver: Site
) -> None:
    listed = calotype("webhooks", "list")
    assert listed.code == 0 and noted in listed.out and "due now" in listed.out
    assert f"http://127.0.0.1:{receiver.port}" in listed.out and "s3cret" not in listed.out
    [one] = calotype("webhooks", "list", "--run", "latest", "--state", "waiting", "--json").json
    assert (one["id"], one["state"], one["attempts"]) == (noted, "waiting", 0) and "s3cret" not in str(one)
    assert calotype("webhooks", "list", "--state", "failed").out.startswith("Nothing of that kind")
    assert calotype("webhooks", "list", "--state", "lost").code == 78


def test_what_is_due_is_sent_signed_and_nothing_is_due_after_that(
    calotype: Callable[..., Called], noted: str, receiver: Site
) -> None:
    receiver.routes["/s3cret/hook"] = lambda handler: handler.say(200)
    sent = calotype("webhooks", "send")
    assert (sent.code, sent.out) == (0, f"{noted} has arrived\n")
    [came] = receiver.seen
    assert Webhook(SECRET).verify(came.body, dict(came.headers)) == {"a": 1}
    assert calotype("webhooks", "send").out == "Nothing is due.\n"


def test_what_was_given_up_is_replayed_and_arrives_under_the_same_id(
    calotype: Callable[..., Called], noted: str, receiver: Site
) -> None:
    receiver.routes["/s3cret/hook"] = lambda handler: handler.say(410)
    refused = calotype("webhooks", "send")
    assert refused.code == 78 and "was given up" in refused.out and "410" in refused.out
    receiver.routes["/s3cret/hook"] = lambda handler: handler.say(503, Retry_After="7300")
    assert calotype("webhooks", "replay", "--failed", "--json").json[0]["state"] == "waiting"
    busy = calotype("webhooks", "send", "--json")
    assert busy.code == 75 and busy.json[0]["state"] == "waiting"
    assert "due at" in calotype("webhooks", "list").out and "503" in calotype("webhooks", "list").out
    elsewhere = receiver.serve("/other", b"").replace("photos.example", "127.0.0.1")
    assert calotype("webhooks", "replay", noted, "--target", elsewhere).out.startswith(f"{noted} is due now")
    assert calotype("webhooks", "send").code == 0
    assert {one.headers["webhook-id"] for one in receiver.seen} == {noted}
    assert receiver.seen[-1].path == "/other"
    assert calotype("webhooks", "replay", "--failed", "--run", "latest").out == "None was given up.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say what to replay"),
        (["a", "--failed"], "Say what to replay"),
        (["a", "b", "--target", "https://example.org"], "--target is for one"),
        (["a", "--run", "latest"], "--run goes with --failed"),
        (["dlv_unknown"], "no delivery 'dlv_unknown'"),
    ],
)
def test_what_cannot_be_replayed_is_told(
    calotype: Callable[..., Called], noted: str, arguments: list[str], said: str
) -> None:
    called = calotype("webhooks", "replay", *arguments)
    assert called.code == 78 and said in called.err


def test_a_secret_that_is_none_is_told_before_anything_is_sent(
    calotype: Callable[..., Called], noted: str, receiver: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALOTYPE_WEBHOOK_SECRET", "hunter2")
    called = calotype("webhooks", "send")
    assert called.code == 78 and "CALOTYPE_WEBHOOK_SECRET" in called.err and "hunter2" not in called.err
    assert receiver.seen == []


def test_the_operators_webhook_is_told_of_a_run_that_the_command_line_made(
    calotype: Callable[..., Called], run: str, receiver: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "CALOTYPE_RUN_WEBHOOKS", receiver.serve("/runs", b"").replace("photos.example", "127.0.0.1")
    )
    assert calotype("webhooks", "send").code == 0
    [came] = receiver.seen
    told = Webhook(SECRET).verify(came.body, dict(came.headers))
    assert (told["type"], told["data"]["run"]) == ("run.done", run)
    assert calotype("webhooks", "send").out == "Nothing is due.\n"
