"""What waits in the outbox arrives, once its receiver can take it, under one id; what cannot arrive is given up with its reason."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError
from tests.runners.outbox_place import EVENT, SECRET, Outbox
from tests.storage.hostile_server import Handler, Site, running_site

from calotype.catalog.deliveries import LEASE_S, Delivery
from calotype.engine.deliveries import ask_again, delivery_path
from calotype.errors import ConfigurationError, UnknownName
from calotype.runners.carriers import Uploads
from calotype.runners.sending import Schedule
from calotype.runners.signing import SigningSecrets
from calotype.storage.web_policy import UPLOADS, AllowedHosts

OLD_SECRET = "whsec_" + "QUJD" * 12
HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture
def receiver() -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture
def outbox(tmp_path: Path, receiver: Site) -> Iterator[Outbox]:
    made = Outbox(tmp_path, receiver)
    yield made
    for session in made.opened:
        session.close()


def test_a_receivers_library_accepts_our_signature_and_gets_the_event_as_it_is(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 204)))
    [sent] = outbox.sender().send_due()
    [came] = outbox.seen("/hook")
    assert sent.state == "delivered" and outbox.state() == "delivered"
    assert Webhook(SECRET).verify(came.body, dict(came.headers)) == EVENT
    assert came.headers["webhook-id"] == "dlv_r_webhook"
    assert came.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD_SECRET).verify(came.body, dict(came.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(came.body + b" ", dict(came.headers))
    assert not outbox.session.store.exists(delivery_path("dlv_r_webhook"))


def test_while_a_secret_is_replaced_the_new_and_the_old_one_are_both_accepted(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 200)))
    outbox.sender(secret=f"{SECRET} {OLD_SECRET}").send_due()
    [came] = outbox.seen("/hook")
    for secret in (SECRET, OLD_SECRET):
        assert Webhook(secret).verify(came.body, dict(came.headers)) == EVENT


def test_without_a_secret_a_message_has_its_id_and_time_and_no_signature(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 200)))
    outbox.sender(secret="").send_due()
    headers = outbox.seen("/hook")[0].headers
    assert (headers["webhook-id"], int(headers["webhook-timestamp"])) == (
        "dlv_r_webhook",
        int(outbox.clock.now),
    )
    assert "webhook-signature" not in headers


@pytest.mark.parametrize("word", ["secret", "whsec_", "whsec_***", "whsec_" + "QUJD" * 4, SECRET[6:]])
def test_what_is_no_secret_is_refused_without_being_shown(word: str) -> None:
    with pytest.raises(ConfigurationError, match="CALOTYPE_WEBHOOK_SECRET: Secret 2 is none") as refused:
        SigningSecrets.from_environment({"CALOTYPE_WEBHOOK_SECRET": f"{SECRET} {word}"})
    assert word not in str(refused.value).replace("whsec_ and", "").replace("whsec_$", "") or word == "whsec_"
    assert SECRET[6:] not in repr(SigningSecrets.parse(SECRET))


def test_a_receiver_that_is_down_for_an_hour_gets_the_message_under_the_same_id(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", lambda after: 503 if after < HOUR else 200)))
    attempts = outbox.live_for(7 * DAY)
    assert [state for _, state, _ in attempts] == ["waiting"] * 4 + ["delivered"]
    pauses = [5, 300, 1800, 7200]
    due = [1.05 * sum(pauses[:n]) for n in range(5)]
    assert [at for at, _, _ in attempts] == pytest.approx(due, abs=0.01)
    came = outbox.seen("/hook")
    assert {(one.headers["webhook-id"], one.body) for one in came} == {("dlv_r_webhook", came[0].body)}
    times = [int(one.headers["webhook-timestamp"]) for one in came]
    assert times == sorted(set(times))
    signatures = {one.headers["webhook-signature"] for one in came}
    assert len(signatures) == 5


def test_a_receiver_that_never_answers_well_is_given_up_after_three_days_and_a_replay_begins_anew(
    outbox: Outbox,
) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 500)))
    attempts = outbox.live_for(30 * DAY)
    assert [state for _, state, _ in attempts] == ["waiting"] * 9 + ["failed"]
    assert 3 * DAY < attempts[-1][0] < 4 * DAY
    assert "HTTP 500" in attempts[-1][2] and "inner secret" not in attempts[-1][2]
    assert outbox.session.store.exists(delivery_path("dlv_r_webhook"))
    outbox.answers("/hook", lambda after: 503 if after < 60 else 200)
    ask_again(outbox.session.store, outbox.session.catalog, "dlv_r_webhook")
    assert [state for _, state, _ in outbox.live_for(DAY)] == ["waiting", "waiting", "delivered"]
    assert {one.headers["webhook-id"] for one in outbox.seen("/hook")} == {"dlv_r_webhook"}


def test_what_has_arrived_can_be_sent_again(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 200)))
    outbox.sender().send_due()
    ask_again(outbox.session.store, outbox.session.catalog, "dlv_r_webhook")
    assert [one.state for one in outbox.sender().send_due()] == ["delivered"]
    assert len(outbox.seen("/hook")) == 2
    with pytest.raises(UnknownName, match="no delivery 'other'"):
        ask_again(outbox.session.store, outbox.session.catalog, "other")


def test_a_receiver_that_is_gone_for_good_is_asked_once(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook/secret", 410)))
    [(_, state, error)] = outbox.live_for(30 * DAY)
    assert state == "failed" and "HTTP 410" in error and "/hook" not in error
    assert len(outbox.seen("/hook/secret")) == 1


@pytest.mark.parametrize("status", [429, 503, 413])
def test_a_receiver_that_asks_for_time_gets_it(outbox: Outbox, status: int) -> None:
    outbox.note(
        outbox.webhook(
            outbox.answers("/hook", lambda after: status if after < 3000 else 200, Retry_After="4000")
        )
    )
    attempts = outbox.live_for(DAY)
    assert [(round(at), state) for at, state, _ in attempts] == [(0, "waiting"), (4000, "delivered")]


def test_a_redirect_is_a_failure_that_may_pass_and_is_not_followed(outbox: Outbox) -> None:
    outbox.answers("/elsewhere", 200)
    outbox.answers("/hook", lambda after: 302 if after < 60 else 200, Location="/elsewhere")
    outbox.note(outbox.webhook("/hook"))
    attempts = outbox.live_for(DAY)
    assert [state for _, state, _ in attempts] == ["waiting", "waiting", "delivered"]
    assert "redirects" in attempts[0][2] and "/hook" not in attempts[0][2]
    assert outbox.seen("/elsewhere") == []


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/hook", "http://169.254.169.254/hook", "https://example.org:22/hook", "no address", ""],
)
def test_where_a_strangers_url_must_not_lead_nothing_is_tried_again(outbox: Outbox, url: str) -> None:
    outbox.note(outbox.webhook("", url=url or "ftp://example.org/hook"))
    [(_, state, error)] = outbox.live_for(30 * DAY)
    assert state == "failed" and error and "/hook" not in error
    assert outbox.site.seen == []


def test_a_receiver_that_cannot_be_reached_or_hangs_is_tried_again(outbox: Outbox) -> None:
    with running_site() as closed:
        nobody = closed.url("/hook", host="127.0.0.1")
    outbox.read_s, outbox.also_open = 0.1, f"127.0.0.1:{closed.port}"
    outbox.site.routes["/hangs"] = lambda handler: handler.drip(iter([b"x"]), 1.0)
    outbox.note(outbox.webhook("/hangs"), outbox.webhook("", "dlv_r_nobody", url=nobody))
    ended = outbox.sender().send_due()
    outbox.site.closing.set()
    assert [(one.delivery.id, one.state, one.retry_in_s) for one in ended] == [
        ("dlv_r_nobody", "waiting", 5.25),
        ("dlv_r_webhook", "waiting", 5.25),
    ]
    assert "cannot be reached" in ended[0].error and "broke off" in ended[1].error


def test_a_slow_receiver_holds_up_nobody_else(outbox: Outbox) -> None:
    gate = threading.Event()
    arrived = threading.Semaphore(0)

    def wait_and_say(handler: Handler) -> None:
        gate.wait(20)
        handler.say(200)
        arrived.release()

    def say(handler: Handler) -> None:
        handler.say(200)
        arrived.release()

    outbox.site.routes.update({"/slow": wait_and_say, "/fast": say})
    outbox.note(outbox.webhook("/slow", "dlv_a"), outbox.webhook("/fast", "dlv_b"))
    sender = outbox.sender()
    sender.start(threads=2)
    try:
        assert arrived.acquire(timeout=20)
        assert [one.path for one in outbox.site.seen if one.path == "/fast"] == ["/fast"]
        outbox.note(outbox.webhook("/fast", "dlv_c"))
        assert arrived.acquire(timeout=20)
        gate.set()
        assert arrived.acquire(timeout=20)
    finally:
        gate.set()
        sender.close(within_s=20)
    assert {one.id for one in outbox.deliveries.list(state="delivered")} == {"dlv_a", "dlv_b", "dlv_c"}
    assert len(outbox.site.seen) == 3


_KILLED_AFTER_SENDING = """
import os, signal, sys
from pathlib import Path
from tests.runners.outbox_place import Clock, Outbox
from tests.storage.hostile_server import Site

folder, port, now = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
outbox = Outbox(folder, Site("127.0.0.1", port), Clock(now))
send = outbox.sender()._carriers["webhook"]

def send_and_die(delivery):
    send(delivery)
    os.kill(os.getpid(), signal.SIGKILL)

outbox.carriers = {"webhook": send_and_die}
outbox.sender().send_due()
"""


def test_a_sender_that_is_killed_after_sending_sends_again_under_the_same_id(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 200)))
    root = Path(__file__).parents[2]
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            _KILLED_AFTER_SENDING,
            str(outbox.folder),
            str(outbox.site.port),
            repr(outbox.clock.now),
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}:{root / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert len(outbox.seen("/hook")) == 1 and outbox.state() == "waiting"
    assert outbox.sender().send_due() == []  # Its lease has not ended: it might be at it still.
    attempts = outbox.live_for(2 * LEASE_S)
    assert [state for _, state, _ in attempts] == ["delivered"]
    first, second = outbox.seen("/hook")
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    assert outbox.live_for(30 * DAY) == []


def test_a_file_is_put_to_its_presigned_url_whole_with_its_size_and_type(outbox: Outbox) -> None:
    data = os.urandom(3_000_000)
    outbox.answers("/put", lambda after: 503 if after < 2000 else 200)
    outbox.upload("/put?X-Amz-Signature=ab%2Fcd", data)
    started = outbox.clock.now
    [sent] = [
        one
        for one in outbox.sender().send_all(patience_s=10 * DAY, sleep=outbox.clock.sleep)
        if one.state == "delivered"
    ]
    came = outbox.seen("/put")[-1]
    assert (came.method, came.path, came.body) == ("PUT", "/put?X-Amz-Signature=ab%2Fcd", data)
    assert came.headers["content-length"] == str(len(data))
    assert came.headers["content-type"] == "application/octet-stream"
    assert sent.delivery.id == "dlv_r_upload" and outbox.clock.now - started > 2000


def test_a_file_that_is_damaged_in_the_store_is_not_sent(outbox: Outbox) -> None:
    outbox.answers("/put", 200)
    delivery = outbox.upload("/put", b"a model")
    digest = json.loads(delivery.body)["digest"]
    outbox.session.store.put(f"blobs/sha256/{digest[:2]}/{digest}", b"another")
    [(_, state, error)] = outbox.live_for(DAY)
    assert state == "failed" and "other bytes" in error and outbox.seen("/put") == []


def test_a_webhook_says_completed_only_after_its_upload_has_arrived(outbox: Outbox) -> None:
    outbox.answers("/put", lambda after: 503 if after < 3000 else 200)
    outbox.answers("/hook", 200)
    outbox.note(outbox.webhook("/hook", "dlv_a_webhook", after="dlv_r_upload"))
    outbox.upload("/put", b"a model")
    attempts = outbox.live_for(DAY)
    assert attempts[-2:] == [(attempts[-2][0], "delivered", ""), (attempts[-2][0], "delivered", "")]
    assert [one.path for one in outbox.site.seen][-2:] == ["/put", "/hook"]
    assert len(outbox.seen("/hook")) == 1


def test_a_webhook_whose_upload_was_refused_says_so_and_a_fresh_url_is_taken(outbox: Outbox) -> None:
    outbox.answers("/expired", 403)
    outbox.answers("/fresh", 200)
    outbox.answers("/hook", 200)
    failed = {"job_id": "job-1", "status": "failed", "error": ""}
    outbox.upload("/expired?sig=s3cret", b"a model")
    outbox.note(outbox.webhook("/hook", after="dlv_r_upload", otherwise=failed))
    outbox.sender().send_due()
    told = json.loads(outbox.seen("/hook")[0].body)
    assert told["status"] == "failed" and "expired" in told["error"] and "s3cret" not in told["error"]
    assert outbox.state("dlv_r_upload") == "failed"
    ask_again(outbox.session.store, outbox.session.catalog, "dlv_r_upload", outbox.url("/fresh"))
    assert [one.state for one in outbox.sender().send_due()] == ["delivered"]
    assert outbox.seen("/fresh")[0].body == b"a model"


def test_a_webhook_that_has_nothing_to_say_without_its_upload_is_given_up(outbox: Outbox) -> None:
    outbox.answers("/expired", 403)
    outbox.upload("/expired", b"a model")
    outbox.note(outbox.webhook("/hook", after="dlv_r_upload"))
    ended = {one.delivery.id: one for one in outbox.sender().send_due()}
    assert "expired" in ended["dlv_r_webhook"].error and outbox.state() == "failed"


def test_an_upload_that_is_stopped_half_way_is_due_at_once_for_whoever_sends_next(outbox: Outbox) -> None:
    outbox.answers("/put", 200)
    data = os.urandom(20_000_000)
    outbox.upload("/put", data)
    asked: list[int] = []
    policy = replace(UPLOADS, private=AllowedHosts.parse(f"127.0.0.1:{outbox.site.port}"))
    session = outbox.session
    stopped = Uploads(
        session.store, session.scratch, policy, lambda: len(asked) > 3 or asked.append(1) is not None
    )
    outbox.carriers = {"upload": stopped}
    assert outbox.sender().send_due() == [] and outbox.state("dlv_r_upload") == "waiting"
    outbox.carriers = {}
    [sent] = outbox.sender().send_due()
    assert (sent.state, sent.delivery.attempts) == ("delivered", 1)
    assert [one.body == data for one in outbox.seen("/put")][-1]


def test_a_sender_that_is_closed_takes_nothing_more(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 200)))
    sender = outbox.sender()
    sender.close()
    assert sender.send_due() == [] and sender.send_all(patience_s=DAY) == []
    assert outbox.state() == "waiting" and outbox.seen("/hook") == []


def test_a_machine_with_a_catalog_of_its_own_takes_over_what_another_left_in_the_store(
    outbox: Outbox,
) -> None:
    outbox.answers("/put", 200)
    outbox.note(outbox.webhook(outbox.answers("/hook", 200), after="dlv_r_upload"))
    outbox.upload("/put", b"a model")
    other = outbox.machine("second")
    sender = outbox.sender(other)
    assert sender.send_due() == []
    assert sender.adopt() == 2
    assert [one.state for one in sender.send_due()] == ["delivered", "delivered"]
    assert sender.adopt() == 0
    ended = outbox.sender().send_due()
    assert {(one.state, one.error.split(":")[0]) for one in ended} == {("failed", "It was not sent")}
    assert len(outbox.seen("/hook")) == len(outbox.seen("/put")) == 1


def test_what_a_purged_run_had_to_say_is_not_said(outbox: Outbox) -> None:
    outbox.note(outbox.webhook(outbox.answers("/hook", 200)))
    outbox.session.store.delete(delivery_path("dlv_r_webhook"))
    [sent] = outbox.sender().send_due()
    assert sent.state == "failed" and "purged" in sent.error and outbox.seen("/hook") == []


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"event": 1}', '{"event": {}, "evnt": {}}'])
def test_a_delivery_whose_body_is_none_is_given_up_with_the_reason(outbox: Outbox, body: str) -> None:
    outbox.note(replace(outbox.webhook(outbox.answers("/hook", 200)), body=body))
    [sent] = outbox.sender().send_due()
    assert sent.state == "failed" and "The body of dlv_r_webhook is no webhook" in sent.error


def test_a_kind_that_a_sender_does_not_know_is_left_to_others(outbox: Outbox) -> None:
    outbox.note(Delivery("dlv_r_pigeon", "r", "pigeon", "the loft", "{}"))
    assert outbox.sender().send_due() == [] and outbox.state("dlv_r_pigeon") == "waiting"
    flown: list[str] = []
    outbox.carriers = {"pigeon": lambda delivery: flown.append(delivery.target)}
    assert [one.state for one in outbox.sender().send_due()] == ["delivered"] and flown == ["the loft"]


def test_an_error_of_ours_does_not_end_the_sender_nor_lose_the_delivery(outbox: Outbox) -> None:
    outbox.answers("/hook", 200)
    outbox.note(Delivery("dlv_a", "r", "pigeon", "", "{}"), outbox.webhook("/hook"))
    outbox.carriers = {"pigeon": lambda delivery: int(delivery.target)}  # type: ignore[dict-item]
    ended = outbox.sender().send_due()
    assert [(one.state, one.error) for one in ended] == [
        ("waiting", "An internal error (ValueError); the log says more."),
        ("delivered", ""),
    ]


def test_only_what_one_run_has_to_say_is_sent_where_that_is_asked(outbox: Outbox) -> None:
    outbox.answers("/hook", 200)
    outbox.note(outbox.webhook("/hook", "dlv_a"), replace(outbox.webhook("/hook", "dlv_b"), run="other"))
    assert [one.delivery.id for one in outbox.sender().send_due("other")] == ["dlv_b"]
    assert outbox.state("dlv_a") == "waiting"


def test_senders_that_work_at_once_send_nothing_twice(outbox: Outbox) -> None:
    outbox.answers("/hook", 200)
    outbox.note(*(outbox.webhook("/hook", f"dlv_{n:02}") for n in range(24)))
    threads = [threading.Thread(target=outbox.sender().send_due) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.headers["webhook-id"] for one in outbox.seen("/hook")) == [
        f"dlv_{n:02}" for n in range(24)
    ]


@given(st.integers(1, 12), st.one_of(st.none(), st.floats(0, DAY)), st.floats(0, 1))
def test_a_pause_is_never_shorter_than_planned_or_asked_nor_much_longer(
    attempts: int, asked_s: float | None, chance: float
) -> None:
    schedule = Schedule(chance=lambda: chance)
    pause = schedule.pause_after(attempts, asked_s)
    if attempts >= len(schedule.pauses_s):
        assert pause is None
        return
    planned, asked = schedule.pauses_s[attempts], asked_s or 0.0
    assert pause is not None and max(planned, asked) <= pause <= max(1.1 * planned, asked)
