"""Cameras as values: intrinsics, poses and sparse points, in COLMAP's models and OpenCV's axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from calotype.errors import UnreadableInput

Array = NDArray[np.float64]

# COLMAP's camera models: number -> (name, number of parameters). Source: COLMAP documentation, "Camera models".
COLMAP_MODELS: dict[int, tuple[str, int]] = {
    0: ("SIMPLE_PINHOLE", 3),
    1: ("PINHOLE", 4),
    2: ("SIMPLE_RADIAL", 4),
    3: ("RADIAL", 5),
    4: ("OPENCV", 8),
    5: ("OPENCV_FISHEYE", 8),
}
MODEL_NUMBERS = {name: number for number, (name, _) in COLMAP_MODELS.items()}
PARAMETER_COUNTS = dict(COLMAP_MODELS.values())
_ONE_FOCAL = ("SIMPLE_PINHOLE", "SIMPLE_RADIAL", "RADIAL")


@dataclass(frozen=True)
class Camera:
    """Intrinsics, which belong to one image size. Pixel centres lie at +0.5: the top-left pixel is (0.5, 0.5)."""

    model: str
    width: int
    height: int
    params: tuple[float, ...]

    def __post_init__(self) -> None:
        expected = PARAMETER_COUNTS.get(self.model)
        if expected is None:
            known = ", ".join(sorted(PARAMETER_COUNTS))
            raise UnreadableInput(f"Camera model {self.model} is not supported. Known models: {known}.")
        if len(self.params) != expected:
            raise UnreadableInput(
                f"Camera model {self.model} has {expected} parameters, not {len(self.params)}."
            )

    @property
    def fx(self) -> float:
        return self.params[0]

    @property
    def fy(self) -> float:
        return self.params[0] if self.model in _ONE_FOCAL else self.params[1]

    @property
    def cx(self) -> float:
        return self.params[1] if self.model in _ONE_FOCAL else self.params[2]

    @property
    def cy(self) -> float:
        return self.params[2] if self.model in _ONE_FOCAL else self.params[3]

    @property
    def distortion(self) -> tuple[float, ...]:
        """What follows focal lengths and principal point: k1 [k2] or k1 k2 p1 p2 (OPENCV) or k1..k4 (fisheye)."""
        return self.params[3:] if self.model in _ONE_FOCAL else self.params[4:]

    @property
    def is_pinhole(self) -> bool:
        """Whether straight lines stay straight. A fisheye never is, even with all its coefficients 0."""
        return self.model != "OPENCV_FISHEYE" and not any(self.distortion)

    @property
    def K(self) -> Array:  # noqa: N802
        """The 3x3 matrix that maps camera coordinates to homogeneous pixels, distortion left out."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    def resized(self, width: int, height: int) -> Camera:
        """The same camera for its image resized to width x height. Continuous coordinates scale without a half-pixel shift."""
        sx, sy = width / self.width, height / self.height
        distortion = self.distortion
        if self.model in _ONE_FOCAL and abs(sx - sy) < 1e-3:
            # Rounding to whole pixels stretches by less than a pixel over the image; one focal length stays one.
            head: tuple[float, ...] = (self.fx * (sx + sy) / 2, self.cx * sx, self.cy * sy)
            return replace(self, width=width, height=height, params=head + distortion)
        head = (self.fx * sx, self.fy * sy, self.cx * sx, self.cy * sy)
        if self.model in ("SIMPLE_RADIAL", "RADIAL"):
            k = (*distortion, 0.0)[:2]
            return Camera("OPENCV", width, height, (*head, *k, 0.0, 0.0))
        model = "PINHOLE" if self.model == "SIMPLE_PINHOLE" else self.model
        return Camera(model, width, height, head + distortion)

    def without_distortion(self) -> Camera:
        """The pinhole camera with the same size, focal lengths and principal point."""
        return Camera("PINHOLE", self.width, self.height, (self.fx, self.fy, self.cx, self.cy))


@dataclass(frozen=True)
class Frame:
    """One registered image: which camera took it, and from where."""

    name: str
    camera_id: int
    q_wxyz: tuple[float, float, float, float]
    """Rotation of cam_from_world as a unit quaternion, scalar first."""
    t: tuple[float, float, float]
    """Translation of cam_from_world, in scene units."""

    @property
    def R(self) -> Array:  # noqa: N802
        """3x3 rotation of cam_from_world."""
        w, x, y, z = np.asarray(self.q_wxyz, dtype=np.float64) / np.linalg.norm(self.q_wxyz)
        return np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )

    @property
    def cam_from_world(self) -> Array:
        """4x4 rigid transform from world to camera coordinates (OpenCV axes: +X right, +Y down, +Z forward)."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.R
        matrix[:3, 3] = self.t
        return matrix

    @property
    def centre_world(self) -> Array:
        """Position of the camera in the world, [3]."""
        return -self.R.T @ np.asarray(self.t)


@dataclass(frozen=True)
class SparsePoints:
    """Triangulated points in the world frame."""

    xyz: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 3)))
    """[n, 3], scene units."""
    rgb: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 3), np.uint8))
    """[n, 3], sRGB."""
    error_px: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """[n], mean reprojection error; NaN where unknown."""
    track_length: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """[n], how many images see the point; 0 where unknown."""

    def __len__(self) -> int:
        return len(self.xyz)


@dataclass(frozen=True)
class CameraSet:
    """All cameras of one reconstruction: intrinsics by id, frames sorted by name, and its sparse points."""

    cameras: Mapping[int, Camera]
    frames: tuple[Frame, ...]
    points: SparsePoints = field(default_factory=SparsePoints)

    def camera_of(self, frame: Frame) -> Camera:
        return self.cameras[frame.camera_id]

    def centres_world(self) -> Array:
        """[n, 3] camera positions, in the order of `frames`."""
        return np.array([frame.centre_world for frame in self.frames]).reshape(-1, 3)
