"""Poses that somebody else found: loading, matching by name, sizes, and points to begin with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pycolmap
import pytest
from PIL import Image

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.artifacts.colmap_model import read_colmap_model, write_colmap_model
from calotype.artifacts.ply import write_points_ply
from calotype.artifacts.transforms_json import read_transforms, write_transforms
from calotype.errors import UnreadableInput
from calotype.vision.geometry.projection import project
from calotype.vision.sfm.given import import_poses, load_poses, match_frames_to_photos, seed_points
from calotype.vision.sfm.report import SfmReport
from calotype.vision.sfm.seeds import swept_points, viewing_distance

DATA = Path(__file__).parents[4] / "shared" / "data"


def quiet(done: int, total: int | None, note: str) -> None:
    pass


def named(*names: str, size: tuple[int, int] = (400, 300)) -> CameraSet:
    camera = Camera("PINHOLE", *size, (350.0, 350.0, size[0] / 2, size[1] / 2))
    frames = (Frame(name, 1, (1.0, 0.0, 0.0, 0.0), (0.1 * i, 0.0, 0.0)) for i, name in enumerate(names))
    return CameraSet({1: camera}, tuple(frames))


@pytest.mark.parametrize("place", [".", "sparse/0", "sparse", "colmap/sparse/0"])
def test_a_model_is_found_in_its_usual_places(tmp_path: Path, place: str) -> None:
    write_colmap_model(tmp_path / place, named("a.jpg", "b.jpg"))
    assert len(load_poses(tmp_path).frames) == 2


def test_a_transforms_file_is_loaded_by_itself_and_by_its_folder(tmp_path: Path) -> None:
    write_transforms(tmp_path / "transforms.json", named("a.jpg", "b.jpg"))
    assert len(load_poses(tmp_path / "transforms.json").frames) == 2
    assert len(load_poses(tmp_path).frames) == 2


def test_a_folder_without_poses_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="sparse/0"):
        load_poses(tmp_path)


def test_names_match_whole_then_without_folder_then_without_suffix() -> None:
    poses = named("images/a.jpg", "b.png", "r_3", "spare.jpg")
    sizes = dict.fromkeys(["a.jpg", "sub/b.png", "r_3.PNG"], (400, 300))
    matched = match_frames_to_photos(poses, sizes)
    assert [frame.name for frame in matched.frames] == ["a.jpg", "r_3.PNG", "sub/b.png"]


def test_equal_names_in_two_folders_are_told_apart() -> None:
    poses = named("left/1.jpg", "right/1.jpg")
    sizes = dict.fromkeys(["left/1.jpg", "right/1.jpg"], (400, 300))
    matched = match_frames_to_photos(poses, sizes)
    assert {frame.name: frame.t for frame in matched.frames} == {
        "left/1.jpg": (0.0, 0.0, 0.0),
        "right/1.jpg": (0.1, 0.0, 0.0),
    }


def test_what_fits_two_photos_is_given_to_neither() -> None:
    with pytest.raises(UnreadableInput, match="0 of 2"):
        match_frames_to_photos(named("1.jpg"), dict.fromkeys(["left/1.jpg", "right/1.jpg"], (400, 300)))


def test_intrinsics_follow_the_photos_size() -> None:
    poses = named("a.jpg", "b.jpg")
    matched = match_frames_to_photos(poses, {"a.jpg": (200, 150), "b.jpg": (800, 600)})
    cameras = [matched.camera_of(frame) for frame in matched.frames]
    assert [(camera.width, camera.fx, camera.cx) for camera in cameras] == [
        (200, 175.0, 100.0),
        (800, 700.0, 400.0),
    ]


def test_a_size_rounded_to_whole_pixels_is_the_same_picture() -> None:
    matched = match_frames_to_photos(named("a.jpg", size=(1080, 1919)), {"a.jpg": (360, 640)})
    assert matched.cameras[1].width == 360


@pytest.mark.parametrize(("size", "word"), [((300, 400), "turned"), ((400, 250), "cropped")])
def test_a_turned_or_cropped_photo_is_refused_by_name(size: tuple[int, int], word: str) -> None:
    with pytest.raises(UnreadableInput, match=rf"a\.jpg.*{word}"):
        match_frames_to_photos(named("a.jpg"), {"a.jpg": size})


def test_poses_of_other_photos_are_refused_with_names_of_both_sides() -> None:
    with pytest.raises(UnreadableInput, match=r"cat\.jpg.*dog\.jpg"):
        match_frames_to_photos(named("dog.jpg"), {"cat.jpg": (400, 300)})


def test_points_found_along_rays_lie_on_what_the_photos_show(boards) -> None:
    points = seed_points(boards.truth, boards.by_name, 1500, 0, quiet, threads=2)
    assert 375 <= len(points) <= 1500
    # The wall is at z = 3.5, the boards' middles between 1.9 and 2.9; nothing is elsewhere.
    z = points.xyz[:, 2]
    assert np.mean((z > 1.6) & (z < 3.6)) > 0.95
    on_wall = np.abs(z - 3.5) < 0.05
    assert np.mean(on_wall) > 0.3
    assert points.rgb.std() > 20


def test_points_found_along_rays_are_the_same_for_any_number_of_threads(boards) -> None:
    one = seed_points(boards.truth, boards.by_name, 300, 3, quiet, threads=1)
    two = seed_points(boards.truth, boards.by_name, 300, 3, quiet, threads=2)
    np.testing.assert_array_equal(one.xyz, two.xyz)
    np.testing.assert_array_equal(one.rgb, two.rgb)


def test_more_points_than_opencv_looks_up_at_once_are_found_in_parts(boards) -> None:
    two = replace(boards.truth, frames=boards.truth.frames[3:5])
    points = swept_points(two, boards.by_name, 34_000, 0, quiet)
    assert 3_000 < len(points) <= 34_000
    z = points.xyz[:, 2]
    assert np.mean((z > 1.6) & (z < 3.6)) > 0.95


def test_what_is_held_out_has_no_say_in_where_training_begins(boards, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (360, 480, 3), dtype=np.uint8)
    write_colmap_model(tmp_path / "poses", boards.truth)
    found = []
    for folder in ("as they are", "noise"):
        photos = dict(boards.by_name)
        if folder == "noise":
            for name in sorted(photos)[::8]:
                photos[name] = tmp_path / name
                Image.fromarray(noise).save(photos[name])
        cameras = import_poses(
            tmp_path / "poses", photos, tmp_path / folder, seed_points=300, seed=0, progress=quiet
        )
        found.append(cameras.points)
    np.testing.assert_array_equal(found[0].xyz, found[1].xyz)
    np.testing.assert_array_equal(found[0].rgb, found[1].rgb)


def test_photos_without_texture_get_random_points_before_the_cameras(boards, tmp_path: Path) -> None:
    bare = {}
    for frame in boards.truth.frames:
        bare[frame.name] = tmp_path / frame.name
        Image.new("RGB", (480, 360), (200, 100, 50)).save(bare[frame.name])
    points = seed_points(boards.truth, bare, 400, 0, quiet)
    assert len(points) == 100
    assert np.ptp(points.xyz[:, 2]) > 1
    np.testing.assert_allclose(points.rgb.mean(axis=0), (200, 100, 50), atol=3)


def test_the_viewing_distance_is_where_the_axes_meet(boards) -> None:
    assert viewing_distance(boards.truth) == pytest.approx(2.6, rel=0.05)
    ahead = named("a", "b", "c", "d")
    assert viewing_distance(ahead) == pytest.approx(1.0)


def test_importing_writes_what_reconstructing_would_and_keeps_the_world(boards, tmp_path: Path) -> None:
    source = tmp_path / "transforms.json"
    write_transforms(source, boards.truth)
    found = import_poses(source, boards.by_name, tmp_path / "out", seed_points=400, seed=0, progress=quiet)
    model = read_colmap_model(tmp_path / "out" / "cameras")
    assert len(model.points) == len(found.points) >= 100
    for frame, truth in zip(model.frames, boards.truth.frames, strict=True):
        np.testing.assert_allclose(frame.cam_from_world, truth.cam_from_world, atol=1e-9)
    assert len(read_transforms(tmp_path / "out" / "cameras" / "transforms.json").frames) == 9
    assert (tmp_path / "out" / "points.ply").read_bytes().startswith(b"ply\n")
    report = report_in(tmp_path / "out")
    assert report.points_source == "found along viewing rays"
    assert report.mapper == "given"
    assert report.registered == 9
    assert any("without points" in reason for reason in report.reasons)


def test_importing_keeps_the_points_of_a_model(boards, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    cloud = SparsePoints(
        rng.normal(size=(150, 3)), np.full((150, 3), 9, np.uint8), np.full(150, 0.4), np.zeros(150, np.int32)
    )
    write_colmap_model(tmp_path / "sparse" / "0", replace(boards.truth, points=cloud))
    photos = dict(boards.photos[:8])
    found = import_poses(tmp_path, photos, tmp_path / "out", seed_points=400, seed=0, progress=quiet)
    np.testing.assert_array_equal(found.points.xyz, cloud.xyz)
    report = json.loads((tmp_path / "out" / "sfm.json").read_text())
    assert report["reprojection_px"] == pytest.approx(0.4)
    assert report["registered"] == 8


def painted_model(boards, folder: Path, *, scale: int = 1, text: bool = False) -> CameraSet:
    """The boards' true cameras with 200 points on the wall, written with tracks whose keypoints are off by half a pixel."""
    rng = np.random.default_rng(1)
    xyz = np.concatenate([rng.uniform((-1.5, -1), (1.5, 1), (200, 2)), np.full((200, 1), 3.5)], axis=1)
    truth = boards.truth
    camera = truth.cameras[1].resized(480 * scale, 360 * scale)
    model = pycolmap.Reconstruction()
    model.add_camera_with_trivial_rig(
        pycolmap.Camera(
            model="PINHOLE", width=480 * scale, height=360 * scale, params=camera.params, camera_id=1
        )
    )
    sightings: list[list[tuple[int, int]]] = [[] for _ in xyz]
    for number, frame in enumerate(truth.frames, start=1):
        pixels = project(xyz, camera, frame.cam_from_world) + np.array([0.3, 0.4])
        inside = np.flatnonzero(((pixels > 0) & (pixels < (480 * scale, 360 * scale))).all(axis=1))
        w, x, y, z = frame.q_wxyz
        pose = pycolmap.Rigid3d(pycolmap.Rotation3d(np.array([x, y, z, w])), np.array(frame.t))
        image = pycolmap.Image(name=frame.name, keypoints=pixels[inside], camera_id=1, image_id=number)
        model.add_image_with_trivial_frame(image, pose)
        for place, row in enumerate(inside):
            sightings[row].append((number, place))
    for row, seen in enumerate(sightings):
        track = pycolmap.Track()
        for number, place in seen:
            track.add_element(number, place)
        model.add_point3D(xyz[row], track, np.array([9, 9, 9], np.uint8))
    folder.mkdir(parents=True)
    (model.write_text if text else model.write_binary)(folder)
    return truth


@pytest.mark.parametrize("text", [False, True])
def test_a_model_with_tracks_is_measured_against_its_own_keypoints(
    boards, tmp_path: Path, text: bool
) -> None:
    painted_model(boards, tmp_path / "sparse" / "0", text=text)
    import_poses(tmp_path, boards.by_name, tmp_path / "out", seed_points=400, seed=0, progress=quiet)
    report = report_in(tmp_path / "out")
    assert report.reprojection_px == pytest.approx(0.5)
    assert report.points_source == "given"
    assert report.mean_track_length == pytest.approx(report.observations / 200)
    for photo in report.photos:
        assert photo.reprojection_px == pytest.approx(0.5)
        assert photo.observations > 100
        assert photo.keypoints is photo.matches is None


def test_errors_count_in_pixels_of_the_photos_not_of_the_pictures_that_were_measured(
    boards, tmp_path: Path
) -> None:
    painted_model(boards, tmp_path / "sparse" / "0", scale=2)
    import_poses(tmp_path, boards.by_name, tmp_path / "out", seed_points=400, seed=0, progress=quiet)
    assert report_in(tmp_path / "out").reprojection_px == pytest.approx(0.25)


def test_points_beside_a_transforms_file_are_the_seeds(boards, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    cloud = SparsePoints(
        rng.normal(size=(150, 3)),
        np.full((150, 3), 9, np.uint8),
        np.full(150, np.nan),
        np.zeros(150, np.int32),
    )
    write_points_ply(tmp_path / "points.ply", cloud)
    write_transforms(tmp_path / "transforms.json", boards.truth)
    found = import_poses(
        tmp_path / "transforms.json",
        boards.by_name,
        tmp_path / "out",
        seed_points=400,
        seed=0,
        progress=quiet,
    )
    np.testing.assert_allclose(found.points.xyz, cloud.xyz, atol=1e-6)
    report = report_in(tmp_path / "out")
    assert (report.points_source, report.reprojection_px, report.observations) == ("given", None, None)


def test_a_transforms_file_by_another_name_is_found_in_its_folder(tmp_path: Path) -> None:
    write_transforms(tmp_path / "from_the_field.json", named("a.jpg", "b.jpg"))
    assert len(load_poses(tmp_path).frames) == 2


def report_in(folder: Path) -> SfmReport:
    return SfmReport.model_validate_json((folder / "sfm.json").read_bytes())


@pytest.mark.skipif(not (DATA / "fox").is_dir(), reason="the real captures of ../shared/data are not here")
def test_the_fox_poses_match_all_fifty_photos() -> None:
    sizes = {path.name: (1080, 1920) for path in (DATA / "fox" / "images").iterdir()}
    matched = match_frames_to_photos(load_poses(DATA / "fox" / "transforms.json"), sizes)
    assert len(matched.frames) == 50
