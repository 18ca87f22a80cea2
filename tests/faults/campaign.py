"""Carry runs through `calotype resume` while their processes are killed, and find out what became of what was committed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sqlalchemy import update
from tests.faults.agreement import at_odds
from tests.faults.pipelines import SmallRun
from tests.faults.processes import Role, family_of, is_alive, kill, wait_until
from tests.faults.schedule import Kill

from calotype.catalog.database import Database
from calotype.catalog.schema import claims
from calotype.engine.check import check
from calotype.engine.counting import place_of
from calotype.engine.definition import RunDefinition, read_definition
from calotype.engine.gc import collect
from calotype.engine.outputs import named_outputs, outputs_path
from calotype.engine.reach import Walk
from calotype.engine.records import key_of_record, parse_segment
from calotype.engine.state import read_state
from calotype.engine.sweeps import LEASE_S, MARKER
from calotype.engine.tasks import Task
from calotype.runners.session import Session
from calotype.runners.settings import catalog_place
from calotype.storage.blobs import Blobs
from calotype.storage.files import sha256_of
from calotype.storage.folder import TEMPORARY
from calotype.storage.store import Store

ROOT = Path(__file__).parents[2]
_PATIENCE_S = 180.0
_RESUMES = 8


@dataclass(frozen=True)
class Place:
    """Where a run works: a folder for store and scratch, and which catalog."""

    folder: Path
    catalog: str = ""
    """URL of a PostgreSQL database; empty for SQLite in the store."""
    bucket: str = ""
    """URL of a store in a bucket; empty for a folder."""
    access: Mapping[str, str] = field(default_factory=dict[str, str])
    """Environment that the bucket needs."""
    waits_for_leases: bool = False
    """Whether leases of the dead run out by themselves, as they do in life; else they are ended at once."""

    @property
    def store_url(self) -> str:
        return self.bucket or (self.folder / "store").as_uri()

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
        folders = {"NVME_ROOT": str(self.folder / "scratch"), "XDG_STATE_HOME": str(self.folder / "state")}
        catalog = {"CALOTYPE_CATALOG": self.catalog} if self.catalog else {}
        return {**os.environ, **folders, "PYTHONPATH": path, **catalog, **self.access}

    def open(self) -> Session:
        return Session(self.store_url, self.environment)


@dataclass(frozen=True)
class Killed:
    """One kill as it happened."""

    victim: Role
    phase: str
    """The step at work; `no worker` while the parent starts, looks, commits or ends."""


@dataclass
class Verdict:
    """What became of a run that was killed again and again."""

    run: str
    kills: list[Killed] = field(default_factory=list[Killed])
    resumes: int = 0
    tasks: int = 0
    """Handed out to workers: more than there are steps and shards, where the one before did not live to commit."""
    lost: list[str] = field(default_factory=list[str])
    """Records and segments that were there at a kill and are gone or changed; outputs that are missing."""
    duplicated: list[str] = field(default_factory=list[str])
    """Steps and items that were computed although their result was committed at a kill."""
    different: list[str] = field(default_factory=list[str])
    """Outputs with other bytes than those of an undisturbed run."""
    at_odds: list[str] = field(default_factory=list[str])
    """Where records, what was made of them, and the catalog do not tell the same."""
    dirt: list[str] = field(default_factory=list[str])
    """What is left in store or scratch after gc that should not be."""
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.duplicated or self.different or self.at_odds or self.dirt)


@dataclass(frozen=True)
class Committed:
    """What was committed at one moment, and which tasks had been handed out."""

    objects: Mapping[str, str]
    """Records and segments, by path: sha256."""
    keys: frozenset[str]
    """Of the steps with a record."""
    items: frozenset[str]
    """Keys of the items in segments."""
    tasks: frozenset[str]

    @classmethod
    def now(cls, store: Store) -> Committed:
        objects: dict[str, str] = {}
        items: set[str] = set()
        for kind in ("records", "segments"):
            for info in store.list(kind):
                data = store.get(info.key)
                objects[info.key] = hashlib.sha256(data).hexdigest()
                if kind == "segments":
                    items |= {item.key for item in parse_segment(data, info.key).items}
        keys = frozenset(key_of_record(path) for path in objects if path.startswith("records/"))
        # Last: a task that is handed out in this moment is not held against anybody.
        return cls(objects, keys, frozenset(items), _tasks(store))


def undisturbed(small: SmallRun, place: Place) -> dict[str, str]:
    """Published files of a run that nobody disturbs, by name: sha256."""
    session = place.open()
    try:
        definition = session.create(small.pipeline, small.inputs)
        session.conduct(definition).check()
        return published(session.store, definition)
    finally:
        session.close()


def published(store: Store, definition: RunDefinition) -> dict[str, str]:
    """Name to sha256 of everything that a run publishes and has made."""
    _, flows = Walk(store).follow(definition)
    outputs = named_outputs(definition.pipeline, flows, Blobs(store))
    return {name: digest for label in outputs.values() for name, digest in label.items()}


def numbers_of(place: Place, run: str) -> dict[str, int]:
    """Name to number of everything that a run of toy stages publishes, read from the store."""
    session = place.open()
    try:
        made = published(session.store, read_definition(session.store, run))
        return {name: json.loads(Blobs(session.store).read(digest)) for name, digest in made.items()}
    finally:
        session.close()


def break_run(small: SmallRun, place: Place, kills: Sequence[Kill], expected: Mapping[str, str]) -> Verdict:
    """Carry a run to its end through these kills. `expected` are the outputs that can be told beforehand, by name."""
    session = place.open()
    definition = session.create(small.pipeline, small.inputs)
    verdict = Verdict(definition.id)
    began = time.monotonic()
    session.close()
    _Campaign(place, definition.id, session.store, verdict).carry_out(kills)
    verdict.seconds = time.monotonic() - began
    judge(place, verdict, expected)
    return verdict


def resume(
    place: Place, run: str, log: IO[bytes], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """A process that carries a run on, as people start it."""
    command = [Path(sys.executable).with_name("calotype"), "resume", run, "--store", place.store_url]
    given = environment or place.environment
    return subprocess.Popen(command, env=given, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


class _Campaign:
    """One run under fire."""

    def __init__(self, place: Place, run: str, store: Store, verdict: Verdict) -> None:
        self._place = place
        self._run = run
        self._store = store
        self._verdict = verdict
        self._log = place.folder / "log.txt"
        self._before: list[Committed] = []

    def carry_out(self, kills: Sequence[Kill]) -> None:
        parent: subprocess.Popen[bytes] | None = None
        with self._log.open("ab") as log:
            for planned in kills:
                if parent is None or parent.poll() is not None:
                    if parent is not None and parent.returncode == 0:
                        break
                    parent = self._start(log)
                if (happened := self._strike(parent, planned)) is None:
                    continue
                self._verdict.kills.append(happened)
                if happened.victim == "parent":
                    parent.wait()
                    self._bury()
                self._before.append(Committed.now(self._store))
            self._finish(parent, log)
        self._verdict.tasks = len(_tasks(self._store))
        for committed in self._before:
            compare(self._store, committed, self._verdict)

    def _start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        self._verdict.resumes += 1
        return resume(self._place, self._run, log)

    def _finish(self, parent: subprocess.Popen[bytes] | None, log: IO[bytes]) -> None:
        """Let it run, and resume it until it is done."""
        for _ in range(_RESUMES):
            if parent is None:
                parent = self._start(log)
            if parent.wait(_PATIENCE_S) == 0:
                return
            parent = None
        self._verdict.lost.append(f"run {self._run} did not end; {self._log} tells why")

    def _strike(self, parent: subprocess.Popen[bytes], planned: Kill) -> Killed | None:
        """Wait for the moment and kill; None when the run ended before."""
        written = self._written()
        while parent.poll() is None:
            if not wait_until(lambda: self._is_there(parent, planned.victim), _PATIENCE_S):
                break
            if planned.trigger == "write":
                wait_until(lambda: self._written() != written or parent.poll() is not None, _PATIENCE_S)
            wait_until(lambda: parent.poll() is not None, planned.delay_s)
            family = family_of(parent.pid)
            phase = self._phase() if family["worker"] else "no worker"
            # Of several workers the last one started: the first may have nothing to do any more.
            for pid in reversed(family[planned.victim]):
                if kill(pid):
                    wait_until(lambda pid=pid: not is_alive(pid), _PATIENCE_S)
                    return Killed(planned.victim, phase)
        return None

    def _is_there(self, parent: subprocess.Popen[bytes], role: Role) -> bool:
        return parent.poll() is not None or bool(family_of(parent.pid)[role])

    def _written(self) -> tuple[str, ...]:
        kinds = ("records", "segments", "states", "checkpoints")
        return tuple(f"{info.key} {info.etag}" for kind in kinds for info in self._store.list(kind))

    def _phase(self) -> str:
        state = read_state(self._store, self._run)
        steps = state.steps if state else ()
        return next((step.step for step in steps if step.state != "done"), "end")

    def _bury(self) -> None:
        """The parent is dead: its workers end with it, and the lease of what it had claimed, which takes a minute, is over."""
        wait_until(lambda: not _workers_of_nobody(self._place), _PATIENCE_S, 0.05)
        if not self._place.waits_for_leases:
            end_leases(self._place)


def compare(store: Store, committed: Committed, verdict: Verdict) -> None:
    """What was committed once against what is there now, and against the tasks that were handed out since."""
    for path, digest in committed.objects.items():
        # What was proposed where servers overwrite has come to its place.
        data = store.find(place_of(path) if path.startswith("records/") else path)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            verdict.lost.append(f"{path} was {'lost' if data is None else 'changed'}")
    for path in sorted(_tasks(store) - committed.tasks):
        task = Task.model_validate_json(store.get(path))
        if task.key in committed.keys:
            verdict.duplicated.append(f"{path}: its record was there")
        verdict.duplicated += [
            f"{path}: item {item.name} was there" for item in task.items if item.key in committed.items
        ]


def _tasks(store: Store) -> frozenset[str]:
    return frozenset(info.key for info in store.list("tasks"))


def _workers_of_nobody(place: Place) -> list[int]:
    """Workers of this place that outlived their parent; all of them work below its scratch."""
    mark = f"NVME_ROOT={place.folder / 'scratch'}".encode()
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_ours = mark in (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if is_ours and is_alive(int(process.name)) and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def end_leases(place: Place) -> None:
    """As if a minute had passed: claims of the dead are anybody's, and a collection whose process is dead is over."""
    session = place.open()
    session.close()
    database = Database(catalog_place(session.store, session.environment))
    ended = update(claims).where(claims.c.state == "running").values(lease_until=0.0)
    database.write(lambda connection: connection.execute(ended).rowcount)
    database.close()
    marker = session.store.local_path(MARKER)
    if marker is not None and marker.exists():
        os.utime(marker, (time.time() - LEASE_S - 1,) * 2)


def judge(place: Place, verdict: Verdict, expected: Mapping[str, str]) -> None:
    """Compare a run that has ended with an undisturbed one, collect garbage, and look for what is left."""
    session = place.open()
    try:
        definition = read_definition(session.store, verdict.run)
        if session.find(verdict.run).state != "done":
            verdict.lost.append("its row does not say that it is done")
        verdict.lost += [
            f"the row of {row.step} says {row.state}"
            for row in session.catalog.runs.steps(verdict.run)
            if row.state != "done"
        ]
        verdict.at_odds += at_odds(session, definition)
        made = published(session.store, definition)
        verdict.lost += [f"output {name} is missing" for name in expected.keys() - made.keys()]
        verdict.different += [name for name in made if name in expected and made[name] != expected[name]]
        if not place.bucket:
            given = place.folder / "store" / outputs_path(verdict.run)
            right = {
                name: (given / name).is_file() and sha256_of(given / name)[0] == made[name] for name in made
            }
            verdict.different += [f"{name} as people are given it" for name in made if not right[name]]
        if not place.bucket:  # There, what is younger than the server's second is left alone.
            verdict.dirt += dirt_in(session)
            unfinished = (place.folder / "store" / TEMPORARY).iterdir()
            verdict.dirt += [f"{path} is unfinished" for path in unfinished]
    finally:
        session.close()
    verdict.dirt += scratch_dirt(place.folder / "scratch")


def dirt_in(session: Session) -> list[str]:
    """What should not be in a store whose runs have ended, once gc has passed."""
    store = session.store
    found = [f"{info.key} was set aside" for info in store.list("damaged")]
    collect(store, session.catalog, older_than_s=0)
    left = collect(store, session.catalog, older_than_s=0).objects
    found += [f"{kind}: {count} left by gc" for kind, count in left.items()]
    found += [f"{info.key} is of no use" for info in store.list("checkpoints")]
    found += [f"{one.where} {one.what}" for one in check(store, session.catalog, deep=True).findings]
    return found


def scratch_dirt(root: Path) -> list[str]:
    """What nobody holds in a scratch folder that nobody uses."""
    folders = ("reservations", "work", "pins", "arriving", "trash", "owners")
    return [f"scratch: {name}/{path.name}" for name in folders for path in (root / name).iterdir()]
