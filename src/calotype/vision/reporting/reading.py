"""Read the figures that the stages wrote as JSON into what the report page shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calotype import __version__
from calotype.artifacts.cameras import CameraSet, Frame
from calotype.artifacts.colmap_model import Sightings
from calotype.vision.held_out import split_held_out
from calotype.vision.reporting.coverage import coverage_of, reprojection_errors, track_lengths
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
    StepCost,
    TrainingEntry,
    TrainingFigures,
    ViewerPage,
)
from calotype.vision.reporting.measured import Floaters
from calotype.vision.reporting.splat_viewer import SplatView
from calotype.vision.sfm.georeference import LEAST_POSITIONS
from calotype.vision.splatting.ply import read_splat_ply

_MOST_PREVIEWS = 6


def read_report_data(
    title: str,
    *,
    poses: Path,
    training: Path,
    metrics: Path,
    rejected: Path,
    cameras: CameraSet,
    sightings: Mapping[str, Sightings],
    previews: Path,
    turntable: Path,
    viewer: ViewerPage | None = None,
    floaters: Floaters | None = None,
    expected_poses: StepCost | None = None,
    stage_version: str = "",
) -> ReportData:
    """All that the stages found out: `sfm.json`, `training.json`, `metrics.json`, the list of rejected photos, the COLMAP
    model with what each photo sees of it, the folder of previews (with `compare/`), the turntable film, the viewer's page.

    `expected_poses` says what finding the poses was expected to take.
    """
    pose_figures: dict[str, Any] = json.loads(poses.read_text())
    trained: dict[str, Any] = json.loads(training.read_text())
    measured: dict[str, Any] = json.loads(metrics.read_text())
    frames = {frame.name: frame for frame in cameras.frames}
    return ReportData(
        title=title,
        subtitle=_subtitle(pose_figures, trained),
        about=_about(stage_version),
        poses=pose_summary(pose_figures),
        camera_map=CameraMap.of(cameras),
        tracks=track_lengths(cameras),
        errors=reprojection_errors(cameras, sightings),
        # Structure from motion levels its world; given poses are in any.
        coverage=coverage_of(cameras, sightings, is_level=bool(pose_figures["mappers"])),
        floaters=floaters,
        training=_training(trained),
        held_out=tuple(_held_out(view, previews, frames, sightings) for view in measured["views"]),
        previews=_previews(previews),
        turntable=turntable,
        viewer=viewer,
        rejected=tuple(RejectedInput(name, reason) for name, reason in json.loads(rejected.read_text())),
        parameters={"training": trained["parameters"]},
        costs=(_cost_of_poses(pose_figures, expected_poses), _cost_of_training(trained)),
        advice=tuple(pose_figures["advice"]),
    )


def _subtitle(poses: dict[str, Any], trained: dict[str, Any]) -> str:
    """Which photos these are: how many, from which to which, by which camera, and the size they were trained at."""
    names = sorted(photo["name"] for photo in poses["photos"])
    width, height = trained["image_size"]
    parts = [f"{len(names)} photos"]
    if names:
        parts.append(f"{names[0]} to {names[-1]}")
    labels = dict.fromkeys(camera["label"] for camera in poses["cameras"] if camera["label"])
    if len(labels) == 1:
        parts.append(next(iter(labels)))
    return f"{', '.join(parts)}; trained at {width}×{height} pixels"


def _about(stage_version: str) -> tuple[str, ...]:
    return (
        f"Made with Calotype {__version__}"
        + (f", report version {stage_version}." if stage_version else "."),
        "A page is kept by what it was made from: runs with the same photos and settings share it, so that no run and no date "
        "stands in it. `calotype lineage report.html` says which run made this one, when, from which files, with which "
        "parameters in every step; the hidden file beside it names the run that put it there.",
    )


def _cost_of_poses(figures: dict[str, Any], expected: StepCost | None) -> StepCost:
    parts: dict[str, float] = figures["seconds"]
    return StepCost(
        "camera poses",
        sum(parts.values()) if parts else None,
        predicted=expected.predicted if expected else None,
        predicted_memory_gb=expected.predicted_memory_gb if expected else None,
        basis=expected.basis if expected else "",
        parts=parts,
    )


def _cost_of_training(trained: dict[str, Any]) -> StepCost:
    # Of the iterations that were done here: those from a checkpoint took their time before.
    share = 1 - trained["resumed_at"] / trained["iterations"]
    return StepCost(
        "training",
        trained["seconds"],
        predicted=trained["predicted"]["seconds"] * share,
        memory_gb=trained["peak_memory_gb"],
        predicted_memory_gb=trained["predicted"]["memory_gb"],
    )


def read_splat_view(
    title: str, *, splat: Path, cameras: CameraSet, training: Path, most_gaussians: int
) -> SplatView:
    """What the viewer shows: `scene.ply` and the COLMAP model, in the colours and the way of `training.json`."""
    parameters: dict[str, Any] = json.loads(training.read_text())["parameters"]
    red, green, blue = parameters["background"]
    return SplatView(
        title=title,
        gaussians=read_splat_ply(splat),
        cameras=cameras,
        held_out=split_held_out(cameras)[1],
        background=(red, green, blue),
        antialiased=parameters["antialiased"],
        most_gaussians=most_gaussians,
    )


def pose_summary(figures: dict[str, Any]) -> PoseFigures:
    """What the page says about poses, from `sfm.json`."""
    gps = figures["gps"]
    return PoseFigures(
        photos=tuple(_photo(photo) for photo in figures["photos"]),
        keypoints=figures.get("features", ""),
        points=figures["points"],
        points_source=figures["points_source"],
        mean_track_length=figures["mean_track_length"],
        reprojection_px=figures["reprojection_px"],
        mappers=tuple(_mapper(mapper) for mapper in figures["mappers"]),
        reasons=tuple(figures["reasons"]),
        agreement=_agreement(figures),
        attempts=tuple(_attempt(attempt) for attempt in figures["attempts"]),
        lenses=tuple(_lens(camera) for camera in figures["cameras"]),
        gps=_gps(gps) if gps else None,
        without_gps="" if gps else _without_gps(figures),
        model_sizes=tuple(figures["model_sizes"]),
    )


def _agreement(figures: dict[str, Any]) -> str:
    """How far the two mappers' poses lie apart, or why there is nothing to compare."""
    found = figures["agreement"]
    if found:
        return (
            f"{found['photos']} photos in both: rotations differ by {found['rotation_median_deg']:.2f} degrees (median), "
            f"positions by {found['centre_rms_percent']:.2f} % of the extent (rms), {found['centre_max_percent']:.2f} % at most"
        )
    if len(figures["mappers"]) == 1:
        return (
            "one mapper was asked, whose result left no doubt, or settings named it: nothing to compare "
            "(`--sfm.mapper both` asks the other too)"
        )
    return "the two mappers' results share too few photos to be compared" if figures["mappers"] else ""


def _gps(gps: dict[str, Any]) -> GpsFigures:
    return GpsFigures(
        photos=gps["photos"],
        horizontal_rms_m=gps["horizontal_rms_m"],
        vertical_rms_m=gps["vertical_rms_m"],
        horizontal_max_m=gps["horizontal_max_m"],
        extent_m=gps["extent_m"],
    )


def _without_gps(figures: dict[str, Any]) -> str:
    if not figures["mappers"]:
        return "none: the poses were given"
    return f"none: under {LEAST_POSITIONS} photos, or all of one place"


def _photo(photo: dict[str, Any]) -> PhotoOutcome:
    return PhotoOutcome(
        name=photo["name"],
        registered=photo["registered"],
        reason=photo["reason"],
        features=photo["keypoints"],
        matches=photo["matches"],
        matched_photos=photo["matched_photos"],
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
    )


def _held_out(
    view: dict[str, Any], previews: Path, frames: Mapping[str, Frame], sightings: Mapping[str, Sightings]
) -> HeldOutView:
    picture = previews / "compare" / Path(view["name"]).with_suffix(".jpg")
    here, near = frames.get(view["name"]), frames.get(view["nearest"])
    seen = sightings.get(view["name"])
    return HeldOutView(
        name=view["name"],
        psnr=view["psnr"],
        ssim=view["ssim"],
        fitted_psnr=view.get("fitted_psnr"),
        nearest=view["nearest"],
        nearest_psnr=view["nearest_psnr"],
        nearest_ssim=view["nearest_ssim"],
        away_deg=_angle_deg(here, near) if here and near else None,
        points=len(seen.point) if seen else None,
        picture=picture if picture.exists() else None,
    )


def _angle_deg(a: Frame, b: Frame) -> float:
    """Angle between the optical axes of two frames, in degrees."""
    return float(np.degrees(np.arccos(np.clip(a.R[2] @ b.R[2], -1, 1))))


def _previews(folder: Path) -> tuple[Preview, ...]:
    """Some renders with their depth, evenly spread over the held-out views."""
    depths: Sequence[Path] = sorted((folder / "depth").rglob("*.jpg"))
    step = max(1, len(depths) // (_MOST_PREVIEWS // 2))
    found: list[Preview] = []
    for depth in depths[::step][: _MOST_PREVIEWS // 2]:
        name = depth.relative_to(folder / "depth")
        found += [Preview(f"{name.stem}, rendered", folder / name), Preview(f"{name.stem}, depth", depth)]
    return tuple(found)
