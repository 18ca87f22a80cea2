"""Every kernel, at every SIMD level, against the slow and obvious one in numpy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from tests.kernels.scenes import Scene, exact, random_scene

from calotype import kernels
from calotype.kernels import Projected, ProjectedGrads
from calotype.vision.splatting import reference

BACKGROUND = (0.2, 0.5, 0.9)
SCENES = [
    pytest.param(random_scene(1), id="sh3"),
    pytest.param(random_scene(2, sh_degree=0, size=(16, 16)), id="one-tile"),
    pytest.param(random_scene(3, sh_degree=2, n=40, size=(65, 17), sigma=0.4), id="large"),
    pytest.param(random_scene(4, sh_degree=1, n=300, size=(33, 47), sigma=0.015), id="small"),
    pytest.param(random_scene(5, sh_degree=1, n=7, size=(5, 3)), id="few"),
]


def assert_close(actual: ArrayLike, expected: ArrayLike, tolerance: float) -> None:
    """Within `tolerance` of the largest expected value."""
    expected = np.asarray(expected)
    np.testing.assert_allclose(
        actual, expected, rtol=0, atol=tolerance * max(float(np.abs(expected).max()), 1e-12)
    )


def projected(scene: Scene, antialiased: bool = False, alpha_min: float = 1 / 255) -> Projected:
    return kernels.project(*scene.arguments, antialiased=antialiased, alpha_min=alpha_min)


def picture_gradients(size: tuple[int, int]) -> tuple[NDArray[np.float32], ...]:
    rng = np.random.default_rng(9)
    width, height = size
    shapes = ((height, width, 3), (height, width), (height, width))
    return tuple(rng.normal(size=shape).astype(np.float32) for shape in shapes)


@pytest.mark.parametrize("antialiased", [False, True])
@pytest.mark.parametrize("scene", SCENES)
def test_projection_matches(level: str, scene: Scene, antialiased: bool) -> None:
    fast = projected(scene, antialiased)
    slow = reference.project(
        scene.exact, scene.sh_degree, scene.cam_from_world, scene.intrinsics, scene.size, antialiased
    )
    seen = fast.visible > 0
    assert seen.any()
    for field in slow._fields:
        assert_close(getattr(fast, field)[seen], getattr(slow, field)[seen], 2e-6)
        assert not getattr(fast, field)[~seen].any()


@pytest.mark.parametrize("scene", SCENES)
def test_what_is_not_visible_would_not_be_drawn(level: str, scene: Scene) -> None:
    fast = projected(scene)
    slow = reference.project(scene.exact, scene.sh_degree, scene.cam_from_world, scene.intrinsics, scene.size)
    for i in np.flatnonzero(fast.visible == 0):
        assert slow.depth[i] < 0.01 or not reference.footprint(slow, int(i), scene.size, 1.001 / 255)[0].any()


@pytest.mark.parametrize("antialiased", [False, True])
@pytest.mark.parametrize("scene", SCENES)
def test_projection_gradients_match_differences(level: str, scene: Scene, antialiased: bool) -> None:
    fast = projected(scene, antialiased)
    rng = np.random.default_rng(3)
    given = reference.Projection(
        *(
            np.where(
                fast.visible.reshape(-1, *[1] * (field.ndim - 1)), rng.normal(size=field.shape), 0
            ).astype(np.float32)
            for field in (fast.xy, fast.conic, fast.depth, fast.opacity, fast.rgb)
        )
    )
    grads = ProjectedGrads(given.xy, given.conic, given.opacity, given.rgb, given.depth)
    result = kernels.project_backward(*scene.arguments, fast, grads, antialiased=antialiased)
    slow = reference.project_backward(
        scene.exact,
        reference.Projection(*(field.astype(np.float64) for field in given)),
        lambda p: reference.project(
            p, scene.sh_degree, scene.cam_from_world, scene.intrinsics, scene.size, antialiased
        ),
    )
    for actual, expected in zip(
        (result.means, result.quats, result.log_scales, result.logit_opacities, result.sh), slow, strict=True
    ):
        assert_close(actual, expected, 1e-5)


@pytest.mark.parametrize("scene", SCENES)
def test_pictures_match(level: str, scene: Scene) -> None:
    flat = projected(scene)
    fast = kernels.rasterize(flat, scene.size, BACKGROUND)
    slow, _ = reference.rasterize(exact(flat), flat.visible, scene.size, BACKGROUND)
    for field in slow._fields:
        assert_close(getattr(fast, field), getattr(slow, field), 5e-6)


@pytest.mark.parametrize("scene", SCENES)
def test_picture_gradients_match_with_the_cut_off_on(level: str, scene: Scene) -> None:
    flat = projected(scene)
    given = picture_gradients(scene.size)
    fast = kernels.rasterize_backward(kernels.rasterize(flat, scene.size, BACKGROUND), flat, *given)
    _, layers = reference.rasterize(exact(flat), flat.visible, scene.size, BACKGROUND)
    in_float64 = reference.Picture(*(array.astype(np.float64) for array in given))
    slow, abs_xy = reference.rasterize_backward(exact(flat), layers, in_float64, BACKGROUND)
    for field in slow._fields:
        assert_close(getattr(fast, f"d_{field}"), getattr(slow, field), 1e-5)
    assert fast.abs_xy is not None
    assert_close(fast.abs_xy, abs_xy, 2e-4)  # square roots of twelve bits: it only ranks Gaussians


def test_absolute_gradients_are_left_out_when_not_wanted(level: str) -> None:
    scene = random_scene(6)
    flat = projected(scene)
    picture = kernels.rasterize(flat, scene.size)
    d_rgb = picture_gradients(scene.size)[0]
    without = kernels.rasterize_backward(picture, flat, d_rgb, absolute=False)
    np.testing.assert_array_equal(without.d_xy, kernels.rasterize_backward(picture, flat, d_rgb).d_xy)
    assert without.abs_xy is None


@pytest.mark.parametrize("scene", SCENES)
def test_contributions_match(level: str, scene: Scene) -> None:
    flat = projected(scene)
    error = np.random.default_rng(4).random(scene.size[::-1]).astype(np.float32)
    fast = kernels.contributions(kernels.rasterize(flat, scene.size), flat, error)
    _, layers = reference.rasterize(exact(flat), flat.visible, scene.size)
    slow = reference.contributions(len(flat), layers, error.astype(np.float64))
    for actual, expected in zip(fast, slow, strict=True):
        assert_close(actual, expected, 5e-6)


def test_weights_and_transmittance_add_up_to_one(level: str) -> None:
    scene = random_scene(7, n=200)
    flat = projected(scene)
    picture = kernels.rasterize(flat, scene.size)
    given = kernels.contributions(picture, flat, np.ones(scene.size[::-1], np.float32))
    assert given.weight_sum.sum() == pytest.approx(picture.alpha.sum(), rel=1e-5)
    np.testing.assert_allclose(given.weight_sum, given.error_sum, rtol=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("size", [(29, 37), (11, 3), (1, 1), (530, 9), (16, 16)])
def test_the_loss_matches(level: str, size: tuple[int, int], weighted: bool) -> None:
    rng = np.random.default_rng(8)
    width, height = size
    image, target = (rng.random((height, width, 3)).astype(np.float32) for _ in range(2))
    weights = rng.random((height, width)).astype(np.float32) if weighted else None
    fast = kernels.l1_ssim(image, target, 0.3, weights=weights)
    slow = reference.l1_ssim(
        image.astype(np.float64),
        target.astype(np.float64),
        0.3,
        None if weights is None else weights.astype(np.float64),
    )
    assert (fast.value, fast.l1, fast.ssim) == pytest.approx(slow, abs=3e-6)


def test_a_target_of_bytes_is_the_target_over_255(level: str) -> None:
    rng = np.random.default_rng(2)
    image = rng.random((20, 30, 3)).astype(np.float32)
    target = rng.integers(0, 256, image.shape, dtype=np.uint8)
    in_bytes = kernels.l1_ssim(image, target)
    in_floats = kernels.l1_ssim(image, target.astype(np.float32) / np.float32(255))
    assert in_bytes.value == pytest.approx(in_floats.value, abs=1e-6)
    assert_close(in_bytes.d_image, in_floats.d_image, 1e-5)


def test_equal_pictures_have_no_loss_and_no_gradient(level: str) -> None:
    image = np.random.default_rng(1).random((24, 31, 3)).astype(np.float32)
    loss = kernels.l1_ssim(image, image.copy())
    assert loss.value == pytest.approx(0, abs=1e-6)
    assert loss.ssim == pytest.approx(1, abs=1e-6)
    assert np.abs(loss.d_image).max() < 1e-6


def test_pixels_of_weight_zero_count_for_nothing(level: str) -> None:
    rng = np.random.default_rng(1)
    image, target = (rng.random((24, 31, 3)).astype(np.float32) for _ in range(2))
    loss = kernels.l1_ssim(image, target, weights=np.zeros((24, 31), np.float32))
    assert loss.value == 0
    assert not loss.d_image.any()


@pytest.mark.parametrize("shape", [(50, 7), (33,), (5, 16, 3), (1, 3)])
@pytest.mark.parametrize("per_column", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_an_adam_step_matches(level: str, shape: tuple[int, ...], per_column: bool, masked: bool) -> None:
    rng = np.random.default_rng(5)
    params, grads, m = (rng.normal(size=shape).astype(np.float32) for _ in range(3))
    v = rng.random(shape).astype(np.float32)
    columns = int(np.prod(shape[1:]))
    lr = rng.random(columns) if per_column else 0.01
    mask = np.arange(shape[0]) % 3 < 2 if masked else np.ones(shape[0], bool)
    rates = lr.reshape(shape[1:]) if isinstance(lr, np.ndarray) and len(shape) > 1 else lr
    wanted = reference.adam(*(array.astype(np.float64) for array in (params, grads, m, v)), rates, 3)
    before = [array.copy() for array in (params, m, v)]
    kernels.adam(params, grads, m, v, lr=lr, step=3, mask=mask if masked else None)
    for actual, expected, old in zip((params, m, v), wanted, before, strict=True):
        np.testing.assert_array_equal(actual[~mask], old[~mask])
        assert_close(actual[mask], expected[mask], 1e-6)
