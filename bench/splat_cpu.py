"""Time a whole training step of the splat trainer on the CPU: project, rasterize, compare, both ways, and Adam.

    python bench/splat_cpu.py [--quick] [--json] [--peer OPENSPLAT --photos FOLDER [--steps N ...]]

Wall times depend on what else the machine does: the load average is printed, and `ratios` compare cases of one run. With `--peer`,
an OpenSplat binary trains the same views from the same poses and points, on the CPU, its own defaults; its PLY is rendered by
us at the same held-out poses. Calotype trains twice: with preset `low`, which finds more first points, and from the same points
with as many Gaussians as the peer ends with. Growth is
measured with four times the pixels and four times the Gaussians, each alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from calotype.artifacts.cameras import Camera
from calotype.vision.splatting.backend import LearningRates, StepSettings
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.native import NativeBackend
from calotype.vision.splatting.rendering import render
from calotype.vision.splatting.views import TrainingView

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.peers.opensplat import Row, posed, train_ours, train_peer, write_for_peer

CASES = {"400x300_20k": (400, 300, 20_000), "270x480_10k": (270, 480, 10_000)}
SIGMA_PX = 2.5
GROWTH = {
    "pixels x1": (400, 300, 20_000),
    "pixels x4": (800, 600, 20_000),
    "Gaussians x4": (400, 300, 80_000),
}
STEPS = (500, 2000)
PEER_MAX_SIDE = 480


def scene(camera: Camera, n: int, seed: int = 0) -> Gaussians:
    """n Gaussians spread evenly over the picture at depths 2 to 6, their projections about SIGMA_PX wide."""
    rng = np.random.default_rng(seed)
    depth = rng.uniform(2, 6, n)
    xy = rng.uniform(0, 1, (n, 2)) * (camera.width, camera.height)
    means = (
        np.stack([(xy[:, 0] - camera.cx) / camera.fx, (xy[:, 1] - camera.cy) / camera.fy, np.ones(n)], 1)
        * depth[:, None]
    )
    scales = SIGMA_PX * np.exp(0.3 * rng.normal(size=(n, 3))) * depth[:, None] / camera.fx
    return Gaussians(
        means=means.astype(np.float32),
        q_wxyz=rng.normal(size=(n, 4)).astype(np.float32),
        log_scales=np.log(scales).astype(np.float32),
        logit_opacities=rng.normal(-0.6, 1.0, n).astype(np.float32),
        sh=rng.normal(0, 0.3, (n, 16, 3)).astype(np.float32),
    )


def settings(number: int) -> StepSettings:
    """Rates so small that the scene stays what it is."""
    rates = LearningRates(1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9)
    return StepSettings(number, 3, rates, 0.2, 0.0, 0.0, (0.0, 0.0, 0.0), False)


def time_steps(camera: Camera, n: int, threads: int, rounds: int) -> list[float]:
    """Milliseconds of each of `rounds` steps."""
    truth = render(scene(camera, n, seed=1), camera, np.eye(4)).rgb_uint8
    view = TrainingView("bench", camera, np.eye(4), truth)
    backend = NativeBackend(threads)
    backend.load(scene(camera, n))
    found: list[float] = []
    for number in range(1, rounds + 4):
        began = time.perf_counter()
        backend.step(view, settings(number))
        if number > 3:  # the first steps allocate
            found.append(1000 * (time.perf_counter() - began))
    return found


def print_growth(rounds: int) -> dict[str, float]:
    """Milliseconds of a step as pixels and Gaussians grow; Gaussians keep their size in pixels."""
    found: dict[str, float] = {}
    print(f"\n{'growth, 2 threads':<20}{'median ms':>11}{'ratio':>8}")
    for name, (width, height, n) in GROWTH.items():
        camera = Camera("PINHOLE", width, height, (float(max(width, height)),) * 2 + (width / 2, height / 2))
        found[name] = statistics.median(time_steps(camera, n, 2, rounds))
        print(f"{name:<20}{found[name]:>11.1f}{found[name] / found['pixels x1']:>8.2f}")
    return found


def compare_with_peer(binary: Path, photos: Path, steps: list[int]) -> list[Row]:
    """Each trainer's time and held-out quality after so many steps, one table."""
    with tempfile.TemporaryDirectory(prefix="bench-splat-") as folder:
        capture = posed(photos, Path(folder), PEER_MAX_SIDE)
        project = Path(folder) / "project"
        write_for_peer(capture, project)
        view = capture.training[0].camera
        print(
            f"\n{photos}: {len(capture.training)} training views at {view.width}x{view.height}, {len(capture.held_out)} held out"
        )
        print(
            f"{'trainer':<18}{'steps':>7}{'seconds':>9}{'ms/step':>9}{'PSNR dB':>9}{'SSIM':>7}{'Gaussians':>11}"
        )
        rows: list[Row] = []

        def done(row: Row) -> Row:
            rows.append(row)
            print(
                f"{row.trainer:<18}{row.steps:>7}{row.seconds:>9.1f}{row.ms_per_step:>9.1f}"
                f"{row.quality.psnr:>9.2f}{row.quality.ssim:>7.3f}{row.gaussians:>11,}",
                flush=True,
            )
            return row

        verdicts: list[str] = []
        for count in steps:
            ours = done(train_ours(count, capture))
            peer = done(train_peer(binary, project, count, capture, Path(folder) / f"peer_{count}.ply"))
            equal = done(train_ours(count, capture, gaussians=peer.gaussians))
            for row, what in ((ours, "preset low"), (equal, "as many Gaussians as the peer")):
                verdicts.append(
                    f"after {count} steps, {what}: {peer.ms_per_step / row.ms_per_step:.1f} times faster per full-size step, "
                    f"{peer.seconds / row.seconds:.1f} times in all, {row.quality.psnr - peer.quality.psnr:+.2f} dB"
                )
        print("\n".join(verdicts))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under a minute")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--peer", type=Path, metavar="OPENSPLAT", help="an installed OpenSplat binary")
    parser.add_argument("--photos", type=Path, help="the photos to train from, with --peer")
    parser.add_argument("--steps", type=int, nargs="+", default=list(STEPS), help="step counts, with --peer")
    arguments = parser.parse_args()
    if (arguments.peer is None) != (arguments.photos is None):
        parser.error("--peer and --photos go together")
    rounds = 15 if arguments.quick else 60
    figures: dict[str, float] = {}
    print(
        f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {rounds} steps per case, SH degree 3"
    )
    print(f"{'case':<14}{'threads':>8}{'median ms':>11}{'fastest ms':>12}")
    for name, (width, height, n) in CASES.items():
        camera = Camera("PINHOLE", width, height, (float(max(width, height)),) * 2 + (width / 2, height / 2))
        for threads in (1, 2):
            found = time_steps(camera, n, threads, rounds)
            figures[f"{name}_{threads}t_ms"] = statistics.median(found)
            figures[f"{name}_{threads}t_fastest_ms"] = min(found)
            print(f"{name:<14}{threads:>8}{statistics.median(found):>11.1f}{min(found):>12.1f}")
    ratios = {f"{name}_speedup_2t": figures[f"{name}_1t_ms"] / figures[f"{name}_2t_ms"] for name in CASES}
    growth = print_growth(rounds)
    ratios |= {f"growth_{name}": growth[name] / growth["pixels x1"] for name in list(GROWTH)[1:]}
    ratios["270x480_10k_over_400x300_20k"] = figures["270x480_10k_1t_ms"] / figures["400x300_20k_1t_ms"]
    print("\n" + "  ".join(f"{name} {value:.2f}" for name, value in ratios.items()))
    if arguments.peer:
        for row in compare_with_peer(arguments.peer, arguments.photos, arguments.steps):
            figures[f"{row.trainer}_{row.steps}_ms"] = row.ms_per_step
            figures[f"{row.trainer}_{row.steps}_psnr"] = row.quality.psnr
    if arguments.json:
        rounded = {name: round(value, 3) for name, value in figures.items()}
        print(
            json.dumps(
                {"figures": rounded, "ratios": {name: round(value, 3) for name, value in ratios.items()}}
            )
        )


if __name__ == "__main__":
    main()
