"""Kill runs at random moments, resume them, and count what was lost or done twice.

    python bench/faults.py [--quick] [--json] [--seed N] [--kills N] [--only splat/sqlite]

Parents, workers and their children are killed with SIGKILL, some time after they appear or right after something was written,
in runs of paced toy stages and of photos to a splat, each on SQLite and on PostgreSQL (a server of its own, or the one that
CALOTYPE_TEST_POSTGRES names). Every run must end by `calotype resume` with the bytes of an undisturbed run, every record and
segment that was there at a kill unchanged, nothing of it computed again, and store and scratch clean after gc.

Run i is planned from seed + i, which is printed: `--seed` and `--only` with what a failed one says plan the same kills again.
Claims of a killed parent are ended at once, as if their minute had passed; in the first run of every case they are waited for.
"""

from __future__ import annotations

import argparse
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

from tests.faults.campaign import Place, Verdict, break_run, undisturbed  # noqa: E402
from tests.faults.pipelines import SmallRun, numbers_run, splat_run  # noqa: E402
from tests.faults.processes import ROLES  # noqa: E402
from tests.faults.schedule import plan_kills  # noqa: E402

KILLS_PER_RUN = {"numbers": 5, "splat": 8}


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
    case.verdicts.append(verdict)
    problems = [*verdict.lost, *verdict.duplicated, *verdict.different, *verdict.dirt]
    print(f"  {len(verdict.kills)} kills, {verdict.resumes} resumes, {verdict.seconds:.1f} s", flush=True)
    for problem in problems:
        print(f"  WRONG: {problem}")
    if problems:
        print(f"  To plan these kills again: --seed {seed} --only {case.name} --kills {kills}")
        print((place.folder / "log.txt").read_text())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a few kills, under a minute")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--seed", type=int, default=0, help="of the first run; the next has the next number")
    parser.add_argument("--kills", type=int, help="stop when so many were killed; by default 200, quick 6")
    parser.add_argument("--only", help="one case: numbers or splat, / and sqlite or postgresql")
    arguments = parser.parse_args()
    wanted = arguments.kills or (6 if arguments.quick else 200)
    names = ["splat/sqlite", "numbers/postgresql", "splat/postgresql", "numbers/sqlite"]
    names = [arguments.only] if arguments.only else names[:2] if arguments.quick else names
    began = time.monotonic()
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    with databases() as given, tempfile.TemporaryDirectory(prefix="calotype-faults-") as name:
        folder = Path(name)
        known = {"numbers": numbers_run(folder / "numbers"), "splat": splat_run()}
        small = {one: known[one] for one in {case.partition("/")[0] for case in names}}
        found = {one: expected_of(run, folder / f"{one}-undisturbed") for one, run in small.items()}
        cases = [
            Case(small[one.partition("/")[0]], one.partition("/")[2], *found[one.partition("/")[0]])
            for one in names
        ]
        seed = arguments.seed
        while (done := sum(case.kills for case in cases)) < wanted:
            case = min(cases, key=lambda case: case.kills)
            most = min(KILLS_PER_RUN[case.small.name], wanted - done, 3 if arguments.quick else 99)
            with (
                tempfile.TemporaryDirectory(dir=folder) as place,
                given.one() if case.catalog == "postgresql" else nullcontext("") as url,
            ):
                waits = not arguments.quick and not case.verdicts
                break_one(case, Place(Path(place), url, waits_for_leases=waits), seed, most)
            seed += 1
    rows = [case.figures() for case in cases]
    for row in rows:
        print(json.dumps(row))
    total = {
        key: sum(row[key] for row in rows)
        for key in ("runs", "kills", "lost", "duplicated", "different", "left_over")
    }
    total["minutes"] = round((time.monotonic() - began) / 60, 1)
    print(json.dumps(total))
    if arguments.json:
        print(json.dumps({"seed": arguments.seed, "cases": rows, "total": total}))
    if any(total[key] for key in ("lost", "duplicated", "different", "left_over")):
        sys.exit(1)


if __name__ == "__main__":
    main()
