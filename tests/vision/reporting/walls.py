"""A wall in front of a row of cameras: points that they see, and Gaussians that show it. What hangs before it can be added."""

from __future__ import annotations

import numpy as np

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.artifacts.colmap_model import Sightings
from calotype.vision.geometry.projection import project
from calotype.vision.splatting.gaussians import Gaussians

CAMERA = Camera("SIMPLE_RADIAL", 480, 360, (400.0, 240.0, 180.0, -0.02))
WALL_Z = 4.0


def wall(cameras: int = 5, *, off_px: float = 0.0) -> tuple[CameraSet, dict[str, Sightings]]:
    """Cameras at z = 0, side by side along x and looking along +z, and a grid of points on the wall at z = 4, with what each
    camera sees of it: `off_px` to the right of where it is."""
    x, y = np.meshgrid(np.linspace(-2.4, 2.4, 33), np.linspace(-1.8, 1.8, 25))
    xyz = np.stack([x.ravel(), y.ravel(), np.full(x.size, WALL_Z)], axis=1)
    frames = tuple(
        Frame(f"{number}.jpg", 1, (1.0, 0.0, 0.0, 0.0), (-place, 0.0, 0.0))
        for number, place in enumerate(np.linspace(-0.5, 0.5, cameras))
    )
    sightings: dict[str, Sightings] = {}
    lengths = np.zeros(len(xyz), np.int32)
    for frame in frames:
        xy = project(xyz, CAMERA, frame.cam_from_world)
        inside = np.flatnonzero(((xy > 0) & (xy < [CAMERA.width, CAMERA.height])).all(axis=1))
        sightings[frame.name] = Sightings(xy[inside] + [off_px, 0.0], inside)
        lengths[inside] += 1
    points = SparsePoints(xyz, np.full((len(xyz), 3), 90, np.uint8), np.full(len(xyz), 0.4), lengths)
    return CameraSet({1: CAMERA}, frames, points), sightings


def gaussians_at(*centres: np.ndarray, size: float = 0.1) -> Gaussians:
    """Round, opaque Gaussians at rows of centres [n, 3]."""
    means = np.concatenate(centres).astype(np.float32)
    n = len(means)
    return Gaussians(
        means=means,
        q_wxyz=np.tile(np.array([1, 0, 0, 0], np.float32), (n, 1)),
        log_scales=np.full((n, 3), np.log(size), np.float32),
        logit_opacities=np.full(n, 3.0, np.float32),
        sh=np.zeros((n, 1, 3), np.float32),
    )
