"""Run COLMAP's incremental and global mappers over a database of matches."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from calotype.vision.sfm.database import MatchDatabase

log = logging.getLogger(__name__)

Progress = Callable[[int, int | None, str], None]
MapperName = Literal["incremental", "global"]


@dataclass(frozen=True)
class MapperRun:
    """What one mapper made of the matches."""

    mapper: MapperName
    models: tuple[Any, ...]
    """COLMAP reconstructions, the one with most photos first; none if mapping failed."""
    seconds: float
    failure: str = ""
    """The error it stopped with; empty where it ended by itself."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Photos per model."""
        return tuple(int(model.num_reg_images()) for model in self.models)


def calibrated_copy(database: MatchDatabase, target: Path, seed: int) -> MatchDatabase:
    """A copy for the mappers, with focal lengths estimated from the view graph where EXIF gives none.

    Without it a mapper begins at 1.2 times the longer side, which was 66 % off for a phone film (2304 px against 1385).
    Method: Sweeney et al., "Optimizing the viewing graph for structure-from-motion", 2015, in COLMAP's implementation.
    COLMAP refuses where too few pairs agree; then the first guess stays.
    """
    import pycolmap

    copy = MatchDatabase(database.copy_to(target))
    cameras = pycolmap.Database.open(copy.path)
    try:
        guessed = any(not camera.has_prior_focal_length for camera in cameras.read_all_cameras())
    finally:
        cameras.close()
    if guessed:
        options = pycolmap.ViewGraphCalibrationOptions()
        options.random_seed = seed
        if not pycolmap.calibrate_view_graph(copy.path, options):
            log.info("focal lengths could not be estimated from the matches; mapping begins at a guess")
            database.copy_to(target)
    return copy


def run_mapper(
    mapper: MapperName,
    database: MatchDatabase,
    workdir: Path,
    photos: int,
    loosened: bool,
    seed: int,
    threads: int,
    progress: Progress,
) -> MapperRun:
    """All models that one mapper finds, largest first. `database` should be a copy: mappers may write to it.

    An error of COLMAP's is part of the answer, since another mapper or another rung may have a good model.
    """
    out = workdir / f"models_{mapper}"
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    run = _incremental if mapper == "incremental" else _global
    try:
        found = run(database.path, out, photos, loosened, seed, threads, progress)
    except (ValueError, RuntimeError) as error:
        # `progress` may raise our own errors, which are neither; COLMAP's bindings raise these two.
        log.warning("COLMAP's %s mapper stopped: %s", mapper, error)
        return MapperRun(mapper, (), time.monotonic() - began, str(error))
    models = sorted(
        found.values(), key=lambda model: (-model.num_reg_images(), -model.compute_num_observations())
    )
    usable = tuple(model for model in models if model.num_reg_images() >= 2)
    return MapperRun(mapper, usable, time.monotonic() - began)


def _incremental(
    path: Path, out: Path, photos: int, loosened: bool, seed: int, threads: int, progress: Progress
) -> dict[int, Any]:
    import pycolmap

    options = pycolmap.IncrementalPipelineOptions()
    options.num_threads = threads
    options.random_seed = seed
    options.extract_colors = False  # ours come from the photos under their real names
    options.min_model_size = 3
    options.max_num_models = 10
    # COLMAP adjusts everything whenever the model has grown by 10 %, up to five times over and each time to the last digit. Less
    # often, once, and until little changes placed the same photos with the same errors: 23 processor seconds instead of 57 for
    # 200 photos, 3.2 instead of 8.6 for 50 of a phone.
    options.ba_global_frames_ratio = options.ba_global_points_ratio = 1.4
    options.ba_global_max_refinements = options.ba_local_max_refinements = 1
    options.ba_global_function_tolerance, options.ba_local_function_tolerance = 1e-5, 1e-4
    if loosened:
        options.min_num_matches = 10
        options.mapper.init_min_num_inliers = 40
        options.mapper.init_min_tri_angle = 5.0
        options.mapper.abs_pose_min_num_inliers = 18
    reached = 0

    def tick() -> None:
        nonlocal reached
        # COLMAP calls for each attempt and starts anew for each model: more calls than photos.
        reached = min(photos, reached + 1)
        progress(reached, photos, "placing photos one by one")

    progress(0, photos, "placing photos one by one")
    return dict(
        pycolmap.incremental_mapping(
            path, out, out, options, initial_image_pair_callback=tick, next_image_callback=tick
        )
    )


def _global(
    path: Path, out: Path, photos: int, loosened: bool, seed: int, threads: int, progress: Progress
) -> dict[int, Any]:
    import pycolmap

    options = pycolmap.GlobalPipelineOptions()
    options.num_threads = threads
    options.random_seed = seed
    options.min_model_size = 3
    options.mapper.global_positioning.use_gpu = False
    options.mapper.bundle_adjustment.ceres.use_gpu = False
    if loosened:
        options.min_num_matches = 10
        options.mapper.rotation_averaging.max_rotation_error_deg = 20.0
    progress(0, None, "placing all photos at once")
    return dict(pycolmap.global_mapping(path, out, out, options))


def order_of_mappers(asked: str) -> Sequence[MapperName]:
    """Which mapper runs first, and which may follow.

    Incremental mapping places more photos of some small sets (kermit 11 of 11 against 10), global mapping of others; it took less
    time of every set measured: 1.0 against 2.3 processor seconds for 25 photos, 23 against 85 for 200.
    """
    if asked == "incremental":
        return ("incremental",)
    if asked == "global":
        return ("global",)
    return ("incremental", "global")
