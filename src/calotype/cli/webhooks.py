"""`calotype webhooks`: look at what is still to be sent, have it sent again, send it now."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from calotype.catalog.deliveries import Delivery
from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.terminal import show
from calotype.engine.deliveries import ask_again
from calotype.errors import EXIT_CONFIGURATION, EXIT_OK, EXIT_TRANSIENT, InvalidParameter
from calotype.runners.job_settings import JobSettings
from calotype.runners.notices import RunNotices, notice_policy, run_webhooks
from calotype.runners.sending import Sender, Sent
from calotype.runners.session import Session, open_session
from calotype.runners.signing import SigningSecrets
from calotype.storage.web_policy import UPLOADS
from calotype.storage.web_urls import shown_url

State = Literal["waiting", "delivered", "failed"]
RunFlag = Annotated[
    str, Parameter(name="--run", help="Only what this run has to say: an id, its beginning, or `latest`.")
]

app = App(name="webhooks", help="What is still to be sent to webhooks and upload URLs: list, replay, send.")


@app.command(name="list")
def list_webhooks(
    *,
    run: RunFlag = "",
    state: Annotated[State | None, Parameter(help="Only those in this state.")] = None,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """List messages and uploads with what has become of them; those that wait in the store for other machines, too."""
    with open_session(store) as session:
        Sender(session).adopt()
        found = session.catalog.deliveries.list(session.find(run).id if run else "", state or "")
    if json:
        print_json([_document(one) for one in found])
        return
    for one in found:
        show(f"{one.id}  {one.kind:<8} {one.state:<10} {_attempts(one)}  {_target(one)}{_when(one)}\n")
        if one.error:
            show(f"    {one.error}\n")
    if not found:
        show(
            f"Nothing of that kind in {store}.\n"
            if run or state
            else f"Nothing was to be sent from {store}.\n"
        )


@app.command
def replay(
    *ids: Annotated[str, Parameter(help="Ids of deliveries, as `calotype webhooks list` shows them.")],
    failed: Annotated[
        bool, Parameter(negative="", help="All that were given up, or all of --run that were.")
    ] = False,
    run: RunFlag = "",
    target: Annotated[
        str, Parameter(help="Send it there from now on, such as to a fresh presigned URL. For one delivery.")
    ] = "",
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Have deliveries made again, under the ids that they had, whatever became of them; their retries begin anew.

    A service or worker on this store sends them within seconds; where none is at work, `calotype webhooks send` does.
    """
    if bool(ids) == failed:
        raise InvalidParameter("Say what to replay: ids of deliveries, or --failed.")
    if target and len(ids) != 1:
        raise InvalidParameter("--target is for one delivery: give its id.")
    if run and not failed:
        raise InvalidParameter("--run goes with --failed.")
    with open_session(store) as session:
        wanted = list(ids) or _failed(session, run)
        again = [ask_again(session.store, session.catalog, one, target) for one in wanted]
    if json:
        print_json([_document(one) for one in again])
        return
    for one in again:
        show(f"{one.id} is due now: {_target(one)}\n")
    if not again:
        show("None was given up.\n")


@app.command
def send(*, run: RunFlag = "", store: StoreFlag = DEFAULT_STORE, json: Json = False) -> int:
    """Send now what is due, each once, with the secrets in CALOTYPE_WEBHOOK_SECRET. For stores that no service works on.

    Ends with 0 when all has arrived, 75 when some is to be tried again later, 78 when some was given up.
    """
    settings = JobSettings.from_environment(os.environ)
    secrets = SigningSecrets.from_environment(os.environ)
    told = run_webhooks(os.environ)
    with open_session(store) as session:
        uploads = replace(UPLOADS, private=settings.private)
        sender = Sender(
            session,
            webhooks=settings.webhooks(),
            uploads=uploads,
            notices=notice_policy(told),
            secrets=secrets,
        )
        RunNotices(session, told).look()
        sender.adopt()
        sent = sender.send_due(session.find(run).id if run else "")
    if json:
        print_json([{**_document(one.delivery), "state": one.state, "error": one.error} for one in sent])
    else:
        _print_sent(sent)
    states = {one.state for one in sent}
    return EXIT_CONFIGURATION if "failed" in states else EXIT_TRANSIENT if "waiting" in states else EXIT_OK


def _print_sent(sent: Sequence[Sent]) -> None:
    for one in sent:
        became = {
            "delivered": "has arrived",
            "waiting": f"is tried again in {_duration(one.retry_in_s)}",
            "failed": "was given up",
        }[one.state]
        show(f"{one.delivery.id} {became}{': ' if one.error else ''}{one.error}\n")
    if not sent:
        show("Nothing is due.\n")


def _failed(session: Session, run: str) -> list[str]:
    found = session.catalog.deliveries.list(session.find(run).id if run else "", "failed")
    return [one.id for one in found]


def _document(delivery: Delivery) -> dict[str, Any]:
    """A delivery without what is secret of its target."""
    return {**vars(delivery), "target": _target(delivery)}


def _target(delivery: Delivery) -> str:
    """Where it goes, without what may be secret: the path of a webhook, the query of an upload."""
    shown = shown_url(delivery.target)
    return shown if delivery.kind == "upload" else "/".join(shown.split("/")[:3])


def _attempts(delivery: Delivery) -> str:
    return f"{delivery.attempts} attempt{'' if delivery.attempts == 1 else 's'}"


def _when(delivery: Delivery) -> str:
    if delivery.state != "waiting":
        return ""
    wait_s = delivery.next_at - time.time()
    if wait_s <= 0:
        return "  due now"
    return f"  due at {datetime.fromtimestamp(delivery.next_at):%Y-%m-%d %H:%M:%S}"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
