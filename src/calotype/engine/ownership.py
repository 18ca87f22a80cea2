"""Who holds a claim, named so that another process of the same machine can tell whether its holder still lives."""

from __future__ import annotations

import os
import platform
import threading
from functools import cache
from pathlib import Path


def owner_name() -> str:
    """This thread's name as the holder of claims: machine, process, when the process started, thread."""
    pid = os.getpid()
    return f"{_machine()}:{pid}:{_started(pid)}:{threading.get_ident()}"


def is_gone(owner: str) -> bool:
    """Whether the process that holds a claim has ended; False where that cannot be known, such as on another machine.

    A process number may be used again: the start time tells the two apart.
    """
    parts = owner.split(":")
    if len(parts) != 4 or not parts[1].isdecimal():
        return False  # Named by something else than `owner_name`.
    machine, pid, started, _ = parts
    if machine != _machine() or not _started(os.getpid()):
        return False
    return _started(int(pid)) != started


@cache
def _machine() -> str:
    """Host, boot and process namespace: where process numbers mean the same. Containers may share a host's name."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        namespace = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        boot, namespace = "", 0
    return f"{platform.node()}/{boot}/{namespace}".replace(":", "_")


def _started(pid: int) -> str:
    """When a process started, in clock ticks since boot; empty when there is none, or none can be looked at."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = status.rpartition(")")[2].split()  # The name before it may hold spaces and parentheses.
    return "" if fields[0] in "ZX" else fields[19]
