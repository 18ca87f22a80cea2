"""`import-poses`: cameras that somebody else found, in our own form."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.stages.four_tests import (
    Alone,
    check_same_key_skips,
    halted_and_resumed,
    keys_of,
    run_alone,
    same_files,
)
from tests.stages.goldens import Goldens
from tests.stages.halting import Halt

from calotype.artifacts.cameras import CameraSet
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.artifacts.transforms_json import read_transforms, write_transforms
from calotype.errors import UnreadableInput
from calotype.stages.import_poses import ImportPoses


@pytest.fixture(scope="module")
def without_points(photos: Path, truth: CameraSet, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """Poses given as transforms.json, which holds no points."""
    folder = tmp_path_factory.mktemp("transforms")
    write_transforms(folder / "transforms.json", truth)
    inputs = {"photos": photos, "poses": folder / "transforms.json"}
    return run_alone(ImportPoses(seed_points=500), inputs, folder / "out")


def test_smoke_a_colmap_model_comes_out_as_it_went_in(imported: Alone, truth: CameraSet) -> None:
    model = read_colmap_model(imported.folder / "cameras")
    np.testing.assert_allclose(model.centres_world(), truth.centres_world(), atol=1e-9)
    np.testing.assert_allclose(
        [frame.q_wxyz for frame in model.frames], [frame.q_wxyz for frame in truth.frames], atol=1e-9
    )
    assert model.cameras == truth.cameras
    np.testing.assert_allclose(model.points.xyz, truth.points.xyz)
    transforms = read_transforms(imported.folder / "cameras/transforms.json")
    np.testing.assert_allclose(transforms.centres_world(), truth.centres_world(), atol=1e-6)
    assert b"element vertex 600\n" in imported.file("points").read_bytes()
    body = json.loads(imported.file("report").read_text())
    assert (body["registered"], body["mapper"], body["points"]) == (9, "given", 600)


def test_smoke_poses_without_points_get_some_in_front_of_the_cameras(
    without_points: Alone, truth: CameraSet
) -> None:
    model = read_colmap_model(without_points.folder / "cameras")
    np.testing.assert_allclose(model.centres_world(), truth.centres_world(), atol=1e-6)
    assert 100 <= len(model.points) <= 500
    for frame in model.frames:
        depth = model.points.xyz @ frame.R[2] + frame.t[2]
        assert (depth > 0).mean() > 0.95


def test_smoke_photos_without_a_pose_are_named_with_the_reason(
    photos: Path, cameras: Path, tmp_path: Path
) -> None:
    more = tmp_path / "photos"
    shutil.copytree(photos, more)
    shutil.copy(photos / "view_000.jpg", more / "stranger.jpg")
    alone = run_alone(ImportPoses(), {"photos": more, "poses": cameras}, tmp_path / "out")
    body = json.loads(alone.file("report").read_text())
    without = {photo["name"]: photo["reason"] for photo in body["photos"] if not photo["registered"]}
    assert without == {"stranger.jpg": "the given poses do not name it"}


def test_smoke_poses_of_other_photos_are_refused(photos: Path, cameras: Path, tmp_path: Path) -> None:
    others = tmp_path / "photos"
    others.mkdir()
    for number, photo in enumerate(sorted(photos.iterdir())):
        shutil.copy(photo, others / f"other {number}.jpg")
    with pytest.raises(UnreadableInput, match="Names must agree"):
        run_alone(ImportPoses(), {"photos": others, "poses": cameras}, tmp_path / "out")


def test_same_key_skips_and_everything_else_runs(imported: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    check_same_key_skips(imported, monkeypatch, real={"seed": 1, "seed_points": 1000})


def test_killed_halfway_resumes_with_all_outputs_or_none(without_points: Alone, tmp_path: Path) -> None:
    resumed = halted_and_resumed(without_points, tmp_path, cancel=Halt(looks=2), kill=Halt(looks=3))
    for port in ("cameras", "points"):
        assert same_files(resumed.folder, without_points.folder, port)


def test_golden_outputs_are_those_of_this_version(
    imported: Alone, without_points: Alone, goldens: Goldens
) -> None:
    model = read_colmap_model(imported.folder / "cameras")
    (camera,) = model.cameras.values()
    sampled = read_colmap_model(without_points.folder / "cameras").points.xyz
    goldens.check(
        ImportPoses,
        {
            "camera": [camera.model, camera.width, camera.height],
            "params": camera.params,
            "q_wxyz": [frame.q_wxyz for frame in model.frames],
            "centres_world": model.centres_world().tolist(),
            "points": len(model.points),
            "sampled": len(sampled),
            "sampled_median": np.median(sampled, axis=0).tolist(),
            "sampled_spread": sampled.std(axis=0).tolist(),
        },
        within={
            "params": 1e-9,
            "q_wxyz": 1e-9,
            "centres_world": 1e-9,
            # Which of nearly equal depths wins depends on the last bits.
            "sampled": 10,
            "sampled_median": 0.03,
            "sampled_spread": 0.03,
        },
    )


def test_the_key_is_what_it_always_was() -> None:
    assert keys_of(ImportPoses()) == ["ed9c8c40cd8718aab6c52c75c35465dec67f416911357da0b722cc13cf5aa716"]
