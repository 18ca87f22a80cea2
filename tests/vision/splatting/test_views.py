from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.errors import Cancelled, UnreadableInput
from calotype.vision.held_out import split_held_out
from calotype.vision.splatting.views import TrainingView, load_views, scene_extent

Folder = tuple[dict[str, Path], CameraSet]


def write_capture(folder: Path, camera: Camera, n: int = 3) -> Folder:
    rng = np.random.default_rng(0)
    photos, frames = {}, []
    for i in range(n):
        rgb = rng.integers(0, 256, size=(camera.height // 8, camera.width // 8, 3)).astype(np.uint8)
        name = f"{i}.png"
        Image.fromarray(rgb).resize((camera.width, camera.height)).save(folder / name)
        photos[name] = folder / name
        frames.append(Frame(name, 1, (1.0, 0.0, 0.0, 0.0), (float(i), 0.0, 0.0)))
    return photos, CameraSet({1: camera}, tuple(frames))


def plain_view(width: int = 64, height: int = 48) -> TrainingView:
    rgb = np.random.default_rng(1).integers(0, 256, size=(height, width, 3)).astype(np.uint8)
    return TrainingView("a", Camera("PINHOLE", width, height, (50.0, 50.0, 32.0, 24.0)), np.eye(4), rgb)


def test_loaded_views_are_small_and_their_cameras_fit(tmp_path: Path) -> None:
    photos, cameras = write_capture(tmp_path, Camera("SIMPLE_PINHOLE", 160, 120, (150.0, 80.0, 60.0)))
    views = load_views(photos, cameras, max_side=80)
    assert [view.name for view in views] == ["0.png", "1.png", "2.png"]
    assert views[0].rgb.shape == (60, 80, 3)
    assert (views[0].camera.fx, views[0].camera.cx, views[0].camera.cy) == (75.0, 40.0, 30.0)
    assert views[2].cam_from_world[0, 3] == 2.0


@pytest.mark.parametrize("k1", [0.15, -0.15])
def test_borders_the_lens_did_not_see_are_cropped(tmp_path: Path, k1: float) -> None:
    photos, cameras = write_capture(tmp_path, Camera("SIMPLE_RADIAL", 160, 120, (150.0, 80.0, 60.0, k1)))
    view = load_views(photos, cameras, max_side=None)[0]
    assert view.camera.is_pinhole
    if k1 < 0:
        assert view.rgb.shape == (120, 160, 3)
    else:
        assert 100 < view.rgb.shape[0] < 120
        # The principal point stays where it was in the scene: the crop of a symmetric lens is symmetric.
        assert view.camera.cx == pytest.approx(view.camera.width / 2, abs=1)


def test_frames_without_a_photo_are_left_out_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    photos, cameras = write_capture(tmp_path, Camera("SIMPLE_PINHOLE", 32, 24, (30.0, 16.0, 12.0)))
    del photos["1.png"]
    assert [view.name for view in load_views(photos, cameras, None)] == ["0.png", "2.png"]
    assert "1 of 3" in caplog.text


def test_no_photo_with_a_pose_is_unreadable_input(tmp_path: Path) -> None:
    _, cameras = write_capture(tmp_path, Camera("SIMPLE_PINHOLE", 32, 24, (30.0, 16.0, 12.0)))
    with pytest.raises(UnreadableInput, match="names"):
        load_views({"other.png": tmp_path / "0.png"}, cameras, None)


def test_a_turned_photo_is_named(tmp_path: Path) -> None:
    photos, cameras = write_capture(tmp_path, Camera("SIMPLE_PINHOLE", 32, 24, (30.0, 16.0, 12.0)))
    Image.fromarray(np.zeros((32, 24, 3), np.uint8)).save(photos["1.png"])
    with pytest.raises(UnreadableInput, match=r"1\.png is 24x32"):
        load_views(photos, cameras, None)


def test_cancelling_while_loading_propagates_and_leaves_no_threads(tmp_path: Path) -> None:
    photos, cameras = write_capture(tmp_path, Camera("SIMPLE_PINHOLE", 32, 24, (30.0, 16.0, 12.0)), n=9)
    before = set(threading.enumerate())

    def stop(done: int, total: int | None, note: str) -> None:
        assert total == 9
        raise Cancelled

    with pytest.raises(Cancelled):
        load_views(photos, cameras, None, stop)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_a_reduced_view_averages_areas_and_keeps_directions() -> None:
    view = plain_view()
    half = view.reduced(2)
    expected = view.rgb.reshape(24, 2, 32, 2, 3).mean(axis=(1, 3))
    assert np.abs(half.rgb - expected).max() <= 0.5
    for pixel, smaller in (((0.0, 0.0), (0.0, 0.0)), ((64.0, 48.0), (32.0, 24.0))):
        ray = (np.array(pixel) - view.camera.K[:2, 2]) / np.diag(view.camera.K)[:2]
        np.testing.assert_allclose(
            ray, (np.array(smaller) - half.camera.K[:2, 2]) / np.diag(half.camera.K)[:2]
        )


def test_a_view_too_small_to_reduce_stays_as_it_is() -> None:
    view = plain_view()
    assert view.reduced(4) is view
    assert view.reduced(1) is view


def cameras_named(names: Sequence[str]) -> CameraSet:
    camera = Camera("PINHOLE", 64, 48, (50.0, 50.0, 32.0, 24.0))
    frames = (Frame(name, 1, (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0)) for name in names)
    return CameraSet({1: camera}, tuple(frames))


def test_every_eighth_frame_by_name_is_held_out_beginning_with_the_first() -> None:
    names = [f"{i:02d}" for i in range(20)]
    training, held_out = split_held_out(cameras_named(names[::-1]))
    assert held_out == {"00", "08", "16"}
    assert sorted({frame.name for frame in training.frames} | held_out) == names
    assert len(training.frames) == 17


def test_photos_without_a_pose_do_not_change_who_is_held_out(tmp_path: Path) -> None:
    """What training leaves out and what measuring looks at must be the same, however many photos found no place."""
    camera = Camera("SIMPLE_PINHOLE", 32, 24, (30.0, 16.0, 12.0))
    photos, cameras = write_capture(tmp_path, camera, n=12)
    placed = replace(cameras, frames=tuple(f for f in cameras.frames if f.name not in ("0.png", "4.png")))
    training, held_out = split_held_out(placed)
    trained = {view.name for view in load_views(photos, training, None)}
    seen = {view.name for view in load_views(photos, placed, None)}
    assert held_out == {"1.png", "8.png"}
    assert trained == seen - held_out
    assert "0.png" not in seen


def test_three_frames_are_too_few_to_hold_one_out() -> None:
    training, held_out = split_held_out(cameras_named(["b", "a", "c"]))
    assert (len(training.frames), held_out) == (3, frozenset())


def test_the_extent_of_a_forward_facing_capture_follows_the_depth() -> None:
    views = [plain_view()]
    means = np.array([[0, 0, 8], [1, 0, 8], [0, 0, -100]], np.float32)
    assert scene_extent(views, means) == pytest.approx(2.0)
