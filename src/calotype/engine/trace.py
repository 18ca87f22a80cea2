"""What an artifact was made from, or what was made of it: the steps on the way with their parameters, and the source files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from calotype.catalog import Catalog
from calotype.catalog.lineage import LineageEdge, LineageEnd
from calotype.catalog.runs import StepRow
from calotype.engine.counting import committed_record
from calotype.engine.definition import read_definition
from calotype.errors import DamagedBlob, UnknownName
from calotype.storage.store import Store

Ends = Mapping[str, tuple[LineageEnd, ...]]
"""Artifacts by port."""


@dataclass(frozen=True)
class TracedStep:
    """A step on the way. Of an `Each` step only the items that the way leads through."""

    key: str
    step: str
    """Its id in `run`; the stage's name where no run has it any more."""
    stage: str
    version: str
    run: str
    """The run that computed it; empty where that is gone."""
    reused_by: tuple[str, ...]
    """Runs that took its result over, oldest first."""
    parameters: Mapping[str, Any]
    seconds: float | None
    """What computing it took, the whole step."""
    inputs: Ends
    outputs: Ends


@dataclass(frozen=True)
class SourceFile:
    """Where an artifact that was given, not made, came from."""

    source: str
    """Name of the pipeline's source."""
    place: str
    """What the user gave as that source."""


@dataclass(frozen=True)
class Trace:
    """All ways from one artifact, back or forward."""

    start: LineageEnd
    is_forward: bool
    steps: tuple[TracedStep, ...]
    """Nearest first."""
    sources: Mapping[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    """By digest: those of the artifacts that a run was given."""

    def makers(self, artifacts: Iterable[LineageEnd]) -> list[TracedStep]:
        """Steps that made any of these artifacts."""
        return self._with(artifacts, [(step, step.outputs) for step in self.steps])

    def readers(self, artifacts: Iterable[LineageEnd]) -> list[TracedStep]:
        """Steps that read any of these artifacts."""
        return self._with(artifacts, [(step, step.inputs) for step in self.steps])

    def _with(
        self, artifacts: Iterable[LineageEnd], sides: Sequence[tuple[TracedStep, Ends]]
    ) -> list[TracedStep]:
        wanted = {end.digest for end in artifacts}
        return [
            step
            for step, side in sides
            if any(end.digest in wanted for ends in side.values() for end in ends)
        ]


def trace(store: Store, catalog: Catalog, start: LineageEnd, *, forward: bool, run: str = "") -> Trace:
    """Every way from an artifact back to its sources, or forward to what was made of it; within one run, if that is given."""
    follow = catalog.lineage.made_of if forward else catalog.lineage.made_from
    edges: dict[str, list[LineageEdge]] = {}
    for edge in follow(start.digest, run):
        edges.setdefault(edge.key, []).append(edge)
    rows = catalog.runs.with_keys(list(edges))
    steps = tuple(_step(store, some, rows.get(key, ()), run) for key, some in edges.items())
    digests = {start.digest} | _digests(step.inputs for step in steps)
    runs = dict.fromkeys(filter(None, [run, *(step.run or next(iter(step.reused_by), "") for step in steps)]))
    sources = _sources(store, runs, digests)
    if not forward:
        unexplained = digests - sources.keys() - _digests(step.outputs for step in steps)
        steps = tuple(_with_lists(catalog, step, unexplained) for step in steps)
    return Trace(start, forward, steps, sources)


def _digests(sides: Iterable[Ends]) -> set[str]:
    return {end.digest for side in sides for ends in side.values() for end in ends}


def _with_lists(catalog: Catalog, step: TracedStep, digests: set[str]) -> TracedStep:
    """The step with those of the artifacts that it made of no item in particular: the list of what it declined."""
    made = [catalog.lineage.artifacts(one)[0] for one in digests if step.key in catalog.lineage.makers(one)]
    return replace(step, outputs={**step.outputs, **_by_port(made)}) if made else step


def _step(store: Store, edges: Sequence[LineageEdge], rows: Sequence[StepRow], run: str) -> TracedStep:
    """The step as `run` has it, if it does; else as the one that computed it, or the first that took it over."""
    first = edges[0]
    record = committed_record(store, first.stage, first.key)
    computed = next((row for row in rows if row.state == "done" and not row.adopted), None)
    row = next((one for one in rows if one.run == run), computed or next(iter(rows), None))
    known: Mapping[str, Any] = row.components.get("parameters", {}) if row else {}
    return TracedStep(
        key=first.key,
        step=row.step if row else first.stage,
        stage=first.stage,
        version=first.version,
        run=computed.run if computed else "",
        reused_by=tuple(dict.fromkeys(one.run for one in rows if one.adopted)),
        parameters=record.parameters if record else known,
        seconds=record.timings.seconds if record else None,
        inputs=_by_port(edge.source for edge in edges),
        outputs=_by_port(edge.product for edge in edges),
    )


def _by_port(ends: Iterable[LineageEnd]) -> Ends:
    found: dict[str, dict[LineageEnd, None]] = {}
    for end in ends:
        found.setdefault(end.port, {})[end] = None
    return {port: tuple(some) for port, some in found.items()}


def _sources(store: Store, runs: Iterable[str], digests: set[str]) -> dict[str, SourceFile]:
    found: dict[str, SourceFile] = {}
    for run in runs:
        with suppress(
            UnknownName, DamagedBlob
        ):  # Purged since: where its files came from is not known any more.
            definition = read_definition(store, run)
            for name, refs in definition.inputs.items():
                place = SourceFile(name, definition.sources.get(name, ""))
                found.update({ref.digest: place for ref in refs if ref.digest in digests - found.keys()})
    return found
