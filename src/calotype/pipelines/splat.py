"""Photos in, a Gaussian splat out: poses, training, held-out metrics, previews, report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calotype.artifacts import Cameras, Image, Model
from calotype.engine.pipeline import Outputs, Pipeline, build_stage
from calotype.errors import InvalidParameter
from calotype.stages.export_splat import ExportSplat, SplatFormats
from calotype.stages.import_poses import ImportPoses
from calotype.stages.prepare import Prepare
from calotype.stages.render import RenderViews
from calotype.stages.report import WriteReport
from calotype.stages.sfm import Sfm
from calotype.stages.splat import TrainSplat
from calotype.vision.splatting.options import PRESETS, Preset

LEAST_PHOTOS = 5
"""With fewer, neither poses nor a splat mean anything."""

LEAST_GAIN_DB = 3.0
"""A splat that beats a copy of the nearest photo by less has hardly learnt the scene."""


def splat(
    *,
    preset: Preset = "medium",
    iterations: int | None = None,
    max_side: int | None = None,
    poses: Path | None = None,
    features: Path | None = None,
    formats: SplatFormats = (),
    prepare: Prepare = Prepare(),
    sfm: Sfm = Sfm(),
    train: TrainSplat = TrainSplat(),
    render: RenderViews = RenderViews(),
) -> Pipeline:
    """Photos in, a Gaussian splat out.

    Parameters
    ----------
    preset
        How long to train: low 3000, medium 7000, high 15000, best 30000 iterations.
    iterations
        Training iterations; wins over the preset.
    max_side
        Long side of the training images in pixels, else 960. Poses are found at a size of their own (`--sfm.max-image-side`).
    poses
        Known camera poses: a COLMAP model's folder or a transforms.json. Nothing is matched then.
    features
        Weights of ALIKED (aliked-n16rot.pth, ...): poses are found with its learned keypoints instead of SIFT's.
    formats
        More files of the splat beside scene.ply: spz, sog, splat, compressed-ply, glb; several with commas.
    """
    trainer = _trainer(train, PRESETS[preset], {"iterations": iterations, "max_side": max_side})
    renderer = _renderer(render, trainer)

    pipeline = Pipeline("splat")
    source = pipeline.source("photos", Image, least=LEAST_PHOTOS)
    photos = pipeline.add(prepare, photos=source)
    if poses is None:
        learned = None if features is None else pipeline.source("features", Model, many=False)
        posed: Outputs = pipeline.add(sfm, photos=photos.image, features=learned)
    else:
        if features is not None:
            raise InvalidParameter(
                "poses and features were both given: with known poses nothing is matched, so no keypoints are needed. "
                "Give one of them."
            )
        given = pipeline.source("poses", Cameras, many=False)
        posed = pipeline.add(ImportPoses(), photos=photos.image, poses=given)
    trained = pipeline.add(trainer, photos=photos.image, cameras=posed.cameras)
    seen = pipeline.add(renderer, photos=photos.image, cameras=posed.cameras, splat=trained.splat)
    written = pipeline.add(
        WriteReport(),
        rejected=photos.rejected,
        cameras=posed.cameras,
        poses=posed.report,
        training=trained.training,
        metrics=seen.metrics,
        previews=seen.previews,
        turntable=seen.turntable,
        splat=trained.splat,
    )

    if formats:
        _export(pipeline, formats, trainer, trained)

    for parameter in ("max_side", "background"):
        pipeline.tie(parameter, "splat", "render")
    pipeline.tie("antialiased", "splat", "render", *(["export-splat"] if formats else []))

    pipeline.publish("scene.ply", trained.splat, label="splat")
    pipeline.publish("report.html", written.page, label="report")
    pipeline.publish("viewer.html", written.viewer, label="viewer")
    pipeline.publish("turntable.mp4", seen.turntable, label="turntable")
    pipeline.publish("previews/", seen.previews, label="previews")
    pipeline.publish("sparse/0/", posed.cameras, label="cameras", without=("transforms.json",))
    pipeline.publish("transforms.json", posed.cameras, label="transforms", member="transforms.json")
    pipeline.publish("points.ply", posed.points, label="points")
    pipeline.publish("images/", photos.image, label="images")

    pipeline.advice(posed.report, "advice")
    pipeline.warning("was left out", photos.rejected)
    pipeline.warning("has no pose", posed.report, "photos")

    pipeline.figure("images", posed.report, "photos.length")
    pipeline.figure("left_out", photos.rejected, "length", better="lower")
    pipeline.figure("registered", posed.report, "registered", better="higher")
    pipeline.figure("points", posed.report, "points")
    pipeline.figure("psnr", seen.metrics, "held_out.psnr", better="higher")
    pipeline.figure("ssim", seen.metrics, "held_out.ssim", better="higher")
    pipeline.figure("nearest_psnr", seen.metrics, "held_out.nearest_psnr")
    pipeline.margin(
        "psnr",
        "nearest_psnr",
        LEAST_GAIN_DB,
        "The splat shows unseen views at {value:.1f} dB, hardly better than a copy of the nearest photo ({other:.1f} dB) or worse. "
        "Train longer, or take photos from more directions.",
    )
    pipeline.figure("gaussians", trained.training, "gaussians")
    pipeline.figure("step_ms", trained.training, "step_ms", better="lower")
    return pipeline


def _export(pipeline: Pipeline, formats: SplatFormats, trainer: TrainSplat, trained: Outputs) -> None:
    """Publish the splat in each format beside scene.ply, called by its ending: `scene.spz` is `.spz` (`splat` is scene.ply)."""
    export = build_stage(ExportSplat, {"formats": formats, "antialiased": trainer.antialiased})
    assert isinstance(export, ExportSplat)
    exported = pipeline.add(export, splat=trained.splat)
    for name in export.formats:
        made = getattr(exported, name.replace("-", "_"))
        ending = name.replace("-", ".")
        pipeline.publish(f"scene.{ending}", made, label=f".{ending}")


def _trainer(train: TrainSplat, preset: Mapping[str, Any], short: Mapping[str, int | None]) -> TrainSplat:
    """Training with what was said of it: its own parameters, the short names for some of them, else the preset.

    Raises InvalidParameter when a short name and the parameter it stands for say different things.
    """
    said = {name: getattr(train, name) for name in train.model_fields_set}
    for name, value in short.items():
        if value is None:
            continue
        if name in said and said[name] != value:
            raise InvalidParameter(
                f"{name} = {value} and train.{name} = {said[name]} say different things. Give one of them."
            )
        said[name] = value
    trainer = build_stage(TrainSplat, {**preset, **said})
    assert isinstance(trainer, TrainSplat)
    return trainer


def _renderer(render: RenderViews, trainer: TrainSplat) -> RenderViews:
    """Rendering as training saw the photos, so that the metrics mean something; InvalidParameter when it is asked for otherwise."""
    same = {
        "max_side": trainer.max_side,
        "background": trainer.background,
        "antialiased": trainer.antialiased,
    }
    for name in render.model_fields_set & same.keys():
        if getattr(render, name) != same[name]:
            raise InvalidParameter(
                f"render.{name} = {getattr(render, name)} and train.{name} = {same[name]} differ: a splat is rendered as it was "
                f"trained. Set train.{name} alone."
            )
    return render.model_copy(update=same)
