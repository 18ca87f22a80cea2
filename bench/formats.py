"""Compare the file formats of splats: bytes, seconds, greatest errors, and how far a picture of what is read back differs.

    python bench/formats.py [SPLAT] [--gaussians N] [--quick] [--json]

Without SPLAT, N Gaussians are made up: blobs whose harmonics follow a few smooth patterns, as those of trained splats do. Pictures
are rendered by our own renderer from poses around the splat; PSNR is between those of the original and of what was read back.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera
from calotype.vision.geometry.rotations import matrix_from_q_wxyz
from calotype.vision.splatting.formats.order import importance_order, morton_order
from calotype.vision.splatting.formats.splat_file import Loss, SplatFile
from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat
from calotype.vision.splatting.gaussians import SH_C0, Gaussians
from calotype.vision.splatting.rendering import render

CAMERA = Camera("PINHOLE", 480, 360, (500.0, 500.0, 240.0, 180.0))
POSES = 6


def made_up(n: int) -> Gaussians:
    """n flat Gaussians on the surfaces of eight balls."""
    rng = np.random.default_rng(0)
    centres = rng.uniform(-1.5, 1.5, (8, 3))
    ball = rng.integers(0, 8, n)
    outward = rng.normal(size=(n, 3))
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    patterns = rng.normal(size=(12, 15, 3)) * 0.5 ** np.array([1] * 3 + [2] * 5 + [3] * 7)[:, None]
    weights = np.sin(outward @ rng.normal(size=(3, 12)) * 3 + ball[:, None]) * 0.3
    colour = 0.5 + 0.35 * np.sin(outward @ rng.normal(size=(3, 3)) * 4 + ball[:, None])
    sh = np.concatenate(
        [((colour - 0.5) / SH_C0)[:, None], np.einsum("np,pkc->nkc", weights, patterns)], axis=1
    )
    return Gaussians(
        means=(centres[ball] + 0.5 * outward).astype(np.float32),
        q_wxyz=rng.normal(size=(n, 4)).astype(np.float32),
        log_scales=(np.log(3 / np.sqrt(n)) + rng.normal(0, 0.4, (n, 3))).astype(np.float32),
        logit_opacities=rng.normal(1, 2, n).astype(np.float32),
        sh=(sh + rng.normal(0, 0.02, sh.shape)).astype(np.float32),
    )


def poses_around(gaussians: Gaussians, count: int) -> list[NDArray[np.float64]]:
    """cam_from_world [4, 4] of cameras that look at the middle of the splat, from where most of it is in the picture."""
    middle = np.median(gaussians.means, axis=0).astype(np.float64)
    reach = float(np.quantile(np.linalg.norm(gaussians.means - middle, axis=1), 0.9))
    found: list[NDArray[np.float64]] = []
    for index in range(count):
        half = np.pi * index / count
        pose = np.eye(4)
        pose[:3, :3] = matrix_from_q_wxyz([np.cos(half), 0.1, np.sin(half), 0])
        pose[:3, 3] = [0, 0, 3 * reach]
        pose[:3, 3] -= pose[:3, :3] @ middle
        found.append(pose)
    return found


def pictures(content: SplatFile, poses: list[NDArray[np.float64]]) -> NDArray[np.float32]:
    """[poses, h, w, 3], 0 to 1."""
    seen = [render(content.gaussians, CAMERA, pose, antialiased=content.antialiased).rgb for pose in poses]
    return np.clip(np.stack(seen), 0, 1)


def psnr(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    error = float(np.mean((a.astype(np.float64) - b) ** 2))
    return float("inf") if error == 0 else -10 * float(np.log10(error))


def differences(a: Gaussians, b: Gaussians) -> Loss:
    """The greatest difference in each attribute."""
    a = a.with_sh_degree(b.sh_degree)
    sh = np.abs(a.sh - b.sh)
    q_a, q_b = (one.q_wxyz / np.linalg.norm(one.q_wxyz, axis=1, keepdims=True) for one in (a, b))
    chord = np.minimum(np.linalg.norm(q_a - q_b, axis=1), np.linalg.norm(q_a + q_b, axis=1))
    return Loss(
        float(np.abs(a.means - b.means).max()),
        float(sh[:, 0].max()) * SH_C0,
        float(np.abs(a.opacities - b.opacities).max()),
        float(np.abs(a.log_scales - b.log_scales).max()),
        float(np.degrees(4 * np.arcsin(np.clip(chord / 2, 0, 1))).max()),
        float(sh[:, 1:].max(initial=0)),
    )


def kept_order(name: str, gaussians: Gaussians) -> NDArray[np.intp]:
    if name in ("sog", "compressed-ply"):
        return morton_order(gaussians.means)
    return importance_order(gaussians) if name == "splat" else np.arange(len(gaussians))


def measure(
    name: str, content: SplatFile, poses: list[NDArray[np.float64]], folder: Path
) -> dict[str, float]:
    """Figures of one format."""
    path = folder / f"scene{FORMATS[name].ending}"
    began = time.perf_counter()
    write_splat(path, content)
    written = time.perf_counter()
    read = read_splat(path)
    done = time.perf_counter()
    errors = differences(read.gaussians, content.gaussians.select(kept_order(name, content.gaussians)))
    figures = {
        "bytes": float(path.stat().st_size),
        "bytes_per_gaussian": path.stat().st_size / max(len(content.gaussians), 1),
        "write_s": written - began,
        "read_s": done - written,
        "psnr_db": psnr(
            pictures(content, poses), pictures(SplatFile(read.gaussians, content.antialiased), poses)
        ),
    }
    return figures | {field.name: value for field, value in zip(fields(Loss), astuple(errors), strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("splat", nargs="?", type=Path, help="a splat file in any format")
    parser.add_argument("--gaussians", type=int, default=200_000, help="how many to make up")
    parser.add_argument("--antialiased", action="store_true", help="it was trained with opacity compensation")
    parser.add_argument("--quick", action="store_true", help="20,000 Gaussians at the most, two poses")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    arguments = parser.parse_args()
    content = read_splat(arguments.splat) if arguments.splat else SplatFile(made_up(arguments.gaussians))
    gaussians = content.gaussians
    if arguments.quick and len(gaussians) > 20_000:
        gaussians = gaussians.select(np.linspace(0, len(gaussians) - 1, 20_000).astype(np.intp))
    content = SplatFile(gaussians, content.antialiased or arguments.antialiased)
    poses = poses_around(gaussians, 2 if arguments.quick else POSES)
    print(
        f"{arguments.splat or 'made up'}: {len(gaussians)} Gaussians, degree {gaussians.sh_degree}, "
        f"load average {os.getloadavg()[0]:.1f}\n"
    )
    print(
        f"{'format':<15}{'bytes':>12}{'B/G':>7}{'write s':>9}{'read s':>8}{'PSNR dB':>9}"
        f"{'position':>10}{'colour':>8}{'opacity':>9}{'ln scale':>9}{'rot deg':>8}{'SH':>7}"
    )
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in sorted(FORMATS, key=list(FORMATS).index):
            one = results[name] = measure(name, content, poses, Path(folder))
            print(
                f"{name:<15}{one['bytes']:>12,.0f}{one['bytes_per_gaussian']:>7.1f}{one['write_s']:>9.2f}"
                f"{one['read_s']:>8.2f}{one['psnr_db']:>9.1f}{one['position']:>10.1e}{one['colour']:>8.4f}"
                f"{one['opacity']:>9.4f}{one['log_scale']:>9.3f}{one['rotation_deg']:>8.3f}{one['sh']:>7.3f}"
            )
    if arguments.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
