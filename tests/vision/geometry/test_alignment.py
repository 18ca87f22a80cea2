"""Alignment: known similarities come back, mirror images never, and lines are settled by the rotations."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.errors import InputError
from calotype.vision.geometry.alignment import (
    Similarity,
    align_cameras,
    common_names,
    moved,
    pose_errors,
    umeyama,
)
from calotype.vision.geometry.rotations import matrix_from_q_wxyz, q_wxyz_from_matrix, rotation_angle_deg

RNG = np.random.default_rng(3)
MOVE = Similarity(2.5, matrix_from_q_wxyz(RNG.normal(size=4)), np.array([10.0, -3.0, 500.0]))
CAMERA = Camera("SIMPLE_PINHOLE", 640, 480, (500.0, 320.0, 240.0))


def cameras_at(centres, seed=5):
    rng = np.random.default_rng(seed)
    frames = []
    for i, centre in enumerate(centres):
        q = rng.normal(size=4)
        t = -matrix_from_q_wxyz(q) @ centre
        frames.append(Frame(f"{i:03d}.jpg", 1, tuple(q / np.linalg.norm(q)), tuple(t)))
    return CameraSet({1: CAMERA}, tuple(frames), SparsePoints(xyz=rng.normal(size=(7, 3))))


def assert_same(a, b, atol=1e-9):
    assert_allclose(a.scale, b.scale, rtol=1e-9)
    assert_allclose(a.R, b.R, atol=atol)
    assert_allclose(a.t, b.t, atol=1e-6)


def test_a_known_similarity_is_recovered_exactly():
    points = RNG.normal(size=(20, 3))
    assert_same(umeyama(points, MOVE.apply(points)), MOVE)


def test_points_in_one_plane_determine_it_too():
    plane = RNG.normal(size=(20, 3)) * [1, 1, 0]
    assert_same(umeyama(plane, MOVE.apply(plane)), MOVE)


def test_three_points_are_enough():
    points = np.eye(3)
    assert_same(umeyama(points, MOVE.apply(points)), MOVE)


def test_a_mirror_image_is_answered_with_a_rotation():
    points = RNG.normal(size=(30, 3))
    fitted = umeyama(points, points * [1, 1, -1])
    assert_allclose(np.linalg.det(fitted.R), 1)
    assert fitted.scale > 0


def test_noise_of_a_percent_moves_the_answer_by_about_a_percent():
    points = RNG.normal(size=(200, 3))
    noisy = MOVE.apply(points) + RNG.normal(scale=0.025, size=points.shape)
    fitted = umeyama(points, noisy)
    assert abs(fitted.scale / MOVE.scale - 1) < 0.01
    assert rotation_angle_deg(fitted.R, MOVE.R) < 0.5


def test_points_far_from_the_origin_keep_their_digits():
    points = RNG.normal(size=(20, 3)) + np.array([4.5e6, 5.1e6, 300])
    fitted = umeyama(points, MOVE.apply(points))
    assert_allclose(fitted.apply(points), MOVE.apply(points), atol=1e-5)


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (np.zeros((2, 3)), "at least 3"),
        (np.outer(np.arange(9.0), [1, 2, 3]), "one line"),
        (np.ones((9, 3)), "one line"),
        (np.full((9, 3), np.nan), "not finite"),
        (np.zeros((9, 2)), r"\[n, 3\]"),
    ],
)
def test_what_determines_nothing_is_refused_with_the_reason(points, why):
    with pytest.raises(InputError, match=why):
        umeyama(points, points)


def test_inverse_and_product_obey_their_laws():
    points = RNG.normal(size=(5, 3))
    other = Similarity(0.3, matrix_from_q_wxyz(RNG.normal(size=4)), RNG.normal(size=3))
    assert_allclose(MOVE.inverse().apply(MOVE.apply(points)), points, atol=1e-9)
    assert_allclose((other @ MOVE).apply(points), other.apply(MOVE.apply(points)), atol=1e-9)
    assert_same(MOVE.inverse() @ MOVE, Similarity.identity())
    homogeneous = np.c_[points, np.ones(5)] @ MOVE.matrix.T
    assert_allclose(homogeneous[:, :3], MOVE.apply(points))


def test_moved_cameras_keep_seeing_moved_points_in_the_same_direction():
    cameras = cameras_at(RNG.normal(size=(4, 3)))
    after = moved(cameras, MOVE)
    for old, new in zip(cameras.frames, after.frames, strict=True):
        seen = old.R @ cameras.points.xyz.T + np.array(old.t)[:, None]
        seen_after = new.R @ after.points.xyz.T + np.array(new.t)[:, None]
        assert_allclose(seen_after, MOVE.scale * seen, atol=1e-9)


@pytest.mark.parametrize(
    "centres",
    [RNG.normal(size=(6, 3)), RNG.normal(size=(6, 3)) * [1, 0, 1], np.outer(np.arange(6.0), [1, 2, -1])],
    ids=["in space", "in a plane", "on a line"],
)
def test_cameras_are_aligned_exactly_wherever_their_centres_lie(centres):
    estimated = cameras_at(centres)
    reference = moved(estimated, MOVE)
    assert_same(align_cameras(estimated, reference), MOVE, atol=1e-8)
    rotation_deg, centre = pose_errors(estimated, reference)
    assert rotation_deg.max() < 1e-5
    assert centre.max() < 1e-6


def test_cameras_in_one_place_are_turned_and_shifted_but_not_scaled():
    estimated = cameras_at(np.tile([1.0, 2.0, 3.0], (5, 1)))
    rigid = Similarity(1.0, MOVE.R, MOVE.t)
    assert_same(align_cameras(estimated, moved(estimated, rigid)), rigid, atol=1e-8)


def test_only_cameras_of_the_same_name_are_compared():
    estimated = cameras_at(RNG.normal(size=(8, 3)))
    reference = moved(estimated, MOVE)
    reference = CameraSet(reference.cameras, reference.frames[::-1][:5])
    assert common_names(estimated, reference) == ("003.jpg", "004.jpg", "005.jpg", "006.jpg", "007.jpg")
    assert pose_errors(estimated, reference).centre.shape == (5,)
    with pytest.raises(InputError, match="at least 2"):
        align_cameras(estimated, CameraSet({1: CAMERA}, estimated.frames[:1]))


def test_a_turned_camera_shows_as_its_angle_and_a_shifted_one_as_its_distance():
    estimated = cameras_at(RNG.normal(size=(40, 3)))
    first = estimated.frames[0]
    half = np.radians(3) / 2
    turn = matrix_from_q_wxyz([np.cos(half), np.sin(half), 0, 0])
    R = turn @ first.R
    t = -R @ (first.centre_world + np.array([0, 0, 0.25]))
    reference = CameraSet(
        estimated.cameras,
        (Frame(first.name, 1, tuple(q_wxyz_from_matrix(R)), tuple(t)), *estimated.frames[1:]),
    )
    errors = pose_errors(estimated, reference, Similarity.identity())
    assert_allclose(errors.rotation_deg[:2], [3, 0], atol=1e-6)
    assert_allclose(errors.centre[:2], [0.25, 0], atol=1e-9)
