"""Projection: round trips for every camera model, agreement with pycolmap, NaN where nothing is seen."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from calotype.artifacts.cameras import Camera
from calotype.vision.geometry.projection import (
    pixel_centres,
    points_from_depth,
    project,
    project_cam,
    tangent_limit,
    unproject,
)

CAMERAS = [
    Camera("SIMPLE_PINHOLE", 640, 480, (500.0, 322.0, 236.0)),
    Camera("PINHOLE", 640, 480, (500.0, 510.0, 322.0, 236.0)),
    Camera("SIMPLE_RADIAL", 640, 480, (500.0, 322.0, 236.0, -0.15)),
    Camera("RADIAL", 640, 480, (500.0, 322.0, 236.0, -0.28, 0.09)),
    Camera("OPENCV", 640, 480, (500.0, 510.0, 322.0, 236.0, -0.2, 0.05, 0.004, -0.003)),
    Camera("OPENCV_FISHEYE", 640, 480, (300.0, 305.0, 322.0, 236.0, -0.02, 0.01, -0.004, 0.001)),
    Camera("OPENCV_FISHEYE", 640, 480, (300.0, 305.0, 322.0, 236.0, 0.0, 0.0, 0.0, 0.0)),
]


@pytest.mark.parametrize("camera", CAMERAS, ids=lambda c: c.model)
def test_every_pixel_lifted_and_projected_again_is_the_same_pixel(camera):
    pixels = pixel_centres(camera.width, camera.height)[::16, ::16].reshape(-1, 2)
    depth = np.random.default_rng(0).uniform(0.1, 50, len(pixels))
    points = points_from_depth(pixels, depth, camera)
    assert np.isfinite(points).all()
    assert_allclose(points[:, 2], depth)
    assert_allclose(project_cam(points, camera), pixels, atol=1e-6)


@pytest.mark.parametrize("camera", CAMERAS, ids=lambda c: c.model)
def test_projection_agrees_with_colmap(camera):
    pycolmap = pytest.importorskip("pycolmap")
    xy = np.random.default_rng(1).uniform(-0.55, 0.55, (200, 2))
    points = np.c_[xy, np.ones(200)] * 3.0
    theirs = pycolmap.Camera(
        model=camera.model, width=camera.width, height=camera.height, params=list(camera.params)
    )
    assert_allclose(project_cam(points, camera), theirs.img_from_cam(points), atol=1e-9)


@pytest.mark.parametrize("camera", CAMERAS, ids=lambda c: c.model)
def test_points_behind_the_camera_are_nan(camera):
    pixels = project_cam([[0.1, 0.1, -1.0], [0.0, 0.0, 0.0], [0.1, 0.1, 1.0]], camera)
    assert np.isnan(pixels[:2]).all()
    assert np.isfinite(pixels[2]).all()


def test_a_point_beyond_the_fold_of_the_polynomial_is_not_shown_a_second_time():
    camera = CAMERAS[2]
    limit = tangent_limit(camera)
    assert_allclose(limit, np.sqrt(1 / (3 * 0.15)))
    pixels = project_cam([[0.99 * limit, 0, 1.0], [1.01 * limit, 0, 1.0]], camera)
    assert np.isfinite(pixels[0]).all()
    assert np.isnan(pixels[1]).all()


def test_a_pixel_that_no_ray_reaches_is_nan():
    camera = Camera("SIMPLE_RADIAL", 4000, 480, (500.0, 2000.0, 240.0, -0.15))
    rays = unproject([[2000.5, 240.5], [3990.0, 240.0]], camera)
    assert np.isfinite(rays[0]).all()
    assert np.isnan(rays[1]).all()


def test_the_optical_axis_meets_the_principal_point_in_the_world_too():
    camera = CAMERAS[1]
    cam_from_world = np.eye(4)
    cam_from_world[:3, 3] = [1.0, 2.0, 3.0]
    assert_allclose(project([[-1.0, -2.0, 7.0]], camera, cam_from_world), [[322.0, 236.0]])


def test_pixel_centres_begin_at_one_half():
    centres = pixel_centres(4, 3)
    assert centres.shape == (3, 4, 2)
    assert_allclose(centres[0, 0], [0.5, 0.5])
    assert_allclose(centres[2, 3], [3.5, 2.5])
