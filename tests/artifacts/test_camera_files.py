"""Camera file formats: round trips, agreement with COLMAP's own reader, and errors that name the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.artifacts.colmap_model import read_colmap_model, write_colmap_model
from calotype.artifacts.transforms_json import read_transforms, write_transforms
from calotype.errors import UnreadableInput

FOX = Path(__file__).parents[3] / "shared" / "data" / "fox" / "transforms.json"
IDENTITY = np.eye(4).tolist()


def camera_set(*cameras: Camera, points: int = 5) -> CameraSet:
    """Six frames with random poses, the cameras taking turns."""
    rng = np.random.default_rng(4)
    frames = []
    for number in range(6):
        q = rng.normal(size=4)
        q /= np.linalg.norm(q) * (1 if q[0] > 0 else -1)
        t = rng.normal(size=3)
        name = f"left/photo {number}.jpg" if number % 2 else f"right/photo {number}.jpg"
        frames.append(Frame(name, 1 + number % len(cameras), tuple(q), tuple(t)))
    cloud = SparsePoints(
        rng.normal(size=(points, 3)),
        rng.integers(0, 255, (points, 3)).astype(np.uint8),
        rng.uniform(0, 2, points),
        np.zeros(points, np.int32),
    )
    by_id = dict(enumerate(cameras, start=1))
    return CameraSet(by_id, tuple(sorted(frames, key=lambda frame: frame.name)), cloud)


def assert_same_poses(a: CameraSet, b: CameraSet) -> None:
    assert [frame.name for frame in a.frames] == [frame.name for frame in b.frames]
    for x, y in zip(a.frames, b.frames, strict=True):
        np.testing.assert_allclose(x.cam_from_world, y.cam_from_world, atol=1e-12)


ALL_MODELS = (
    Camera("SIMPLE_PINHOLE", 640, 480, (500.0, 320.0, 240.0)),
    Camera("PINHOLE", 640, 480, (500.0, 501.0, 320.0, 240.0)),
    Camera("SIMPLE_RADIAL", 640, 480, (500.0, 320.0, 240.0, 0.1)),
    Camera("RADIAL", 640, 480, (500.0, 320.0, 240.0, 0.1, -0.02)),
    Camera("OPENCV", 640, 480, (500.0, 501.0, 320.0, 240.0, 0.1, -0.02, 1e-3, 2e-3)),
    Camera("OPENCV_FISHEYE", 640, 480, (500.0, 501.0, 320.0, 240.0, 0.1, -0.02, 1e-3, 2e-3)),
)


def test_a_colmap_model_survives_a_round_trip(tmp_path: Path) -> None:
    written = camera_set(*ALL_MODELS)
    write_colmap_model(tmp_path / "model", written)
    read = read_colmap_model(tmp_path / "model")
    assert read.cameras == written.cameras
    assert read.frames == written.frames
    np.testing.assert_array_equal(read.points.xyz, written.points.xyz)
    np.testing.assert_array_equal(read.points.rgb, written.points.rgb)
    np.testing.assert_array_equal(read.points.error_px, written.points.error_px)


def test_colmap_itself_reads_what_we_write(tmp_path: Path) -> None:
    import pycolmap

    written = camera_set(*ALL_MODELS)
    write_colmap_model(tmp_path, written)
    model = pycolmap.Reconstruction(tmp_path)
    assert model.num_points3D() == len(written.points)
    by_name = {image.name: image for image in model.images.values()}
    for frame in written.frames:
        pose = by_name[frame.name].cam_from_world().matrix()
        np.testing.assert_allclose(pose, frame.cam_from_world[:3], atol=1e-12)


@pytest.mark.parametrize("text", [False, True], ids=["binary", "text"])
def test_what_colmap_writes_is_read_with_its_points(tmp_path: Path, text: bool) -> None:
    import pycolmap

    options = pycolmap.SyntheticDatasetOptions()
    options.num_rigs, options.num_cameras_per_rig, options.num_frames_per_rig, options.num_points3D = (
        2,
        1,
        4,
        30,
    )
    model = pycolmap.synthesize_dataset(options)
    (model.write_text if text else model.write)(tmp_path)
    read = read_colmap_model(tmp_path)
    assert len(read.cameras) == 2
    assert len(read.frames) == 8
    for image in model.images.values():
        frame = next(frame for frame in read.frames if frame.name == image.name)
        np.testing.assert_allclose(frame.cam_from_world[:3], image.cam_from_world().matrix(), atol=1e-9)
        assert read.camera_of(frame).params == tuple(model.cameras[image.camera_id].params)
    # COLMAP writes points in the order of its hash table.
    expected = np.array(sorted(tuple(point.xyz) for point in model.points3D.values()))
    np.testing.assert_allclose(np.array(sorted(map(tuple, read.points.xyz))), expected, atol=1e-9)
    assert set(read.points.track_length) == {8}


def test_an_unknown_reprojection_error_stays_unknown(tmp_path: Path) -> None:
    points = SparsePoints(
        np.zeros((1, 3)), np.zeros((1, 3), np.uint8), np.array([np.nan]), np.zeros(1, np.int32)
    )
    whole = camera_set(ALL_MODELS[0])
    write_colmap_model(tmp_path, CameraSet(whole.cameras, whole.frames, points))
    assert np.isnan(read_colmap_model(tmp_path).points.error_px[0])


def test_an_image_without_points_does_not_shift_the_lines_of_a_text_model(tmp_path: Path) -> None:
    (tmp_path / "cameras.txt").write_text("# cameras\n3 PINHOLE 10 8 9 9 5 4\n")
    (tmp_path / "images.txt").write_text(
        "# images\n1 1 0 0 0 1 2 3 3 b name.jpg\n\n2 1 0 0 0 4 5 6 3 a.jpg\n1 2 -1\n"
    )
    read = read_colmap_model(tmp_path)
    assert [frame.name for frame in read.frames] == ["a.jpg", "b name.jpg"]
    assert read.frames[1].t == (1.0, 2.0, 3.0)
    assert len(read.points) == 0


@pytest.mark.parametrize("name", ["cameras.bin", "images.bin", "points3D.bin"])
@pytest.mark.parametrize("keep", [0, 5, 0.5, 0.999])
def test_a_truncated_model_is_refused_by_the_name_of_its_file(tmp_path: Path, name: str, keep: float) -> None:
    write_colmap_model(tmp_path, camera_set(*ALL_MODELS))
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: int(keep * len(data)) if keep < 1 else int(keep)])
    with pytest.raises(UnreadableInput, match=name):
        read_colmap_model(tmp_path)


@pytest.mark.parametrize("name", ["cameras.bin", "images.bin", "points3D.bin"])
def test_a_file_of_other_content_is_refused_at_once(tmp_path: Path, name: str) -> None:
    write_colmap_model(tmp_path, camera_set(*ALL_MODELS))
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    with pytest.raises(UnreadableInput, match=name):
        read_colmap_model(tmp_path)


def test_an_image_whose_camera_is_absent_is_refused(tmp_path: Path) -> None:
    whole = camera_set(ALL_MODELS[0], ALL_MODELS[1])
    write_colmap_model(tmp_path, CameraSet({1: ALL_MODELS[0]}, whole.frames))
    with pytest.raises(UnreadableInput, match="camera 2"):
        read_colmap_model(tmp_path)


def test_a_folder_without_a_model_says_which_files_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"cameras\.bin"):
        read_colmap_model(tmp_path)


def test_an_unsupported_camera_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "cameras.txt").write_text("1 FULL_OPENCV 10 8 9 9 5 4 0 0 0 0 0 0 0 0\n")
    (tmp_path / "images.txt").write_text("")
    with pytest.raises(UnreadableInput, match="FULL_OPENCV"):
        read_colmap_model(tmp_path)


@pytest.mark.parametrize("count", [1, 2], ids=["one camera", "two cameras"])
def test_transforms_survive_a_round_trip(tmp_path: Path, count: int) -> None:
    written = camera_set(*(ALL_MODELS[4], ALL_MODELS[5])[:count])
    write_transforms(tmp_path / "transforms.json", written)
    read = read_transforms(tmp_path / "transforms.json")
    assert_same_poses(read, written)
    for a, b in zip(read.frames, written.frames, strict=True):
        assert read.camera_of(a) == written.camera_of(b)


def test_the_opengl_camera_looks_along_its_negative_z(tmp_path: Path) -> None:
    """An OpenGL camera at (0, 0, 3) without rotation sees the origin 3 units ahead, and world +Y up in its picture."""
    pose = np.eye(4)
    pose[2, 3] = 3.0
    cameras = read_transforms(
        transforms(tmp_path, frames=[{"file_path": "a.jpg", "transform_matrix": pose.tolist()}])
    )
    cam_from_world = cameras.frames[0].cam_from_world
    np.testing.assert_allclose(cam_from_world @ [0, 0, 0, 1], [0, 0, 3, 1], atol=1e-12)
    np.testing.assert_allclose(cam_from_world @ [0, 1, 0, 1], [0, -1, 3, 1], atol=1e-12)


def transforms(folder: Path, **changes: Any) -> Path:
    """A minimal file, with `changes` applied; a value of None removes the key."""
    content: dict[str, Any] = {
        "w": 640,
        "h": 480,
        "fl_x": 500.0,
        "frames": [{"file_path": "images/a.jpg", "transform_matrix": IDENTITY}],
    } | changes
    path = folder / "transforms.json"
    path.write_text(json.dumps({key: value for key, value in content.items() if value is not None}))
    return path


def test_a_single_focal_length_serves_both_axes_and_the_centre_is_the_middle(tmp_path: Path) -> None:
    cameras = read_transforms(transforms(tmp_path))
    assert cameras.cameras[1] == Camera("PINHOLE", 640, 480, (500.0, 500.0, 320.0, 240.0))
    assert cameras.frames[0].name == "a.jpg"


def test_an_angle_and_the_picture_itself_are_enough(tmp_path: Path) -> None:
    """The original NeRF scenes: `camera_angle_x`, no size, no suffix."""
    (tmp_path / "train").mkdir()
    Image.new("RGB", (80, 60)).save(tmp_path / "train" / "r_0.png")
    frames = [{"file_path": "./train/r_0", "transform_matrix": IDENTITY}]
    path = transforms(tmp_path, w=None, h=None, fl_x=None, camera_angle_x=np.pi / 2, frames=frames)
    camera = read_transforms(path).cameras[1]
    assert (camera.width, camera.height) == (80, 60)
    assert camera.fx == pytest.approx(40.0)


def test_intrinsics_of_a_frame_win_over_those_of_the_file(tmp_path: Path) -> None:
    frames = [
        {"file_path": "images/a.jpg", "transform_matrix": IDENTITY},
        {"file_path": "images/b.jpg", "transform_matrix": IDENTITY, "fl_x": 700.0, "k1": 0.1},
    ]
    cameras = read_transforms(transforms(tmp_path, frames=frames))
    assert cameras.camera_of(cameras.frames[0]).model == "PINHOLE"
    assert cameras.camera_of(cameras.frames[1]).params == (700.0, 700.0, 320.0, 240.0, 0.1, 0.0, 0.0, 0.0)


def test_names_keep_the_folders_that_tell_photos_apart(tmp_path: Path) -> None:
    frames = [
        {"file_path": f"../data/{side}/1.jpg", "transform_matrix": IDENTITY} for side in ("left", "right")
    ]
    cameras = read_transforms(transforms(tmp_path, frames=frames))
    assert [frame.name for frame in cameras.frames] == ["left/1.jpg", "right/1.jpg"]


def test_a_uniform_scale_in_the_pose_is_divided_out(tmp_path: Path) -> None:
    pose = np.diag([2.0, 2.0, 2.0, 1.0])
    pose[:3, 3] = 1.0, 2.0, 3.0
    frames = [{"file_path": "a.jpg", "transform_matrix": pose.tolist()}]
    frame = read_transforms(transforms(tmp_path, frames=frames)).frames[0]
    np.testing.assert_allclose(frame.centre_world, [1, 2, 3])
    np.testing.assert_allclose(frame.R @ frame.R.T, np.eye(3), atol=1e-12)


SHEAR = [[1, 0.5, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frames": None}, "frames"),
        ({"frames": []}, "frames"),
        ({"frames": [{"transform_matrix": IDENTITY}]}, "file_path"),
        ({"frames": [3]}, "file_path"),
        ({"frames": [{"file_path": "a.jpg"}]}, "transform_matrix"),
        ({"frames": [{"file_path": "a.jpg", "transform_matrix": [[1, "x"]]}]}, "transform_matrix"),
        ({"frames": [{"file_path": "a.jpg", "transform_matrix": SHEAR}]}, "not a rotation"),
        ({"frames": [{"file_path": "a.jpg", "transform_matrix": IDENTITY}] * 2}, "twice"),
        ({"fl_x": None}, "focal"),
        ({"fl_x": "wide"}, "fl_x"),
        ({"w": None}, "not there to be measured"),
        ({"camera_model": "EQUIRECTANGULAR"}, "EQUIRECTANGULAR"),
        ({"k3": 5.0}, "k3"),
    ],
)
def test_a_transforms_file_with_a_missing_part_says_which(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(UnreadableInput, match=message):
        read_transforms(transforms(tmp_path, **changes))


def test_a_file_that_is_not_json_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "transforms.json").write_bytes(b"\x00\xff{")
    with pytest.raises(UnreadableInput, match=r"transforms\.json"):
        read_transforms(tmp_path / "transforms.json")
    with pytest.raises(UnreadableInput, match="does not exist"):
        read_transforms(tmp_path / "absent.json")


@pytest.mark.skipif(not FOX.is_file(), reason="the real captures of ../shared/data are not here")
def test_the_fox_capture_loads_and_all_its_cameras_see_one_place() -> None:
    cameras = read_transforms(FOX)
    assert len(cameras.frames) == 67
    assert len(cameras.cameras) == 1
    # The point closest to all viewing rays lies in front of every camera.
    axes = np.array([frame.R[2] for frame in cameras.frames])
    across = np.eye(3) - axes[:, :, None] * axes[:, None, :]
    centre = np.linalg.solve(across.sum(0), np.einsum("nij,nj->i", across, cameras.centres_world()))
    assert all((frame.cam_from_world @ [*centre, 1])[2] > 0 for frame in cameras.frames)
