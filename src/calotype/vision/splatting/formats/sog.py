"""Read and write SOG (PlayCanvas): attributes as lossless WebP pictures in a zip file, a fifteenth of a PLY file.

Source: "The SOG format" of PlayCanvas (version 2), and playcanvas/splat-transform where the two differ. Positions are 16 bits of a
logarithm, rotations the smallest three components in 8 bits; scales and colours index codebooks of 256 numbers, harmonics index a
palette of up to 65,536 vectors whose numbers index one more codebook. The document gives axes with y up; all programs that write
or show SOG take the axes of the PLY file, x right, y down, z forward, as they are, and so do we.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype import __version__
from calotype.errors import InputError
from calotype.vision.splatting.formats.codebook import ENTRIES, codebook, nearest, palette
from calotype.vision.splatting.formats.order import morton_order
from calotype.vision.splatting.formats.quaternions import ROOT_HALF, smallest_three, unit
from calotype.vision.splatting.formats.splat_file import Loss, rows
from calotype.vision.splatting.gaussians import SH_C0, Float32, Gaussians, sigmoid

Texels = NDArray[np.uint8]

ANTIALIASED = "antialiased"
PALETTE_COLUMNS = 64
TAG = 252
LEVELS = 65_535

_WIDEST = 16_383
_MOST_COLOURS = 65_536
_PER_COLOUR = 4
_FEWEST_COLOURS = 1024
_METHOD, _EFFORT = 4, 75  # more effort makes a file 1 % smaller at best, and takes thirty times as long


def write_sog(path: Path, gaussians: Gaussians, *, antialiased: bool = False, seed: int = 0) -> None:
    """Write a bundled SOG file; the same Gaussians and seed give the same bytes. Gaussians are reordered: `morton_order`.

    Raises InputError for more Gaussians than its pictures can have (268 million).
    """
    n = len(gaussians)
    width, height = _picture_size(n)
    order = morton_order(gaussians.means)
    meta: dict[str, Any] = {
        "version": 2,
        "asset": {"generator": f"calotype {__version__}"},
        "count": n,
    }
    if antialiased:
        meta["model"] = ANTIALIASED
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as bundle:

        def add(name: str, texels: Texels) -> None:
            _add(bundle, name, _webp(_framed(texels, width, height)))

        meta["means"] = _write_means(add, gaussians.means, order)
        add("quats.webp", _rotations(gaussians.q_wxyz, order))
        meta["quats"] = {"files": ["quats.webp"]}
        book = codebook(gaussians.log_scales)
        add("scales.webp", nearest(book, gaussians.log_scales)[order])
        meta["scales"] = {"codebook": book.tolist(), "files": ["scales.webp"]}
        book = codebook(gaussians.sh[:, 0])
        opacity = np.rint(sigmoid(gaussians.logit_opacities) * 255).astype(np.uint8)
        colours = nearest(book, gaussians.sh[:, 0])
        add("sh0.webp", np.concatenate([colours, opacity[:, None]], axis=1)[order])
        meta["sh0"] = {"codebook": book.tolist(), "files": ["sh0.webp"]}
        if gaussians.sh_degree > 0 and n > 0:
            found = palette(gaussians.sh[:, 1:].reshape(n, -1), palette_size(n), seed)
            book = codebook(found.centroids)
            _add(bundle, "shN_centroids.webp", _webp(_palette_picture(nearest(book, found.centroids))))
            labels = found.labels[order].astype("<u2").view(np.uint8).reshape(-1, 2)
            add("shN_labels.webp", np.pad(labels, ((0, 0), (0, 1))))
            meta["shN"] = {
                "count": len(found.centroids),
                "bands": gaussians.sh_degree,
                "codebook": book.tolist(),
                "files": ["shN_centroids.webp", "shN_labels.webp"],
            }
        _add(bundle, "meta.json", json.dumps(meta, separators=(",", ":")).encode())


def sog_loss(gaussians: Gaussians) -> Loss:
    """What SOG changes; beyond a number of Gaussians the palette of harmonics gives no better bound than their range."""
    if len(gaussians) == 0:
        return Loss()
    curved = _curved(gaussians.means)
    step = float(np.ptp(curved, axis=0).max()) / LEVELS
    higher = gaussians.sh[:, 1:]
    sh = _range(higher)
    if len(gaussians) <= palette_size(len(gaussians)):
        sh /= ENTRIES / 2
    return Loss(
        position=0.51 * step * (1 + float(np.abs(gaussians.means).max())),
        colour=SH_C0 * _range(gaussians.sh[:, 0]) / (ENTRIES / 2),
        opacity=0.5 / 255,
        log_scale=_range(gaussians.log_scales) / (ENTRIES / 2),
        rotation_deg=1.1,
        sh=sh,
    )


def palette_size(n: int) -> int:
    """How many vectors of harmonics stand for those of n Gaussians."""
    wanted = max(min(n, _FEWEST_COLOURS), n // _PER_COLOUR)
    return min(_MOST_COLOURS, wanted)


def _range(values: Float32) -> float:
    return float(np.ptp(values)) if values.size else 0.0


def _curved(means: Float32) -> NDArray[np.float64]:
    """sign(x) ln(1 + |x|): finer near the origin, where the cameras looked."""
    wide = means.astype(np.float64)
    return np.sign(wide) * np.log1p(np.abs(wide))


def _picture_size(n: int) -> tuple[int, int]:
    """Width and height of pictures with a pixel per Gaussian, multiples of 4, as square as may be."""
    width = max(4, int(np.ceil(np.sqrt(n) / 4)) * 4)
    height = max(4, int(np.ceil(n / width / 4)) * 4)
    if max(width, height) > _WIDEST:
        raise InputError(f"{n} Gaussians are more than the pictures of one SOG file hold. Split the scene.")
    return width, height


def _write_means(add: Any, means: Float32, order: NDArray[np.intp]) -> dict[str, Any]:
    n = len(means)
    low, span = np.zeros(3), np.ones(3)
    if n:
        low, high = _curved(means.min(axis=0)), _curved(means.max(axis=0))
        span = high - low
    levels = np.empty((n, 3), np.uint16)
    for part in rows(n):
        place = (_curved(means[order[part]]) - low) / np.where(span > 0, span, 1)
        levels[part] = np.rint(np.clip(place, 0, 1) * LEVELS)
    add("means_l.webp", (levels & 255).astype(np.uint8))
    add("means_u.webp", (levels >> 8).astype(np.uint8))
    return {
        "mins": low.tolist(),
        "maxs": (low + span).tolist(),
        "files": ["means_l.webp", "means_u.webp"],
    }


def _rotations(q_wxyz: Float32, order: NDArray[np.intp]) -> Texels:
    texels = np.empty((len(q_wxyz), 4), np.uint8)
    for part in rows(len(q_wxyz)):
        largest, others = smallest_three(unit(q_wxyz[order[part]]))
        texels[part, :3] = np.rint((others / np.float32(2 * ROOT_HALF) + np.float32(0.5)) * 255)
        texels[part, 3] = TAG + largest
    return texels


def _palette_picture(entries: NDArray[np.uint8]) -> Texels:
    """[k / 64, 64 * coefficients, 3] of entries [k, 3 * coefficients], colours changing fastest."""
    k, numbers = entries.shape
    heights = -(-k // PALETTE_COLUMNS)
    picture = np.zeros((heights * PALETTE_COLUMNS, numbers), np.uint8)
    picture[:k] = entries
    return picture.reshape(heights, PALETTE_COLUMNS * (numbers // 3), 3)


def _framed(texels: Texels, width: int, height: int) -> Texels:
    """[height, width, channels], the pixels after the last Gaussian black."""
    picture = np.zeros((height * width, texels.shape[1]), np.uint8)
    picture[: len(texels)] = texels
    return picture.reshape(height, width, -1)


def _webp(picture: Texels) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    # Without `exact`, colours where the alpha (an opacity) is 0 would be thrown away.
    Image.fromarray(picture).save(data, "WEBP", lossless=True, exact=True, method=_METHOD, quality=_EFFORT)
    return data.getvalue()


def _add(bundle: zipfile.ZipFile, name: str, data: bytes) -> None:
    # A fixed time: the same splat is the same file.
    bundle.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
