"""`splat --features`: weights of learned keypoints as one more thing that the run is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from calotype.errors import InvalidParameter
from calotype.pipelines.splat import splat

WEIGHTS = Path("aliked-n16rot.pth")


def test_weights_flow_into_structure_from_motion_as_an_input() -> None:
    given, without = splat(features=WEIGHTS).build(), splat().build()
    assert [(source.name, source.kind, source.many) for source in given.sources] == [
        ("photos", "Image", True),
        ("features", "Model", False),
    ]
    inputs = {step.id: step.inputs for step in given.steps}
    assert set(inputs["sfm"]) == {"photos", "features"}
    # Without them nothing is another step than before.
    assert [step for step in given.steps if step.id != "sfm"] == [
        step for step in without.steps if step.id != "sfm"
    ]


def test_known_poses_need_no_keypoints() -> None:
    with pytest.raises(InvalidParameter, match="poses and features were both given"):
        splat(features=WEIGHTS, poses=Path("transforms.json"))
