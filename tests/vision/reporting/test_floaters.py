"""Floaters: what hangs before the points that cameras see is found, what stands on them or behind them is not."""

from __future__ import annotations

import numpy as np
import pytest
from tests.vision.reporting.walls import WALL_Z, gaussians_at, wall

from calotype.vision.reporting.floaters import measure_floaters, nearest_depths
from calotype.vision.splatting.gaussians import Gaussians

NOTHING: frozenset[str] = frozenset()
BEFORE = np.array([[0.0, 0.0, 1.5], [0.3, 0.2, 1.8], [-0.2, -0.1, 2.0]])


def test_a_wall_that_is_shown_where_it_is_has_no_floaters_and_covers_the_pictures() -> None:
    cameras, sightings = wall()
    found = measure_floaters(gaussians_at(cameras.points.xyz), cameras, sightings, frozenset({"2.jpg"}))
    assert (found.in_the_air, found.in_the_air_share, found.worst) == (0, 0.0, "")
    assert found.covered == pytest.approx(1, abs=0.02)
    assert (found.views, found.gaussians) == (5, len(cameras.points))


def test_what_hangs_before_the_wall_is_counted_with_its_share_of_the_pictures() -> None:
    cameras, sightings = wall()
    with_three = gaussians_at(cameras.points.xyz, BEFORE)
    found = measure_floaters(with_three, cameras, sightings, NOTHING)
    assert found.in_the_air == 3
    assert found.in_the_air_share is not None
    assert 0.005 < found.in_the_air_share < 0.2
    assert found.worst in sightings
    assert found.worst_share >= found.in_the_air_share
    small = measure_floaters(
        gaussians_at(cameras.points.xyz, BEFORE[:1]), cameras, sightings, NOTHING
    ).in_the_air_share
    assert small is not None
    assert small < found.in_the_air_share


def test_what_is_hidden_behind_the_wall_or_a_little_before_it_is_none() -> None:
    cameras, sightings = wall()
    behind = np.array([[0.0, 0.0, WALL_Z + 1]])
    relief = np.array([[0.1, 0.0, 0.8 * WALL_Z]])
    found = measure_floaters(gaussians_at(cameras.points.xyz, behind, relief), cameras, sightings, NOTHING)
    assert found.in_the_air == 0


def test_where_nobody_says_what_cameras_see_nothing_is_said_about_the_air() -> None:
    cameras, _ = wall()
    found = measure_floaters(gaussians_at(cameras.points.xyz, BEFORE), cameras, {}, NOTHING)
    assert found.in_the_air is None
    assert found.in_the_air_share is None


def test_a_gaussian_that_one_training_photo_shows_is_counted_and_held_out_views_do_not_vouch_for_it() -> None:
    cameras, sightings = wall(cameras=3)
    # Near the camera at the left end and within its picture only.
    corner = np.array([[-0.5 - 0.25, 0.0, 0.5]])
    alone = gaussians_at(corner, size=0.02)
    seen = measure_floaters(alone, cameras, sightings, NOTHING)
    assert (seen.seen_once, seen.seen_once_share) == (1, 1.0)
    shared = measure_floaters(gaussians_at(np.array([[0.0, 0.0, WALL_Z]])), cameras, sightings, NOTHING)
    assert (shared.seen_once, shared.seen_once_share) == (0, 0.0)
    unseen = measure_floaters(alone, cameras, sightings, frozenset({"0.jpg"}))
    assert unseen.seen_once == 0, "no training photo shows it"


def test_gaussians_that_are_no_numbers_are_left_out() -> None:
    cameras, sightings = wall(cameras=2)
    whole = gaussians_at(cameras.points.xyz)
    means = whole.means.copy()
    means[3] = np.nan
    broken = Gaussians(means, whole.q_wxyz, whole.log_scales, whole.logit_opacities, whole.sh)
    assert measure_floaters(broken, cameras, sightings, NOTHING).gaussians == len(whole) - 1


def test_the_same_is_found_by_any_number_of_threads() -> None:
    cameras, sightings = wall()
    splat = gaussians_at(cameras.points.xyz, BEFORE)
    one, two = (
        measure_floaters(splat, cameras, sightings, frozenset({"0.jpg"}), threads=threads)
        for threads in (1, 2)
    )
    assert one == two


def test_depths_are_the_nearest_around_and_unknown_where_a_cell_has_no_point() -> None:
    cameras, _ = wall(cameras=1)
    camera, frame = cameras.cameras[1].without_distortion(), cameras.frames[0]
    here = frame.centre_world
    depths = nearest_depths(np.array([[0, 0, 4.0], [0.1, 0, 3.0]]) + here * [1, 1, 0], camera, frame)
    assert depths.shape == (30, 40)
    known = depths[depths > 0]
    assert known.tolist() == [3.0, 3.0]
    assert depths[15, 20] == 3.0
