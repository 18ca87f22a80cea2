"""A run whose process was killed is not shown as if it still worked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calotype.engine.abandoned import with_true_state
from calotype.engine.ownership import owner_name
from calotype.engine.pipeline import PipelineSpec
from calotype.runners.session import Session

_NAME = "from calotype.engine.ownership import owner_name; print(owner_name())"


def name_of_an_ended_process() -> str:
    return subprocess.run(
        [sys.executable, "-c", _NAME], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize(
    ("owner", "lease_s", "state"),
    [
        (name_of_an_ended_process, 3600.0, "stopped"),
        (lambda: "elsewhere/0/0:1:1:1", 0.0, "stopped"),
        (lambda: "elsewhere/0/0:1:1:1", 3600.0, "running"),
        (owner_name, 3600.0, "running"),
    ],
    ids=["killed here", "silent elsewhere", "at work elsewhere", "at work here"],
)
def test_a_run_is_stopped_when_nobody_works_on_its_running_step(
    session: Session,
    sums: Callable[..., PipelineSpec],
    numbers: Path,
    owner: Callable[[], str],
    lease_s: float,
    state: str,
) -> None:
    run = session.create(sums(), {"numbers": str(numbers)}).id
    catalog = session.catalog
    catalog.runs.set_state(run, "running")
    assert with_true_state(catalog, catalog.runs.get(run)).state == "running"
    catalog.claims.take("a-key", owner(), lease_s)
    catalog.runs.update_step(run, "double", key="a-key", state="running")
    assert with_true_state(catalog, catalog.runs.get(run)).state == state


def test_a_run_that_has_ended_stays_as_it_ended(
    session: Session, sums: Callable[..., PipelineSpec], numbers: Path
) -> None:
    run = session.conduct(session.create(sums(), {"numbers": str(numbers)})).run
    assert with_true_state(session.catalog, session.catalog.runs.get(run)).state == "done"
