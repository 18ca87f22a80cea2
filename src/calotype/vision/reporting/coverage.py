"""Measure on a sparse model how well the photos tell about the scene: tracks, reprojection, directions, bare pictures."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import CameraSet
from calotype.artifacts.colmap_model import Sightings
from calotype.vision.geometry.projection import project
from calotype.vision.reporting.measured import Coverage, Histogram

Array = NDArray[np.float64]

_LONGEST_TRACK = 12
_ERROR_EDGES_PX = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
_CELLS = 12
_STEEP_DEG = 70.0
"""A camera that looks up or down more steeply has no direction on the circle worth the name."""


def track_lengths(cameras: CameraSet) -> Histogram | None:
    """How many points are seen in 2, 3, ... photos; None where the model keeps no tracks."""
    lengths = cameras.points.track_length
    known = lengths[lengths > 0]
    if len(known) == 0:
        return None
    longest = int(min(max(known.max(), 3), _LONGEST_TRACK))
    counts = [int((known == length).sum()) for length in range(2, longest)]
    labels = [str(length) for length in range(2, longest)]
    return Histogram(
        (*labels, f"{longest}+" if known.max() > longest else str(longest)),
        (*counts, int((known >= longest).sum())),
        float(np.median(known)),
        "points",
    )


def reprojection_errors(cameras: CameraSet, sightings: Mapping[str, Sightings]) -> Histogram | None:
    """How far, in pixels of the full photos, points lie from where photos see them; None where nothing is known.

    One count per observation; where the model keeps none, one per point, of the mean error that it states.
    """
    errors, counted = observation_errors(cameras, sightings), "observations"
    if len(errors) == 0:
        stated = cameras.points.error_px
        errors, counted = stated[np.isfinite(stated)], "points"
    if len(errors) == 0:
        return None
    edges = np.array([*_ERROR_EDGES_PX, np.inf])
    counts, _ = np.histogram(errors, edges)
    labels = [f"{low:g}–{high:g}" for low, high in pairwise(edges[:-1])]
    return Histogram(
        (*labels, f"{_ERROR_EDGES_PX[-1]:g}+"),
        tuple(int(count) for count in counts),
        float(np.median(errors)),
        counted,
    )


def observation_errors(cameras: CameraSet, sightings: Mapping[str, Sightings]) -> Array:
    """[m] distances in pixels between keypoints and their projected points, those behind a camera left out."""
    found: list[Array] = []
    for frame in cameras.frames:
        seen = sightings.get(frame.name)
        if seen is None:
            continue
        at = project(cameras.points.xyz[seen.point], cameras.camera_of(frame), frame.cam_from_world)
        found.append(np.linalg.norm(at - seen.xy, axis=1))
    errors = np.concatenate(found) if found else np.zeros(0)
    return errors[np.isfinite(errors)]


def coverage_of(
    cameras: CameraSet, sightings: Mapping[str, Sightings], *, is_level: bool = True
) -> Coverage | None:
    """Directions that the cameras look in, and the share of each picture that has points; None without cameras.

    Up is the world's -Y if the world `is_level`, else what is up in most pictures.
    """
    if not cameras.frames:
        return None
    rotations = np.array([frame.R for frame in cameras.frames])
    forward = rotations[:, 2]
    up = np.array([0.0, -1.0, 0.0])
    upright = -rotations[:, 1].mean(axis=0)
    # Cameras that roll all the way round have no common up: the world's is as good as any.
    if not is_level and np.linalg.norm(upright) > 1e-6:
        up = upright / np.linalg.norm(upright)
    rise = np.degrees(np.arcsin(np.clip(forward @ up, -1, 1)))
    side = np.cross(up, np.eye(3)[int(np.argmin(np.abs(up)))])
    side /= np.linalg.norm(side)
    yaw = np.degrees(np.arctan2(forward @ np.cross(up, side), forward @ side))
    around = yaw[np.abs(rise) < _STEEP_DEG]
    return Coverage(
        yaw_deg=_arc_deg(around) if 2 * len(around) > len(yaw) else None,
        pitch_deg=(float(rise.min()), float(rise.max())),
        picture={
            frame.name: _share_with_points(
                sightings[frame.name].xy, cameras.camera_of(frame).width, cameras.camera_of(frame).height
            )
            for frame in cameras.frames
            if frame.name in sightings
        },
    )


def _arc_deg(yaw_deg: Array) -> float:
    """The circle without its largest gap, 0 for fewer than two directions."""
    if len(yaw_deg) < 2:
        return 0.0
    ordered = np.sort(yaw_deg)
    gaps = np.diff(np.append(ordered, ordered[0] + 360))
    return float(360 - gaps.max())


def _share_with_points(xy: Array, width: int, height: int) -> float:
    """Of _CELLS by _CELLS equal cells of a picture, the share that holds a point."""
    cells = np.floor(xy / [width, height] * _CELLS).astype(int)
    inside = ((cells >= 0) & (cells < _CELLS)).all(axis=1)
    return len(np.unique(cells[inside] @ [1, _CELLS])) / _CELLS**2
