"""Photos as a trainer wants them: small, undistorted, with their cameras, at several resolutions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.errors import UnreadableInput
from calotype.hardware import usable_cores

log = logging.getLogger(__name__)

Progress = Callable[[int, int | None, str], None]
"""Called as progress(done, total or None, note); may raise to cancel."""

_SMALLEST_SIDE = 16  # Below this a pyramid level holds no structure that SSIM's window could see.


def silent(done: int, total: int | None, note: str) -> None:
    """A progress callback that does nothing."""


@dataclass(frozen=True)
class TrainingView:
    """One photo with the pinhole camera that took it."""

    name: str
    camera: Camera
    """Pinhole, for the size of `rgb`."""
    cam_from_world: NDArray[np.float64]
    """[4, 4] rigid."""
    rgb: NDArray[np.uint8]
    """[h, w, 3] sRGB."""

    def __post_init__(self) -> None:
        if not self.camera.is_pinhole:
            raise ValueError(f"{self.name}: the camera of a training view has no distortion")
        if self.rgb.shape != (self.camera.height, self.camera.width, 3) or self.rgb.dtype != np.uint8:
            raise ValueError(f"{self.name}: rgb {self.rgb.dtype} {self.rgb.shape} does not fit its camera")

    @property
    def centre_world(self) -> NDArray[np.float64]:
        """Position of the camera, [3]."""
        return -self.cam_from_world[:3, :3].T @ self.cam_from_world[:3, 3]

    def reduced(self, factor: int) -> TrainingView:
        """The view at 1/factor of its size, area averaged; itself where it would become too small."""
        width, height = round(self.camera.width / factor), round(self.camera.height / factor)
        if factor == 1 or min(width, height) < _SMALLEST_SIDE:
            return self
        import cv2

        rgb = np.asarray(cv2.resize(self.rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        return TrainingView(self.name, self.camera.resized(width, height), self.cam_from_world, rgb)


def load_views(
    photos: Mapping[str, Path],
    cameras: CameraSet,
    max_side: int | None,
    progress: Progress = silent,
    threads: int = 0,
) -> list[TrainingView]:
    """Views for all frames that have a photo, sorted by name: long side at most max_side, undistorted, borders cropped.

    `threads` photos are read at once, 0 for one per core; `progress` counts those that are there.
    Frames without a photo are left out and logged. Raises UnreadableInput when a photo cannot be read or does not have the
    shape its camera states, and when no frame has a photo.
    """
    frames = sorted((frame for frame in cameras.frames if frame.name in photos), key=lambda frame: frame.name)
    if not frames:
        raise UnreadableInput(
            "None of the photos has a camera pose: their names do not match the names in the model."
        )
    if len(frames) < len(cameras.frames):
        log.warning(
            "%d of %d posed frames have no photo and are left out",
            len(cameras.frames) - len(frames),
            len(cameras.frames),
        )
    views: list[TrainingView] = []
    with ThreadPoolExecutor(threads or usable_cores()) as pool:
        futures = [
            pool.submit(_load_view, photos[frame.name], frame, cameras.camera_of(frame), max_side)
            for frame in frames
        ]
        try:
            for done, (frame, future) in enumerate(zip(frames, futures, strict=True), start=1):
                views.append(future.result())
                progress(done, len(frames), frame.name)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return views


def _load_view(path: Path, frame: Frame, camera: Camera, max_side: int | None) -> TrainingView:
    from calotype.vision.images.decode import load_rgb
    from calotype.vision.images.undistort import seen_when_undistorted, undistorted

    rgb = load_rgb(path, max_side)
    height, width = rgb.shape[:2]
    if abs(np.log(width * camera.height / (height * camera.width))) > 0.02:
        raise UnreadableInput(
            f"{frame.name} is {width}x{height}, but its camera was found for {camera.width}x{camera.height}: "
            "the photo was cropped or turned after the poses were computed."
        )
    small = camera.resized(width, height)
    straight, pinhole = undistorted(rgb, small)
    if not small.is_pinhole:
        straight, pinhole = _cropped(straight, pinhole, seen_when_undistorted(small))
    return TrainingView(frame.name, pinhole, frame.cam_from_world, straight)


def _cropped(
    rgb: NDArray[np.uint8], camera: Camera, seen: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], Camera]:
    """Photo and camera cut to a rectangle in which the lens saw every pixel: invented borders must not be learnt.

    The side with the largest share of unseen pixels is moved inwards until none is left.
    """
    top, left, bottom, right = 0, 0, seen.shape[0], seen.shape[1]
    while bottom - top > 1 and right - left > 1:
        window = seen[top:bottom, left:right]
        unseen = [1 - float(side.mean()) for side in (window[0], window[-1], window[:, 0], window[:, -1])]
        worst = int(np.argmax(unseen))
        if unseen[worst] == 0:
            break
        top, bottom = top + (worst == 0), bottom - (worst == 1)
        left, right = left + (worst == 2), right - (worst == 3)
    cut = np.ascontiguousarray(rgb[top:bottom, left:right])
    params = (camera.fx, camera.fy, camera.cx - left, camera.cy - top)
    return cut, Camera("PINHOLE", right - left, bottom - top, params)


def scene_extent(views: Sequence[TrainingView], means: NDArray[np.float32]) -> float:
    """A length typical for the scene, in scene units: steps of positions are fractions of it.

    3DGS takes 1.1 times the radius of the camera positions; for cameras that stand close together and look the same way
    that says nothing about the scene, so a quarter of the median depth of the points is its lower bound.
    """
    centres = np.array([view.centre_world for view in views])
    radius = 1.1 * float(np.linalg.norm(centres - centres.mean(axis=0), axis=1).max())
    depths = np.concatenate(
        [means @ view.cam_from_world[2, :3] + view.cam_from_world[2, 3] for view in views]
    )
    ahead = depths[depths > 0]
    depth = float(np.median(ahead)) if len(ahead) else 0.0
    extent = max(radius, 0.25 * depth)
    return extent if extent > 0 else 1.0
