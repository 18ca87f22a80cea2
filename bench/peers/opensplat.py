"""Train the same photos with an installed OpenSplat (CPU) and with Calotype, and measure both on the same held-out views.

OpenSplat is AGPL: it is run as a program that the user built, and nothing of it is here.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from calotype import Image, Pipeline, run
from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.artifacts.colmap_model import read_colmap_model, write_colmap_model
from calotype.stages.prepare import Prepare
from calotype.stages.sfm import Sfm
from calotype.vision.held_out import split_held_out
from calotype.vision.splatting.evaluation import Quality, evaluate
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.initial import initial_gaussians
from calotype.vision.splatting.loop import train
from calotype.vision.splatting.native import NativeBackend
from calotype.vision.splatting.options import TrainOptions
from calotype.vision.splatting.ply import read_splat_ply
from calotype.vision.splatting.views import TrainingView, load_views, silent

CORES = 2
_WARM_STEPS = 20


@dataclass(frozen=True)
class Capture:
    """Photos with poses, as both trainers get them."""

    cameras: CameraSet
    training: list[TrainingView]
    held_out: list[TrainingView]
    photos: dict[str, Path]
    """File of each photo."""

    def first_gaussians(self, options: TrainOptions) -> Gaussians:
        """Where Calotype begins, as its stage does: without a look at what is held out."""
        training, _ = split_held_out(self.cameras)
        return initial_gaussians(training, self.photos, options, silent)


@dataclass(frozen=True)
class Row:
    """One training run."""

    trainer: str
    steps: int
    seconds: float
    """Of the whole process for OpenSplat, reading included; of training for Calotype, finding its first points included."""
    ms_per_step: float
    quality: Quality
    gaussians: int


def posed(photos: Path, folder: Path, max_side: int) -> Capture:
    """The photos with poses found by our own structure from motion; every 8th by name is held out."""
    pipeline = Pipeline("poses")
    prepared = pipeline.add(Prepare(), photos=pipeline.source("photos", Image))
    found = pipeline.add(Sfm(), photos=prepared.image)
    pipeline.publish("images/", prepared.image, label="images")
    pipeline.publish("sparse/0/", found.cameras, label="cameras")
    run(pipeline, {"photos": photos}, store=folder / "store", output=folder / "posed")
    cameras = read_colmap_model(folder / "posed" / "sparse" / "0")
    paths = {path.name: path for path in (folder / "posed" / "images").iterdir()}
    views = load_views(paths, cameras, max_side)
    _, held_out = split_held_out(cameras)
    return Capture(
        cameras,
        [view for view in views if view.name not in held_out],
        [view for view in views if view.name in held_out],
        paths,
    )


def write_for_peer(capture: Capture, folder: Path) -> None:
    """The training views as a COLMAP project: undistorted pictures at their training size, pinhole cameras, the points."""
    (folder / "images").mkdir(parents=True)
    cameras: dict[int, Camera] = {}
    frames: list[Frame] = []
    posed = {frame.name: frame for frame in capture.cameras.frames}
    for number, view in enumerate(capture.training, 1):
        name = Path(view.name).with_suffix(".png").name
        Pillow.fromarray(view.rgb).save(folder / "images" / name)
        cameras[number] = view.camera
        frames.append(replace(posed[view.name], name=name, camera_id=number))
    write_colmap_model(
        folder / "sparse" / "0",
        CameraSet(cameras=cameras, frames=tuple(frames), points=capture.cameras.points),
    )


def train_peer(binary: Path, project: Path, steps: int, capture: Capture, output: Path) -> Row:
    """OpenSplat's own defaults at full resolution from the first step."""
    argv = [
        str(binary),
        str(project),
        "-n",
        str(steps),
        "-d",
        "1",
        "--num-downscales",
        "0",
        "--cpu",
        "-o",
        str(output),
    ]
    seconds = _timed(argv)
    started = _timed([*argv[:3], str(_WARM_STEPS), *argv[4:-1], str(output.with_name("warm.ply"))])
    gaussians = read_splat_ply(output)
    return Row(
        trainer="OpenSplat",
        steps=steps,
        seconds=seconds,
        # Reading photos and starting are the same in both runs.
        ms_per_step=1000 * (seconds - started) / (steps - _WARM_STEPS),
        quality=evaluate(gaussians, capture.held_out, capture.training),
        gaussians=len(gaussians),
    )


def _timed(argv: Sequence[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{argv[0]} failed:\n{done.stderr[-2000:] or done.stdout[-2000:]}")
    return time.perf_counter() - began


def train_ours(steps: int, capture: Capture, gaussians: int | None = None) -> Row:
    """Calotype with the settings of preset `low`, so many steps and, where given, so many Gaussians at most."""
    budget = {} if gaussians is None else {"gaussians": gaussians}
    options = TrainOptions.preset("low", iterations=steps, **budget)
    began = time.perf_counter()
    init = capture.first_gaussians(options)
    trained = train(capture.training, init, options, NativeBackend(CORES))
    seconds = time.perf_counter() - began
    full_size = [entry.ms_per_step for entry in trained.history if entry.reduction == 1]
    return Row(
        trainer="Calotype" if gaussians is None else "Calotype, as many",
        steps=steps,
        seconds=seconds,
        ms_per_step=float(np.median(full_size)),
        quality=evaluate(trained.gaussians, capture.held_out, capture.training),
        gaussians=len(trained.gaussians),
    )
