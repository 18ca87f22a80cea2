"""One reconstruction as our own values: cameras, points, and what each photo contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.vision.sfm.photos import Photo

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Observations:
    """Where points are seen, one row per observation."""

    frame: NDArray[np.int64]
    """[m], position in `CameraSet.frames`."""
    point: NDArray[np.int64]
    """[m], position in `CameraSet.points`."""
    xy: Array
    """[m, 2], pixels of the full photo."""
    error_px: Array
    """[m], distance between the keypoint and the projected point."""


@dataclass(frozen=True)
class Model:
    """A reconstruction in its own arbitrary frame."""

    cameras: CameraSet
    observations: Observations
    reconstruction: Any
    """COLMAP's object, which images are named by number in."""

    @property
    def registered(self) -> int:
        return len(self.cameras.frames)

    @property
    def reprojection_px(self) -> float:
        """Mean over all observations, pixels of the full photos."""
        errors = self.observations.error_px
        return float(errors.mean()) if len(errors) else float("nan")

    @property
    def mean_track_length(self) -> float:
        return len(self.observations.point) / max(1, len(self.cameras.points))


def read_model(reconstruction: Any, photos: Sequence[Photo]) -> Model:
    """The reconstruction as values, its images named as the photos (numbered from 1) are."""
    cameras = {int(number): _camera(camera) for number, camera in reconstruction.cameras.items()}
    points, rows = _points(reconstruction)
    placed: list[tuple[Frame, Array, NDArray[np.int64], Array]] = []
    for image_id in reconstruction.reg_image_ids():
        image = reconstruction.images[image_id]
        pose = image.cam_from_world()
        x, y, z, w = (float(value) for value in pose.rotation.quat)
        tx, ty, tz = (float(value) for value in pose.translation)
        name = photos[int(image_id) - 1].name
        frame = Frame(name, int(image.camera_id), (w, x, y, z), (tx, ty, tz))
        seen = [point for point in image.points2D if point.has_point3D()]
        index = np.array([rows[point.point3D_id] for point in seen], dtype=np.int64)
        xy = np.array([point.xy for point in seen], dtype=np.float64).reshape(-1, 2)
        points_cam = points.xyz[index] @ frame.R.T + np.asarray(frame.t)
        projected = reconstruction.cameras[image.camera_id].img_from_cam(points_cam, check_cheirality=False)
        error_px = np.linalg.norm(np.asarray(projected).reshape(-1, 2) - xy, axis=1)
        placed.append((frame, xy, index, error_px))
    placed.sort(key=lambda entry: entry[0].name)
    observations = Observations(
        np.repeat(np.arange(len(placed)), [len(entry[1]) for entry in placed]),
        np.concatenate([entry[2] for entry in placed] or [np.zeros(0, np.int64)]),
        np.concatenate([entry[1] for entry in placed] or [np.zeros((0, 2))]),
        np.concatenate([entry[3] for entry in placed] or [np.zeros(0)]),
    )
    used = {entry[0].camera_id for entry in placed}
    kept = {number: camera for number, camera in cameras.items() if number in used}
    points = _with_errors(points, observations)
    return Model(CameraSet(kept, tuple(entry[0] for entry in placed), points), observations, reconstruction)


def per_photo(model: Model) -> Mapping[str, tuple[int, float]]:
    """For each registered photo: number of observations and mean reprojection error in pixels."""
    observations = model.observations
    count = np.bincount(observations.frame, minlength=model.registered)
    total = np.bincount(observations.frame, observations.error_px, minlength=model.registered)
    return {
        frame.name: (int(n), float(sum_px / n) if n else float("nan"))
        for frame, n, sum_px in zip(model.cameras.frames, count, total, strict=True)
    }


def _camera(camera: Any) -> Camera:
    return Camera(
        camera.model_name, int(camera.width), int(camera.height), tuple(float(v) for v in camera.params)
    )


def _points(reconstruction: Any) -> tuple[SparsePoints, dict[int, int]]:
    """Points without errors yet, and the row of each COLMAP point id."""
    ids = sorted(reconstruction.points3D)
    entries = [reconstruction.points3D[number] for number in ids]
    xyz = np.array([point.xyz for point in entries], dtype=np.float64).reshape(-1, 3)
    rgb = np.array([point.color for point in entries], dtype=np.uint8).reshape(-1, 3)
    length = np.array([point.track.length() for point in entries], dtype=np.int32)
    return SparsePoints(xyz, rgb, np.full(len(ids), np.nan), length), {n: row for row, n in enumerate(ids)}


def _with_errors(points: SparsePoints, observations: Observations) -> SparsePoints:
    count = np.bincount(observations.point, minlength=len(points))
    total = np.bincount(observations.point, observations.error_px, minlength=len(points))
    error_px = np.divide(total, count, out=np.full(len(points), np.nan), where=count > 0)
    return SparsePoints(points.xyz, points.rgb, error_px, points.track_length)
