"""Soft daylight for painted solids: sun through a window, sky, a lamp, and the room's own glow, with their shadows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from calotype.vision.synthetic.shapes import F32, Components, normalized

_TILE = 96  # receivers are lit in tiles small enough to have few solids near their rays
_LIFT = np.float32(2e-3)  # start of shadow rays above the surface, scene units
_PHASES = 4  # neighbouring texels follow different quarters of the rays; a tent filter joins them again
_FOREVER = 1e30
_SMALLEST_ANGLE = (
    0.06  # half the angle, in radians, under which a solid hides too little of a wide light to matter
)
_BOUNCE = np.float32(0.22)  # what stands in the way is not black: it returns a part of the light it gets
_GOLDEN_ANGLE = np.float32(np.pi * (3 - np.sqrt(5)))


class Occluder(Protocol):
    """A solid that casts shadows."""

    @property
    def position(self) -> tuple[float, float, float]: ...
    @property
    def reach(self) -> float: ...
    def hit_world(self, origin_world: Components, direction_world: Components) -> F32: ...


@dataclass(frozen=True)
class Receiver:
    """The surface points of one chart, which ask for light."""

    points: F32
    """[h, w, 3] in the world."""
    normals: F32
    wraps: bool = False


@dataclass(frozen=True)
class Pane:
    """A rectangle of glass in the wall x = const, through which the sun shines."""

    y: tuple[float, float]
    z: tuple[float, float]


@dataclass(frozen=True)
class Lighting:
    """The lights of a room; colours are linear and in units of what a white surface returns."""

    wall_x: float
    """The wall with the window."""
    panes: tuple[Pane, ...]
    to_sun: tuple[float, float, float] = (-0.88, -0.44, -0.16)
    sun: tuple[float, float, float] = (2.7, 2.2, 1.5)
    sky: tuple[float, float, float] = (0.62, 0.74, 0.86)
    """Light of the window as an area, per unit of solid angle."""
    above: tuple[float, float, float] = (0.54, 0.54, 0.56)
    """Ambient light from the ceiling."""
    below: tuple[float, float, float] = (0.35, 0.30, 0.24)
    """Ambient light from the floor."""
    lamp_at: tuple[float, float, float] | None = None
    lamp: tuple[float, float, float] = (0.13, 0.085, 0.04)
    """Light of the lamp at distance 1."""
    rays: int = 48
    """Ambient directions; sun, window and lamp take fractions of it."""

    @cached_property
    def beams(self) -> tuple[_Beams, _Beams]:
        """Ambient light and sunlight."""
        return _ambient_beams(self), _sun_beams(self)

    @cached_property
    def spots(self) -> tuple[_Spots, ...]:
        window = (_window_spots(self),) if self.panes else ()
        lamp = () if self.lamp_at is None else (_bulb_spots(self.lamp_at, self),)
        return (*window, *lamp)


@dataclass(frozen=True)
class _Beams:
    """Parallel light: directions to it, [k, 3] unit vectors, and its colour at perpendicular incidence, [k, 3]."""

    directions: F32
    colours: F32


@dataclass(frozen=True)
class _Spots:
    """Light from points [k, 3]; `area` is given for pieces of a wall that faces +X, None for round lamps."""

    points: F32
    colour: F32
    area: float | None


def irradiance(receivers: Sequence[Receiver], solids: Sequence[Occluder], lighting: Lighting) -> list[F32]:
    """Light that arrives at each receiver's points, [h, w, 3] linear; shadows are cast by `solids`.

    Each texel follows a quarter of the rays, its neighbours the others (interleaved sampling, Keller and Heidrich 2001).
    """
    points = np.concatenate([receiver.points.reshape(-1, 3) for receiver in receivers])
    normals = np.concatenate([receiver.normals.reshape(-1, 3) for receiver in receivers])
    light = np.zeros_like(points)
    for phase, texels in _batches(receivers):
        light[texels] = _light_at(points[texels], normals[texels], phase, solids, lighting)
    results: list[F32] = []
    first = 0
    for receiver in receivers:
        h, w = receiver.points.shape[:2]
        results.append(_tent_filtered(light[first : first + h * w].reshape(h, w, 3), receiver.wraps))
        first += h * w
    return results


def _batches(receivers: Sequence[Receiver]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """(phase, texel numbers): tiles of large charts by themselves, small charts of one thing together."""
    pooled: list[NDArray[np.int64]] = []
    phases: list[NDArray[np.int64]] = []
    first = 0
    for receiver in receivers:
        h, w = receiver.points.shape[:2]
        number = np.arange(first, first + h * w).reshape(h, w)
        phase = 2 * (np.arange(h)[:, None] % 2) + np.arange(w)[None, :] % 2
        first += h * w
        if h * w <= _TILE**2 // 2:
            pooled.append(number.ravel())
            phases.append(phase.ravel())
            continue
        for top in range(0, h, _TILE):
            for left in range(0, w, _TILE):
                tile = (slice(top, top + _TILE), slice(left, left + _TILE))
                for k in range(_PHASES):
                    yield k, number[tile][phase[tile] == k]
    if pooled:
        numbers, every_phase = np.concatenate(pooled), np.concatenate(phases)
        for k in range(_PHASES):
            yield k, numbers[every_phase == k]


def _tent_filtered(light: F32, wraps: bool) -> F32:
    """Weights 1 2 1 along both axes: every texel gets the mean of all four phases."""
    across = np.pad(light, ((0, 0), (1, 1), (0, 0)), mode="wrap" if wraps else "reflect")
    across = (across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]) * np.float32(0.25)
    along = np.pad(across, ((1, 1), (0, 0), (0, 0)), mode="reflect")
    return (along[:-2] + 2 * along[1:-1] + along[2:]) * np.float32(0.25)


def _light_at(points: F32, normals: F32, phase: int, solids: Sequence[Occluder], lighting: Lighting) -> F32:
    total = np.zeros_like(points)
    if len(points) == 0:
        return total
    origins = points + normals * _LIFT
    near = _Neighbourhood(origins, solids)
    ambient, sun = (_Beams(b.directions[phase::_PHASES], b.colours[phase::_PHASES]) for b in lighting.beams)
    cosine = _dots(ambient.directions, normals)
    lit = near.clear_along(ambient.directions, cosine, wide=True)
    total += _gathered(np.maximum(lit, _BOUNCE) * np.maximum(cosine, 0), ambient.colours)
    cosine = _dots(sun.directions, normals)
    gate = np.maximum(cosine, 0) * _through_panes(origins, sun.directions, lighting)
    if gate.any():
        total += _gathered(near.clear_along(sun.directions, gate, wide=False) * gate, sun.colours)
    for spots in lighting.spots:
        targets = spots.points[phase::_PHASES]
        strength = _strength(origins, normals, targets, spots.area) * np.float32(_PHASES)
        lit = near.clear_towards(targets, strength)
        total += (lit * strength).sum(0)[:, None] * spots.colour
    return total


class _Neighbourhood:
    """Points close together, with the solids that could stand between them and a light."""

    def __init__(self, origins: F32, solids: Sequence[Occluder]) -> None:
        self._origins = origins
        self._solids = solids
        self._centre = (origins.min(0) + origins.max(0)) / 2
        radius = float(np.linalg.norm(origins - self._centre, axis=1).max())
        places = np.array([solid.position for solid in solids], np.float32).reshape(-1, 3)
        self._across = places - self._centre
        reach = np.array([solid.reach for solid in solids], np.float32)
        self._reach = reach + radius
        self._looms = reach > _SMALLEST_ANGLE * (np.linalg.norm(self._across, axis=1) - radius)

    def clear_along(self, directions: F32, weight: F32, *, wide: bool) -> F32:
        """[k, n] 1 where a ray along a common direction meets no solid; where all weights are 0 nobody looks.

        Rays that sample a `wide` light pass through solids that look small from here.
        """
        along = directions @ self._across.T
        apart = np.sqrt(np.maximum((self._across**2).sum(1) - along**2, 0))
        chosen = (apart < self._reach) & (along > -self._reach) & (weight.max(1) > 0)[:, None]
        if wide:
            chosen &= self._looms
        return self._clear(_components(directions[:, None]), chosen, _FOREVER)

    def clear_towards(self, targets: F32, weight: F32) -> F32:
        """[k, n] 1 where nothing that looks large from here stands between a point and a target."""
        axes = targets - self._centre
        part = np.clip((axes @ self._across.T) / (axes**2).sum(1)[:, None], 0, 1)
        apart = np.linalg.norm(self._across[None] - part[..., None] * axes[:, None], axis=-1)
        chosen = (apart < self._reach) & self._looms & (weight.max(1) > 1e-4)[:, None]
        headings = _components(targets[:, None] - self._origins[None])
        return self._clear(headings, chosen, 1.0)

    def _clear(self, headings: Components, chosen: NDArray[np.bool_], limit: float) -> F32:
        lit = np.ones((len(chosen), len(self._origins)), np.float32)
        start = _components(self._origins[None])
        for number in np.flatnonzero(chosen.any(0)):
            rows = np.flatnonzero(chosen[:, number])
            x, y, z = headings
            hit = self._solids[int(number)].hit_world(start, (x[rows], y[rows], z[rows]))
            lit[rows] *= hit > limit
        return lit


def _gathered(weight: F32, colours: F32) -> F32:
    """[n, 3] sum over beams of weights [k, n] times colours [k, 3]."""
    return np.stack([(weight * colours[:, c, None]).sum(0) for c in range(3)], axis=-1)


def _dots(directions: F32, normals: F32) -> F32:
    """[k, n] scalar products, without BLAS: the same bits for any number of threads."""
    x, y, z = (directions[:, axis, None] * normals[None, :, axis] for axis in range(3))
    return x + y + z


def _strength(origins: F32, normals: F32, targets: F32, area: float | None) -> F32:
    """[k, n] cosine over squared distance; for pieces of a wall also times their area and the cosine there."""
    towards = targets[:, None] - origins[None]
    squared = np.maximum((towards**2).sum(-1), np.float32(1e-3))
    distance = np.sqrt(squared)
    strength = np.maximum((towards * normals[None]).sum(-1), 0) / (squared * distance)
    if area is not None:
        strength *= np.maximum(-towards[..., 0] / distance, 0) * np.float32(area)
    return strength


def _spiral(count: int) -> tuple[F32, F32]:
    """Heights and angles of points spread evenly over a sphere."""
    k = np.arange(count, dtype=np.float32) + np.float32(0.5)
    return 1 - 2 * k / count, k * _GOLDEN_ANGLE


def _on_sphere(count: int) -> F32:
    y, angle = _spiral(count)
    ring = np.sqrt(1 - y * y)
    return np.stack([np.cos(angle) * ring, y, np.sin(angle) * ring], -1).astype(np.float32)


def _ambient_beams(lighting: Lighting) -> _Beams:
    directions = _on_sphere(lighting.rays)
    share = (1 - directions[:, 1:2]) / 2
    colours = np.array(lighting.above, np.float32) * share + np.array(lighting.below, np.float32) * (
        1 - share
    )
    # The cosine's mean over the sphere is a quarter; each texel sums a quarter of the beams.
    return _Beams(directions, (colours * np.float32(4 * _PHASES / lighting.rays)).astype(np.float32))


def _sun_beams(lighting: Lighting) -> _Beams:
    count = _multiple_of_phases(lighting.rays // 6)
    height, angle = _spiral(count)
    spread = 0.028 * np.sqrt((1 - height) / 2)
    centre = normalized(np.array(lighting.to_sun, np.float32))
    side = normalized(np.cross(centre, np.array([0, 1, 0], np.float32)))
    other = np.cross(centre, side)
    offset = (np.cos(angle) * spread)[:, None] * side + (np.sin(angle) * spread)[:, None] * other
    colours = np.broadcast_to(np.array(lighting.sun, np.float32) * np.float32(_PHASES / count), (count, 3))
    return _Beams(normalized(centre + offset).astype(np.float32), colours)


def _through_panes(origins: F32, directions: F32, lighting: Lighting) -> F32:
    """[k, n] 1 where a ray leaves the room through glass."""
    reach = (np.float32(lighting.wall_x) - origins[None, :, 0]) / directions[:, 0, None]
    y = origins[None, :, 1] + reach * directions[:, 1, None]
    z = origins[None, :, 2] + reach * directions[:, 2, None]
    inside = np.zeros(y.shape, bool)
    for pane in lighting.panes:
        inside |= (y > pane.y[0]) & (y < pane.y[1]) & (z > pane.z[0]) & (z < pane.z[1])
    return inside.astype(np.float32)


def _window_spots(lighting: Lighting) -> _Spots:
    side = max(1, round((lighting.rays / 12) ** 0.5))
    points: list[tuple[float, float, float]] = []
    area = 0.0
    for pane in lighting.panes:
        (top, bottom), (left, right) = pane.y, pane.z
        area += (bottom - top) * (right - left)
        for i in range(side):
            for j in range(side):
                y = top + (bottom - top) * (i + 0.5) / side
                points.append((lighting.wall_x + 0.12, y, left + (right - left) * (j + 0.5) / side))
    return _Spots(np.array(points, np.float32), np.array(lighting.sky, np.float32), area / len(points))


def _bulb_spots(centre: tuple[float, float, float], lighting: Lighting) -> _Spots:
    count = _multiple_of_phases(lighting.rays // 12)
    points = np.array(centre, np.float32) + np.float32(0.05) * _on_sphere(count)
    return _Spots(points, np.array(lighting.lamp, np.float32) / np.float32(count), None)


def _multiple_of_phases(count: int) -> int:
    return max(1, count // _PHASES) * _PHASES


def _components(vectors: F32) -> Components:
    """x, y and z, each contiguous: strided arithmetic takes three times as long."""
    x, y, z = (np.ascontiguousarray(vectors[..., axis]) for axis in range(3))
    return x, y, z
