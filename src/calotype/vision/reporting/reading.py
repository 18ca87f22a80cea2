"""Read the figures that the stages wrote as JSON into what the report page shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from calotype.artifacts.colmap_model import read_colmap_model
from calotype.vision.reporting.data import (
    CameraMap,
    GpsFigures,
    HeldOutView,
    LensFigures,
    MapperFigures,
    PhotoOutcome,
    PoseFigures,
    Preview,
    RejectedInput,
    ReportData,
    StepSeconds,
    TrainingEntry,
    TrainingFigures,
    ViewerPage,
)
from calotype.vision.reporting.splat_viewer import SplatView
from calotype.vision.splatting.ply import read_splat_ply
from calotype.vision.splatting.views import split_held_out

_MOST_PREVIEWS = 6


def read_report_data(
    title: str,
    *,
    poses: Path,
    training: Path,
    metrics: Path,
    rejected: Path,
    cameras: Path,
    previews: Path,
    turntable: Path,
    viewer: ViewerPage | None = None,
) -> ReportData:
    """All that the stages found out: `sfm.json`, `training.json`, `metrics.json`, the list of rejected
    photos, the COLMAP model, the folder of previews (with `compare/`), the turntable film, and the viewer's page."""
    pose_figures: dict[str, Any] = json.loads(poses.read_text())
    trained: dict[str, Any] = json.loads(training.read_text())
    measured: dict[str, Any] = json.loads(metrics.read_text())
    width, height = trained["image_size"]
    return ReportData(
        title=title,
        subtitle=f"{len(pose_figures['photos'])} photos, trained at {width}×{height} pixels",
        poses=pose_summary(pose_figures),
        camera_map=CameraMap.of(read_colmap_model(cameras)),
        training=_training(trained),
        held_out=tuple(_held_out(view, previews) for view in measured["views"]),
        previews=_previews(previews),
        turntable=turntable,
        viewer=viewer,
        rejected=tuple(RejectedInput(name, reason) for name, reason in json.loads(rejected.read_text())),
        parameters={"training": trained["parameters"]},
        seconds=(
            *(StepSeconds(f"poses: {name}", value) for name, value in pose_figures["seconds"].items()),
            StepSeconds("training", trained["seconds"], predicted=_predicted_seconds(trained)),
        ),
        advice=tuple(pose_figures["advice"]),
    )


def read_splat_view(
    title: str, *, splat: Path, cameras: Path, training: Path, most_gaussians: int
) -> SplatView:
    """What the viewer shows: `scene.ply` and the COLMAP model, in the colours and the way of `training.json`."""
    parameters: dict[str, Any] = json.loads(training.read_text())["parameters"]
    camera_set = read_colmap_model(cameras)
    red, green, blue = parameters["background"]
    return SplatView(
        title=title,
        gaussians=read_splat_ply(splat),
        cameras=camera_set,
        held_out=split_held_out(camera_set)[1],
        background=(red, green, blue),
        antialiased=parameters["antialiased"],
        most_gaussians=most_gaussians,
    )


def pose_summary(figures: dict[str, Any]) -> PoseFigures:
    """What the page says about poses, from `sfm.json`."""
    gps = figures["gps"]
    agreement = figures["agreement"]
    return PoseFigures(
        photos=tuple(_photo(photo) for photo in figures["photos"]),
        points=figures["points"],
        points_source=figures["points_source"],
        mean_track_length=figures["mean_track_length"],
        reprojection_px=figures["reprojection_px"],
        mappers=tuple(_mapper(mapper) for mapper in figures["mappers"]),
        reasons=tuple(figures["reasons"]),
        agreement=(
            f"{agreement['photos']} photos in both: rotations differ by {agreement['rotation_median_deg']:.2f} degrees "
            f"(median), positions by {agreement['centre_rms_percent']:.2f} % of the extent (rms)"
            if agreement
            else ""
        ),
        attempts=tuple(_attempt(attempt) for attempt in figures["attempts"]),
        lenses=tuple(_lens(camera) for camera in figures["cameras"]),
        gps=GpsFigures(gps["photos"], gps["horizontal_rms_m"], gps["vertical_rms_m"]) if gps else None,
        model_sizes=tuple(figures["model_sizes"]),
    )


def _photo(photo: dict[str, Any]) -> PhotoOutcome:
    return PhotoOutcome(
        name=photo["name"],
        registered=photo["registered"],
        reason=photo["reason"],
        features=photo["keypoints"],
        matches=photo["matches"],
        points=photo["observations"],
        reprojection_px=photo["reprojection_px"],
    )


def _mapper(mapper: dict[str, Any]) -> MapperFigures:
    return MapperFigures(
        name=mapper["mapper"],
        chosen=mapper["chosen"],
        registered=mapper["registered"],
        points=mapper["points"],
        reprojection_px=mapper["reprojection_px"],
        mean_track_length=mapper["mean_track_length"],
        seconds=mapper["seconds"],
    )


def _attempt(attempt: dict[str, Any]) -> str:
    if not attempt["pairs"]:
        return f"{attempt['what']}: {'; '.join(attempt['reasons'])}"
    return (
        f"{attempt['what']}: {attempt['matched_pairs']} of {attempt['pairs']} pairs matched, "
        f"{attempt['registered']} photos registered ({attempt['mapper'] or 'no model'})"
    )


def _lens(camera: dict[str, Any]) -> LensFigures:
    return LensFigures(
        label=camera["label"],
        model=camera["model"],
        width=camera["width"],
        height=camera["height"],
        photos=camera["photos"],
        focal_px=camera["focal_px"],
        prior_focal_px=camera["prior_focal_px"],
        prior_source=camera["prior_source"],
    )


def _training(trained: dict[str, Any]) -> TrainingFigures:
    entries = [
        TrainingEntry(entry["iteration"], entry["psnr"], entry["loss"], entry["gaussians"])
        for entry in trained["history"]
    ]
    width, height = trained["image_size"]
    return TrainingFigures(
        history=tuple(entries),
        iterations=trained["iterations"],
        gaussians=trained["gaussians"],
        initial_gaussians=trained["initial_gaussians"],
        views=trained["training_views"],
        image_size=(width, height),
        step_ms=trained["step_ms"],
        memory_gb=trained["peak_memory_gb"],
        predicted_memory_gb=trained["predicted"]["memory_gb"],
    )


def _predicted_seconds(trained: dict[str, Any]) -> float:
    """Of the iterations that were done here: those from a checkpoint took their time before."""
    share = 1 - trained["resumed_at"] / trained["iterations"]
    return trained["predicted"]["seconds"] * share


def _held_out(view: dict[str, Any], previews: Path) -> HeldOutView:
    picture = previews / "compare" / Path(view["name"]).with_suffix(".jpg")
    return HeldOutView(
        name=view["name"],
        psnr=view["psnr"],
        ssim=view["ssim"],
        nearest=view["nearest"],
        nearest_psnr=view["nearest_psnr"],
        nearest_ssim=view["nearest_ssim"],
        picture=picture if picture.exists() else None,
    )


def _previews(folder: Path) -> tuple[Preview, ...]:
    """Some renders with their depth, evenly spread over the held-out views."""
    depths: Sequence[Path] = sorted((folder / "depth").rglob("*.jpg"))
    step = max(1, len(depths) // (_MOST_PREVIEWS // 2))
    found: list[Preview] = []
    for depth in depths[::step][: _MOST_PREVIEWS // 2]:
        name = depth.relative_to(folder / "depth")
        found += [Preview(f"{name.stem}, rendered", folder / name), Preview(f"{name.stem}, depth", depth)]
    return tuple(found)
