"""Read and write camera poses as `transforms.json`, the format of NeRF, instant-ngp and nerfstudio.

The file stores `world_from_cam` with OpenGL camera axes (+X right, +Y up, +Z backward); here they become OpenCV axes and back.
World coordinates are kept as they are in both directions, so that points, splats and meshes beside the file stay in its frame.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.artifacts.ply import read_points_ply
from calotype.errors import UnreadableInput

Json = Mapping[str, Any]

log = logging.getLogger(__name__)

_FLIP_YZ = np.diag([1.0, -1.0, -1.0, 1.0])
_MODELS = ("OPENCV", "PINHOLE", "SIMPLE_PINHOLE", "SIMPLE_RADIAL", "RADIAL", "OPENCV_FISHEYE")
_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


def read_transforms(path: Path) -> CameraSet:
    """Cameras and frames of a `transforms.json`, and the points of the PLY file that `points_beside` finds.

    Intrinsics may stand at the top, in each frame, or both (the frame wins): `fl_x` `fl_y` or `camera_angle_x` `camera_angle_y`,
    `cx` `cy` (the middle if absent), `w` `h` (the picture's own if absent), `k1 k2 p1 p2`, or `k1..k4` of a fisheye. Frames are
    named by `file_path` without the folder that all of them share. Raises UnreadableInput for what is missing or makes no sense.
    """
    path = Path(path)
    content = _loaded(path)
    entries = cast("list[Json]", content["frames"])
    paths = [_file_path(path, number, entry) for number, entry in enumerate(entries)]
    names = _names(paths)
    cameras: dict[Camera, int] = {}
    frames: list[Frame] = []
    for name, file_path, entry in zip(names, paths, entries, strict=True):
        where = f"{path}: frame {name}"
        camera = _camera(where, {**content, **entry}, path.parent / file_path)
        camera_id = cameras.setdefault(camera, len(cameras) + 1)
        cam_from_world = _cam_from_world(where, entry)
        q_wxyz, t = _q_wxyz(cam_from_world[:3, :3]), cam_from_world[:3, 3]
        frames.append(Frame(name, camera_id, q_wxyz, (float(t[0]), float(t[1]), float(t[2]))))
    if len({frame.name for frame in frames}) != len(frames):
        raise UnreadableInput(f"{path} lists a file twice. Each photo needs exactly one pose.")
    by_id = {camera_id: camera for camera, camera_id in cameras.items()}
    beside = _points_file(path, content)
    points = read_points_ply(beside) if beside is not None else SparsePoints()
    return CameraSet(by_id, tuple(sorted(frames, key=lambda frame: frame.name)), points)


def points_beside(path: Path) -> Path | None:
    """The PLY file with points in the frame of a `transforms.json`: its `ply_file_path`, or `points.ply` beside it.

    None where there is none. A file named outside of the folder that holds `path` counts as none: it would not travel with it.
    """
    return _points_file(path, _loaded(path))


def _points_file(path: Path, content: Json) -> Path | None:
    folder = path.parent.resolve()
    named = content.get("ply_file_path")
    for name in (named, "points.ply"):
        if isinstance(name, str) and name and "\0" not in name:
            found = (folder / name).resolve()
            if found.is_file() and found.is_relative_to(folder):
                return found
    if named is not None:
        log.warning("%s names %s, which is not beside it: it is read without points", path.name, named)
    return None


def write_transforms(
    path: Path, cameras: CameraSet, images: str = "images", points_file: str | None = None
) -> None:
    """Write `cameras` as a nerfstudio `transforms.json`, whose frames lie in the folder `images` beside it.

    Intrinsics stand at the top when one camera took all photos, else in each frame. `points_file` names a PLY with initial points
    in the same world frame (nerfstudio's `ply_file_path`).
    """
    shared = len({frame.camera_id for frame in cameras.frames}) == 1
    content: dict[str, Any] = {}
    if shared:
        content |= _intrinsics(cameras.camera_of(cameras.frames[0]))
    if points_file is not None:
        content["ply_file_path"] = points_file
    content["frames"] = [
        {
            "file_path": f"{images}/{frame.name}" if images else frame.name,
            **({} if shared else _intrinsics(cameras.camera_of(frame))),
            "transform_matrix": (np.linalg.inv(frame.cam_from_world) @ _FLIP_YZ).tolist(),
        }
        for frame in cameras.frames
    ]
    Path(path).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _loaded(path: Path) -> Json:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise UnreadableInput(f"{path} does not exist.") from error
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{path} is not a JSON file ({error}). Export it again.") from error
    if not isinstance(content, dict) or not isinstance(content.get("frames"), list) or not content["frames"]:
        raise UnreadableInput(f'{path} has no list "frames" with poses: it is not a transforms.json.')
    return cast("Json", content)


def _file_path(path: Path, number: int, entry: object) -> str:
    file_path = cast("Json", entry).get("file_path") if isinstance(entry, dict) else None
    if not isinstance(file_path, str) or not file_path:
        raise UnreadableInput(f'{path}: frame number {number} has no "file_path".')
    return file_path


def _names(paths: list[str]) -> list[str]:
    """The paths without the folders that all of them share: `images/0001.jpg` becomes `0001.jpg`."""
    parts = [PurePosixPath(path.replace("\\", "/")).parts for path in paths]
    shared = 0
    while all(len(p) > shared + 1 and p[shared] == parts[0][shared] for p in parts):
        shared += 1
    return ["/".join(p[shared:]) for p in parts]


def _number(where: str, values: Json, key: str) -> float | None:
    value = values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UnreadableInput(f'{where}: "{key}" is not a number.')
    return float(value)


def _camera(where: str, values: Json, picture: Path) -> Camera:
    def number(key: str) -> float | None:
        return _number(where, values, key)

    model = values.get("camera_model") or ("OPENCV_FISHEYE" if values.get("is_fisheye") else "OPENCV")
    if model not in _MODELS:
        raise UnreadableInput(
            f"{where}: camera model {model} is not supported; known are {', '.join(_MODELS)}."
        )
    w, h = number("w"), number("h")
    if w is None or h is None:
        w, h = _picture_size(where, picture)
    if w < 1 or h < 1 or w != round(w) or h != round(h):
        raise UnreadableInput(f'{where}: "w" and "h" are {w} and {h}; they must be whole pixels.')
    fx = number("fl_x") or _focal(w, number("camera_angle_x"))
    fy = number("fl_y") or _focal(h, number("camera_angle_y")) or fx
    fx = fx or fy
    if fx is None or fy is None or fx <= 0 or fy <= 0:
        raise UnreadableInput(
            f'{where}: no focal length. Give "fl_x" in pixels, or "camera_angle_x" in radians.'
        )
    cx, cy = number("cx"), number("cy")
    head = (fx, fy, w / 2 if cx is None else cx, h / 2 if cy is None else cy)
    k1, k2, k3, k4, p1, p2 = (number(key) or 0.0 for key in ("k1", "k2", "k3", "k4", "p1", "p2"))
    if model == "OPENCV_FISHEYE":
        return Camera(model, int(w), int(h), (*head, k1, k2, k3, k4))
    _refuse_higher_orders(where, head, w, h, k3, k4)
    if any((k1, k2, p1, p2)):
        return Camera("OPENCV", int(w), int(h), (*head, k1, k2, p1, p2))
    return Camera("PINHOLE", int(w), int(h), head)


def _focal(size: float, angle_rad: float | None) -> float | None:
    return None if angle_rad is None or not 0 < angle_rad < math.pi else size / 2 / math.tan(angle_rad / 2)


def _refuse_higher_orders(
    where: str, head: tuple[float, ...], w: float, h: float, k3: float, k4: float
) -> None:
    """k3 and k4 have no place in the camera models here: they may be dropped only where nobody can see it."""
    fx, fy, cx, cy = head
    r = math.hypot(max(cx, w - cx) / fx, max(cy, h - cy) / fy)
    displacement_px = max(fx, fy) * (abs(k3) * r**7 + abs(k4) * r**9)
    if displacement_px > 0.5:
        raise UnreadableInput(
            f"{where}: k3 and k4 bend the picture by {displacement_px:.1f} px in a corner, and only k1 k2 p1 p2 are "
            "supported. Undistort the photos first, or export with two radial terms."
        )


def _picture_size(where: str, picture: Path) -> tuple[float, float]:
    """Width and height of the upright picture, from its header. The original NeRF scenes give no size, nor a suffix."""
    from PIL import Image, UnidentifiedImageError

    candidates = [picture, *(picture.with_name(picture.name + suffix) for suffix in _SUFFIXES)]
    found = next((candidate for candidate in candidates if candidate.is_file()), None)
    if found is None:
        raise UnreadableInput(f'{where}: "w" and "h" are missing, and {picture} is not there to be measured.')
    try:
        with Image.open(found) as image:
            turned = image.getexif().get(0x0112, 1) >= 5
            return (image.height, image.width) if turned else (image.width, image.height)
    except (UnidentifiedImageError, OSError) as error:
        raise UnreadableInput(f"{found} is not a readable picture ({error}).") from error


def _cam_from_world(where: str, entry: Json) -> NDArray[np.float64]:
    """4x4 in OpenCV axes. A uniform scale in the rotation part moves no pixel and is divided out."""
    try:
        matrix = np.array(entry.get("transform_matrix"), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UnreadableInput(f'{where}: "transform_matrix" is not a matrix of numbers.') from error
    if matrix.shape not in ((4, 4), (3, 4)) or not np.all(np.isfinite(matrix)):
        raise UnreadableInput(f'{where}: "transform_matrix" must be 4x4 finite numbers.')
    world_from_cam = np.eye(4)
    world_from_cam[:3] = matrix[:3]
    lengths = np.linalg.norm(world_from_cam[:3, :3], axis=0)
    if np.any(lengths < 1e-9):
        raise UnreadableInput(f'{where}: "transform_matrix" has no rotation.')
    R = world_from_cam[:3, :3] / lengths
    if (
        np.linalg.det(R) < 0
        or np.ptp(lengths) > 0.01 * lengths.max()
        or np.abs(R.T @ R - np.eye(3)).max() > 0.01
    ):
        raise UnreadableInput(f'{where}: "transform_matrix" is not a rotation and a translation.')
    # The nearest rotation: files written in single precision are off by 1e-7, hand-edited ones by more.
    u, _, vt = np.linalg.svd(R)
    world_from_cam[:3, :3] = u @ vt
    return np.asarray(np.linalg.inv(world_from_cam @ _FLIP_YZ), dtype=np.float64)


def _q_wxyz(R: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Unit quaternion with w >= 0, as the largest eigenvector of Bar-Itzhack's matrix: no case split, no cancellation."""
    K = np.array(
        [
            [R[0, 0] + R[1, 1] + R[2, 2], R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]],
            [R[2, 1] - R[1, 2], R[0, 0] - R[1, 1] - R[2, 2], R[0, 1] + R[1, 0], R[0, 2] + R[2, 0]],
            [R[0, 2] - R[2, 0], R[0, 1] + R[1, 0], R[1, 1] - R[0, 0] - R[2, 2], R[1, 2] + R[2, 1]],
            [R[1, 0] - R[0, 1], R[0, 2] + R[2, 0], R[1, 2] + R[2, 1], R[2, 2] - R[0, 0] - R[1, 1]],
        ]
    )
    q = np.linalg.eigh(K)[1][:, -1]
    w, x, y, z = q if q[0] >= 0 else -q
    return float(w), float(x), float(y), float(z)


def _intrinsics(camera: Camera) -> dict[str, Any]:
    fisheye = camera.model == "OPENCV_FISHEYE"
    names = ("k1", "k2", "k3", "k4") if fisheye else ("k1", "k2", "p1", "p2")
    distortion = (*camera.distortion, 0.0, 0.0, 0.0, 0.0)[:4]
    return {
        "camera_model": "OPENCV_FISHEYE" if fisheye else "OPENCV" if any(distortion) else "PINHOLE",
        "w": camera.width,
        "h": camera.height,
        "fl_x": camera.fx,
        "fl_y": camera.fy,
        "cx": camera.cx,
        "cy": camera.cy,
        **dict(zip(names, distortion, strict=True)),
    }
