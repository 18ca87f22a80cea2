"""A claim names its holder so that the next process of this machine need not wait for the lease of a dead one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calotype.engine.ownership import is_gone, owner_name
from calotype.engine.pipeline import Link, PipelineSpec
from calotype.engine.plan import plan_step
from calotype.runners.session import Session

_NAME = "from calotype.engine.ownership import owner_name; print(owner_name(), flush=True); input()"


def named_process() -> tuple[subprocess.Popen[str], str]:
    """A process that waits, and the name under which it would hold claims."""
    child = subprocess.Popen(
        [sys.executable, "-c", _NAME], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    return child, child.stdout.readline().strip()


def end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.communicate()


def test_a_holder_is_gone_when_its_process_has_been_killed_and_not_before() -> None:
    child, name = named_process()
    try:
        assert not is_gone(name)
    finally:
        end(child)
    assert is_gone(name)


def test_a_process_number_used_again_is_another_holder() -> None:
    machine, pid, started, thread = owner_name().split(":")
    assert not is_gone(f"{machine}:{pid}:{started}:{thread}")
    assert is_gone(f"{machine}:{pid}:{int(started) - 1}:{thread}")


def test_nothing_is_known_of_another_machine() -> None:
    _, rest = owner_name().split(":", 1)
    assert not is_gone(f"elsewhere/12345678/1:{rest.replace(str(os.getpid()), '999999')}")


@pytest.mark.parametrize("owner", ["", "somebody", "host:1", "host:pid:started:thread", "a:b:c:d:e"])
def test_nothing_is_known_of_a_holder_that_is_named_otherwise(owner: str) -> None:
    assert not is_gone(owner)
    machine = owner_name().split(":")[0]
    assert not is_gone(f"{machine}:{owner}")


def test_a_run_takes_over_what_a_killed_process_held_without_waiting_for_its_lease(
    session: Session, sums: Callable[..., PipelineSpec], numbers: Path
) -> None:
    definition = session.create(sums(), {"numbers": str(numbers)})
    flows = {Link(step="", port="numbers"): definition.inputs["numbers"]}
    key = plan_step(definition.pipeline.step("double"), flows).key
    child, name = named_process()
    assert session.catalog.claims.take(key, name, 3600.0) is not None
    end(child)
    result = session.conduct(definition)
    assert (result.state, result.executed) == ("done", ("double", "add"))
    assert session.catalog.runs.steps(result.run)[0].attempt == 2
