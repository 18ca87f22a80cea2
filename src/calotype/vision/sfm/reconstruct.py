"""Find where photos were taken: camera poses, intrinsics and sparse points, by structure from motion."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from calotype.artifacts.cameras import CameraSet
from calotype.errors import PhotosDoNotConnect, StageFailed, TooFewImages
from calotype.vision.geometry.alignment import Similarity, moved
from calotype.vision.sfm.colours import point_colours
from calotype.vision.sfm.database import MatchDatabase
from calotype.vision.sfm.explain import advice, does_not_connect, photo_reports
from calotype.vision.sfm.georeference import fit_gps
from calotype.vision.sfm.judge import Candidate
from calotype.vision.sfm.ladder import Attempt, Job, climb
from calotype.vision.sfm.learned import read_learned_features
from calotype.vision.sfm.matching import Sift
from calotype.vision.sfm.model import Model
from calotype.vision.sfm.options import SfmOptions, thread_count
from calotype.vision.sfm.photos import CameraGroup, Photo, camera_groups, read_photos
from calotype.vision.sfm.refine import refine
from calotype.vision.sfm.report import CameraReport, MapperReport, SfmReport, gps_report
from calotype.vision.sfm.stopwatch import Stopwatch
from calotype.vision.sfm.world import estimate_up, level_world

Progress = Callable[[int, int | None, str], None]

LEAST_PHOTOS = 5
"""Fewer photos make no scene worth training, and mappers accept chance agreements among them."""


@dataclass(frozen=True)
class SfmResult:
    """Poses in the final world frame, and everything that is known about them."""

    cameras: CameraSet
    report: SfmReport
    reconstruction: Any
    """COLMAP's object with tracks, in the same frame, its images named as the photos."""


def reconstruct(
    photos: Sequence[tuple[str, Path]],
    options: SfmOptions,
    workdir: Path,
    database: Path,
    progress: Progress,
    saved: Callable[[], None],
    weights: Path | None = None,
) -> SfmResult:
    """Poses, intrinsics and points of the photos, given as (name, path) with upright pictures.

    `database` is the checkpoint: a killed call that is made again with the same file does only the rest of the keypoints
    and matches. `saved` is called whenever that file is whole and closed, so that it may be copied. What `progress` or
    `saved` raise ends the call. With `weights` (see `read_learned_features`) keypoints are learned ones instead of SIFT's.
    The world frame is described at `level_world`. Raises TooFewImages for fewer than five photos and PhotosDoNotConnect
    when the largest model holds fewer than five or than `min_registered_fraction` of them; UnreadableInput for a file that
    is no photo, or weights that are none; StageFailed when COLMAP itself failed in all attempts. An error in one of them,
    or in one of two mappers, leaves what the others found.

    COLMAP may abort the process on rare inputs: run it in a child (`calotype.vision.sfm.child`).
    """
    if len(photos) < LEAST_PHOTOS:
        raise TooFewImages(
            f"{len(photos)} photos are too few for camera poses; at least {LEAST_PHOTOS} are needed, and 20 to 200 make a "
            "good scene."
        )
    method = Sift() if weights is None else read_learned_features(weights)
    workdir.mkdir(parents=True, exist_ok=True)
    facts = read_photos(photos)
    groups = camera_groups(facts, options.cameras)
    store = MatchDatabase(database)
    lens = "SIMPLE_RADIAL" if options.camera_model == "auto" else options.camera_model
    continued = store.prepare(facts, groups, lens)
    watch = Stopwatch()
    threads = thread_count(options.threads)
    job = Job(facts, groups, options, method, threads, workdir, store, progress, saved, watch)
    attempts = climb(job)
    best = max(attempts, key=lambda attempt: attempt.registered)
    if best.chosen is None and all(attempt.failure for attempt in attempts):
        raise StageFailed(f"COLMAP stopped with an error in every attempt: {best.failure}")
    least = max(LEAST_PHOTOS, math.ceil(options.min_registered_fraction * len(facts)))
    if best.chosen is None or best.registered < least:
        raise PhotosDoNotConnect(does_not_connect(facts, attempts, least))
    return _finished(job, attempts, best, best.chosen, continued)


def _finished(
    job: Job, attempts: Sequence[Attempt], best: Attempt, chosen: Candidate, continued: bool
) -> SfmResult:
    """The chosen model polished, coloured, put into the world frame, and reported."""
    with job.watch.measure("refinement"):
        job.progress(0, None, "refining the lens model")
        free = job.options.camera_model == "auto"
        model, gained = refine(chosen.model, job.photos, free, job.threads)
    with job.watch.measure("colours"):
        job.progress(0, None, "colouring points")
        paths = {photo.name: photo.path for photo in job.photos}
        rgb = point_colours(model, paths, job.threads)
    coloured = replace(model.cameras, points=replace(model.cameras.points, rgb=rgb))
    geo = fit_gps(coloured, job.photos, estimate_up(coloured).direction)
    world_from_sfm, up = level_world(coloured, geo)
    cameras = moved(coloured, world_from_sfm)
    gps = None if geo is None else gps_report(geo, world_from_sfm)
    photos = photo_reports(job.photos, replace(best, chosen=replace(chosen, model=model)))
    scale = max(max(camera.width, camera.height) for camera in cameras.cameras.values())
    report = SfmReport(
        features=job.method.name,
        registered=model.registered,
        photos=photos,
        cameras=_camera_reports(cameras, job.groups),
        points=len(cameras.points),
        points_source="triangulated",
        observations=len(model.observations.point),
        mean_track_length=model.mean_track_length,
        reprojection_px=model.reprojection_px,
        reprojection_at_detection_px=model.reprojection_px
        * min(1.0, job.options.max_image_side * (1.5 if best.rung.harder_features else 1.0) / scale),
        model_sizes=list(chosen.run.sizes),
        mapper=chosen.run.mapper,
        reasons=[*best.report.reasons, *([gained] if gained else [])],
        mappers=_mapper_reports(best),
        agreement=best.agreement,
        attempts=[attempt.report for attempt in attempts],
        continued=continued,
        gps=gps,
        up_source=up.source,
        world_from_sfm=world_from_sfm.matrix.tolist(),
        seconds=job.watch.seconds,
        processor_seconds=job.watch.processor_seconds,
        advice=advice(photos, replace(chosen, model=model), chosen.run.sizes, gps),
    )
    return SfmResult(cameras, report, _moved_reconstruction(model, rgb, world_from_sfm, job.photos))


def _moved_reconstruction(
    model: Model, rgb: np.ndarray, world_from_sfm: Similarity, photos: Sequence[Photo]
) -> Any:
    import pycolmap

    result = pycolmap.Reconstruction(model.reconstruction)
    matrix = world_from_sfm.matrix[:3]
    result.transform(pycolmap.Sim3d(np.ascontiguousarray(matrix)))
    for row, number in enumerate(sorted(result.points3D)):
        result.points3D[number].color = rgb[row]
    for image_id, image in result.images.items():
        image.name = photos[int(image_id) - 1].name
    return result


def _camera_reports(cameras: CameraSet, groups: Sequence[CameraGroup]) -> list[CameraReport]:
    group_of = {name: group for group in groups for name in group.photos}
    reports: list[CameraReport] = []
    for number, camera in sorted(cameras.cameras.items()):
        frames = [frame for frame in cameras.frames if frame.camera_id == number]
        group = group_of[frames[0].name]
        reports.append(
            CameraReport(
                camera_id=number,
                label=group.label,
                photos=len(frames),
                width=camera.width,
                height=camera.height,
                model=camera.model,
                params=list(camera.params),
                focal_px=(camera.fx + camera.fy) / 2,
                prior_focal_px=group.focal_px,
                prior_source=group.focal_source,
            )
        )
    return reports


def _mapper_reports(attempt: Attempt) -> list[MapperReport]:
    by_mapper = {candidate.run.mapper: candidate for candidate in attempt.candidates}
    reports: list[MapperReport] = []
    for run in attempt.runs:
        candidate = by_mapper.get(run.mapper)
        model = candidate.model if candidate else None
        geo = candidate.geo if candidate else None
        reports.append(
            MapperReport(
                mapper=run.mapper,
                chosen=attempt.chosen is not None and attempt.chosen.run.mapper == run.mapper,
                model_sizes=list(run.sizes),
                registered=model.registered if model else 0,
                points=len(model.cameras.points) if model else 0,
                observations=len(model.observations.point) if model else 0,
                mean_track_length=model.mean_track_length if model else 0.0,
                reprojection_px=model.reprojection_px if model and len(model.observations.point) else None,
                focal_px=[camera.fx for camera in model.cameras.cameras.values()] if model else [],
                gps_horizontal_rms_m=geo.horizontal_rms_m if geo else None,
                seconds=run.seconds,
            )
        )
    return reports
