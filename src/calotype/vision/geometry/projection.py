"""Project points into any camera, and lift pixels back to rays, lens distortion included."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calotype.artifacts.cameras import Camera

Array = NDArray[np.float64]

# Newton's method squares its error: from the undistorted guess five steps reach rounding for real lenses, the
# rest are for wide ones near their edge.
_NEWTON_STEPS = 20
# On the image plane at distance 1: about a millionth of a pixel.
_CONVERGED = 1e-9


def project(points_world: ArrayLike, camera: Camera, cam_from_world: ArrayLike) -> Array:
    """Pixel coordinates [n, 2] of world points [n, 3]; NaN where the camera cannot see the point.

    That is behind the camera, or outside the cone in which the distortion model still grows with the angle:
    beyond it, a polynomial folds back and would show points twice.
    """
    matrix = np.asarray(cam_from_world, dtype=np.float64)
    points_cam = np.asarray(points_world, dtype=np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return project_cam(points_cam, camera)


def project_cam(points_cam: ArrayLike, camera: Camera) -> Array:
    """Pixel coordinates [n, 2] of points [n, 3] in camera coordinates; NaN as in `project`."""
    points = np.asarray(points_cam, dtype=np.float64)
    z = points[:, 2]
    ahead = z > 0
    xy = points[:, :2] / np.where(ahead, z, 1.0)[:, None]
    seen = ahead & (np.hypot(xy[:, 0], xy[:, 1]) < tangent_limit(camera))
    pixels = pixels_from_tangents(np.where(seen[:, None], xy, 0.0), camera)
    pixels[~seen] = np.nan
    return pixels


def pixels_from_tangents(xy: Array, camera: Camera) -> Array:
    """Pixel coordinates [..., 2] of undistorted image-plane coordinates (x/z, y/z) [..., 2]."""
    distorted = distort(xy, camera)
    return distorted * np.array([camera.fx, camera.fy]) + np.array([camera.cx, camera.cy])


def unproject(pixels: ArrayLike, camera: Camera) -> Array:
    """Undistorted image-plane coordinates (x/z, y/z) [n, 2] of pixels [n, 2]; NaN where no ray ends there.

    Times a z-depth, with 1 appended, they are the point in camera coordinates.
    """
    target = (np.asarray(pixels, dtype=np.float64) - [camera.cx, camera.cy]) / [camera.fx, camera.fy]
    if is_straight(camera):
        return target
    if camera.model == "OPENCV_FISHEYE":
        return _undistort_fisheye(target, camera)
    return _undistort_radial(target, camera)


def is_straight(camera: Camera) -> bool:
    """Whether straight lines stay straight. A fisheye bends them even when all of its parameters are zero."""
    return camera.is_pinhole and camera.model != "OPENCV_FISHEYE"


def points_from_depth(pixels: ArrayLike, depth: ArrayLike, camera: Camera) -> Array:
    """Points [n, 3] in camera coordinates of pixels [n, 2] with z-depths [n]."""
    z = np.asarray(depth, dtype=np.float64)[:, None]
    return np.concatenate([unproject(pixels, camera) * z, z], axis=1)


def pixel_centres(width: int, height: int) -> Array:
    """The centres [height, width, 2] of all pixels, x then y: the first is (0.5, 0.5)."""
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    return np.asarray(np.stack([x, y], axis=-1), dtype=np.float64)


def distort(xy: Array, camera: Camera) -> Array:
    """Distorted image-plane coordinates [..., 2] of undistorted ones, in COLMAP's and OpenCV's models."""
    x, y = xy[..., 0], xy[..., 1]
    if camera.model == "OPENCV_FISHEYE":
        radius = np.hypot(x, y)
        theta = np.arctan(radius)
        scale = np.divide(
            theta * _series(theta * theta, (1.0, *_radial_terms(camera))),
            radius,
            out=np.ones_like(radius),
            where=radius > 1e-12,
        )
        return xy * scale[..., None]
    if is_straight(camera):
        return xy
    r2 = x * x + y * y
    radial = _series(r2, (1.0, *_radial_terms(camera)))
    p1, p2 = _tangential_terms(camera)
    dx = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)
    dy = y * radial + 2 * p2 * x * y + p1 * (r2 + 2 * y * y)
    return np.stack([dx, dy], axis=-1)


def tangent_limit(camera: Camera) -> float:
    """The undistorted radius (tangent of the angle to the axis) up to which distortion grows; often infinite.

    Radial terms alone decide it; tangential ones (below a hundredth in real lenses) are left out.
    """
    terms = _radial_terms(camera)
    # d/dr of r * (1 + k1 r^2 + k2 r^4 ...) is 1 + 3 k1 r^2 + 5 k2 r^4 ...: its first positive root in r^2.
    derivative = [1.0, *((2 * i + 3) * k for i, k in enumerate(terms))]
    while len(derivative) > 1 and derivative[-1] == 0:
        derivative.pop()
    roots = np.roots(derivative[::-1]) if len(derivative) > 1 else np.zeros(0)
    positive = [float(root.real) for root in roots if abs(root.imag) < 1e-12 and root.real > 0]
    first = float(np.sqrt(min(positive))) if positive else np.inf
    if camera.model == "OPENCV_FISHEYE":
        return float(np.tan(first)) if first < np.pi / 2 else np.inf
    return first


def _radial_terms(camera: Camera) -> tuple[float, ...]:
    return camera.distortion[:2] if camera.model == "OPENCV" else camera.distortion


def _tangential_terms(camera: Camera) -> tuple[float, float]:
    return (camera.distortion[2], camera.distortion[3]) if camera.model == "OPENCV" else (0.0, 0.0)


def _series(s: Array, coefficients: tuple[float, ...]) -> Array:
    """c0 + c1 s + c2 s^2 + ... by Horner's rule."""
    value = np.full_like(s, coefficients[-1])
    for c in reversed(coefficients[:-1]):
        value = value * s + c
    return value


def _undistort_fisheye(target: Array, camera: Camera) -> Array:
    """Newton's method on the angle alone, since the fisheye model keeps directions."""
    growth = (1.0, *_radial_terms(camera))
    slope = tuple((2 * i + 1) * k for i, k in enumerate(growth))
    theta_d = np.hypot(target[..., 0], target[..., 1])
    limit = float(np.arctan(tangent_limit(camera)))
    theta = np.minimum(theta_d, limit)
    for _ in range(_NEWTON_STEPS):
        error = theta * _series(theta * theta, growth) - theta_d
        theta = np.clip(theta - error / np.maximum(_series(theta * theta, slope), 1e-9), 0.0, limit)
    missed = np.abs(theta * _series(theta * theta, growth) - theta_d) > _CONVERGED
    scale = np.divide(np.tan(theta), theta_d, out=np.ones_like(theta_d), where=theta_d > 1e-12)
    result = target * scale[..., None]
    result[missed | (theta >= np.pi / 2)] = np.nan
    return result


def _undistort_radial(target: Array, camera: Camera) -> Array:
    """Newton's method in the plane, kept inside the cone in which the model is one to one."""
    limit = tangent_limit(camera)
    terms = _radial_terms(camera)
    p1, p2 = _tangential_terms(camera)
    xy = _within(target, limit)
    for _ in range(_NEWTON_STEPS):
        error = distort(xy, camera) - target
        x, y = xy[..., 0], xy[..., 1]
        r2 = x * x + y * y
        radial = _series(r2, (1.0, *terms))
        twice_slope = _series(r2, tuple(2 * (i + 1) * k for i, k in enumerate(terms)))
        # The Jacobian of `distort` is symmetric: [[a, b], [b, d]].
        a = radial + x * x * twice_slope + 2 * p1 * y + 6 * p2 * x
        b = x * y * twice_slope + 2 * p1 * x + 2 * p2 * y
        d = radial + y * y * twice_slope + 2 * p2 * x + 6 * p1 * y
        det = a * d - b * b
        det = np.where(np.abs(det) > 1e-9, det, 1e-9)
        step_x = (d * error[..., 0] - b * error[..., 1]) / det
        step_y = (a * error[..., 1] - b * error[..., 0]) / det
        xy = _within(xy - np.stack([step_x, step_y], axis=-1), limit)
    missed = np.abs(distort(xy, camera) - target).max(axis=-1) > _CONVERGED
    xy[missed] = np.nan
    return xy


def _within(xy: Array, limit: float) -> Array:
    """Coordinates pulled back into the circle of radius `limit`."""
    if not np.isfinite(limit):
        return xy
    radius = np.hypot(xy[..., 0], xy[..., 1])
    factor = np.where(radius > limit, limit / np.maximum(radius, 1e-12), 1.0)
    return xy * factor[..., None]
