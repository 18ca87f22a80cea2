"""Whether everybody tells the same of a run: each step's record, what the steps after it were made of, and the catalog's rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, TypeAdapter

from calotype.artifacts import ArtifactRef
from calotype.catalog.results import ItemRow
from calotype.engine.definition import RunDefinition
from calotype.engine.library import Library
from calotype.engine.pipeline import Link, StepSpec
from calotype.engine.records import ItemResult, StepRecord, parse_segment, record_path
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

Digests = list[str]


class Member(BaseModel):
    """An item of an `Each` step, as the step's list of members has it."""

    key: str
    refs: tuple[ArtifactRef, ...]


_members = TypeAdapter(tuple[Member, ...])


def at_odds(session: Session, definition: RunDefinition) -> list[str]:
    """Where a step that has ended was made of something else than the records of the steps before it list, has more than one
    result, or is told of otherwise by the catalog. Read from the objects themselves, not as the engine follows them."""
    found: list[str] = []
    listed = {Link(step="", port=name): _digests(refs) for name, refs in definition.inputs.items()}
    rows = {row.step: row for row in session.catalog.runs.steps(definition.id)}
    for step in definition.pipeline.steps:
        key = rows[step.id].key
        record = Library(session.store, session.catalog).record(step.stage, key)
        if record is None:
            return [*found, f"{step.id} has no record"]
        if session.store.conditional_put and list(_records(session.store, step, key)):
            found.append(f"{step.id} has several records")
        members = _members.validate_json(Blobs(session.store).read(record.members)) if record.members else ()
        results = _first_mentions(session.store, record)
        found += _made_of_others(step, record, members, listed)
        outputs = _outputs(record, members, results)
        found += _told_otherwise(session, step, record, outputs, results)
        listed |= {Link(step=step.id, port=port): made for port, made in outputs.items()}
    return found


def _digests(refs: Sequence[ArtifactRef]) -> Digests:
    return [ref.digest for ref in refs]


def _records(store: Store, step: StepSpec, key: str) -> list[str]:
    """Records of attempts, which only a store without exclusive creates has."""
    return [info.key for info in store.list(record_path(step.stage, key).removesuffix(".json"))]


def _first_mentions(store: Store, record: StepRecord) -> dict[str, ItemResult]:
    results: dict[str, ItemResult] = {}
    for path in record.segments:
        for item in parse_segment(store.get(path), path).items:
            results.setdefault(item.key, item)
    return results


def _made_of_others(
    step: StepSpec, record: StepRecord, members: Sequence[Member], listed: Mapping[Link, Digests]
) -> list[str]:
    made_of = {port: _digests(given.items) for port, given in record.inputs.items()}
    if record.each:
        made_of[record.each] = [ref.digest for item in members for ref in item.refs]
    wrong: list[str] = []
    for port, links in step.inputs.items():
        given = [digest for link in links for digest in listed[link]]
        one, other = (made_of[port], given) if len(links) == 1 else (sorted(made_of[port]), sorted(given))
        if one != other:
            wrong.append(f"{step.id} was made of other {port} than the steps before it list")
    return wrong


def _outputs(
    record: StepRecord, members: Sequence[Member], results: Mapping[str, ItemResult]
) -> dict[str, Digests]:
    outputs = {port: _digests(refs) for port, refs in record.outputs.items()}
    outputs |= {port: [] for port in record.ports.values()}
    for item in members:
        for ref in results[item.key].outputs:
            outputs[record.ports[ref.kind]].append(ref.digest)
    return outputs


def _told_otherwise(
    session: Session,
    step: StepSpec,
    record: StepRecord,
    outputs: Mapping[str, Digests],
    results: Mapping[str, ItemResult],
) -> list[str]:
    """Where the catalog's rows of lineage and items say something else than the record."""
    wrong: list[str] = []
    made = [row for row in session.catalog.results.lineage(record.key) if row.role == "out"]
    told = {port: [row.digest for row in made if row.port == port] for port in outputs}
    if told != outputs:
        wrong.append(f"the rows of {step.id} tell of other outputs than its record")
    rows = session.catalog.results.items(list(results))
    for key, row in rows.items():
        if _named_in(row) != _digests(results[key].outputs):
            wrong.append(f"the row of item {key[:12]} of {step.id} tells of another result than its record")
    return wrong


def _named_in(row: ItemRow) -> Digests:
    return [ref["digest"] for ref in json.loads(row.outputs)]
