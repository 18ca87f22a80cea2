"""Measure what the engine itself costs: per item of a trivial `Each` stage, per step of a chain, beside a bare pool and Celery.

    python bench/engine.py [--quick] [--json] [--items N ...] [--no-celery]

Everything counts: listing and hashing the source, storing its files, tasks, commits, records, rows. Each run is a process of its
own, so that its peak memory can be told. Wall times depend on what else the machine does and on how fast its disk makes files:
processor time stands beside them, and the peers run in between. Celery (`pip install "celery[redis]"`) needs a Redis at
127.0.0.1:6379 and is left out where either is missing. TMPDIR says where the files lie.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ITEMS = (1_000, 10_000, 100_000)
QUICK_ITEMS = (500, 2_000)
ADDED = 100
CHAIN = 50
CELERY_WAIT_S = 120
REDIS = ("127.0.0.1", 6379)


def write_numbers(folder: Path, first: int, count: int) -> None:
    """`count` small files of different bytes, old enough to be trusted by their modification time."""
    folder.mkdir(exist_ok=True)
    past = time.time() - 3600
    for number in range(first, first + count):
        path = folder / f"{number:07d}.json"
        path.write_text(str(number))
        os.utime(path, (past, past))


def measure_run(store: str, source: str, steps: int, scratch: str) -> dict[str, Any]:
    """One run in this process: Tick over all items, or a chain of so many Tocks."""
    from bench.peers.trivial import PEAKS, Tick, Tock, peak_mb

    from calotype import Pipeline, Report
    from calotype.runners.session import Session

    pipeline = Pipeline("bench")
    flow: Any = pipeline.source("numbers", Report)
    if steps:
        for turn in range(steps):
            flow = pipeline.add(Tock(turn=turn), step=f"tock-{turn}", numbers=flow)
    else:
        pipeline.add(Tick(), step="tick", numbers=flow)
    peaks = Path(f"{store}-peaks")
    peaks.write_text("")
    os.environ[PEAKS] = str(peaks)
    started = time.monotonic()
    session = Session(store, {"NVME_ROOT": scratch})
    definition = session.create(pipeline.build(), {"numbers": source})
    created = time.monotonic()
    session.conduct(definition).check()
    session.close()
    return {
        "seconds": time.monotonic() - started,
        "cpu_s": processor_seconds(),
        "ingest_s": created - started,
        "conductor_mb": peak_mb(),
        "worker_mb": max((float(line) for line in peaks.read_text().split()), default=0.0),
    }


def processor_seconds() -> float:
    """Of this process and of those it has waited for, imports included."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def in_a_process(store: Path, source: Path, steps: int = 0) -> dict[str, Any]:
    """`measure_run` in a process of its own."""
    argv = [sys.executable, __file__, "--one", str(store), str(source), str(steps), str(store) + "-scratch"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def per_item(items: int, folder: Path) -> list[dict[str, Any]]:
    """Rows of a fresh run, the same again, and one with some items added."""
    source, store = folder / "numbers", folder / "store"
    write_numbers(source, 0, items)
    rows: list[dict[str, Any]] = []
    for what, count in (("fresh", items), ("unchanged", items), (f"{ADDED} added", items + ADDED)):
        if what.endswith("added"):
            write_numbers(source, items, ADDED)
        row = in_a_process(store, source)
        rows.append({"what": what, "items": count, "ms_per_item": 1000 * row["seconds"] / count, **row})
    return rows


def pool(items: int, folder: Path, workers: int) -> dict[str, Any]:
    """The same files through a bare process pool: nothing hashed, kept, or found again."""
    from bench.peers.trivial import tick_pair

    source, target = folder / "numbers", folder / "pool"
    target.mkdir()
    # Spawned: a fork of a process that has spoken to Redis hangs in Celery's own clean-up after the fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        list(executor.map(abs, range(workers)))
        started = time.monotonic()
        pairs = [(str(path), str(target / path.name)) for path in sorted(source.iterdir())]
        count = sum(1 for _ in executor.map(tick_pair, pairs))
        return _peer("process pool", count, time.monotonic() - started)


def celery(items: int, folder: Path, workers: int) -> dict[str, Any]:
    """The same files as Celery tasks over Redis. Results are not asked for, which is its best case: the files tell."""
    from bench.peers.celery_tasks import app, tick_task

    source, target = folder / "numbers", folder / "celery"
    target.mkdir()
    argv = ["-m", "celery", "-A", "bench.peers.celery_tasks", "worker", "-c", str(workers), "-l", "ERROR"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    worker = subprocess.Popen(
        [sys.executable, *argv],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not app.control.ping(timeout=0.5):
            if worker.poll() is not None:
                raise SystemExit("the Celery worker did not start")
        started = time.monotonic()
        names = sorted(os.listdir(source))
        for name in names:
            tick_task.delay(str(source / name), str(target / name))
        while len(os.listdir(target)) < len(names):
            if time.monotonic() - started > CELERY_WAIT_S:
                raise SystemExit("the Celery worker did not finish")
            time.sleep(0.05)
        return _peer("Celery, Redis", len(names), time.monotonic() - started)
    finally:
        worker.terminate()
        worker.wait()


def _peer(what: str, items: int, seconds: float) -> dict[str, Any]:
    return {"what": what, "items": items, "ms_per_item": 1000 * seconds / items, "seconds": seconds}


def chain(steps: int, folder: Path) -> list[dict[str, Any]]:
    """Rows of a chain of whole-set steps, fresh and unchanged: the cost of a step."""
    source, store = folder / "one", folder / "chain-store"
    write_numbers(source, 0, 1)
    rows: list[dict[str, Any]] = []
    for what in ("fresh", "unchanged"):
        row = in_a_process(store, source, steps)
        rows.append({"what": what, "steps": steps, "ms_per_step": 1000 * row["seconds"] / steps, **row})
    return rows


def has_celery() -> bool:
    """Whether Celery is installed and a Redis answers."""
    if importlib.util.find_spec("celery") is None:
        return False
    with suppress(OSError), socket.create_connection(REDIS, timeout=1):
        return True
    return False


def measure(sizes: tuple[int, ...], steps: int, *, with_celery: bool) -> dict[str, Any]:
    """All tables."""
    from calotype.hardware import usable_cores

    workers = usable_cores()
    items: list[dict[str, Any]] = []
    peers: list[dict[str, Any]] = []
    for size in sizes:
        folder = Path(tempfile.mkdtemp(prefix="bench-engine-"))
        try:
            items += per_item(size, folder)
            peers.append(pool(size, folder, workers))
            if with_celery and size <= 10_000:
                peers.append(celery(size, folder, workers))
            steps_table = chain(steps, folder) if size == sizes[0] else None
        finally:
            shutil.rmtree(folder)
        if steps_table is not None:
            chained = steps_table
    return {
        "machine": f"{workers} cores, {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}",
        "items": items,
        "chain": chained,
        "peers": peers,
        "ratios": ratios(items, peers),
    }


def ratios(items: list[dict[str, Any]], peers: list[dict[str, Any]]) -> dict[str, float]:
    """Our milliseconds an item over each peer's at the same size, and what an unchanged run costs of a fresh one."""
    fresh = {row["items"]: row["ms_per_item"] for row in items if row["what"] == "fresh"}
    found = {
        f"fresh / {peer['what']}, {peer['items'] - ADDED}": fresh[peer["items"] - ADDED] / peer["ms_per_item"]
        for peer in peers
    }
    for row in items:
        if row["what"] == "unchanged":
            found[f"unchanged / fresh, {row['items']}"] = row["ms_per_item"] / fresh[row["items"]]
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """Rows as Markdown."""
    columns = list(rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        cells = [f"{row[c]:.3g}" if isinstance(row[c], float) else str(row[c]) for c in columns]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes, under a minute")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON in the last line")
    parser.add_argument("--items", type=int, nargs="+", help="other sizes")
    parser.add_argument("--no-celery", action="store_true")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        store, source, steps, scratch = given.one
        print(json.dumps(measure_run(store, source, int(steps), scratch)))
        return
    sizes = tuple(given.items or (QUICK_ITEMS if given.quick else ITEMS))
    found = measure(
        sizes, CHAIN // 5 if given.quick else CHAIN, with_celery=has_celery() and not given.no_celery
    )
    print(found["machine"])
    for name in ("items", "chain", "peers"):
        print(f"\n{name}\n\n{table(found[name])}")
    print(f"\nratios\n\n{table([{'of': what, 'ratio': ratio} for what, ratio in found['ratios'].items()])}")
    if given.json:
        print(json.dumps(found))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
