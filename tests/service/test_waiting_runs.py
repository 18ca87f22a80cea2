"""Runs that wait in a service's queue, seen and put away by the other commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.service.conftest import toy_request
from tests.storage.hostile_server import Site

from calotype.runners.session import Session
from calotype.service.asked import RunRequest
from calotype.service.desk import Desk
from calotype.service.settings import ServiceSettings
from commands import Called

Calotype = Callable[..., Called]


@pytest.fixture
def desk(installed: None, environment: dict[str, str], tmp_path: Path, calotype: Calotype) -> Iterator[Desk]:
    """The desk of a service that is not at work, over the store of the commands."""
    session = Session(tmp_path / "store", environment)
    yield Desk(session, ServiceSettings.from_environment(environment))
    session.close()


@pytest.fixture
def waiting(desk: Desk, site: Site) -> str:
    """A run whose inputs nobody has read yet."""
    return desk.take_on(RunRequest.model_validate(toy_request(site)), "asker", "order-1")[0]


def test_a_waiting_run_is_listed_shown_and_no_damage(waiting: str, calotype: Calotype) -> None:
    [listed] = calotype("runs", "--json").json
    assert (listed["id"], listed["state"]) == (waiting, "queued")
    status = calotype("status", waiting)
    assert status.code == 0 and "queued" in status.out
    checked = calotype("catalog", "check", "--repair")
    assert checked.code == 0, checked
    assert calotype("runs", "--json").json[0]["id"] == waiting


def test_a_purged_run_is_not_taken_on_again(waiting: str, desk: Desk, calotype: Calotype) -> None:
    assert calotype("purge", waiting).code == 0
    assert desk.restore() == 0
    assert desk.next() is None
    assert calotype("runs", "--json").json == []


def test_a_lost_catalog_brings_waiting_runs_back(
    waiting: str, desk: Desk, environment: dict[str, str], calotype: Calotype, tmp_path: Path
) -> None:
    for file in (tmp_path / "store").glob("catalog.sqlite*"):
        file.unlink()
    assert calotype("catalog", "rebuild").code == 0
    session = Session(tmp_path / "store", environment)
    try:
        again = Desk(session, ServiceSettings.from_environment(environment))
        assert again.restore() == 1
        turn = again.next()
        assert turn is not None and (turn.entry.run, turn.entry.idempotency_key) == (waiting, "order-1")
        assert session.catalog.runs.get(waiting).state == "queued"
    finally:
        session.close()
