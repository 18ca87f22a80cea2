"""Random fields that look like nature: smooth noise summed over octaves, on pictures and in space."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from calotype.vision.synthetic.shapes import F32

_TABLE_SIZE = 4096  # a power of two: the hash below is masked, not divided


def fractal_image(
    seed: int,
    shape: tuple[int, int],
    cells: tuple[float, float],
    octaves: int = 4,
    gain: float = 0.55,
    wraps: bool = False,
) -> F32:
    """Noise of about unit spread and zero mean, [h, w].

    `shape` is (h, w); `cells` counts the lattice cells of the coarsest octave along (y, x), so that a texture painted at
    twice the resolution shows the same pattern. Octaves finer than two texels are left out: they would only alias.
    With `wraps` the left edge continues the right one.
    """
    total = np.zeros(shape, np.float32)
    power = 0.0
    for octave in range(octaves):
        cells_y, cells_x = cells[0] * 2**octave, cells[1] * 2**octave
        if octave and max(cells_y / shape[0], cells_x / shape[1]) > 0.5:
            break
        amplitude = gain**octave
        rng = np.random.default_rng((seed, octave))
        total += amplitude * _upsampled_lattice(rng, shape, cells_y, cells_x, wraps)
        power += amplitude**2
    # Cubic interpolation of unit uniform noise has a spread of about 0.22.
    return total * np.float32(1.0 / (0.22 * math.sqrt(power)))


def _upsampled_lattice(
    rng: np.random.Generator, shape: tuple[int, int], cells_y: float, cells_x: float, wraps: bool
) -> F32:
    margin = 3  # the cubic kernel reaches two cells beyond the cut-out
    rows = math.ceil(cells_y) + 2 * margin
    if wraps:
        cells_x = max(1.0, float(round(cells_x)))
        core = rng.random((rows, int(cells_x)), np.float32)
        columns = np.arange(-margin, int(cells_x) + margin) % int(cells_x)
        lattice = core[:, columns]
    else:
        lattice = rng.random((rows, math.ceil(cells_x) + 2 * margin), np.float32)
    box = (margin, margin, margin + cells_x, margin + cells_y)
    picture = Image.fromarray(lattice - np.float32(0.5))
    return np.asarray(picture.resize((shape[1], shape[0]), Image.Resampling.BICUBIC, box), np.float32)


def fractal_solid(seed: int, points: F32, cell: float, octaves: int = 4, gain: float = 0.55) -> F32:
    """Noise of about unit spread at points [..., 3] in space: without seams on a sphere, and continuous round an edge."""
    table = np.random.default_rng((seed, 99)).random(_TABLE_SIZE, np.float32) - np.float32(0.5)
    total = np.zeros(points.shape[:-1], np.float32)
    power = 0.0
    for octave in range(octaves):
        amplitude = gain**octave
        scaled = points * np.float32(2**octave / cell) + np.float32(17.3 * octave)
        total += amplitude * _value_noise(table, scaled)
        power += amplitude**2
    # Smooth trilinear interpolation of unit uniform noise has a spread of about 0.17.
    return total * np.float32(1.0 / (0.17 * math.sqrt(power)))


def _value_noise(table: F32, points: F32) -> F32:
    whole = np.floor(points)
    part = points - whole
    part = part * part * (3 - 2 * part)
    x, y, z = (whole[..., axis].astype(np.int64) for axis in range(3))
    total = np.zeros(points.shape[:-1], np.float32)
    for corner in range(8):
        dx, dy, dz = corner & 1, corner >> 1 & 1, corner >> 2
        hashed = ((x + dx) * 73856093) ^ ((y + dy) * 19349663) ^ ((z + dz) * 83492791)
        hashed = (hashed ^ (hashed >> 13)) & (_TABLE_SIZE - 1)
        weight = (
            (part[..., 0] if dx else 1 - part[..., 0])
            * (part[..., 1] if dy else 1 - part[..., 1])
            * (part[..., 2] if dz else 1 - part[..., 2])
        )
        total += weight * table[hashed]
    return total
