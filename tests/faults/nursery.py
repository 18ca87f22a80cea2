"""A process that has imported everything and gives birth to others: a run in a process of its own costs milliseconds.

Orders come as lines of JSON on stdin, the exit code of each process goes to stdout, minus the signal for a killed one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from pydantic import BaseModel
from tests.faults.campaign import Committed, Killed, Place, Verdict, compare, end_leases, judge
from tests.faults.pipelines import SMALL_RUNS
from tests.faults.points import Point, arm

from calotype.engine.definition import RunDefinition, read_definition, run_of
from calotype.engine.execute import Workplace
from calotype.engine.gc import collect
from calotype.engine.purge import purge
from calotype.engine.rebuild import rebuild
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session

ROOT = Path(__file__).parents[2]


class Order(BaseModel):
    """Do something at a place in one process, and die on the way."""

    place: Place
    point: Point
    action: Literal["carry", "collect", "purge", "rebuild"] = "carry"
    numbers: Path = Path()
    """What the run that is carried is over."""
    pipeline: str = "numbers"
    """And of which of `SMALL_RUNS` it is."""
    run: str = ""
    """The one that is purged."""


class Nursery:
    """The other end of the pipe."""

    def __init__(self, orders: IO[str], codes: IO[str]) -> None:
        self._orders = orders
        self._codes = codes

    def exit_code(self, order: Order) -> int:
        """How a new process that carries out the order ended."""
        self._orders.write(order.model_dump_json() + "\n")
        self._orders.flush()
        return int(self._codes.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery that is closed at the end."""
    command = [sys.executable, "-m", "tests.faults.nursery"]
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        yield Nursery(process.stdin, process.stdout)
        process.stdin.close()


def carry(place: Place, numbers: Path, pipeline: str = "numbers") -> RunResult:
    """The place's run over three numbers, made if there is none, carried to its end in this process."""
    small = SMALL_RUNS[pipeline](numbers, count=3, pause_s=0.0)
    session = place.open()
    try:
        definition = _the_run(session) or session.create(small.pipeline, small.inputs)
        runner = InlineRunner(Workplace(session.store, session.scratch))
        return session.conduct(definition, runner=runner)
    finally:
        session.close()


def killed_there(
    born: Nursery,
    place: Place,
    numbers: Path,
    expected: Mapping[str, str],
    point: Point,
    pipeline: str = "numbers",
) -> Verdict | None:
    """What became of a run that was killed there and carried to its end by another process; None when it did not come there."""
    order = Order(place=place, numbers=numbers, point=point, pipeline=pipeline)
    if born.exit_code(order) != -signal.SIGKILL:
        return None
    end_leases(place)
    session = place.open()
    try:
        before = Committed.now(session.store)
        verdict = Verdict(
            carry(place, numbers, pipeline).check().run,
            kills=[Killed("parent", f"{point.moment} {point.write}")],
        )
        compare(session.store, before, verdict)
    finally:
        session.close()
    judge(place, verdict, expected)
    return verdict


def _the_run(session: Session) -> RunDefinition | None:
    """The run of the store, if it has one; found as `resume` finds it, so that it has its rows."""
    for info in session.store.list("runs"):
        return read_definition(session.store, session.find(run_of(info.key)).id)
    return None


def main() -> None:
    for line in sys.stdin:
        order = Order.model_validate_json(line)
        pid = os.fork()
        if pid == 0:
            _live(order)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live(order: Order) -> None:
    """The child's life; it must not get back into its parent's loop."""
    code = 1
    try:
        arm(order.point)
        if order.action == "carry":
            carry(order.place, order.numbers, order.pipeline).check()
        else:
            _keep_house(order)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _keep_house(order: Order) -> None:
    session = order.place.open()
    if order.action == "collect":
        collect(session.store, session.catalog, older_than_s=0)
    elif order.action == "purge":
        purge(session.store, session.catalog, order.run, force=True)
    else:
        rebuild(session.store, session.catalog, replace=True)


if __name__ == "__main__":
    main()
