"""Keypoints of photos, what decides them, and how SIFT finds them, several photos at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.vision.images.decode import load_rgb
from calotype.vision.sfm.photos import Photo

Descriptors = NDArray[np.uint8 | np.float16]


@dataclass(frozen=True)
class FeatureSettings:
    """What decides the keypoints; kept in the database, since matches of other keypoints are worthless."""

    max_features: int
    max_image_side: int
    contrast: float = 0.02
    """Least contrast of a SIFT keypoint in OpenCV's measure; 0.02 is VLFeat's and COLMAP's default of 0.02 / 3 per scale."""
    weights: str = ""
    """sha256 of the weights of learned keypoints; empty for SIFT."""
    least_score: float = 0.2
    """Least score of a learned keypoint, 0 to 1; 0.2 is what ALIKED was published with."""

    def harder(self) -> FeatureSettings:
        """For a second attempt: twice the keypoints, in larger pictures, weaker ones too."""
        return replace(
            self,
            max_features=self.max_features * 2,
            max_image_side=self.max_image_side * 3 // 2,
            contrast=self.contrast / 2,
            least_score=self.least_score / 2,
        )


@dataclass(frozen=True)
class Features:
    """Keypoints of one photo, first those most likely to be found again: the largest of SIFT's, the best scored of learned ones."""

    keypoints: NDArray[np.float32]
    """[n, 4]: x, y, scale in pixels of the full photo (pixel centres at +0.5), orientation in radians."""
    descriptors: Descriptors
    """[n, 128] RootSIFT, uint8: square roots of the L1-normalised histogram, times 512 (Arandjelovic and Zisserman, 2012);
    or [n, d] learned ones, float16, of length 1. The more alike two are, the larger is their product."""


def extract(photo: Photo, settings: FeatureSettings) -> Features:
    """The strongest keypoints of one photo."""
    import cv2

    SIFT_create: Any = cv2.SIFT_create  # pyright: ignore[reportAttributeAccessIssue]: absent from OpenCV's stubs

    rgb = load_rgb(photo.path, settings.max_image_side)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sift = SIFT_create(
        nfeatures=settings.max_features,
        contrastThreshold=settings.contrast,
        edgeThreshold=10,
        enable_precise_upscale=True,
    )
    found, histograms = sift.detectAndCompute(grey, None)
    if not found:
        return Features(np.zeros((0, 4), np.float32), np.zeros((0, 128), np.uint8))
    height, width = grey.shape
    table = np.array([(*key.pt, key.size, key.angle, key.response) for key in found], dtype=np.float64)
    # `nfeatures` lets ties through, and keeps both orientations of the last one.
    order = np.lexsort((table[:, 3], table[:, 1], table[:, 0], -table[:, 2]))
    table, histograms = table[order], np.asarray(histograms)[order]
    sx, sy = photo.width / width, photo.height / height
    # OpenCV's pixel centres lie at integers, ours at +0.5.
    keypoints = np.stack(
        [
            (table[:, 0] + 0.5) * sx,
            (table[:, 1] + 0.5) * sy,
            table[:, 2] / 2 * (sx + sy) / 2,
            np.deg2rad(table[:, 3]),
        ],
        axis=1,
    )
    return Features(keypoints.astype(np.float32), _root_sift(histograms))


def extract_all(
    photos: Sequence[Photo], settings: FeatureSettings, threads: int
) -> Iterator[tuple[Photo, Features]]:
    """Each photo with its keypoints, in order, found by several threads."""
    import cv2

    # One thread per photo scales better than many threads in one photo.
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    pool = ThreadPoolExecutor(threads)
    try:
        found = [pool.submit(extract, photo, settings) for photo in photos]
        for photo, features in zip(photos, found, strict=True):
            yield photo, features.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        cv2.setNumThreads(before)


def _root_sift(histograms: NDArray[np.float32]) -> NDArray[np.uint8]:
    h = np.asarray(histograms, dtype=np.float32)
    h = h / np.maximum(h.sum(axis=1, keepdims=True), 1e-9)
    return np.clip(np.rint(512.0 * np.sqrt(h)), 0, 255).astype(np.uint8)
