"""What training leaves out, depth and what only splitting needs, changes nothing that it keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.kernels.scenes import random_scene

from calotype import kernels

KEPT = ("d_xy", "d_conic", "d_opacity", "d_rgb", "d_depth")


def drawn(**options: Any) -> tuple[kernels.Rasterized, kernels.Projected]:
    scene = random_scene(6, n=400)
    projected = kernels.project(*scene.arguments)
    return kernels.rasterize(projected, scene.size, (0.1, 0.2, 0.3), **options), projected


def test_without_depth_colours_and_gradients_are_the_same_bits(level: str) -> None:
    one, projected = drawn()
    other, _ = drawn(with_depth=False)
    np.testing.assert_array_equal(one.rgb, other.rgb)
    np.testing.assert_array_equal(one.alpha, other.alpha)
    grads = [kernels.rasterize_backward(picture, projected, one.rgb) for picture in (one, other)]
    for name in (*KEPT, "abs_xy"):
        np.testing.assert_array_equal(getattr(grads[0], name), getattr(grads[1], name))


def test_without_what_splitting_needs_the_other_gradients_are_the_same_bits(level: str) -> None:
    picture, projected = drawn()
    full = kernels.rasterize_backward(picture, projected, picture.rgb)
    less = kernels.rasterize_backward(picture, projected, picture.rgb, absolute=False)
    assert less.abs_xy is None
    for name in KEPT:
        np.testing.assert_array_equal(getattr(full, name), getattr(less, name))


def test_channels_that_nothing_depends_on_may_be_left_out(level: str) -> None:
    picture, projected = drawn()
    nothing = np.zeros_like(picture.alpha)
    given = kernels.rasterize_backward(picture, projected, picture.rgb, nothing, nothing)
    left_out = kernels.rasterize_backward(picture, projected, picture.rgb)
    for name in KEPT:
        scale = np.abs(getattr(given, name)).max()
        np.testing.assert_allclose(
            getattr(left_out, name), getattr(given, name), rtol=1e-5, atol=1e-6 * scale
        )


def test_what_was_drawn_without_depth_has_none_and_no_gradient_by_it() -> None:
    picture, projected = drawn(with_depth=False)
    assert picture.depth is None
    with pytest.raises(ValueError, match="without depth"):
        _ = picture.expected_depth
    with pytest.raises(ValueError, match="without depth"):
        kernels.rasterize_backward(picture, projected, picture.rgb, d_depth=picture.alpha)
