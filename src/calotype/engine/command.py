"""Run a child process under supervision: its lines arrive as they are printed, and its death is an error with a cause."""

from __future__ import annotations

import ctypes
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from calotype.errors import Cancelled, ChildDied, KilledForMemory

log = logging.getLogger(__name__)

_TAIL_LINES = 30
_POLL_S = 0.2
_GRACE_S = 5.0
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the thread that started it ends. Linux only; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def oom_kills() -> int:
    """How many processes of this control group the kernel has killed for memory so far; 0 where it does not say."""
    for path in ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"):
        try:
            text = Path(path).read_text()
        except OSError:
            continue
        for line in text.splitlines():
            name, _, value = line.partition(" ")
            if name == "oom_kill":
                return int(value)
    return 0


def death_of(what: str, code: int, tail: Sequence[str], oom_before: int) -> ChildDied | KilledForMemory:
    """The error for a child that ended with this code, with its last lines."""
    last = "\n  ".join(tail) if tail else "(it printed nothing)"
    if code == -signal.SIGKILL and oom_kills() > oom_before:
        return KilledForMemory(
            f"{what} was killed for its memory. Use fewer or smaller photos, or a larger machine.\n  {last}"
        )
    if code < 0:
        name = signal.Signals(-code).name
        hint = " (killed from outside, most likely for memory)" if code == -signal.SIGKILL else ""
        return ChildDied(
            f"{what} died of {name}{hint}. Resume the run to go on where it stopped. Its last lines:\n  {last}"
        )
    return ChildDied(f"{what} ended with exit code {code}. Its last lines:\n  {last}")


def run_child(
    argv: Sequence[str],
    *,
    on_line: Callable[[str], None],
    cancelled: Callable[[], bool],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    accepted: frozenset[int] = frozenset({0}),
) -> int:
    """Exit code of a child that ended with one of the `accepted` codes; ChildDied or KilledForMemory for any other.

    stdout goes to `on_line` line by line, stderr to the log, its tail into the error. `cancelled` is asked several
    times a second; then the child gets SIGTERM, some seconds, SIGKILL, and Cancelled is raised. It never outlives us.
    """
    oom_before = oom_kills()
    tail: deque[str] = deque(maxlen=_TAIL_LINES)
    child = subprocess.Popen(
        list(argv),
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=die_with_parent,
        start_new_session=True,
    )
    try:
        _pump(child, on_line, tail, cancelled)
        code = child.wait()
    except BaseException:
        _stop(child)
        raise
    finally:
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()
    if code not in accepted:
        raise death_of(Path(argv[0]).name, code, tail, oom_before)
    return code


def _pump(
    child: subprocess.Popen[bytes],
    on_line: Callable[[str], None],
    tail: deque[str],
    cancelled: Callable[[], bool],
) -> None:
    """Hand on lines until both streams end. Reads raw bytes: a buffered reader would hide lines from the selector."""
    assert child.stdout is not None and child.stderr is not None
    pending: dict[IO[bytes], bytes] = {child.stdout: b"", child.stderr: b""}
    with selectors.DefaultSelector() as selector:
        for stream in pending:
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map():
            for ready, _ in selector.select(_POLL_S):
                stream: IO[bytes] = ready.fileobj  # pyright: ignore[reportAssignmentType]
                chunk = os.read(stream.fileno(), 1 << 16)
                *lines, pending[stream] = (pending[stream] + chunk).split(b"\n")
                if not chunk:
                    selector.unregister(stream)
                    lines = [pending[stream]] if pending[stream] else []
                for line in lines:
                    _hand_on(
                        line.decode(errors="replace").rstrip("\r"), stream is child.stdout, on_line, tail
                    )
            if cancelled():
                raise Cancelled
            if child.poll() is not None and not selector.select(0):
                return  # A grandchild may hold the pipes open; the child itself has ended and all it wrote is read.


def _hand_on(line: str, is_stdout: bool, on_line: Callable[[str], None], tail: deque[str]) -> None:
    if is_stdout:
        on_line(line)
        return
    tail.append(line)
    log.debug("%s", line)


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it started: politely, then not."""
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, signal_number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + _GRACE_S
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if child.poll() is not None:
            break
    child.wait()
