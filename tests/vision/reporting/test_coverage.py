"""What a sparse model tells about the photos: tracks, reprojection errors, directions, bare pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.vision.reporting.walls import CAMERA, wall

from calotype.artifacts.cameras import CameraSet, Frame, SparsePoints
from calotype.artifacts.colmap_model import Sightings
from calotype.vision.geometry.rotations import q_wxyz_from_matrix
from calotype.vision.reporting.coverage import (
    coverage_of,
    observation_errors,
    reprojection_errors,
    track_lengths,
)


def tracked(*lengths: int) -> CameraSet:
    n = len(lengths)
    points = SparsePoints(
        np.zeros((n, 3)), np.zeros((n, 3), np.uint8), np.full(n, np.nan), np.array(lengths, np.int32)
    )
    return CameraSet({1: CAMERA}, (), points)


def looking(*yaw_deg: float, pitch_deg: float = 0.0) -> CameraSet:
    """Cameras that look into these level directions (0 along +z, 90 along +x), or so far above them."""
    frames: list[Frame] = []
    for number, degrees in enumerate(yaw_deg):
        yaw, pitch = np.radians(degrees) / 2, np.radians(pitch_deg) / 2
        turn = np.array([np.cos(yaw), 0, -np.sin(yaw), 0])
        nod = np.array([np.cos(pitch), -np.sin(pitch), 0, 0])
        w, x = nod[0] * turn[0] - nod[1] * turn[1], nod[0] * turn[1] + nod[1] * turn[0]
        y, z = nod[0] * turn[2] - nod[1] * turn[3], nod[0] * turn[3] + nod[1] * turn[2]
        frames.append(Frame(f"{number}.jpg", 1, (w, x, y, z), (0.0, 0.0, 0.0)))
    return CameraSet({1: CAMERA}, tuple(frames))


def test_points_are_counted_by_the_number_of_photos_that_see_them() -> None:
    found = track_lengths(tracked(2, 2, 3, 5, 0))
    assert found is not None
    assert dict(zip(found.labels, found.counts, strict=True)) == {"2": 2, "3": 1, "4": 0, "5": 1}
    assert (found.median, found.counted) == (2.5, "points")


def test_long_tracks_share_one_bar_and_unknown_ones_have_none() -> None:
    found = track_lengths(tracked(2, 12, 40, 100))
    assert found is not None
    assert (found.labels[-1], found.counts[-1]) == ("12+", 3)
    assert track_lengths(tracked(0, 0)) is None


def test_errors_are_those_between_keypoints_and_projected_points_with_the_lens_in_between() -> None:
    cameras, sightings = wall(off_px=0.6)
    errors = observation_errors(cameras, sightings)
    np.testing.assert_allclose(errors, 0.6, atol=1e-9)
    found = reprojection_errors(cameras, sightings)
    assert found is not None
    assert found.counted == "observations"
    assert dict(zip(found.labels, found.counts, strict=True))["0.5–0.75"] == len(errors) == sum(found.counts)


def test_without_tracks_the_errors_that_points_state_are_counted_or_none() -> None:
    cameras, _ = wall()
    found = reprojection_errors(cameras, {})
    assert found is not None
    assert (found.counted, found.median) == ("points", pytest.approx(0.4))
    assert reprojection_errors(tracked(2, 2), {}) is None


@pytest.mark.parametrize(
    ("yaw", "arc"),
    [
        ((0, 30, 60), 60),
        ((170, -170), 20),
        ((0, 90, 180, 270), 270),
        (tuple(range(0, 360, 10)), 350),
        ((5,), 0),
    ],
)
def test_directions_cover_the_circle_without_its_largest_gap(yaw: tuple[float, ...], arc: float) -> None:
    found = coverage_of(looking(*yaw), {})
    assert found is not None
    assert found.yaw_deg == pytest.approx(arc)


@pytest.mark.parametrize("is_level", [True, False])
def test_how_far_cameras_look_up_is_told_against_the_horizon(is_level: bool) -> None:
    found = coverage_of(looking(0, 90, 180, 270, pitch_deg=30), {}, is_level=is_level)
    assert found is not None
    assert found.pitch_deg == pytest.approx((30, 30))
    assert found.yaw_deg == pytest.approx(270)


def test_cameras_that_look_straight_down_have_no_direction_on_the_circle() -> None:
    found = coverage_of(looking(0, 40, 90, pitch_deg=-88), {})
    assert found is not None
    assert found.yaw_deg is None
    assert found.pitch_deg == pytest.approx((-88, -88))


def test_in_a_world_that_is_not_level_up_is_what_is_up_in_the_pictures() -> None:
    level = looking(0, 30, 60)
    quarter = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])  # The world turned about x: its -Y is level now.
    turned = [replace(frame, q_wxyz=tuple(q_wxyz_from_matrix(frame.R @ quarter))) for frame in level.frames]
    found = coverage_of(replace(level, frames=tuple(turned)), {}, is_level=False)
    assert found is not None
    assert found.yaw_deg == pytest.approx(60)
    assert found.pitch_deg == pytest.approx((0, 0), abs=1e-6)


def test_a_picture_is_covered_where_its_cells_have_points() -> None:
    cameras, sightings = wall(cameras=2)
    half = sightings["1.jpg"]
    left = half.xy[:, 0] < CAMERA.width / 2
    sightings["1.jpg"] = Sightings(half.xy[left], half.point[left])
    found = coverage_of(cameras, sightings)
    assert found is not None
    assert found.picture["0.jpg"] > 0.9
    assert found.picture["1.jpg"] == pytest.approx(0.5, abs=0.05)
    assert found.barest == "1.jpg"
    assert found.mean_picture == pytest.approx((found.picture["0.jpg"] + found.picture["1.jpg"]) / 2)
    assert coverage_of(replace(cameras, frames=()), sightings) is None
