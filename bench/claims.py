"""Processes that stall beyond their leases claim many trivial tasks: is each result visible once, and how fast?

Every task is taken from a queue and finished as the engine finishes a step: the claim ends, a row changes and an event is
written, in one transaction. The limit is the same statements through the bare driver, on keys that nobody competes for.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from calotype.catalog import Catalog

SERVER = os.environ.get("CALOTYPE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
LEASE_S = 1.5
STALL_S = 4.0
STALLS = 3
"""How often each process sleeps beyond its lease: in the last tenth of the tasks, when others are there to take over."""

TAKE = "UPDATE claims SET state = 'running', attempt = attempt + 1, owner = {0}, lease_until = {0} WHERE key = {0}"
FINISH = (
    "UPDATE claims SET state = 'done', lease_until = 0 WHERE key = {0} AND attempt = 1 AND state = 'running'",
    "UPDATE steps SET state = 'done', updated = {0} WHERE run = 'bench' AND step = {0}",
    "INSERT INTO events (run, at, body, id) VALUES ('bench', {0}, {0}, {0})",
)


@dataclass(frozen=True)
class Row:
    """What one catalog did."""

    catalog: str
    batch: int
    """Keys per claiming transaction."""
    tasks: int
    seconds: float
    """Without stalls."""
    per_second: float
    """Tasks claimed and finished."""
    limit_per_second: float
    """The same transactions through the bare driver."""
    ratio: float
    visible_once: int
    lost: int
    doubled: int
    stalls: int
    refused: int
    """Completions that came too late."""
    refused_by_count: int
    """The same as the catalog counted them."""


@dataclass(frozen=True)
class Job:
    """What a process is told."""

    tasks: int
    batch: int = 1
    lease_s: float = 60.0
    stalls: int = 0


def connect(url: str) -> Any:
    """The bare driver, transactions said by hand, set up as the catalog sets it up."""
    if not url.startswith("sqlite"):
        import psycopg

        return psycopg.connect(url, autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def dialect(url: str) -> tuple[str, str]:
    """How a parameter is marked, and how a write begins."""
    return ("?", "BEGIN IMMEDIATE") if url.startswith("sqlite") else ("%s", "BEGIN")


def work(url: str, owner: int, job: Job, start_at: float) -> tuple[int, int, int]:
    """(finished, refused, stalls) of one process that takes from the queue until nothing is open."""
    chance = random.Random(owner)
    catalog, bare = Catalog(url), connect(url)
    finished = refused = stalls = 0
    time.sleep(max(0.0, start_at - time.time()))
    while True:
        claims = catalog.claims.take_next("bench", f"process {owner}", job.batch, job.lease_s)
        if not claims:
            left = "SELECT count(*) FROM claims WHERE queue = 'bench' AND state <> 'done'"
            if not bare.execute(left).fetchone()[0]:
                catalog.close()
                bare.close()
                return finished, refused, stalls
            time.sleep(0.05)
        if (
            claims
            and stalls < job.stalls
            and int(claims[0].key[1:]) >= 0.9 * job.tasks
            and chance.random() < 0.1
        ):
            stalls += 1
            time.sleep(STALL_S)
        for claim in claims:
            if catalog.runs.finish_step("bench", claim.key, claim, claim.key, state="done"):
                finished += 1
            else:
                refused += 1


def work_bare(url: str, owner: int, job: Job, start_at: float) -> None:
    """Put `job.tasks` tasks that are one process's own through the same transactions."""
    mark, begin = dialect(url)
    take, finish = TAKE.format(mark), [statement.format(mark) for statement in FINISH]
    connection = connect(url)
    time.sleep(max(0.0, start_at - time.time()))
    for number in range(owner * job.tasks, (owner + 1) * job.tasks):
        key, now = f"t{number}", time.time()
        connection.execute(begin)
        connection.execute(take, (f"process {owner}", now, key))
        connection.execute("COMMIT")
        connection.execute(begin)
        connection.execute(finish[0], (key,))
        connection.execute(finish[1], (now, key))
        connection.execute(finish[2], (now, key, uuid.uuid4().hex))
        connection.execute("COMMIT")
    connection.close()


def in_processes(count: int, what: Callable[..., Any], url: str, job: Job) -> tuple[list[Any], float]:
    """What each process returned, and the seconds from their common start to the end of the last."""
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        start_at = time.time() + 4  # All are up by then, whatever the machine is doing.
        futures = [pool.submit(what, url, owner, job, start_at) for owner in range(count)]
        results = [future.result() for future in futures]
        return results, time.time() - start_at


@contextmanager
def new_catalog(kind: str, tasks: int) -> Iterator[str]:
    """URL of a fresh catalog with this many ready tasks."""
    with tempfile.TemporaryDirectory() as folder, new_database(kind, Path(folder)) as url:
        catalog = Catalog(url)
        keys = [f"t{number}" for number in range(tasks)]
        catalog.runs.create("bench", "bench", "", [(key, "trivial") for key in keys])
        catalog.claims.offer("bench", keys)
        catalog.close()
        yield url


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "SQLite file":
        yield f"sqlite:///{folder}/catalog.sqlite"
        return
    name = f"calotype_bench_{uuid.uuid4().hex[:12]}"
    with connect(SERVER) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield urlsplit(SERVER)._replace(path=f"/{name}").geturl()
    with connect(SERVER) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(kind: str, tasks: int, processes: int, batch: int) -> Row:
    """One catalog: its limit, its speed, and what it keeps to while claimants stall."""
    with new_catalog(kind, tasks) as url:
        each = tasks // processes // 4
        _, seconds = in_processes(processes, work_bare, url, Job(each))
        limit = each * processes / seconds
    with new_catalog(kind, tasks) as url:
        _, seconds = in_processes(processes, work, url, Job(tasks, batch))
    with new_catalog(kind, tasks) as url:
        results, _ = in_processes(processes, work, url, Job(tasks, batch, LEASE_S, STALLS))
        with closing(connect(url)) as bare:
            visible = bare.execute("SELECT body, count(*) FROM events GROUP BY body").fetchall()
            done = bare.execute("SELECT count(*) FROM steps WHERE state = 'done'").fetchone()[0]
            refused = bare.execute("SELECT sum(refused) FROM claims").fetchone()[0]
    once = sum(count == 1 for _, count in visible)
    return Row(
        catalog=kind,
        batch=batch,
        tasks=tasks,
        seconds=round(seconds, 1),
        per_second=round(tasks / seconds, 1),
        limit_per_second=round(limit, 1),
        ratio=round(tasks / seconds / limit, 3),
        visible_once=once,
        lost=tasks - min(done, len(visible)),
        doubled=len(visible) - once,
        stalls=sum(stalls for _, _, stalls in results),
        refused=sum(refused for _, refused, _ in results),
        refused_by_count=int(refused),
    )


def catalogs() -> list[str]:
    """Those that can be measured here."""
    try:
        with connect(SERVER):
            return ["SQLite file", "PostgreSQL"]
    except Exception as error:  # noqa: BLE001 - whatever keeps the server away, the other catalog is measured
        print(f"PostgreSQL is left out: {error}")
        return ["SQLite file"]


def hardware() -> str:
    names = [
        line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    return f"{len(names)} cores ({names[0]}), {platform.system()} {platform.release()}, Python {platform.python_version()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 16], help="keys per claiming transaction")
    parser.add_argument(
        "--quick", action="store_true", help="500 tasks, 4 processes, batches of 16: under a minute"
    )
    parser.add_argument("--json", action="store_true", help="print all figures as JSON in the last line")
    options = parser.parse_args()
    tasks, processes, batches = options.tasks, options.processes, options.batch
    if options.quick:
        tasks, processes, batches = 500, 4, [16]
    rows = [measure(kind, tasks, processes, batch) for kind in catalogs() for batch in batches]
    print(f"{hardware()}; {processes} processes, lease {LEASE_S} s, stalls of {STALL_S} s\n")
    names = list(asdict(rows[0]))
    print("| " + " | ".join(name.replace("_", " ") for name in names) + " |")
    print("|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(str(value) for value in asdict(row).values()) + " |")
    if options.json:
        ratios = {f"{row.catalog}, {row.batch} keys per claim": row.ratio for row in rows}
        figures = [asdict(row) for row in rows]
        print(json.dumps({"hardware": hardware(), "processes": processes, "rows": figures, "ratios": ratios}))
    if any(row.lost or row.doubled or row.refused != row.refused_by_count for row in rows):
        raise SystemExit("A result was lost, doubled, or a refusal was not counted.")


if __name__ == "__main__":
    main()
