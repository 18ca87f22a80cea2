"""Photos, poses and depth of procedural captures agree with each other and with geometry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from calotype.artifacts.cameras import Camera
from calotype.artifacts.transforms_json import read_transforms
from calotype.errors import InvalidParameter
from calotype.vision.images.metrics import psnr
from calotype.vision.synthetic.boxes import Box, Room
from calotype.vision.synthetic.capture import (
    Capture,
    looking_at,
    orbit_capture,
    pinhole,
    points_world,
    tiny_capture,
    write_capture,
)
from calotype.vision.synthetic.light import Lighting
from calotype.vision.synthetic.raytrace import render
from calotype.vision.synthetic.rounds import Ellipsoid
from calotype.vision.synthetic.scene import BakedScene, Scene, Thing
from calotype.vision.synthetic.shapes import rotation


@pytest.fixture(scope="module")
def tiny() -> Capture:
    return tiny_capture(n=8)


@pytest.fixture(scope="module")
def sharper() -> Capture:
    return tiny_capture(n=10, width=240, height=180)


def project(capture: Capture, index: int, xyz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pixels [n, 2] and depths [n] of world points in a view."""
    view = capture.views[index]
    in_cam = xyz @ view.cam_from_world[:3, :3].T + view.cam_from_world[:3, 3]
    pixels = in_cam @ view.camera.K.T
    return pixels[:, :2] / pixels[:, 2:], in_cam[:, 2]


def seen_again(capture: Capture, first: int, second: int) -> tuple[np.ndarray, ...]:
    """Colours in the first and second view, true depths and depths found in the second, of points the first one sees."""
    photo_a, depth_a = capture.render_view(first)
    photo_b, depth_b = capture.render_view(second)
    row, column = (grid.ravel() for grid in np.mgrid[4 : depth_a.shape[0] - 4, 4 : depth_a.shape[1] - 4])
    pixels, depth = project(capture, second, points_world(capture.views[first], depth_a, row, column))
    x, y = np.floor(pixels).astype(int).T
    inside = (depth > 0) & (x >= 0) & (y >= 0) & (x < depth_b.shape[1]) & (y < depth_b.shape[0])
    found = depth_b[y[inside], x[inside]]
    return photo_a[row, column][inside], photo_b[y[inside], x[inside]], depth[inside], found


def ball_in_a_room() -> BakedScene:
    things = (
        Thing("room", Room((3, 2, 4)), (0, 0, 0), {}, texels_per_unit=10, light_texels_per_unit=4),
        Thing("ball", Ellipsoid((0.5, 0.5, 0.5)), (0.2, 0.1, 1.0), {}),
    )
    return Scene(things, Lighting(wall_x=-3, panes=(), rays=8)).bake()


def test_the_depth_of_a_wall_is_exact() -> None:
    camera = pinhole(64, 48)
    _, depth = render(ball_in_a_room(), camera, np.eye(4))
    assert depth[0, 0] == pytest.approx(4.0, abs=1e-5)
    assert depth.dtype == np.float32


def test_the_depth_of_a_sphere_is_exact() -> None:
    camera = pinhole(64, 48)
    _, depth = render(ball_in_a_room(), camera, np.eye(4))
    rows, columns = np.mgrid[:48, :64]
    d = np.stack(
        [(columns + 0.5 - camera.cx) / camera.fx, (rows + 0.5 - camera.cy) / camera.fy, np.ones((48, 64))], -1
    )
    centre = np.array([0.2, 0.1, 1.0])
    a, b, c = (d * d).sum(-1), d @ centre, centre @ centre - 0.25
    inside = b * b - a * c
    clear = inside > 0.01
    assert clear.sum() > 200
    np.testing.assert_allclose(depth[clear], ((b - np.sqrt(np.maximum(inside, 0))) / a)[clear], atol=2e-6)
    assert (depth[inside < -0.01] > 1.5).all()


def test_the_depth_agrees_with_a_search_through_all_things(tiny: Capture) -> None:
    view = tiny.views[2]
    _, depth = tiny.render_view(2)
    rows, columns = (grid.ravel() for grid in np.mgrid[:72, :96])
    camera = view.camera
    d_cam = np.stack(
        [(columns + 0.5 - camera.cx) / camera.fx, (rows + 0.5 - camera.cy) / camera.fy, 0 * rows + 1], -1
    )
    R, t = view.cam_from_world[:3, :3], view.cam_from_world[:3, 3]
    direction = (d_cam @ R).astype(np.float32).T
    origin = np.broadcast_to((-R.T @ t).astype(np.float32)[:, None], direction.shape)
    hits = [thing.hit_world(tuple(origin), tuple(direction)) for thing in tiny.scene.things]  # type: ignore[arg-type]
    difference = np.abs(np.min(hits, axis=0) - depth.ravel())
    # A ray that grazes a silhouette may fall on either side.
    assert (difference < 1e-3).mean() > 0.999


def test_every_ray_ends_on_something(tiny: Capture) -> None:
    for index in range(len(tiny.views)):
        _, depth = tiny.render_view(index)
        assert np.isfinite(depth).all()
        assert (depth > 0.3).all()


def test_a_world_point_has_the_same_colour_in_two_views(sharper: Capture) -> None:
    first, second, depth, found = seen_again(sharper, 3, 4)
    same_surface = np.abs(depth - found) < 0.01
    assert same_surface.mean() > 0.3
    difference = np.abs(first[same_surface].astype(float) - second[same_surface])
    assert np.median(difference) < 6
    shuffled = np.random.default_rng(0).permutation(second[same_surface])
    assert np.median(np.abs(first[same_surface].astype(float) - shuffled)) > 3 * np.median(difference)


def test_things_hide_other_things(sharper: Capture) -> None:
    _, _, depth, found = seen_again(sharper, 3, 4)
    hidden = found < depth - 0.05
    assert 0.01 < hidden.mean() < 0.5


def test_neighbours_by_name_overlap_and_a_copy_is_a_bad_guess(sharper: Capture) -> None:
    for index in range(3):
        _, _, depth, found = seen_again(sharper, index, index + 1)
        assert (np.abs(depth - found) < 0.02).mean() > 0.3
        assert psnr(sharper.render_view(index)[0], sharper.render_view(index + 1)[0]) < 18


def test_truth_holds_the_poses_of_the_views(tiny: Capture) -> None:
    assert [frame.name for frame in tiny.truth.frames] == [view.name for view in tiny.views]
    for frame, view in zip(tiny.truth.frames, tiny.views, strict=True):
        np.testing.assert_allclose(frame.cam_from_world, view.cam_from_world, atol=1e-12)
        assert tiny.truth.camera_of(frame) == view.camera


def test_cameras_stand_upright_and_look_at_the_table() -> None:
    for view in orbit_capture(n=12).views:
        R, t = view.cam_from_world[:3, :3], view.cam_from_world[:3, 3]
        np.testing.assert_allclose(R @ R.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(R) == pytest.approx(1)
        assert R[1] @ [0, 1, 0] > 0.7
        assert R[0] @ [0, 1, 0] == pytest.approx(0, abs=1e-12)
        x, y, z = view.camera.K @ (R @ [0, -0.14, 0] + t)
        assert abs(x / z - 320) < 80
        assert abs(y / z - 240) < 80


def test_a_camera_sees_its_target_in_the_middle() -> None:
    pose = looking_at(np.array([1.0, -2.0, 3.0]), np.array([0.5, 0.0, 0.0]))
    x, y, z = pose[:3, :3] @ [0.5, 0.0, 0.0] + pose[:3, 3]
    assert (x, y) == pytest.approx((0, 0), abs=1e-12)
    assert z == pytest.approx(np.linalg.norm([0.5, -2, 3]))


def test_surface_points_project_onto_their_pixels_colours(tiny: Capture) -> None:
    points = tiny.surface_points(500, seed=1)
    assert points.xyz.shape == (500, 3)
    photo, depth = tiny.render_view(0)
    pixels, z = project(tiny, 0, points.xyz)
    x, y = np.floor(pixels).astype(int).T
    inside = (z > 0) & (x >= 0) & (y >= 0) & (x < 96) & (y < 72)
    x, y, z, rgb = x[inside], y[inside], z[inside], points.rgb[inside]
    seen = np.abs(depth[y, x] - z) < 0.01
    assert seen.sum() > 50
    assert np.median(np.abs(photo[y, x][seen].astype(float) - rgb[seen])) < 12


def test_one_seed_gives_one_picture_and_another_seed_another(tiny: Capture) -> None:
    again, other = tiny_capture(n=8), tiny_capture(n=8, seed=1)
    assert np.array_equal(again.render_view(1)[0], tiny.render_view(1)[0])
    assert not np.array_equal(other.render_view(1)[0], tiny.render_view(1)[0])


def test_threads_change_nothing(tiny: Capture, tmp_path: Path) -> None:
    threaded = Capture(tiny.scene, tiny.views, tiny.detail, threads=3)
    assert np.array_equal(threaded.render_view(5)[0], tiny.render_view(5)[0])
    write_capture(tiny, tmp_path / "one", threads=1)
    write_capture(threaded, tmp_path / "three", threads=3)
    for view in tiny.views:
        assert (tmp_path / "one" / view.name).read_bytes() == (tmp_path / "three" / view.name).read_bytes()


def test_photos_are_ordinary_jpegs_with_exif(tiny: Capture, tmp_path: Path) -> None:
    write_capture(tiny, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [view.name for view in tiny.views]
    with Image.open(tmp_path / "view_003.jpg") as photo:
        assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (96, 72))
        exif = photo.getexif()
        details = exif.get_ifd(ExifTags.IFD.Exif)
        pixels = np.asarray(photo)
    assert exif[ExifTags.Base.Make] == "Calotype"
    assert exif[ExifTags.Base.Model]
    assert exif[ExifTags.Base.Orientation] == 1
    assert details[ExifTags.Base.DateTimeOriginal] == "2026:05:17 09:30:06"
    assert details[ExifTags.Base.ExifImageWidth] == 96
    # The standard defines the equivalent focal length by the diagonals of the frames.
    focal = details[ExifTags.Base.FocalLengthIn35mmFilm] * np.hypot(96, 72) / np.hypot(36, 24)
    assert focal == pytest.approx(tiny.views[0].camera.fx, rel=1e-4)
    assert psnr(pixels, tiny.render_view(3)[0]) > 32


def test_truth_is_written_beside_the_photos_when_asked_for(tiny: Capture, tmp_path: Path) -> None:
    write_capture(tiny, tmp_path, with_truth=True)
    cameras = read_transforms(tmp_path / "truth" / "transforms.json")
    for frame, view in zip(cameras.frames, tiny.views, strict=True):
        np.testing.assert_allclose(frame.cam_from_world, view.cam_from_world, atol=1e-9)
    depth = np.load(tmp_path / "truth" / "view_002.npy")
    assert np.array_equal(depth, tiny.render_view(2)[1])


def test_whoever_raises_in_progress_ends_the_writing(tiny: Capture, tmp_path: Path) -> None:
    class EnoughError(Exception):
        pass

    calls: list[tuple[int, int | None, str]] = []

    def progress(done: int, total: int | None, note: str) -> None:
        calls.append((done, total, note))
        if done == 2:
            raise EnoughError

    with pytest.raises(EnoughError):
        write_capture(tiny, tmp_path, progress)
    assert [done for done, _, _ in calls] == [0, 1, 2]
    assert len(list(tmp_path.glob("*.jpg"))) < len(tiny.views)


def test_shadows_fall_under_a_box_and_not_beside_it() -> None:
    floor = Thing("floor", Box((1, 0.1, 1)), (0, 0.1, 0), {}, texels_per_unit=40, light_texels_per_unit=20)
    block = Thing("block", Box((0.2, 0.2, 0.2)), (0, -0.2, 0), {}, rotation(0.3))
    room = Thing(
        "room", Room((3, 3, 3)), (0, 0, 0), {}, texels_per_unit=5, light_texels_per_unit=2, casts_shadow=False
    )
    scene = Scene((room, floor, block), Lighting(wall_x=-3, panes=(), rays=64)).bake()
    top = np.full(3, scene.first_chart[1] + 3, np.int32)
    u = np.array([0.5, 0.63, 0.95], np.float32)
    hidden, near, far = scene.atlas.look_up(top, u, np.full(3, 0.5, np.float32), np.zeros(3, np.int32)).mean(
        1
    )
    assert hidden < 0.4 * far
    assert hidden < near < far


def test_lens_distortion_cannot_be_rendered(tiny: Capture) -> None:
    bent = Camera("SIMPLE_RADIAL", 96, 72, (100, 48, 36, 0.1))
    with pytest.raises(InvalidParameter, match="SIMPLE_RADIAL"):
        render(tiny.baked, bent, tiny.views[0].cam_from_world)


def test_fewer_photos_than_rings_are_refused() -> None:
    with pytest.raises(InvalidParameter, match="2 photos"):
        orbit_capture(n=2, rings=3)
