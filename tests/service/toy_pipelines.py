"""A quick pipeline that a service can be asked for: what installs it is an entry point, as for everybody's."""

from __future__ import annotations

from pathlib import Path

from tests.engine.toy_stages import Double
from tests.runners.job_stages import Tally

from calotype.artifacts import Report
from calotype.engine.pipeline import Pipeline


def toy(
    *, factor: int = 2, trace: str = "", gate: str = "", fails: bool = False, notes: Path | None = None
) -> Pipeline:
    """Numbers in files, multiplied and added."""
    pipeline = Pipeline("toy")
    numbers = pipeline.source("numbers", Report, least=2)
    doubled = pipeline.add(Double(factor=factor), step="double", numbers=numbers)
    added = pipeline.add(Tally(trace=trace, gate=gate, fails=fails), step="add", numbers=doubled.report)
    pipeline.publish("total.json", added.report, label="total")
    pipeline.publish("doubled/", doubled.report, label="doubled")
    pipeline.figure("sum", added.report, "sum")
    return pipeline
