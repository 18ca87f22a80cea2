"""Carry a run through: adopt what is there, claim and dispatch what is not, commit what comes back."""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
from collections.abc import Callable
from typing import Literal

from calotype.artifacts import ArtifactRef
from calotype.catalog import Catalog
from calotype.catalog.claims import LEASE_S, Claim
from calotype.engine.commit import commit_record, this_machine, utc_now
from calotype.engine.definition import RunDefinition
from calotype.engine.dispatch import ActiveStep, tickets_for
from calotype.engine.events import (
    Event,
    ItemRejected,
    RunDone,
    RunStarted,
    StepDone,
    StepFailed,
    StepProgress,
    StepStarted,
)
from calotype.engine.library import KnownItem, Library, per_item_flows, rejections, whole_set_flows
from calotype.engine.outcome import Outcome
from calotype.engine.pipeline import REJECTED, Link, StepSpec
from calotype.engine.plan import StepPlan, members_blob, plan_step, ready_steps, work_to_do
from calotype.engine.records import ItemResult, StepRecord, Timings, record_path
from calotype.engine.runner import Notice, Runner, Ticket
from calotype.engine.state import keep_state
from calotype.engine.tasks import TaskResult, cancel_path
from calotype.errors import EXIT_CANCELLED, EXIT_TRANSIENT, CalotypeError, Transient
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
_POLL_S = 0.25
_BUSY_POLL_S = 1.0
_ROW_EVERY_S = 1.0
_CANCEL_LOOK_S = 1.0
_DRAIN_S = 30.0


class Conductor:
    """One run under way. Holds no truth of its own: killed at any point, the next conductor finds all in store and catalog."""

    def __init__(
        self,
        definition: RunDefinition,
        store: Store,
        catalog: Catalog,
        runner: Runner,
        emit: Callable[[Event], None],
    ) -> None:
        self._run = definition
        self._store = store
        self._catalog = catalog
        self._runner = runner
        self._sink = emit
        self._library = Library(store, catalog)
        self._owner = f"{platform.node()}:{os.getpid()}:{threading.get_ident()}"
        self._flows: dict[Link, tuple[ArtifactRef, ...]] = {
            Link(step="", port=name): refs for name, refs in definition.inputs.items()
        }
        self._active: dict[str, ActiveStep] = {}
        self._finished: set[str] = set()
        self._busy_until: dict[str, float] = {}
        self._seconds: dict[str, float] = {}
        self._executed: list[str] = []
        self._failure: StepFailed | None = None
        self._is_cancelled = False
        self._next_cancel_look = 0.0
        self._transient_failures: dict[str, int] = {}

    def conduct(self) -> Outcome:
        """Run to the end, whatever the end is. Ctrl-C and `calotype cancel` let running tasks keep what they have finished."""
        started = time.monotonic()
        steps = tuple(step.id for step in self._run.pipeline.steps)
        self._emit(RunStarted(run=self._run.id, pipeline=self._run.pipeline.name, steps=steps))
        self._catalog.runs.set_state(self._run.id, "running")
        self._take_pinned()
        stop_heartbeat = threading.Event()
        heartbeat = threading.Thread(target=self._heartbeat, args=(stop_heartbeat,), daemon=True)
        heartbeat.start()
        error_name, message, exit_code = "", "", 0
        try:
            self._loop()
        except KeyboardInterrupt:
            self._is_cancelled = True
            self._drain()
        except CalotypeError as error:
            error_name, message, exit_code = type(error).__name__, str(error), error.exit_code
            self._drain()
        finally:
            stop_heartbeat.set()
            heartbeat.join()
            self._give_up_active_steps(message or "stopped")
        state: Literal["done", "failed", "cancelled"] = "done"
        if self._failure is not None:
            failure = self._failure
            error_name, message, exit_code = failure.error, failure.message, failure.exit_code
        if self._is_cancelled and not exit_code:
            state, exit_code = "cancelled", EXIT_CANCELLED
        elif exit_code:
            state = "failed"
        seconds = time.monotonic() - started
        try:
            self._catalog.runs.set_state(self._run.id, state, message)
            keep_state(self._store, self._catalog, self._run.id)
            self._emit(RunDone(run=self._run.id, state=state, seconds=seconds, message=message))
        except CalotypeError as error:  # What is committed stays committed; who asked must learn how it ended.
            log.warning("how run %s ended could not be written down: %s", self._run.id, error)
            if not exit_code:
                state, error_name = "failed", type(error).__name__
                message, exit_code = str(error), error.exit_code
        executed = tuple(self._executed)
        return Outcome(state, seconds, self._seconds, executed, self._flows, error_name, message, exit_code)

    def _take_pinned(self) -> None:
        """What a fork took over from its parent flows as if it had been computed here."""
        for step, pinned in self._run.pinned.items():
            self._flows.update({Link(step=step, port=port): refs for port, refs in pinned.outputs.items()})
            self._finished.add(step)
            self._catalog.runs.update_step(
                self._run.id,
                step,
                key=pinned.key,
                state="done",
                adopted=True,
                note=f"pinned from {pinned.run}",
            )

    def _loop(self) -> None:
        total = len(self._run.pipeline.steps)
        while len(self._finished) < total:
            if self._failure is None and not self._is_cancelled:
                started = self._finished | set(self._active)
                for step in ready_steps(self._run.pipeline, self._flows, started):
                    self._start(step)
            elif not self._active:
                return
            for notice in self._runner.poll(_POLL_S if self._active else 0.05):
                self._take(notice)
            self._look_for_cancel()

    def _look_for_cancel(self) -> None:
        now = time.monotonic()
        if now < self._next_cancel_look or self._is_cancelled:
            return
        self._next_cancel_look = now + _CANCEL_LOOK_S
        try:
            asked = self._store.head(cancel_path(self._run.id)) is not None
        except Transient as error:  # The next look is a second away; a dropped line must not end the run.
            log.info("could not look for a request to stop: %s", error)
            return
        if asked:
            self._is_cancelled = True
            self._runner.cancel()

    def _drain(self) -> None:
        """Let running tasks keep what they have finished. Not for ever: another Ctrl-C, or half a minute, ends the wait."""
        deadline = time.monotonic() + _DRAIN_S
        try:
            self._runner.cancel()
            while any(active.waiting for active in self._active.values()) and time.monotonic() < deadline:
                for notice in self._runner.poll(_POLL_S):
                    self._take(notice)
        except (KeyboardInterrupt, CalotypeError) as error:
            log.warning("stopped without waiting for running tasks: %s", error or "asked again")

    def _give_up_active_steps(self, why: str) -> None:
        """What is still active when a run ends is marked so, and its claim is free for the next one."""
        for step, active in list(self._active.items()):
            event = StepFailed(step=step, error="Cancelled", message=why, exit_code=EXIT_CANCELLED)
            try:
                self._catalog.runs.finish_step(
                    self._run.id, step, active.claim, event.model_dump_json(), state="cancelled", note=why
                )
            except CalotypeError as error:  # The lease runs out by itself.
                log.warning("%s: its end could not be written down: %s", step, error)
        self._active.clear()

    def _heartbeat(self, stop: threading.Event) -> None:
        while not stop.wait(LEASE_S / 4):
            for active in list(self._active.values()):
                try:
                    if not self._catalog.claims.extend(active.claim):
                        log.warning(
                            "another worker took over %s; what is done here may be done twice",
                            active.plan.spec.id,
                        )
                except CalotypeError as error:
                    log.warning("the lease of %s could not be extended yet: %s", active.plan.spec.id, error)

    def _start(self, spec: StepSpec) -> None:
        """Adopt the step's record if there is one; else claim it and dispatch what must be computed."""
        if time.monotonic() < self._busy_until.get(spec.id, 0.0):
            return
        clock = time.monotonic()
        plan = plan_step(spec, self._flows)
        self._catalog.runs.update_step(self._run.id, spec.id, key=plan.key, components=plan.components)
        record = self._library.record(spec.stage, plan.key)
        if record is not None and self._adopt(plan, record, time.monotonic() - clock):
            return
        claim = self._catalog.claims.take(plan.key, self._owner)
        if claim is None:
            # Another run computes the same thing: wait for its record, or for its lease to run out.
            self._busy_until[spec.id] = time.monotonic() + _BUSY_POLL_S
            self._catalog.runs.update_step(
                self._run.id, spec.id, note="computed by another run; waiting for it"
            )
            return
        active = self._active[spec.id] = ActiveStep(plan, claim, clock, utc_now(), {})
        if plan.is_per_item:
            active.known = self._library.known_items(plan)
        self._dispatch(active)

    def _adopt(self, plan: StepPlan, record: StepRecord, seconds: float) -> bool:
        """Take over a committed result; False when items it should hold are gone."""
        if plan.is_per_item:
            known = self._library.known_items(plan, record)
            if lost := work_to_do(plan, set(known)):
                if self._store.conditional_put:
                    path = record_path(plan.spec.stage, plan.key)
                    self._library.set_aside(path, f"{path} lists {len(lost)} items whose results are gone.")
                return False
            results = {key: one.result for key, one in known.items()}
            self._finish(plan, None, per_item_flows(plan, results, Blobs(self._store)), seconds, results)
            return True
        self._finish(plan, None, whole_set_flows(plan.spec.id, record), seconds, {})
        return True

    def _dispatch(self, active: ActiveStep) -> None:
        plan = active.plan
        todo = work_to_do(plan, set(active.known))
        self._emit(
            StepStarted(
                step=plan.spec.id,
                stage=plan.spec.stage,
                key=plan.key,
                attempt=active.claim.attempt,
                items=len(todo) if plan.is_per_item else 1,
                known=len(active.known),
            )
        )
        self._catalog.runs.update_step(
            self._run.id,
            plan.spec.id,
            state="running",
            attempt=active.claim.attempt,
            note="",
            done=0,
            total=None,
        )
        if plan.is_per_item and not todo:
            self._complete(active)
            return
        for ticket in tickets_for(active, todo, self._run.id, self._store.url, self._runner.slots):
            self._store.put(ticket.task.path, ticket.task.model_dump_json().encode())
            active.waiting[ticket.id] = ticket
            self._runner.submit(ticket)

    def _take(self, notice: Notice) -> None:
        step = notice.ticket.partition("/")[0]
        active = self._active.get(step)
        if active is None or notice.ticket not in active.waiting:
            return  # From an attempt that is no longer ours.
        if notice.event is not None:
            self._forward(active, notice.ticket, notice.event)
        if notice.result is not None:
            ticket = active.waiting.pop(notice.ticket)
            self._take_result(active, ticket, notice.result)

    def _forward(self, active: ActiveStep, ticket: str, event: Event) -> None:
        if isinstance(event, StepProgress):
            if active.plan.is_per_item:
                active.shares[ticket] = event.done
                total = len({item.key for item in active.plan.items})
                event = event.model_copy(
                    update={"done": len(active.known) + sum(active.shares.values()), "total": total}
                )
            now = time.monotonic()
            if now - active.row_written > _ROW_EVERY_S:
                active.row_written = now
                self._catalog.runs.update_step(
                    self._run.id, event.step, done=event.done, total=event.total, note=event.note
                )
            self._sink(event)
        elif isinstance(event, ItemRejected):
            pass  # Told once for the whole step, adopted or not, when it is done.
        else:
            self._sink(event)

    def _take_result(self, active: ActiveStep, ticket: Ticket, result: TaskResult) -> None:
        for segment in result.segments:
            self._library.remember_items(segment.items, segment.path)
            active.results.update({item.key: KnownItem(item, segment.path) for item in segment.items})
        if result.state == "failed":
            self._take_failure(active, result)
        elif result.state == "cancelled":
            active.is_stopped = True
            self._is_cancelled = self._is_cancelled or self._failure is None
        if active.waiting:
            return  # What the step's other shards finish is kept, whatever became of this one.
        if self._failure is not None and self._failure.step == active.plan.spec.id:
            self._abandon(active, "failed", self._failure)
        elif active.is_stopped:
            self._abandon(active, "cancelled", None)
        elif active.retries_wanted:
            self._catalog.claims.release(active.claim)
            del self._active[active.plan.spec.id]  # The next attempt finds finished items in their segments.
        else:
            self._complete(active)

    def _take_failure(self, active: ActiveStep, result: TaskResult) -> None:
        step = active.plan.spec.id
        failures = self._transient_failures.get(step, 0) + 1
        if active.retries_wanted:
            return  # Another shard of this attempt met the same: it counts once.
        if result.exit_code == EXIT_TRANSIENT and failures < MAX_ATTEMPTS:
            log.warning("%s: %s Trying again.", step, result.message)
            active.retries_wanted = True
            self._transient_failures[step] = failures
            self._busy_until[step] = time.monotonic() + 2.0 ** (failures - 1)
        elif self._failure is None:
            self._failure = StepFailed(
                step=step, error=result.error, message=result.message, exit_code=result.exit_code
            )
            self._runner.cancel()
        else:
            active.is_stopped = True

    def _abandon(self, active: ActiveStep, state: str, failure: StepFailed | None) -> None:
        step = active.plan.spec.id
        event = failure or StepFailed(
            step=step, error="Cancelled", message="cancelled", exit_code=EXIT_CANCELLED
        )
        self._catalog.runs.finish_step(
            self._run.id, step, active.claim, event.model_dump_json(), state=state, note=event.message
        )
        self._sink(event)
        del self._active[step]

    def _complete(self, active: ActiveStep) -> None:
        """All tasks of a step are done: see its record committed, then let its outputs flow."""
        plan = active.plan
        seconds = time.monotonic() - active.started
        if not plan.is_per_item:
            record = self._library.record(plan.spec.stage, plan.key)
            if record is None:
                raise CalotypeError(
                    f"{plan.spec.id} ended well, but its record is not in the store. Resume the run."
                )
            self._finish(plan, active.claim, whole_set_flows(plan.spec.id, record), seconds, {})
            return
        items = active.known | active.results
        if lost := work_to_do(plan, set(items)):
            raise CalotypeError(
                f"{plan.spec.id}: no result came back for {lost[0].name} and {len(lost) - 1} more."
            )
        results = {key: one.result for key, one in items.items()}
        segments = dict.fromkeys(one.segment for one in items.values())
        members, _ = Blobs(self._store).put_bytes(members_blob(plan))
        flows = per_item_flows(plan, results, Blobs(self._store))
        commit_record(
            self._store,
            StepRecord(
                stage=plan.spec.stage,
                version=plan.stage.version,
                key=plan.key,
                parameters=plan.stage.key_parameters(),
                inputs=plan.inputs,
                outputs={REJECTED: flows[Link(step=plan.spec.id, port=REJECTED)]},
                segments=tuple(segments),
                members=members,
                ports={port.kind.__name__: port.name for port in plan.ports.outputs},
                each=plan.ports.each.name if plan.ports.each else "",
                attempt=active.claim.attempt,
                timings=Timings(started=active.started_at, seconds=seconds),
                machine=this_machine("cpu"),
            ),
        )
        self._finish(plan, active.claim, flows, seconds, results)

    def _finish(
        self,
        plan: StepPlan,
        claim: Claim | None,
        flows: dict[Link, tuple[ArtifactRef, ...]],
        seconds: float,
        results: dict[str, ItemResult],
    ) -> None:
        step = plan.spec.id
        declined = rejections(plan, results)
        done = StepDone(
            step=step,
            key=plan.key,
            adopted=claim is None,
            seconds=seconds,
            outputs=sum(len(refs) for refs in flows.values()),
            rejected=len(declined),
        )
        count = len(plan.items) if plan.is_per_item else 1
        kept = self._catalog.runs.finish_step(
            self._run.id,
            step,
            claim,
            done.model_dump_json(),
            state="done",
            adopted=claim is None,
            seconds=seconds,
            rejected=len(declined),
            done=count,
            total=count,
            note="",
        )
        self._active.pop(step, None)
        if not kept:
            log.warning("%s: this attempt's lease had run out; the step is looked at afresh.", step)
            return
        self._library.remember_lineage(plan, flows, results)
        keep_state(self._store, self._catalog, self._run.id)
        if claim is not None:
            self._executed.append(step)
            self._store.delete(info.key for info in self._store.list(f"checkpoints/{plan.key}"))
        for name, reason in declined:
            self._sink(ItemRejected(step=step, item=name, reason=reason))
        self._flows.update(flows)
        self._finished.add(step)
        self._seconds[step] = seconds
        self._sink(done)

    def _emit(self, event: Event) -> None:
        """To whoever watches, and into the run's history."""
        self._catalog.runs.add_event(self._run.id, event.model_dump_json())
        self._sink(event)
