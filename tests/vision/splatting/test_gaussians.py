from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calotype.errors import InputError
from calotype.vision.splatting.gaussians import SH_C0, Gaussians, concatenate, from_points
from calotype.vision.splatting.neighbours import nearest_distances


def random_gaussians(n: int, degree: int = 1, seed: int = 0) -> Gaussians:
    rng = np.random.default_rng(seed)
    return Gaussians(
        means=rng.normal(size=(n, 3)).astype(np.float32),
        q_wxyz=rng.normal(size=(n, 4)).astype(np.float32),
        log_scales=rng.normal(-3, 0.5, size=(n, 3)).astype(np.float32),
        logit_opacities=rng.normal(size=n).astype(np.float32),
        sh=rng.normal(size=(n, (degree + 1) ** 2, 3)).astype(np.float32),
    )


def brute_force(points: np.ndarray, k: int) -> np.ndarray:
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    ordered = np.sort(distances, axis=1)[:, :k]
    missing = max(0, k - ordered.shape[1])
    return np.pad(ordered, ((0, 0), (0, missing)), constant_values=np.inf)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 700), st.integers(1, 4), st.integers(0, 2**31), st.sampled_from([0.0, 1.0, 3.0]))
def test_neighbour_distances_equal_brute_force(n: int, k: int, seed: int, tail: float) -> None:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 3)) * np.exp(tail * rng.normal(size=(n, 1)))
    points[: n // 10] = np.round(points[: n // 10])  # duplicates and lines
    np.testing.assert_allclose(nearest_distances(points, k), brute_force(points, k), rtol=1e-9, atol=1e-12)


def test_neighbours_of_thousands_of_identical_points_are_at_distance_zero() -> None:
    assert (nearest_distances(np.ones((1500, 3)), 3) == 0).all()


def test_a_wrong_shape_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="log_scales"):
        Gaussians(
            np.zeros((2, 3), np.float32),
            np.zeros((2, 4), np.float32),
            np.zeros((2, 2), np.float32),
            np.zeros(2, np.float32),
            np.zeros((2, 1, 3), np.float32),
        )


def test_selecting_parts_and_concatenating_them_gives_the_whole() -> None:
    whole = random_gaussians(20)
    parts = concatenate([whole.select(np.arange(7)), whole.select(np.arange(20) >= 7)])
    for name in ("means", "q_wxyz", "log_scales", "logit_opacities", "sh"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


def test_concatenating_pads_harmonics_by_zeros() -> None:
    both = concatenate([random_gaussians(3, degree=0), random_gaussians(2, degree=2)])
    assert both.sh_degree == 2
    assert (both.sh[:3, 1:] == 0).all()


def test_points_become_gaussians_of_their_colour_and_spacing() -> None:
    grid = np.stack(np.meshgrid(*[np.arange(6)] * 3), axis=-1).reshape(-1, 3) * 0.5
    rgb = np.random.default_rng(0).integers(0, 256, size=(len(grid), 3)).astype(np.uint8)
    made = from_points(grid, rgb)
    np.testing.assert_allclose(np.exp(made.log_scales), 0.5, rtol=1e-5)
    np.testing.assert_allclose(made.sh[:, 0] * SH_C0 + 0.5, rgb / 255, atol=1e-6)
    np.testing.assert_allclose(made.opacities, 0.1, rtol=1e-5)


def test_outliers_and_broken_points_are_left_out() -> None:
    xyz = np.random.default_rng(1).normal(size=(200, 3))
    xyz[3] = np.nan
    xyz[4] = 1e7
    made = from_points(xyz, np.zeros((200, 3), np.uint8))
    assert len(made) == 198
    assert np.exp(made.log_scales).max() < 5


def test_a_lone_point_does_not_become_a_blob() -> None:
    xyz = np.concatenate([np.random.default_rng(2).normal(size=(500, 3)) * 0.1, [[3.0, 0.0, 0.0]]])
    scales = np.exp(from_points(xyz, np.zeros((501, 3), np.uint8)).log_scales[:, 0])
    assert scales[-1] <= 10 * np.median(scales) * 1.001


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_points_still_give_finite_gaussians(n: int) -> None:
    made = from_points(np.arange(3 * n).reshape(n, 3), np.full((n, 3), 255, np.uint8))
    assert len(made) == n
    assert made.finite.all()


def test_no_points_is_an_input_error() -> None:
    with pytest.raises(InputError, match="points"):
        from_points(np.zeros((0, 3)), np.zeros((0, 3), np.uint8))


def test_too_many_points_are_thinned_the_same_way_for_the_same_seed() -> None:
    xyz = np.random.default_rng(3).normal(size=(300, 3))
    rgb = np.zeros((300, 3), np.uint8)
    first, again, other = (from_points(xyz, rgb, limit=50, seed=seed).means for seed in (1, 1, 2))
    assert len(first) == 50
    assert (first == again).all()
    assert (first != other).any()
