"""Commands that look: runs, status, explain, stages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from cyclopts import Parameter

from calotype.catalog.runs import RunRow, StepRow
from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.terminal import show
from calotype.engine.abandoned import STOPPED, with_true_state
from calotype.engine.definition import definition_path, read_definition
from calotype.engine.explain import explain_step, steps_waited_for
from calotype.engine.ports import ports_of
from calotype.engine.registry import stage_class, stage_names
from calotype.engine.stage import Stage
from calotype.errors import InvalidParameter, UnknownName
from calotype.runners.session import open_session
from calotype.runners.settings import is_store

RunName = Annotated[str, Parameter(help="Id of a run, the beginning of one, or `latest`.")]


def runs(*, limit: int = 20, store: StoreFlag = DEFAULT_STORE, json: Json = False) -> None:
    """List runs, newest first.

    Parameters
    ----------
    limit
        How many to show.
    """
    if limit < 1:
        raise InvalidParameter(f"--limit {limit} shows nothing. Give 1 or more.")
    rows: list[RunRow] = []
    there = 0
    if is_store(store):
        with open_session(store) as session:
            rows = [with_true_state(session.catalog, row) for row in session.runs(limit)]
            there = sum(1 for _ in session.store.list("runs"))
    if json:
        print_json([{**vars(row)} for row in rows])
        return
    if not rows:
        show(f"No runs in {store} yet. Make one: calotype run splat PHOTOS --store {store}\n")
    for row in rows:
        when = datetime.fromtimestamp(row.created).strftime("%Y-%m-%d %H:%M")
        show(f"{row.id}  {when}  {row.pipeline:<8} {row.state:<10} {row.source}{_fork_of(row)}\n")
    if len(rows) == limit and there > limit:
        where = "" if store == DEFAULT_STORE else f" --store {store}"
        show(f"and {there - limit} more: calotype runs --limit {there}{where}\n")


def _fork_of(row: RunRow) -> str:
    return f"  (fork of {row.parent})" if row.parent else ""


def status(run: RunName = "latest", *, store: StoreFlag = DEFAULT_STORE, json: Json = False) -> None:
    """Show how far a run is, step by step."""
    with open_session(store) as session:
        row = with_true_state(session.catalog, session.find(run))
        steps = session.catalog.runs.steps(row.id)
        # A run that a service was asked for has none until its inputs are read.
        is_made = session.store.exists(definition_path(row.id)) or session.catalog.queue.find(row.id) is None
        definition = read_definition(session.store, row.id) if is_made else None
    ignored, history = (definition.ignored, definition.history) if definition else ((), ())
    if json:
        shown = [{**vars(step), "components": dict(step.components)} for step in steps]
        print_json({**vars(row), "steps": shown, "ignored": list(ignored), "history": list(history)})
        return
    show(f"run {row.id}: {row.pipeline} of {row.source}, {row.state}{_fork_of(row)}\n")
    for line in history:
        show(f"  {line}\n")
    for step in steps:
        show(f"  {step.step:<10} {step.state:<10} {_how_far(step)}\n")
    if ignored:
        show(f"  ignored files: {', '.join(ignored[:5])}{' ...' if len(ignored) > 5 else ''}\n")
    if row.state == STOPPED:
        show(f"Its process is gone. To go on: calotype resume {row.id} --store {store}\n")
    if row.message:
        show(f"{row.message}\n")


def _how_far(step: StepRow) -> str:
    if step.pinned_from:
        return f"taken over from run {step.pinned_from}"
    if step.state == "done":
        rejected = f", {step.rejected} left out" if step.rejected else ""
        return (
            "was there already" if step.adopted else f"{step.seconds:.1f} s, attempt {step.attempt}"
        ) + rejected
    if step.state == "running":
        total = f" of {step.total}" if step.total is not None else ""
        return f"{step.done}{total} {step.note}".strip()
    return step.note.splitlines()[0] if step.note and step.state != "cancelled" else ""


def explain(
    step: Annotated[
        str,
        Parameter(help="A step, RUN/STEP, or a RUN for all its steps; all of the newest run if left out."),
    ] = "",
    *,
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Say why a step ran: which part of its key differs from the nearest earlier one."""
    run, _, name = step.rpartition("/")
    with open_session(store) as session:
        row = session.find(run or "latest")
        steps = session.catalog.runs.steps(row.id)
        if not run and name and name[0].isdigit() and name not in {one.step for one in steps}:
            row, name = session.find(name), ""  # No step begins with a digit, every run does.
            steps = session.catalog.runs.steps(row.id)
        wanted = [one for one in steps if one.step == name] if name else steps
        if not wanted:
            raise UnknownName(
                f"Run {row.id} has no step {name!r}; it has: {', '.join(one.step for one in steps)}."
            )
        pipeline = read_definition(session.store, row.id).pipeline
        found = [
            explain_step(session.catalog, one, row.parent, steps_waited_for(pipeline, steps, one.step))
            for one in wanted
        ]
    if json:
        print_json([vars(one) for one in found])
        return
    for one in found:
        source = f" of {one.compared_source}" if one.compared_source else ""
        against = f" (compared with run {one.compared_with}{source})" if one.compared_with else ""
        show(f"{one.step}: {one.state}, key {one.key[:12] or 'unknown'}{against}\n")
        for reason in one.reasons:
            show(f"  {reason}\n")


def stages(name: str = "", *, json: Json = False) -> None:
    """List the installed stages, or the parameters of one.

    Parameters
    ----------
    name
        A stage; all if left out.
    """
    classes = {one: stage_class(one) for one in ([name] if name else stage_names())}
    if json:
        print_json({one: _described(cls) for one, cls in classes.items()})
        return
    for one, cls in classes.items():
        summary = (cls.__doc__ or "").strip().splitlines()[0]
        show(f"{one:<14} version {cls.version:<4} {summary}\n")
        if name:
            for parameter, field in cls.model_fields.items():
                speed = "  (speed only)" if parameter in cls.speed_only_names() else ""
                show(f"  {parameter} = {field.default!r}{speed}\n      {field.description or ''}\n")


def _described(cls: type[Stage]) -> dict[str, Any]:
    ports = ports_of(cls)
    return {
        "version": cls.version,
        "summary": (cls.__doc__ or "").strip().splitlines()[0],
        "inputs": {
            port.name: {
                "kinds": [kind.__name__ for kind in port.kinds],
                "arity": port.arity.value,
                "optional": port.is_optional,
            }
            for port in ports.inputs
        },
        "outputs": {port.name: port.kind.__name__ for port in ports.outputs},
        "speed_only": sorted(cls.speed_only_names()),
        "parameters": cls.model_json_schema(),
    }
