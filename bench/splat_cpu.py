"""Time a whole training step of the splat trainer on the CPU: project, rasterize, compare, both ways, and Adam.

    python bench/splat_cpu.py [--quick] [--json]

Wall times depend on what else the machine does: the load average is printed, and `ratios` compare cases of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time

import numpy as np

from calotype.artifacts.cameras import Camera
from calotype.vision.splatting.backend import LearningRates, StepSettings
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.native import NativeBackend
from calotype.vision.splatting.rendering import render
from calotype.vision.splatting.views import TrainingView

CASES = {"400x300_20k": (400, 300, 20_000), "270x480_10k": (270, 480, 10_000)}
SIGMA_PX = 2.5


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
    return StepSettings(number, 3, rates, 0.2, 0.01, 0.01, (0.0, 0.0, 0.0), False)


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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under a minute")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    arguments = parser.parse_args()
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
    ratios["270x480_10k_over_400x300_20k"] = figures["270x480_10k_1t_ms"] / figures["400x300_20k_1t_ms"]
    print("  ".join(f"{name} {value:.2f}" for name, value in ratios.items()))
    if arguments.json:
        rounded = {name: round(value, 3) for name, value in figures.items()}
        print(
            json.dumps(
                {"figures": rounded, "ratios": {name: round(value, 3) for name, value in ratios.items()}}
            )
        )


if __name__ == "__main__":
    main()
