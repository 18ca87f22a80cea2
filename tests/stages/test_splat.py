"""`splat`: Gaussians that show the photos."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.stages.four_tests import Alone, check_same_key_skips, halted_and_resumed, keys_of, same_files
from tests.stages.goldens import Goldens
from tests.stages.halting import Halt

from calotype.artifacts.cameras import CameraSet
from calotype.stages.splat import TrainSplat
from calotype.vision.splatting.evaluation import evaluate
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.ply import read_splat_ply
from calotype.vision.splatting.rendering import render
from calotype.vision.splatting.views import TrainingView, load_views


@pytest.fixture(scope="module")
def splat(trained: Alone) -> Gaussians:
    return read_splat_ply(trained.file("splat"))


@pytest.fixture(scope="module")
def views(photos: Path, truth: CameraSet) -> list[TrainingView]:
    return load_views({path.name: path for path in photos.iterdir()}, truth, 160)


def report(trained: Alone) -> dict[str, object]:
    return json.loads(trained.file("training").read_text())


def test_smoke_the_splat_is_a_3dgs_file_of_finite_gaussians_within_the_budget(
    trained: Alone, splat: Gaussians
) -> None:
    head = trained.file("splat").read_bytes().split(b"end_header")[0].decode()
    properties = [line.split()[2] for line in head.splitlines() if line.startswith("property float")]
    assert properties == [
        *("x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2"),
        *(f"f_rest_{index}" for index in range(45)),
        *("opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"),
    ]
    assert 600 < len(splat) <= 1500
    assert splat.finite.all()
    body = report(trained)
    assert (body["iterations"], body["gaussians"], body["image_size"]) == (300, len(splat), [160, 120])


def test_smoke_every_eighth_photo_by_name_is_held_out(trained: Alone) -> None:
    assert report(trained)["held_out"] == ["view_000.jpg", "view_008.jpg"]
    assert report(trained)["training_views"] == 7


def test_smoke_it_shows_the_photos_where_their_cameras_stand(
    splat: Gaussians, views: list[TrainingView]
) -> None:
    """Axes, pixel centres and quaternions are those of the conventions, or the pictures would not meet."""
    assert evaluate(splat, views[1:8], []).psnr > 23
    view = views[4]
    seen = render(splat, view.camera, view.cam_from_world)
    solid = seen.alpha > 0.5
    assert solid.mean() > 0.6
    assert 1 < np.median(seen.depth[solid]) < 3  # The cameras stand some two units away.


def test_same_key_skips_and_everything_else_runs(trained: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    real = {"iterations": 301, "gaussians": 1400, "max_side": 128, "seed": 1, "antialiased": True}
    check_same_key_skips(trained, monkeypatch, speed_only={"checkpoint_every_s": 60.0}, real=real)


def test_killed_halfway_resumes_from_the_checkpoint_and_ends_with_the_same_bits(
    trained: Alone, tmp_path: Path
) -> None:
    halfway = Halt(
        looks=34, with_checkpoint=True
    )  # about 22 are made before the first iteration, then one every ten
    resumed = halted_and_resumed(trained, tmp_path, cancel=halfway, kill=halfway)
    (line,) = [text for text in resumed.log if text.startswith("resumed at iteration")]
    assert int(line.split()[3]) > 50
    assert same_files(resumed.folder, trained.folder, "splat")


def test_golden_outputs_are_those_of_this_version(
    trained: Alone, splat: Gaussians, views: list[TrainingView], goldens: Goldens
) -> None:
    body = report(trained)
    goldens.check(
        TrainSplat,
        {
            "gaussians": [entry["gaussians"] for entry in body["history"]],  # type: ignore[attr-defined]
            "loss": [entry["loss"] for entry in body["history"]],  # type: ignore[attr-defined]
            "psnr_training": evaluate(splat, views[1:8], []).psnr,
            "psnr_held_out": evaluate(splat, views[::8], []).psnr,
            "opacity": float(splat.opacities.mean()),
            "log_scale": float(splat.log_scales.mean()),
            "middle": splat.means.mean(axis=0).tolist(),
        },
        # The same bits for any number of threads, but not for every SIMD level: training carries the last bits that far.
        within={
            "gaussians": 5,
            "loss": 0.0015,
            "psnr_training": 0.2,
            "psnr_held_out": 0.5,
            "opacity": 0.01,
            "log_scale": 0.02,
            "middle": 0.03,
        },
    )


def test_the_key_is_what_it_always_was() -> None:
    assert keys_of(TrainSplat()) == ["1ce06d47ebca59c707cca32956fe98f5636b393cd64cc68029edc714804779e7"]
