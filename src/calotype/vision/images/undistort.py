"""Straighten a photo: resample it as a pinhole camera of the same size and focal lengths sees it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera
from calotype.errors import InputError
from calotype.vision.geometry.projection import (
    is_straight,
    pixel_centres,
    pixels_from_tangents,
    tangent_limit,
    unproject,
)


def undistorted(rgb: NDArray[np.uint8], camera: Camera) -> tuple[NDArray[np.uint8], Camera]:
    """The photo [h, w, 3] without lens distortion, and its pinhole camera.

    Bicubic; the same array if the camera is straight already. Corners for which the lens saw nothing repeat
    the photo's edge: `seen_when_undistorted` tells which. Raises InputError when the camera belongs to
    another image size.
    """
    import cv2

    if rgb.shape[:2] != (camera.height, camera.width):
        size = f"{rgb.shape[1]}x{rgb.shape[0]}"
        raise InputError(
            f"The camera is for {camera.width}x{camera.height} pixels and the picture has {size}."
        )
    pinhole = camera.without_distortion()
    if is_straight(camera):
        return rgb, pinhole
    # OpenCV counts pixel centres from 0, we from 0.5.
    maps = np.nan_to_num(_source_pixels(camera) - np.float32(0.5), nan=-1e4)
    straight = cv2.remap(rgb, maps[..., 0], maps[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(straight, np.uint8), pinhole


def seen_when_undistorted(camera: Camera) -> NDArray[np.bool_]:
    """Which pixels [h, w] of the undistorted photo show something that the lens saw."""
    xy = _source_pixels(camera)
    inside = (xy >= 0).all(axis=-1) & (xy[..., 0] <= camera.width) & (xy[..., 1] <= camera.height)
    return np.asarray(inside)


@lru_cache(maxsize=2)
def _source_pixels(camera: Camera) -> NDArray[np.float32]:
    """Where each pixel of the undistorted photo lies in the distorted one: [h, w, 2], NaN beyond the lens.

    Kept for the next photo, since the photos of one capture mostly share their camera.
    """
    tangents = unproject(
        pixel_centres(camera.width, camera.height).reshape(-1, 2), camera.without_distortion()
    )
    beyond = np.hypot(tangents[:, 0], tangents[:, 1]) >= tangent_limit(camera)
    source = pixels_from_tangents(tangents, camera)
    source[beyond] = np.nan
    result = source.reshape(camera.height, camera.width, 2).astype(np.float32)
    result.setflags(write=False)
    return result
