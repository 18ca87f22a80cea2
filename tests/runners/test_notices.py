"""The operator's webhooks are told of every end of every run, once, and of runs whose process is gone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from standardwebhooks import Webhook
from tests.engine.toy_stages import Double
from tests.runners.outbox_place import SECRET, Clock, Outbox
from tests.storage.hostile_server import Site, running_site

from calotype.engine.execute import Workplace
from calotype.errors import ConfigurationError
from calotype.runners.inline import InlineRunner
from calotype.runners.notices import LOOKED_BACK_S, RunNotices, notice_policy, run_webhooks
from calotype.runners.sending import Sender
from calotype.runners.session import pipeline_of
from calotype.runners.signing import SigningSecrets


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        running.routes["/runs"] = lambda handler: handler.say(200)
        yield running


@pytest.fixture
def outbox(tmp_path: Path, site: Site) -> Iterator[Outbox]:
    made = Outbox(tmp_path, site)
    yield made
    for session in made.opened:
        session.close()


def finished(outbox: Outbox, *, fail_on: str | None = None) -> str:
    """The id of a run over one number that has ended."""
    numbers = outbox.folder / "numbers"
    numbers.mkdir(exist_ok=True)
    (numbers / "1.json").write_text("1")
    session = outbox.session
    definition = session.create(pipeline_of(Double(fail_on=fail_on or "")), {"numbers": str(numbers)})
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(definition, runner=runner).run


def test_the_end_of_a_run_is_told_once_signed_and_with_its_reason(outbox: Outbox, site: Site) -> None:
    url = outbox.url("/runs")
    failed, done = finished(outbox, fail_on="1.json"), finished(outbox)
    notices = RunNotices(outbox.session, (url,), outbox.clock)
    assert {one.run for one in notices.look()} == {done, failed}
    assert notices.look() == [] and RunNotices(outbox.session, (url,), outbox.clock).look() == []
    secrets = SigningSecrets.parse(SECRET)
    sender = Sender(outbox.session, notices=notice_policy([url]), secrets=secrets, clock=outbox.clock)
    assert {one.state for one in sender.send_due()} == {"delivered"}
    told = {
        one["data"]["run"]: one
        for one in (Webhook(SECRET).verify(r.body, dict(r.headers)) for r in site.seen)
    }
    assert (told[done]["type"], told[failed]["type"]) == ("run.done", "run.failed")
    assert told[done]["data"]["message"] == "" and "1.json" in told[failed]["data"]["message"]
    assert RunNotices(outbox.session, (url,), outbox.clock).look() == []


def test_a_run_that_is_cancelled_resumed_and_done_is_told_of_twice(outbox: Outbox) -> None:
    run = finished(outbox)
    runs, notices = (
        outbox.session.catalog.runs,
        RunNotices(outbox.session, (outbox.url("/runs"),), outbox.clock),
    )
    notices.look()
    outbox.clock.sleep(60)
    runs.set_state(run, "running")
    assert notices.look() == []
    runs.set_state(run, "cancelled", "The job timed out after 3600 s.")
    [cancelled] = notices.look()
    event = json.loads(cancelled.body)["event"]
    assert (event["type"], event["data"]["message"]) == ("run.cancelled", "The job timed out after 3600 s.")
    outbox.clock.sleep(60)
    runs.set_state(run, "done")
    [done] = notices.look()
    assert len({one.id for one in outbox.deliveries.list(run)}) == 3
    assert done.id != cancelled.id and len(done.id) <= 64


def test_a_run_whose_process_is_gone_is_told_as_stalled(outbox: Outbox) -> None:
    run = finished(outbox)
    catalog = outbox.session.catalog
    catalog.runs.set_state(run, "running")
    catalog.claims.take("a-key", "elsewhere/0/0:1:1:1", lease_s=60)
    [step] = catalog.runs.steps(run)
    catalog.runs.update_step(run, step.step, key="a-key", state="running")
    notices = RunNotices(outbox.session, (outbox.url("/runs"),), outbox.clock)
    assert notices.look() == []
    outbox.clock.sleep(3 * LOOKED_BACK_S)
    [stalled] = notices.look()
    assert json.loads(stalled.body)["event"]["type"] == "run.stalled"
    assert notices.look() == []


def test_runs_that_ended_long_ago_are_not_told_of_and_without_a_webhook_none_is(outbox: Outbox) -> None:
    finished(outbox)
    assert RunNotices(outbox.session, (), outbox.clock).look() == []
    outbox.clock.sleep(LOOKED_BACK_S + 60)
    assert RunNotices(outbox.session, (outbox.url("/runs"),), outbox.clock).look() == []


def test_two_webhooks_are_told_alike_and_a_private_one_needs_no_other_setting(
    outbox: Outbox, site: Site
) -> None:
    site.routes["/other"] = site.routes["/runs"]
    urls = run_webhooks({"CALOTYPE_RUN_WEBHOOKS": f"{outbox.url('/runs')} {outbox.url('/other')}"})
    finished(outbox)
    RunNotices(outbox.session, urls, outbox.clock).look()
    assert Sender(outbox.session).send_due() == []  # A worker that does not know of them leaves them alone.
    sender = Sender(outbox.session, notices=notice_policy(urls))
    assert [one.state for one in sender.send_due()] == ["delivered", "delivered"]
    assert {one.path for one in site.seen} == {"/runs", "/other"}


def test_a_long_lived_sender_looks_for_ended_runs_by_itself(tmp_path: Path, site: Site) -> None:
    outbox = Outbox(tmp_path, site, Clock(time.time()))
    urls = (outbox.url("/runs"),)
    finished(outbox)
    sender = Sender(outbox.session, notices=notice_policy(urls), note=RunNotices(outbox.session, urls).look)
    sender.start(threads=2)
    deadline = time.monotonic() + 20
    while not site.seen and time.monotonic() < deadline:
        time.sleep(0.02)
    sender.close(within_s=20)
    assert [one.path for one in site.seen] == ["/runs"]
    outbox.session.close()


@pytest.mark.parametrize(
    "text", ["ftp://example.org", "example.org/s3cret", "https://ok.example user:s3cret@x"]
)
def test_what_is_no_webhook_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigurationError, match="CALOTYPE_RUN_WEBHOOKS") as refused:
        run_webhooks({"CALOTYPE_RUN_WEBHOOKS": text})
    assert "s3cret" not in str(refused.value)
