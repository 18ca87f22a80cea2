"""The processes of a run as the kernel lists them: the parent that conducts, its workers, their children. Linux only."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

Role = Literal["parent", "worker", "child"]
ROLES: tuple[Role, ...] = ("parent", "worker", "child")


def children_of(pid: int) -> list[int]:
    """Processes that a process has started and that have not ended."""
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in listing.read_text().split()]
    return [child for child in found if is_alive(child)]


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    return _state(pid) not in ("", "Z", "X")


def _state(pid: int) -> str:
    """A letter, as in `ps`; empty for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def family_of(parent: int) -> dict[Role, list[int]]:
    """The living processes of a run, by role."""
    workers = children_of(parent)
    return {
        "parent": [parent] if is_alive(parent) else [],
        "worker": workers,
        "child": [child for worker in workers for child in children_of(worker)],
    }


def everybody(family: dict[Role, list[int]]) -> list[int]:
    return [pid for role in ROLES for pid in family[role]]


def kill(pid: int) -> bool:
    """Whether the process was still there to be killed."""
    if not is_alive(pid):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def wait_until(condition: Callable[[], bool], seconds: float, pause_s: float = 0.004) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_s)
    return True


def stopped(pids: list[int]) -> list[int]:
    """Those of the processes that sleep until SIGCONT."""
    return [pid for pid in pids if _state(pid) == "T"]
