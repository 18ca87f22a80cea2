"""Let go of a run: its definition, state, tasks and rows. What it computed stays until gc finds that nobody else uses it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from calotype.catalog import Catalog
from calotype.engine.definition import definition_path, read_definition
from calotype.engine.deliveries import read_delivery
from calotype.engine.keep import keep_outputs, kept_path
from calotype.engine.outputs import outputs_path
from calotype.engine.requests import request_path
from calotype.engine.state import state_path
from calotype.engine.tasks import cancel_path
from calotype.errors import DamagedBlob, InvalidParameter, UnknownName
from calotype.storage.store import Store


def purge(store: Store, catalog: Catalog, run: str, *, keep_output: bool = False, force: bool = False) -> int:
    """Remove a run, its id in full; how many output files stay. With `keep_output` those that it published stay reachable;
    without, also those that an earlier purge kept are let go. What the run still had to deliver is not sent any more.

    Raises InvalidParameter while somebody carries the run, unless `force`. Killed half-way, it can be asked for again.
    """
    if not force:
        refuse_runs_at_work(catalog, [run])
    kept = 0
    if keep_output:
        outputs = keep_outputs(store, read_definition(store, run)).outputs
        kept = sum(len(files) for files in outputs.values())
    # Deliveries before all else: gc spares them, and a rebuild makes them due again, so none may outlive its run.
    store.delete(_deliveries(store, run))
    # Then the definition: without it the run is gone, and gc takes whatever a kill leaves of the rest.
    store.delete(definition_path(run))
    store.delete([state_path(run), cancel_path(run), request_path(run)])
    store.delete(info.key for info in store.list(f"tasks/{run}"))
    if not keep_output:
        store.delete(kept_path(run))
        store.delete(info.key for info in store.list(outputs_path(run)))
    catalog.runs.forget(run)
    return kept


def refuse_runs_at_work(catalog: Catalog, runs: Iterable[str]) -> None:
    """Nothing; InvalidParameter, which names them, when somebody carries one of the runs."""
    working = [run for run in runs if catalog.upkeep.is_at_work(run)]
    if not working:
        return
    is_one = len(working) == 1
    named = f"Run {working[0]} is" if is_one else f"Runs {', '.join(working)} are"
    raise InvalidParameter(
        f"{named} at work, or {'was' if is_one else 'were'} until a moment ago. Nothing was purged. Stop first what is at work "
        f"(`calotype cancel {working[0]}`), or give --force: then what its workers still compute is lost."
    )


def _deliveries(store: Store, run: str) -> list[str]:
    """Where the run's own deliveries lie that have not arrived."""
    found: list[str] = []
    for info in store.list("deliveries"):
        with suppress(DamagedBlob, UnknownName):  # `calotype catalog check` names it, or it has just arrived.
            if read_delivery(store, info.key).run == run:
                found.append(info.key)
    return found
