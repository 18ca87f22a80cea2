"""Lay one reconstruction over another: similarity transforms, fitted to points or to cameras."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calotype.artifacts.cameras import CameraSet, Frame
from calotype.errors import InputError
from calotype.vision.geometry.rotations import nearest_rotation, q_wxyz_from_matrix, rotation_angle_deg

Array = NDArray[np.float64]

# Points whose second extent is below this fraction of the first lie on a line: a turn about it is not
# determined.
COLLINEAR_RATIO = 0.01


@dataclass(frozen=True)
class Similarity:
    """target = scale * R @ source + t: a rotation, one scale and a shift between two world frames."""

    scale: float
    R: Array
    """3x3 rotation."""
    t: Array
    """[3], in the target's units."""

    @classmethod
    def identity(cls) -> Similarity:
        """The similarity that changes nothing."""
        return cls(1.0, np.eye(3), np.zeros(3))

    @property
    def matrix(self) -> Array:
        """4x4 homogeneous matrix of the transform."""
        result = np.eye(4)
        result[:3, :3] = self.scale * self.R
        result[:3, 3] = self.t
        return result

    def apply(self, points: ArrayLike) -> Array:
        """Points [..., 3] of the source in the target's frame."""
        return self.scale * (np.asarray(points, dtype=np.float64) @ self.R.T) + self.t

    def inverse(self) -> Similarity:
        """The similarity back from target to source."""
        return Similarity(1.0 / self.scale, self.R.T.copy(), -(self.R.T @ self.t) / self.scale)

    def __matmul__(self, first: Similarity) -> Similarity:
        """The similarity that applies `first`, then this one: c_from_a = c_from_b @ b_from_a."""
        return Similarity(self.scale * first.scale, self.R @ first.R, self.apply(first.t))


def umeyama(source: ArrayLike, target: ArrayLike) -> Similarity:
    """The similarity target_from_source with the least squared distance between paired points [n, 3].

    Points in one plane determine it as well as any others; a mirror image is never returned.
    Raises InputError for fewer than three points, points on one line, or points which are not finite.
    Method: Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991.
    """
    a, b = _paired(source, target)
    if len(a) < 3:
        raise InputError(f"A similarity needs at least 3 pairs of points; there are {len(a)}.")
    if is_collinear(a) or is_collinear(b):
        raise InputError("The points lie on one line, so a turn about that line is not determined.")
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    covariance = (b - mean_b).T @ (a - mean_a) / len(a)
    # For points in a plane the smallest singular value is zero; the sign guard inside then only picks the
    # side.
    R = nearest_rotation(covariance)
    return _with_rotation(a, b, R)


def is_collinear(points: ArrayLike) -> bool:
    """Whether points [n, 3] lie on one line or in one place, within 1 % of their extent."""
    p = np.asarray(points, dtype=np.float64)
    extents = np.linalg.svd(p - p.mean(axis=0), compute_uv=False)
    # Rounding of large coordinates (metres of an ENU or UTM frame) must not look like an extent.
    rounding = 1e-9 * (1.0 + float(np.abs(p).max()))
    return len(p) < 3 or extents[0] <= rounding or extents[1] <= max(COLLINEAR_RATIO * extents[0], rounding)


def align_cameras(estimated: CameraSet, reference: CameraSet) -> Similarity:
    """The similarity reference_from_estimated that lays cameras of the same name over each other.

    Fitted to the camera centres. Where those lie on a line (a straight walk, a rail) or in one place, the
    mean of the cameras' rotations decides the turn and the centres only scale and shift; in one place the
    scale is 1. Raises InputError when fewer than two names are common.
    """
    pairs = _common(estimated, reference)
    if len(pairs) < 2:
        raise InputError(f"Aligning needs at least 2 cameras of the same name; there are {len(pairs)}.")
    a = np.array([mine.centre_world for mine, _ in pairs])
    b = np.array([theirs.centre_world for _, theirs in pairs])
    if not (is_collinear(a) or is_collinear(b)):
        return umeyama(a, b)
    # cam_from_reference^-1 @ cam_from_estimated is the same turn for each camera, but for its error.
    turns = np.array([theirs.R.T @ mine.R for mine, theirs in pairs])
    return _with_rotation(a, b, nearest_rotation(turns.sum(axis=0)))


class PoseErrors(NamedTuple):
    """How far the poses of one camera set lie from another's, per camera in the order of `common_names`."""

    rotation_deg: Array
    """[n], angle between the two orientations."""
    centre: Array
    """[n], distance between the two centres, in units of the reference."""


def pose_errors(
    estimated: CameraSet, reference: CameraSet, reference_from_estimated: Similarity | None = None
) -> PoseErrors:
    """Errors of the cameras common to both sets, after alignment (by `align_cameras` if none is given)."""
    aligned = reference_from_estimated or align_cameras(estimated, reference)
    pairs = _common(estimated, reference)
    mine_R = np.array([mine.R @ aligned.R.T for mine, _ in pairs]).reshape(-1, 3, 3)
    theirs_R = np.array([theirs.R for _, theirs in pairs]).reshape(-1, 3, 3)
    mine_c = aligned.apply(np.array([mine.centre_world for mine, _ in pairs]).reshape(-1, 3))
    theirs_c = np.array([theirs.centre_world for _, theirs in pairs]).reshape(-1, 3)
    return PoseErrors(rotation_angle_deg(mine_R, theirs_R), np.linalg.norm(mine_c - theirs_c, axis=1))


def common_names(estimated: CameraSet, reference: CameraSet) -> tuple[str, ...]:
    """Names of the frames in both sets, sorted."""
    return tuple(mine.name for mine, _ in _common(estimated, reference))


def moved(cameras: CameraSet, target_from_world: Similarity) -> CameraSet:
    """The same cameras and sparse points in another world frame."""
    frames = tuple(_moved_frame(frame, target_from_world) for frame in cameras.frames)
    points = replace(cameras.points, xyz=target_from_world.apply(cameras.points.xyz))
    return replace(cameras, frames=frames, points=points)


def _moved_frame(frame: Frame, target_from_world: Similarity) -> Frame:
    R = frame.R @ target_from_world.R.T
    t = -R @ target_from_world.apply(frame.centre_world)
    w, x, y, z = (float(value) for value in q_wxyz_from_matrix(R))
    return replace(frame, q_wxyz=(w, x, y, z), t=(float(t[0]), float(t[1]), float(t[2])))


def _with_rotation(a: Array, b: Array, R: Array) -> Similarity:
    """The best scale and shift for a given rotation; scale 1 where the source points coincide."""
    mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
    turned = (a - mean_a) @ R.T
    spread = float(np.sum(turned * turned))
    fitted = float(np.sum(turned * (b - mean_b))) / spread if spread > 0 else 1.0
    scale = fitted if fitted > 0 else 1.0
    return Similarity(scale, R, mean_b - scale * (R @ mean_a))


def _paired(source: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    a, b = np.asarray(source, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 2 or a.shape[1] != 3:
        raise InputError(
            f"Points that belong together must both be [n, 3]; these are {a.shape} and {b.shape}."
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise InputError("Some of the points to align are not finite.")
    return a, b


def _common(estimated: CameraSet, reference: CameraSet) -> list[tuple[Frame, Frame]]:
    theirs = {frame.name: frame for frame in reference.frames}
    mine = sorted(estimated.frames, key=lambda frame: frame.name)
    return [(frame, theirs[frame.name]) for frame in mine if frame.name in theirs]
