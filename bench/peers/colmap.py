"""Plain pycolmap, as its own documentation begins: extract, match all pairs, map; every default but the picture size.

    python bench/peers/colmap.py PHOTOS OUT MAX_SIDE THREADS

Runs in a process of its own, like ours. The largest model goes to OUT/model; the last line is JSON with the seconds of each step.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SUFFIXES = (".jpg", ".jpeg", ".png")


def photos_of(folder: Path) -> list[Path]:
    """The photos of a capture, by name."""
    inner = folder / "images" if (folder / "images").is_dir() else folder
    return sorted(path for path in inner.iterdir() if path.suffix.lower() in SUFFIXES)


def processor_seconds() -> float:
    """Of this process, all of its threads together."""
    spent = os.times()
    return spent.user + spent.system


def main(photos: Path, out: Path, max_side: int, threads: int) -> None:
    import pycolmap

    pycolmap.logging.minloglevel = int(pycolmap.logging.Level.ERROR.value)
    names = [path.name for path in photos_of(photos)]
    folder = photos_of(photos)[0].parent
    database = out / "database.db"
    extraction = pycolmap.FeatureExtractionOptions()
    extraction.max_image_size = max_side
    matching = pycolmap.FeatureMatchingOptions()
    mapping = pycolmap.IncrementalPipelineOptions()
    extraction.num_threads = matching.num_threads = mapping.num_threads = threads or -1
    steps: dict[str, tuple[float, float]] = {}
    models: dict[int, Any] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        wall, spent = time.monotonic(), processor_seconds()
        result = work()
        steps[name] = (time.monotonic() - wall, processor_seconds() - spent)
        return result

    step(
        "extract",
        lambda: pycolmap.extract_features(database, folder, names, extraction_options=extraction),
    )
    step("match", lambda: pycolmap.match_exhaustive(database, matching))
    models = step("map", lambda: pycolmap.incremental_mapping(database, folder, out, mapping))
    best = max(models.values(), key=lambda model: model.num_reg_images(), default=None)
    if best is not None:
        (out / "model").mkdir()
        best.write_binary(out / "model")
    print(
        json.dumps(
            {
                "steps": steps,
                "registered": best.num_reg_images() if best is not None else 0,
                "models": len(models),
                "points": best.num_points3D() if best is not None else 0,
                "reprojection_px": best.compute_mean_reprojection_error() if best is not None else None,
                "pairs": len(names) * (len(names) - 1) // 2,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
