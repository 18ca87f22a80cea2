"""Tell a run whose process was killed from one that works: it could not write down that it ended."""

from __future__ import annotations

from dataclasses import replace

from calotype.catalog import Catalog
from calotype.catalog.runs import RunRow
from calotype.engine.ownership import is_gone

STOPPED = "stopped"
"""State shown for a run that says `running` while nobody works on it."""


def with_true_state(catalog: Catalog, row: RunRow) -> RunRow:
    """The row, `stopped` where all its running steps were left by who worked on them; between two steps that is not known."""
    if row.state != "running":
        return row
    keys = {step.key for step in catalog.runs.steps(row.id) if step.state == "running"}
    if keys and catalog.claims.abandoned(keys, is_gone) == keys:
        return replace(row, state=STOPPED)
    return row
