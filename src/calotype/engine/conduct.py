"""Carry a run through: adopt what is there, claim and dispatch what is not, commit what comes back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Literal

from calotype.artifacts import ArtifactRef
from calotype.catalog import Catalog
from calotype.catalog.claims import Claim
from calotype.engine.commit import utc_now
from calotype.engine.completion import Completion, Finished, refuse_too_many_rejected
from calotype.engine.definition import RunDefinition
from calotype.engine.dispatch import ActiveStep, tickets_for
from calotype.engine.events import (
    Event,
    ItemRejected,
    LogLine,
    RunDone,
    RunStarted,
    StepFailed,
    StepProgress,
    StepStarted,
)
from calotype.engine.healing import damaged_makers, whole_pins, with_all_after
from calotype.engine.heartbeat import heartbeat
from calotype.engine.library import Library
from calotype.engine.outcome import Outcome
from calotype.engine.ownership import is_gone, owner_name
from calotype.engine.patience import Patience
from calotype.engine.pipeline import Link, StepSpec
from calotype.engine.plan import StepPlan, plan_step, ready_steps
from calotype.engine.runner import Notice, Runner, Ticket
from calotype.engine.state import keep_state
from calotype.engine.tasks import TaskResult, cancel_path
from calotype.errors import (
    EXIT_CANCELLED,
    EXIT_TRANSIENT,
    CalotypeError,
    DamagedBlob,
    DamagedInput,
    MachineTooSmall,
    TooManyRejected,
    Transient,
)
from calotype.storage.store import Store

log = logging.getLogger(__name__)

_POLL_S = 0.25
_IDLE_POLL_S = 0.05
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
        self._completion = Completion(definition.id, store, catalog, self._library)
        self._owner = owner_name()
        self._flows: dict[Link, Sequence[ArtifactRef]] = {
            Link(step="", port=name): refs for name, refs in definition.inputs.items()
        }
        self._active: dict[str, ActiveStep] = {}
        self._finished: set[str] = set()
        self._patience = Patience()
        self._seconds: dict[str, float] = {}
        self._executed: list[str] = []
        self._failure: StepFailed | None = None
        self._is_cancelled = False
        self._next_cancel_look = 0.0
        self._notices: list[Notice] = []
        self._healed: set[str] = set()

    def conduct(self) -> Outcome:
        """Run to the end, whatever the end is. Ctrl-C and `calotype cancel` let running tasks keep what they have finished."""
        started = time.monotonic()
        steps = tuple(step.id for step in self._run.pipeline.steps)
        self._emit(RunStarted(run=self._run.id, pipeline=self._run.pipeline.name, steps=steps))
        self._catalog.runs.set_state(self._run.id, "running")
        self._take_pinned()
        error_name, message, exit_code = "", "", 0
        try:
            with heartbeat(self._catalog, self._claims_held):
                try:
                    self._loop()
                except KeyboardInterrupt:
                    self._is_cancelled = True
                    self._drain()
                except CalotypeError as error:
                    error_name, message, exit_code = type(error).__name__, str(error), error.exit_code
                    self._drain()
        finally:
            self._give_up_active_steps(message or "stopped")
        state: Literal["done", "failed", "cancelled"] = "done"
        if (failure := self._failure) is not None:
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
        except CalotypeError as error:
            # What is committed stays committed; who asked must learn how it ended.
            log.warning("how run %s ended could not be written down: %s", self._run.id, error)
            if not exit_code:
                state, error_name = "failed", type(error).__name__
                message, exit_code = str(error), error.exit_code
        executed = tuple(self._executed)
        return Outcome(state, seconds, self._seconds, executed, self._flows, error_name, message, exit_code)

    def _take_pinned(self) -> None:
        """What a fork took over from its parent flows as if it had been computed here."""
        for step, pinned in whole_pins(self._run, self._library).items():
            self._flows.update({Link(step=step, port=port): refs for port, refs in pinned.outputs.items()})
            self._finished.add(step)
            origin = {"key": pinned.key, "components": pinned.components, "pinned_from": pinned.run}
            self._catalog.runs.update_step(self._run.id, step, state="done", adopted=True, **origin)

    def _loop(self) -> None:
        total = len(self._run.pipeline.steps)
        while len(self._finished) < total:
            before = len(self._finished)
            if self._failure is None and not self._is_cancelled:
                started = self._finished | set(self._active)
                for step in ready_steps(self._run.pipeline, self._flows, started):
                    self._start(step)
            elif not self._active:
                return
            has_adopted = len(self._finished) > before  # Then others may be ready at once.
            self._listen(0.0 if has_adopted else _POLL_S if self._active else _IDLE_POLL_S)
            self._look_for_cancel()

    def _listen(self, timeout_s: float) -> None:
        """Take what the runner has to say. What an error leaves untaken is taken next time: nobody says it twice."""
        self._notices.extend(self._runner.poll(timeout_s))
        while self._notices:
            self._take(self._notices.pop(0))

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
                self._listen(_POLL_S)
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

    def _claims_held(self) -> dict[str, Claim]:
        return {step: active.claim for step, active in list(self._active.items()) if not active.is_ending}

    def _start(self, spec: StepSpec) -> None:
        """Adopt the step's record if there is one; else claim it and dispatch what must be computed."""
        if not self._patience.is_over(spec.id):
            return
        clock = time.monotonic()
        plan = plan_step(spec, self._flows)
        self._catalog.runs.update_step(
            self._run.id, spec.id, key=plan.key, components=plan.components, pinned_from=""
        )
        # Before anything is looked for under the key: gc spares what a run has written down that it wants.
        keep_state(self._store, self._catalog, self._run.id)
        if (adopted := self._completion.adopt(plan)) is not None:
            self._finish(adopted, None, time.monotonic() - clock)
            return
        claim = self._catalog.claims.take(plan.key, self._owner, is_gone=is_gone)
        if claim is None:
            # Another run computes the same thing: wait for its record, or for its lease to run out.
            if self._patience.begins_to_wait(spec.id, _BUSY_POLL_S):
                note = "computed by another run; waiting for it"
                self._catalog.runs.update_step(self._run.id, spec.id, note=note)
                self._emit(LogLine(step=spec.id, level=logging.WARNING, text=note))
            return
        # Who held the claim until now may have committed since we looked.
        if (adopted := self._completion.adopt(plan)) is not None:
            self._catalog.claims.release(claim)
            self._finish(adopted, None, time.monotonic() - clock)
            return
        active = self._active[spec.id] = ActiveStep(plan, claim, clock, utc_now())
        if plan.items is not None:
            active.results = self._library.known_items(spec.id, plan.key, plan.items)
            active.known = len(active.results)
            active.total = len(plan.items.slots)
        self._dispatch(active)

    def _dispatch(self, active: ActiveStep) -> None:
        plan = active.plan
        todo = [] if active.results is None else active.results.missing()
        begun = {"state": "running", "attempt": active.claim.attempt, "note": "", "done": 0, "total": None}
        self._catalog.runs.update_step(self._run.id, plan.spec.id, **begun)
        tickets = tickets_for(active, todo, self._run.id, self._store.url, self._runner.slots)
        try:
            for ticket, task in tickets:
                self._store.put(task.path, task.model_dump_json().encode())
                self._runner.submit(ticket)
                active.waiting[ticket.id] = ticket
        except MachineTooSmall as error:
            self._fail(active.plan, active.claim, error)
            return
        self._emit(
            StepStarted(
                step=plan.spec.id,
                stage=plan.spec.stage,
                key=plan.key,
                attempt=active.claim.attempt,
                items=len(todo) if plan.is_per_item else 1,
                known=active.known,
            )
        )
        if not active.waiting:
            self._complete(active)

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
                done = active.known + sum(active.shares.values())
                event = event.model_copy(update={"done": done, "total": active.total})
            now = time.monotonic()
            if now - active.row_written > _ROW_EVERY_S:
                active.row_written = now
                self._catalog.runs.update_step(
                    self._run.id, event.step, done=event.done, total=event.total, note=event.note
                )
            self._sink(event)
        elif not isinstance(
            event, ItemRejected
        ):  # Told once for the whole step, adopted or not, when it is done.
            self._sink(event)

    def _take_result(self, active: ActiveStep, ticket: Ticket, result: TaskResult) -> None:
        for segment in result.segments:
            self._library.remember_items(segment.items, segment.path)
            assert active.results is not None, "only tasks of items write segments"
            for item in segment.items:
                active.results.add(item, segment.path)
            active.segments[segment.path] = None
            active.machines[segment.machine] = None
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
        elif active.has_damaged_input:
            self._recompute_inputs(active)
        elif active.retries_wanted:
            self._release(active)
        else:
            self._complete(active)

    def _take_failure(self, active: ActiveStep, result: TaskResult) -> None:
        step = active.plan.spec.id
        if result.error == DamagedInput.__name__:
            active.has_damaged_input = True
            return
        if active.retries_wanted:
            return  # Another shard of this attempt met the same: it counts once.
        if result.exit_code == EXIT_TRANSIENT and self._patience.may_try_again(step, result.message):
            active.retries_wanted = True
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

    def _release(self, active: ActiveStep) -> None:
        """Give the claim back; the next attempt finds finished items in their segments."""
        self._catalog.claims.release(active.claim)
        del self._active[active.plan.spec.id]

    def _recompute_inputs(self, active: ActiveStep) -> None:
        """A task found bytes that are gone or wrong: have the steps that made them, and this one, looked at afresh."""
        plan = active.plan
        try:
            makers = damaged_makers(self._run, plan, self._flows, self._library, self._healed)
        except DamagedBlob as error:
            self._fail(plan, active.claim, error)
            return
        why = "A task could not read its inputs, and yet all of their bytes are right."
        if not makers and not self._patience.may_try_again(plan.spec.id, why):
            self._fail(
                plan, active.claim, Transient(f"{why} Look at the disk or the line, then resume the run.")
            )
            return
        self._release(active)
        for step in with_all_after(self._run.pipeline, makers):
            self._finished.discard(step)
            for link in [link for link in self._flows if link.step == step]:
                del self._flows[link]

    def _complete(self, active: ActiveStep) -> None:
        """All tasks of a step are done: see its record committed, then let its outputs flow."""
        finished = self._completion.commit(active)
        if finished is None:
            self._release(active)
            return
        active.is_ending = True  # Writing down a hundred thousand items may take longer than a heartbeat.
        self._finish(finished, active.claim, time.monotonic() - active.started)

    def _finish(self, finished: Finished, claim: Claim | None, seconds: float) -> None:
        plan = finished.plan
        if not self._completion.outlived_sweeps(plan):
            log.warning(
                "%s: gc removed some of what it found before; the step is looked at afresh.", plan.spec.id
            )
            if claim is not None:
                self._catalog.claims.release(claim)
            self._active.pop(plan.spec.id, None)
            return
        try:
            refuse_too_many_rejected(finished)
        except TooManyRejected as error:
            self._fail(plan, claim, error)
            return
        step = plan.spec.id
        done = self._completion.write_down(finished, claim, seconds)
        self._active.pop(step, None)
        if done is None:
            log.warning("%s: this attempt's lease had run out; the step is looked at afresh.", step)
            return
        if any(link not in self._flows for links in plan.spec.inputs.values() for link in links):
            return  # What it was made from is being computed again; its record waits for that.
        if claim is not None:
            self._executed.append(step)
        for name, reason in finished.declined:
            self._sink(ItemRejected(step=step, item=name, reason=reason))
        self._flows.update(finished.flows)
        self._finished.add(step)
        self._seconds[step] = seconds
        self._sink(done)

    def _fail(self, plan: StepPlan, claim: Claim | None, error: CalotypeError) -> None:
        """End a step, and with it the run, for a reason that is not a task's."""
        step = plan.spec.id
        failure = StepFailed(
            step=step, error=type(error).__name__, message=str(error), exit_code=error.exit_code
        )
        self._catalog.runs.finish_step(
            self._run.id, step, claim, failure.model_dump_json(), state="failed", note=failure.message
        )
        self._active.pop(step, None)
        self._failure = self._failure or failure
        self._runner.cancel()
        self._sink(failure)

    def _emit(self, event: Event) -> None:
        """To whoever watches, and into the run's history."""
        self._catalog.runs.add_event(self._run.id, event.model_dump_json())
        self._sink(event)
