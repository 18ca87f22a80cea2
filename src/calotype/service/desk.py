"""Take runs on, have them wait for their turn, end them: what is wanted is in store and catalog before anybody is told so."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from calotype.catalog.claims import Claim
from calotype.catalog.queue import QUEUED, Queued
from calotype.catalog.runs import RunRow
from calotype.engine.definition import definition_path, new_run_id, read_definition
from calotype.engine.events import RunDone
from calotype.engine.ownership import is_gone, owner_name
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.requests import (
    StoredRequest,
    read_request,
    request_path,
    requested_runs,
    write_request,
)
from calotype.engine.tasks import cancel_path
from calotype.errors import CalotypeError, UnknownName
from calotype.runners.forking import fork
from calotype.runners.session import Session
from calotype.service.asked import ForkRequest, RunRequest, pipeline_of
from calotype.service.problems import FieldError, Problem
from calotype.service.settings import ServiceSettings
from calotype.service.uploads import Uploads
from calotype.storage.sources import shown_source

log = logging.getLogger(__name__)

ENDED = frozenset({"done", "failed", "cancelled"})

_RUN = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9]{4}")
_FIRST_REST_S = 5.0
_LONGEST_REST_S = 300.0


@dataclass(frozen=True)
class Turn:
    """A run whose turn it is, held by who got this."""

    entry: Queued
    claim: Claim


class Desk:
    """The queue of a service, over its store and catalog. Several services may share them: each run has one that carries it."""

    def __init__(self, session: Session, settings: ServiceSettings, uploads: Uploads | None = None) -> None:
        self._session = session
        self._catalog = session.catalog
        self._store = session.store
        self._settings = settings
        self._uploads = uploads or Uploads(session)
        self._owner = owner_name()
        self._served: dict[str, int] = {}
        """By asker, the number of its newest turn: who was served longest ago comes next."""
        self._turns = 0
        self._resting: dict[str, tuple[float, float]] = {}
        """By run: until when it is left alone, and how long that rest was."""

    def take_on(self, request: RunRequest, asker: str, idempotency_key: str | None) -> tuple[str, bool]:
        """The id of the run that was asked for, and whether it is a new one: asked again under the same key it is not.

        Raises what is wrong with the request, or a Problem where the key stands for another one.
        """
        digest = request.digest
        if idempotency_key and (older := self._catalog.queue.asked_before(asker, idempotency_key)):
            return _same(older, digest), False
        call = request.call()
        pipeline = pipeline_of(call)
        inputs = request.sources(pipeline, self._settings, self._uploads)
        stored = StoredRequest(
            run=new_run_id(),
            asker=asker,
            idempotency_key=idempotency_key,
            digest=digest,
            call=call,
            inputs=inputs,
        )
        write_request(self._store, stored)
        entry = self._enter(stored, pipeline)
        if entry.run != stored.run:
            self._store.delete(request_path(stored.run))
            return _same(entry, digest), False
        return entry.run, True

    def take_on_job(self, stored: StoredRequest) -> None:
        """Have a client's job wait for its turn."""
        write_request(self._store, stored)
        self._catalog.queue.add(Queued(stored.run, stored.asker))

    def _enter(self, stored: StoredRequest, pipeline: PipelineSpec) -> Queued:
        given = ", ".join(shown_source(one) for one in (stored.inputs or {}).values())
        sources = self._uploads.without_places(given)
        entry = Queued(stored.run, stored.asker, stored.idempotency_key, stored.digest)
        row = RunRow(stored.run, pipeline.name, QUEUED, sources, 0.0, 0.0, "")
        return self._catalog.queue.add(entry, row, [(step.id, step.stage) for step in pipeline.steps])

    def restore(self) -> int:
        """How many requests got their rows back that only the store had: a service was killed between the two, or the catalog
        is a new one."""
        restored = 0
        for run in requested_runs(self._store):
            if self._catalog.queue.find(run) is not None:
                continue
            try:
                stored = read_request(self._store, run)
                if stored is None:
                    continue
                if stored.job is not None:
                    self._catalog.queue.add(Queued(run, stored.asker))
                elif stored.call is not None and stored.inputs is not None:
                    if self._enter(stored, pipeline_of(stored.call)).run != run:
                        self._store.delete(request_path(run))
                        continue
                else:
                    self._catalog.queue.reopen(self._session.find(run).id, stored.asker)
            except CalotypeError as error:  # One that cannot be read must not hold up the others.
                log.warning("the request for run %s could not be taken on again: %s", run, error)
                continue
            restored += 1
        return restored

    def find(self, run: str) -> RunRow:
        """The run of exactly this id, also one that another machine made. UnknownName when there is none."""
        if not _RUN.fullmatch(run):
            raise UnknownName(f"{run[:100]!r} is no id of a run: they look like 20261122-093015-k3v9.")
        with suppress(UnknownName):
            return self._catalog.runs.get(run)
        if not self._store.exists(definition_path(run)):
            raise UnknownName(f"There is no run {run}.")
        return self._session.find(run)

    def resume(self, run: str, asker: str) -> None:
        """Have a run go on that has ended, or that nobody carries. A Problem where it cannot, or need not."""
        row = self.find(run)
        entry = self._catalog.queue.find(run)
        if (entry and entry.is_open) or self._catalog.upkeep.is_at_work(run):
            raise Problem(409, "run-at-work", f"Run {run} is {row.state} already.")
        stored = read_request(self._store, run)
        if not self._store.exists(definition_path(run)):
            if stored is None or stored.inputs is None:
                said = f"Run {run} never had its inputs, and their addresses are not kept. Make a new run."
                raise Problem(409, "inputs-gone", said)
        else:
            write_request(self._store, StoredRequest(run=run, asker=asker))
        self._store.delete(cancel_path(run))
        self._catalog.queue.reopen(run, asker)

    def fork(self, run: str, asked: ForkRequest, asker: str) -> str:
        """The id of a new run, made from this one with something changed; it waits for its turn.

        Raises UnknownName or InvalidParameter for what cannot be changed, a Problem where the run has no inputs yet.
        """
        self.find(run)
        if not self._store.exists(definition_path(run)):
            raise Problem(
                409, "inputs-not-read", f"Run {run} has not read its inputs. Fork it when it has begun."
            )
        call = read_definition(self._store, run).pipeline.recipe
        made = fork(self._session, run, asked.settings(call), from_step=asked.from_step)
        write_request(self._store, StoredRequest(run=made.id, asker=asker))
        self._catalog.queue.reopen(made.id, asker)
        return made.id

    def cancel(self, run: str) -> None:
        """Ask a run to stop, wherever it works; one that waits for its turn ends here. A Problem when it has ended already."""
        row = self.find(run)
        entry = self._catalog.queue.find(run)
        is_open = entry is not None and entry.is_open
        if row.state == "cancelled" and not is_open:
            return
        if row.state in ENDED and not is_open:
            raise Problem(409, "run-ended", f"Run {run} is {row.state} already.")
        self._session.cancel(run)
        if not is_open:
            return
        claim = self._catalog.claims.take(_claimed(run), self._owner, is_gone=is_gone)
        if claim is not None:  # Nobody carries it: nobody else would end it.
            self.end_early(run, "cancelled", "")
            self._catalog.claims.release(claim)

    def next(self) -> Turn | None:
        """The run whose turn it is, if any waits: of the asker who was served longest ago the oldest. It is the caller's now."""
        now = time.monotonic()
        waiting = [
            one for one in self._catalog.queue.open() if self._resting.get(one.run, (0.0, 0.0))[0] <= now
        ]
        for entry in sorted(waiting, key=lambda one: self._served.get(one.asker, 0)):
            claim = self._catalog.claims.take(_claimed(entry.run), self._owner, is_gone=is_gone)
            if claim is None:
                continue
            fresh = self._catalog.queue.find(entry.run)
            if fresh is not None and fresh.is_open:
                self._turns += 1
                self._served[entry.asker] = self._turns
                return Turn(entry, claim)
            self._catalog.claims.release(claim)
        return None

    def release(self, turn: Turn) -> None:
        """Give a turn back, whatever became of the run."""
        self._catalog.claims.release(turn.claim)

    def rest(self, run: str) -> None:
        """Leave a run alone for a while, each time longer, and then try it again."""
        _, before = self._resting.get(run, (0.0, 0.0))
        length = min(2 * before, _LONGEST_REST_S) or _FIRST_REST_S
        self._resting[run] = (time.monotonic() + length, length)

    def withdraw(self, run: str) -> bool:
        """Whether nobody carries what waits under this id: then it has left the queue."""
        claim = self._catalog.claims.take(_claimed(run), self._owner, is_gone=is_gone)
        if claim is None:
            return False
        self.end(run)
        self._catalog.claims.release(claim)
        return True

    def request(self, run: str) -> StoredRequest | None:
        """What was asked for, if it is still kept."""
        return read_request(self._store, run)

    def inputs_were_read(self, stored: StoredRequest) -> None:
        """Forget where the inputs are: they are in the store now, and their addresses may hold signatures."""
        write_request(self._store, stored.model_copy(update={"call": None, "inputs": None}))

    def end(self, run: str, *, keep_request: bool = False) -> None:
        """The run need not be carried any further. With `keep_request` its inputs can still be read when it is resumed."""
        self._catalog.queue.close(run)
        self._resting.pop(run, None)
        if not keep_request:
            self._store.delete(request_path(run))

    def end_early(self, run: str, state: str, message: str, *, keep_request: bool = True) -> None:
        """End a run that no conductor ends: it has no definition yet, or an error of ours stands in the way."""
        assert state in ("failed", "cancelled")
        message = self._uploads.without_places(message)
        self._catalog.runs.set_state(run, state, message)
        told = RunDone(
            run=run, state="failed" if state == "failed" else "cancelled", seconds=0.0, message=message
        )
        self._catalog.runs.add_event(run, told.model_dump_json())
        self.end(run, keep_request=keep_request)

    def put_back(self, run: str) -> None:
        """A run that was stopped half-way waits for its turn again."""
        self._catalog.queue.put_back(run)

    def waiting(self) -> Sequence[Queued]:
        """All that has still to be carried to its end."""
        return self._catalog.queue.open()


def _claimed(run: str) -> str:
    return f"service/{run}"


def _same(older: Queued, digest: str) -> str:
    """The run that was asked for before under the same key; a Problem where something else was."""
    if older.digest != digest:
        said = f"This Idempotency-Key stands for run {older.run}, which was asked for in other words. Use a new one for a new run."
        raise Problem(
            422, "idempotency-key-reused", said, errors=[FieldError(field="Idempotency-Key", message=said)]
        )
    return older.run
