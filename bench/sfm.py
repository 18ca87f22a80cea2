"""Compare structure from motion with plain pycolmap on the same JPEGs, and show how time and pairs grow with the photos.

    python bench/sfm.py [--quick] [--only SET ...] [--every N] [--start N] [--aliked WEIGHTS ...] [--peer-less] [--growth N ...]
                        [--svg FILE] [--json] [--threads N]

Plain pycolmap is its documented use: extract, match all pairs, map incrementally, every default but the picture size, which is
ours. Each run is a child process; its start counts. Wall times depend on what else the machine does, so processor seconds stand
beside them. Poses are measured against reference cameras after a similarity (kermit: Bundler's, of 9 photos; fox: those of its
transforms.json; neither is exact); sceaux has none, and its two models are measured against each other. The growing captures are
the first photos of one procedural walk, 25 a turn, once under ordered and once under shuffled names, with exact poses.

`--aliked` adds a row for each file of ALIKED's weights: ours with these learned keypoints instead of SIFT's. `--every 3` leaves two
of three photos out, so that neighbours lie farther apart; `--start 1` begins at the second.
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
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from calotype.artifacts.cameras import CameraSet
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.artifacts.transforms_json import read_transforms
from calotype.vision.geometry.alignment import pose_errors
from calotype.vision.sfm.options import SfmOptions
from calotype.vision.sfm.report import SfmReport
from calotype.vision.sfm.request import ErrorLine, SfmRequest, parse_line

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.growth.captures import first, walk
from bench.growth.chart import growth_chart
from bench.peers.colmap import photos_of
from bench.poses import bundler_cameras, cpu_of_children, rotation_errors

MAX_SIDE = SfmOptions().max_image_side
REFERENCES: dict[str, Callable[[Path], CameraSet] | None] = {
    "kermit": bundler_cameras,
    "sceaux": None,
    "fox": lambda folder: read_transforms(folder / "transforms.json"),
}
GROWTH = (25, 50, 100, 200)
GROWTH_SIZE = (480, 360)
QUICK_GROWTH, QUICK_SIZE = (12, 24), (320, 240)
STEPS = ("extract", "match", "map")
STEP_OF_PHASE = {"keypoints": "extract", "choosing pairs": "match", "matching": "match"}

Span = tuple[float, float]
"""Wall and processor seconds."""


@dataclass(frozen=True)
class Outcome:
    """What one program made of one capture."""

    program: str
    photos: int
    registered: int
    pairs: int
    points: int
    reprojection_px: float | None
    whole: Span
    steps: dict[str, Span]
    rotation_median_deg: float | None = None
    """After the similarity that lays the centres over each other."""
    turned_median_deg: float | None = None
    """After the one turn that lays the orientations over each other, which another principal point does not disturb."""
    centre_median_percent: float | None = None
    """Of the extent of the reference cameras."""
    error: str = ""


def run_child(arguments: list[str]) -> tuple[str, int, Span]:
    """The last line of a child's output, its exit code and its seconds."""
    wall, spent = time.monotonic(), cpu_of_children()
    child = subprocess.run(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    lines = child.stdout.splitlines() or [""]
    return lines[-1], child.returncode, (time.monotonic() - wall, cpu_of_children() - spent)


def plain(folder: Path, work: Path, threads: int) -> tuple[Outcome, CameraSet | None]:
    """Plain pycolmap's outcome and cameras."""
    script = Path(__file__).parent / "peers" / "colmap.py"
    work.mkdir()
    last, code, whole = run_child([str(script), str(folder), str(work), str(MAX_SIDE), str(threads)])
    count = len(photos_of(folder))
    if code != 0:
        return Outcome("plain", count, 0, 0, 0, None, whole, {}, error=f"exit code {code}"), None
    told = json.loads(last)
    outcome = Outcome(
        "plain",
        count,
        told["registered"],
        told["pairs"],
        told["points"],
        told["reprojection_px"],
        whole,
        {name: (wall, spent) for name, (wall, spent) in told["steps"].items()},
    )
    return outcome, read_colmap_model(work / "model") if told["registered"] else None


def ours(
    folder: Path,
    work: Path,
    threads: int,
    options: dict[str, Any] | None = None,
    weights: Path | None = None,
) -> tuple[Outcome, CameraSet | None]:
    """Our outcome and cameras, in the child process that the stage uses; with SIFT, or with learned keypoints of these weights."""
    photos = photos_of(folder)
    program = "ours" if weights is None else weights.stem.removeprefix("aliked-")
    work.mkdir()
    request = SfmRequest(
        photos=[(path.name, path.resolve()) for path in photos],
        options=SfmOptions.model_validate({"threads": threads, **(options or {})}),
        weights=None if weights is None else weights.resolve(),
        workdir=work / "work",
        database=work / "database.db",
        output=work / "model",
    ).write(work / "request.json")
    last, code, whole = run_child(["-m", "calotype.vision.sfm.child", str(request)])
    line = parse_line(last) if last else None
    if isinstance(line, ErrorLine) or code != 0:
        why = line.type if isinstance(line, ErrorLine) else f"exit code {code}"
        return Outcome(program, len(photos), 0, 0, 0, None, whole, {}, error=why), None
    report = SfmReport.model_validate_json((work / "model" / "sfm.json").read_bytes())
    steps = dict.fromkeys(STEPS, (0.0, 0.0))
    for phase, wall in report.seconds.items():
        step = STEP_OF_PHASE.get(phase, "map")
        spent = report.processor_seconds[phase]
        steps[step] = (steps[step][0] + wall, steps[step][1] + spent)
    outcome = Outcome(
        program,
        len(photos),
        report.registered,
        max(attempt.pairs for attempt in report.attempts),
        report.points,
        report.reprojection_px,
        whole,
        steps,
    )
    return outcome, read_colmap_model(work / "model")


def with_errors(outcome: Outcome, found: CameraSet | None, reference: CameraSet | None) -> Outcome:
    """The outcome with how far its cameras lie from the reference after the best similarity."""
    if found is None or reference is None:
        return outcome
    errors = pose_errors(found, reference)
    extent = float(np.linalg.norm(np.ptp(reference.centres_world(), axis=0)))
    return replace(
        outcome,
        rotation_median_deg=statistics.median(errors.rotation_deg.tolist()),
        turned_median_deg=statistics.median(rotation_errors(found, reference)),
        centre_median_percent=100 * statistics.median(errors.centre.tolist()) / extent,
    )


def compared(
    name: str,
    data: Path,
    with_peer: bool,
    threads: int,
    learned: Sequence[Path] = (),
    every: int = 1,
    start: int = 0,
) -> list[Outcome]:
    """Plain pycolmap's outcome, unless left out, ours, and ours with the learned keypoints of each of the weights."""
    reference_of = REFERENCES[name]
    with tempfile.TemporaryDirectory(prefix="bench-sfm-") as scratch:
        folder = Path(scratch) / "photos"
        folder.mkdir()
        for photo in photos_of(data / name)[start::every]:
            (folder / photo.name).symlink_to(photo.resolve())
        runs = [plain(folder, Path(scratch) / "plain", threads)] if with_peer else []
        for number, weights in enumerate((None, *learned)):
            runs.append(ours(folder, Path(scratch) / f"ours {number}", threads, weights=weights))
    # Without a reference the first program's cameras are one, and its own row stays empty.
    reference = reference_of(data / name) if reference_of else runs[0][1]
    return [with_errors(outcome, found, None if found is reference else reference) for outcome, found in runs]


HEAD = (
    f"{'set':<14}{'':<7}{'placed':>9} {'pairs':>6} {'points':>7} {'px':>5} {'rot deg':>8} {'turned':>7} {'centre %':>8}"
    + "".join(f"{step:>15}" for step in (*STEPS, "all"))
    + "  (wall/processor s)"
)


def row(name: str, outcome: Outcome) -> str:
    spans = "".join(
        f"{wall:>8.1f}/{spent:<6.1f}"
        for wall, spent in (*(outcome.steps.get(step, (0, 0)) for step in STEPS), outcome.whole)
    )
    if outcome.error:
        return f"{name:<14}{outcome.program:<7}failed: {outcome.error:<51}{spans}"
    px = "-" if outcome.reprojection_px is None else f"{outcome.reprojection_px:.2f}"
    errors = (outcome.rotation_median_deg, outcome.turned_median_deg, outcome.centre_median_percent)
    rotation, turned, centre = ("-" if error is None else f"{error:.3f}" for error in errors)
    return (
        f"{name:<14}{outcome.program:<7}{f'{outcome.registered}/{outcome.photos}':>9} {outcome.pairs:>6} "
        f"{outcome.points:>7} {px:>5} {rotation:>8} {turned:>7} {centre:>8}{spans}"
    )


def grown(sizes: list[int], size_px: tuple[int, int], threads: int) -> dict[str, list[Outcome]]:
    """Outcomes of ever longer beginnings of one walk, by the kind of their names."""
    found: dict[str, list[Outcome]] = {"ordered": [], "shuffled": []}
    with tempfile.TemporaryDirectory(prefix="bench-sfm-") as scratch:
        source = Path(scratch) / "walk"
        truth = walk(source, max(sizes), *size_px, threads or len(os.sched_getaffinity(0)))
        for kind, outcomes in found.items():
            for count in sizes:
                folder = Path(scratch) / f"{kind} {count}"
                true_name = first(source, folder, count, kind == "ordered")
                outcome, cameras = ours(folder, Path(scratch) / f"run {kind} {count}", threads)
                if cameras is not None:
                    frames = tuple(replace(frame, name=true_name[frame.name]) for frame in cameras.frames)
                    cameras = replace(cameras, frames=frames)
                    kept = {frame.name for frame in frames}
                    reference = replace(truth, frames=tuple(f for f in truth.frames if f.name in kept))
                    outcome = with_errors(outcome, cameras, reference)
                outcomes.append(outcome)
                print(row(f"{kind} {count}", outcome), flush=True)
    return found


def print_growth(found: dict[str, list[Outcome]]) -> None:
    """Seconds and pairs per photo: flat columns are linear growth."""
    print(
        f"\n{'per photo':<14}{'photos':>7}{'pairs':>8}{'wall s':>9}{'cpu s':>8}"
        + "".join(f"{step + ' cpu':>13}" for step in STEPS)
    )
    for kind, outcomes in found.items():
        for outcome in outcomes:
            n = outcome.photos
            steps = "".join(f"{outcome.steps.get(step, (0, 0))[1] / n:>13.3f}" for step in STEPS)
            print(
                f"{kind:<14}{n:>7}{outcome.pairs / n:>8.1f}{outcome.whole[0] / n:>9.3f}{outcome.whole[1] / n:>8.3f}{steps}"
            )


def draw(found: dict[str, list[Outcome]], path: Path) -> None:
    def curves(of: Callable[[Outcome], float]) -> dict[str, list[tuple[float, float]]]:
        return {
            f"{kind} names": [(0.0, 0.0), *((float(o.photos), of(o)) for o in outcomes)]
            for kind, outcomes in found.items()
        }

    panels = {
        "Processor seconds, all steps": curves(lambda outcome: outcome.whole[1]),
        "Pairs compared": curves(lambda outcome: float(outcome.pairs)),
    }
    path.write_text(growth_chart(panels) + "\n", encoding="utf-8")
    print(f"curve: {path}")


def ratios(results: dict[str, list[Outcome]], growth: dict[str, list[Outcome]]) -> dict[str, float]:
    """Figures of one run against each other."""
    found: dict[str, float] = {}
    for name, outcomes in results.items():
        by_program = {outcome.program: outcome for outcome in outcomes if not outcome.error}
        if (mine := by_program.pop("ours", None)) is None:
            continue
        for program, other in by_program.items():
            found[f"{name}: {program} / ours, wall"] = other.whole[0] / mine.whole[0]
            found[f"{name}: {program} / ours, processor"] = other.whole[1] / mine.whole[1]
    for kind, outcomes in growth.items():
        least, most = outcomes[0], outcomes[-1]
        more = most.photos / least.photos
        found[f"{kind}: processor seconds per photo, {most.photos} / {least.photos} photos"] = (
            most.whole[1] / least.whole[1] / more
        )
        found[f"{kind}: pairs per photo, {most.photos} / {least.photos} photos"] = (
            most.pairs / max(1, least.pairs) / more
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the captures")
    parser.add_argument("--quick", action="store_true", help="kermit, and small growing captures")
    parser.add_argument("--only", nargs="*", choices=list(REFERENCES), help="names of captures")
    parser.add_argument("--every", type=int, default=1, help="use only every Nth photo of the captures")
    parser.add_argument("--start", type=int, default=0, help="with --every: how many photos to skip first")
    parser.add_argument(
        "--aliked", nargs="*", type=Path, default=[], help="files of ALIKED's weights: a row for each"
    )
    parser.add_argument("--peer-less", action="store_true", help="without plain pycolmap")
    parser.add_argument(
        "--growth", nargs="*", type=int, help="photos of the growing captures; none to leave them out"
    )
    parser.add_argument("--svg", type=Path, help="where to draw the curve of growth")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON in the last line")
    parser.add_argument("--threads", type=int, default=0, help="processor threads, 0 for all")
    arguments = parser.parse_args()
    names = (
        arguments.only if arguments.only is not None else ["kermit"] if arguments.quick else list(REFERENCES)
    )
    sizes = (
        list(QUICK_GROWTH if arguments.quick else GROWTH) if arguments.growth is None else arguments.growth
    )
    print(
        f"load average {os.getloadavg()[0]:.1f}, {len(os.sched_getaffinity(0))} processors, longer side {MAX_SIDE} px"
    )
    print(HEAD)
    results: dict[str, list[Outcome]] = {}
    for name in names:
        if not (arguments.data / name).is_dir():
            print(f"{name:<14}skipped: {arguments.data / name} is not here")
            continue
        results[name] = compared(
            name,
            arguments.data,
            not arguments.peer_less,
            arguments.threads,
            arguments.aliked,
            arguments.every,
            arguments.start,
        )
        label = name if arguments.every == 1 else f"{name} {arguments.start}::{arguments.every}"
        for outcome in results[name]:
            print(row(label, outcome), flush=True)
    growth: dict[str, list[Outcome]] = {}
    if sizes:
        growth = grown(sorted(sizes), QUICK_SIZE if arguments.quick else GROWTH_SIZE, arguments.threads)
        print_growth(growth)
        if arguments.svg:
            draw(growth, arguments.svg)
    print(f"load average {os.getloadavg()[0]:.1f} at the end")
    figures = ratios(results, growth)
    for what, value in figures.items():
        print(f"{what}: {value:.2f}")
    if arguments.json:
        everything = {**results, **{f"growth, {kind}": outcomes for kind, outcomes in growth.items()}}
        listed = {name: [asdict(outcome) for outcome in outcomes] for name, outcomes in everything.items()}
        print(json.dumps({"bench": "sfm", "figures": listed, "ratios": figures}))


if __name__ == "__main__":
    main()
