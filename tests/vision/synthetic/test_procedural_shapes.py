"""Laws of the solids, their charts and their paint."""

from __future__ import annotations

import numpy as np
import pytest

from calotype.vision.synthetic.atlas import Atlas
from calotype.vision.synthetic.boxes import Arch, Box, Room
from calotype.vision.synthetic.canvas import linear_from_srgb, srgb_from_linear
from calotype.vision.synthetic.noise import fractal_image, fractal_solid
from calotype.vision.synthetic.rounds import Ellipsoid, Lathe, Ring
from calotype.vision.synthetic.shapes import MISS, Shape, rotation

SHAPES = {
    "box": Box((0.3, 0.2, 0.1)),
    "room": Room((3.0, 1.5, 2.5)),
    "arch": Arch((0.22, 0.16, 0.10), 0.13),
    "ellipsoid": Ellipsoid((0.2, 0.1, 0.3)),
    "vase": Lathe(((0, 0.08), (0.15, 0.14), (0.3, 0.05), (0.4, 0.06))),
    "cone": Lathe(((0, 0.20), (0.24, 0.115))),
    "ring": Ring(0.13, 0.045),
}
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())


def charted_points(shape: Shape, chart: int, count: int = 400) -> tuple[np.ndarray, ...]:
    """u, v and what lies there, away from the borders of the chart."""
    rng = np.random.default_rng(chart)
    u, v = rng.uniform(0.02, 0.98, (2, count)).astype(np.float32)
    points, normals = shape.surface(chart, u, v)
    return u, v, points, normals


def is_skin(shape: Shape, chart: int, points: np.ndarray) -> np.ndarray:
    """Not in the gateway of an arch, where its faces are cut away, and not on the rim of a disc's square."""
    if isinstance(shape, Arch) and chart < 6:
        x, y, _ = points.T
        return np.hypot(x, y - shape.half_extent[1]) > shape.radius + 0.005
    if isinstance(shape, Lathe) and chart:
        radius = shape.profile[-1 if chart == 1 else 0][1]
        return np.hypot(points[:, 0], points[:, 2]) < radius - 0.005
    return np.ones(len(points), bool)


@every_shape
def test_points_of_a_chart_are_located_where_they_came_from(shape: Shape) -> None:
    for chart in range(len(shape.charts)):
        u, v, points, normals = charted_points(shape, chart)
        skin = is_skin(shape, chart, points)
        x, y, z = points[skin].T
        found = shape.locate((x, y, z))
        assert (found.chart == chart).all()
        np.testing.assert_allclose(found.u, u[skin], atol=2e-4)
        np.testing.assert_allclose(found.v, v[skin], atol=2e-4)
        np.testing.assert_allclose(np.stack(found.normal, -1), normals[skin], atol=5e-3)


@every_shape
def test_a_ray_against_the_normal_meets_the_surface(shape: Shape) -> None:
    for chart in range(len(shape.charts)):
        _, _, points, normals = charted_points(shape, chart)
        skin = is_skin(shape, chart, points)
        ox, oy, oz = (points + normals * np.float32(0.02))[skin].T
        dx, dy, dz = -normals[skin].T
        t = shape.hit((ox, oy, oz), (dx, dy, dz))
        np.testing.assert_allclose(t, 0.02, atol=4e-4)


@every_shape
def test_normals_have_unit_length(shape: Shape) -> None:
    for chart in range(len(shape.charts)):
        _, _, _, normals = charted_points(shape, chart)
        np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1.0, atol=1e-4)


@pytest.mark.parametrize("name", sorted(SHAPES.keys() - {"room"}))
def test_a_ray_that_looks_away_misses(name: str) -> None:
    shape = SHAPES[name]
    away = np.array([0.1, 0.2, -1.0], np.float32)[:, None]
    start = np.array([0.0, 0.0, -2.0], np.float32)[:, None]
    assert shape.hit((start[0], start[1], start[2]), (away[0], away[1], away[2])) == MISS


@pytest.mark.parametrize("name", ["vase", "ring"])
def test_marched_solids_agree_with_a_fine_search_along_the_ray(name: str) -> None:
    shape = SHAPES[name]
    rng = np.random.default_rng(3)
    targets = rng.uniform(-1, 1, (300, 3)) * np.array(shape.half_extent)
    start = np.array([0.3, -0.4, -1.5])
    d = targets - start
    along = np.linspace(0.6, 1.4, 20_001)
    x, y, z = (start[k] + along * d[:, k, None] for k in range(3))
    if isinstance(shape, Ring):
        inside = np.hypot(np.hypot(x, z) - shape.radius, y) < shape.tube
    else:
        assert isinstance(shape, Lathe)
        v = np.linspace(0, 1, 4001, dtype=np.float32)
        profile, _ = shape.surface(0, np.full_like(v, 0.3), v)
        radius = np.interp(y, profile[:, 1], np.hypot(profile[:, 0], profile[:, 2]))
        inside = (np.hypot(x, z) < radius) & (np.abs(y) < shape.height / 2)
    expected = np.where(inside.any(1), along[inside.argmax(1)], np.inf)
    origin = tuple(np.full(1, c, np.float32) for c in start)
    found = shape.hit((origin[0], origin[1], origin[2]), tuple(d.astype(np.float32).T))  # type: ignore[arg-type]
    # A ray that grazes the silhouette may see it or not; nearly all others agree.
    agree = np.isclose(found, expected, atol=4e-4)
    assert np.isfinite(expected).sum() > 80
    assert agree.mean() > 0.98


@pytest.mark.parametrize("name", ["box", "ellipsoid", "vase", "cone"])
def test_a_ray_from_within_meets_the_surface_too(name: str) -> None:
    origin = (np.zeros(1, np.float32),) * 3
    heading = tuple(np.full(1, c, np.float32) for c in (0.3, 0.1, -0.2))
    assert np.isfinite(SHAPES[name].hit(origin, (heading[0], heading[1], heading[2])))


def test_the_gateway_of_an_arch_can_be_looked_through() -> None:
    arch = Arch((0.22, 0.16, 0.10), 0.13)
    origin = (np.zeros(1, np.float32), np.full(1, 0.1, np.float32), np.full(1, -1, np.float32))
    ahead = (np.zeros(1, np.float32), np.zeros(1, np.float32), np.ones(1, np.float32))
    assert arch.hit(origin, ahead) == MISS
    higher = (origin[0], np.full(1, -0.1, np.float32), origin[2])
    np.testing.assert_allclose(arch.hit(higher, ahead), 0.9)


def test_a_rotation_keeps_lengths_and_handedness() -> None:
    R = rotation(0.3, -1.2, 2.0).astype(np.float64)
    np.testing.assert_allclose(R @ R.T, np.eye(3), atol=1e-6)
    np.testing.assert_allclose(np.linalg.det(R), 1.0, atol=1e-6)


def test_texels_are_found_at_their_centres() -> None:
    picture = np.random.default_rng(0).random((5, 7, 3)).astype(np.float32)
    atlas = Atlas([np.zeros((2, 2, 3), np.float32), picture], [False, False])
    row, column = (grid.ravel() for grid in np.mgrid[:5, :7])
    u, v = ((column + 0.5) / 7).astype(np.float32), ((row + 0.5) / 5).astype(np.float32)
    found = atlas.look_up(np.full(35, 1, np.int32), u, v, np.zeros(35, np.int32))
    np.testing.assert_allclose(found, picture.reshape(-1, 3), atol=1e-5)


def test_coarser_levels_keep_the_mean_colour() -> None:
    picture = np.random.default_rng(0).random((16, 16, 3)).astype(np.float32)
    atlas = Atlas([picture], [False])
    middle = np.full(1, 0.5, np.float32)
    coarsest = atlas.look_up(np.zeros(1, np.int32), middle, middle, np.full(1, 4, np.int32))
    np.testing.assert_allclose(coarsest[0], picture.mean((0, 1)), atol=1e-5)


def test_a_chart_that_wraps_has_no_seam() -> None:
    picture = np.random.default_rng(0).random((4, 8, 3)).astype(np.float32)
    atlas = Atlas([picture], [True])
    u, v = np.array([0.0, 1.0], np.float32), np.full(2, 0.4, np.float32)
    left, right = atlas.look_up(np.zeros(2, np.int32), u, v, np.zeros(2, np.int32))
    np.testing.assert_allclose(left, right, atol=1e-5)


def test_noise_shows_the_same_pattern_at_twice_the_resolution() -> None:
    coarse = fractal_image(5, (60, 80), (6, 8), octaves=2)
    fine = fractal_image(5, (120, 160), (6, 8), octaves=2)
    halved = fine.reshape(60, 2, 80, 2).mean((1, 3))
    np.testing.assert_allclose(halved, coarse, atol=0.15)


def test_noise_has_about_unit_spread() -> None:
    assert 0.7 < fractal_image(1, (200, 200), (20, 20)).std() < 1.3
    points = np.random.default_rng(0).random((20_000, 3)).astype(np.float32)
    assert 0.7 < fractal_solid(1, points, 0.05).std() < 1.3


def test_srgb_and_linear_light_are_inverses() -> None:
    values = np.linspace(0, 1, 256, dtype=np.float32)
    np.testing.assert_allclose(srgb_from_linear(linear_from_srgb(values)), values, atol=1e-5)
