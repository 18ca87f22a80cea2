"""How a run that has ended is told: its seconds beside what was expected, which places others publish to."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.commands import Called
from tests.engine.toy_stages import Double

from calotype.cli.results import document, report
from calotype.engine.estimate import RunEstimate, StepEstimate
from calotype.engine.stage import Cost, Workload
from calotype.hardware import Hardware
from calotype.runners.session import RunResult, Session, pipeline_of

ENDED = RunResult(
    run="20261128-120000-abcd",
    state="done",
    figures={"psnr": 24.5},
    seconds={"sfm": 8.2, "splat": 31.0, "tidy": 0.4, "total": 41.0},
    executed=("sfm", "splat", "tidy"),
    outputs={},
)
EXPECTED = RunEstimate(
    (
        StepEstimate("sfm", Cost(seconds=10.0, memory_gb=0.5)),
        StepEstimate("splat", Cost(seconds=25.0, memory_gb=1.5)),
        StepEstimate("tidy", Cost()),
    ),
    Workload(photos=9, megapixels=2.0, long_side=2000, gigabytes=0.1),
    Hardware(cores=4, memory_gb=16.0, free_disk_gb=100.0),
)


def told(result: RunResult, capfd: pytest.CaptureFixture[str]) -> dict[str, str]:
    assert report(result, as_json=False, store="store", estimate=EXPECTED) == 0
    lines = re.findall(r"^  (\S.*?)  +(.+)$", capfd.readouterr().out, re.MULTILINE)
    return {name: " ".join(value.split()) for name, value in lines}


def test_seconds_stand_beside_those_that_were_expected(capfd: pytest.CaptureFixture[str]) -> None:
    rows = told(ENDED, capfd)
    assert rows["seconds, sfm"] == "8.2 (estimated 10.0)"
    assert rows["seconds, total"] == "41.0 (estimated 35.0)"
    assert rows["seconds, tidy"] == "0.4", "nothing was expected of it"
    assert document(ENDED, EXPECTED)["estimated"] == {
        "cores": 4,
        "seconds": {"sfm": 10.0, "splat": 25.0, "tidy": 0.0, "total": 35.0},
        "memory_gb": 1.5,
    }
    assert "estimated" not in document(ENDED)


def test_a_step_that_was_there_already_is_not_measured_against_its_estimate(
    capfd: pytest.CaptureFixture[str],
) -> None:
    rows = told(replace(ENDED, executed=("splat", "tidy")), capfd)
    assert rows["seconds, sfm"] == "8.2 (was there already)"
    assert rows["seconds, splat"] == "31.0 (estimated 25.0)"
    assert rows["seconds, total"] == "41.0", "what was expected of the whole holds no reuse"


def test_who_publishes_where_another_run_at_work_will_is_told_so(
    calotype: Callable[..., Called], photos: Path, cropped_poses: Path, tmp_path: Path
) -> None:
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    (numbers / "1.json").write_text(json.dumps(1))
    session = Session(tmp_path / "store", os.environ)
    given = {"numbers": str(numbers)}
    at_work = session.create(pipeline_of(Double()), given, output=str(tmp_path / "out")).id
    elsewhere = session.create(pipeline_of(Double()), given, output=str(tmp_path / "elsewhere")).id
    session.close()
    called = calotype("run", "splat", photos, "--poses", cropped_poses, "-o", tmp_path / "out")
    assert f"warning: run {at_work} has not ended and publishes to {tmp_path / 'out'} too" in called.err
    assert elsewhere not in called.err
    assert "publishes to" not in calotype("run", "splat", photos, "--poses", cropped_poses).err
