"""Runs made from runs: fork one with something changed, or have steps of one computed again."""

from __future__ import annotations

from collections.abc import Sequence

from calotype.engine.definition import RunDefinition, read_definition, write_definition
from calotype.engine.fork import as_gc_left_it, finished_steps, forked, taken_again
from calotype.engine.healing import with_all_after
from calotype.engine.purge import purge
from calotype.engine.state import keep_state
from calotype.engine.sweeps import Sweeps
from calotype.errors import DamagedBlob, InvalidParameter
from calotype.runners.session import Session


def fork(
    session: Session, run: str, settings: Sequence[str] = (), *, from_step: str = "", output: str = ""
) -> RunDefinition:
    """A new run with `STEP.PARAMETER=VALUE` changed in it, ready to be conducted; what the changes do not touch is its parent's.

    Raises UnknownName or InvalidParameter for what cannot be set, DamagedBlob when the parent was purged and collected meanwhile
    and its inputs with it; then there is no new run.
    """
    sweeps = Sweeps(session.store)
    swept = sweeps.newest()
    parent = read_definition(session.store, session.find(run).id)
    finished = finished_steps(parent, session.store, session.catalog)
    definition = forked(parent, finished, settings, from_step=from_step)
    if output:
        place = session.checked_output(output, definition.pipeline, definition.sources)
        definition = definition.model_copy(update={"output": place})
    session.add(definition)
    if sweeps.has_moved(swept):
        # gc may have taken what was found with the parent before this definition held it.
        return _looked_at_again(session, definition)
    return definition


def _looked_at_again(session: Session, fork: RunDefinition) -> RunDefinition:
    """The fork, written again where it named what is gone. Without its inputs it is no run: it is removed."""
    try:
        whole = as_gc_left_it(fork, session.store, session.catalog)
    except DamagedBlob as error:
        purge(session.store, session.catalog, fork.id, force=True)  # Nobody has been told of it.
        raise DamagedBlob(f"Nothing was forked. {error}") from error
    if whole != fork:
        write_definition(session.store, whole)
    return whole


def forget_results(session: Session, run: str, step: str) -> str:
    """Have a step of a run, and all after it, computed again when it is resumed; its id. What other runs use stays.

    Raises UnknownName when it has no such step, InvalidParameter while somebody carries the run.
    """
    definition = read_definition(session.store, session.find(run).id)
    if session.catalog.upkeep.is_at_work(definition.id):
        raise InvalidParameter(
            f"Run {definition.id} is at work, or was until a moment ago. Stop it first (`calotype cancel {definition.id}`)."
        )
    again = taken_again(definition, step)
    # Rows first: killed before the definition is written, the run adopts what it had.
    for name in with_all_after(again.pipeline, [step]):
        session.catalog.runs.update_step(
            again.id, name, state="waiting", key="", components={}, note="", pinned_from=""
        )
    keep_state(session.store, session.catalog, again.id)
    write_definition(session.store, again)
    return again.id
