"""Rotations as matrices and as unit quaternions (scalar first), alone or in batches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calotype.errors import InputError

Array = NDArray[np.float64]


def matrix_from_q_wxyz(q_wxyz: ArrayLike) -> Array:
    """Rotation matrices [..., 3, 3] of quaternions [..., 4]; their length does not matter.

    Raises InputError for a quaternion of length zero or one that is not finite: it names no rotation.
    """
    q = np.asarray(q_wxyz, dtype=np.float64)
    length = np.linalg.norm(q, axis=-1, keepdims=True)
    if not np.all(np.isfinite(length) & (length > 0)):
        raise InputError("A quaternion of length zero (or not finite) names no rotation.")
    w, x, y, z = np.moveaxis(q / length, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def q_wxyz_from_matrix(R: ArrayLike) -> Array:
    """Unit quaternions [..., 4] of rotation matrices [..., 3, 3], with w >= 0.

    Each of the four components can be found first; the largest one is, so that no division is by a small
    number (Shepperd, "Quaternion from rotation matrix", 1978).
    """
    m = np.asarray(R, dtype=np.float64)
    xx, yy, zz = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    # Four times the outer product q q^T: any of its rows is q times one of q's components.
    wx = m[..., 2, 1] - m[..., 1, 2]
    wy = m[..., 0, 2] - m[..., 2, 0]
    wz = m[..., 1, 0] - m[..., 0, 1]
    xy = m[..., 1, 0] + m[..., 0, 1]
    xz = m[..., 0, 2] + m[..., 2, 0]
    yz = m[..., 2, 1] + m[..., 1, 2]
    rows = [
        [1 + xx + yy + zz, wx, wy, wz],
        [wx, 1 + xx - yy - zz, xy, xz],
        [wy, xy, 1 - xx + yy - zz, yz],
        [wz, xz, yz, 1 - xx - yy + zz],
    ]
    outer = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)
    largest = np.argmax(np.diagonal(outer, axis1=-2, axis2=-1), axis=-1)
    q = np.take_along_axis(outer, largest[..., None, None], axis=-2)[..., 0, :]
    q = q / np.linalg.norm(q, axis=-1, keepdims=True)
    return np.where(q[..., :1] < 0, -q, q)


def nearest_rotation(M: ArrayLike) -> Array:
    """The rotation matrices nearest to matrices [..., 3, 3] in squared differences; never a reflection."""
    m = np.asarray(M, dtype=np.float64)
    u, _, vt = np.linalg.svd(m)
    sign = np.ones(m.shape[:-1])
    sign[..., 2] = np.sign(np.linalg.det(u @ vt))
    return (u * sign[..., None, :]) @ vt


def rotation_angle_deg(R_a: ArrayLike, R_b: ArrayLike) -> NDArray[Any]:
    """Angles in degrees [...], 0 to 180, between rotations [..., 3, 3].

    From the distance of the matrices, |R_a - R_b| = 2 sqrt(2) sin(angle / 2): unlike the arc cosine of the
    trace it keeps its digits for angles of a thousandth of a degree.
    """
    difference = np.asarray(R_a, dtype=np.float64) - np.asarray(R_b, dtype=np.float64)
    chord = np.linalg.norm(difference, axis=(-2, -1)) / (2 * np.sqrt(2))
    return np.degrees(2 * np.arcsin(np.clip(chord, 0.0, 1.0)))
