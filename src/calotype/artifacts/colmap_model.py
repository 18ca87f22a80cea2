"""Read and write camera poses as COLMAP models, binary or text, without COLMAP.

Layout after COLMAP's documentation, "Output Format". Poses are `cam_from_world` in OpenCV axes on both sides, so nothing is
converted. `rigs` and `frames` files (COLMAP 3.12 and later) are not needed and not read.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import (
    COLMAP_MODELS,
    MODEL_NUMBERS,
    PARAMETER_COUNTS,
    Camera,
    CameraSet,
    Frame,
    SparsePoints,
)
from calotype.errors import UnreadableInput

_Parsed = TypeVar("_Parsed")
_Keypoints = NDArray[np.void]
_KEYPOINT = np.dtype([("xy", "<f8", 2), ("point", "<i8")])  # -1 where a keypoint sees no point
_FOLDER_HINT = "Give the folder that holds cameras.bin and images.bin (often sparse/0), or the same as .txt."


@dataclass(frozen=True)
class Sightings:
    """Where one image sees points of its model."""

    xy: NDArray[np.float64]
    """[m, 2], pixels of the camera's image size."""
    point: NDArray[np.int64]
    """[m], rows of the model's points."""


def read_colmap_model(folder: Path) -> CameraSet:
    """Cameras, frames sorted by name, and sparse points of the model in `folder`, binary preferred over text.

    A model without a points file has no points. Raises UnreadableInput for missing, truncated or contradictory files.
    """
    folder = Path(folder)
    if (folder / "cameras.bin").is_file() and (folder / "images.bin").is_file():
        cameras = _parsed(folder / "cameras.bin", _cameras_from_bytes)
        frames = _parsed(folder / "images.bin", _frames_from_bytes)
        points = _optional(folder / "points3D.bin", _points_from_bytes)
    elif (folder / "cameras.txt").is_file() and (folder / "images.txt").is_file():
        cameras = _parsed(folder / "cameras.txt", _cameras_from_text)
        frames = _parsed(folder / "images.txt", _frames_from_text)
        points = _optional(folder / "points3D.txt", _points_from_text)
    else:
        raise UnreadableInput(f"{folder} holds no COLMAP model. {_FOLDER_HINT}")
    return _checked(folder, cameras, frames, points)


def read_colmap_sightings(folder: Path) -> dict[str, Sightings]:
    """What each image of the model in `folder` sees of its points, by image name; empty where the model keeps no tracks.

    Raises UnreadableInput as `read_colmap_model` does.
    """
    folder = Path(folder)
    for suffix, sightings, numbers in (
        ("bin", _sightings_from_bytes, _point_numbers_from_bytes),
        ("txt", _sightings_from_text, _point_numbers_from_text),
    ):
        images, points = folder / f"images.{suffix}", folder / f"points3D.{suffix}"
        if images.is_file() and points.is_file():
            row_of = {number: row for row, number in enumerate(_parsed(points, numbers))}
            found = _parsed(images, sightings)
            return {
                name: seen for name, raw in found.items() if (seen := _sightings(raw, row_of)) is not None
            }
    return {}


def write_colmap_model(folder: Path, cameras: CameraSet) -> None:
    """Write `cameras.bin`, `images.bin` and `points3D.bin` into `folder`, which is made if absent.

    Images are numbered from 1 in the order of `frames`. A CameraSet knows how long tracks are but not their members, so tracks are
    written empty: such a model serves viewers, trainers and `read_colmap_model`, not bundle adjustment.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    blob = [struct.pack("<Q", len(cameras.cameras))]
    for camera_id, camera in sorted(cameras.cameras.items()):
        blob.append(
            struct.pack("<IiQQ", camera_id, MODEL_NUMBERS[camera.model], camera.width, camera.height)
            + struct.pack(f"<{len(camera.params)}d", *camera.params)
        )
    (folder / "cameras.bin").write_bytes(b"".join(blob))

    blob = [struct.pack("<Q", len(cameras.frames))]
    for image_id, frame in enumerate(cameras.frames, start=1):
        blob.append(struct.pack("<I7dI", image_id, *frame.q_wxyz, *frame.t, frame.camera_id))
        blob.append(frame.name.encode() + b"\0" + struct.pack("<Q", 0))
    (folder / "images.bin").write_bytes(b"".join(blob))

    points = cameras.points
    record = np.dtype(
        [("id", "<u8"), ("xyz", "<f8", 3), ("rgb", "u1", 3), ("error", "<f8"), ("track_length", "<u8")]
    )
    rows = np.zeros(len(points), record)
    rows["id"] = np.arange(1, len(points) + 1)
    rows["xyz"], rows["rgb"] = points.xyz, points.rgb
    rows["error"] = np.where(np.isfinite(points.error_px), points.error_px, -1.0)  # -1 is COLMAP's "unknown"
    (folder / "points3D.bin").write_bytes(struct.pack("<Q", len(points)) + rows.tobytes())


def _optional(path: Path, parse: Callable[[bytes], SparsePoints]) -> SparsePoints:
    return _parsed(path, parse) if path.is_file() else SparsePoints()


def _parsed(path: Path, parse: Callable[[bytes], _Parsed]) -> _Parsed:
    try:
        return parse(path.read_bytes())
    except UnreadableInput as error:
        raise UnreadableInput(f"{path}: {error}") from error
    except (struct.error, ValueError, IndexError) as error:
        raise UnreadableInput(
            f"{path} is truncated or not a COLMAP file ({error}). Export the model again."
        ) from error


def _checked(
    folder: Path, cameras: dict[int, Camera], frames: list[Frame], points: SparsePoints
) -> CameraSet:
    for camera_id, camera in cameras.items():
        if camera.width < 1 or camera.height < 1 or not np.all(np.isfinite(camera.params)):
            raise UnreadableInput(f"{folder}: camera {camera_id} has no valid size or parameters.")
    seen: set[str] = set()
    for frame in frames:
        if frame.camera_id not in cameras:
            raise UnreadableInput(
                f"{folder}: image {frame.name} names camera {frame.camera_id}, which is absent."
            )
        if not np.all(np.isfinite((*frame.q_wxyz, *frame.t))) or np.linalg.norm(frame.q_wxyz) < 1e-6:
            raise UnreadableInput(f"{folder}: image {frame.name} has no valid pose.")
        if frame.name in seen:
            raise UnreadableInput(f"{folder}: image {frame.name} occurs twice.")
        seen.add(frame.name)
    return CameraSet(cameras, tuple(sorted(frames, key=lambda frame: frame.name)), points)


class _Reader:
    """A cursor over little-endian bytes that refuses to run past the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[float, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def skip(self, size: int) -> None:
        if self.at + size > len(self.data):
            raise ValueError(f"{self.at + size - len(self.data)} bytes are missing at the end")
        self.at += size

    def count(self, least_size: int) -> int:
        """A number of records, checked against the bytes left, so that a wrong file fails at once and not by memory."""
        number = int(self.take("<Q")[0])
        if number * least_size > len(self.data) - self.at:
            raise ValueError(f"{number} records are announced and {len(self.data) - self.at} bytes follow")
        return number

    def name(self) -> str:
        end = self.data.index(b"\0", self.at)
        text = self.data[self.at : end].decode()
        self.at = end + 1
        return text

    def finish(self) -> None:
        if self.at != len(self.data):
            raise ValueError(f"{len(self.data) - self.at} bytes follow the last record")


def _camera(model: str, width: int, height: int, params: Iterable[float]) -> Camera:
    return Camera(model, width, height, tuple(float(value) for value in params))


def _cameras_from_bytes(data: bytes) -> dict[int, Camera]:
    reader = _Reader(data)
    cameras: dict[int, Camera] = {}
    for _ in range(reader.count(least_size=48)):
        camera_id, number, width, height = (int(value) for value in reader.take("<IiQQ"))
        if number not in COLMAP_MODELS:
            known = ", ".join(name for name, _ in COLMAP_MODELS.values())
            raise UnreadableInput(f"camera model number {number} is not supported; known are {known}.")
        model, count = COLMAP_MODELS[number]
        cameras[camera_id] = _camera(model, width, height, reader.take(f"<{count}d"))
    reader.finish()
    return cameras


def _frames_from_bytes(data: bytes) -> list[Frame]:
    reader = _Reader(data)
    frames: list[Frame] = []
    for _ in range(reader.count(least_size=73)):
        _, qw, qx, qy, qz, tx, ty, tz, camera_id = reader.take("<I7dI")
        name = reader.name()
        reader.skip(24 * reader.count(least_size=24))
        frames.append(Frame(name, int(camera_id), (qw, qx, qy, qz), (tx, ty, tz)))
    reader.finish()
    return frames


def _sightings_from_bytes(data: bytes) -> dict[str, _Keypoints]:
    reader = _Reader(data)
    found: dict[str, _Keypoints] = {}
    for _ in range(reader.count(least_size=73)):
        reader.skip(64)
        name = reader.name()
        count, start = reader.count(least_size=24), reader.at
        reader.skip(24 * count)
        found[name] = np.frombuffer(data, _KEYPOINT, count, start)
    return found


def _sightings_from_text(data: bytes) -> dict[str, _Keypoints]:
    found: dict[str, _Keypoints] = {}
    for first, second in _images_in_text(data):
        values = second.split()
        table = np.zeros(len(values) // 3, _KEYPOINT)
        table["xy"] = np.array([values[0::3], values[1::3]], np.float64).T
        table["point"] = np.array(values[2::3], np.int64)
        found[first[9].rstrip()] = table
    return found


def _sightings(keypoints: _Keypoints, row_of: Mapping[int, int]) -> Sightings | None:
    """The keypoints that are sightings of a point, None if there are none."""
    rows = np.array([row_of.get(int(number), -1) for number in keypoints["point"]], np.int64)
    seen = rows >= 0
    return Sightings(keypoints["xy"][seen].copy(), rows[seen]) if seen.any() else None


def _point_numbers_from_bytes(data: bytes) -> list[int]:
    reader = _Reader(data)
    numbers: list[int] = []
    for _ in range(reader.count(least_size=51)):
        numbers.append(int(reader.take("<Q")[0]))
        reader.skip(35)
        reader.skip(8 * reader.count(least_size=8))
    return numbers


def _point_numbers_from_text(data: bytes) -> list[int]:
    return [int(line.split()[0]) for line in _lines(data) if line.split()]


def _points_from_bytes(data: bytes) -> SparsePoints:
    reader = _Reader(data)
    rows: list[tuple[float, ...]] = []
    for _ in range(reader.count(least_size=51)):
        row = reader.take("<Q3d3Bd")
        track_length = reader.count(least_size=8)
        reader.skip(8 * track_length)
        rows.append((*row[1:], track_length))
    reader.finish()
    return _points(rows)


def _points(rows: list[tuple[float, ...]]) -> SparsePoints:
    """Rows of x y z r g b error track_length as arrays."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 8)
    if not np.all(np.isfinite(table[:, :3])):
        raise ValueError("a point has no finite position")
    # COLMAP writes -1 where it has not computed an error.
    error_px = np.where(table[:, 6] >= 0, table[:, 6], np.nan)
    return SparsePoints(
        table[:, :3].copy(), table[:, 3:6].astype(np.uint8), error_px, table[:, 7].astype(np.int32)
    )


def _lines(data: bytes) -> list[str]:
    """All lines but comments. Empty ones stay: an image without points has an empty second line."""
    return [line for line in data.decode().splitlines() if not line.startswith("#")]


def _cameras_from_text(data: bytes) -> dict[int, Camera]:
    cameras: dict[int, Camera] = {}
    for line in _lines(data):
        fields = line.split()
        if not fields:
            continue
        if fields[1] not in PARAMETER_COUNTS:
            raise UnreadableInput(
                f"camera model {fields[1]} is not supported; known are {', '.join(PARAMETER_COUNTS)}."
            )
        cameras[int(fields[0])] = _camera(
            fields[1], int(fields[2]), int(fields[3]), (float(x) for x in fields[4:])
        )
    return cameras


def _images_in_text(data: bytes) -> list[tuple[list[str], str]]:
    """The fields of each image's first line, and its second line, which lists its keypoints."""
    lines = _lines(data)
    found: list[tuple[list[str], str]] = []
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        # The name comes last and may hold spaces.
        found.append((lines[at].split(maxsplit=9), lines[at + 1] if at + 1 < len(lines) else ""))
        at += 2
    return found


def _frames_from_text(data: bytes) -> list[Frame]:
    frames: list[Frame] = []
    for fields, _ in _images_in_text(data):
        qw, qx, qy, qz, tx, ty, tz = (float(value) for value in fields[1:8])
        frames.append(Frame(fields[9].rstrip(), int(fields[8]), (qw, qx, qy, qz), (tx, ty, tz)))
    return frames


def _points_from_text(data: bytes) -> SparsePoints:
    rows: list[tuple[float, ...]] = []
    for line in _lines(data):
        fields = line.split()
        if fields:
            rows.append((*(float(value) for value in fields[1:8]), (len(fields) - 8) // 2))
    return _points(rows)
