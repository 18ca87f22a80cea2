"""Few numbers for many: how near they are, and that they are always the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vision.splatting.formats.splats import made_up

from calotype.vision.splatting.formats.codebook import ENTRIES, assign, codebook, nearest, palette
from calotype.vision.splatting.formats.order import importance_order, morton_order


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5000), st.sampled_from(["normal", "cauchy", "lognormal", "few"]), st.integers(0, 99))
def test_no_value_is_further_from_its_entry_than_a_128th_of_the_range(n: int, kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    draw = {
        "normal": lambda: rng.normal(size=n),
        "cauchy": lambda: rng.standard_cauchy(size=n),
        "lognormal": lambda: rng.lognormal(0, 2, n),
        "few": lambda: rng.integers(0, 200, n) / 7,
    }[kind]
    values = draw().astype(np.float32)
    book = codebook(values)
    assert len(book) == ENTRIES
    assert (np.diff(book) >= 0).all()
    apart = np.abs(book[nearest(book, values)] - values)
    assert apart.max() <= np.ptp(values) / 128 * 1.001
    np.testing.assert_allclose(
        apart, np.abs(book[None] - values[:, None]).min(axis=1), atol=1e-7 * np.abs(values).max()
    )
    if kind == "few":
        assert apart.max() == 0


def test_entries_lie_where_the_values_do() -> None:
    values = np.random.default_rng(0).normal(size=100_000).astype(np.float32)
    even = np.linspace(values.min(), values.max(), ENTRIES).astype(np.float32)
    found = codebook(values)
    errors = [float(np.mean((book[nearest(book, values)] - values) ** 2)) for book in (found, even)]
    assert errors[0] < 0.5 * errors[1]


@pytest.mark.parametrize(("n", "size"), [(1, 64), (64, 64), (65, 64), (3000, 256)])
def test_a_palette_has_no_more_than_its_size_and_all_is_near(n: int, size: int) -> None:
    vectors = np.random.default_rng(1).normal(size=(n, 9)).astype(np.float32)
    found = palette(vectors, size)
    assert found.centroids.shape[0] <= min(n, size)
    assert found.centroids.shape[0] >= 0.9 * min(n, size)
    assert found.labels.shape == (n,)
    apart = ((found.centroids[found.labels] - vectors) ** 2).sum(axis=1).mean()
    assert apart < (vectors**2).sum(axis=1).mean()
    if n <= size:
        np.testing.assert_array_equal(found.centroids[found.labels], vectors)
    again = palette(vectors, size)
    np.testing.assert_array_equal(again.centroids, found.centroids)
    np.testing.assert_array_equal(again.labels, found.labels)


def test_the_nearest_centroid_is_the_nearest() -> None:
    rng = np.random.default_rng(3)
    vectors, centroids = (
        rng.normal(size=(300, 5)).astype(np.float32),
        rng.normal(size=(40, 5)).astype(np.float32),
    )
    labels, distances = assign(vectors, centroids)
    every = ((vectors[:, None].astype(np.float64) - centroids[None]) ** 2).sum(axis=2)
    np.testing.assert_array_equal(labels, every.argmin(axis=1))
    np.testing.assert_allclose(distances, every.min(axis=1), rtol=1e-4)


def test_two_levels_are_nearly_as_good_as_comparing_with_all() -> None:
    """The obvious reference: Lloyd's algorithm over all centroids at once, on numbers that vary as harmonics do."""
    rng = np.random.default_rng(2)
    vectors = (rng.normal(size=(8000, 24)) * 0.8 ** np.arange(24)).astype(np.float32)
    found = palette(vectors, 512)
    ours = float(((found.centroids[found.labels] - vectors) ** 2).sum(axis=1).mean())
    centroids = vectors[rng.choice(8000, 512, replace=False)].copy()
    for _ in range(8):
        labels, _ = assign(vectors, centroids)
        for index in np.unique(labels):
            centroids[index] = vectors[labels == index].mean(axis=0)
    reference = float(assign(vectors, centroids)[1].mean())
    assert ours < 1.1 * reference


def test_equal_vectors_share_one_colour() -> None:
    vectors = np.ones((500, 9), np.float32)
    found = palette(vectors, 64)
    np.testing.assert_array_equal(found.centroids[found.labels], vectors)


def test_the_morton_order_keeps_neighbours_together() -> None:
    means = made_up(4000).means
    means[0] = 1e6  # An outlier must not push all others into one cell.
    order = morton_order(means)
    assert sorted(order) == list(range(4000))
    step = np.linalg.norm(np.diff(means[order][:-1], axis=0), axis=1)
    assert np.median(step) < 0.25 * np.median(np.linalg.norm(np.diff(means, axis=0), axis=1))


def test_the_most_important_gaussian_comes_first() -> None:
    made = made_up(100)
    made.log_scales[40] = 3
    made.logit_opacities[40] = 5
    made.log_scales[41] = 3
    made.logit_opacities[41] = -80
    order = importance_order(made)
    assert order[0] == 40
    assert order[-1] == 41
