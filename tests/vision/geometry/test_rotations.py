"""Rotations: round trips, invariances and the hard angles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from calotype.artifacts.cameras import Frame
from calotype.errors import InputError
from calotype.vision.geometry.rotations import (
    matrix_from_q_wxyz,
    nearest_rotation,
    q_wxyz_from_matrix,
    rotation_angle_deg,
)


def random_q(n, seed=0):
    q = np.random.default_rng(seed).normal(size=(n, 4))
    q /= np.linalg.norm(q, axis=1, keepdims=True)
    return np.where(q[:, :1] < 0, -q, q)


def about_z(degrees):
    a = np.radians(degrees)
    return np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])


def test_quaternions_survive_the_way_through_matrices():
    q = random_q(500)
    assert_allclose(q_wxyz_from_matrix(matrix_from_q_wxyz(q)), q, atol=1e-12)


@given(st.sampled_from([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, -1, 1)]), st.floats(0, 360))
def test_half_turns_and_tiny_turns_survive_too(axis, degrees):
    axis = np.array(axis) / np.linalg.norm(axis)
    half = np.radians(degrees) / 2
    R = matrix_from_q_wxyz([np.cos(half), *(np.sin(half) * axis)])
    assert_allclose(matrix_from_q_wxyz(q_wxyz_from_matrix(R)), R, atol=1e-12)


def test_matrices_are_rotations_whatever_the_length_of_the_quaternion():
    R = matrix_from_q_wxyz(random_q(50) * 7.5)
    assert_allclose(R @ R.swapaxes(-1, -2), np.broadcast_to(np.eye(3), R.shape), atol=1e-12)
    assert_allclose(np.linalg.det(R), 1)


def test_a_quaternion_of_length_zero_is_refused():
    with pytest.raises(InputError, match="length zero"):
        matrix_from_q_wxyz([[1, 0, 0, 0], [0, 0, 0, 0]])


def test_batches_of_any_shape_equal_the_frames_own_matrix():
    q = random_q(6).reshape(2, 3, 4)
    R = matrix_from_q_wxyz(q)
    assert R.shape == (2, 3, 3, 3)
    frame = Frame("a", 1, tuple(q[1, 2]), (0.0, 0.0, 0.0))
    assert_allclose(R[1, 2], frame.R, atol=1e-15)


def test_a_quarter_turn_about_z_takes_x_to_y():
    s = np.sqrt(0.5)
    assert_allclose(matrix_from_q_wxyz([s, 0, 0, s]) @ [1, 0, 0], [0, 1, 0], atol=1e-15)


@pytest.mark.parametrize("degrees", [0, 1e-6, 1e-3, 1, 90, 179.999, 180])
def test_angles_are_exact_from_millionths_of_a_degree_to_half_turns(degrees):
    R = matrix_from_q_wxyz(random_q(1))[0]
    assert_allclose(rotation_angle_deg(R, R @ about_z(degrees)), degrees, atol=1e-7, rtol=1e-6)


def test_the_nearest_rotation_is_never_a_mirror_image():
    noise = np.random.default_rng(1).normal(size=(200, 3, 3))
    assert_allclose(np.linalg.det(nearest_rotation(noise)), 1)
    R = matrix_from_q_wxyz(random_q(5))
    assert_allclose(nearest_rotation(3 * R), R, atol=1e-12)
