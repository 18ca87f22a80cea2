"""Solids with round sides: ellipsoids, tapered cylinders, turned vases and rings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from calotype.vision.synthetic.shapes import F32, MISS, TINY, Chart, Components, Located, normalized, stacked

F64 = NDArray[np.float64]
_TURN = np.float32(2 * np.pi)
# Steps of the march through a solid's bounding cylinder; the first lies a hair's breadth inside, for flat discs.
_FRACTIONS = np.linspace(1e-4, 1, 21, dtype=np.float32)[:, None]
_MARCH_BATCH = 3000  # rays at once: 21 steps of them stay in the second-level cache
_BISECTIONS = 9
_PROFILE_SAMPLES = 8192

Implicit = Callable[[F32, F32, F32], F32]
"""Negative inside a solid, positive outside, of x, y and z."""


def _turn_of(x: F32, z: F32) -> F32:
    """Angle about the vertical in turns, 0 to 1: 0.5 faces -Z and grows to the right for someone in front of it."""
    return np.arctan2(x, -z) / _TURN + np.float32(0.5)


def _around(u: F32) -> tuple[F32, F32]:
    """x and z on the unit circle; the inverse of `_turn_of`."""
    angle = (u - np.float32(0.5)) * _TURN
    return np.sin(angle), -np.cos(angle)


@dataclass(frozen=True)
class Ellipsoid:
    """A sphere with a radius per axis; one chart of longitude and latitude."""

    half_extent: tuple[float, float, float]
    is_convex: bool = True

    @property
    def charts(self) -> tuple[Chart, ...]:
        a, b, c = self.half_extent
        return (Chart("skin", (np.pi * (a + c), np.pi * (a + b + c) / 3), wraps=True),)

    def hit(self, origin: Components, direction: Components) -> F32:
        """Through the point of the ray that is nearest to the centre, which keeps float32 exact far away.

        Source: Haines, Günther, Akenine-Möller, "Precision improvements for ray/sphere intersection", 2019.
        """
        ox, oy, oz = (o / r for o, r in zip(origin, self.half_extent, strict=True))
        dx, dy, dz = (d / r for d, r in zip(direction, self.half_extent, strict=True))
        a = dx * dx + dy * dy + dz * dz
        middle = -(ox * dx + oy * dy + oz * dz) / a
        px, py, pz = ox + middle * dx, oy + middle * dy, oz + middle * dz
        reach = 1 - (px * px + py * py + pz * pz)
        spread = np.sqrt(np.maximum(reach, 0) / a)
        t = np.where(middle > spread, middle - spread, middle + spread)
        return np.where((reach > 0) & (t > 0), t, MISS)

    def locate(self, points: Components) -> Located:
        x, y, z = (p / r for p, r in zip(points, self.half_extent, strict=True))
        nx, ny, nz = (p / r for p, r in zip((x, y, z), self.half_extent, strict=True))
        length = np.sqrt(nx * nx + ny * ny + nz * nz)
        latitude = np.arccos(np.clip(-y / np.sqrt(x * x + y * y + z * z), -1, 1)) / np.float32(np.pi)
        chart = np.zeros(latitude.shape, np.int32)
        return Located(chart, _turn_of(x, z), latitude, (nx / length, ny / length, nz / length))

    def surface(self, chart: int, u: F32, v: F32) -> tuple[F32, F32]:
        ring = np.sin(v * np.float32(np.pi))
        x, z = _around(u)
        unit = stacked(x * ring, -np.cos(v * np.float32(np.pi)), z * ring)
        radii = np.array(self.half_extent, np.float32)
        return unit * radii, normalized(unit / radii)


@dataclass(frozen=True)
class Lathe:
    """A turned solid: the radius is a smooth function of height, closed by flat discs; charts side, top and bottom.

    Rays are marched between the walls of the bounding cylinder and bisected where they cross the profile: silhouettes are
    right to about 0.0002 units for bodies of 0.4 units.
    """

    profile: tuple[tuple[float, float], ...]
    """(height, radius) from bottom to top, joined by a monotone cubic; heights are relative to the lowest."""
    is_convex: bool = False

    @property
    def height(self) -> float:
        return self.profile[-1][0] - self.profile[0][0]

    @cached_property
    def _widest(self) -> float:
        return float(self._radii.max()) + 1e-4

    @property
    def half_extent(self) -> tuple[float, float, float]:
        return (self._widest, self.height / 2, self._widest)

    @property
    def charts(self) -> tuple[Chart, ...]:
        girth = float(_TURN) * self.half_extent[0]
        top, bottom = 2 * self.profile[-1][1], 2 * self.profile[0][1]
        slope = float(np.abs(np.diff(self._radii)).sum())
        length = float(np.hypot(self.height, slope))
        discs = (Chart("top", (top, top)), Chart("bottom", (bottom, bottom)))
        return (Chart("side", (girth, length), wraps=True), *discs)

    @cached_property
    def _radii(self) -> F32:
        """Radii at 257 equidistant heights from top to bottom (growing y)."""
        heights, radii = (np.array(column) for column in zip(*self.profile, strict=True))
        samples = np.linspace(heights[-1], heights[0], 257)
        return _monotone_cubic(heights, radii, samples).astype(np.float32)

    @cached_property
    def _squared_radii(self) -> F32:
        y = (np.arange(_PROFILE_SAMPLES, dtype=np.float32) + np.float32(0.5)) / _PROFILE_SAMPLES - np.float32(
            0.5
        )
        return self._radius_at(y * np.float32(self.height)) ** 2

    def _radius_at(self, y: F32) -> F32:
        place = np.clip((y / self.height + np.float32(0.5)) * 256, 0, np.float32(255.999))
        whole = place.astype(np.int32)
        part = place - whole
        return self._radii[whole] * (1 - part) + self._radii[whole + 1] * part

    def _slope_at(self, y: F32) -> F32:
        step = np.float32(self.height / 256)
        return (self._radius_at(y + step) - self._radius_at(y - step)) / (2 * step)

    def hit(self, origin: Components, direction: Components) -> F32:
        half = np.float32(self.height / 2)
        scale = np.float32(_PROFILE_SAMPLES / self.height)
        squares = self._squared_radii

        def outside(x: F32, y: F32, z: F32) -> F32:
            return x * x + z * z - squares.take(((y + half) * scale).astype(np.int32), mode="clip")

        entry, leave = _through_cylinder(self._widest, self.height / 2, origin, direction)
        return _first_crossing(outside, origin, direction, entry, leave)

    def locate(self, points: Components) -> Located:
        x, y, z = points
        rho = np.maximum(np.sqrt(x * x + z * z), np.float32(1e-9))
        half = np.float32(self.height / 2)
        nearest_disc = np.abs(np.abs(y) - half) < 1e-4
        disc = nearest_disc & (rho < self._radius_at(y) - 1e-4)
        top, bottom = disc & (y < 0), disc & (y > 0)
        slope = self._slope_at(y)
        length = np.sqrt(1 + slope * slope)
        r_top, r_bottom = (max(2 * self.profile[k][1], 1e-9) for k in (-1, 0))
        u = np.where(top, x / r_top + 0.5, np.where(bottom, x / r_bottom + 0.5, _turn_of(x, z)))
        v = np.where(top, -z / r_top + 0.5, np.where(bottom, z / r_bottom + 0.5, y / self.height + 0.5))
        vertical = np.where(top, -1, np.where(bottom, 1, -slope / length))
        flat = np.where(disc, 0, 1 / (rho * length))
        chart = (top + 2 * bottom).astype(np.int32)
        normal = (x * flat, vertical.astype(np.float32), z * flat)
        return Located(chart, u.astype(np.float32), v.astype(np.float32), normal)

    def surface(self, chart: int, u: F32, v: F32) -> tuple[F32, F32]:
        if chart:
            radius = self.profile[-1 if chart == 1 else 0][1]
            side = np.float32(-1 if chart == 1 else 1)
            level = np.full_like(u, side * self.height / 2)
            points = stacked((2 * u - 1) * radius, level, side * (2 * v - 1) * radius)
            return points, stacked(np.zeros_like(u), np.full_like(u, side), np.zeros_like(u))
        x, z = _around(u)
        y = ((v - np.float32(0.5)) * self.height).astype(np.float32)
        radius, slope = self._radius_at(y), self._slope_at(y)
        return stacked(x * radius, y, z * radius), normalized(stacked(x, -slope, z))


@dataclass(frozen=True)
class Ring:
    """A torus around the vertical; one chart, u around the ring and v around its tube."""

    radius: float
    tube: float
    is_convex: bool = False

    @property
    def half_extent(self) -> tuple[float, float, float]:
        return (self.radius + self.tube, self.tube, self.radius + self.tube)

    @property
    def charts(self) -> tuple[Chart, ...]:
        return (
            Chart("tube", (float(_TURN) * (self.radius + self.tube), float(_TURN) * self.tube), wraps=True),
        )

    def hit(self, origin: Components, direction: Components) -> F32:
        def outside(x: F32, y: F32, z: F32) -> F32:
            across = np.sqrt(x * x + z * z) - np.float32(self.radius)
            return across * across + y * y - np.float32(self.tube**2)

        entry, leave = _through_cylinder(self.radius + self.tube, self.tube, origin, direction)
        return _first_crossing(outside, origin, direction, entry, leave)

    def locate(self, points: Components) -> Located:
        x, y, z = points
        rho = np.maximum(np.sqrt(x * x + z * z), np.float32(1e-9))
        across = rho - np.float32(self.radius)
        length = np.maximum(np.sqrt(across * across + y * y), np.float32(1e-9))
        v = np.arctan2(y, across) / _TURN + np.float32(0.5)
        flat = across / (length * rho)
        return Located(np.zeros(v.shape, np.int32), _turn_of(x, z), v, (x * flat, y / length, z * flat))

    def surface(self, chart: int, u: F32, v: F32) -> tuple[F32, F32]:
        x, z = _around(u)
        angle = (v - np.float32(0.5)) * _TURN
        out, down = np.cos(angle), np.sin(angle)
        rho = self.radius + self.tube * out
        return stacked(x * rho, self.tube * down, z * rho), stacked(x * out, down, z * out)


def _through_cylinder(
    radius: float, half_height: float, origin: Components, direction: Components
) -> tuple[F32, F32]:
    """Entry and exit of rays through an upright cylinder; entry > exit for a miss."""
    (ox, oy, oz), (dx, dy, dz) = origin, direction
    a = np.maximum(dx * dx + dz * dz, np.float32(1e-12))
    middle = -(ox * dx + oz * dz) / a
    px, pz = ox + middle * dx, oz + middle * dz
    reach = radius**2 - (px * px + pz * pz)
    spread = np.sqrt(np.maximum(reach, 0) / a)
    dy = dy + TINY
    level = -oy / dy
    thick = np.abs(half_height / dy)
    entry = np.maximum(middle - spread, level - thick)
    leave = np.where(reach > 0, np.minimum(middle + spread, level + thick), -MISS)
    return entry, leave


def _first_crossing(
    outside: Implicit, origin: Components, direction: Components, entry: F32, leave: F32
) -> F32:
    """Smallest t in entry..leave where `outside` is negative, infinite for none: a march of equal steps, then bisection."""
    t = np.full(entry.shape, MISS)
    alive = np.flatnonzero((entry < leave) & (leave > 0))
    if alive.size == 0:
        return t
    o = tuple(c if c.size == 1 else np.broadcast_to(c, entry.shape).ravel()[alive] for c in origin)
    d = tuple(c if c.size == 1 else np.broadcast_to(c, entry.shape).ravel()[alive] for c in direction)
    start, stop = np.maximum(entry.ravel()[alive], 0), leave.ravel()[alive]
    found = np.empty(alive.size, np.float32)
    for first in range(0, alive.size, _MARCH_BATCH):
        batch = slice(first, first + _MARCH_BATCH)
        some_o, some_d = (tuple(c if c.size == 1 else c[batch] for c in vector) for vector in (o, d))
        found[batch] = _marched(outside, some_o, some_d, start[batch], stop[batch])
    t.ravel()[alive] = found
    return t


def _marched(outside: Implicit, o: tuple[F32, ...], d: tuple[F32, ...], start: F32, stop: F32) -> F32:
    at = start + _FRACTIONS * (stop - start)
    within = outside(o[0] + at * d[0], o[1] + at * d[1], o[2] + at * d[2]) < 0
    step = within.argmax(0)
    hit = np.flatnonzero(within.any(0))
    t = np.full(start.shape, MISS)
    if hit.size == 0:
        return t
    step = step[hit]
    # Inside at once: the ray came in through a flat disc.
    low, high = at[np.maximum(step - 1, 0), hit], at[step, hit]
    o, d = (tuple(c if c.size == 1 else c[hit] for c in vector) for vector in (o, d))
    for _ in range(_BISECTIONS):
        middle = (low + high) * np.float32(0.5)
        inside = outside(o[0] + middle * d[0], o[1] + middle * d[1], o[2] + middle * d[2]) < 0
        high = np.where(inside, middle, high)
        low = np.where(inside, low, middle)
    t[hit] = high
    return t


def _monotone_cubic(x: F64, y: F64, at: F64) -> F64:
    """Cubic Hermite interpolation without overshoot (Fritsch and Butland, 1984)."""
    width = np.diff(x)
    slope = np.diff(y) / width
    product = slope[:-1] * slope[1:]
    sums = slope[:-1] + slope[1:]
    inner = np.where(product > 0, 2 * product / np.where(sums == 0, 1, sums), 0)
    tangents = np.concatenate([slope[:1], inner, slope[-1:]])
    k = np.clip(np.searchsorted(x, at) - 1, 0, len(width) - 1)
    s = (at - x[k]) / width[k]
    return (
        y[k] * (1 + 2 * s) * (1 - s) ** 2
        + y[k + 1] * s**2 * (3 - 2 * s)
        + width[k] * (tangents[k] * s * (1 - s) ** 2 - tangents[k + 1] * s**2 * (1 - s))
    )
