"""Make a run from another one: what the changes do not touch is taken over as it is; or ask for steps to be computed again."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from calotype.catalog import Catalog
from calotype.engine.definition import PinnedStep, RunDefinition, new_run_id
from calotype.engine.healing import whole_pins, with_all_after
from calotype.engine.library import Library
from calotype.engine.pipeline import PipelineSpec, RecipeCall, StepSpec, build_stage, explain_validation
from calotype.engine.reach import Walk
from calotype.engine.readings import first_accepted
from calotype.engine.recipes import called_again, takes_argument, with_argument
from calotype.engine.registry import stage_class
from calotype.errors import DamagedBlob, InvalidParameter, UnknownName
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store


@dataclass(frozen=True)
class Change:
    """One parameter that a fork has otherwise."""

    step: str
    """Empty for a parameter of the recipe."""
    parameter: str
    before: Any
    after: Any

    def __str__(self) -> str:
        name = f"{self.step}.{self.parameter}" if self.step else self.parameter
        return f"{name} {_shown(self.before)} -> {_shown(self.after)}"


def forked(
    parent: RunDefinition,
    finished: dict[str, PinnedStep],
    settings: Sequence[str] = (),
    *,
    from_step: str = "",
) -> RunDefinition:
    """A new run: `parent` with settings made (as in `changed_pipeline`), and `from_step` with all after it computed again.

    Steps of `finished` that no change touches, directly or by what flows into them, are pinned. Without settings and
    `from_step` it is a copy. Raises UnknownName for a step and InvalidParameter for a parameter or value that cannot be.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    pipeline, changes = changed_pipeline(parent.pipeline, settings, parent.id)
    what = [str(change) for change in changes]
    if from_step:
        pipeline = asked_again(pipeline, from_step, parent.id)
        what.append(f"{from_step} and all after it computed again")
    had = {step.id: step for step in parent.pipeline.steps}
    touched = {step.id for step in pipeline.steps if step != had.get(step.id)}
    unfinished = {step.id for step in pipeline.steps} - finished.keys()
    computed = set(with_all_after(pipeline, touched | unfinished))
    line = f"{now} forked from {parent.id}: {'; '.join(what) or 'unchanged'}"
    return parent.model_copy(
        update={
            "id": new_run_id(),
            "created": now,
            "pipeline": pipeline,
            "output": "",
            "parent": parent.id,
            "pinned": {step: pinned for step, pinned in finished.items() if step not in computed},
            "history": (*parent.history, line),
        }
    )


def taken_again(run: RunDefinition, step: str) -> RunDefinition:
    """The same run with a step and all after it to be computed again; UnknownName when it has no such step."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    pipeline = asked_again(run.pipeline, step, run.id)
    computed = set(with_all_after(pipeline, [step]))
    return run.model_copy(
        update={
            "pipeline": pipeline,
            "pinned": {name: pinned for name, pinned in run.pinned.items() if name not in computed},
            "history": (*run.history, f"{now} {step} and all after it computed again"),
        }
    )


def finished_steps(run: RunDefinition, store: Store, catalog: Catalog) -> dict[str, PinnedStep]:
    """What a run has made so far, by step, as far as all of its bytes are there.

    Read from its rows and the store, not from the stages as they are installed: a step stays what it was when it ran.
    """
    walk, library = Walk(store), Library(store, catalog)
    found: dict[str, PinnedStep] = {}
    for row in catalog.runs.steps(run.id):
        pinned = run.pinned.get(row.step)
        if pinned is None and row.state == "done":
            outputs = walk.outputs(row.stage, row.key)
            pinned = PinnedStep(run=run.id, key=row.key, outputs=outputs, components=dict(row.components))
        if pinned is None or not pinned.outputs:
            continue
        if not library.missing(ref for refs in pinned.outputs.values() for ref in refs):
            found[row.step] = pinned
    return found


def as_gc_left_it(fork: RunDefinition, store: Store, catalog: Catalog) -> RunDefinition:
    """A fork that the store has, as far as what it names is there: what is not pinned any more is computed.

    To be asked when gc has swept since its parent was read. Raises DamagedBlob when inputs are gone: only its source has them.
    """
    library = Library(store, catalog)
    for name, refs in fork.inputs.items():
        if gone := library.missing(refs):
            raise DamagedBlob(
                f"{len(gone)} files of the input {name} ({gone[0].name}) are gone: run {fork.parent} was purged, and `calotype gc` "
                f"took them. Run the pipeline on {fork.sources.get(name, 'its source')} again."
            )
    # The listing only spares a rebuilt catalog from reading the source's files once more.
    listing = fork.listing if fork.listing and Blobs(store).exists(fork.listing) else ""
    return fork.model_copy(update={"pinned": whole_pins(fork, library), "listing": listing})


def changed_pipeline(
    pipeline: PipelineSpec, settings: Sequence[str], run: str
) -> tuple[PipelineSpec, list[Change]]:
    """The pipeline with settings made, and what they changed.

    A setting is `STEP.PARAMETER=VALUE`, which parameters tied to that one follow, or `PARAMETER=VALUE` for one of the recipe's
    own: then steps change as the recipe has it for the new value.
    """
    changes: list[Change] = []
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        step, _, parameter = name.replace("-", "_").rpartition(".")
        step = next((one.id for one in pipeline.steps if one.id.replace("-", "_") == step), "")
        call = pipeline.recipe
        if not (equals and name):
            raise InvalidParameter(
                f"{setting!r} sets nothing. Write STEP.PARAMETER=VALUE, for example {_example(pipeline)}."
            )
        if step:
            pipeline, made = _with_parameter(pipeline, step, parameter, text)
        elif call is not None and takes_argument(call, name.replace("-", "_")):
            pipeline, made = _with_argument(pipeline, call, name.replace("-", "_"), text)
        elif "." in name:
            raise UnknownName(
                f"{_no_step(pipeline, name.partition('.')[0], run)}{_owner(pipeline, parameter)}"
            )
        else:
            raise InvalidParameter(
                f"Run {run} has no parameter {name!r} of its own. Write STEP.PARAMETER=VALUE, for example "
                f"{_example(pipeline)}.{_owner(pipeline, parameter)}"
            )
        changes += made
    return pipeline, changes


def _with_parameter(
    pipeline: PipelineSpec, step: str, parameter: str, text: str
) -> tuple[PipelineSpec, list[Change]]:
    _refuse_follower(pipeline, step, parameter)
    value = parsed_value(pipeline.step(step), parameter, text)
    targets = (step, *_followers(pipeline, step, parameter))
    changes = [
        Change(one.id, parameter, one.parameters.get(parameter), value)
        for one in pipeline.steps
        if one.id in targets and one.parameters.get(parameter) != value
    ]
    changed = {change.step for change in changes}
    steps = tuple(_with(one, parameter, value) if one.id in changed else one for one in pipeline.steps)
    return pipeline.model_copy(update={"steps": steps}), changes


def _with_argument(
    pipeline: PipelineSpec, call: RecipeCall, name: str, text: str
) -> tuple[PipelineSpec, list[Change]]:
    """The pipeline as its recipe has it for another argument. Of steps that both have, only what that argument changes is new:
    what was set in the run itself, or had another default when it was made, stays."""
    wanted, before, after = with_argument(call, name, text)
    old = called_again(call)
    try:
        new = called_again(wanted)
    except InvalidParameter as error:
        given = ", ".join(f"{one}={_shown(value)}" for one, value in call.arguments.items())
        raise InvalidParameter(
            f"{error} The run was made with {given or 'nothing else'}: set one of these again, or a step's own parameter, for "
            f"example {_example(pipeline)}."
        ) from error
    if {source.name for source in new.sources} != {source.name for source in pipeline.sources}:
        raise InvalidParameter(
            f"{name} = {text} asks for other inputs than the run has. Start a new one with `calotype run {call.name}`."
        )
    had = {step.id: step for step in pipeline.steps}
    was = {step.id: step for step in old.steps}
    # A part of a stage is told as what it changes in the steps.
    changes = [Change("", name, before, after)] if before != after and "." not in name else []
    steps: list[StepSpec] = []
    for step in new.steps:
        mine, earlier = had.get(step.id), was.get(step.id)
        if mine is None or earlier is None or (mine.stage, mine.inputs) != (step.stage, step.inputs):
            steps.append(step)
            continue
        differing = {
            one: value
            for one, value in step.parameters.items()
            if earlier.parameters.get(one) != value and mine.parameters.get(one) != value
        }
        changes += [Change(step.id, one, mine.parameters.get(one), value) for one, value in differing.items()]
        steps.append(mine.model_copy(update={"parameters": {**mine.parameters, **differing}}))
    return new.model_copy(update={"steps": tuple(steps)}), changes


def parsed_value(step: StepSpec, parameter: str, text: str) -> Any:
    """The JSON value of a parameter that a text stands for, checked by the step's stage.

    Raises InvalidParameter with what is wrong in the words of `run`.
    """
    stage = stage_class(step.stage)
    if parameter not in stage.model_fields:
        known = ", ".join(sorted(stage.model_fields))
        raise InvalidParameter(f"{step.id} has no parameter {parameter!r}. It has: {known}.")

    def accepted(candidate: Any) -> Any:
        value = stage.model_validate({**step.parameters, parameter: candidate})
        return value.model_dump(mode="json")[parameter]

    try:
        return first_accepted(text, accepted)
    except ValidationError as error:
        raise InvalidParameter(explain_validation(step.id, stage, error)) from error


def asked_again(pipeline: PipelineSpec, step: str, run: str) -> PipelineSpec:
    """The pipeline with a new token in the keys of a step and of all after it, so that none of them is there already."""
    if step not in {one.id for one in pipeline.steps}:
        raise UnknownName(_no_step(pipeline, step, run))
    again, token = set(with_all_after(pipeline, [step])), secrets.token_hex(8)
    steps = tuple(
        one.model_copy(update={"take": token}) if one.id in again else one for one in pipeline.steps
    )
    return pipeline.model_copy(update={"steps": steps})


def _with(step: StepSpec, parameter: str, value: Any) -> StepSpec:
    changed = {**step.parameters, parameter: value}
    # Parameters that only make sense together are told here, and the stage gets what it has by now for new ones.
    checked = build_stage(stage_class(step.stage), changed)
    return step.model_copy(update={"parameters": checked.model_dump(mode="json")})


def _refuse_follower(pipeline: PipelineSpec, step: str, parameter: str) -> None:
    for tie in pipeline.ties:
        if tie.parameter == parameter and step in tie.followers:
            raise InvalidParameter(
                f"{step}.{parameter} is always that of {tie.leader}. Set {tie.leader}.{parameter}."
            )


def _followers(pipeline: PipelineSpec, step: str, parameter: str) -> tuple[str, ...]:
    ties = (tie for tie in pipeline.ties if (tie.leader, tie.parameter) == (step, parameter))
    return next((tie.followers for tie in ties), ())


def _no_step(pipeline: PipelineSpec, step: str, run: str) -> str:
    return f"Run {run} has no step {step!r}; it has: {', '.join(one.id for one in pipeline.steps)}."


def _owner(pipeline: PipelineSpec, parameter: str) -> str:
    """Where there is such a parameter, for somebody who named the wrong step."""
    owners = [f"{step.id}.{parameter}" for step in pipeline.steps if parameter in step.parameters]
    return f" There is {' and '.join(owners)}." if owners else ""


def _example(pipeline: PipelineSpec) -> str:
    settings = (
        f"{step.id}.{name}={_shown(value)}"
        for step in reversed(pipeline.steps)
        for name, value in step.parameters.items()
        if isinstance(value, int) and not any(step.id in tie.followers for tie in pipeline.ties)
    )
    return next(settings, f"{pipeline.steps[0].id}.PARAMETER=VALUE")


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value or "''"
