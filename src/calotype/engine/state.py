"""How far a run has come, as one object beside its definition, so that its rows can be restored without a database."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from calotype.catalog import Catalog
from calotype.catalog.runs import RunRow, StepRow
from calotype.errors import DamagedBlob
from calotype.storage.store import Store


@dataclass(frozen=True)
class RunState:
    """The rows of a run as they were when a step, or the run, last ended."""

    run: RunRow
    steps: tuple[StepRow, ...]


_states: TypeAdapter[RunState] = TypeAdapter(RunState)


def state_path(run: str) -> str:
    return f"states/{run}.json"


def keep_state(store: Store, catalog: Catalog, run: str) -> None:
    """Write down where the run stands."""
    state = RunState(catalog.runs.get(run), tuple(catalog.runs.steps(run)))
    store.put(state_path(run), _states.dump_json(state, indent=1))


def read_state(store: Store, run: str) -> RunState | None:
    """Where the run stood when a step last ended; None when none has. DamagedBlob when it cannot be read."""
    path = state_path(run)
    data = store.find(path)
    return None if data is None else parse_state(data, path)


def parse_state(data: bytes, path: str) -> RunState:
    """The state in these bytes; DamagedBlob when they are not one."""
    try:
        return _states.validate_json(data)
    except ValidationError as error:
        raise DamagedBlob(f"{path} cannot be read: {error.errors()[0]['msg']}.") from error
