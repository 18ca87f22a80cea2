from __future__ import annotations

import numpy as np
import pytest
from tests.vision.splatting.scenes import CAMERA, ball, ring_pose

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.vision.geometry.rotations import q_wxyz_from_matrix
from calotype.vision.splatting.rendering import render, turntable_path


def camera_set(turns: list[float], points: SparsePoints | None = None) -> CameraSet:
    frames = []
    for i, turn in enumerate(turns):
        pose = ring_pose(turn)
        q = tuple(float(x) for x in q_wxyz_from_matrix(pose[:3, :3]))
        frames.append(Frame(f"{i:02d}", 1, q, tuple(float(x) for x in pose[:3, 3])))  # type: ignore[arg-type]
    return CameraSet({1: CAMERA}, tuple(frames), points or SparsePoints())


def azimuths(path: list[tuple[Camera, np.ndarray]]) -> np.ndarray:
    centres = np.array([-m[:3, :3].T @ m[:3, 3] for _, m in path])
    return np.unwrap(np.arctan2(centres[:, 0], -centres[:, 2]))


def test_an_orbit_goes_around_the_subject_at_the_distance_of_the_capture() -> None:
    path = turntable_path(camera_set(list(np.linspace(0, 2 * np.pi, 12, endpoint=False))), 24)
    assert len(path) == 24
    span = azimuths(path)
    assert abs(span[-1] - span[0]) == pytest.approx(2 * np.pi * 23 / 24, rel=0.05)
    for camera, matrix in path:
        assert camera.is_pinhole
        np.testing.assert_allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=1e-9)
        assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1)
        in_camera = matrix[:3, 3]  # the origin, which the ring looks at
        assert np.hypot(in_camera[0], in_camera[1]) < 0.1 * in_camera[2]
        assert in_camera[2] == pytest.approx(np.hypot(3.5, 0.5), rel=0.05)
        assert matrix[1, 1] > 0  # world up is -Y: the picture stands upright


def test_a_partial_capture_is_swayed_through_and_never_left() -> None:
    turns = list(np.linspace(-0.4, 0.4, 9))
    path = turntable_path(camera_set(turns), 20)
    reached = azimuths(path)
    assert reached.min() > -0.4
    assert reached.max() < 0.4
    assert reached.max() - reached.min() > 0.3


def test_a_forward_facing_capture_looks_at_the_depth_of_its_points() -> None:
    xyz = np.random.default_rng(0).normal([0, 0, 10], 0.5, (50, 3))
    frames = tuple(Frame(f"{i}", 1, (1.0, 0.0, 0.0, 0.0), (0.1 * i, 0.0, 0.0)) for i in range(-3, 4))
    cameras = CameraSet({1: CAMERA}, frames, SparsePoints(xyz, np.zeros((50, 3), np.uint8)))
    for _, matrix in turntable_path(cameras, 8):
        centre = -matrix[:3, :3].T @ matrix[:3, 3]
        assert abs(centre[0]) < 0.3
        assert abs(centre[2]) < 0.5
        assert (matrix @ np.array([0.0, 0.0, 10.0, 1.0]))[2] == pytest.approx(10, rel=0.1)


def test_one_camera_and_parallel_cameras_still_give_finite_poses() -> None:
    for cameras in (camera_set([0.0]), camera_set([0.0, 0.0, 0.0])):
        assert all(np.isfinite(matrix).all() for _, matrix in turntable_path(cameras, 5))


def test_a_render_has_the_size_of_its_camera_and_the_depth_of_its_subject() -> None:
    picture = render(ball(200), CAMERA, ring_pose(0.3), background=(1.0, 0.0, 0.0))
    assert picture.rgb.shape == (40, 56, 3)
    assert picture.rgb_uint8.dtype == np.uint8
    hit = picture.alpha > 0.95
    assert hit.any()
    assert (np.abs(picture.depth[hit] - np.hypot(3.5, 0.5)) < 1.3).all()
    empty = picture.alpha == 0
    assert (picture.rgb[empty] == np.array([1, 0, 0], np.float32)).all()
    assert (picture.depth[empty] == 0).all()


def test_a_camera_with_distortion_is_refused() -> None:
    camera = Camera("SIMPLE_RADIAL", 56, 40, (60.0, 28.0, 20.0, 0.1))
    with pytest.raises(ValueError, match="pinhole"):
        render(ball(3), camera, ring_pose(0))
