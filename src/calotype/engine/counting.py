"""Which record of a step counts: the one at its place, `records/<stage>/<key>.json`, on every kind of store.

A store with exclusive create lets one record get there. Where a server overwrites instead, records are first proposed below
`records/<stage>/<key>/`; after a quiet moment the first of them that is whole is copied to the place, by whoever looks. The
argument why all come to the same is in docs/engine.md.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

from calotype.artifacts import ArtifactRef
from calotype.engine.records import StepRecord, parse_record, record_path
from calotype.errors import DamagedBlob, Transient
from calotype.storage.blobs import Blobs
from calotype.storage.objects import ObjectInfo
from calotype.storage.store import Store

log = logging.getLogger(__name__)

QUIET_S = 0.2
"""At least so long proposals are waited for before one is decided on."""
_MOST_QUIET_S = 10.0
_ROUND_TRIPS = 20  # More than lie between the last look at the proposals and the copy at the place.
_TRIES = 5


@dataclass(frozen=True)
class Standing:
    """How a step stands in the store."""

    path: str
    """Where the record that counts lies."""
    record: StepRecord
    others: Mapping[str, StepRecord]
    """While nothing is decided: what else was proposed, by path. It counts where the first turns out damaged."""


def place_of(path: str) -> str:
    """The place of the record that counts, for the path of any record of its step."""
    return f"{'/'.join(path.removesuffix('.json').split('/')[:3])}.json"


def proposals(store: Store, place: str) -> list[ObjectInfo]:
    """What was proposed for a place, first come first: by the server's time, then by name.

    The time is that of listings: some servers tell whole seconds where a single object is looked at.
    """
    return sorted(
        store.list(place.removesuffix(".json")), key=lambda info: (info.modified.timestamp(), info.key)
    )


def standing(store: Store, place: str) -> Standing | None:
    """How a step stands, for whoever only looks; None when it has no record that can be read.

    What is proposed and not decided on is what would be decided on now. Bytes that a record at its place promises are not
    looked for.
    """
    data = store.find(place)
    if data is not None and (record := _readable(data, place)) is not None:
        return Standing(place, record, {})
    records = {path: record for path, (_, record) in _proposed(store, proposals(store, place)).items()}
    if not records:
        return None
    path = _first_whole(store, records)
    return Standing(path, records[path], {one: record for one, record in records.items() if one != path})


def committed_record(store: Store, stage: str, key: str) -> StepRecord | None:
    """The record that counts under a key, for whoever only looks; None when none can be read."""
    found = standing(store, record_path(stage, key))
    return found.record if found else None


def decide(store: Store, place: str) -> bytes | None:
    """The bytes of the record at a place, which is put there if there are proposals only; None when there are none either.

    For whoever goes on from the record: from here on it counts for everybody, until it is set aside.
    """
    if (data := store.find(place)) is not None:
        return data
    if not _await_rivals(store, place):
        return None
    while True:
        # In this order, as `create` looks at the place first here: who finds nothing there has listed before anything was decided
        # on, and its rivals with it.
        proposed = _proposed(store, proposals(store, place))
        if not proposed:
            return store.find(place)
        chosen = _first_whole(store, {path: record for path, (_, record) in proposed.items()})
        store.create(place, proposed[chosen][0])
        # Another process may have been there first, or have set it aside already.
        if (data := store.find(place)) is not None:
            store.delete(proposed)
            return data


def propose(store: Store, place: str, attempt: int, data: bytes) -> bytes:
    """The bytes of the record that counts at a place, ours if there was none before; for a store that overwrites.

    Raises Transient when the store does not show what was written to it.
    """
    counting = decide(store, place)
    for _ in range(_TRIES):
        if counting is not None:
            return counting
        path = proposal_path(place, attempt)
        store.put(path, data)
        counting = decide(store, place)
        store.delete(path)  # Others leave it where theirs was decided on before they saw ours.
    if counting is None:
        raise Transient(f"{store.url} does not show what is written below {place}. Resume the run.")
    return counting


def proposal_path(place: str, attempt: int) -> str:
    """A new path for a proposal. The random part keeps apart attempts whose catalogs do not know of each other."""
    return f"{place.removesuffix('.json')}/{attempt:06d}-{secrets.token_hex(4)}.json"


def _await_rivals(store: Store, place: str) -> bool:
    """Whether there are proposals. If so, enough time has passed for all that came before ours to be listed, and for those who
    had listed before ours came to be done."""
    began = time.monotonic()
    listed = proposals(store, place)
    if not listed:
        return False
    quiet_s = min(max(QUIET_S, _ROUND_TRIPS * (time.monotonic() - began)), _MOST_QUIET_S)
    if not any(info.modified.microsecond for info in listed):
        quiet_s += 1.0  # The server tells whole seconds: what comes later must be seen to be later.
    time.sleep(quiet_s)
    return True


def _proposed(store: Store, listed: list[ObjectInfo]) -> dict[str, tuple[bytes, StepRecord]]:
    """Those that can be read, by path, first come first. The others are left where they are: `check` tells of them."""
    found: dict[str, tuple[bytes, StepRecord]] = {}
    for info in listed:
        data = store.find(info.key)
        if data is not None and (record := _readable(data, info.key)) is not None:
            found[info.key] = (data, record)
    return found


def _readable(data: bytes, path: str) -> StepRecord | None:
    try:
        return parse_record(data, path)
    except DamagedBlob as error:
        log.warning("%s It does not count.", error)
        return None


def _first_whole(store: Store, records: Mapping[str, StepRecord]) -> str:
    """Path of the first record whose bytes are there; where none is whole, or there is no choice, of the first."""
    blobs = Blobs(store)
    paths = list(records)
    if len(paths) == 1:
        return paths[0]
    return next((path for path in paths if _is_whole(blobs, records[path])), paths[0])


def _is_whole(blobs: Blobs, record: StepRecord) -> bool:
    """Whether outputs, segments and the list of items are there. Items are looked at by who adopts the record, one by one."""
    return (
        all(is_there(blobs, ref) for refs in record.outputs.values() for ref in refs)
        and all(blobs.store.exists(segment) for segment in record.segments)
        and (record.members is None or blobs.exists(record.members))
    )


def is_there(blobs: Blobs, ref: ArtifactRef) -> bool:
    """Whether an artifact's blob, of a folder its manifest and every file that it lists, is in the store in its size."""
    try:
        if not ref.folder:
            return blobs.size(ref.digest) == ref.size
        files = {entry.digest: entry.size for entry in blobs.manifest(ref.digest)}
    except DamagedBlob:
        return False
    return all(blobs.size(digest) == size for digest, size in files.items())
