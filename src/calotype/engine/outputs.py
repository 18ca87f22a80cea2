"""Read what a finished run made: its figures, and its artifacts under readable names."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from calotype.artifacts import ArtifactRef
from calotype.engine.definition import RunDefinition
from calotype.engine.pipeline import Link, PipelineSpec, PublishSpec
from calotype.errors import DamagedBlob, InvalidPipeline
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store


def read_figures(
    pipeline: PipelineSpec, flows: Mapping[Link, Sequence[ArtifactRef]], blobs: Blobs
) -> dict[str, Any]:
    """The pipeline's figures by name; those of steps that have not run, or that a report does not give, are None."""
    reports: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for figure in pipeline.figures:
        refs = flows.get(figure.link, ())
        value: Any = None
        if refs:
            digest = refs[0].digest
            if digest not in reports:
                reports[digest] = _read_report(refs[0], blobs)
            value = reports[digest]
            for part in figure.path.split("."):
                value = _member(value, part)
        figures[figure.name] = value
    return figures


def _read_report(ref: ArtifactRef, blobs: Blobs) -> Any:
    try:
        return json.loads(blobs.read(ref.digest))
    except ValueError as error:
        raise DamagedBlob(f"{ref.name} ({ref.digest[:12]}) is not JSON: {error}.") from error


def _member(value: Any, part: str) -> Any:
    """A member of a JSON object, or the `length` of a list; None where there is no such thing."""
    if isinstance(value, list) and part == "length":
        return len(value)  # pyright: ignore[reportUnknownArgumentType]
    return value.get(part) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType]


def read_warnings(
    pipeline: PipelineSpec,
    flows: Mapping[Link, Sequence[ArtifactRef]],
    ignored: Sequence[str],
    blobs: Blobs,
) -> tuple[str, ...]:
    """One sentence each: figures that show a poor result, what was left out and why, advice of reports, ignored files."""
    found = _thin_margins(pipeline, flows, blobs)
    for warning in pipeline.warnings:
        for ref in flows.get(warning.link, ())[:1]:
            listed = _read_report(ref, blobs)
            for part in warning.path.split(".") if warning.path else ():
                listed = _member(listed, part)
            found += [text for entry in listed or () if (text := _sentence(entry, warning.what))]
    if ignored:
        shown = ", ".join(ignored[:5]) + (", ..." if len(ignored) > 5 else "")
        found.append(
            f"{len(ignored)} files of other kinds, or links that lead nowhere, were ignored: {shown}"
            if len(ignored) > 1
            else f"{shown} was ignored: another kind of file, or a link that leads nowhere"
        )
    return tuple(found)


def _thin_margins(
    pipeline: PipelineSpec, flows: Mapping[Link, Sequence[ArtifactRef]], blobs: Blobs
) -> list[str]:
    if not pipeline.margins:
        return []
    figures = read_figures(pipeline, flows, blobs)
    found: list[str] = []
    for one in pipeline.margins:
        value, other = figures[one.figure], figures[one.over]
        if value is not None and other is not None and value - other < one.least:
            found.append(one.what.format(value=value, other=other))
    return found


def _sentence(entry: Any, what: str) -> str:
    """The warning of a list's entry; empty where all is well with it."""
    if isinstance(entry, str):
        return entry
    name, why = _name_and_reason(entry)
    return f"{name} {what}: {why}" if why else ""


def _name_and_reason(entry: Any) -> tuple[str, str]:
    """Of a list's entry `[name, reason]`, or `{"name": ..., "reason": ...}` where an empty reason means that all is well."""
    if isinstance(entry, dict):
        return str(_member(entry, "name")), str(_member(entry, "reason") or "")
    name, reason = entry
    return str(name), str(reason)


def fixed_names(pipeline: PipelineSpec) -> list[str]:
    """Names of published files that are known before anything is computed."""
    return [spec.target for spec in pipeline.publish if not spec.target.endswith("/")]


def named_outputs(
    pipeline: PipelineSpec, flows: Mapping[Link, Sequence[ArtifactRef]], blobs: Blobs
) -> dict[str, dict[str, str]]:
    """label -> {file name people see: blob digest} for everything the pipeline publishes and the run made."""
    outputs: dict[str, dict[str, str]] = {}
    for spec in pipeline.publish:
        files: dict[str, str] = {}
        for ref in flows.get(spec.link, ()):
            files.update(_files(spec, ref, blobs))
        if files:
            outputs.setdefault(spec.label, {}).update(files)
    return outputs


def _files(spec: PublishSpec, ref: ArtifactRef, blobs: Blobs) -> dict[str, str]:
    if not ref.folder:
        return {spec.target + ref.name if spec.target.endswith("/") else spec.target: ref.digest}
    entries = blobs.manifest(ref.digest)
    if spec.member is None:
        kept = [entry for entry in entries if entry.path not in spec.without]
        return {spec.target.rstrip("/") + "/" + entry.path: entry.digest for entry in kept}
    found = [entry.digest for entry in entries if entry.path == spec.member]
    if not found:
        raise InvalidPipeline(f"{spec.label}: {ref.name} holds no {spec.member}.")
    return {spec.target: found[0]}


def outputs_path(run: str) -> str:
    """Where a folder store keeps a run's outputs under readable names, when nobody said where they should go."""
    return f"outputs/{run}"


def published_at(definition: RunDefinition, store: Store) -> str:
    """The folder or URL that receives a run's outputs: the given one, else one in a folder store; empty for a bucket."""
    return definition.output or str(store.local_path(outputs_path(definition.id)) or "")


def locations(
    files: Mapping[str, Mapping[str, str]], definition: RunDefinition, blobs: Blobs
) -> dict[str, str]:
    """Label to where people find it: a file, or the folder that holds several of them.

    Where nothing is published there are only the blobs of those that are one file.
    """
    place = published_at(definition, blobs.store).rstrip("/")
    found: dict[str, str] = {}
    for label, named in files.items():
        first = next(iter(named))
        if place:
            shown = first if len(named) == 1 else os.path.commonpath([*map(os.path.dirname, named)])
            found[label] = f"{place}/{shown}"
        elif len(named) == 1:
            found[label] = f"{blobs.store.url}/{blobs.key(named[first])}"
    return found
