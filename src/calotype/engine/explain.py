"""Say why a step ran: which part of its key differs from the nearest earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from calotype.catalog import Catalog
from calotype.catalog.results import LineageRow
from calotype.catalog.runs import StepRow
from calotype.engine.pipeline import PipelineSpec
from calotype.errors import UnknownName

_SHOWN = 5
_ENDED = {
    "waiting": "had not begun",
    "running": "is still running",
    "failed": "failed",
    "cancelled": "was stopped",
}
_ASKED_AGAIN = "somebody asked for it to be computed again"


@dataclass(frozen=True)
class Explanation:
    """Why a step has the key it has."""

    step: str
    state: str
    key: str
    compared_with: str
    """Run whose step of the same stage it is compared with; empty when there is none."""
    compared_source: str
    """What that run was made of."""
    reasons: tuple[str, ...]


def explain_step(
    catalog: Catalog, row: StepRow, parent: str = "", waits_for: Sequence[str] = ()
) -> Explanation:
    """What differs between this step's key and that of the run it was forked from, else of the nearest earlier step.

    `waits_for` names what a step without a key waits for (see `steps_waited_for`).
    """
    if row.pinned_from:
        return _explanation(catalog, row, row.pinned_from, "taken over as it was when the run was forked")
    if not row.key:
        return _explanation(
            catalog, row, "", f"its inputs are not known yet: it waits for {', '.join(waits_for) or 'others'}"
        )
    previous = _in_run(catalog, parent, row) or catalog.runs.previous(row)
    if row.adopted and (previous is None or previous.key == row.key):
        return _explanation(catalog, row, previous.run if previous else "", "reused: nothing changed")
    if previous is None:
        reason = _ASKED_AGAIN if row.components.get("take") else f"no earlier run used {row.stage}"
        return _explanation(catalog, row, "", reason)
    if previous.key == row.key:
        kept = (
            "its result is not there any more"
            if previous.state == "done"
            else f"it {_ENDED[previous.state]} there"
        )
        return _explanation(catalog, row, previous.run, f"nothing changed, but {kept}")
    reasons = list(_differences(row.components, previous.components))
    old, new = catalog.results.lineage(previous.key), catalog.results.lineage(row.key)
    for port in _changed_ports(row.components, previous.components):
        reasons += _changed_names(port, _inputs(old, port), _inputs(new, port))
    if row.adopted:
        reasons.append("reused: its result was there already")
    return _explanation(catalog, row, previous.run, *reasons)


def _explanation(catalog: Catalog, row: StepRow, compared_with: str, *reasons: str) -> Explanation:
    source = ""
    if compared_with:
        with suppress(UnknownName):  # It may be known here by name only: purged, or made elsewhere.
            source = catalog.runs.get(compared_with).source
    return Explanation(row.step, row.state, row.key, compared_with, source, reasons)


def steps_waited_for(pipeline: PipelineSpec, rows: Sequence[StepRow], step: str) -> list[str]:
    """The unfinished steps that a step reads from, with their states: `sfm (failed)`."""
    states = {row.step: row.state for row in rows}
    upstream = {link.step for links in pipeline.step(step).inputs.values() for link in links if link.step}
    return [f"{name} ({state})" for name, state in states.items() if name in upstream and state != "done"]


def _in_run(catalog: Catalog, run: str, row: StepRow) -> StepRow | None:
    """The same step in another run, where that is known and got as far as having a key."""
    steps = catalog.runs.steps(run) if run else []
    return next((one for one in steps if (one.step, one.stage) == (row.step, row.stage) and one.key), None)


def _differences(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    if new["version"] != old["version"]:
        found.append(f"version of {new['stage']}: {old['version']} -> {new['version']}")
    if new.get("take", "") != old.get("take", ""):
        found.append(_ASKED_AGAIN)
    before, after = old["parameters"], new["parameters"]
    found += [
        f"parameter {name}: {_shown(before, name)} -> {_shown(after, name)}"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    return found


def _shown(parameters: Mapping[str, Any], name: str) -> str:
    return repr(parameters[name]) if name in parameters else "(did not exist)"


def _changed_ports(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    before, after = old["inputs"], new["inputs"]
    return [port for port in sorted(before.keys() | after.keys()) if before.get(port) != after.get(port)]


def _inputs(rows: list[LineageRow], port: str) -> dict[str, str]:
    return {row.name: row.digest for row in rows if row.role == "in" and row.port == port}


def _changed_names(port: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    if not old or not new:
        return [f"input {port}: other artifacts flow in"]
    parts = {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "changed": [name for name in new if name in old and new[name] != old[name]],
    }
    texts = [f"{len(names)} {what} ({_some(names)})" for what, names in parts.items() if names]
    # Without a text the same items flow in: their keys differ for a reason that is told already, or flows into another port.
    return [f"input {port}: {', '.join(texts)}"] if texts else []


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
