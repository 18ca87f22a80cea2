"""No stage without its four tests."""

from __future__ import annotations

import ast
from importlib.metadata import distribution
from pathlib import Path

import pytest
from tests.stages.goldens import Goldens

from calotype.engine.registry import stage_class

NEEDED = (
    "test_smoke",
    "test_same_key_skips",
    "test_killed_halfway_resumes",
    "test_golden_outputs",
    "test_the_key",
)
STAGES = sorted(
    entry.name for entry in distribution("calotype").entry_points if entry.group == "calotype.stages"
)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_four_tests(stage: str) -> None:
    path = Path(__file__).parent / f"test_{stage.replace('-', '_')}.py"
    assert path.exists(), (
        f"{stage} needs {path.name} with {', '.join(NEEDED)}; tests/stages/four_tests.py helps"
    )
    names = [node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    missing = [kind for kind in NEEDED if not any(name.startswith(kind) for name in names)]
    assert missing == [], f"{path.name} has no {', '.join(missing)}"


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_golden_outputs_of_its_present_version_only(stage: str, goldens: Goldens) -> None:
    if goldens.renew:
        pytest.skip("they are being renewed")
    stored = [path.name for path in goldens.of(stage)]
    assert stored == [f"{stage}-{stage_class(stage).version}.json"]
