"""What each training option costs and gains: seconds, held-out PSNR and SSIM, Gaussians; every option alone against preset `low`.

    python bench/ablation.py [--photos FOLDER ...] [--iterations N] [--max-side PX] [--only NAME ...] [--quick] [--json]

Poses are found once per scene; the procedural still life is always among the scenes. Defaults are chosen by it;
of presets it measures `low`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from calotype.vision.splatting.evaluation import evaluate
from calotype.vision.splatting.loop import train
from calotype.vision.splatting.native import NativeBackend
from calotype.vision.splatting.options import TrainOptions
from calotype.vision.synthetic.capture import orbit_capture
from calotype.vision.synthetic.photographs import write_capture

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.peers.opensplat import Capture, posed

OPTIONS: dict[str, dict[str, Any]] = {
    "low": {},
    "full size from the start": {"quarter_until": 0.0, "half_until": 0.0},
    "half size from the start": {"quarter_until": 0.0},
    "never split": {"densify_from": 1.0, "densify_until": 1.0},
    "8 views measured": {"measured_views": 8},
    "harmonics degree 0": {"sh_degree": 0},
    "harmonics degree 1": {"sh_degree": 1},
    "all harmonics at once": {"sh_every": 0.0},
    "half the Gaussians": {"gaussians": 15_000},
    "twice the Gaussians": {"gaussians": 60_000},
    "exposure": {"exposure": True},
    "anti-aliased": {"antialiased": True},
    "opacity penalty 0.01": {"opacity_weight": 0.01},
    "scale penalty 0.01": {"scale_weight": 0.01},
    "random background": {"random_background": True},
    "no SSIM": {"ssim_weight": 0.0},
    "SSIM's share 0.4": {"ssim_weight": 0.4},
    "half the rate of harmonics": {"lr_harmonics": 5e-4},
    "splitting until half": {"densify_until": 0.5},
    "rates that do not fall": {"lr_end": 1.0},
    "sparse points alone": {"initial_points": 0},
    "half the initial points": {"initial_points": 10_000},
}
QUICK = ("low", "full size from the start", "exposure")


def rows_of(scene: str, capture: Capture, iterations: int, names: list[str]) -> Iterator[dict[str, Any]]:
    """One row per option."""
    for name in names:
        options = TrainOptions.preset("low", **{"iterations": iterations, **OPTIONS[name]})
        began, used = time.perf_counter(), time.process_time()
        init = capture.first_gaussians(options)
        trained = train(capture.training, init, options, NativeBackend())
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - used
        quality = evaluate(trained.gaussians, capture.held_out, antialiased=options.antialiased)
        yield {
            "scene": scene,
            "option": name,
            "seconds": seconds,
            "cpu_s": cpu_s,
            "psnr": quality.psnr,
            "fitted_psnr": quality.fitted_psnr,
            "ssim": quality.ssim,
            "gaussians": len(trained.gaussians),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, nargs="*", default=[], help="folders of photos, a scene each")
    parser.add_argument("--iterations", type=int, default=3000)
    parser.add_argument("--max-side", type=int, default=480)
    parser.add_argument(
        "--only", nargs="+", choices=list(OPTIONS), metavar="NAME", help="these options and `low`"
    )
    parser.add_argument("--quick", action="store_true", help="few options, few iterations, under a minute")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    given = parser.parse_args()
    names = list(QUICK) if given.quick else ["low", *(given.only or list(OPTIONS)[1:])]
    iterations = 200 if given.quick else given.iterations
    found: list[dict[str, Any]] = []
    print(f"{iterations} iterations, long side {given.max_side} px, load average {os.getloadavg()[0]:.1f}")
    print(
        f"{'scene':<12}{'option':<26}{'seconds':>8}{'cpu s':>8}{'PSNR':>8}{'gain':>7}{'fitted':>8}{'SSIM':>7}{'Gaussians':>11}"
    )
    with tempfile.TemporaryDirectory(prefix="bench-ablation-") as folder:
        write_capture(orbit_capture(16 if given.quick else 40, threads=2), Path(folder) / "still life")
        for photos in [Path(folder) / "still life", *given.photos]:
            scene = photos.parent.name if photos.name == "images" else photos.name
            capture = posed(photos, Path(folder) / f"posed {scene}", 240 if given.quick else given.max_side)
            base = float("nan")
            for row in rows_of(scene, capture, iterations, names):
                found.append(row)
                base = row["psnr"] if row["option"] == "low" else base
                print(
                    f"{scene:<12}{row['option']:<26}{row['seconds']:>8.1f}{row['cpu_s']:>8.1f}{row['psnr']:>8.2f}"
                    f"{row['psnr'] - base:>+7.2f}{row['fitted_psnr']:>8.2f}{row['ssim']:>7.3f}{row['gaussians']:>11,}",
                    flush=True,
                )
    if given.json:
        print(json.dumps({"rows": found}))


if __name__ == "__main__":
    main()
