"""The door every front end uses: make a run from a pipeline and its inputs, carry it through, read what it made."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from calotype import errors
from calotype.artifacts import ArtifactRef
from calotype.catalog import Catalog
from calotype.engine.conduct import Conductor
from calotype.engine.definition import RunDefinition, new_run_id, read_definition, write_definition
from calotype.engine.events import Event
from calotype.engine.execute import Workplace
from calotype.engine.ingest import Ingested, ingest_items, ingest_one
from calotype.engine.library import committed_flows
from calotype.engine.outcome import Outcome
from calotype.engine.outputs import named_outputs, read_figures
from calotype.engine.pipeline import Pipeline, PipelineSpec, SourceSpec, Wire
from calotype.engine.ports import Arity, ports_of
from calotype.engine.registry import kind_class
from calotype.engine.runner import Runner
from calotype.engine.stage import Stage
from calotype.engine.tasks import cancel_path
from calotype.errors import CalotypeError, Cancelled, InvalidParameter, TooFewImages
from calotype.runners.inline import InlineRunner
from calotype.runners.local import LocalPool
from calotype.runners.settings import DEFAULT_STORE, catalog_for, scratch_from, store_at
from calotype.storage.blobs import Blobs
from calotype.storage.publish import publish_folder
from calotype.storage.s3 import S3Settings
from calotype.storage.store import Store

Inputs = Mapping[str, str | Path]
"""Source name to a folder, a bucket prefix or a list file."""


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
        emit: Callable[[Event], None] = ignore,
    ) -> RunDefinition:
        """A new run, its inputs pinned in the store; InputError when a source gives too little."""
        wanted = {source.name for source in pipeline.sources}
        if wanted != set(inputs):
            raise InvalidParameter(
                f"{pipeline.name} needs the inputs {sorted(wanted)}, not {sorted(inputs)}."
            )
        pinned: dict[str, tuple[ArtifactRef, ...]] = {}
        ignored: list[str] = []
        for source in pipeline.sources:
            given, kind = str(inputs[source.name]), kind_class(source.kind)
            if not source.many:
                pinned[source.name] = (ingest_one(source.name, Path(given), kind, self.store, self.scratch),)
                continue
            found = ingest_items(
                source.name,
                given,
                kind,
                store=self.store,
                catalog=self.catalog,
                scratch=self.scratch,
                s3=S3Settings.from_environment(self.environment),
                emit=emit,
            )
            _check_count(source, given, found)
            pinned[source.name] = found.refs
            ignored += found.ignored
        definition = RunDefinition(
            id=new_run_id(),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            pipeline=pipeline,
            sources={name: str(given) for name, given in inputs.items()},
            inputs=pinned,
            ignored=tuple(ignored),
            output=output,
        )
        write_definition(self.store, definition)
        self._add_rows(definition)
        return definition

    def _add_rows(self, definition: RunDefinition) -> None:
        steps = [(step.id, step.stage) for step in definition.pipeline.steps]
        source = ", ".join(definition.sources.values())
        self.catalog.runs.create(definition.id, definition.pipeline.name, source, steps)

    def conduct(
        self,
        definition: RunDefinition,
        *,
        emit: Callable[[Event], None] = ignore,
        runner: Runner | None = None,
    ) -> RunResult:
        """Carry a run to its end, on the local pool if no runner is given, and publish what it made."""
        self.store.delete(cancel_path(definition.id))  # A run that was cancelled may be asked for again.
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
        files = named_outputs(definition.pipeline, outcome.flows, blobs)
        result = RunResult(
            run=definition.id,
            state=outcome.state,
            figures=read_figures(definition.pipeline, outcome.flows, blobs),
            seconds={**outcome.step_seconds, "total": outcome.seconds},
            executed=outcome.executed,
            outputs=_locations(files, definition.output, blobs) if outcome.state == "done" else {},
            error=outcome.error,
            message=outcome.message,
            exit_code=outcome.exit_code,
        )
        if outcome.state != "done" or not definition.output:
            return result
        try:
            self._publish(blobs, files, definition.output)
        except CalotypeError as error:
            message = (
                f"Everything is computed and kept, but could not be written to {definition.output}: {error}"
            )
            self.catalog.runs.set_state(definition.id, "failed", message)
            kind = type(error).__name__
            return replace(
                result, state="failed", outputs={}, error=kind, message=message, exit_code=error.exit_code
            )
        return result

    def _publish(self, blobs: Blobs, files: Mapping[str, Mapping[str, str]], output: str) -> None:
        named = {name: digest for label in files.values() for name, digest in label.items()}
        with self.scratch.workdir("publish") as passing:
            s3 = S3Settings.from_environment(self.environment)
            publish_folder(blobs, named, output, s3=s3, workdir=passing)

    def resume(self, run: str, *, output: str = "", emit: Callable[[Event], None] = ignore) -> RunResult:
        """Go on with a run where it stopped; what is there already is adopted."""
        definition = read_definition(self.store, self.catalog.runs.get(run).id)
        if output:
            definition = definition.model_copy(update={"output": output})
        return self.conduct(definition, emit=emit)

    def write_output(self, run: str, label: str, path: Path | None = None) -> Path | None:
        """Write one output of a run to a file (by default below scratch) and return it; None when the run has not made it."""
        definition = read_definition(self.store, run)
        blobs = Blobs(self.store)
        flows = committed_flows(definition.pipeline, definition.inputs, self.store, self.catalog)
        files = named_outputs(definition.pipeline, flows, blobs).get(label)
        if not files:
            return None
        name, digest = next(iter(files.items()))
        target = path or self.scratch.root / "opened" / run / Path(name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        blobs.fetch(digest, target)
        return target.resolve()

    def cancel(self, run: str) -> str:
        """Ask a run to stop, wherever it works; its id."""
        found = self.catalog.runs.get(run).id
        self.store.put(cancel_path(found), b"")
        return found

    def close(self) -> None:
        self.catalog.close()
        self.scratch.close()


@contextmanager
def open_session(store: str) -> Generator[Session]:
    """A session that is closed at the end of the block."""
    session = Session(store)
    try:
        yield session
    finally:
        session.close()


def _check_count(source: SourceSpec, given: str, found: Ingested) -> None:
    if len(found.refs) >= source.least:
        return
    kind = source.kind.lower()
    ignored = (
        f" {len(found.ignored)} other files were ignored ({', '.join(found.ignored[:3])})."
        if found.ignored
        else ""
    )
    raise TooFewImages(
        f"{given} holds {len(found.refs)} {kind}s; at least {source.least} are needed.{ignored} "
        f"Files count as {kind}s by their ending: {' '.join(kind_class(source.kind).suffixes)}."
    )


def _locations(files: Mapping[str, Mapping[str, str]], output: str, blobs: Blobs) -> dict[str, str]:
    """Label to where people find it: below the output folder, else the blob in the store."""
    found: dict[str, str] = {}
    for label, named in files.items():
        first = next(iter(named))
        if not output:
            found[label] = f"{blobs.store.url}/{blobs.key(named[first])}" if len(named) == 1 else label
        elif len(named) == 1:
            found[label] = f"{output.rstrip('/')}/{first}"
        else:
            found[label] = f"{output.rstrip('/')}/{os.path.commonpath([*map(os.path.dirname, named)])}"
    return found


def pipeline_of(stage: Stage) -> PipelineSpec:
    """A pipeline of this one stage: a source for every port, every output published under its port's name."""
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
        pipeline_of(what) if isinstance(what, Stage) else what.build() if isinstance(what, Pipeline) else what
    )
    session = Session(store or f"memory://run-{secrets.token_hex(8)}")
    try:
        definition = session.create(spec, inputs, output=str(output), emit=emit)
        return session.conduct(definition, emit=emit).check()
    finally:
        session.close()
