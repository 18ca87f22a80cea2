"""Pictures small enough to be known without a renderer."""

from __future__ import annotations

import numpy as np
import pytest
from tests.kernels.scenes import flat_gaussians

from calotype import kernels

SIGMA = 2.0
CONIC = (1 / SIGMA**2, 0.0, 1 / SIGMA**2)


def bell(size: tuple[int, int], x: float, y: float, opacity: float) -> np.ndarray:
    columns, rows = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    alpha = opacity * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * SIGMA**2))
    return np.where(alpha >= 1 / 255, np.minimum(alpha, 0.99), 0)


def test_one_round_gaussian_is_a_bell_of_its_colour(level: str) -> None:
    size = (37, 29)
    picture = kernels.rasterize(flat_gaussians((17.3, 14.1), CONIC, 0.8, (0.2, 0.5, 0.9), 3.0), size)
    alpha = bell(size, 17.3, 14.1, 0.8)
    np.testing.assert_allclose(picture.alpha, alpha, atol=1e-6)
    np.testing.assert_allclose(picture.rgb, alpha[:, :, None] * (0.2, 0.5, 0.9), atol=1e-6)
    np.testing.assert_allclose(picture.depth, alpha * 3.0, atol=4e-6)
    np.testing.assert_allclose(picture.expected_depth[alpha > 0], 3.0, rtol=1e-4)


@pytest.mark.parametrize("red_first", [True, False])
def test_of_two_gaussians_the_nearer_one_covers_the_other_in_any_order_of_the_arrays(
    level: str, red_first: bool
) -> None:
    size = (20, 20)
    colours, depths = [(1, 0, 0), (0, 1, 0)], [1.0, 2.0]
    if not red_first:
        colours, depths = colours[::-1], depths[::-1]
    both = flat_gaussians([(10, 10), (10, 10)], [CONIC, CONIC], [0.6, 0.6], colours, depths)
    picture = kernels.rasterize(both, size, (0, 0, 1))
    alpha = bell(size, 10, 10, 0.6)
    np.testing.assert_allclose(picture.rgb[:, :, 0], alpha, atol=1e-6)
    np.testing.assert_allclose(picture.rgb[:, :, 1], alpha * (1 - alpha), atol=1e-6)
    np.testing.assert_allclose(picture.rgb[:, :, 2], (1 - alpha) ** 2, atol=1e-6)


def test_equal_depths_are_drawn_in_the_order_of_the_arrays(level: str) -> None:
    pair = flat_gaussians([(8, 8), (8, 8)], [CONIC, CONIC], [0.9, 0.9], [(1, 0, 0), (0, 1, 0)], [2.0, 2.0])
    centre = kernels.rasterize(pair, (16, 16)).rgb[8, 8]
    assert centre[0] > 5 * centre[1]


def test_alpha_is_capped_and_its_gradient_stops_there(level: str) -> None:
    dot = flat_gaussians((8.5, 8.5), CONIC, 0.999, (1, 1, 1), 1.0)
    picture = kernels.rasterize(dot, (16, 16))
    assert picture.alpha[8, 8] == pytest.approx(0.99, abs=1e-6)
    centre_only = np.zeros((16, 16, 3), np.float32)
    centre_only[8, 8] = 1
    grads = kernels.rasterize_backward(picture, dot, centre_only)
    assert grads.d_opacity[0] == 0.0
    assert grads.d_rgb[0] == pytest.approx([0.99] * 3, abs=1e-6)


def test_an_empty_picture_is_the_background(level: str) -> None:
    nothing = flat_gaussians(np.zeros((0, 2)), np.zeros((0, 3)), np.zeros(0), np.zeros((0, 3)), np.zeros(0))
    picture = kernels.rasterize(nothing, (21, 5), (0.1, 0.2, 0.3))
    np.testing.assert_array_equal(picture.rgb, np.broadcast_to(np.float32([0.1, 0.2, 0.3]), (5, 21, 3)))
    assert not picture.alpha.any()
    assert not picture.expected_depth.any()
    grads = kernels.rasterize_backward(picture, nothing, np.ones((5, 21, 3), np.float32))
    assert grads.d_xy.shape == (0, 2)


def test_a_gaussian_on_the_axis_projects_to_its_scaled_size(level: str) -> None:
    s, z, f = 0.05, 4.0, 200.0
    projected = kernels.project(
        np.float32([[0, 0, z]]),
        np.float32([[2, 0, 0, 0]]),
        np.log(np.float32([[s, s, s]])),
        np.float32([0.0]),
        np.full((1, 1, 3), 1.0, np.float32),
        0,
        np.eye(4)[:3],
        (f, f, 50, 40),
        (100, 80),
    )
    np.testing.assert_allclose(projected.xy, [[50, 40]], atol=1e-4)
    precision = 1 / ((f * s / z) ** 2 + 0.3)
    np.testing.assert_allclose(projected.conic, [[precision, 0, precision]], rtol=1e-5, atol=1e-7)
    assert projected.opacity[0] == pytest.approx(0.5)
    assert projected.depth[0] == pytest.approx(z)
    np.testing.assert_allclose(projected.rgb, 0.5 + 0.28209479177387814, rtol=1e-6)
    # alpha falls to 1/255 at sqrt(2 ln(255 o)) standard deviations
    assert projected.radii[0] == pytest.approx(np.sqrt(2 * np.log(127.5) / precision), rel=1e-5)


def test_antialiasing_keeps_the_energy_of_a_gaussian_smaller_than_a_pixel(level: str) -> None:
    def drawn(scale: float, antialiased: bool) -> float:
        projected = kernels.project(
            np.float32([[0, 0, 4]]),
            np.float32([[1, 0, 0, 0]]),
            np.log(np.full((1, 3), scale, np.float32)),
            np.float32([0.0]),
            np.zeros((1, 1, 3), np.float32),
            0,
            np.eye(4)[:3],
            (200, 200, 50, 40),
            (100, 80),
            antialiased=antialiased,
            alpha_min=1e-6,
        )
        return float(kernels.rasterize(projected, (100, 80)).alpha.sum())

    true_energy = 0.5 * 2 * np.pi * (200 * 0.006 / 4) ** 2
    assert drawn(0.006, True) == pytest.approx(true_energy, rel=0.02)
    assert drawn(0.006, False) > 3 * true_energy
