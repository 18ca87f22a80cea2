"""Which way is up, where north is, and how far the GPS is off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.vision.geometry.alignment import Similarity, moved
from calotype.vision.geometry.rotations import matrix_from_q_wxyz, q_wxyz_from_matrix
from calotype.vision.sfm.geodesy import ecef, enu_positions
from calotype.vision.sfm.georeference import fit_gps, upright_rotation
from calotype.vision.sfm.photos import GpsPosition, Photo
from calotype.vision.sfm.world import estimate_up, level_world

Array = np.ndarray
RNG = np.random.default_rng(7)
# The frame that a mapper happens to choose.
ANY_FRAME = Similarity(0.3, matrix_from_q_wxyz([0.3, -0.7, 0.2, 0.6]), np.array([1.0, -2.0, 5.0]))


def looking(centre: Array, target: Array, roll_deg: float = 0.0) -> Array:
    """Rotation of cam_from_world in a world whose +Y points down."""
    forward = (target - centre) / np.linalg.norm(target - centre)
    helper = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.99 else np.array([0.0, 0.0, -1.0])
    right = np.cross(helper, forward)
    right /= np.linalg.norm(right)
    c, s = np.cos(np.deg2rad(roll_deg)), np.sin(np.deg2rad(roll_deg))
    return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ np.stack([right, np.cross(forward, right), forward])


def camera_set(centres: Array, rotations: list[Array]) -> CameraSet:
    frames = []
    for number, (centre, R) in enumerate(zip(centres, rotations, strict=True)):
        t = -R @ centre
        frames.append(
            Frame(f"{number:03d}", 1, tuple(map(float, q_wxyz_from_matrix(R))), tuple(map(float, t)))
        )
    points = SparsePoints(
        RNG.normal(size=(200, 3)), np.zeros((200, 3), np.uint8), np.zeros(200), np.zeros(200, np.int32)
    )
    return CameraSet({1: Camera("PINHOLE", 100, 80, (90.0, 90.0, 50.0, 40.0))}, tuple(frames), points)


def orbit(count: int = 24, height: float = -1.0, sweep_deg: float = 360.0) -> CameraSet:
    angles = np.deg2rad(np.linspace(0, sweep_deg, count, endpoint=False))
    centres = np.stack([3 * np.sin(angles), np.full(count, height), -3 * np.cos(angles)], axis=1)
    rolls = RNG.normal(0, 2, count)
    return camera_set(
        centres, [looking(c, np.zeros(3), roll) for c, roll in zip(centres, rolls, strict=True)]
    )


def angle_deg(a: Array, b: Array) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))))


@pytest.mark.parametrize("height", [-4.0, -1.0, 0.5], ids=["from above", "level", "from below"])
def test_people_who_hold_their_camera_level_tell_which_way_is_up(height: float) -> None:
    cameras = orbit(height=height)
    up = estimate_up(moved(cameras, ANY_FRAME))
    assert angle_deg(up.direction, ANY_FRAME.R @ [0, -1, 0]) < 1.5
    assert up.source == "the cameras' horizontal axes"


def test_cameras_that_all_face_one_way_give_their_mean_up_axis() -> None:
    cameras = orbit(count=6, sweep_deg=4)
    up = estimate_up(moved(cameras, ANY_FRAME))
    assert up.source == "the mean of the cameras' up axes"
    assert angle_deg(up.direction, ANY_FRAME.R @ [0, -1, 0]) < 25


def test_a_drone_that_looks_straight_down_in_all_headings_has_the_ground_below() -> None:
    centres = np.concatenate([RNG.normal(size=(12, 2)), np.zeros((12, 1))], axis=1)[:, [0, 2, 1]]
    rotations = [
        looking(c, c + np.array([0, 1.0, 0]), roll)
        for c, roll in zip(centres, range(0, 360, 30), strict=True)
    ]
    up = estimate_up(moved(camera_set(centres, rotations), ANY_FRAME))
    assert angle_deg(up.direction, ANY_FRAME.R @ [0, -1, 0]) < 1


def test_the_level_world_does_not_depend_on_the_frame_of_the_mapper() -> None:
    cameras = orbit(sweep_deg=200)
    one, _ = level_world(cameras, None)
    other, _ = level_world(moved(cameras, ANY_FRAME), None)
    a, b = moved(cameras, one), moved(moved(cameras, ANY_FRAME), other)
    np.testing.assert_allclose(a.centres_world(), b.centres_world(), atol=1e-9)
    np.testing.assert_allclose(a.points.xyz, b.points.xyz, atol=1e-9)


def test_in_the_level_world_y_points_down_and_the_median_camera_is_one_unit_away() -> None:
    cameras = orbit(sweep_deg=200)
    world = moved(moved(cameras, ANY_FRAME), level_world(moved(cameras, ANY_FRAME), None)[0])
    assert np.median(np.linalg.norm(world.centres_world(), axis=1)) == pytest.approx(1.0)
    np.testing.assert_allclose(np.median(world.points.xyz, axis=0), 0, atol=0.2)
    assert angle_deg(np.mean([frame.R[1] for frame in world.frames], axis=0), np.array([0, 1.0, 0])) < 25
    views = np.mean([frame.R[2] for frame in world.frames], axis=0)
    assert views[2] > 0
    assert abs(views[0]) < 1e-6


def test_upright_rotation_turns_up_into_z() -> None:
    for direction in (*np.eye(3), *-np.eye(3), *RNG.normal(size=(5, 3))):
        R = upright_rotation(direction)
        np.testing.assert_allclose(R @ R.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(R) == pytest.approx(1)
        np.testing.assert_allclose(R @ direction, [0, 0, np.linalg.norm(direction)], atol=1e-12)


def test_ecef_agrees_with_known_places() -> None:
    np.testing.assert_allclose(ecef(0, 0, 0), [6378137, 0, 0], atol=1e-6)
    np.testing.assert_allclose(ecef(90, 0, 0), [0, 0, 6356752.314245], atol=1e-4)
    np.testing.assert_allclose(ecef(0, 90, 100), [0, 6378237, 0], atol=1e-6)


def test_an_arc_second_of_latitude_is_31_metres_north() -> None:
    here = GpsPosition(46.0, -92.0, 200.0)
    there = GpsPosition(46.0 + 1 / 3600, -92.0, 205.0)
    enu = enu_positions([here, there, None], (46.0, -92.0, 200.0))
    np.testing.assert_allclose(enu[0], 0, atol=1e-6)
    np.testing.assert_allclose(enu[1], [0, 30.88, 5.0], atol=0.02)
    assert np.isnan(enu[2]).all()


def tagged(enu: Array, noise_m: float) -> list[Photo]:
    """Photos at these metres east, north, up of a place, with GPS noise."""
    photos = []
    noisy = enu + RNG.normal(0, noise_m, enu.shape)
    for number, (east, north, up) in enumerate(noisy):
        latitude = 46.0 + north / 111_170.0
        longitude = 13.0 + east / (111_320.0 * np.cos(np.deg2rad(46.0)) * 1.0018)
        gps = GpsPosition(float(latitude), float(longitude), float(200 + up))
        photos.append(Photo(f"{number:03d}", Path(f"{number:03d}"), 100, 80, gps=gps))
    return photos


def walk(width_m: float) -> tuple[CameraSet, Array]:
    """Cameras along a street of 100 m, `width_m` wide, and their places east, north, up."""
    along = np.linspace(-50, 50, 30)
    enu = np.stack([along, width_m * np.sin(along), np.full(30, 1.6)], axis=1)
    world = enu[:, [0, 2, 1]] * (1, -1, 1)
    rotations = [looking(c, c + np.array([np.sin(i), 0.1, 1.0])) for i, c in enumerate(world)]
    return camera_set(world, rotations), enu


def test_positions_that_spread_both_ways_fix_scale_heading_and_vertical() -> None:
    cameras, enu = walk(width_m=30)
    sfm = moved(cameras, ANY_FRAME)
    fit = fit_gps(sfm, tagged(enu, noise_m=1.0), ANY_FRAME.R @ np.array([0.3, -1.0, 0.2]))
    assert fit is not None
    assert fit.gives_vertical
    assert 0.8 < fit.horizontal_rms_m < 2.0
    assert fit.enu_from_sfm.scale * ANY_FRAME.scale == pytest.approx(1.0, abs=0.03)
    world, up = level_world(sfm, fit)
    assert up.source == "GPS positions"
    # North is +Z and east is +X of the level world.
    enu_from_world = fit.enu_from_sfm @ world.inverse()
    turn = enu_from_world.R
    np.testing.assert_allclose(turn @ [0, 0, 1], [0, 1, 0], atol=1e-9)
    np.testing.assert_allclose(turn @ [1, 0, 0], [1, 0, 0], atol=1e-9)


def test_a_straight_walk_keeps_the_vertical_of_the_cameras() -> None:
    cameras, enu = walk(width_m=0.5)
    sfm = moved(cameras, ANY_FRAME)
    up = ANY_FRAME.R @ np.array([0.0, -1.0, 0.0])
    fit = fit_gps(sfm, tagged(enu, noise_m=3.0), up)
    assert fit is not None
    assert not fit.gives_vertical
    np.testing.assert_allclose(fit.enu_from_sfm.R @ up, [0, 0, 1], atol=1e-9)
    assert fit.horizontal_rms_m < 6


def test_gps_without_altitude_still_fits_on_the_plane() -> None:
    cameras, enu = walk(width_m=20)
    photos = [
        Photo(
            photo.name,
            photo.path,
            100,
            80,
            gps=GpsPosition(photo.gps.latitude_deg, photo.gps.longitude_deg, None),
        )
        for photo in tagged(enu, noise_m=0.5)
        if photo.gps
    ]
    fit = fit_gps(moved(cameras, ANY_FRAME), photos, ANY_FRAME.R @ np.array([0.0, -1.0, 0.0]))
    assert fit is not None
    assert fit.horizontal_rms_m < 1.5


def test_too_few_positions_are_no_fit() -> None:
    cameras, enu = walk(width_m=20)
    assert fit_gps(cameras, tagged(enu, 1.0)[:3], np.array([0.0, -1.0, 0.0])) is None
    assert fit_gps(cameras, [], np.array([0.0, -1.0, 0.0])) is None
