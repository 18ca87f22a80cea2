"""Find Gaussians that no surface explains: those that stand in the air, and those that only one photo shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calotype import kernels
from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.artifacts.colmap_model import Sightings
from calotype.vision.geometry.projection import project_cam
from calotype.vision.reporting.measured import Floaters
from calotype.vision.splatting.gaussians import Float32, Gaussians

Array = NDArray[np.float64]

_SIDE = 240
"""Long side of the pictures, pixels: enough to tell who covers what, and a second for a hundred of them."""
_MOST_TRAINING, _MOST_HELD_OUT = 96, 24
_CELL = 12
"""Side in pixels of the cells in which depths of points are compared with those of Gaussians."""
_IN_FRONT = 0.6
"""A Gaussian stands in the air where it is nearer than this share of the nearest point around. Points are seldom wrong by
a tenth, and what hides a point from its camera would have kept it from being seen."""
_LEAST_PIXELS = 0.5
"""What a Gaussian must hold of the pictures in which it is in the air, in pixels, to be counted."""
_SHOWN = 0.05
"""Largest share of a pixel from which on a photo shows a Gaussian: training drops those that never reach it."""

Progress = Callable[[int, int], None]


class _Seen(NamedTuple):
    """One picture."""

    weight: Float32
    """[n] pixels that each Gaussian holds."""
    in_the_air: NDArray[np.bool_]
    """[n]."""
    shown: NDArray[np.bool_]
    """[n]."""
    covered: float


def measure_floaters(
    gaussians: Gaussians,
    cameras: CameraSet,
    sightings: Mapping[str, Sightings],
    held_out: frozenset[str],
    *,
    antialiased: bool = False,
    threads: int = 0,
    progress: Progress = lambda _, __: None,
) -> Floaters:
    """What the splat shows from training and held-out views, 240 pixels wide, that no surface explains.

    In the air: a ray from a camera to a point that it sees is free. Where a picture's cell of 12 pixels has such points, a
    Gaussian nearer than 0.6 of the nearest of them, the cells around included, hangs before them. Seen once: exactly one of
    the training views looked at gives it 5 % of a pixel or more, so that nothing says at what distance it is. Of many
    views an even selection is looked at.
    """
    usable = gaussians.select(gaussians.finite).with_sh_degree(0)
    training = [frame for frame in cameras.frames if frame.name not in held_out]
    unseen = [frame for frame in cameras.frames if frame.name in held_out]
    looked_at = [*_spread(training, _MOST_TRAINING), *_spread(unseen, _MOST_HELD_OUT)]
    n = len(usable)
    weight, air, trained = np.zeros(n), np.zeros(n), np.zeros(n)
    photos = np.zeros(n, np.int64)
    covered: list[float] = []
    worst, worst_share = "", 0.0
    for done, frame in enumerate(looked_at, start=1):
        seen = _look(usable, cameras, frame, sightings.get(frame.name), antialiased, threads)
        total = float(seen.weight.sum())
        floating = float(seen.weight[seen.in_the_air].sum())
        weight += seen.weight
        air[seen.in_the_air] += seen.weight[seen.in_the_air]
        if frame.name in held_out:
            covered.append(seen.covered)
        else:
            trained += seen.weight
            photos += seen.shown
        if total > 0 and floating / total > worst_share:
            worst, worst_share = frame.name, floating / total
        progress(done, len(looked_at))
    once = photos == 1
    is_known = any(frame.name in sightings for frame in looked_at)
    return Floaters(
        views=len(looked_at),
        gaussians=n,
        in_the_air=int((air >= _LEAST_PIXELS).sum()) if is_known else None,
        in_the_air_share=_share(air.sum(), weight.sum()) if is_known else None,
        worst=worst,
        worst_share=worst_share,
        seen_once=int(once.sum()),
        seen_once_share=_share(trained[once].sum(), trained.sum()),
        covered=float(np.mean(covered)) if covered else None,
    )


def _look(
    gaussians: Gaussians,
    cameras: CameraSet,
    frame: Frame,
    sighted: Sightings | None,
    antialiased: bool,
    threads: int,
) -> _Seen:
    camera = _small(cameras.camera_of(frame))
    size = (camera.width, camera.height)
    projected = kernels.project(
        gaussians.means,
        gaussians.q_wxyz,
        gaussians.log_scales,
        gaussians.logit_opacities,
        gaussians.sh,
        gaussians.sh_degree,
        frame.cam_from_world[:3],
        (camera.fx, camera.fy, camera.cx, camera.cy),
        size,
        antialiased=antialiased,
        threads=threads,
    )
    image = kernels.rasterize(projected, size, threads=threads)
    shares = kernels.contributions(image, projected, np.zeros_like(image.alpha), threads=threads)
    in_the_air = np.zeros(len(gaussians), bool)
    if sighted is not None:
        near = nearest_depths(cameras.points.xyz[sighted.point], camera, frame)
        cells = np.floor(projected.xy / _CELL).astype(int)
        rows, columns = near.shape
        inside = (
            projected.visible.astype(bool)
            & (cells >= 0).all(axis=1)
            & (cells[:, 0] < columns)
            & (cells[:, 1] < rows)
        )
        in_the_air[inside] = projected.depth[inside] < _IN_FRONT * near[cells[inside, 1], cells[inside, 0]]
        in_the_air &= shares.weight_sum > 0
    return _Seen(
        shares.weight_sum, in_the_air, shares.max_weight >= _SHOWN, float((image.alpha >= 0.5).mean())
    )


def nearest_depths(points_world: Array, camera: Camera, frame: Frame) -> Array:
    """[rows, columns] of cells of 12 pixels: least z-depth of the points [m, 3] in a cell and its neighbours, 0 (unknown) for
    a cell without a point of its own."""
    rows, columns = -(-camera.height // _CELL), -(-camera.width // _CELL)
    points_cam = points_world @ frame.R.T + np.asarray(frame.t)
    xy = project_cam(points_cam, camera)
    cells = np.floor(np.nan_to_num(xy, nan=-1) / _CELL).astype(int)
    inside = (cells >= 0).all(axis=1) & (cells[:, 0] < columns) & (cells[:, 1] < rows)
    own = np.full((rows, columns), np.inf)
    np.minimum.at(own, (cells[inside, 1], cells[inside, 0]), points_cam[inside, 2])
    padded = np.pad(own, 1, constant_values=np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).min(axis=(2, 3))
    return np.where(np.isfinite(own), around, 0.0)


def _small(camera: Camera) -> Camera:
    scale = min(1.0, _SIDE / max(camera.width, camera.height))
    width, height = max(1, round(camera.width * scale)), max(1, round(camera.height * scale))
    return camera.without_distortion().resized(width, height)


def _spread(frames: Sequence[Frame], most: int) -> list[Frame]:
    """At most so many frames, evenly spread over all."""
    if len(frames) <= most:
        return list(frames)
    return [frames[index * len(frames) // most] for index in range(most)]


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else 0.0
