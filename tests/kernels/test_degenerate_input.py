"""Input nobody wants: not finite, singular, huge, faint, behind the camera, or of the wrong type."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.kernels.scenes import flat_gaussians, random_scene

from calotype import kernels

ROUND = (0.25, 0.0, 0.25)


@pytest.mark.parametrize(
    "change",
    [
        {"xy": (np.nan, 8)},
        {"xy": (8, np.inf)},
        {"conic": (np.nan, 0, 0.25)},
        {"conic": (0.25, 0.3, 0.25)},
        {"conic": (-1, 0, -1)},
        {"conic": (0, 0, 0)},
        {"opacity": np.nan},
        {"opacity": 1 / 300},
        {"opacity": -0.5},
        {"rgb": (1, np.inf, 0)},
        {"depth": np.nan},
        {"xy": (1e30, -1e30)},
    ],
    ids=lambda change: str(change),
)
def test_a_gaussian_that_cannot_be_drawn_changes_nothing(level: str, change: dict[str, Any]) -> None:
    good = {"xy": (8, 8), "conic": ROUND, "opacity": 0.7, "rgb": (1, 0.5, 0.2), "depth": 2.0}
    bad = good | change
    alone = flat_gaussians(**good)
    both = flat_gaussians(
        **{name: np.stack([np.asarray(bad[name]), np.asarray(good[name])]) for name in good}
    )
    size = (19, 18)
    first, second = kernels.rasterize(alone, size), kernels.rasterize(both, size)
    np.testing.assert_array_equal(first.rgb, second.rgb)
    grads = kernels.rasterize_backward(second, both, np.ones((18, 19, 3), np.float32))
    for field in (grads.d_xy, grads.d_conic, grads.d_opacity, grads.d_rgb, grads.d_depth, grads.abs_xy):
        assert field is not None
        assert not field[0].any()
        assert np.isfinite(field).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30, -1e30, 0.0])
@pytest.mark.parametrize("field", range(5), ids=["means", "quats", "log_scales", "logit_opacities", "sh"])
def test_a_wild_parameter_stays_with_its_gaussian(level: str, field: int, value: float) -> None:
    scene = random_scene(31, n=37)
    scene.parameters[field][5] = value
    projected = kernels.project(*scene.arguments, antialiased=True)
    picture = kernels.rasterize(projected, scene.size)
    assert np.isfinite(picture.rgb).all()
    assert projected.visible[:5].any()
    grads = kernels.rasterize_backward(picture, projected, np.ones_like(picture.rgb))
    back = kernels.project_backward(*scene.arguments, projected, grads, antialiased=True)
    others = np.arange(37) != 5
    for gradient in (back.means, back.quats, back.log_scales, back.logit_opacities, back.sh):
        assert np.isfinite(gradient[others]).all()
        if not projected.visible[5]:
            assert not gradient[5].any()


def test_what_lies_behind_the_camera_or_outside_the_image_is_not_visible(level: str) -> None:
    scene = random_scene(32, n=4)
    pose = np.eye(4)[:3]
    means = np.float32([[0, 0, -3], [0, 0, 0], [0, 0, 0.005], [100, 0, 3]])
    arguments = (means, *scene.parameters[1:], scene.sh_degree, pose, scene.intrinsics, scene.size)
    projected = kernels.project(*arguments)
    assert not projected.visible.any()
    assert not projected.radii.any()
    picture = kernels.rasterize(projected, scene.size, (1, 0, 0))
    assert np.all(picture.rgb == (1, 0, 0))


@pytest.mark.parametrize("size", [(1, 1), (15, 17), (16, 1), (1, 33), (257, 2)])
def test_a_gaussian_far_larger_than_the_image_fills_it(level: str, size: tuple[int, int]) -> None:
    huge = flat_gaussians((-300.0, 500.0), (1e-9, 0, 1e-9), 0.5, (1, 1, 1), 1.0)
    picture = kernels.rasterize(huge, size)
    assert picture.rgb.shape == (size[1], size[0], 3)
    np.testing.assert_allclose(picture.alpha, 0.5, atol=1e-3)
    grads = kernels.rasterize_backward(picture, huge, np.ones_like(picture.rgb))
    assert grads.d_rgb[0, 0] == pytest.approx(0.5 * size[0] * size[1], rel=2e-3)


def test_a_thin_slanted_gaussian_is_drawn_over_many_tiles(level: str) -> None:
    along, across = 1 / 30.0**2, 1 / 0.6**2
    a, b = (along + across) / 2, (along - across) / 2
    line = flat_gaussians((80.0, 80.0), (a, b, a), 0.9, (1, 1, 1), 1.0)
    picture = kernels.rasterize(line, (160, 160))
    # 45 degrees downwards: (1, 1) is the long axis
    assert picture.alpha[79, 79] > 0.5
    assert picture.alpha[110, 110] > 0.3
    assert picture.alpha[120, 40] == 0.0
    assert picture.alpha.sum() == pytest.approx(0.9 * 2 * np.pi * 30 * 0.6, rel=0.03)


def test_a_stack_of_opaque_gaussians_stops_early_and_stays_exact(level: str) -> None:
    n = 400
    stack = flat_gaussians(
        np.full((n, 2), 10.0), np.tile(ROUND, (n, 1)), np.full(n, 0.9), np.random.default_rng(0).random((n, 3)), np.arange(n) + 1.0
    )  # fmt: skip
    picture = kernels.rasterize(stack, (20, 20))
    centre_only = np.zeros_like(picture.rgb)
    centre_only[10, 10] = 1
    grads = kernels.rasterize_backward(picture, stack, centre_only)
    assert picture.alpha[10, 10] > 0.999
    assert grads.d_rgb[0].all()
    assert not grads.d_rgb[-1].any()
    assert np.isfinite(grads.d_opacity).all()


def test_asking_for_more_memory_than_allowed_is_refused_with_what_to_do(level: str) -> None:
    scene = random_scene(33, n=500)
    projected = kernels.project(*scene.arguments)
    with pytest.raises(MemoryError, match=r"smaller image.*memory_limit_bytes"):
        kernels.rasterize(projected, scene.size, memory_limit_bytes=10_000)


def test_a_picture_whose_workspace_was_used_again_cannot_be_differentiated() -> None:
    scene = random_scene(34)
    projected = kernels.project(*scene.arguments)
    workspace = kernels.Workspace()
    old = kernels.rasterize(projected, scene.size, workspace=workspace)
    kernels.rasterize(projected, scene.size, workspace=workspace)
    with pytest.raises(RuntimeError, match="another one since"):
        kernels.rasterize_backward(old, projected, np.ones_like(old.rgb))


def test_the_backward_pass_keeps_the_level_of_its_forward_pass() -> None:
    scene = random_scene(35, n=300)
    levels = kernels.simd_levels()
    kernels.set_simd_level(levels[0])
    try:
        projected = kernels.project(*scene.arguments)
        picture = kernels.rasterize(projected, scene.size)
        wanted = kernels.rasterize_backward(picture, projected, np.ones_like(picture.rgb)).d_xy
        kernels.set_simd_level(levels[-1])
        again = kernels.rasterize_backward(picture, projected, np.ones_like(picture.rgb)).d_xy
    finally:
        kernels.set_simd_level(levels[-1])
    np.testing.assert_array_equal(wanted, again)


def test_an_unknown_level_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="there are: portable"):
        kernels.set_simd_level("mmx")


@pytest.mark.parametrize(
    ("position", "array", "error"),
    [
        (0, np.zeros((5, 3)), TypeError),
        (0, np.zeros((5, 2), np.float32), ValueError),
        (0, np.zeros((3, 5), np.float32).T, TypeError),
        (1, np.zeros((4, 4), np.float32), ValueError),
        (3, np.zeros((5, 1), np.float32), ValueError),
        (4, np.zeros((5, 3, 3), np.float32), ValueError),
        (4, np.zeros((5, 4, 3), np.float32), ValueError),
        (0, [[0.0, 0.0, 1.0]] * 5, TypeError),
        (7, (0.0, 10.0, 1.0, 1.0), ValueError),
        (8, (0, 10), ValueError),
    ],
)
def test_arrays_of_the_wrong_shape_or_type_are_named(
    position: int, array: Any, error: type[Exception]
) -> None:
    scene = random_scene(36, n=5, sh_degree=3)
    arguments = list(scene.arguments)
    arguments[position] = array
    with pytest.raises(error):
        kernels.project(*arguments)


def test_a_gradient_of_the_wrong_size_is_refused() -> None:
    scene = random_scene(37)
    projected = kernels.project(*scene.arguments)
    picture = kernels.rasterize(projected, scene.size)
    with pytest.raises(ValueError, match="d_rgb must have shape"):
        kernels.rasterize_backward(picture, projected, np.ones((3, 3, 3), np.float32))
    fields = ("xy", "conic", "depth", "opacity", "rgb", "visible")
    fewer = replace(projected, **{name: getattr(projected, name)[:-1] for name in fields})
    with pytest.raises(ValueError, match="not the Gaussians"):
        kernels.rasterize_backward(picture, fewer, np.ones_like(picture.rgb))
