"""The last adjustment: a lens that is off its centre is found out, and what gains nothing is dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pycolmap
import pytest

from calotype.vision.sfm.model import Model, read_model
from calotype.vision.sfm.photos import Photo
from calotype.vision.sfm.refine import refine


def synthesized(frames: int, centre: tuple[float, float]) -> tuple[Model, list[Photo]]:
    """A model of so many photos whose camera has its principal point at `centre`, while the model says (320, 240)."""
    pycolmap.set_random_seed(3)
    options = pycolmap.SyntheticDatasetOptions()
    options.num_rigs, options.num_cameras_per_rig, options.num_frames_per_rig = 1, 1, frames
    options.num_points3D = 400
    options.camera_width, options.camera_height = 640, 480
    options.camera_model_id = pycolmap.CameraModelId.SIMPLE_RADIAL
    options.camera_params = [500.0, *centre, -0.05]
    reconstruction = pycolmap.synthesize_dataset(options)
    noise = pycolmap.SyntheticNoiseOptions()
    noise.point2D_stddev = 0.5
    pycolmap.synthesize_noise(noise, reconstruction)
    for camera in reconstruction.cameras.values():
        camera.params = [500.0, 320.0, 240.0, -0.05]
    most = max(int(number) for number in reconstruction.images)
    photos = [Photo(f"{number:03d}.jpg", Path(), 640, 480) for number in range(1, most + 1)]
    return read_model(reconstruction, photos), photos


def test_many_photos_of_one_camera_find_its_centre() -> None:
    model, photos = synthesized(32, (331.0, 233.0))
    refined, gained = refine(model, photos, True, 2)
    (camera,) = refined.cameras.cameras.values()
    assert camera.model == "RADIAL"
    assert (camera.cx, camera.cy) == pytest.approx((331.0, 233.0), abs=0.8)
    assert camera.fx == pytest.approx(500, rel=0.002)
    assert refined.reprojection_px < 0.7
    assert "RADIAL" in gained


def test_fewer_photos_leave_the_centre_and_few_leave_all() -> None:
    model, photos = synthesized(18, (331.0, 233.0))
    refined, gained = refine(model, photos, True, 2)
    (camera,) = refined.cameras.cameras.values()
    assert camera.model == "OPENCV"
    assert (camera.cx, camera.cy) == (320.0, 240.0)
    assert "OPENCV" in gained
    model, photos = synthesized(9, (331.0, 233.0))
    assert refine(model, photos, True, 2) == (model, "")


def test_an_asked_lens_model_stays() -> None:
    model, photos = synthesized(32, (331.0, 233.0))
    refined, gained = refine(model, photos, False, 2)
    assert gained == ""
    np.testing.assert_array_equal(refined.cameras.centres_world(), model.cameras.centres_world())
