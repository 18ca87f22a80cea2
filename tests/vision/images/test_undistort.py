"""Undistortion: straight cameras untouched, bent ones agree with a picture drawn without a lens."""

import numpy as np
import pytest

from calotype.artifacts.cameras import Camera
from calotype.errors import InputError
from calotype.vision.geometry.projection import pixel_centres, unproject
from calotype.vision.images.metrics import psnr
from calotype.vision.images.undistort import seen_when_undistorted, undistorted

BENT = [
    Camera("SIMPLE_RADIAL", 320, 240, (260.0, 163.0, 118.0, -0.12)),
    Camera("RADIAL", 320, 240, (260.0, 163.0, 118.0, 0.08, -0.02)),
    Camera("OPENCV", 320, 240, (260.0, 255.0, 163.0, 118.0, -0.1, 0.03, 0.004, -0.003)),
    Camera("OPENCV_FISHEYE", 320, 240, (220.0, 220.0, 163.0, 118.0, -0.02, 0.01, 0.0, 0.0)),
]


def painted(camera):
    """A smooth pattern on a wall, as the camera sees it: each pixel's ray decides its colour."""
    rays = unproject(pixel_centres(camera.width, camera.height).reshape(-1, 2), camera)
    x, y = rays.reshape(camera.height, camera.width, 2).transpose(2, 0, 1)
    waves = [np.sin(25 * x + 3 * y), np.cos(21 * y), np.sin(13 * (x + y))]
    return np.rint(127.5 + 120 * np.stack(waves, axis=-1)).astype(np.uint8)


@pytest.mark.parametrize("camera", BENT, ids=lambda c: c.model)
def test_the_straightened_photo_is_what_a_pinhole_would_have_taken(camera):
    straight, pinhole = undistorted(painted(camera), camera)
    seen = seen_when_undistorted(camera)
    truth = painted(pinhole)
    assert pinhole == camera.without_distortion()
    assert straight.shape == truth.shape
    assert seen.mean() > 0.8
    assert psnr(straight[seen][None], truth[seen][None]) > 42


@pytest.mark.parametrize("model", ["SIMPLE_PINHOLE", "PINHOLE", "OPENCV"])
def test_a_camera_without_distortion_is_not_resampled(model):
    params = {
        "SIMPLE_PINHOLE": (260.0, 163.0, 118.0),
        "PINHOLE": (260.0, 261.0, 163.0, 118.0),
        "OPENCV": (260.0, 261.0, 163.0, 118.0, 0.0, 0.0, 0.0, 0.0),
    }
    camera = Camera(model, 320, 240, params[model])
    rgb = painted(camera)
    straight, pinhole = undistorted(rgb, camera)
    assert straight is rgb
    assert pinhole.model == "PINHOLE"
    assert seen_when_undistorted(camera).all()


def test_a_fisheye_is_bent_even_with_parameters_of_zero():
    camera = Camera("OPENCV_FISHEYE", 320, 240, (220.0, 220.0, 163.0, 118.0, 0.0, 0.0, 0.0, 0.0))
    straight, pinhole = undistorted(painted(camera), camera)
    seen = seen_when_undistorted(camera)
    assert psnr(straight[seen][None], painted(pinhole)[seen][None]) > 42


def test_a_camera_of_another_size_is_refused():
    with pytest.raises(InputError, match="320x240"):
        undistorted(np.zeros((480, 640, 3), np.uint8), BENT[0])
