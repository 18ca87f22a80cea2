"""Read and write `.splat` (antimatter15/splat): 32 bytes a Gaussian and nothing else; colours do not depend on the direction.

Source: README, convert.py and main.js of antimatter15/splat (2023). Axes are those of the PLY file, which are ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from calotype.errors import UnreadableInput
from calotype.vision.splatting.formats.order import importance_order
from calotype.vision.splatting.formats.quaternions import unit
from calotype.vision.splatting.formats.splat_file import Loss, SplatFile, beyond, check_count, logits, rows
from calotype.vision.splatting.gaussians import SH_C0, Gaussians, sigmoid

_RECORD = np.dtype([("mean", "<f4", 3), ("scale", "<f4", 3), ("rgba", "u1", 4), ("q_wxyz", "u1", 4)])
_SMALLEST = np.finfo(np.float32).tiny
_LOG_SCALES = (float(np.log(_SMALLEST)), float(np.log(np.finfo(np.float32).max)))


def write_dotsplat(path: Path, gaussians: Gaussians, *, antialiased: bool = False) -> None:
    """Write a `.splat` file, in which nothing says `antialiased`. Gaussians are reordered: `importance_order`."""
    order = importance_order(gaussians)
    with path.open("wb") as file:
        for part in rows(len(gaussians)):
            index = order[part]
            records: Any = np.zeros(len(index), _RECORD)
            records["mean"] = gaussians.means[index]
            records["scale"] = np.exp(np.clip(gaussians.log_scales[index], *_LOG_SCALES))
            colour = gaussians.sh[index, 0] * np.float32(SH_C0) + np.float32(0.5)
            opacity = sigmoid(gaussians.logit_opacities[index])[:, None]
            rgba = np.concatenate([colour, opacity], axis=1) * 255
            records["rgba"] = np.rint(np.clip(rgba, 0, 255))
            records["q_wxyz"] = np.clip(np.rint(unit(gaussians.q_wxyz[index]) * 128 + 128), 0, 255)
            file.write(records.tobytes())


def read_dotsplat(path: Path) -> SplatFile:
    """The content of a `.splat` file. Raises UnreadableInput when its size is no multiple of 32 bytes: it has no other marks."""
    size = path.stat().st_size
    count, left = divmod(size, _RECORD.itemsize)
    if left:
        raise UnreadableInput(
            f"{path.name} is no .splat file, or is truncated: {size} bytes are no multiple of {_RECORD.itemsize}."
        )
    check_count(path, count, size)
    records: Any = np.fromfile(path, _RECORD, count)
    # A negative size gives NaN, of which `read_splat` tells; zero is the smallest there is.
    log_scales = np.log(np.where(records["scale"] == 0, _SMALLEST, records["scale"]))
    colour = records["rgba"][:, :3] / np.float32(255)
    return SplatFile(
        Gaussians(
            means=records["mean"],
            q_wxyz=unit((records["q_wxyz"].astype(np.float32) - 128) / 128),
            log_scales=log_scales,
            logit_opacities=logits(records["rgba"][:, 3] / np.float32(255)),
            sh=((colour - np.float32(0.5)) / np.float32(SH_C0))[:, None],
        )
    )


def dotsplat_loss(gaussians: Gaussians) -> Loss:
    """What `.splat` changes: harmonics are lost, colours beyond 0 to 1 are moved to its end."""
    colour = gaussians.sh[:, 0] * np.float32(SH_C0) + np.float32(0.5)
    higher = gaussians.sh[:, 1:]
    return Loss(
        colour=0.5 / 255 + beyond(colour, 0, 1),
        opacity=0.5 / 255,
        log_scale=1e-5 + beyond(gaussians.log_scales, *_LOG_SCALES),
        rotation_deg=1.2,
        sh=float(np.abs(higher).max()) if higher.size else 0.0,
    )
