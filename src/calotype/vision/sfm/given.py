"""Take camera poses that somebody else found: load them, match them to photos by name, and give them points to begin with."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.artifacts.colmap_model import read_colmap_sightings, write_colmap_model
from calotype.artifacts.given_poses import load_poses, model_folder, photo_of_frame, some_names
from calotype.artifacts.ply import write_points_ply
from calotype.artifacts.transforms_json import write_transforms
from calotype.errors import UnreadableInput
from calotype.vision.geometry.alignment import Similarity
from calotype.vision.geometry.projection import project
from calotype.vision.held_out import split_held_out
from calotype.vision.sfm import seeds
from calotype.vision.sfm.georeference import fit_gps
from calotype.vision.sfm.photos import read_photos
from calotype.vision.sfm.report import CameraReport, PhotoReport, SfmReport, gps_report
from calotype.vision.sfm.seeds import seed_points
from calotype.vision.sfm.stopwatch import Stopwatch
from calotype.vision.sfm.world import estimate_up

__all__ = ["import_poses", "load_poses", "match_frames_to_photos", "seed_points"]

log = logging.getLogger(__name__)

Progress = Callable[[int, int | None, str], None]

# A model with fewer points than this cannot start a splat.
_LEAST_POINTS = 100


def match_frames_to_photos(cameras: CameraSet, photo_sizes: Mapping[str, tuple[int, int]]) -> CameraSet:
    """The frames that have a photo, named as the photos and with intrinsics for the photos' sizes (width, height).

    Names are compared whole, then without folders, then without suffix too; what fits several is left alone. Frames without
    a photo and photos without a frame are left out. Raises UnreadableInput when fewer than half of the photos get a pose,
    or when a photo is not its camera's picture made smaller or larger.
    """
    photo_of = photo_of_frame([frame.name for frame in cameras.frames], photo_sizes)
    without = sorted(set(photo_sizes) - set(photo_of.values()))
    if without:
        log.warning("%d photos have no pose and are left out: %s", len(without), some_names(without))
    resized: dict[tuple[int, tuple[int, int]], int] = {}
    intrinsics: dict[int, Camera] = {}
    frames: list[Frame] = []
    for frame in cameras.frames:
        name = photo_of.get(frame.name)
        if name is None:
            continue
        key = (frame.camera_id, photo_sizes[name])
        if key not in resized:
            resized[key] = len(resized) + 1
            intrinsics[resized[key]] = _for_size(name, cameras.camera_of(frame), *photo_sizes[name])
        frames.append(replace(frame, name=name, camera_id=resized[key]))
    return CameraSet(intrinsics, tuple(sorted(frames, key=lambda frame: frame.name)), cameras.points)


def import_poses(
    path: Path,
    photos: Mapping[str, Path],
    folder: Path,
    *,
    seed_points: int,
    seed: int,
    progress: Progress,
    threads: int = 0,
) -> CameraSet:
    """The given poses, matched to `photos` (name -> file), and written as `reconstruct`'s outputs are.

    `folder` receives `cameras/` (COLMAP model and transforms.json), `points.ply` and `sfm.json`. The world frame is kept as given.
    Points come with the poses (COLMAP's own, or a PLY file beside a transforms.json), or from `seed_points` when there are fewer
    than a hundred.
    """
    watch = Stopwatch()
    with watch.measure("reading poses"):
        progress(0, None, "reading poses")
        facts = read_photos(list(photos.items()))
        sizes = {photo.name: (photo.width, photo.height) for photo in facts}
        given = load_poses(path)
        cameras = match_frames_to_photos(given, sizes)
        errors = _errors(path, given, sizes)
    reasons = [f"poses of {len(cameras.frames)} photos were given"]
    source = "given"
    if len(cameras.points) < _LEAST_POINTS:
        with watch.measure("initial points"):
            # Training begins at them, so what is held out must not have been looked at.
            training, _ = split_held_out(cameras)
            points = seeds.seed_points(training, photos, seed_points, seed, progress, threads)
        cameras = replace(cameras, points=points)
        source = "found along viewing rays"
        reasons.append(
            f"they came without points; {len(points)} were found by comparing photos along viewing rays"
        )
    geo = fit_gps(cameras, facts, (up := estimate_up(cameras)).direction)
    report = _report(cameras, [photo.name for photo in facts], errors, reasons, up.source).model_copy(
        update={
            "points_source": source,
            "gps": gps_report(geo, Similarity.identity()) if geo else None,
            "seconds": watch.seconds,
            "processor_seconds": watch.processor_seconds,
        }
    )
    (folder / "cameras").mkdir(parents=True, exist_ok=True)
    write_colmap_model(folder / "cameras", cameras)
    write_transforms(folder / "cameras" / "transforms.json", cameras, points_file="points.ply")
    write_points_ply(folder / "points.ply", cameras.points)
    (folder / "sfm.json").write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return cameras


def _errors(
    path: Path, given: CameraSet, photo_sizes: Mapping[str, tuple[int, int]]
) -> dict[str, NDArray[np.float64]]:
    """By photo, how far its sightings of points lie from where the points project, in its own pixels; empty without tracks.

    Sightings behind the camera, or beyond what its lens model can bend, have no such distance and are left out.
    """
    folder = model_folder(path) if path.is_dir() else None
    sightings = read_colmap_sightings(folder) if folder is not None else {}
    photo_of = photo_of_frame([frame.name for frame in given.frames], photo_sizes)
    found: dict[str, NDArray[np.float64]] = {}
    for frame in given.frames:
        seen, name = sightings.get(frame.name), photo_of.get(frame.name)
        if seen is None or name is None:
            continue
        camera = given.camera_of(frame)
        away = project(given.points.xyz[seen.point], camera, frame.cam_from_world) - seen.xy
        errors = np.linalg.norm(away, axis=1) * photo_sizes[name][0] / camera.width
        found[name] = errors[np.isfinite(errors)]
    return found


def _for_size(name: str, camera: Camera, width: int, height: int) -> Camera:
    if (camera.width, camera.height) == (width, height):
        return camera
    # Resizing rounds to whole pixels: the sides may disagree by one.
    if abs(width * camera.height - height * camera.width) > max(camera.width, camera.height):
        turned = (camera.width, camera.height) == (height, width)
        hint = "It was turned after" if turned else "It was cropped or is another picture than"
        raise UnreadableInput(
            f"{name} has {width}x{height} pixels and its camera {camera.width}x{camera.height}. {hint} the poses were found: "
            "give the photos that they were found from, in any size."
        )
    return camera.resized(width, height)


def _report(
    cameras: CameraSet,
    photos: Sequence[str],
    errors: Mapping[str, NDArray[np.float64]],
    reasons: list[str],
    up_source: str,
) -> SfmReport:
    """The report of poses that were not found here: no mapper, no matches, errors where the model has tracks or states them."""
    placed = {frame.name for frame in cameras.frames}
    sightings = np.concatenate(list(errors.values())) if errors else np.zeros(0)
    stated = cameras.points.error_px[np.isfinite(cameras.points.error_px)]
    known = sightings if len(sightings) else stated
    tracks = cameras.points.track_length[cameras.points.track_length > 0]
    without = [name for name in photos if name not in placed]
    advice = (
        [f"{len(without)} photos have no pose and were left out: {some_names(without)}."] if without else []
    )
    return SfmReport(
        registered=len(cameras.frames),
        photos=[
            PhotoReport(
                name=name,
                registered=name in placed,
                keypoints=None,
                matched_photos=None,
                matches=None,
                observations=len(errors[name]) if name in errors else None,
                reprojection_px=float(errors[name].mean()) if len(errors.get(name, ())) else None,
                reason="" if name in placed else "the given poses do not name it",
            )
            for name in photos
        ],
        cameras=[
            CameraReport(
                camera_id=number,
                label="given",
                photos=sum(frame.camera_id == number for frame in cameras.frames),
                width=camera.width,
                height=camera.height,
                model=camera.model,
                params=list(camera.params),
                focal_px=math.sqrt(camera.fx * camera.fy),
                prior_focal_px=None,
                prior_source="",
            )
            for number, camera in sorted(cameras.cameras.items())
        ],
        points=len(cameras.points),
        points_source="given",
        observations=int(tracks.sum()) if len(tracks) else None,
        mean_track_length=float(tracks.mean()) if len(tracks) else None,
        reprojection_px=float(known.mean()) if len(known) else None,
        reprojection_at_detection_px=None,
        model_sizes=[len(cameras.frames)],
        mapper="given",
        reasons=reasons,
        mappers=[],
        agreement=None,
        attempts=[],
        continued=False,
        gps=None,
        up_source=up_source,
        world_from_sfm=np.eye(4).tolist(),
        seconds={},
        advice=advice,
    )
