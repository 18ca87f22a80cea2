"""Unit quaternions by their three smallest components, as most formats store them: the largest follows from the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calotype.vision.splatting.gaussians import Float32

ROOT_HALF = float(np.sqrt(0.5))
"""No component but the largest can be greater."""

_OTHERS = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]])


def unit(q: Float32) -> Float32:
    """[n, 4] quaternions of length 1; those of length zero name no rotation and become none, w first."""
    # In float64, since squares of what foreign files hold may be greater than any float32.
    wide = q.astype(np.float64)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    turned = wide / np.maximum(length, 1e-12)
    return np.where(length > 1e-12, turned, np.where(np.isnan(length), np.nan, [1, 0, 0, 0])).astype(
        np.float32
    )


def smallest_three(q: Float32) -> tuple[NDArray[np.intp], Float32]:
    """Which component of unit quaternions [n, 4] is the largest in size, and the others [n, 3] in order, of q or -q.

    The sign is that which makes the largest positive: q and -q are the same rotation.
    """
    largest = np.argmax(np.abs(q), axis=1)
    row = np.arange(len(q))
    sign = np.where(q[row, largest] < 0, np.float32(-1), np.float32(1))
    return largest, q[row[:, None], _OTHERS[largest]] * sign[:, None]


def from_smallest_three(largest: NDArray[np.integer], others: Float32) -> Float32:
    """[n, 4] unit quaternions; `largest` 0 to 3, `others` [n, 3] as `smallest_three` gives them."""
    q = np.empty((len(others), 4), np.float32)
    row = np.arange(len(others))
    q[row[:, None], _OTHERS[largest]] = others
    q[row, largest] = np.sqrt(np.maximum(0, 1 - np.sum(others * others, axis=1)))
    return unit(q)
