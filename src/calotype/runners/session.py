"""The door every front end uses: make a run from a pipeline and its inputs, carry it through, read what it made."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from calotype import errors
from calotype.catalog import Catalog
from calotype.catalog.runs import RunRow
from calotype.engine.conduct import Conductor
from calotype.engine.definition import (
    RunDefinition,
    definition_path,
    new_run_id,
    read_definition,
    run_of,
    write_definition,
)
from calotype.engine.events import Event
from calotype.engine.execute import Workplace
from calotype.engine.ingest import Ingested, ingest
from calotype.engine.outcome import Outcome
from calotype.engine.outputs import (
    fixed_names,
    locations,
    named_outputs,
    published_at,
    read_figures,
    read_warnings,
)
from calotype.engine.pipeline import Pipeline, PipelineSpec, Wire
from calotype.engine.ports import Arity, ports_of
from calotype.engine.reach import Walk
from calotype.engine.rebuild import restore_rows
from calotype.engine.runner import Runner
from calotype.engine.stage import Stage
from calotype.engine.state import keep_state
from calotype.engine.sweeps import Sweeps
from calotype.engine.tasks import cancel_path
from calotype.errors import CalotypeError, Cancelled, DamagedBlob, InvalidParameter, UnknownName
from calotype.runners.inline import InlineRunner
from calotype.runners.local import LocalPool
from calotype.runners.settings import (
    DEFAULT_STORE,
    catalog_for,
    fetch_policy,
    is_store,
    scratch_from,
    store_at,
)
from calotype.storage.blobs import Blobs
from calotype.storage.files import sha256_of
from calotype.storage.publish import check_destination, publish, refuse_mixing
from calotype.storage.s3 import S3Settings
from calotype.storage.sources import shown_source
from calotype.storage.store import Store
from calotype.storage.web_policy import FetchPolicy

log = logging.getLogger(__name__)

_SECOND = len("20261122-093015")

Inputs = Mapping[str, str | Path]
"""Source name to a folder, a bucket prefix, a list file, or web addresses with spaces between."""


def ignore(_: Event) -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class RunResult:
    """A run that has ended."""

    run: str
    state: str
    """`done`, `failed` or `cancelled`."""
    figures: dict[str, Any]
    """What the pipeline shows of its reports: `psnr`, `gaussians`, ..."""
    seconds: dict[str, float]
    """Seconds per step spent in this run, and `total`."""
    executed: tuple[str, ...]
    """Steps that were computed, not adopted."""
    outputs: dict[str, str]
    """Label to the path people find it at: a file, or a folder where there are several."""
    error: str = ""
    """Name of the error's class in `calotype.errors`."""
    message: str = ""
    exit_code: int = 0
    warnings: tuple[str, ...] = ()
    """What was left out, and why: one sentence each."""

    def check(self) -> RunResult:
        """This result, or the run's failure as an exception."""
        if self.state == "cancelled":
            raise Cancelled
        if self.state != "done":
            kind = getattr(errors, self.error, CalotypeError)
            raise kind(self.message)
        return self


class Session:
    """A store with its catalog and scratch, open for work."""

    def __init__(
        self, store: str | Path = DEFAULT_STORE, environment: Mapping[str, str] | None = None
    ) -> None:
        self.environment = os.environ if environment is None else environment
        self.store: Store = store_at(str(store), self.environment)
        self.catalog: Catalog = catalog_for(self.store, self.environment)
        self.scratch = scratch_from(self.environment)

    def create(
        self,
        pipeline: PipelineSpec,
        inputs: Inputs,
        *,
        output: str = "",
        run_id: str = "",
        web: FetchPolicy | None = None,
        emit: Callable[[Event], None] = ignore,
    ) -> RunDefinition:
        """A new run, its inputs pinned in the store; InputError when a source gives too little, StorageError or
        ConfigurationError when `output` could not receive what it will make.

        With `run_id`, the run of this id, should somebody have made it meanwhile. `web` is what web addresses may reach, by default
        what the settings allow to the operator's own.
        """
        wanted = {source.name for source in pipeline.sources}
        if wanted != set(inputs):
            raise InvalidParameter(
                f"{pipeline.name} needs the inputs {sorted(wanted)}, not {sorted(inputs)}."
            )
        output = self.checked_output(output, pipeline, inputs) if output else ""
        sweeps = Sweeps(self.store)
        swept = sweeps.newest()
        rules = web or fetch_policy(self.environment)
        found = self._ingest(pipeline, inputs, rules, emit)
        if run_id and self.store.exists(definition_path(run_id)):
            return read_definition(self.store, self.find(run_id).id)
        definition = RunDefinition(
            id=run_id or new_run_id(),
            created=datetime.now(UTC).isoformat(timespec="microseconds"),
            pipeline=pipeline,
            sources={name: shown_source(str(given)) for name, given in inputs.items()},
            inputs=found.inputs,
            ignored=found.ignored,
            listing=found.listing,
            output=output,
        )
        self.add(definition)
        if sweeps.has_moved(swept):
            # gc may have taken bytes that were found before this definition held them.
            self._ingest(pipeline, inputs, rules, emit)
        return definition

    def _ingest(
        self, pipeline: PipelineSpec, inputs: Inputs, web: FetchPolicy, emit: Callable[[Event], None]
    ) -> Ingested:
        """The inputs of a run, listed now, their bytes in the store."""
        return ingest(
            pipeline.sources,
            {name: str(given) for name, given in inputs.items()},
            store=self.store,
            catalog=self.catalog,
            scratch=self.scratch,
            s3=self._s3,
            web=web,
            emit=emit,
        )

    def add(self, definition: RunDefinition) -> None:
        """Make a new run known: its definition is written before its rows."""
        write_definition(self.store, definition)
        self._add_rows(definition)
        keep_state(self.store, self.catalog, definition.id)

    @property
    def _s3(self) -> S3Settings:
        return S3Settings.from_environment(self.environment)

    def checked_output(self, output: str, pipeline: PipelineSpec, inputs: Inputs) -> str:
        """Where outputs go, a folder as an absolute path: the run may be resumed from elsewhere. An error when they cannot,
        also among the inputs, where the next run would take them for photos, or in the store."""
        place = output if "://" in output else os.path.abspath(output)
        try:
            refuse_mixing(place, self.store.url, inputs)
            check_destination(place, fixed_names(pipeline), s3=self._s3)
        except CalotypeError as error:
            raise type(error)(
                f"Nothing was started: outputs cannot be written to {output}. {error}"
            ) from error
        return place

    def find(self, run: str) -> RunRow:
        """The run of this id, of the beginning of one, or `latest`; UnknownName when neither catalog nor store has it."""
        if run == "latest":
            if not self.runs(1):
                raise UnknownName(f"There are no runs in {self.store.url} yet.")
            return self.catalog.runs.get(run)
        try:
            return self.catalog.runs.get(run)
        except UnknownName:
            learnt = [one for one in self._runs_in_store() if one.startswith(run)]
            for one in learnt:
                self._learn(one)
            return self.catalog.runs.get(run)

    def runs(self, limit: int) -> list[RunRow]:
        """The newest runs, newest first, those that other machines made in the same store among them."""
        self._learn_newest(limit)
        return self.catalog.runs.list(limit)

    def _runs_in_store(self) -> list[str]:
        """Ids of all runs, oldest first."""
        return [run_of(info.key) for info in self.store.list("runs")]

    def _learn_newest(self, count: int) -> None:
        runs = self._runs_in_store()
        # An id begins with its second; which of one second's runs is newer, only their rows tell.
        since = runs[-count:][0][:_SECOND] if runs else ""
        for run in runs:
            if run[:_SECOND] >= since and not self._knows(run):
                try:
                    self._learn(run)
                except DamagedBlob as error:  # One run that cannot be read must not hide the others.
                    log.warning("%s `calotype catalog check` tells what can be done.", error)

    def _knows(self, run: str) -> bool:
        try:
            return self.catalog.runs.get(run).id == run
        except UnknownName:
            return False

    def _learn(self, run: str) -> None:
        """Give a run that only the store knows its rows here: as they were written down last, or all waiting."""
        restore_rows(self.store, self.catalog, read_definition(self.store, run))

    def _add_rows(self, definition: RunDefinition) -> None:
        steps = [(step.id, step.stage) for step in definition.pipeline.steps]
        source = ", ".join(definition.sources.values())
        self.catalog.runs.create(definition.id, definition.pipeline.name, source, steps, definition.parent)

    def conduct(
        self,
        definition: RunDefinition,
        *,
        emit: Callable[[Event], None] = ignore,
        runner: Runner | None = None,
    ) -> RunResult:
        """Carry a run to its end, on the local pool if no runner is given, and publish what it made."""
        own = runner or self._default_runner()
        try:
            outcome = Conductor(definition, self.store, self.catalog, own, emit).conduct()
        finally:
            if runner is None:
                own.close()
        return self._result(definition, outcome)

    def _default_runner(self) -> Runner:
        if self.store.url.startswith("memory://"):
            return InlineRunner(Workplace(self.store, self.scratch))
        return LocalPool(environment={**os.environ, **self.environment})

    def _result(self, definition: RunDefinition, outcome: Outcome) -> RunResult:
        blobs = Blobs(self.store)
        result = RunResult(
            run=definition.id,
            state=outcome.state,
            figures=read_figures(definition.pipeline, outcome.flows, blobs),
            seconds={**outcome.step_seconds, "total": outcome.seconds},
            executed=outcome.executed,
            outputs={},
            error=outcome.error,
            message=outcome.message,
            exit_code=outcome.exit_code,
            warnings=read_warnings(definition.pipeline, outcome.flows, definition.ignored, blobs),
        )
        if outcome.state != "done":
            return result
        files = named_outputs(definition.pipeline, outcome.flows, blobs)
        place = published_at(definition, self.store)
        try:
            if place:
                self._publish(blobs, files, place, definition.id)
            return replace(result, outputs=locations(files, definition, blobs))
        except CalotypeError as error:
            message = f"Everything is computed and kept, but could not be written to {place}: {error}"
            try:
                self.catalog.runs.set_state(definition.id, "failed", message)
                keep_state(self.store, self.catalog, definition.id)
            except CalotypeError as unwritten:
                log.warning("run %s: that it failed could not be written down: %s", definition.id, unwritten)
            kind = type(error).__name__
            return replace(result, state="failed", error=kind, message=message, exit_code=error.exit_code)

    def _publish(self, blobs: Blobs, files: Mapping[str, Mapping[str, str]], output: str, run: str) -> None:
        named = {name: digest for label in files.values() for name, digest in label.items()}
        with self.scratch.workdir("publish") as passing:
            publish(blobs, named, output, s3=self._s3, workdir=passing, run=run)

    def resume(self, run: str, *, output: str = "", emit: Callable[[Event], None] = ignore) -> RunResult:
        """Go on with a run where it stopped, also one that was asked to stop; what is there already is adopted."""
        definition = read_definition(self.store, self.find(run).id)
        if output:
            place = self.checked_output(output, definition.pipeline, definition.sources)
            definition = definition.model_copy(update={"output": place})
        self.store.delete(cancel_path(definition.id))
        return self.conduct(definition, emit=emit)

    def write_output(self, run: str, label: str, path: Path | None = None) -> Path | None:
        """A file with one output of a run; None when the run has not made it. Written to `path` if that is given; else the
        published one, where it is still as it was published; else one below scratch."""
        definition = read_definition(self.store, run)
        blobs = Blobs(self.store)
        _, flows = Walk(self.store).follow(definition)
        files = named_outputs(definition.pipeline, flows, blobs).get(label)
        if not files:
            return None
        name, digest = next(iter(files.items()))
        place = published_at(definition, self.store)
        published = Path(place) / name
        if path is None and place and published.is_file() and sha256_of(published)[0] == digest:
            return published
        target = path or self.scratch.root / "opened" / run / Path(name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        blobs.fetch(digest, target)
        return target.resolve()

    def cancel(self, run: str) -> str:
        """Ask a run to stop, wherever it works; its id."""
        found = self.find(run).id
        self.store.put(cancel_path(found), b"")
        return found

    def close(self) -> None:
        self.catalog.close()
        self.scratch.close()


@contextmanager
def open_session(store: str, *, make: bool = False) -> Generator[Session]:
    """A session that is closed at the end of the block. Only with `make` may the store be a new one.

    Raises ConfigurationError for a folder that holds something else, UnknownName where nothing is.
    """
    if not is_store(store) and not make:
        raise UnknownName(
            f"There is no store at {store}. `calotype run` makes one; --store or CALOTYPE_STORE names it."
        )
    session = Session(store)
    try:
        yield session
    finally:
        session.close()


def pipeline_of(stage: Stage, given: Collection[str] = ()) -> PipelineSpec:
    """A pipeline of this one stage: a source for every port, every output published under its port's name.

    A port that may be left out has a source only if it is among those `given`.
    """
    pipeline = Pipeline(type(stage).__name__.lower())
    ports = ports_of(type(stage))
    wires: dict[str, Wire | tuple[Wire, ...]] = {}
    for port in ports.inputs:
        many = port.arity is not Arity.ONE
        names = (
            [port.name]
            if len(port.kinds) == 1
            else [f"{port.name}-{kind.__name__.lower()}" for kind in port.kinds]
        )
        if port.is_optional and not any(name in given for name in names):
            continue
        sources = [
            pipeline.source(name, kind, many=many) for name, kind in zip(names, port.kinds, strict=True)
        ]
        wires[port.name] = tuple(sources) if len(sources) > 1 else sources[0]
    outputs = pipeline.connect(stage, wires)
    for port in ports.outputs:
        pipeline.publish(f"{port.name}/", getattr(outputs, port.name), label=port.name)
    return pipeline.build()


def run(
    what: Stage | Pipeline | PipelineSpec,
    inputs: Inputs,
    *,
    store: str | Path = "",
    output: str | Path = "",
    emit: Callable[[Event], None] = ignore,
) -> RunResult:
    """Run a stage or a pipeline over inputs and wait for it: `run(BlurFaces(), {"photos": "holiday/"}, output="blurred")`.

    Raises what went wrong. Without a store nothing is kept but what goes to `output`.
    """
    spec = (
        pipeline_of(what, inputs)
        if isinstance(what, Stage)
        else what.build()
        if isinstance(what, Pipeline)
        else what
    )
    session = Session(store or f"memory://run-{secrets.token_hex(8)}")
    try:
        definition = session.create(spec, inputs, output=str(output), emit=emit)
        return session.conduct(definition, emit=emit).check()
    finally:
        session.close()
