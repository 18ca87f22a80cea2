"""Photos of a procedural scene with exact poses and depth: what the demo reconstructs and the tests measure against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.errors import InvalidParameter
from calotype.vision.geometry.projection import points_from_depth
from calotype.vision.geometry.rotations import q_wxyz_from_matrix
from calotype.vision.synthetic.photographs import FOCAL_35MM, write_capture
from calotype.vision.synthetic.raytrace import render
from calotype.vision.synthetic.scene import BakedScene, Scene
from calotype.vision.synthetic.still_life import small_still_life, still_life

__all__ = [
    "Capture",
    "View",
    "demo_capture",
    "looking_at",
    "orbit_capture",
    "pinhole",
    "points_world",
    "tiny_capture",
    "write_capture",
]

F64 = NDArray[np.float64]

_FULL_FRAME_DIAGONAL_MM = 43.2666


@dataclass(frozen=True, eq=False)
class View:
    """One photo to be taken."""

    name: str
    camera: Camera
    cam_from_world: F64
    """4x4, OpenCV axes; the world's +Y points down."""


@dataclass(frozen=True, eq=False)
class Capture:
    """A scene and the views of it; pictures are computed when they are asked for."""

    scene: Scene
    views: tuple[View, ...]
    detail: float = 1.0
    """Texels of paint, relative to what a photo 640 pixels wide needs."""
    threads: int = 1
    """For baking the light and, unless said otherwise, for writing; changes nothing but time."""

    @cached_property
    def baked(self) -> BakedScene:
        return self.scene.bake(self.detail, self.threads)

    @cached_property
    def truth(self) -> CameraSet:
        """The exact cameras, frames sorted by name; without points, see `surface_points`."""
        numbers: dict[Camera, int] = {}
        for view in self.views:
            numbers.setdefault(view.camera, len(numbers) + 1)
        frames = [_frame(view, numbers[view.camera]) for view in self.views]
        cameras = {number: camera for camera, number in numbers.items()}
        return CameraSet(cameras, tuple(sorted(frames, key=lambda frame: frame.name)))

    def render_view(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """The photo [h, w, 3], sRGB, and the exact z-depth [h, w] of its pixel centres, scene units."""
        view = self.views[index]
        return render(self.baked, view.camera, view.cam_from_world)

    def surface_points(self, count: int, seed: int = 0) -> SparsePoints:
        """Exact points on what the views see, with their colours: pixels drawn at random, lifted by their depth."""
        rng = np.random.default_rng(seed)
        share = np.bincount(rng.integers(len(self.views), size=count), minlength=len(self.views))
        xyz: list[F64] = []
        rgb: list[NDArray[np.uint8]] = []
        for index in np.flatnonzero(share):
            view = self.views[index]
            photo, depth = self.render_view(int(index))
            row = rng.integers(view.camera.height, size=share[index])
            column = rng.integers(view.camera.width, size=share[index])
            xyz.append(points_world(view, depth, row, column))
            rgb.append(photo[row, column])
        zeros = np.zeros(count)
        return SparsePoints(np.concatenate(xyz), np.concatenate(rgb), zeros, zeros.astype(np.int32))


def points_world(
    view: View, depth: NDArray[np.float32], row: NDArray[np.int64], column: NDArray[np.int64]
) -> F64:
    """World points [n, 3] on the surface under the centres of pixels."""
    centres = np.stack([column + 0.5, row + 0.5], axis=-1)
    points_cam = points_from_depth(centres, depth[row, column], view.camera)
    R, t = view.cam_from_world[:3, :3], view.cam_from_world[:3, 3]
    return (points_cam - t) @ R


def orbit_capture(
    n: int = 40,
    width: int = 640,
    height: int = 480,
    rings: int = 2,
    seed: int = 0,
    threads: int = 1,
) -> Capture:
    """Photos along a path that winds round the still life, one turn per ring, each ring lower than the last.

    Neighbours by name are neighbours in space. Raises InvalidParameter when there are fewer photos than rings.
    """
    views = _orbit(n, pinhole(width, height), rings, seed)
    # Shadows need 48 ambient directions to look smooth; more is not seen.
    return Capture(still_life(seed, rays=48), views, detail=max(0.25, width / 640), threads=threads)


def demo_capture(seed: int = 0, threads: int = 2) -> Capture:
    """The demo's photos: 40 of 640 x 480."""
    return orbit_capture(n=40, seed=seed, threads=threads)


def tiny_capture(n: int = 8, width: int = 96, height: int = 72, seed: int = 0) -> Capture:
    """A few small photos of a few things, for tests: all of them take a fraction of a second."""
    views = _orbit(n, pinhole(width, height), 1, seed)
    return Capture(small_still_life(seed, rays=12), views, detail=max(0.2, width / 640))


def pinhole(width: int, height: int) -> Camera:
    """The captures' camera: exactly the focal length that their EXIF states."""
    focal = FOCAL_35MM * float(np.hypot(width, height)) / _FULL_FRAME_DIAGONAL_MM
    return Camera("PINHOLE", width, height, (focal, focal, width / 2, height / 2))


def looking_at(centre_world: F64, target_world: F64) -> F64:
    """cam_from_world [4, 4] of an upright camera at `centre_world` with `target_world` in the middle of its picture."""
    forward = target_world - centre_world
    forward = forward / np.linalg.norm(forward)
    right = np.cross([0.0, 1.0, 0.0], forward)
    right = right / np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = [right, np.cross(forward, right), forward]
    pose[:3, 3] = -pose[:3, :3] @ centre_world
    return pose


def _orbit(n: int, camera: Camera, rings: int, seed: int) -> tuple[View, ...]:
    if rings < 1 or n < rings:
        raise InvalidParameter(
            f"{n} photos cannot be spread over {rings} rings. Ask for at least one per ring."
        )
    rng = np.random.default_rng((seed, 2026))
    views: list[View] = []
    for k in range(n):
        turn = k / n * rings
        progress = k / max(1, n - 1) if rings > 1 else 0.5
        angle = 2 * np.pi * (turn - 0.27) + rng.uniform(-0.03, 0.03)
        level = -1.28 + 0.86 * progress + rng.uniform(-0.05, 0.05)
        radius = 1.86 + 0.22 * progress + rng.uniform(-0.06, 0.06)
        centre = np.array([radius * np.cos(angle), level, radius * np.sin(angle)])
        target = np.array([0.0, -0.14, 0.0]) + rng.uniform(-0.06, 0.06, 3)
        views.append(View(f"view_{k:03d}.jpg", camera, looking_at(centre, target)))
    return tuple(views)


def _frame(view: View, camera_id: int) -> Frame:
    w, x, y, z = (float(c) for c in q_wxyz_from_matrix(view.cam_from_world[:3, :3]))
    tx, ty, tz = (float(c) for c in view.cam_from_world[:3, 3])
    return Frame(view.name, camera_id, (w, x, y, z), (tx, ty, tz))
