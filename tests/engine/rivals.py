"""Machines with a catalog each on one store: what they do at any moment of another's run, and whether they agree in the end."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import update
from tests.engine.moving import pack
from tests.engine.rival_stages import Coins, Dice
from tests.engine.toy_stages import Add

from calotype import Report, Stage
from calotype.catalog import Catalog
from calotype.catalog.database import Database
from calotype.catalog.schema import claims
from calotype.engine.check import check
from calotype.engine.counting import committed_record, place_of, standing
from calotype.engine.definition import read_definition, run_of
from calotype.engine.execute import Workplace
from calotype.engine.gc import collect
from calotype.engine.library import Library
from calotype.engine.outputs import named_outputs
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.reach import Walk
from calotype.engine.rebuild import rebuild
from calotype.engine.records import StepRecord, parse_record
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs
from calotype.storage.files import sha256_of
from calotype.storage.folder import FolderBackend
from calotype.storage.objects import ObjectInfo, bucket_backend
from calotype.storage.s3 import S3Settings
from calotype.storage.store import Backend, Store, folder_of
from servers import S3Server

Hook = Callable[[str, str], None]
"""Told the call and the key, right before the store is asked."""

_CALLS = ("read", "stream", "head", "list", "write", "write_pieces", "create", "write_file", "delete")


def throw(stage: Stage) -> PipelineSpec:
    """A stage that makes something else each time, and what is made of that."""
    pipeline = Pipeline("throw")
    made = pipeline.add(stage, step="throw", numbers=pipeline.source("numbers", Report))
    added = pipeline.add(Add(), step="add", numbers=made.report)
    pipeline.publish("throw/", made.report, label="throw")
    pipeline.publish("total.json", added.total, label="total")
    return pipeline.build()


class Watched:
    """A backend that tells what it is about to be asked."""

    def __init__(self, backend: Backend, hook: Hook) -> None:
        self._backend, self._hook = backend, hook

    def __getattr__(self, name: str) -> Any:
        answer = getattr(self._backend, name)
        if name not in _CALLS:
            return answer

        def ask(*arguments: Any, **options: Any) -> Any:
            if name == "delete":
                arguments = (list(arguments[0]),)
            for key in arguments[0] if name == "delete" else [arguments[name == "write_file"]]:
                self._hook(name, key)
            return answer(*arguments, **options)

        return ask


class Overwriting(FolderBackend):
    """A folder that overwrites where it should create, and tells whole seconds, as some servers do."""

    def create(self, key: str, data: bytes) -> bool | None:
        self.write(key, data)
        return True

    def list(self, prefix: str, start_after: str | None) -> Iterator[ObjectInfo]:
        for info in super().list(prefix, start_after):
            yield ObjectInfo(info.key, info.size, info.etag, info.modified.replace(microsecond=0))


class Died(BaseException):
    """A process was killed here."""


def at(
    number: int, begins: str | tuple[str, ...], act: Callable[[], None]
) -> tuple[Hook, Callable[[], bool]]:
    """A hook that acts once, before the n-th call that begins so (`read records/`, or a key alone); and whether it came there."""
    seen = 0

    def hook(call: str, key: str) -> None:
        nonlocal seen
        if f"{call} {key}".startswith(begins) or key.startswith(begins):
            seen += 1
            if seen == number:
                act()

    return hook, lambda: seen >= number


def dying(number: int, begins: str | tuple[str, ...]) -> tuple[Hook, Callable[[], bool]]:
    """A hook that lets the process die there: its store hears nothing more of it."""
    dead = False

    def die() -> None:
        nonlocal dead
        dead = True
        raise Died

    inner, has_come = at(number, begins, die)

    def hook(call: str, key: str) -> None:
        if dead:
            raise Died
        inner(call, key)

    return hook, has_come


class Held(threading.Thread):
    """A run that stands still before each of these calls, told as for `at`, until it is let go on."""

    def __init__(
        self,
        carry_out: Callable[[Hook], RunResult],
        stops: Sequence[tuple[int, str]],
        last: Hook | None = None,
    ) -> None:
        """`last` is asked about every call after that: it may let the process die."""
        super().__init__()
        self._carry_out = carry_out
        self._hooks = [at(number, begins, self._stand_still)[0] for number, begins in stops]
        self._hooks += [last] if last else []
        self._stands, self._go = threading.Semaphore(0), threading.Semaphore(0)
        self._run_id = ""
        self.start()
        assert self._stands.acquire(timeout=60)

    def _stand_still(self) -> None:
        self._stands.release()
        assert self._go.acquire(timeout=60)

    def _hook(self, call: str, key: str) -> None:
        for hook in self._hooks:
            hook(call, key)

    def run(self) -> None:
        with suppress(Died):
            self._run_id = self._carry_out(self._hook).run
        self._stands.release()

    def go_on(self) -> str:
        """The run's id, once it has ended; empty where it stands again, or has died."""
        self._go.release()
        assert self._stands.acquire(timeout=60)
        return self._run_id


@dataclass(frozen=True)
class Bucket:
    """A store, and machines that work on it."""

    folder: Path
    """Where the machines have what is theirs."""
    numbers: Path
    url: str
    environment: Mapping[str, str]
    overwrites: bool = False
    """Of a folder: whether it overwrites where it should create."""

    def backend(self) -> Backend:
        if self.url.startswith("s3://"):
            name, _, prefix = self.url.removeprefix("s3://").partition("/")
            return bucket_backend(name, prefix, S3Settings.from_environment(self.environment))
        return (Overwriting if self.overwrites else FolderBackend)(folder_of(self.url))

    @contextmanager
    def machine(self, name: str, hook: Hook | None = None, catalog_of: str = "") -> Iterator[Session]:
        """A session with the scratch of this machine and its catalog, or another's, its store watched if there is a hook. Leases
        of what worked there before are over."""
        home = self.folder / name
        environment = {**self.environment, "NVME_ROOT": str(home / "scratch"), "XDG_STATE_HOME": str(home)}
        environment["CALOTYPE_CATALOG"] = f"sqlite:///{self.folder / (catalog_of or name)}.sqlite"
        home.mkdir(parents=True, exist_ok=True)
        session = Session(self.url, environment)
        backend = self.backend()
        session.store = Store(Watched(backend, hook) if hook else backend)
        database = Database(environment["CALOTYPE_CATALOG"])
        database.write(lambda connection: connection.execute(update(claims).values(lease_until=0)).rowcount)
        database.close()
        try:
            yield session
        finally:
            session.close()

    def carry_out(self, name: str, stage: Stage, hook: Hook | None = None, catalog_of: str = "") -> RunResult:
        """A run of `throw` on a machine, in this process."""
        with self.machine(name, hook, catalog_of) as session:
            output = str(self.folder / name / "out")
            definition = session.create(throw(stage), {"numbers": str(self.numbers)}, output=output)
            return conduct(session, definition.id).check()

    def resume(self, name: str, run: str) -> RunResult:
        with self.machine(name) as session:
            return conduct(session, session.find(run).id).check()

    def the_run(self) -> str:
        """The only run there is."""
        (path,) = self.objects("runs")
        return run_of(path)

    def objects(self, kind: str) -> list[str]:
        return [info.key for info in Store(self.backend()).list(kind)]

    def proposals(self) -> list[str]:
        return [path for path in self.objects("records") if place_of(path) != path]


def conduct(session: Session, run: str) -> RunResult:
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(read_definition(session.store, run), runner=runner)


def bucket_at(server: S3Server, name: str, folder: Path, numbers: Path) -> Bucket:
    """A new store on a server, which honours exclusive creates or not."""
    prefix = f"{folder.name}/{name}".replace("_", "-")
    return Bucket(folder / name, numbers, server.url(prefix), server.environment)


def folder_at(folder: Path, numbers: Path, *, overwrites: bool = False) -> Bucket:
    """A new store in a folder."""
    return Bucket(folder, numbers, (folder / "store").as_uri(), {}, overwrites)


def given(bucket: Bucket, name: str) -> dict[str, str]:
    """What the people of a machine were given: file to sha256."""
    out = bucket.folder / name / "out"
    files = (path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(out).as_posix(): sha256_of(path)[0] for path in files}


def in_store(store: Store, run: str) -> dict[str, str]:
    """What a run made according to the store: file to sha256."""
    definition = read_definition(store, run)
    _, flows = Walk(store).follow(definition)
    outputs = named_outputs(definition.pipeline, flows, Blobs(store))
    return {name: digest for files in outputs.values() for name, digest in files.items()}


def everybody_agrees(bucket: Bucket, runs: Mapping[str, str], folder: Path, catalog_of: str = "") -> bool:
    """Whether machines (name to their run) tell the same: their people, libraries, rows, archives, a rebuild, and gc."""
    with ExitStack() as stack:
        machines = {name: bucket.machine(name, catalog_of=catalog_of) for name in runs}
        sessions = {name: stack.enter_context(machine) for name, machine in machines.items()}
        store = Store(bucket.backend())
        made = {name: in_store(store, run) for name, run in runs.items()}
        for name in runs:
            assert given(bucket, name) == made[name] != {}, name
        assert len({json.dumps(files, sort_keys=True) for files in made.values()}) == 1
        records, rebuilt = _records(store), lineage_of(store)
        for name, session in sessions.items():
            _tells(session, records)
            rows = session.catalog.tables()["lineage"]
            keys = {row["key"] for row in rows}
            assert rows == [row for row in rebuilt if row["key"] in keys] != [], name
            found = check(session.store, session.catalog).findings
            assert [
                one for one in found if not one.where.startswith("runs/")
            ] == []  # Others' are not known here.
        packed = {
            run: {pack(session, run, folder / "a.zip").path.read_bytes() for session in sessions.values()}
            for run in runs.values()
        }
        assert all(len(archives) == 1 for archives in packed.values())
        wanted = [Walk(store).reach(read_definition(store, run_of(path))) for path in bucket.objects("runs")]
        for session in sessions.values():
            collect(session.store, session.catalog, older_than_s=0)
        assert set(bucket.objects("records")) == {path for reach in wanted for path in reach.records}
        assert (
            all(records[path] == record for path, record in _records(store).items())
            and bucket.proposals() == []
        )
        for name, session in sessions.items():
            again = conduct(session, runs[name]).check()
            assert (again.executed, in_store(store, runs[name])) == ((), made[name])
    return True


def _records(store: Store) -> dict[str, StepRecord]:
    places = dict.fromkeys(place_of(info.key) for info in store.list("records"))
    return {place: parse_record(store.get(place), place) for place in places}


def _tells(session: Session, records: Mapping[str, StepRecord]) -> None:
    library = Library(session.store, session.catalog)
    for path, record in records.items():
        stands = standing(session.store, path)
        assert stands is not None and (stands.record, stands.others) == (record, {})
        assert library.record(record.stage, record.key) == record
        assert committed_record(session.store, record.stage, record.key) == record


def lineage_of(store: Store) -> list[dict[str, Any]]:
    """As a new catalog has it that is filled from the store alone."""
    empty = Catalog("sqlite://")
    rebuild(store, empty)
    rows = empty.tables()["lineage"]
    empty.close()
    return rows


def main() -> None:
    """A process of a machine: rounds, each held at a gate until the other machines are as far; prints its runs."""
    rounds, gate, name, folder, numbers, url = sys.argv[1:]
    bucket = Bucket(Path(folder), Path(numbers), url, dict(os.environ))
    for number in range(int(rounds)):
        stage = (Dice, Coins)[number % 2](round=number, gate=int(gate))
        sys.stdout.write(bucket.carry_out(name, stage).run + "\n")


if __name__ == "__main__":
    main()
