"""Read what a finished run made: its figures, and its artifacts under readable names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from calotype.artifacts import ArtifactRef
from calotype.engine.pipeline import Link, PipelineSpec, PublishSpec
from calotype.errors import InvalidPipeline
from calotype.storage.blobs import Blobs


def read_figures(
    pipeline: PipelineSpec, flows: Mapping[Link, tuple[ArtifactRef, ...]], blobs: Blobs
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
                reports[digest] = json.loads(blobs.read(digest))
            value = reports[digest]
            for part in figure.path.split("."):
                value = _member(value, part)
        figures[figure.name] = value
    return figures


def _member(value: Any, part: str) -> Any:
    """A member of a JSON object, or the `length` of a list; None where there is no such thing."""
    if isinstance(value, list) and part == "length":
        return len(value)  # pyright: ignore[reportUnknownArgumentType]
    return value.get(part) if isinstance(value, dict) else None  # pyright: ignore[reportUnknownMemberType]


def named_outputs(
    pipeline: PipelineSpec, flows: Mapping[Link, tuple[ArtifactRef, ...]], blobs: Blobs
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
