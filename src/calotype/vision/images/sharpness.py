"""Score how sharp a picture is, to pick the best of its neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.vision.images.decode import resized, size_within

SIDE = 512
"""Pictures are compared at this size of the longer side, so that resolution does not count as sharpness."""


def sharpness(rgb: NDArray[np.uint8]) -> float:
    """Mean of log Laplacian variance and log Tenengrad of a picture [h, w, 3] at 512 px; higher is sharper.

    A relative measure: it ranks frames of one scene (medians of whole films ran from 14 to 82 in linear
    units), so no threshold fits all. A little noise is blurred away before. Laplacian variance: Pech-Pacheco
    et al., 2000; Tenengrad (mean squared Sobel gradient): Krotkov, 1987.
    """
    import cv2

    small = resized(rgb, *size_within(rgb.shape[1], rgb.shape[0], SIDE))
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (5, 5), 0).astype(np.float32)
    laplacian = cv2.Laplacian(grey, cv2.CV_32F)
    dx: NDArray[Any] = np.asarray(cv2.Sobel(grey, cv2.CV_32F, 1, 0))
    dy: NDArray[Any] = np.asarray(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    tenengrad = float(np.mean(dx * dx + dy * dy))
    # One is added so that a picture of a white wall scores zero, not minus infinity.
    return 0.5 * float(np.log1p(np.var(laplacian))) + 0.5 * float(np.log1p(tenengrad))
