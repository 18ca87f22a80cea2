"""One call that steps the parameters gives what its parts give one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.kernels.scenes import Scene, random_scene

from calotype import kernels

RATES = (1e-3, 4e-3, 1.4e-2, 0.1, [3e-3] * 3 + [1e-3] * 45)


def drawn(scene: Scene, **options: Any) -> tuple[kernels.Projected, kernels.ProjectedGrads]:
    projected = kernels.project(*scene.arguments)
    picture = kernels.rasterize(projected, scene.size, (0.1, 0.2, 0.3), **options)
    target = np.random.default_rng(1).integers(0, 256, picture.rgb.shape, dtype=np.uint8)
    loss = kernels.l1_ssim(picture.rgb, target)
    return projected, kernels.rasterize_backward(picture, projected, loss.d_image)


def state(scene: Scene) -> list[list[np.ndarray]]:
    """Parameters, and moments as they are after some steps."""
    rng = np.random.default_rng(5)
    values = [value.copy() for value in scene.parameters]
    first = [rng.normal(0, 1e-4, value.shape).astype(np.float32) for value in values]
    return [values, first, [(moment * moment + 1e-9).astype(np.float32) for moment in first]]


def in_one(scene: Scene, projected: Any, grads: Any, **options: Any) -> tuple[list[np.ndarray], int]:
    tables = state(scene)
    skipped = kernels.descend(*tables, *scene.arguments[5:], projected, grads, rates=RATES, step=7, **options)
    return [array for table in tables for array in table], skipped


def one_by_one(scene: Scene, projected: Any, grads: Any, mask: Any = None) -> list[np.ndarray]:
    tables = state(scene)
    found = kernels.project_backward(*scene.arguments, projected, grads)
    gradients = (found.means, found.quats, found.log_scales, found.logit_opacities, found.sh)
    for value, gradient, first, second, lr in zip(tables[0], gradients, *tables[1:], RATES, strict=True):
        rows = [array.reshape(len(value), -1) for array in (value, gradient, first, second)]
        kernels.adam(*rows, lr=lr, step=7, mask=mask)
    return [array for table in tables for array in table]


@pytest.mark.parametrize("n", [1, 700, 1500])
def test_one_call_gives_the_bits_of_the_backward_projection_and_adam(level: str, n: int) -> None:
    scene = random_scene(4, n=n)
    projected, grads = drawn(scene)
    wanted = one_by_one(scene, projected, grads)
    for threads in (1, 2, 3):
        found, skipped = in_one(scene, projected, grads, threads=threads)
        assert skipped == 0
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_gaussian_whose_gradient_is_not_finite_stays_as_it_is_and_is_counted(level: str) -> None:
    scene = random_scene(4, n=900)
    projected, grads = drawn(scene)
    broken = [3, 511, 512, 899]
    assert projected.visible[broken].any()
    grads.d_xy[broken] = np.nan
    grads.d_opacity[broken[0]] = np.inf
    mask = np.ones(900, bool)
    mask[[i for i in broken if projected.visible[i]]] = False
    found, skipped = in_one(scene, projected, grads)
    assert skipped == np.count_nonzero(~mask)
    for one, other in zip(found, one_by_one(scene, projected, grads, mask), strict=True):
        np.testing.assert_array_equal(one, other)


def test_penalties_add_the_derivatives_of_mean_opacity_and_mean_size() -> None:
    scene = random_scene(4, n=600)
    projected, grads = drawn(scene)
    given = (grads.d_xy, grads.d_conic, grads.d_opacity, grads.d_rgb, grads.d_depth)
    nothing = kernels.ProjectedGrads(*(np.zeros_like(gradient) for gradient in given))
    values, first, second = state(scene)
    before = [moment.copy() for moment in first]
    kernels.descend(
        values, first, second, *scene.arguments[5:], projected, nothing,
        rates=RATES, step=1, opacity_penalty=0.5, scale_penalty=0.25,
    )  # fmt: skip
    opacity = 1 / (1 + np.exp(-scene.parameters[3].astype(np.float64)))
    by_opacity = 0.5 / 600 * opacity * (1 - opacity)
    by_size = 0.25 / 1800 * np.exp(scene.parameters[2].astype(np.float64))
    # After one step the first moment is 0.9 of what it was and a tenth of the gradient.
    np.testing.assert_allclose(10 * (first[3] - 0.9 * before[3]), by_opacity, rtol=2e-2, atol=1e-8)
    np.testing.assert_allclose(10 * (first[2] - 0.9 * before[2]), by_size, rtol=2e-2, atol=1e-8)
    np.testing.assert_allclose(first[0], np.float32(0.9) * before[0], rtol=1e-6)


def test_without_depth_colours_and_gradients_are_the_same_bits(level: str) -> None:
    scene = random_scene(6, n=400)
    (projected, with_depth), (_, without) = drawn(scene), drawn(scene, with_depth=False)
    one = kernels.rasterize(projected, scene.size)
    other = kernels.rasterize(projected, scene.size, with_depth=False)
    np.testing.assert_array_equal(one.rgb, other.rgb)
    np.testing.assert_array_equal(one.alpha, other.alpha)
    for name in ("d_xy", "d_conic", "d_opacity", "d_rgb", "d_depth", "abs_xy"):
        np.testing.assert_array_equal(getattr(with_depth, name), getattr(without, name))


def test_what_was_drawn_without_depth_has_none_and_no_gradient_by_it() -> None:
    scene = random_scene(6, n=40)
    projected = kernels.project(*scene.arguments)
    picture = kernels.rasterize(projected, scene.size, with_depth=False)
    assert picture.depth is None
    with pytest.raises(ValueError, match="without depth"):
        _ = picture.expected_depth
    with pytest.raises(ValueError, match="without depth"):
        kernels.rasterize_backward(picture, projected, picture.rgb, d_depth=picture.alpha)
    # Gradients by all channels, zeros where colour alone counts: the same as without them.
    full = kernels.rasterize(projected, scene.size)
    nothing = np.zeros_like(full.alpha)
    given = kernels.rasterize_backward(full, projected, full.rgb, nothing, nothing)
    left_out = kernels.rasterize_backward(full, projected, full.rgb)
    np.testing.assert_allclose(given.d_xy, left_out.d_xy, rtol=1e-6, atol=1e-9)
