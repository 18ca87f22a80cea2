"""Pictures for looking at results: photo beside render beside error, coloured depth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.errors import InputError

Pixels = NDArray[np.uint8]

_BACKGROUND = 24


def side_by_side(photo: Pixels, render: Pixels, *, worst: float = 0.25, gap: int = 4) -> Pixels:
    """Photo, render and their error as one picture [h, 3 w + 2 gap, 3]; `worst` as in `error_heat`."""
    heat = error_heat(photo, render, worst=worst)
    bar = np.full((photo.shape[0], gap, 3), _BACKGROUND, np.uint8)
    return np.concatenate([photo, bar, render, bar, heat], axis=1)


def error_heat(photo: Pixels, render: Pixels, *, worst: float = 0.25) -> Pixels:
    """The mean difference of the channels per pixel, black for none to white for `worst` (of 1) or more.

    The scale is fixed, not stretched to the picture, so that errors of different views can be compared.
    """
    import cv2

    if photo.shape != render.shape:
        raise InputError(f"Pictures to compare must have the same size: {photo.shape} and {render.shape}.")
    difference = np.abs(photo.astype(np.int16) - render.astype(np.int16)).mean(axis=2) / 255
    levels = np.rint(255 * np.clip(difference / worst, 0, 1)).astype(np.uint8)
    return _coloured(levels, cv2.COLORMAP_INFERNO)


def depth_colours(depth: NDArray[Any], near: float | None = None, far: float | None = None) -> Pixels:
    """z-depth [h, w] as colours [h, w, 3], red near to blue far, grey where unknown (0 or not finite).

    Colour follows 1 / depth, in which near things differ as clearly as they do to the eye. Without `near` and
    `far` the second and the ninety-eighth percentile are the ends.
    """
    import cv2

    values = np.asarray(depth, dtype=np.float64)
    known = np.isfinite(values) & (values > 0)
    if not known.any():
        return np.full((*values.shape, 3), 2 * _BACKGROUND, np.uint8)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=known)
    low_end, high_end = np.percentile(inverse[known], [2, 98])
    low = 1 / far if far else float(low_end)
    high = 1 / near if near else float(high_end)
    levels = np.clip((inverse - low) / max(high - low, 1e-12), 0, 1)
    colours = _coloured(np.rint(255 * levels).astype(np.uint8), cv2.COLORMAP_TURBO)
    colours[~known] = 2 * _BACKGROUND
    return colours


def _coloured(levels: Pixels, colormap: int) -> Pixels:
    import cv2

    return np.asarray(cv2.cvtColor(cv2.applyColorMap(levels, colormap), cv2.COLOR_BGR2RGB), np.uint8)
