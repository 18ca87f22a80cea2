"""Initial points where poses bring few or none, found by comparing patches of neighbouring photos along viewing rays.

A small plane sweep (Collins, "A space-sweep approach to true multi-image matching", 1996) at textured pixels only. No keypoint is
matched. Only where very few pixels find an agreeing depth, points are drawn at random from the volume that the cameras look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera, CameraSet, SparsePoints
from calotype.vision.geometry.projection import points_from_depth
from calotype.vision.images.decode import load_rgb
from calotype.vision.images.undistort import undistorted
from calotype.vision.sfm.options import thread_count

Progress = Callable[[int, int | None, str], None]
Array = NDArray[np.float64]
_Done = TypeVar("_Done")

_LONGER_SIDE = 480
_DEPTHS = 128
_NEIGHBOURS = 4
_PATCH = 2  # pixels to each side of the middle one
# Neighbours seen from the subject under about this angle: wide enough for depth, narrow enough to look alike.
_BEST_PARALLAX_DEG = 12.0
# Measured on a procedural scene with exact depth (24 photos on a circle): of what passes, nine in ten are within 5 %.
_LEAST_CORRELATION = 0.85
# A depth whose correlation is hardly better than that of a quite different one is a repeated pattern or a bare wall.
_LEAST_LEAD = 0.08
_LEAST_TEXTURE = 4.0
# 0.1 MB each, whatever is asked; and OpenCV refuses to look up more than 32,766 rows at once.
_PIXELS_AT_ONCE = 512


@dataclass(frozen=True)
class _View:
    """A small, straightened photo with its pinhole camera."""

    rgb: NDArray[np.uint8]
    grey: NDArray[np.float32]
    camera: Camera
    cam_from_world: Array


def seed_points(
    cameras: CameraSet,
    photos: Mapping[str, Path],
    count: int,
    seed: int,
    progress: Progress,
    threads: int = 0,
) -> SparsePoints:
    """Between a quarter of `count` and `count` coloured points in the world frame, for poses that came without any.

    As `swept_points`; what is missing to a quarter is drawn at random from the volume that the cameras look at.
    """
    views, found = _sweep(cameras, photos, count, seed, progress, threads)
    missing = count // 4 - len(found)
    if missing > 0:
        rng = np.random.default_rng(seed)
        xyz, rgb = _at_random(views, viewing_distance(cameras), missing, rng)
        return _points(np.concatenate([found.xyz, xyz]), np.concatenate([found.rgb, rgb]))
    return found


def swept_points(
    cameras: CameraSet,
    photos: Mapping[str, Path],
    count: int,
    seed: int,
    progress: Progress,
    threads: int = 0,
) -> SparsePoints:
    """At most `count` coloured points in the world frame, those whose depth is clear; errors are NaN and track lengths 0.

    `photos` gives the file of each frame; the cameras' intrinsics must belong to these files. Depths are searched from a
    fifth to five times the distance to what the cameras look at. The same `seed` gives the same points for any number of
    threads (0 for all).
    """
    return _sweep(cameras, photos, count, seed, progress, threads)[1]


def _sweep(
    cameras: CameraSet,
    photos: Mapping[str, Path],
    count: int,
    seed: int,
    progress: Progress,
    threads: int,
) -> tuple[list[_View], SparsePoints]:
    """The photos as they were compared, and what was found."""
    distance = viewing_distance(cameras)
    # About half of the pixels tried find no clear depth.
    tried = max(1, 2 * count // max(1, len(cameras.frames)))
    pool = ThreadPoolExecutor(thread_count(threads))
    try:
        waiting = [
            pool.submit(_view, photos[frame.name], cameras.camera_of(frame), frame.cam_from_world)
            for frame in cameras.frames
        ]
        views = _collected(waiting, "reading photos for initial points", progress)
        sweeps = [
            pool.submit(
                _swept,
                view,
                [views[other] for other in _neighbours(cameras, number, distance)],
                distance,
                tried,
                np.random.default_rng((seed, number)),
            )
            for number, view in enumerate(views)
        ]
        swept = _collected(sweeps, "searching depths for initial points", progress)
    finally:
        pool.shutdown(cancel_futures=True)
    found = np.concatenate([xyz for xyz, _ in swept])
    colours = np.concatenate([rgb for _, rgb in swept])
    if len(found) > count:
        kept = np.sort(np.random.default_rng(seed).choice(len(found), count, replace=False))
        found, colours = found[kept], colours[kept]
    return views, _points(found, colours)


def _points(xyz: Array, rgb: NDArray[np.uint8]) -> SparsePoints:
    return SparsePoints(xyz, rgb, np.full(len(xyz), np.nan), np.zeros(len(xyz), np.int32))


def _collected(waiting: Sequence[Future[_Done]], note: str, progress: Progress) -> list[_Done]:
    """The results in order; `progress` runs in this thread and may raise."""
    results: list[_Done] = []
    for done, future in enumerate(waiting):
        progress(done, len(waiting), note)
        results.append(future.result())
    return results


def viewing_distance(cameras: CameraSet) -> float:
    """How far away the subject is, in scene units: the median distance to the point nearest to all optical axes.

    Cameras that look in parallel, or apart, have no such point; there ten times the median distance between neighbours is
    taken, which is what hand-held captures of a facade or a room come to.
    """
    centres = cameras.centres_world()
    axes = np.array([frame.R[2] for frame in cameras.frames])
    across = np.eye(3) - axes[:, :, None] * axes[:, None, :]
    total = across.sum(axis=0)
    if np.linalg.cond(total) < 1e4:
        focus = np.linalg.solve(total, np.einsum("nij,nj->i", across, centres))
        ahead = np.einsum("nj,nj->n", focus - centres, axes)
        if np.mean(ahead > 0) > 0.8:
            return float(np.median(ahead[ahead > 0]))
    gaps = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    nearest = gaps.min(axis=1)
    step = float(np.median(nearest[np.isfinite(nearest)])) if len(centres) > 1 else 0.1
    return 10.0 * step if step > 0 else 1.0


def _view(path: Path, camera: Camera, cam_from_world: Array) -> _View:
    import cv2

    rgb = load_rgb(path, _LONGER_SIDE)
    rgb, pinhole = undistorted(rgb, camera.resized(rgb.shape[1], rgb.shape[0]))
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), dtype=np.float32)
    return _View(rgb, grey, pinhole, cam_from_world)


def _neighbours(cameras: CameraSet, number: int, distance: float) -> list[int]:
    """The views that see the middle of this view's subject under the most useful angle, of those which look the same way."""
    me = cameras.frames[number]
    subject = me.centre_world + distance * me.R[2]
    ray = me.R[2]
    ranked: list[tuple[float, int]] = []
    for other, frame in enumerate(cameras.frames):
        offset = subject - frame.centre_world
        length = float(np.linalg.norm(offset))
        if other == number or length < 1e-9 or frame.R[2] @ me.R[2] < 0.5:
            continue
        angle = float(np.degrees(np.arccos(np.clip(offset @ ray / length, -1, 1))))
        if 1.0 < angle < 45.0:
            ranked.append((abs(np.log(angle / _BEST_PARALLAX_DEG)), other))
    return [other for _, other in sorted(ranked)[:_NEIGHBOURS]]


def _swept(
    view: _View, neighbours: list[_View], distance: float, count: int, rng: np.random.Generator
) -> tuple[Array, NDArray[np.uint8]]:
    """World points [n, 3] and colours of those textured pixels whose best depth is clear."""
    xyz: list[Array] = [np.zeros((0, 3))]
    rgb: list[NDArray[np.uint8]] = [np.zeros((0, 3), np.uint8)]
    pixels = _textured_pixels(view.grey, count, rng) if neighbours else np.zeros((0, 2), np.int64)
    for start in range(0, len(pixels), _PIXELS_AT_ONCE):
        part = pixels[start : start + _PIXELS_AT_ONCE]
        z, good = _clear_depths(view, neighbours, distance, part)
        points_cam = points_from_depth(part + 0.5, z, view.camera)
        R, t = view.cam_from_world[:3, :3], view.cam_from_world[:3, 3]
        xyz.append(((points_cam - t) @ R)[good])
        rgb.append(view.rgb[part[good, 1], part[good, 0]])
    return np.concatenate(xyz), np.concatenate(rgb)


def _clear_depths(
    view: _View, neighbours: list[_View], distance: float, pixels: NDArray[np.int64]
) -> tuple[Array, NDArray[np.bool_]]:
    """For pixels [m, 2]: z-depths [m] where the neighbours agree best, and where that best is clear."""
    inverse = np.linspace(5.0 / distance, 0.2 / distance, _DEPTHS)
    grid = np.arange(-_PATCH, _PATCH + 1)
    offsets = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    patch = pixels[:, None] + offsets  # [m, p, 2], x y
    own = view.grey[patch[..., 1], patch[..., 0]]
    camera = view.camera
    rays = (patch + 0.5 - [camera.cx, camera.cy]) / [camera.fx, camera.fy]
    rays = np.concatenate([rays, np.ones((*rays.shape[:2], 1))], axis=2).astype(np.float64)
    scores = np.stack([_correlations(view, other, own, rays, inverse) for other in neighbours])
    # Half of the neighbours may be hidden by something; those that see the point agree.
    agreeing = max(1, min(2, len(neighbours)))
    score = np.sort(scores, axis=0)[-agreeing:].mean(axis=0)  # [m, d]
    best = score.argmax(axis=1)
    peak = score[np.arange(len(best)), best]
    apart = np.abs(np.arange(_DEPTHS) - best[:, None]) > 4
    rival = np.where(apart, score, -1.0).max(axis=1)
    inside = (best > 0) & (best < _DEPTHS - 1)
    good = (peak > _LEAST_CORRELATION) & (peak - rival > _LEAST_LEAD) & inside
    return 1.0 / (inverse[best] + _peak_shift(score, best) * (inverse[1] - inverse[0])), good


def _textured_pixels(grey: NDArray[np.float32], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Up to `count` pixels [m, 2] (x, y) whose surroundings vary, drawn without replacement."""
    import cv2

    mean = cv2.blur(grey, (5, 5))
    deviation = np.sqrt(np.maximum(cv2.blur(grey * grey, (5, 5)) - mean * mean, 0))
    border = _PATCH + 1
    usable = np.zeros(grey.shape, bool)
    usable[border:-border, border:-border] = deviation[border:-border, border:-border] > _LEAST_TEXTURE
    row, column = np.nonzero(usable)
    picked = rng.choice(len(row), min(count, len(row)), replace=False)
    return np.stack([column[picked], row[picked]], axis=1).astype(np.int64)


def _correlations(
    view: _View, other: _View, own: NDArray[np.float32], rays: Array, inverse: Array
) -> NDArray[np.float32]:
    """[m, d] normalised cross-correlation of each patch with what `other` shows at each depth; -1 where it sees nothing."""
    import cv2

    other_from_view = other.cam_from_world @ np.linalg.inv(view.cam_from_world)
    # In homogeneous form: R ray z + t is proportional to R ray + t / z. Single precision is 1e-4 pixels here, in half the time.
    turned = (rays @ other_from_view[:3, :3].T).astype(np.float32)[:, None]
    shift = (inverse[:, None, None] * other_from_view[:3, 3]).astype(np.float32)
    x, y, z = (turned[..., axis] + shift[..., axis] for axis in range(3))  # [m, d, p] each
    ahead = z > 1e-6
    scale = 1 / np.where(ahead, z, np.float32(1))
    x = x * scale * np.float32(other.camera.fx) + np.float32(other.camera.cx - 0.5)
    y = y * scale * np.float32(other.camera.fy) + np.float32(other.camera.cy - 0.5)
    height, width = other.grey.shape
    seen = (ahead & (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)).all(axis=2)
    m, d, p = x.shape
    maps = [np.clip(a, -1e4, 1e4).reshape(m, d * p) for a in (x, y)]
    theirs = np.asarray(cv2.remap(other.grey, maps[0], maps[1], cv2.INTER_LINEAR)).reshape(m, d, p)
    theirs = theirs - theirs.mean(axis=2, keepdims=True)
    mine = (own - own.mean(axis=1, keepdims=True))[:, None]
    norm = np.linalg.norm(theirs, axis=2) * np.linalg.norm(mine, axis=2)
    score = np.sum(theirs * mine, axis=2) / np.maximum(norm, 1e-3)
    return np.where(seen, score, -1.0).astype(np.float32)


def _peak_shift(score: NDArray[np.float32], best: NDArray[np.int64]) -> Array:
    """Where the parabola through the best depth and its neighbours has its top, in steps, -0.5 to 0.5."""
    at = np.clip(best, 1, score.shape[1] - 2)
    row = np.arange(len(at))
    left, middle, right = (score[row, at + step].astype(np.float64) for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    shift = np.where(bend < -1e-9, 0.5 * (left - right) / np.where(bend < -1e-9, bend, -1.0), 0.0)
    return np.clip(shift, -0.5, 0.5)


def _at_random(
    views: list[_View], distance: float, count: int, rng: np.random.Generator
) -> tuple[Array, NDArray[np.uint8]]:
    """Points drawn from the photos' rays between half and twice the viewing distance, coloured by the photo they were drawn in."""
    share = np.bincount(rng.integers(len(views), size=count), minlength=len(views))
    xyz: list[Array] = [np.zeros((0, 3))]
    rgb: list[NDArray[np.uint8]] = [np.zeros((0, 3), np.uint8)]
    for view, n in zip(views, share, strict=True):
        height, width = view.grey.shape
        column, row = rng.integers(width, size=n), rng.integers(height, size=n)
        z = distance * 2.0 ** rng.uniform(-1, 1, n)
        centres = np.stack([column + 0.5, row + 0.5], axis=1)
        points_cam = points_from_depth(centres, z, view.camera)
        R, t = view.cam_from_world[:3, :3], view.cam_from_world[:3, 3]
        xyz.append((points_cam - t) @ R)
        rgb.append(view.rgb[row, column])
    return np.concatenate(xyz), np.concatenate(rgb)
