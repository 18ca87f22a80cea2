"""Say how alike two pictures are: PSNR and SSIM, by their standard definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.errors import InputError

Picture = NDArray[Any]

WINDOW = 11
SIGMA = 1.5
_C1 = 0.01**2
_C2 = 0.03**2


def psnr(a: Picture, b: Picture) -> float:
    """Peak signal-to-noise ratio in dB, inf if equal; pictures [h, w] or [h, w, c], uint8 or float in 0..1."""
    x, y = _paired(a, b)
    mse = float(np.mean((x - y) ** 2))
    return float("inf") if mse == 0 else float(-10 * np.log10(mse))


def ssim(a: Picture, b: Picture) -> float:
    """Structural similarity, -1 to 1, mean over pixels and channels, of pictures as in `psnr`.

    Gaussian window of 11 pixels with sigma 1.5, K1 = 0.01, K2 = 0.03, population variance, and only windows
    that lie wholly inside the picture: Wang et al., "Image quality assessment: from error visibility to
    structural similarity", 2004. (Splatting papers often pad with zeros instead, which moves the third
    decimal.)
    """
    return float(ssim_map(a, b).mean())


def ssim_map(a: Picture, b: Picture) -> NDArray[np.float64]:
    """Structural similarity per pixel and channel [h - 10, w - 10, c], of windows that lie inside; see
    `ssim`.
    """
    import cv2

    x, y = _paired(a, b)
    if min(x.shape[:2]) < WINDOW:
        raise InputError(
            f"SSIM needs pictures of at least {WINDOW}x{WINDOW} pixels, not {x.shape[1]}x{x.shape[0]}."
        )
    taps = cv2.getGaussianKernel(WINDOW, SIGMA, cv2.CV_64F)
    margin = WINDOW // 2

    def blurred(image: NDArray[np.float64]) -> NDArray[np.float64]:
        full = cv2.sepFilter2D(image, cv2.CV_64F, taps, taps)
        inside = np.asarray(full, np.float64)[margin:-margin, margin:-margin]
        return inside.reshape(*inside.shape[:2], -1)

    mean_x, mean_y = blurred(x), blurred(y)
    var_x = blurred(x * x) - mean_x**2
    var_y = blurred(y * y) - mean_y**2
    cov = blurred(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + _C1) / (mean_x**2 + mean_y**2 + _C1)
    structure = (2 * cov + _C2) / (var_x + var_y + _C2)
    return luminance * structure


def _paired(a: Picture, b: Picture) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if a.shape != b.shape or a.ndim not in (2, 3) or a.size == 0:
        raise InputError(f"Pictures to compare must have the same size; these are {a.shape} and {b.shape}.")
    return _unit_range(a), _unit_range(b)


def _unit_range(image: Picture) -> NDArray[np.float64]:
    if image.dtype == np.uint8:
        return image.astype(np.float64) / 255
    if np.issubdtype(image.dtype, np.floating):
        return image.astype(np.float64)
    raise InputError(f"Pictures to compare are uint8, or floats in 0..1; this one is {image.dtype}.")
