"""Orders in which formats want their Gaussians: neighbours together, or the most visible first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calotype.vision.splatting.gaussians import Float32, Gaussians

_BITS = 21  # three times 21 fit into 63


def morton_order(means: Float32) -> NDArray[np.intp]:
    """Indices that sort points [n, 3] along the Z-order curve (Morton 1966): what is near in space is near in the file.

    A box with outliers would leave the scene a corner of the curve, so that the middle 98 % along each axis have most of it.
    """
    if len(means) == 0:
        return np.zeros(0, np.intp)
    code = np.zeros(len(means), np.uint64)
    for axis in range(3):
        code |= _spread(_ranks(means[:, axis])) << np.uint64(axis)
    return np.argsort(code, kind="stable")


def importance_order(gaussians: Gaussians) -> NDArray[np.intp]:
    """Indices that put large and solid Gaussians first, as viewers of `.splat` show a file that is still arriving."""
    volume = gaussians.log_scales.sum(axis=1, dtype=np.float64)
    # log of exp(volume) * opacity: nothing overflows.
    logarithm = volume - np.logaddexp(0, -gaussians.logit_opacities.astype(np.float64))
    return np.argsort(-logarithm, kind="stable")


def _ranks(values: Float32) -> NDArray[np.uint64]:
    """0 to 2^21 - 1 along an axis."""
    low, high = np.quantile(values[:: max(1, len(values) // 100_000)].astype(np.float64), (0.01, 0.99))
    margin = (high - low) / 2
    place = (values - (low - margin)) / max(high - low + 2 * margin, 1e-30)
    return (np.clip(place, 0, 1) * (2**_BITS - 1)).astype(np.uint64)


def _spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """21 bits with two zero bits after each."""
    for shift, mask in (
        (32, 0x1F00000000FFFF),
        (16, 0x1F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values
