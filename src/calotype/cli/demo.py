"""`calotype demo`: photos of a small painted scene, their poses found, a splat trained, everything compared with the truth."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from calotype.cli.flags import DEFAULT_STORE, Json, OutputFlag, StoreFlag
from calotype.cli.progress import watching
from calotype.cli.results import document, print_json, report
from calotype.cli.terminal import show
from calotype.engine.events import SourceProgress
from calotype.engine.recipes import called_recipe
from calotype.errors import InvalidParameter
from calotype.hardware import usable_cores
from calotype.runners.session import open_session


def demo(
    *,
    output: OutputFlag = "calotype-demo",
    store: StoreFlag = DEFAULT_STORE,
    iterations: int = 3000,
    seed: int = 0,
    json: Json = False,
) -> int:
    """Make photos of a small scene, find their poses, train a splat, show the result. Needs no GPU, no server, no data.

    Parameters
    ----------
    iterations
        Training iterations.
    seed
        Seed of the scene's details.
    """
    from calotype.vision.synthetic.capture import demo_capture
    from calotype.vision.synthetic.photographs import write_capture

    if "://" in output:
        raise InvalidParameter(f"The demo writes to a folder, not to {output}.")
    started = time.monotonic()
    threads = usable_cores()
    capture = demo_capture(seed=seed, threads=threads)
    photos = Path(output) / "photos"
    with open_session(store, make=True) as session, watching() as emit:
        write_capture(
            capture,
            photos,
            lambda done, total, _: emit(SourceProgress(source="demo photos", done=done, total=total or 0)),
            threads=threads,
        )
        photographed = time.monotonic() - started
        pipeline = called_recipe("splat", {"preset": "low", "iterations": iterations, "max_side": 480})
        definition = session.create(pipeline, {"photos": str(photos)}, output=output, emit=emit)
        result = session.conduct(definition, emit=emit)
    seconds = {"photos": photographed, **result.seconds, "total": time.monotonic() - started}
    result = replace(result, seconds=seconds, executed=("photos", *result.executed))
    if result.state != "done":
        return report(result, as_json=json, store=store)
    errors = _against_truth(capture, Path(output))
    result = replace(result, figures={**result.figures, **errors})
    if json:
        print_json(document(result))
        return 0
    report(result, as_json=False, store=store)
    show(f"\nOpen {output}/report.html in a browser, or drop {output}/scene.ply on any splat viewer.\n")
    return 0


def _against_truth(capture: Any, output: Path) -> dict[str, float]:
    """How far the poses are from those the photos were made with, after alignment."""
    import numpy as np

    from calotype.artifacts.colmap_model import read_colmap_model
    from calotype.vision.geometry.alignment import pose_errors

    truth = capture.truth
    rotation_deg, centre = pose_errors(read_colmap_model(output / "sparse" / "0"), truth)
    extent = float(np.ptp(truth.centres_world(), axis=0).max())
    return {
        "rotation_error_deg": round(float(np.median(rotation_deg)), 4),
        "centre_error_percent": round(float(100 * np.median(centre) / extent), 4),
    }
