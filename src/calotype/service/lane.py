"""The thread of a service that carries runs to their end, one after the other, and goes on with what a former one left."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from calotype.engine.definition import RunDefinition, definition_path, read_definition
from calotype.engine.events import Event, SourceProgress
from calotype.engine.heartbeat import heartbeat
from calotype.engine.requests import StoredRequest
from calotype.engine.state import keep_state
from calotype.engine.tasks import cancel_path
from calotype.errors import CalotypeError, Cancelled, InputError, InvalidParameter, Transient
from calotype.runners.bench import Bench
from calotype.runners.session import RunResult, Session, ignore
from calotype.runners.stopping import Stop
from calotype.service.asked import pipeline_of
from calotype.service.desk import Desk, Turn
from calotype.service.job_work import JobWork
from calotype.service.settings import ServiceSettings
from calotype.service.uploads import Uploads

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0
_TELL_EVERY_S = 2.0
_JOIN_S = 45.0
_SWEEP_EVERY_S = 600.0


class Lane:
    """Takes turns from the desk until it is stopped. Stopped, it lets running tasks keep what they have; the run waits again."""

    def __init__(
        self, session: Session, desk: Desk, jobs: JobWork, uploads: Uploads, settings: ServiceSettings
    ) -> None:
        self._session = session
        self._desk = desk
        self._jobs = jobs
        self._uploads = uploads
        self._next_sweep = 0.0
        self._settings = settings
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._stop = Stop()
        self._thread = threading.Thread(target=self._work, name="lane", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Somebody wants something: look now."""
        self._wake.set()

    def ask_to_stop(self) -> None:
        """Begin to stop; returns at once."""
        self._stopping.set()
        self._stop.ask("shut down")
        self._wake.set()

    def stop(self, patience_s: float = _JOIN_S) -> bool:
        """Stop, and wait until what runs has been put back; False when that took too long. Nothing is lost then either."""
        self.ask_to_stop()
        if self._thread.ident is not None:
            self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        bench = Bench(self._session)
        try:
            while not self._stopping.is_set():
                self._sweep()
                if not self._take_a_turn(bench):
                    self._wake.wait(_LOOK_EVERY_S)
                    self._wake.clear()
        finally:
            bench.close()

    def _sweep(self) -> None:
        """Drop uploads that nobody has asked a run for, now and then."""
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + _SWEEP_EVERY_S
        try:
            self._uploads.sweep()
        except CalotypeError as error:
            log.warning("old uploads could not be looked for: %s", error)

    def _take_a_turn(self, bench: Bench) -> bool:
        """Whether there was something to do."""
        try:
            turn = self._desk.next()
        except CalotypeError as error:
            log.warning("the queue could not be read; it is tried again: %s", error)
            return False
        except Exception:
            log.exception("the queue could not be read, by an error of ours; it is tried again")
            return False
        if turn is None:
            return False
        try:
            with heartbeat(self._session.catalog, lambda: {turn.entry.run: turn.claim}):
                self._carry(turn, bench)
        finally:
            with suppress(CalotypeError):  # The lease runs out by itself.
                self._desk.release(turn)
        return True

    def _carry(self, turn: Turn, bench: Bench) -> None:
        """Carry a run or a job to its end, whatever the end is; what stands in the way for now only makes it wait."""
        run = turn.entry.run
        stored: StoredRequest | None = None
        try:
            stored = self._desk.request(run)
            job = stored if stored is not None and stored.job is not None else None
            stop = self._stop = self._jobs.stop(job) if job else Stop()
            if self._stopping.is_set():
                return
            if job:
                self._jobs.carry(job, stop, bench)
            else:
                self._conduct(run, stop, bench)
        except Transient as error:
            log.warning("%s is tried again later: %s", run, error)
            self._desk.rest(run)
        except CalotypeError as error:
            self._fail(run, stored, str(error))
        except Exception as error:
            # Told to the log alone: a client must not read our traceback.
            log.exception("%s: an error of ours", run)
            self._fail(
                run, stored, f"An internal error ({type(error).__name__}); the service's log says more."
            )

    def _fail(self, run: str, stored: StoredRequest | None, message: str) -> None:
        try:
            if stored is not None and stored.job is not None:
                self._jobs.fail(stored, message)
            else:
                self._desk.end_early(run, "failed", message)
        except CalotypeError as error:
            log.warning("that %s failed could not be written down; it is tried again: %s", run, error)
            self._desk.rest(run)

    def _conduct(self, run: str, stop: Stop, bench: Bench) -> None:
        definition = self._definition(run, stop)
        if definition is None:
            return
        with bench.runner(stop) as runner:
            result = self._session.conduct(definition, emit=ignore, runner=runner)
        self._settle(run, result, stop)

    def _settle(self, run: str, result: RunResult, stop: Stop) -> None:
        is_asked = self._session.store.exists(cancel_path(run))
        if result.state == "cancelled" and stop.reason == "shut down" and not is_asked:
            self._desk.put_back(run)
            keep_state(self._session.store, self._session.catalog, run)
            log.info("run %s was stopped with the service and goes on with the next one", run)
            return
        self._desk.end(run)
        log.info("run %s is %s", run, result.state)

    def _definition(self, run: str, stop: Stop) -> RunDefinition | None:
        """The run's definition, its inputs read if they were not; None where the run ended, or waits again, instead."""
        store, desk = self._session.store, self._desk
        if store.exists(definition_path(run)):
            return read_definition(store, run)
        stored = desk.request(run)
        if stored is None or stored.call is None or stored.inputs is None:
            desk.end_early(run, "failed", "What was asked for is gone from the store. Make a new run.")
            return None
        if store.exists(cancel_path(run)):
            desk.end_early(run, "cancelled", "")
            return None
        self._session.catalog.runs.set_state(run, "running")
        try:
            told = self._watching(run, stop)
            definition = self._session.create(
                pipeline_of(stored.call),
                stored.inputs,
                run_id=run,
                web=self._settings.fetching(stop),
                emit=told,
            )
        except Cancelled:
            if stop.reason == "shut down":
                desk.put_back(run)
            else:
                desk.end_early(run, "cancelled", "")
            return None
        except (InputError, InvalidParameter) as error:
            desk.end_early(run, "failed", str(error), keep_request=False)  # Trying again changes nothing.
            return None
        except CalotypeError as error:
            desk.end_early(run, "failed", f"{error} Resume the run to read its inputs again.")
            return None
        desk.inputs_were_read(stored)
        return definition

    def _watching(self, run: str, stop: Stop) -> Callable[[Event], None]:
        """Watches inputs being read: stops it when somebody asked, and writes down how far it is every few seconds."""
        looked = told = time.monotonic()

        def watch(event: Event) -> None:
            nonlocal looked, told
            stop.check()
            now = time.monotonic()
            if now - looked > _LOOK_EVERY_S:
                looked = now
                if self._session.store.exists(cancel_path(run)):
                    raise Cancelled
            is_last = isinstance(event, SourceProgress) and event.done == event.total
            if now - told > _TELL_EVERY_S or is_last:
                told = now
                self._session.catalog.runs.add_event(run, event.model_dump_json())

        return watch
