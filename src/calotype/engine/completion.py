"""How a step ends: its result adopted or committed, its row, lineage and state written down."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from calotype.artifacts import ArtifactRef
from calotype.catalog import Catalog
from calotype.catalog.claims import Claim
from calotype.engine.commit import commit_record
from calotype.engine.dispatch import ActiveStep
from calotype.engine.events import StepDone
from calotype.engine.flows import per_item_flows, rejections, whole_set_flows
from calotype.engine.items import Items, KnownResults
from calotype.engine.library import Library
from calotype.engine.pipeline import REJECTED, Link
from calotype.engine.plan import StepPlan
from calotype.engine.records import (
    ItemResult,
    Machine,
    Segment,
    StepRecord,
    Timings,
    dump,
    record_path,
    segment_path,
)
from calotype.engine.state import keep_state
from calotype.engine.sweeps import Sweeps
from calotype.errors import CalotypeError, TooManyRejected
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store


@dataclass(frozen=True)
class Finished:
    """A step whose result is committed."""

    plan: StepPlan
    flows: Mapping[Link, Sequence[ArtifactRef]]
    results: KnownResults | None = None
    """Of an `Each` step."""

    @cached_property
    def declined(self) -> list[tuple[str, str]]:
        """Names of items that were declined or had no partner, with reasons."""
        return [] if self.results is None else rejections(self.plan, self.results)


class Completion:
    """Ends the steps of one run."""

    def __init__(self, run: str, store: Store, catalog: Catalog, library: Library) -> None:
        self._run = run
        self._store = store
        self._catalog = catalog
        self._library = library
        self._sweeps = Sweeps(store)
        self._swept = self._sweeps.newest()

    def adopt(self, plan: StepPlan) -> Finished | None:
        """The step as it was committed before; None when it was not, or when items that it should hold are gone."""
        record = self._library.record(plan.spec.stage, plan.key)
        if record is None:
            return None
        if plan.items is None:
            return Finished(plan, whole_set_flows(plan.spec.id, record))
        results = self._library.known_items(plan.spec.id, plan.key, plan.items, record)
        if lost := results.missing():
            path = record_path(plan.spec.stage, plan.key)
            why = f"{path} lists {len(lost)} items whose results are gone."
            self._library.set_aside_record(path, record, why)
            return None
        return Finished(plan, per_item_flows(plan, results, Blobs(self._store)), results)

    def commit(self, active: ActiveStep) -> Finished | None:
        """The step whose tasks are all done: a whole-set task has committed its record itself, that of items is written here.

        Of several attempts the first one's record counts. None when gc removed what it names: the step must be looked at afresh.
        """
        plan = active.plan
        if plan.items is not None and active.results is not None:
            return self._commit_items(active, plan.items, active.results)
        record = self._library.record(plan.spec.stage, plan.key)
        if record is None:
            if self._sweeps.has_moved(self._swept):
                return None
            raise CalotypeError(
                f"{plan.spec.id} ended well, but its record is not in the store. Resume the run."
            )
        return Finished(plan, whole_set_flows(plan.spec.id, record))

    def _commit_items(self, active: ActiveStep, items: Items, results: KnownResults) -> Finished | None:
        plan = active.plan
        if lost := results.missing():
            raise CalotypeError(
                f"{plan.spec.id}: no result came back for {items.name(lost[0])} and {len(lost) - 1} more."
            )
        # What was made now stands first: an older segment may still mention an item whose bytes are gone.
        segments = list(dict.fromkeys([*active.segments, *results.segments()]))
        others = self._library.other_mentions(results, active.segments, segments[len(active.segments) :])
        if others.shadowed:
            segments.insert(0, self._put_first(active, others.shadowed))
        members, _ = Blobs(self._store).put_pieces(items.members_blob)
        flows = per_item_flows(plan, results, Blobs(self._store))
        record = StepRecord(
            stage=plan.spec.stage,
            version=plan.stage.version,
            key=plan.key,
            parameters=plan.stage.key_parameters(),
            inputs=plan.inputs,
            outputs={REJECTED: tuple(flows[Link(step=plan.spec.id, port=REJECTED)])},
            segments=tuple(segments),
            mentioned_once=others.none,
            members=members,
            ports={port.kind.__name__: port.name for port in plan.ports.outputs},
            each=plan.ports.each.name if plan.ports.each else "",
            attempt=active.claim.attempt,
            timings=Timings(started=active.started_at, seconds=time.monotonic() - active.started),
            machines=tuple(active.machines),
        )
        if commit_record(self._store, record) != record:
            return self.adopt(plan)  # Another attempt's was there first: its items are the result, not ours.
        return Finished(plan, flows, results)

    def _put_first(self, active: ActiveStep, items: tuple[ItemResult, ...]) -> str:
        """A segment that says once more what these items' results are: of several mentions the first counts, and those of
        other attempts, which made something else, stand before."""
        plan = active.plan
        path = segment_path(plan.key, active.claim.attempt, 0, 0)
        segment = Segment(
            stage=plan.spec.stage,
            step_key=plan.key,
            attempt=active.claim.attempt,
            seconds=0.0,
            machine=Machine.here("cpu"),
            items=items,
        )
        self._store.put(path, dump(segment))
        return path

    def outlived_sweeps(self, plan: StepPlan) -> bool:
        """Whether all of a step's result is there, now that its record is written and the run's state holds its key.

        Looked up only if gc has swept since this run began: blobs that were found, not written, may have gone before anything
        referred to them. A sweep under way is waited for.
        """
        if not self._sweeps.has_moved(self._swept):
            return True
        self._library.look_afresh()
        return self.adopt(plan) is not None

    def write_down(self, finished: Finished, claim: Claim | None, seconds: float) -> StepDone | None:
        """What to tell about a step, adopted (without a claim) or computed, once its rows say so.

        None, with nothing changed, when the claim is no longer ours.
        """
        plan = finished.plan
        count = 1 if plan.items is None else len(plan.items)
        rejected = len(finished.declined)
        done = StepDone(
            step=plan.spec.id,
            key=plan.key,
            adopted=claim is None,
            seconds=seconds,
            outputs=sum(len(refs) for refs in finished.flows.values()),
            rejected=rejected,
        )
        kept = self._catalog.runs.finish_step(
            self._run,
            plan.spec.id,
            claim,
            done.model_dump_json(),
            state="done",
            adopted=claim is None,
            seconds=seconds,
            rejected=rejected,
            done=count,
            total=count,
            note="",
        )
        if not kept:
            return None
        self._library.remember_lineage(plan, finished.flows, finished.results)
        keep_state(self._store, self._catalog, self._run)
        if not plan.is_per_item:  # Of an adopted step too: who computed it may have died before this line.
            self._store.delete(info.key for info in self._store.list(f"checkpoints/{plan.key}"))
        return done


def refuse_too_many_rejected(finished: Finished) -> None:
    """TooManyRejected, with the commonest reasons, when a step declined a larger share of its items than its stage tolerates."""
    plan = finished.plan
    total = len(plan.items or ()) + len(plan.unpaired)
    limit = plan.stage.tolerated_rejections()
    if len(finished.declined) <= limit * total:
        return
    reasons = Counter(reason for _, reason in finished.declined).most_common(3)
    shown = "; ".join(f"{count} times: {reason}" for reason, count in reasons)
    raise TooManyRejected(
        f"{plan.spec.id} declined {len(finished.declined)} of {total} items and tolerates {limit:.0%}. {shown}. "
        "Mend or leave out those items, or have more tolerated; what is computed is kept and adopted."
    )
