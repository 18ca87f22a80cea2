"""Write a reconstruction as files: a COLMAP model with tracks, transforms.json, points.ply and sfm.json."""

from __future__ import annotations

from pathlib import Path

from calotype.artifacts.ply import write_points_ply
from calotype.artifacts.transforms_json import write_transforms
from calotype.vision.sfm.reconstruct import SfmResult


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
