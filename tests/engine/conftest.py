"""What the engine's tests share: a folder of numbers, a pipeline over it, a session on a real store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.artifacts import Report
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.runners.session import Session


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    """Twelve files, `00.json` to `11.json`, that hold 0 to 11."""
    folder = tmp_path / "numbers"
    folder.mkdir()
    for value in range(12):
        (folder / f"{value:02d}.json").write_text(json.dumps(value))
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session(tmp_path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sums() -> Callable[..., PipelineSpec]:
    """A pipeline double -> add, its stages given or as they are by default."""

    def build(double: Double | None = None, add: Add | None = None) -> PipelineSpec:
        pipeline = Pipeline("sums")
        doubled = pipeline.add(double or Double(), step="double", numbers=pipeline.source("numbers", Report))
        added = pipeline.add(add or Add(), step="add", numbers=doubled.report)
        pipeline.publish("total.json", added.total, label="total")
        pipeline.publish("doubled/", doubled.report, label="doubled")
        pipeline.figure("sum", added.total, "sum")
        pipeline.figure("count", added.total, "count")
        return pipeline.build()

    return build
