"""Where training begins: sparse points, made denser by comparing neighbouring photos where there are few."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from calotype.artifacts.cameras import CameraSet
from calotype.vision.sfm.seeds import swept_points
from calotype.vision.splatting.gaussians import Gaussians, from_points
from calotype.vision.splatting.options import TrainOptions
from calotype.vision.splatting.views import Progress


def initial_gaussians(
    cameras: CameraSet,
    photos: Mapping[str, Path],
    options: TrainOptions,
    progress: Progress,
    threads: int = 0,
) -> Gaussians:
    """Gaussians at the cameras' points and, where these are fewer than `options.initial_points`, at more that a plane sweep finds.

    `photos` gives the file of each frame of `cameras`; frames without one are not compared. The same bits for any number of
    threads. To begin densely is the idea of EDGS (Kotovenko et al. 2025); what it gains here is in bench/results.
    """
    xyz, rgb = cameras.points.xyz, cameras.points.rgb
    wanted = min(options.initial_points, options.gaussians) - len(xyz)
    frames = tuple(frame for frame in cameras.frames if frame.name in photos)
    if wanted > 0 and len(frames) > 1:
        there = CameraSet(cameras=cameras.cameras, frames=frames, points=cameras.points)
        more = swept_points(there, photos, wanted, options.seed, progress, threads)
        xyz, rgb = np.concatenate([xyz, more.xyz]), np.concatenate([rgb, more.rgb])
    return from_points(xyz, rgb, limit=options.gaussians, seed=options.seed)
