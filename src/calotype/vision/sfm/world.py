"""Give a reconstruction a sensible world frame: level, centred, and of human size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import CameraSet
from calotype.vision.geometry.alignment import Similarity
from calotype.vision.sfm.georeference import GeoFit, upright_rotation

Array = NDArray[np.float64]

# Mean squared part of the cameras' x axes along their second direction: 0.03 is cameras that turn by some 10 degrees.
_LEAST_TURNING = 0.03


@dataclass(frozen=True)
class Up:
    """The direction away from gravity in a world frame."""

    direction: Array
    """Unit vector [3]."""
    source: str
    """How it was found, in words."""


def estimate_up(cameras: CameraSet) -> Up:
    """Which way is up, judged by how cameras are held.

    People hold cameras level, so the cameras' x axes are horizontal; where they turn enough, the direction that is most
    perpendicular to all of them is the vertical (Brown and Lowe, "Automatic panoramic image stitching using invariant
    features", 2007, section 5). Cameras that all face one way leave it open; there the mean of their own up axes is taken.
    """
    R = np.array([frame.R for frame in cameras.frames])
    mean_up = -R[:, 1].mean(axis=0)
    values, vectors = np.linalg.eigh(R[:, 0].T @ R[:, 0] / len(R))
    level = vectors[:, 0]
    if values[1] > _LEAST_TURNING and values[0] < 0.3 * values[1]:
        sign = level @ mean_up
        if abs(sign) < 0.2:
            # The up axes cancel: seen from above, all headings. The cameras look down.
            sign = -level @ R[:, 2].mean(axis=0)
        return Up(level if sign > 0 else -level, "the cameras' horizontal axes")
    length = float(np.linalg.norm(mean_up))
    if length < 0.2:
        return Up(-R[0, 1], "the first camera's up axis")
    return Up(mean_up / length, "the mean of the cameras' up axes")


def level_world(cameras: CameraSet, geo: GeoFit | None) -> tuple[Similarity, Up]:
    """world_from_sfm and the up direction it is based on.

    In the new world -Y is up. The origin is the median of the points, and the median camera is one unit from it, so that
    near planes and learning rates mean the same in every scene. With GPS that determines the vertical, +Z is north and +X
    east; else +Z is the direction in which the cameras look on average, or the first one where that cancels. It is a frame
    for computing: metres are reached by the similarity that the report holds.
    """
    if geo is not None and geo.gives_vertical:
        up = Up(geo.enu_from_sfm.R.T @ np.array([0.0, 0.0, 1.0]), "GPS positions")
        forward = geo.enu_from_sfm.R.T @ np.array([0.0, 1.0, 0.0])
    else:
        up = estimate_up(cameras)
        forward = _heading(cameras, up.direction)
    down = -up.direction / np.linalg.norm(up.direction)
    right = np.cross(down, forward)
    right /= np.linalg.norm(right)
    R = np.stack([right, down, np.cross(right, down)])
    # The median is taken along the axes of the level frame: along those of the mapper it would depend on their chance directions.
    centres = cameras.centres_world() @ R.T
    middle = np.median(cameras.points.xyz @ R.T, axis=0) if len(cameras.points) else centres.mean(axis=0)
    distance = float(np.median(np.linalg.norm(centres - middle, axis=1)))
    scale = 1.0 / distance if distance > 1e-12 else 1.0
    return Similarity(scale, R, -scale * middle), up


def _heading(cameras: CameraSet, up: Array) -> Array:
    """A horizontal direction: where the cameras look on average, or where one of them does."""
    views = np.array([frame.R[2] for frame in cameras.frames])
    for candidate in (views.mean(axis=0), *views, *(-frame.R[1] for frame in cameras.frames)):
        flat = candidate - (candidate @ up) * up
        if np.linalg.norm(flat) > 0.3:
            return flat / np.linalg.norm(flat)
    return upright_rotation(up)[0]
