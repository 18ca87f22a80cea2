"""All painted and lit charts of a scene in one picture pyramid, looked up for millions of surface points at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calotype.vision.synthetic.shapes import F32, I32

_LEVELS = 8
_BATCH = 16_384  # points at once: their colours stay in the cache


class Atlas:
    """Pictures with smaller and smaller versions, all in one array of texels; each padded by one texel on every side."""

    def __init__(self, pictures: Sequence[F32], wraps: Sequence[bool]) -> None:
        """`pictures` are [h, w, 3] linear; those that wrap continue at their left edge."""
        texels: list[F32] = []
        offsets = np.zeros((len(pictures), _LEVELS), np.int32)
        widths = np.zeros_like(offsets)
        heights = np.zeros_like(offsets)
        filled = 0
        for k, (picture, wrap) in enumerate(zip(pictures, wraps, strict=True)):
            level_picture = picture
            for level in range(_LEVELS):
                padded = _padded(level_picture, wrap)
                heights[k, level], widths[k, level] = level_picture.shape[:2]
                offsets[k, level] = filled
                texels.append(padded.reshape(-1, 3))
                filled += texels[-1].shape[0]
                level_picture = _halved(level_picture)
        self._texels = np.concatenate(texels)
        self._offsets = offsets.ravel()
        self._widths, self._heights = widths.ravel().astype(np.float32), heights.ravel().astype(np.float32)

    def look_up(self, chart: I32, u: F32, v: F32, level: I32) -> F32:
        """Linear colours [n, 3] at coordinates 0..1 of charts, bilinear within one level of the pyramid."""
        colours = np.empty((len(chart), 3), np.float32)
        for first in range(0, len(chart), _BATCH):
            part = slice(first, first + _BATCH)
            self._look_up_batch(chart[part], u[part], v[part], level[part], colours[part])
        return colours

    def _look_up_batch(self, chart: I32, u: F32, v: F32, level: I32, colours: F32) -> None:
        picture = chart * _LEVELS + np.clip(level, 0, _LEVELS - 1)
        width, height = self._widths.take(picture), self._heights.take(picture)
        x = np.clip(u, 0, 1) * width + np.float32(0.5)  # texel centres at +0.5, plus one texel of padding
        y = np.clip(v, 0, 1) * height + np.float32(0.5)
        column, row = x.astype(np.int32), y.astype(np.int32)
        stride = width.astype(np.int32) + 2
        corner = self._offsets.take(picture) + row * stride + column
        right = (x - column)[:, None]
        down = (y - row)[:, None]
        upper = self._texels.take(corner, 0)
        upper += (self._texels.take(corner + 1, 0) - upper) * right
        corner += stride
        lower = self._texels.take(corner, 0)
        lower += (self._texels.take(corner + 1, 0) - lower) * right
        lower -= upper
        lower *= down
        np.add(upper, lower, out=colours)


def _padded(picture: F32, wraps: bool) -> F32:
    sides = np.pad(picture, ((0, 0), (1, 1), (0, 0)), mode="wrap" if wraps else "edge")
    return np.pad(sides, ((1, 1), (0, 0), (0, 0)), mode="edge")


def _halved(picture: F32) -> F32:
    """The mean of 2x2 blocks; an odd last row or column stands for itself."""
    h, w = picture.shape[:2]
    even = np.pad(picture, ((0, h % 2), (0, w % 2), (0, 0)), mode="edge")
    return (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) * np.float32(0.25)
