"""What a run has made, read from the store: files under their readable names, figures, warnings."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calotype.catalog.runs import RunRow
from calotype.engine.definition import definition_path, read_definition
from calotype.engine.outputs import named_outputs, read_figures, read_warnings
from calotype.engine.reach import Walk
from calotype.errors import DamagedBlob
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs

_KEPT = 64


@dataclass(frozen=True)
class Made:
    """What a run has made at one moment."""

    files: Mapping[str, tuple[str, str]]
    """By readable name: label and digest."""
    figures: Mapping[str, Any]
    warnings: tuple[str, ...]


_NOTHING = Made({}, {}, ())


class ResultShelf:
    """Reads what runs have made; what the newest ones made is remembered, since nothing in a run that has ended changes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._blobs = Blobs(session.store)
        self._known: OrderedDict[tuple[str, str, float], Made] = OrderedDict()
        self._lock = threading.Lock()

    def made(self, row: RunRow) -> Made:
        """What the run has made so far. DamagedBlob where the store has lost some of it."""
        place = (row.id, row.state, row.updated)
        with self._lock:
            if place in self._known:
                self._known.move_to_end(place)
                return self._known[place]
        if not self._session.store.exists(definition_path(row.id)):
            return _NOTHING
        found = self._read(row.id, has_ended=bool(row.ended))
        if row.ended:
            with self._lock:
                self._known[place] = found
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return found

    def _read(self, run: str, *, has_ended: bool) -> Made:
        definition = read_definition(self._session.store, run)
        _, flows = Walk(self._session.store).follow(definition)
        named = named_outputs(definition.pipeline, flows, self._blobs)
        files = {name: (label, digest) for label, group in named.items() for name, digest in group.items()}
        if not has_ended:
            return Made(files, {}, ())
        return Made(
            files,
            read_figures(definition.pipeline, flows, self._blobs),
            read_warnings(definition.pipeline, flows, definition.ignored, self._blobs),
        )

    def size(self, digest: str) -> int:
        """Bytes of a file; DamagedBlob when it is gone."""
        size = self._blobs.size(digest)
        if size is None:
            raise DamagedBlob(
                f"Blob {digest} is gone from the store. `calotype resume` has it computed again."
            )
        return size

    def take(self, digest: str) -> tuple[Path, bool]:
        """A file with these bytes, for reading only, and whether it must be given back: a bucket's is copied to scratch first."""
        local = self._blobs.local_path(digest)
        if local is not None:
            return local, False
        size = self.size(digest)
        path = self._session.scratch.cached(digest, lambda into: self._blobs.fetch(digest, into), size=size)
        return path, True

    def give_back(self, digest: str) -> None:
        self._session.scratch.release(digest)
