"""Measure structure from motion on real captures: photos placed, pose accuracy where a reference exists, GPS residual, time.

    python bench/poses.py [--data DIR] [--quick] [--json] [--threads N]

Each set runs in the child process that the pipeline uses. Wall times depend on what else the machine does: CPU time stands
beside them, and `ratios` compare figures of one run. References: `kermit` has Bundler's cameras (of 9 photos), `fox` those of its
transforms.json; neither is exact, so their rows say how far two programs agree.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.artifacts.transforms_json import read_transforms
from calotype.vision.geometry.alignment import pose_errors
from calotype.vision.geometry.rotations import nearest_rotation, q_wxyz_from_matrix, rotation_angle_deg
from calotype.vision.sfm.options import SfmOptions
from calotype.vision.sfm.report import SfmReport
from calotype.vision.sfm.request import ErrorLine, ResultLine, SfmRequest, parse_line

QUICK = ("kermit", "sceaux")
SUFFIXES = (".jpg", ".jpeg", ".png")


def bundler_cameras(folder: Path) -> CameraSet:
    """Bundler's cameras for the photos of `folder`, in the order of their names, turned from OpenGL to OpenCV axes."""
    lines = (folder / "results.example" / "bundle.out").read_text().splitlines()
    names = [path.name for path in photos_of(folder)]
    numbers = np.array(
        [[float(x) for x in line.split()] for line in lines[2 : 2 + 5 * len(names)]], dtype=object
    )
    cameras: dict[int, Camera] = {}
    frames: list[Frame] = []
    flip = np.diag([1.0, -1.0, -1.0])
    for index, name in enumerate(names):
        rows = [np.asarray(row, dtype=float) for row in numbers[5 * index : 5 * index + 5]]
        if rows[0][0] <= 0:
            continue  # how Bundler marks photos that it could not place
        R, t = flip @ np.array(rows[1:4]), flip @ rows[4]
        cameras[index + 1] = Camera("SIMPLE_PINHOLE", 640, 480, (float(rows[0][0]), 320.0, 240.0))
        w, x, y, z = (float(value) for value in q_wxyz_from_matrix(R))
        frames.append(Frame(name, index + 1, (w, x, y, z), (float(t[0]), float(t[1]), float(t[2]))))
    return CameraSet(cameras, tuple(frames))


@dataclass(frozen=True)
class Capture:
    """A set of photos, and what is known about it."""

    name: str
    reference: Callable[[Path], CameraSet] | None = None
    must_fail: bool = False


CAPTURES = (
    Capture("kermit", reference=bundler_cameras),
    Capture("sceaux"),
    Capture("brighton"),
    Capture("lund"),
    Capture("fox", reference=lambda folder: read_transforms(folder / "transforms.json")),
    Capture("no_overlap", must_fail=True),
)


def photos_of(folder: Path) -> list[Path]:
    inner = folder / "images" if (folder / "images").is_dir() else folder
    return sorted(path for path in inner.iterdir() if path.suffix.lower() in SUFFIXES)


def measure(capture: Capture, data: Path, threads: int) -> dict[str, Any]:
    """Figures of one capture."""
    photos = photos_of(data / capture.name)
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        request = SfmRequest(
            photos=[(path.name, path.resolve()) for path in photos],
            options=SfmOptions(threads=threads),
            workdir=work / "work",
            database=work / "database.db",
            output=work / "out",
        ).write(work / "request.json")
        began, cpu_began = time.monotonic(), cpu_of_children()
        child = subprocess.run(
            [sys.executable, "-m", "calotype.vision.sfm.child", str(request)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
        figures: dict[str, Any] = {
            "photos": len(photos),
            "wall_s": time.monotonic() - began,
            "cpu_s": cpu_of_children() - cpu_began,
        }
        lines = child.stdout.splitlines()
        last = parse_line(lines[-1]) if lines else None
        if isinstance(last, ResultLine):
            figures |= figures_of(work / "out", capture, data)
        elif isinstance(last, ErrorLine):
            figures["error"] = {"type": last.type, "message": last.message}
        else:
            figures["error"] = {"type": "ChildDied", "message": f"exit code {child.returncode}"}
    return figures


def figures_of(out: Path, capture: Capture, data: Path) -> dict[str, Any]:
    report = SfmReport.model_validate_json((out / "sfm.json").read_bytes())
    figures: dict[str, Any] = {
        "registered": report.registered,
        "points": report.points,
        "mean_track_length": report.mean_track_length,
        "reprojection_px": report.reprojection_px,
        "mapper": report.mapper,
        "reasons": report.reasons,
        "model_sizes": report.model_sizes,
        "focal_px": [camera.focal_px for camera in report.cameras],
        "prior_focal_px": [camera.prior_focal_px for camera in report.cameras],
        "agreement": report.agreement.model_dump() if report.agreement else None,
        "gps": report.gps.model_dump(exclude={"enu_from_world"}) if report.gps else None,
        "attempts": [attempt.what for attempt in report.attempts],
        "pairs": report.attempts[-1].pairs,
        "seconds": report.seconds,
        "mapper_seconds": {mapper.mapper: mapper.seconds for mapper in report.mappers},
    }
    if capture.reference is not None:
        reference = capture.reference(data / capture.name)
        estimated = read_colmap_model(out)
        rotation_deg = rotation_errors(estimated, reference)
        errors = pose_errors(estimated, reference)
        extent = float(np.linalg.norm(np.ptp(reference.centres_world(), axis=0)))
        figures["reference_photos"] = len(errors.centre)
        figures["rotation_median_deg"] = statistics.median(rotation_deg)
        figures["rotation_max_deg"] = max(rotation_deg)
        figures["centre_median_percent"] = 100 * statistics.median(errors.centre.tolist()) / extent
    return figures


def rotation_errors(estimated: CameraSet, reference: CameraSet) -> list[float]:
    """Degrees per common photo, after the one turn of the world that lays the orientations over each other best.

    Not the turn that fits the centres: a reference with another principal point has the same orientations but for a constant.
    """
    mine = {frame.name: frame.R for frame in estimated.frames}
    pairs = [(mine[frame.name], frame.R) for frame in reference.frames if frame.name in mine]
    turn = nearest_rotation(np.sum([theirs.T @ ours for ours, theirs in pairs], axis=0))
    return [float(rotation_angle_deg(ours @ turn.T, theirs)) for ours, theirs in pairs]


def cpu_of_children() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def row(name: str, figures: dict[str, Any]) -> str:
    times = f"{figures['wall_s']:7.1f} {figures['cpu_s']:7.1f}"
    if "error" in figures:
        return f"{name:<11} {figures['photos']:>6}  refused: {figures['error']['type']:<46} {times}"
    rotation, gps, both = figures.get("rotation_median_deg"), figures["gps"], figures["agreement"]
    return (
        f"{name:<11} {figures['photos']:>6} {figures['registered']:>6} {figures['points']:>7} "
        f"{figures['reprojection_px']:>6.2f} {figures['focal_px'][0]:>7.0f} {figures['mapper']:<12}"
        f"{f'{rotation:.3f}' if rotation is not None else '-':>8} "
        f"{'{:.1f}'.format(gps['horizontal_rms_m']) if gps else '-':>6} "
        f"{'{:.2f}'.format(both['centre_rms_percent']) if both else '-':>8} {times}"
    )


def ratios(results: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Figures of one run against each other, which load disturbs least."""
    found: dict[str, float] = {}
    for name, figures in results.items():
        spent = figures.get("mapper_seconds", {})
        if len(spent) == 2:
            found[f"{name}: global / incremental mapping time"] = spent["global"] / spent["incremental"]
        if "seconds" in figures:
            total = sum(figures["seconds"].values())
            found[f"{name}: matching / whole time"] = figures["seconds"]["matching"] / total
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the captures")
    parser.add_argument("--quick", action="store_true", help=f"only {' and '.join(QUICK)}")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON in the last line")
    parser.add_argument("--threads", type=int, default=0, help="processor threads, 0 for all")
    parser.add_argument("--only", nargs="*", help="names of captures")
    arguments = parser.parse_args()
    wanted = arguments.only or (QUICK if arguments.quick else [capture.name for capture in CAPTURES])
    chosen = [capture for capture in CAPTURES if capture.name in wanted]
    absent = [capture.name for capture in chosen if not (arguments.data / capture.name).is_dir()]
    results: dict[str, dict[str, Any]] = {}
    print(f"load average {os.getloadavg()[0]:.1f}, {len(os.sched_getaffinity(0))} processors")
    print(
        f"{'set':<11} {'photos':>6} {'placed':>6} {'points':>7} {'px':>6} {'focal':>7} {'mapper':<12}{'rot deg':>8} "
        f"{'gps m':>6} {'agree %':>8} {'wall s':>7} {'cpu s':>7}"
    )
    for capture in chosen:
        if capture.name in absent:
            print(f"{capture.name:<11} skipped: {arguments.data / capture.name} is not here")
            continue
        results[capture.name] = measure(capture, arguments.data, arguments.threads)
        print(row(capture.name, results[capture.name]), flush=True)
        if capture.must_fail and "error" not in results[capture.name]:
            print(f"{capture.name:<11} should have been refused")
    compared = ratios(results)
    for what, value in compared.items():
        print(f"{what}: {value:.2f}")
    if arguments.json:
        print(json.dumps({"bench": "poses", "figures": results, "ratios": compared}))


if __name__ == "__main__":
    main()
