"""Kill runs at random moments, resume them, and count what was lost or done twice.

    python bench/faults.py [--quick] [--json] [--seed N] [--kills N] [--only splat/sqlite]

Parents, workers and their children are killed with SIGKILL, some time after they appear or right after something was written,
in runs of paced toy stages and of photos to a splat, each on SQLite and on PostgreSQL (a server of its own, or the one that
CALOTYPE_TEST_POSTGRES names), and of stages that make something else each time, on SQLite. Every run must end by
`calotype resume` with the bytes of an undisturbed run, every record and segment that was there at a kill unchanged, nothing of it
computed again, each step made of what the records before it list, and store and scratch clean after gc.

After that, a small run is killed at each of its writes in turn: before it, and when it is done but not visible.

Run i is planned from seed + i, which is printed: `--seed` and `--only` with what a failed one says plan the same kills again.
Claims of a killed parent are ended at once, as if their minute had passed; in the first run of every case they are waited for.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.faults.campaign import Place, Verdict, break_run, numbers_of, undisturbed  # noqa: E402
from tests.faults.nursery import Nursery, killed_there, nursery  # noqa: E402
from tests.faults.pipelines import (  # noqa: E402
    SmallRun,
    noise_at_odds,
    noise_run,
    numbers_run,
    splat_run,
)
from tests.faults.points import Point  # noqa: E402
from tests.faults.processes import ROLES  # noqa: E402
from tests.faults.schedule import plan_kills  # noqa: E402

KILLS_PER_RUN = {"numbers": 5, "splat": 8, "noise": 5}
WRONG = ("lost", "duplicated", "different", "at_odds", "left_over")


@dataclass
class Case:
    """One pipeline on one catalog."""

    small: SmallRun
    catalog: str
    expected: dict[str, str]
    span_s: float
    """An undisturbed run, start of the process included."""
    verdicts: list[Verdict] = field(default_factory=list[Verdict])

    @property
    def name(self) -> str:
        return f"{self.small.name}/{self.catalog}"

    @property
    def kills(self) -> int:
        return sum(len(verdict.kills) for verdict in self.verdicts)

    def figures(self) -> dict[str, Any]:
        kills = [killed for verdict in self.verdicts for killed in verdict.kills]
        return {
            "case": self.name,
            "runs": len(self.verdicts),
            "kills": len(kills),
            "by_victim": {role: sum(killed.victim == role for killed in kills) for role in ROLES},
            "by_phase": dict(Counter(killed.phase for killed in kills).most_common()),
            "steps": len(self.verdicts) * len(self.small.pipeline.steps),
            "tasks": sum(verdict.tasks for verdict in self.verdicts),
            "resumes": sum(verdict.resumes for verdict in self.verdicts),
            "lost": sum(len(verdict.lost) for verdict in self.verdicts),
            "duplicated": sum(len(verdict.duplicated) for verdict in self.verdicts),
            "different": sum(len(verdict.different) for verdict in self.verdicts),
            "at_odds": sum(len(verdict.at_odds) for verdict in self.verdicts),
            "left_over": sum(len(verdict.dirt) for verdict in self.verdicts),
            "undisturbed_s": round(self.span_s, 1),
            "median_s": round(statistics.median(verdict.seconds for verdict in self.verdicts), 1),
        }


class Databases:
    """A new PostgreSQL database for every run."""

    def __init__(self, server: str) -> None:
        self._server = server

    @contextmanager
    def one(self) -> Iterator[str]:
        """URL of a database that is there for the block."""
        import psycopg

        name = f"calotype_{uuid.uuid4().hex}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        yield urlsplit(self._server)._replace(path=f"/{name}").geturl()
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def databases() -> Iterator[Databases]:
    if server := os.environ.get("CALOTYPE_TEST_POSTGRES"):
        yield Databases(server)
        return
    from tests.servers import PostgresServer

    with tempfile.TemporaryDirectory(prefix="calotype-postgres-") as name:
        Path(name).chmod(0o755)
        own = PostgresServer(Path(name))
        own.start()
        try:
            yield Databases(own.url())
        finally:
            own.stop()


def expected_of(small: SmallRun, folder: Path) -> tuple[dict[str, str], float]:
    """Outputs that are the same whenever nobody disturbs the run, and its seconds: found out by two runs."""
    began = time.monotonic()
    first = undisturbed(small, Place(folder / "first"))
    span = time.monotonic() - began
    second = undisturbed(small, Place(folder / "second"))
    same = {name: digest for name, digest in first.items() if second.get(name) == digest}
    print(
        f"{small.name}: {span:.1f} s undisturbed, {len(same)} of {len(first)} outputs the same again, ",
        end="",
    )
    print(f"not {', '.join(sorted(first.keys() - same.keys())) or 'one differs'}")
    return same, span


def break_one(case: Case, place: Place, seed: int, kills: int) -> None:
    """One run of a case under at most this many kills."""
    planned = plan_kills(seed, kills, case.span_s)
    print(f"{case.name} seed {seed}: {'; '.join(map(str, planned))}", flush=True)
    verdict = break_run(case.small, place, planned, case.expected)
    if case.small.name == "noise":
        verdict.at_odds += noise_at_odds(numbers_of(place, verdict.run))
    case.verdicts.append(verdict)
    problems = [*verdict.lost, *verdict.duplicated, *verdict.different, *verdict.at_odds, *verdict.dirt]
    print(f"  {len(verdict.kills)} kills, {verdict.resumes} resumes, {verdict.seconds:.1f} s", flush=True)
    for problem in problems:
        print(f"  WRONG: {problem}")
    if problems:
        print(f"  To plan these kills again: --seed {seed} --only {case.name} --kills {kills}")
        print((place.folder / "log.txt").read_text())


def made(names: list[str], folder: Path) -> list[Case]:
    """The cases of these names, their undisturbed runs done."""
    small = {
        "numbers": numbers_run(folder / "numbers"),
        "noise": noise_run(folder / "noise"),
        "splat": splat_run(),
    }
    wanted = {name.partition("/")[0] for name in names}
    found = {name: expected_of(small[name], folder / f"{name}-undisturbed") for name in sorted(wanted)}
    split = [name.partition("/") for name in names]
    return [Case(small[pipeline], catalog, *found[pipeline]) for pipeline, _, catalog in split]


def at_random(
    cases: list[Case], folder: Path, given: Databases, seed: int, wanted: int, *, is_quick: bool
) -> None:
    """Runs of all cases in turn, until so many processes were killed."""
    while (done := sum(case.kills for case in cases)) < wanted:
        case = min(cases, key=lambda case: case.kills)
        most = min(KILLS_PER_RUN[case.small.name], wanted - done, 2 if is_quick else 99)
        with (
            tempfile.TemporaryDirectory(dir=folder) as name,
            given.one() if case.catalog == "postgresql" else nullcontext("") as url,
        ):
            waits = not is_quick and not case.verdicts
            break_one(case, Place(Path(name), url, waits_for_leases=waits), seed, most)
        seed += 1


def every_write(folder: Path, given: Databases) -> list[dict[str, Any]]:
    """A run over three numbers is killed before, and inside, each of its writes in turn, on both catalogs."""
    small = numbers_run(folder / "three", count=3, pause_s=0.0)
    expected = undisturbed(small, Place(folder / "three-undisturbed"))
    rows: list[dict[str, Any]] = []
    with nursery() as born:
        for catalog in ("sqlite", "postgresql"):
            began, verdicts = time.monotonic(), []
            for number in itertools.count(1):
                points = [Point(write="any", moment=moment, number=number) for moment in ("before", "inside")]
                found = [_killed_in_a_place(born, folder, given, catalog, expected, one) for one in points]
                verdicts += [verdict for verdict in found if verdict is not None]
                if found[0] is None:
                    break
            row = {
                "case": f"every write/{catalog}",
                "runs": len(verdicts),
                "writes": number - 1,
                "kills": len(verdicts),
                "lost": sum(len(verdict.lost) for verdict in verdicts),
                "duplicated": sum(len(verdict.duplicated) for verdict in verdicts),
                "different": sum(len(verdict.different) for verdict in verdicts),
                "at_odds": sum(len(verdict.at_odds) for verdict in verdicts),
                "left_over": sum(len(verdict.dirt) for verdict in verdicts),
                "seconds": round(time.monotonic() - began, 1),
            }
            print(json.dumps(row), flush=True)
            rows.append(row)
    return rows


def _killed_in_a_place(
    born: Nursery, folder: Path, given: Databases, catalog: str, expected: dict[str, str], point: Point
) -> Verdict | None:
    with (
        tempfile.TemporaryDirectory(dir=folder) as name,
        given.one() if catalog == "postgresql" else nullcontext("") as url,
    ):
        verdict = killed_there(born, Place(Path(name), url), folder / "three", expected, point)
        if verdict is not None and not verdict.is_clean:
            print(f"  WRONG at {point}: {verdict}")
        return verdict


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a few kills, under a minute")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--seed", type=int, default=0, help="of the first run; the next has the next number")
    parser.add_argument("--kills", type=int, help="stop when so many were killed; by default 200, quick 4")
    parser.add_argument("--only", help="one case: numbers, noise or splat, / and its catalog; or writes")
    arguments = parser.parse_args()
    wanted = arguments.kills or (4 if arguments.quick else 200)
    names = ["splat/sqlite", "numbers/postgresql", "splat/postgresql", "numbers/sqlite", "noise/sqlite"]
    if arguments.only:
        names = [name for name in names if name == arguments.only]
    elif arguments.quick:
        names = names[:2]
    began = time.monotonic()
    machine = platform.processor() or platform.machine()
    print(f"{machine}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with databases() as given, tempfile.TemporaryDirectory(prefix="calotype-faults-") as name:
        folder = Path(name)
        cases = made(names, folder)
        if cases:
            at_random(cases, folder, given, arguments.seed, wanted, is_quick=arguments.quick)
        rows = [case.figures() for case in cases]
        for row in rows:
            print(json.dumps(row))
        if arguments.only == "writes" or not (arguments.only or arguments.quick):
            rows += every_write(folder, given)
    total = {key: sum(row[key] for row in rows) for key in ("runs", "kills", *WRONG)}
    total["minutes"] = round((time.monotonic() - began) / 60, 1)
    print(json.dumps(total))
    if arguments.json:
        print(json.dumps({"seed": arguments.seed, "cases": rows, "total": total}))
    if any(total[key] for key in WRONG):
        sys.exit(1)


if __name__ == "__main__":
    main()
