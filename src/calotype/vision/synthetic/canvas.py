"""A canvas to paint a surface on, measured in scene units, so that the picture is the same at every resolution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from calotype.vision.synthetic.noise import fractal_image, fractal_solid
from calotype.vision.synthetic.shapes import F32


def rgb(hexadecimal: str) -> F32:
    """sRGB 0..1 [3] of a colour such as `#c2703d`."""
    digits = hexadecimal.removeprefix("#")
    return np.array([int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)], np.float32)


def blended(low: F32, high: F32, weight: F32) -> F32:
    """Colours between two, [h, w, 3]; `weight` [h, w] is clipped to 0..1."""
    return low + (high - low) * np.clip(weight, 0, 1)[..., None].astype(np.float32)


def smooth_step(low: float, high: float, value: F32) -> F32:
    """0 below `low`, 1 above `high`, smooth in between."""
    part = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return part * part * (3 - 2 * part)


def linear_from_srgb(colours: F32) -> F32:
    """Linear light of sRGB values 0..1 (IEC 61966-2-1)."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


def srgb_from_linear(light: F32) -> F32:
    """sRGB values 0..1 of linear light 0..1."""
    steep = np.float32(1.055) * np.power(np.maximum(light, np.float32(0.0031308)), np.float32(1 / 2.4))
    return np.where(light <= 0.0031308, light * np.float32(12.92), steep - np.float32(0.055))


@dataclass(frozen=True)
class Canvas:
    """One chart, waiting for paint."""

    size: tuple[float, float]
    """Width and height in scene units."""
    shape: tuple[int, int]
    """Rows and columns of texels."""
    points: F32
    """[h, w, 3] where the texels lie, in the object frame."""
    wraps: bool
    seed: int

    @cached_property
    def x(self) -> F32:
        """[1, w] distance from the left edge, scene units."""
        w = self.shape[1]
        return ((np.arange(w, dtype=np.float32) + np.float32(0.5)) * np.float32(self.size[0] / w))[None, :]

    @cached_property
    def y(self) -> F32:
        """[h, 1] distance from the upper edge, scene units."""
        h = self.shape[0]
        return ((np.arange(h, dtype=np.float32) + np.float32(0.5)) * np.float32(self.size[1] / h))[:, None]

    def rng(self, salt: int = 0) -> np.random.Generator:
        return np.random.default_rng((self.seed, salt))

    def noise(
        self, cell: float, octaves: int = 4, stretch: float = 1.0, salt: int = 0, gain: float = 0.55
    ) -> F32:
        """Noise of unit spread, [h, w]; `cell` is the size of its blotches, `stretch` draws them out along x."""
        cells = (self.size[1] / cell, self.size[0] / (cell * stretch))
        return fractal_image(self.seed + 7919 * salt, self.shape, cells, octaves, gain, self.wraps)

    def solid_noise(self, cell: float, octaves: int = 4, salt: int = 0, gain: float = 0.55) -> F32:
        """Noise of unit spread from space, [h, w]: the same where charts of one thing meet."""
        return fractal_solid(7919 * salt, self.points, cell, octaves, gain)

    def filled(self, colour: str) -> F32:
        return np.broadcast_to(rgb(colour), (*self.shape, 3)).astype(np.float32)
