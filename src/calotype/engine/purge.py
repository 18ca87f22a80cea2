"""Let go of a run: its definition, state, tasks and rows. What it computed stays until gc finds that nobody else uses it."""

from __future__ import annotations

from calotype.catalog import Catalog
from calotype.engine.definition import definition_path, read_definition
from calotype.engine.keep import keep_outputs, kept_path
from calotype.engine.outputs import outputs_path
from calotype.engine.state import state_path
from calotype.engine.tasks import cancel_path
from calotype.errors import InvalidParameter
from calotype.storage.store import Store


def purge(store: Store, catalog: Catalog, run: str, *, keep_output: bool = False, force: bool = False) -> int:
    """Remove a run, its id in full; how many output files stay. With `keep_output` those that it published stay reachable;
    without, also those that an earlier purge kept are let go.

    Raises InvalidParameter while somebody carries the run, unless `force`. Killed half-way, it can be asked for again.
    """
    if not force and catalog.upkeep.is_at_work(run):
        raise InvalidParameter(
            f"Run {run} is at work, or was until a moment ago. Stop it first (`calotype cancel {run}`), or give --force: "
            "then what its workers still compute is lost."
        )
    kept = 0
    if keep_output:
        outputs = keep_outputs(store, read_definition(store, run)).outputs
        kept = sum(len(files) for files in outputs.values())
    # The definition first: without it the run is gone, and gc takes whatever a kill leaves of the rest.
    store.delete(definition_path(run))
    store.delete([state_path(run), cancel_path(run)])
    store.delete(info.key for info in store.list(f"tasks/{run}"))
    if not keep_output:
        store.delete(kept_path(run))
        store.delete(info.key for info in store.list(outputs_path(run)))
    catalog.runs.forget(run)
    return kept
