"""Read runs to set them side by side: any pipeline's parameters, keys, figures, times and pictures."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from calotype.artifacts import ArtifactRef
from calotype.catalog.runs import RunRow, StepRow
from calotype.engine.counting import committed_record
from calotype.engine.definition import RunDefinition, read_definition
from calotype.engine.outputs import named_outputs, read_figures
from calotype.engine.pipeline import Link, PublishSpec
from calotype.engine.reach import Walk
from calotype.engine.registry import kind_class
from calotype.errors import CalotypeError, InvalidParameter
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs
from calotype.vision.reporting.comparison import (
    ComparedFiles,
    ComparedRow,
    ComparedRun,
    Comparison,
    OpenBlob,
)

_KEY_SHOWN = 12
_PICTURE_KINDS = ("Image", "Gallery", "Mask")
_LEAST, _MOST = 2, 26


class _Run:
    """What is known of one run."""

    def __init__(self, session: Session, run: RunRow) -> None:
        self.row = run
        self.definition: RunDefinition = read_definition(session.store, run.id)
        self.steps: dict[str, StepRow] = {step.step: step for step in session.catalog.runs.steps(run.id)}
        self.flows: Mapping[Link, Sequence[ArtifactRef]]
        _, self.flows = Walk(session.store).follow(self.definition)
        self.figures: dict[str, Any] = read_figures(
            self.definition.pipeline, self.flows, Blobs(session.store)
        )
        self.seconds = {
            name: _computing_seconds(session, step)
            for name, step in self.steps.items()
            if step.state == "done"
        }
        self.reused = {name for name, step in self.steps.items() if step.state == "done" and step.adopted}

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            f"{step.id}.{name}": value
            for step in self.definition.pipeline.steps
            for name, value in step.parameters.items()
        }


def compare_runs(session: Session, names: Sequence[str]) -> Comparison:
    """The runs side by side. Raises UnknownName for one that is not there, InvalidParameter for fewer than two."""
    found = {row.id: row for row in map(session.find, names)}
    if not _LEAST <= len(found) <= _MOST:
        raise InvalidParameter(
            f"Comparing takes {_LEAST} to {_MOST} different runs, not {len(found)}. `calotype runs` lists them."
        )
    runs = [_Run(session, row) for row in found.values()]
    steps = _in_order(run.steps for run in runs)
    return Comparison(
        runs=tuple(_heading(run, chr(ord("A") + index)) for index, run in enumerate(runs)),
        figures=tuple(_figures(runs)),
        parameters=tuple(_rows(runs, lambda run: run.parameters)),
        keys=tuple(chain.from_iterable(_key_rows(runs, step) for step in steps)),
        seconds=(*_rows(runs, lambda run: run.seconds), *_totals(runs)),
        reused={
            step: frozenset(index for index, run in enumerate(runs) if step in run.reused) for step in steps
        },
        files=tuple(_files(runs, Blobs(session.store))),
    )


@contextmanager
def blobs_at_hand(session: Session) -> Generator[OpenBlob]:
    """A block in which the yielded function gives a local file for a digest; those fetched are gone after it."""
    blobs = Blobs(session.store)
    with session.scratch.workdir("compare") as folder:

        def open_blob(digest: str) -> Path:
            if (local := blobs.local_path(digest)) is not None:
                return local
            path = folder / digest
            if not path.exists():
                blobs.fetch(digest, path)
            return path

        yield open_blob


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as one JSON document."""

    def rows(some: Sequence[ComparedRow]) -> dict[str, list[Any]]:
        return {row.name: list(row.values) for row in some}

    return {
        "runs": [vars(run) for run in comparison.runs],
        "parameters": rows([row for row in comparison.parameters if row.differs]),
        "keys": rows(comparison.keys),
        "figures": rows(comparison.figures),
        "better": {
            row.name: [comparison.runs[index].id for index in sorted(row.better)]
            for row in comparison.figures
            if row.better
        },
        "seconds": rows(comparison.seconds),
        "reused": {
            step: [comparison.runs[index].id for index in sorted(which)]
            for step, which in comparison.reused.items()
            if which
        },
        "pictures": {files.title: rows(files.rows) for files in comparison.files},
    }


def _heading(run: _Run, letter: str) -> ComparedRun:
    return ComparedRun(
        id=run.row.id,
        letter=letter,
        pipeline=run.row.pipeline,
        state=run.row.state,
        created=run.definition.created,
        source=run.row.source,
        history=run.definition.history,
    )


def _in_order(names: Any) -> list[str]:
    """Every name once, in the order in which the runs have them."""
    return list(dict.fromkeys(chain.from_iterable(names)))


def _rows(runs: Sequence[_Run], values: Callable[[_Run], Mapping[str, Any]]) -> list[ComparedRow]:
    tables = [values(run) for run in runs]
    return [ComparedRow(name, tuple(table.get(name) for table in tables)) for name in _in_order(tables)]


def _totals(runs: Sequence[_Run]) -> list[ComparedRow]:
    """What the results of all steps took to compute, and the part of it that was not reused."""
    spent = [sum(seconds for step, seconds in run.seconds.items() if step not in run.reused) for run in runs]
    return [
        ComparedRow("all steps", tuple(sum(run.seconds.values()) for run in runs)),
        ComparedRow("spent in this run", tuple(spent)),
    ]


def _figures(runs: Sequence[_Run]) -> list[ComparedRow]:
    better = {spec.name: spec.better for run in runs for spec in run.definition.pipeline.figures}
    return [
        ComparedRow(row.name.replace("_", " "), row.values, _best(row.values, better.get(row.name, "")))
        for row in _rows(runs, lambda run: run.figures)
    ]


def _best(values: Sequence[Any], better: str) -> frozenset[int]:
    """Which of the values are the best; none when they are all alike or nobody said what is better."""
    numbers = {
        index: float(value)
        for index, value in enumerate(values)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    }
    if not better or len(set(numbers.values())) < _LEAST:
        return frozenset()
    best = max(numbers.values()) if better == "higher" else min(numbers.values())
    return frozenset(index for index, value in numbers.items() if value == best)


def _key_rows(runs: Sequence[_Run], step: str) -> list[ComparedRow]:
    """The keys of a step, and the parts of them that differ."""
    rows = [run.steps.get(step) for run in runs]
    keys = tuple(row.key[:_KEY_SHOWN] or None if row else None for row in rows)
    found = [ComparedRow(step, keys)]
    parts = [_key_parts(row) for row in rows]
    for name in _in_order(parts):
        row = ComparedRow(f"{step}: {name}", tuple(part.get(name) for part in parts))
        if row.differs:
            found.append(row)
    return found


def _key_parts(row: StepRow | None) -> dict[str, str]:
    """What a key was made of, apart from the parameters, which are told on their own."""
    if row is None or not row.components:
        return {}
    inputs = {f"input {port}": digest[:_KEY_SHOWN] for port, digest in row.components["inputs"].items()}
    take = row.components.get("take", "")
    return {"version": row.components["version"], **inputs, **({"asked for again": take} if take else {})}


def _computing_seconds(session: Session, step: StepRow) -> float:
    """What computing the step took, by whichever run did it; this run's own time where its record cannot be read."""
    record = committed_record(session.store, step.stage, step.key)
    return record.timings.seconds if record else step.seconds


def _files(runs: Sequence[_Run], blobs: Blobs) -> list[ComparedFiles]:
    """Pictures that the runs publish, grouped by folder and paired by name; then films."""
    tables = [_named_files(run, blobs) for run in runs]
    found: list[ComparedFiles] = []
    for title in _in_order(tables):
        kept = [table.get(title, {}) for table in tables]
        names = sorted(_in_order(kept))
        rows = tuple(ComparedRow(name, tuple(files.get(name) for files in kept)) for name in names)
        found.append(ComparedFiles(title, is_film=_ends_like(names[0], "Video"), rows=rows))
    return sorted(found, key=lambda files: files.is_film)


def _named_files(run: _Run, blobs: Blobs) -> dict[str, dict[str, str]]:
    """Folder -> {file name: digest} of the pictures and films among what a run publishes."""
    found: dict[str, dict[str, str]] = {}
    pipeline = run.definition.pipeline
    wanted = [spec for spec in pipeline.publish if _is_looked_at(spec, run)]
    try:
        outputs = named_outputs(pipeline.model_copy(update={"publish": tuple(wanted)}), run.flows, blobs)
    except CalotypeError:
        return {}  # A folder's list of files is gone; everything else can still be compared.
    for label, files in outputs.items():
        for name, digest in files.items():
            folder, _, file = name.rpartition("/")
            if _ends_like(name, "Video") or any(_ends_like(name, kind) for kind in ("Image", "Mask")):
                found.setdefault(folder or label, {})[file] = digest
    return found


def _is_looked_at(spec: PublishSpec, run: _Run) -> bool:
    return any(ref.kind in (*_PICTURE_KINDS, "Video") for ref in run.flows.get(spec.link, ()))


def _ends_like(name: str, kind: str) -> bool:
    return name.lower().endswith(kind_class(kind).suffixes)
