"""Lay a reconstruction over GPS positions, and say how well they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import CameraSet
from calotype.vision.geometry.alignment import Similarity, is_collinear, umeyama
from calotype.vision.sfm.geodesy import enu_origin, enu_positions
from calotype.vision.sfm.photos import Photo

Array = NDArray[np.float64]

# Positions whose spread across the main direction is this many times the residual determine the vertical by themselves.
_TRUSTED_SPREAD = 4.0
LEAST_POSITIONS = 4


@dataclass(frozen=True)
class GeoFit:
    """The similarity from a reconstruction to metres east, north and up, and its residuals."""

    enu_from_sfm: Similarity
    origin: tuple[float, float, float]
    """Latitude and longitude in degrees, altitude in metres, of the ENU frame's origin."""
    names: tuple[str, ...]
    """Photos with a position that are part of the model."""
    horizontal_rms_m: float
    horizontal_max_m: float
    vertical_rms_m: float
    extent_m: float
    """Diagonal of the positions' horizontal bounding box."""
    gives_vertical: bool
    """Whether the positions determine the vertical; else it was taken from how the cameras were held."""


def fit_gps(cameras: CameraSet, photos: Sequence[Photo], up: Array) -> GeoFit | None:
    """The best similarity to the photos' GPS positions; None if fewer than four registered photos have one.

    Positions that spread in two directions well beyond their error fix all seven parameters (Umeyama's method). A walk
    along a street does not: a turn about it costs nothing, and the altitude's error would decide it. There the
    reconstruction's own `up` [3] is kept and only heading, scale and shift are fitted.
    """
    by_name = {photo.name: photo.gps for photo in photos}
    frames = [frame for frame in cameras.frames if by_name.get(frame.name) is not None]
    if len(frames) < LEAST_POSITIONS:
        return None
    positions = [by_name[frame.name] for frame in frames]
    origin = enu_origin(positions)
    target = enu_positions(positions, origin)
    source = np.array([frame.centre_world for frame in frames])
    extent_m = float(np.linalg.norm(np.ptp(target[:, :2], axis=0)))
    if extent_m <= 0 or np.ptp(source, axis=0).max() <= 0:
        return None
    fitted = _level(source, target, up)
    gives_vertical = False
    if not is_collinear(source) and not is_collinear(target):
        free = umeyama(source, target)
        residual = np.sqrt(np.mean(np.sum((free.apply(source) - target) ** 2, axis=1)))
        across = np.linalg.svd(target[:, :2] - target[:, :2].mean(axis=0), compute_uv=False)[1] / np.sqrt(
            len(target)
        )
        gives_vertical = bool(across > _TRUSTED_SPREAD * residual)
        fitted = free if gives_vertical else fitted
    off = fitted.apply(source) - target
    horizontal = np.linalg.norm(off[:, :2], axis=1)
    return GeoFit(
        fitted,
        origin,
        tuple(frame.name for frame in frames),
        float(np.sqrt(np.mean(horizontal**2))),
        float(horizontal.max()),
        float(np.sqrt(np.mean(off[:, 2] ** 2))),
        extent_m,
        gives_vertical,
    )


def upright_rotation(up: Array) -> Array:
    """A rotation [3, 3] that turns `up` into +Z; which way it leaves the horizontal axes is arbitrary but fixed."""
    z = up / np.linalg.norm(up)
    helper = np.eye(3)[int(np.argmin(np.abs(z)))]
    x = np.cross(helper, z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z])


def _level(source: Array, target: Array, up: Array) -> Similarity:
    """Heading, scale and shift that fit best while `up` becomes +Z: a similarity of the plane as one complex factor."""
    level = upright_rotation(up)
    flat = source @ level.T
    a = (flat - flat.mean(axis=0)) @ np.array([1, 1j, 0])
    b = (target - target.mean(axis=0)) @ np.array([1, 1j, 0])
    factor = np.vdot(a, b) / max(float(np.vdot(a, a).real), 1e-300)
    scale, heading = max(float(abs(factor)), 1e-12), float(np.angle(factor))
    turn = np.array(
        [[np.cos(heading), -np.sin(heading), 0], [np.sin(heading), np.cos(heading), 0], [0, 0, 1.0]]
    )
    R = turn @ level
    return Similarity(scale, R, target.mean(axis=0) - scale * (R @ source.mean(axis=0)))
