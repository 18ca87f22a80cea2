"""`sfm`: camera poses, intrinsics and points from photos alone, against the truth they were painted with."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.stages.four_tests import (
    Alone,
    Executions,
    check_same_key_skips,
    halted_and_resumed,
    keys_of,
    run_alone,
)
from tests.stages.goldens import Goldens
from tests.stages.halting import Halt

from calotype.artifacts.cameras import CameraSet
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.artifacts.transforms_json import read_transforms
from calotype.errors import TooFewImages, UnreadableInput
from calotype.stages.sfm import Sfm
from calotype.vision.geometry.alignment import align_cameras, pose_errors
from calotype.vision.geometry.projection import project_cam


@pytest.fixture(scope="module")
def posed(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    stage = Sfm(max_features=1500, checkpoint_every_s=0)
    return run_alone(stage, {"photos": photos}, tmp_path_factory.mktemp("sfm") / "out")


@pytest.fixture(scope="module")
def learned(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """With ALIKED's smallest published weights instead of SIFT."""
    weights = DATA / "weights" / "aliked-t16.pth"
    if not weights.is_file():
        pytest.skip("the published weights of ../shared/data are not here")
    folder = tmp_path_factory.mktemp("learned")
    inputs = {"photos": photos, "features": Path(shutil.copy(weights, folder))}
    return run_alone(Sfm(max_features=700, checkpoint_every_s=0), inputs, folder / "out")


@pytest.fixture(scope="module")
def found(posed: Alone) -> CameraSet:
    return read_colmap_model(posed.folder / "cameras")


DATA = Path(__file__).parents[3] / "shared" / "data"


def report(posed: Alone) -> dict[str, object]:
    return json.loads(posed.file("report").read_text())


def test_smoke_poses_are_the_true_ones(found: CameraSet, truth: CameraSet) -> None:
    assert [frame.name for frame in found.frames] == [frame.name for frame in truth.frames]
    errors = pose_errors(found, truth)
    extent = np.ptp(truth.centres_world(), axis=0).max()
    assert np.median(errors.rotation_deg) < 0.6
    assert np.median(errors.centre) < 0.01 * extent
    (camera,) = found.cameras.values()
    (true,) = truth.cameras.values()
    assert (camera.width, camera.height) == (true.width, true.height)
    assert camera.fx == pytest.approx(true.fx, rel=0.03)


def test_smoke_the_world_is_level_centred_and_one_unit_wide(found: CameraSet, truth: CameraSet) -> None:
    down = align_cameras(found, truth).R @ [0, 1, 0]
    assert down[1] > np.cos(np.deg2rad(2))  # +Y points down there as in the truth: along gravity.
    centre = np.median(found.points.xyz, axis=0)
    assert centre == pytest.approx([0, 0, 0], abs=1e-3)
    assert np.median(np.linalg.norm(found.centres_world() - centre, axis=1)) == pytest.approx(1, abs=1e-3)


def test_smoke_points_lie_in_front_of_the_cameras_and_project_into_the_photos(found: CameraSet) -> None:
    for frame in found.frames:
        camera = found.camera_of(frame)
        points_cam = found.points.xyz @ frame.R.T + np.asarray(frame.t)
        ahead = points_cam[:, 2] > 0  # Some that others see lie behind this one.
        assert ahead.mean() > 0.9
        pixels = project_cam(points_cam[ahead], camera)
        inside = ((pixels > 0) & (pixels < [camera.width, camera.height])).all(axis=1)
        assert inside.mean() > 0.5


def test_smoke_every_file_says_the_same(posed: Alone, found: CameraSet) -> None:
    names = {path.name for path in posed.port("cameras")}
    assert names >= {"cameras.bin", "images.bin", "points3D.bin", "transforms.json"}
    transforms = read_transforms(posed.folder / "cameras/transforms.json")
    np.testing.assert_allclose(transforms.centres_world(), found.centres_world(), atol=1e-6)
    head = posed.file("points").read_bytes().split(b"end_header")[0].decode()
    assert f"element vertex {len(found.points)}\n" in head
    body = report(posed)
    assert (body["registered"], body["points"], body["continued"]) == (9, len(found.points), False)


def test_smoke_too_few_photos_are_refused_in_words(photos: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for photo in sorted(photos.iterdir())[:4]:
        shutil.copy(photo, few)
    with pytest.raises(TooFewImages, match="4 photos are too few"):
        run_alone(Sfm(), {"photos": few}, tmp_path / "out")


def test_same_key_skips_and_everything_else_runs(posed: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    check_same_key_skips(
        posed,
        monkeypatch,
        speed_only={"threads": 1, "checkpoint_every_s": 30.0},
        real={"seed": 1, "max_features": 1400},
    )


def test_smoke_learned_keypoints_place_every_photo_too(learned: Alone, truth: CameraSet) -> None:
    body = report(learned)
    assert body["registered"] == 9
    assert str(body["features"]).startswith("ALIKED, 64 numbers per keypoint")
    errors = pose_errors(read_colmap_model(learned.folder / "cameras"), truth)
    assert (
        np.median(errors.rotation_deg) < 2.5
    )  # At 320 pixels their places are worth three times SIFT's error.


def test_learned_keypoints_are_skipped_where_weights_of_the_same_content_lie_elsewhere(
    learned: Alone, tmp_path: Path
) -> None:
    elsewhere = Path(shutil.copy(learned.inputs["features"], tmp_path))
    moved = replace(learned, inputs={**learned.inputs, "features": elsewhere})
    assert Executions(moved).of(learned.stage) == 0
    with elsewhere.open("ab") as stream:
        stream.write(b"other content")
    assert Executions(moved).of(learned.stage) == 1


def test_weights_are_in_the_key_and_leave_it_as_it_was_where_there_are_none() -> None:
    keys = [keys_of(Sfm()), keys_of(Sfm(), {"features": "1" * 64}), keys_of(Sfm(), {"features": "2" * 64})]
    assert len({key for (key,) in keys}) == 3


def test_learned_keypoints_killed_halfway_resume_from_the_database(learned: Alone, tmp_path: Path) -> None:
    halfway = Halt(looks=5, with_checkpoint=True)
    resumed = halted_and_resumed(learned, tmp_path, cancel=halfway, kill=halfway)
    body = json.loads((resumed.folder / "report/sfm.json").read_text())
    assert (body["registered"], body["continued"]) == (9, True)


def test_a_file_that_is_no_weights_is_refused_in_words(photos: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "aliked-n16.pth"
    wrong.write_text("404: Not Found")
    with pytest.raises(UnreadableInput, match="not a file that torch saved"):
        run_alone(Sfm(), {"photos": photos, "features": wrong}, tmp_path / "out")


def test_killed_halfway_resumes_from_the_database(posed: Alone, tmp_path: Path) -> None:
    halfway = Halt(looks=5, with_checkpoint=True)
    resumed = halted_and_resumed(posed, tmp_path, cancel=halfway, kill=halfway)
    body = json.loads((resumed.folder / "report/sfm.json").read_text())
    assert (body["registered"], body["continued"]) == (9, True)


def test_golden_outputs_are_those_of_this_version(posed: Alone, found: CameraSet, goldens: Goldens) -> None:
    body = report(posed)
    goldens.check(
        Sfm,
        {
            "registered": body["registered"],
            "mapper": body["mapper"],
            "points": len(found.points),
            "reprojection_px": body["reprojection_px"],
            "focal_px": [camera.fx for camera in found.cameras.values()],
            "centres_world": found.centres_world().tolist(),
            "looking_along": [frame.R[2].tolist() for frame in found.frames],
        },
        # COLMAP's own rounding differs between machines: its seed alone moves cameras by 0.005 and the focal length by 0.9.
        within={
            "points": 30,
            "reprojection_px": 0.04,
            "focal_px": 3,
            "centres_world": 0.02,
            "looking_along": 0.02,
        },
    )


def test_the_key_is_what_it_always_was() -> None:
    assert keys_of(Sfm()) == ["59fecaf5af8568f99172203621addd95ca957f4a7f101ffb18b13239ff4377b0"]
