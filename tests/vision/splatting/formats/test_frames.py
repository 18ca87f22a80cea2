"""Gaussians in other axes look the same from a camera that was turned with them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.vision.splatting.formats.splats import assert_within, differences, made_up
from tests.vision.splatting.scenes import CAMERA, ball, ring_pose

from calotype.vision.geometry.rotations import matrix_from_q_wxyz
from calotype.vision.splatting.formats.frames import Axes, axes
from calotype.vision.splatting.formats.splat_file import Loss
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.reference import sh_basis
from calotype.vision.splatting.rendering import render

ANY_TURN = matrix_from_q_wxyz([0.3, -0.5, 0.7, 0.4])
NAMES = ["RUB", "LUF", "RFU", "LFD", "RUF", "LBU"]
LETTERS = {"R": (1, 0, 0), "D": (0, 1, 0), "F": (0, 0, 1), "L": (-1, 0, 0), "U": (0, -1, 0), "B": (0, 0, -1)}


def with_harmonics(gaussians: Gaussians) -> Gaussians:
    sh = np.random.default_rng(4).normal(0, 0.3, (len(gaussians), 16, 3)).astype(np.float32)
    sh[:, 0] = gaussians.sh[:, 0]
    return Gaussians(gaussians.means, gaussians.q_wxyz, gaussians.log_scales, gaussians.logit_opacities, sh)


@pytest.mark.parametrize("letters", NAMES)
def test_letters_say_where_x_y_and_z_point(letters: str) -> None:
    for index, letter in enumerate(letters):
        pointing = np.array([LETTERS[letter]], np.float32)
        np.testing.assert_array_equal(axes(letters).means(pointing)[0], np.eye(3)[index])


@pytest.mark.parametrize("turn", [axes("RUB"), axes("LUF"), axes("RFU"), Axes(ANY_TURN)])
def test_a_turned_splat_looks_the_same_from_a_camera_turned_with_it(turn: Axes) -> None:
    assert np.linalg.det(turn.target_from_source) == pytest.approx(1)
    scene = with_harmonics(ball())
    pose = ring_pose(0.8)
    turned_pose = pose.copy()
    turned_pose[:3, :3] = pose[:3, :3] @ turn.target_from_source.T
    seen = render(scene, CAMERA, pose).rgb
    turned = render(turn.gaussians(scene), CAMERA, turned_pose).rgb
    np.testing.assert_allclose(turned, seen, atol=1e-4)
    assert np.abs(render(scene, CAMERA, turned_pose).rgb - seen).max() > 0.1


@pytest.mark.parametrize("letters", NAMES)
def test_shape_and_colours_go_along_also_where_axes_mirror(letters: str) -> None:
    turn, scene = axes(letters), made_up(20)
    M = turn.target_from_source
    turned = turn.gaussians(scene)

    def covariances(gaussians: Gaussians) -> np.ndarray:
        edges = matrix_from_q_wxyz(gaussians.q_wxyz) * np.exp(gaussians.log_scales)[:, None, :]
        return edges @ edges.swapaxes(1, 2)

    np.testing.assert_allclose(covariances(turned), M @ covariances(scene) @ M.T, rtol=1e-4, atol=1e-9)
    directions = np.random.default_rng(1).normal(size=(20, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    before = np.einsum("nk,nkc->nc", sh_basis(directions, 3), scene.sh)
    after = np.einsum("nk,nkc->nc", sh_basis(directions @ M.T, 3), turned.sh)
    np.testing.assert_allclose(after, before, atol=1e-5)


@pytest.mark.parametrize("letters", [*NAMES, "RDF"])
def test_there_and_back_nothing_has_changed(letters: str) -> None:
    scene, turn = made_up(20), axes(letters)
    back = turn.inverse.gaussians(turn.gaussians(scene))
    # Quarter turns mix some harmonics by roots; half turns only negate.
    assert_within(differences(back, scene), Loss(rotation_deg=0.001))
    np.testing.assert_array_equal(back.means, scene.means)
    if letters in ("RUB", "LUF", "RUF", "RDF"):
        np.testing.assert_array_equal(back.sh, scene.sh)
