"""The main job, end to end on a small capture with known truth: photos in, a splat out."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calotype.artifacts.colmap_model import read_colmap_model
from calotype.artifacts.transforms_json import read_transforms
from calotype.runners.session import Session
from calotype.vision.geometry.alignment import align_cameras, pose_errors
from calotype.vision.splatting.ply import read_splat_ply
from calotype.vision.splatting.rendering import render
from commands import Called, small_capture

Calotype = Callable[..., Called]
SHAPE = ("--max-side", 160, "--train.gaussians", 4000, "--render.turntable-frames", 6)
SMALL = ("--iterations", 300, *SHAPE)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> tuple[Path, dict[str, object]]:
    """One whole run: its folder (with `store` and `out`) and its JSON document."""
    folder = tmp_path_factory.mktemp("splat")
    code, document = call(folder, "run", "splat", photos, *SMALL, "-o", folder / "out")
    assert code == 0
    return folder, document


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "CALOTYPE_STORE": str(folder / "store"), "NVME_ROOT": str(folder / "scratch")}


def command(*arguments: object) -> list[str]:
    code = "import sys; from calotype.cli.app import main; main()"
    return [sys.executable, "-c", code, *map(str, arguments), "--json"]


def call(folder: Path, *arguments: object) -> tuple[int, dict[str, object]]:
    done = subprocess.run(command(*arguments), env=environment(folder), capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_all_that_is_promised_is_there(finished: tuple[Path, dict[str, object]]) -> None:
    folder, document = finished
    assert document["state"] == "done"
    assert document["images"] == document["registered"] == 20
    assert set(document) >= {"run", "points", "psnr", "ssim", "gaussians", "step_ms", "seconds", "outputs"}
    assert set(document["seconds"]) == {"prepare", "sfm", "splat", "render", "report", "total"}  # type: ignore[arg-type]
    for path in document["outputs"].values():  # type: ignore[attr-defined]
        assert Path(path).exists()
    assert (folder / "out/report.html").read_text().startswith("<!")
    assert len(list((folder / "out/previews/compare").iterdir())) == 3
    assert (folder / "out/turntable.mp4").read_bytes()[4:8] == b"ftyp"
    assert {path.name for path in (folder / "out/sparse/0").iterdir()} >= {
        "cameras.bin",
        "images.bin",
        "points3D.bin",
    }


def test_held_out_views_beat_the_nearest_photo(finished: tuple[Path, dict[str, object]]) -> None:
    _, document = finished
    assert document["psnr"] > document["nearest_psnr"] + 2  # type: ignore[operator]


def test_poses_pixels_and_depth_agree_with_the_truth(finished: tuple[Path, dict[str, object]]) -> None:
    folder, _ = finished
    capture = small_capture()
    cameras = read_colmap_model(folder / "out/sparse/0")
    errors = pose_errors(cameras, capture.truth)
    extent = np.ptp(capture.truth.centres_world(), axis=0).max()
    assert np.median(errors.rotation_deg) < 0.5
    assert np.median(errors.centre) < 0.01 * extent

    gaussians = read_splat_ply(folder / "out/scene.ply")
    name = "view_004.jpg"  # A training view: what is asked here is whether the geometry is right, not the sharpness.
    frame = next(frame for frame in cameras.frames if frame.name == name)
    small = cameras.camera_of(frame).without_distortion().resized(200, 150)
    seen = render(gaussians, small, frame.cam_from_world)
    photo, depth = capture.render_view(4)
    truth_from_world = align_cameras(cameras, capture.truth)
    true_depth = depth[::2, ::2]
    solid = (seen.alpha > 0.5) & (true_depth > 0)
    assert solid.mean() > 0.6
    ratio = seen.depth[solid] * truth_from_world.scale / true_depth[solid]
    assert abs(np.median(ratio) - 1) < 0.05
    mean = photo.reshape(150, 2, 200, 2, 3).mean(axis=(1, 3)) / 255
    assert np.abs(seen.rgb - mean).mean() < 0.08


def test_transforms_json_says_the_same_as_the_colmap_model(finished: tuple[Path, dict[str, object]]) -> None:
    folder, _ = finished
    model, transforms = (
        read_colmap_model(folder / "out/sparse/0"),
        read_transforms(folder / "out/transforms.json"),
    )
    np.testing.assert_allclose(transforms.centres_world(), model.centres_world(), atol=1e-6)


def test_again_nothing_runs_and_one_parameter_reruns_what_depends_on_it(
    finished: tuple[Path, dict[str, object]], photos: Path, tmp_path: Path
) -> None:
    folder, first = finished
    moved = tmp_path / "elsewhere"
    moved.symlink_to(photos)
    for change in ((), ("--sfm.threads", 1), ("--train.checkpoint-every-s", 5)):
        code, again = call(folder, "run", "splat", moved, *SMALL, *change)
        assert (code, again["executed"]) == (0, [])
        assert again["psnr"] == first["psnr"]
    _, changed = call(folder, "run", "splat", photos, *SMALL, "--render.turntable-fps", 24)
    assert changed["executed"] == ["render", "report"]
    code, why = call(folder, "explain", "render")
    assert why[0]["reasons"] == ["parameter turntable_fps: 30 -> 24"]  # type: ignore[index]


@pytest.fixture(scope="module")
def posed(finished: tuple[Path, dict[str, object]], photos: Path) -> tuple[Path, dict[str, object]]:
    """A run with the poses of the first one, given as a COLMAP model."""
    folder, _ = finished
    code, document = call(folder, "run", "splat", photos, *SMALL, "--poses", folder / "out/sparse/0")
    assert code == 0
    return folder, document


def test_known_poses_skip_matching(
    posed: tuple[Path, dict[str, object]], finished: tuple[Path, dict[str, object]], photos: Path
) -> None:
    _, document = posed
    assert "sfm" not in document["seconds"]  # type: ignore[operator]
    assert document["registered"] == 20
    assert document["psnr"] > finished[1]["psnr"] - 1  # type: ignore[operator]


def test_known_poses_without_points_are_enough(
    finished: tuple[Path, dict[str, object]], photos: Path, tmp_path: Path
) -> None:
    """Alone in its folder, a transforms.json brings no points: training starts from points found by comparing photos."""
    folder, first = finished
    shutil.copyfile(folder / "out/transforms.json", tmp_path / "transforms.json")
    code, bare = call(folder, "run", "splat", photos, *SMALL, "--poses", tmp_path / "transforms.json")
    assert code == 0
    assert bare["points"] != first["points"]
    assert bare["psnr"] > bare["nearest_psnr"] + 1  # type: ignore[operator]


def test_points_beside_known_poses_are_what_training_starts_from(
    finished: tuple[Path, dict[str, object]], photos: Path
) -> None:
    folder, first = finished
    code, seeded = call(folder, "run", "splat", photos, *SMALL, "--poses", folder / "out/transforms.json")
    assert code == 0
    assert seeded["points"] == first["points"]


def kill_in(step: str, folder: Path, *arguments: object) -> None:
    """Start a run and kill the whole process group as soon as the step has its first checkpoint."""
    often = ("--sfm.checkpoint-every-s", 0, "--train.checkpoint-every-s", 0.1)
    child = subprocess.Popen(
        command("run", "splat", *arguments, *often, "-o", folder / "out"),
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_for_checkpoint(folder, step, child)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not (folder / "out").exists()


def test_a_run_killed_in_sfm_resumes_and_ends(photos: Path, tmp_path: Path) -> None:
    kill_in("sfm", tmp_path, photos, *SMALL)
    code, resumed = call(tmp_path, "resume")
    assert code == 0
    assert "prepare" not in resumed["executed"]  # type: ignore[operator]
    assert resumed["registered"] == 20
    report = next((tmp_path / "store/records/sfm").glob("*.json"))
    blob = json.loads(report.read_text())["outputs"]["report"][0]["digest"]
    assert json.loads((tmp_path / f"store/blobs/sha256/{blob[:2]}/{blob}").read_text())["continued"] is True


def test_a_run_killed_in_splat_resumes_and_ends_with_the_same_bits(
    posed: tuple[Path, dict[str, object]], photos: Path, tmp_path: Path
) -> None:
    folder, undisturbed = posed
    kill_in("splat", tmp_path, photos, *SMALL, "--poses", folder / "out/sparse/0")
    code, resumed = call(tmp_path, "resume")
    assert code == 0
    assert resumed["executed"] == ["splat", "render", "report"]
    assert resumed["psnr"] == undisturbed["psnr"]
    assert splats(tmp_path / "store") <= splats(folder / "store")


def splats(store: Path) -> set[str]:
    """Digests of all splats that a store's records list."""
    records = [json.loads(record.read_text()) for record in (store / "records/splat").glob("*.json")]
    return {ref["digest"] for record in records for ref in record["outputs"]["splat"]}


def wait_for_checkpoint(folder: Path, step: str, child: subprocess.Popen[bytes]) -> None:
    """Until the step has a checkpoint in the store; fails when the run ends before."""
    name = {"sfm": "database.db", "splat": "training.npz"}[step]
    while not list((folder / "store/checkpoints").glob(f"*/{name}")):
        assert child.poll() is None, (
            child.stderr.read() if child.stderr else "the run ended before it was killed"
        )
        time.sleep(0.02)


def test_ctrl_c_stops_and_says_how_to_go_on(photos: Path, tmp_path: Path) -> None:
    child = subprocess.Popen(
        command("run", "splat", photos, *SHAPE, "--iterations", 100_000, "--train.checkpoint-every-s", 0.2)[
            :-1
        ],
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # What a shell starts in the background ignores Ctrl-C, and so does everything that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for_checkpoint(tmp_path, "splat", child)
    os.killpg(child.pid, signal.SIGINT)
    _, printed = child.communicate()
    assert child.returncode == 130
    session = Session(tmp_path / "store", environment(tmp_path))
    (run,) = session.catalog.runs.list()
    session.close()
    assert run.state == "cancelled"
    assert f"calotype resume {run.id}" in printed
    assert "Traceback" not in printed
