"""Give sparse points the colours that the photos show at their observations."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calotype.vision.images.decode import load_rgb
from calotype.vision.sfm.model import Model

_LONGER_SIDE = 1024


def point_colours(model: Model, paths: Mapping[str, Path], threads: int) -> NDArray[np.uint8]:
    """[n, 3] sRGB per point, the mean over the photos that see it."""
    observations, cameras = model.observations, model.cameras

    def colours_of(number: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        frame = cameras.frames[number]
        camera = cameras.camera_of(frame)
        rows = observations.frame == number
        rgb = load_rgb(paths[frame.name], _LONGER_SIDE)
        height, width = rgb.shape[:2]
        # The pixel that contains a continuous coordinate is its floor.
        xy = np.floor(observations.xy[rows] * (width / camera.width, height / camera.height)).astype(np.int64)
        x, y = np.clip(xy[:, 0], 0, width - 1), np.clip(xy[:, 1], 0, height - 1)
        return observations.point[rows], rgb[y, x].astype(np.float64)

    total = np.zeros((len(cameras.points), 3))
    count = np.zeros(len(cameras.points))
    with ThreadPoolExecutor(threads) as pool:
        for points, rgb in pool.map(colours_of, range(len(cameras.frames))):
            np.add.at(total, points, rgb)
            np.add.at(count, points, 1)
    return np.rint(total / np.maximum(count, 1)[:, None]).astype(np.uint8)
