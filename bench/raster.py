"""Time the CPU rasterizer (sort, bin, forward, backward) on synthetic scenes, and each kernel of a whole training step.

    python bench/raster.py [--quick] [--json]

Wall times depend on what else the machine does: the load average is printed, CPU time of one thread stands beside the wall
time, and `ratios` compare figures of one run. "ns/pair" is of the fastest round, per pixel and Gaussian inside the visible
ellipse.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calotype import kernels
from calotype.kernels import Projected

CASES = {
    "20k_2.5px_400x300": (20_000, 2.5, (400, 300)),
    "20k_4px_400x300": (20_000, 4.0, (400, 300)),
    "20k_5px_400x300": (20_000, 5.0, (400, 300)),
    "50k_2px_400x300": (50_000, 2.0, (400, 300)),
    "100k_2px_800x600": (100_000, 2.0, (800, 600)),
}
STEP_SIZE = (400, 300)
STEP_GAUSSIANS = 20_000


class Timing(NamedTuple):
    """Median and least wall time, and the least CPU time of the calling thread, in ms."""

    wall_ms: float
    fastest_ms: float
    cpu_ms: float


def timed(run: Callable[[], object], rounds: int) -> Timing:
    """After one round that allocates."""
    run()
    wall: list[float] = []
    cpu: list[float] = []
    for _ in range(rounds):
        began, began_cpu = time.perf_counter(), time.thread_time()
        run()
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.thread_time() - began_cpu))
    return Timing(statistics.median(wall), min(wall), min(cpu))


def float32(values: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, np.float32)


def flat_scene(n: int, sigma_px: float, size: tuple[int, int]) -> Projected:
    """Uniform centres, log-normal sizes, any orientation, opacities around 0.35."""
    rng = np.random.default_rng(0)
    precision = 1 / (sigma_px * np.exp(rng.normal(0, 0.4, (n, 2)))) ** 2
    angle = rng.uniform(0, np.pi, n)
    c, s = np.cos(angle), np.sin(angle)
    conic = np.stack(
        [
            c * c * precision[:, 0] + s * s * precision[:, 1],
            c * s * (precision[:, 0] - precision[:, 1]),
            s * s * precision[:, 0] + c * c * precision[:, 1],
        ],
        axis=1,
    )
    return Projected(
        float32(rng.uniform(0, 1, (n, 2)) * size),
        float32(conic),
        float32(rng.uniform(1, 10, n)),
        float32(1 / (1 + np.exp(-rng.normal(-0.7, 1.0, n)))),
        float32(rng.random((n, 3))),
        np.ones(n, np.uint8),
        np.zeros(n, np.float32),
    )


def visible_pairs(flat: Projected) -> float:
    """Pixels inside visible ellipses, summed over Gaussians: the area pi t / sqrt(det)."""
    a, b, c = flat.conic.T.astype(np.float64)
    reach = np.maximum(2 * np.log(flat.opacity.astype(np.float64) * 255), 0)
    return float(np.sum(np.pi * reach / np.sqrt(a * c - b * b)))


def raster_case(name: str, threads: int, rounds: int) -> dict[str, float]:
    """Figures of one scene: forward with sort and bin, backward, and the two together."""
    n, sigma_px, size = CASES[name]
    flat = flat_scene(n, sigma_px, size)
    d_rgb = np.random.default_rng(1).normal(size=(size[1], size[0], 3)).astype(np.float32)
    workspace = kernels.Workspace()

    def forward() -> kernels.Rasterized:
        return kernels.rasterize(flat, size, workspace=workspace, threads=threads)

    ahead = timed(forward, rounds)
    picture = forward()
    back = timed(
        lambda: kernels.rasterize_backward(picture, flat, d_rgb, absolute=False, threads=threads), rounds
    )

    def both() -> None:
        kernels.rasterize_backward(forward(), flat, d_rgb, absolute=False, threads=threads)

    total = timed(both, rounds)
    pairs = visible_pairs(flat)
    return {
        "pairs_per_pixel": pairs / (size[0] * size[1]),
        "forward_ms": ahead.wall_ms,
        "backward_ms": back.wall_ms,
        "total_ms": total.wall_ms,
        "total_fastest_ms": total.fastest_ms,
        "total_cpu_ms": total.cpu_ms,
        "ns_per_pair": 1e6 * total.fastest_ms / pairs,
    }


def step_kernels(threads: int) -> dict[str, Callable[[], object]]:
    """Each kernel of a training step at SH degree 3, ready to be called, and the step itself."""
    rng = np.random.default_rng(0)
    n, (width, height) = STEP_GAUSSIANS, STEP_SIZE
    depth = rng.uniform(2, 6, n)
    focal, centre = float(width), np.array([width, height]) / 2
    xy = (rng.uniform(0, 1, (n, 2)) * STEP_SIZE - centre) / focal
    parameters = [
        float32(np.concatenate([xy, np.ones((n, 1))], axis=1) * depth[:, None]),
        float32(rng.normal(size=(n, 4))),
        float32(np.log(2.5 * np.exp(0.3 * rng.normal(size=(n, 3))) * depth[:, None] / focal)),
        float32(rng.normal(-0.6, 1.0, n)),
        float32(rng.normal(0, 0.3, (n, 16, 3))),
    ]
    scene = (*parameters, 3, np.eye(4)[:3], (focal, focal, *centre), STEP_SIZE)
    target = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
    space = kernels.Workspace()

    def project() -> Projected:
        return kernels.project(*scene, threads=threads)

    def rasterize(flat: Projected) -> kernels.Rasterized:
        return kernels.rasterize(flat, STEP_SIZE, with_depth=False, workspace=space, threads=threads)

    def loss(picture: kernels.Rasterized) -> kernels.Loss:
        return kernels.l1_ssim(picture.rgb, target, workspace=space, threads=threads)

    def backward(
        picture: kernels.Rasterized, flat: Projected, d_rgb: NDArray[np.float32]
    ) -> kernels.ProjectedGrads:
        return kernels.rasterize_backward(picture, flat, d_rgb, threads=threads)

    def adam(grads: kernels.ParameterGrads) -> None:
        arrays = (grads.means, grads.quats, grads.log_scales, grads.logit_opacities, grads.sh)
        for values, gradient, (m, v) in zip(parameters, arrays, moments, strict=True):
            kernels.adam(values, gradient, m, v, lr=1e-9, step=100, threads=threads)

    flat = project()
    picture = rasterize(flat)
    compared = loss(picture)
    on_picture = backward(picture, flat, compared.d_image)
    by_parameter = kernels.project_backward(*scene, flat, on_picture, threads=threads)

    def step() -> None:
        flat = project()
        picture = rasterize(flat)
        on_picture = backward(picture, flat, loss(picture).d_image)
        adam(kernels.project_backward(*scene, flat, on_picture, threads=threads))

    alone, third = kernels.Workspace(), kernels.Workspace()
    deep = kernels.rasterize(flat, STEP_SIZE, workspace=third, threads=threads)
    nothing = np.zeros_like(deep.alpha)
    drawn = kernels.rasterize(flat, STEP_SIZE, with_depth=False, workspace=alone, threads=threads)
    return {
        "project": project,
        "rasterize": lambda: rasterize(flat),
        "rasterize, with depth": lambda: kernels.rasterize(flat, STEP_SIZE, workspace=space, threads=threads),
        "l1_ssim": lambda: loss(picture),
        "rasterize_backward": lambda: backward(drawn, flat, compared.d_image),
        "backward, all channels": lambda: kernels.rasterize_backward(
            deep, flat, compared.d_image, nothing, nothing, threads=threads
        ),
        "backward, no statistics": lambda: kernels.rasterize_backward(
            drawn, flat, compared.d_image, absolute=False, threads=threads
        ),
        "project_backward": lambda: kernels.project_backward(*scene, flat, on_picture, threads=threads),
        "adam": lambda: adam(by_parameter),
        "step": step,
    }


def bench_cases(names: list[str], threads: list[int], rounds: int, figures: dict[str, float]) -> None:
    columns = ("pairs_per_pixel", "forward_ms", "backward_ms", "total_ms", "total_fastest_ms", "ns_per_pair")
    heads = ("pairs/px", "forward", "backward", "total ms", "fastest", "ns/pair")
    print(f"{'case':<20}{'level':>8}{'threads':>8}" + "".join(f"{head:>10}" for head in heads))
    for name in names:
        for count in threads:
            found = raster_case(name, count, rounds)
            figures.update({f"{name}_{count}t_{key}": value for key, value in found.items()})
            cells = "".join(f"{found[column]:>10.2f}" for column in columns)
            print(f"{name:<20}{kernels.simd_level():>8}{count:>8}{cells}")


def bench_levels(name: str, rounds: int, figures: dict[str, float]) -> None:
    print(f"\n{name}, one thread, by SIMD level: CPU ms of sort, bin, forward and backward")
    fastest = kernels.simd_level()
    for level in kernels.simd_levels():
        kernels.set_simd_level(level)
        figures[f"{name}_{level}_cpu_ms"] = raster_case(name, 1, rounds)["total_cpu_ms"]
        print(f"  {level:<8}{figures[f'{name}_{level}_cpu_ms']:>8.1f}")
    kernels.set_simd_level(fastest)


def bench_step(threads: list[int], rounds: int, figures: dict[str, float]) -> None:
    print(
        f"\nwhole step, {STEP_GAUSSIANS} Gaussians, SH degree 3, {STEP_SIZE[0]}x{STEP_SIZE[1]}: median (fastest) ms"
    )
    parts = {
        count: {name: timed(run, rounds) for name, run in step_kernels(count).items()} for count in threads
    }
    print(f"  {'kernel':<26}" + "".join(f"{f'{count} thread(s)':>18}" for count in threads))
    for name in parts[threads[0]]:
        cells = (
            f"{parts[count][name].wall_ms:.2f} ({parts[count][name].fastest_ms:.2f})" for count in threads
        )
        print(f"  {name:<26}" + "".join(f"{cell:>18}" for cell in cells))
        figures.update({f"{name}_{count}t_ms": parts[count][name].wall_ms for count in threads})
    for count in threads:
        figures[f"step_{count}t_fastest_ms"] = parts[count]["step"].fastest_ms
    figures["step_ms"] = figures[f"step_{threads[-1]}t_ms"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="the first case and the step only, under a minute"
    )
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    arguments = parser.parse_args()
    rounds = 15 if arguments.quick else 40
    names = list(CASES)[:1] if arguments.quick else list(CASES)
    threads = [1, 2] if kernels.usable_cores() < 4 else [1, 2, kernels.usable_cores()]
    first = names[0]
    figures: dict[str, float] = {}
    load = os.getloadavg()[0]
    print(f"load average {load:.1f} on {kernels.usable_cores()} cores; median of {rounds} rounds\n")
    bench_cases(names, threads, rounds, figures)
    bench_levels(first, rounds, figures)
    bench_step(threads, rounds, figures)
    levels = kernels.simd_levels()
    ratios = {
        f"{first}_speedup_2t": figures[f"{first}_1t_total_ms"] / figures[f"{first}_2t_total_ms"],
        "step_speedup_2t": figures["step_1t_ms"] / figures["step_2t_ms"],
        f"{levels[-1]}_over_portable": figures[f"{first}_portable_cpu_ms"]
        / figures[f"{first}_{levels[-1]}_cpu_ms"],
        "raster_share_of_step": (figures["rasterize_1t_ms"] + figures["rasterize_backward_1t_ms"])
        / figures["step_1t_ms"],
    }
    print("\n" + "  ".join(f"{name} {value:.2f}" for name, value in ratios.items()))
    if arguments.json:
        figures["load_average"] = load
        print(
            json.dumps(
                {
                    "figures": {name: round(value, 3) for name, value in figures.items()},
                    "ratios": {name: round(value, 3) for name, value in ratios.items()},
                }
            )
        )


if __name__ == "__main__":
    main()
