"""Gradients of the whole chain, parameters to loss, against differences of the kernels themselves.

The cut-off is lowered until it does nothing: with it on, differences are off by the jump at the ellipse's edge.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.kernels.scenes import Scene, exact, random_scene

from calotype import kernels
from calotype.vision.splatting import reference

ALPHA_MIN = 1e-8
SIZE = (23, 19)


def loss_weights() -> np.ndarray:
    return np.random.default_rng(12).normal(size=(SIZE[1], SIZE[0], 5)).astype(np.float64)


def small_scene(seed: int = 11) -> Scene:
    scene = random_scene(seed, n=9, size=SIZE, sh_degree=3, sigma=0.2)
    scene.parameters[3][:] = np.linspace(-2, 1, 9)  # opacities that never reach the cap
    return scene


def chain_gradients(scene: Scene, antialiased: bool) -> kernels.ParameterGrads:
    projected = kernels.project(*scene.arguments, antialiased=antialiased, alpha_min=ALPHA_MIN)
    assert projected.visible.all()
    picture = kernels.rasterize(projected, scene.size, (0.3, 0.6, 0.1))
    w = np.ascontiguousarray(loss_weights(), np.float32)
    on_picture = (np.ascontiguousarray(part) for part in (w[:, :, :3], w[:, :, 3], w[:, :, 4]))
    grads = kernels.rasterize_backward(picture, projected, *on_picture)
    return kernels.project_backward(*scene.arguments, projected, grads, antialiased=antialiased)


def exact_loss(scene: Scene, parameters: reference.Parameters, antialiased: bool) -> float:
    """The same loss of the float64 renderer, which difference quotients can resolve."""
    flat = reference.project(
        parameters, scene.sh_degree, scene.cam_from_world, scene.intrinsics, scene.size, antialiased
    )
    picture, _ = reference.rasterize(flat, np.ones(len(flat.depth)), scene.size, (0.3, 0.6, 0.1), ALPHA_MIN)
    w = loss_weights()
    return float(
        np.sum(w[:, :, :3] * picture.rgb)
        + np.sum(w[:, :, 3] * picture.alpha)
        + np.sum(w[:, :, 4] * picture.depth)
    )


@pytest.mark.parametrize("antialiased", [False, True])
@pytest.mark.parametrize("field", range(5), ids=["means", "quats", "log_scales", "logit_opacities", "sh"])
def test_the_whole_chain_matches_differences(level: str, field: int, antialiased: bool) -> None:
    scene = small_scene()
    grads = chain_gradients(scene, antialiased)
    actual = (grads.means, grads.quats, grads.log_scales, grads.logit_opacities, grads.sh)[field]
    parameters = scene.exact
    rng = np.random.default_rng(field)
    for _ in range(6):  # along random directions: every parameter takes part in each
        direction = rng.normal(size=parameters[field].shape)
        step = 1e-5
        moved = [
            parameters._replace(**{parameters._fields[field]: parameters[field] + sign * step * direction})
            for sign in (1, -1)
        ]
        difference = (exact_loss(scene, moved[0], antialiased) - exact_loss(scene, moved[1], antialiased)) / (
            2 * step
        )
        scale = float(np.linalg.norm(actual) * np.linalg.norm(direction))
        assert float(np.sum(actual * direction)) == pytest.approx(difference, abs=2e-5 * scale)


def test_the_background_takes_part_in_the_gradient(level: str) -> None:
    scene = small_scene()
    projected = kernels.project(*scene.arguments, alpha_min=ALPHA_MIN)
    d_rgb = np.ones((SIZE[1], SIZE[0], 3), np.float32)
    on_black = kernels.rasterize_backward(kernels.rasterize(projected, SIZE), projected, d_rgb)
    on_white = kernels.rasterize_backward(kernels.rasterize(projected, SIZE, (1, 1, 1)), projected, d_rgb)
    _, layers = reference.rasterize(exact(projected), projected.visible, SIZE, (1, 1, 1), ALPHA_MIN)
    flat = reference.Picture(d_rgb.astype(np.float64), np.zeros(d_rgb.shape[:2]), np.zeros(d_rgb.shape[:2]))
    wanted, _ = reference.rasterize_backward(exact(projected), layers, flat, (1, 1, 1), ALPHA_MIN)
    np.testing.assert_allclose(on_white.d_opacity, wanted.opacity, rtol=1e-4, atol=1e-4)
    assert np.all(on_white.d_opacity < on_black.d_opacity)


@pytest.mark.parametrize("size", [(29, 37), (5, 4), (520, 3)])
def test_the_loss_gradient_matches_differences(level: str, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(6)
    width, height = size
    image, target = (rng.random((height, width, 3)).astype(np.float32) for _ in range(2))
    weights = rng.random((height, width)).astype(np.float32)
    gradient = kernels.l1_ssim(image, target, 0.4, weights=weights).d_image

    def loss(moved: NDArray[np.float64]) -> float:
        return reference.l1_ssim(moved, target.astype(np.float64), 0.4, weights.astype(np.float64))[0]

    for at in (tuple(rng.integers(0, side) for side in image.shape) for _ in range(20)):
        wanted = difference(loss, image.astype(np.float64), at)
        assert gradient[at] == pytest.approx(wanted, abs=2e-5 * float(np.abs(gradient).max()))


@pytest.mark.parametrize("size", [(29, 37), (5, 4), (520, 3)])
def test_the_loss_gradients_of_an_exposed_picture_match_differences(
    level: str, size: tuple[int, int]
) -> None:
    rng = np.random.default_rng(7)
    width, height = size
    image, target = (rng.random((height, width, 3)).astype(np.float32) for _ in range(2))
    weights = rng.random((height, width)).astype(np.float32)
    colour = (np.eye(3, 4) + 0.2 * rng.normal(size=(3, 4))).astype(np.float32)
    found = kernels.l1_ssim(image, target, 0.4, weights=weights, colour=colour)
    exact, w = target.astype(np.float64), weights.astype(np.float64)
    value, l1, ssim = reference.l1_ssim(image.astype(np.float64), exact, 0.4, w, colour.astype(np.float64))
    assert (found.value, found.l1, found.ssim) == pytest.approx((value, l1, ssim), rel=1e-5)

    def by_image(moved: NDArray[np.float64]) -> float:
        return reference.l1_ssim(moved, exact, 0.4, w, colour.astype(np.float64))[0]

    def by_colour(moved: NDArray[np.float64]) -> float:
        return reference.l1_ssim(image.astype(np.float64), exact, 0.4, w, moved)[0]

    for at in (tuple(rng.integers(0, side) for side in image.shape) for _ in range(20)):
        wanted = difference(by_image, image.astype(np.float64), at)
        assert found.d_image[at] == pytest.approx(wanted, abs=2e-5 * float(np.abs(found.d_image).max()))
    assert found.d_colour is not None
    for at in np.ndindex(3, 4):
        wanted = difference(by_colour, colour.astype(np.float64), at)
        assert found.d_colour[at] == pytest.approx(wanted, abs=1e-3 * float(np.abs(found.d_colour).max()))


def difference(
    value: Callable[[NDArray[np.float64]], float], at_point: NDArray[np.float64], index: tuple[int, ...]
) -> float:
    """Central difference of a function by one number of its argument."""
    step = 1e-6
    values: list[float] = []
    for sign in (1, -1):
        moved = at_point.copy()
        moved[index] += sign * step
        values.append(value(moved))
    return (values[0] - values[1]) / (2 * step)
