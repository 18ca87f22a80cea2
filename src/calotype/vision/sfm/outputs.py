"""Write a reconstruction as files: a COLMAP model with tracks, transforms.json, points.ply and sfm.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from calotype.artifacts.cameras import SparsePoints
from calotype.artifacts.transforms_json import write_transforms
from calotype.vision.sfm.reconstruct import SfmResult

_PLY_POINT = np.dtype(
    [
        ("xyz", "<f4", 3),
        ("rgb", "u1", 3),
        ("error_px", "<f4"),
        ("track_length", "<i4"),
    ]
)
_PLY_PROPERTIES = (
    *(f"property float {name}" for name in "xyz"),
    *(f"property uchar {name}" for name in ("red", "green", "blue")),
    "property float error_px",
    "property int track_length",
)


def write_outputs(folder: Path, result: SfmResult) -> None:
    """Write the COLMAP model (`cameras.bin`, `images.bin`, `points3D.bin`, ...), `transforms.json`, `points.ply` and `sfm.json`.

    All are in the final world frame and name photos as the request did. Frames of `transforms.json` lie in `images/`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    result.reconstruction.write_binary(folder)
    write_transforms(folder / "transforms.json", result.cameras, points_file="points.ply")
    write_points_ply(folder / "points.ply", result.cameras.points)
    text = result.report.model_dump_json(indent=2)
    (folder / "sfm.json").write_text(text + "\n", encoding="utf-8")


def write_points_ply(path: Path, points: SparsePoints) -> None:
    """Write points as binary PLY: x y z, red green blue, error_px (NaN if unknown) and track_length."""
    rows: Any = np.zeros(len(points), _PLY_POINT)
    rows["xyz"], rows["rgb"] = points.xyz, points.rgb
    rows["error_px"], rows["track_length"] = points.error_px, points.track_length
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {len(points)}"]
    header += [*_PLY_PROPERTIES, "end_header", ""]
    path.write_bytes("\n".join(header).encode("ascii") + rows.tobytes())
