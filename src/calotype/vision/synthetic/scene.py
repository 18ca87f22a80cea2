"""Solids with their paint and place, baked with light into one atlas that looks the same from every side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from PIL import Image

from calotype.vision.synthetic.atlas import Atlas
from calotype.vision.synthetic.canvas import Canvas, linear_from_srgb
from calotype.vision.synthetic.light import Lighting, Receiver, irradiance
from calotype.vision.synthetic.shapes import F32, Chart, Components, Shape

Paint = Callable[[Canvas], F32]
"""Colours of a chart, sRGB 0..1, [h, w, 3]."""


@dataclass(frozen=True)
class Thing:
    """A solid with its place in the world and a paint per chart."""

    name: str
    shape: Shape
    position: tuple[float, float, float]
    """Of the solid's centre, in the world (+Y down)."""
    paints: Mapping[str, Paint]
    """By chart name; `*` for all others."""
    world_from_object: F32 = field(default_factory=lambda: np.eye(3, dtype=np.float32))
    """3x3 rotation."""
    texels_per_unit: float = 190.0
    light_texels_per_unit: float = 44.0
    """Light is stored more coarsely than paint: shadows are soft anyway."""
    casts_shadow: bool = True
    glow: Mapping[str, float] = field(default_factory=dict[str, float])
    """Light that a chart gives off by itself, as a multiple of its paint."""

    def paint_of(self, chart: Chart) -> Paint:
        return self.paints.get(chart.name, self.paints.get("*", _unpainted))

    @cached_property
    def corners_world(self) -> F32:
        """[8, 3] corners of a box that holds the solid."""
        signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
        box = signs * np.array(self.shape.half_extent, np.float32)
        return box @ self.world_from_object.T + np.array(self.position, np.float32)

    @property
    def reach(self) -> float:
        """Radius of a sphere about the centre that holds the solid."""
        return float(np.linalg.norm(self.shape.half_extent))

    def hit_world(self, origin_world: Components, direction_world: Components) -> F32:
        """Smallest t > 0 where rays given in the world meet the solid; infinite for a miss."""
        return self.shape.hit(self._into_object(origin_world), self._turned_into_object(direction_world))

    def _into_object(self, points_world: Components) -> Components:
        """World points in the object frame."""
        x, y, z = (p - np.float32(c) for p, c in zip(points_world, self.position, strict=True))
        return self._turned_into_object((x, y, z))

    def _turned_into_object(self, vectors_world: Components) -> Components:
        """World directions in the object frame."""
        x, y, z = vectors_world
        a, b, c = (
            self.world_from_object[0, k] * x
            + self.world_from_object[1, k] * y
            + self.world_from_object[2, k] * z
            for k in range(3)
        )
        return a, b, c


def _unpainted(canvas: Canvas) -> F32:
    return np.full((*canvas.shape, 3), 0.6, np.float32)


@dataclass(frozen=True)
class Scene:
    """Things, light and a seed. The first thing is the room: every ray ends on it at the latest."""

    things: tuple[Thing, ...]
    lighting: Lighting
    seed: int = 0

    def bake(self, detail: float = 1.0, threads: int = 1) -> BakedScene:
        """The scene with paint and light in an atlas; `detail` scales its texels per unit. Threads change nothing but time."""
        solids = [thing for thing in self.things if thing.casts_shadow]

        def bake_one(index: int) -> list[F32]:
            return _bake_thing(self.things[index], solids, self.lighting, (self.seed, index), detail)

        with ThreadPoolExecutor(max(1, threads)) as pool:
            pictures = list(pool.map(bake_one, range(len(self.things))))
        counts = [len(thing.shape.charts) for thing in self.things]
        atlas = Atlas(
            [picture for thing_pictures in pictures for picture in thing_pictures],
            [chart.wraps for thing in self.things for chart in thing.shape.charts],
        )
        first_chart = tuple(sum(counts[:k]) for k in range(len(counts)))
        texels_per_unit = tuple(thing.texels_per_unit * detail for thing in self.things)
        return BakedScene(self.things, first_chart, texels_per_unit, atlas)


@dataclass(frozen=True)
class BakedScene:
    """What the ray tracer needs: solids, and the atlas of their colours."""

    things: tuple[Thing, ...]
    first_chart: tuple[int, ...]
    """Index in the atlas of each thing's first chart."""
    texels_per_unit: tuple[float, ...]
    """How fine each thing's finest pictures are on its surface."""
    atlas: Atlas


def _texel_grid(chart: Chart, texels_per_unit: float) -> tuple[F32, F32]:
    """u and v [h, w] of texel centres."""
    w, h = (max(2, round(side * texels_per_unit)) for side in chart.size)
    u = (np.arange(w, dtype=np.float32) + np.float32(0.5)) / w
    v = (np.arange(h, dtype=np.float32) + np.float32(0.5)) / h
    u_grid, v_grid = np.meshgrid(u, v)
    return u_grid, v_grid


def _bake_thing(
    thing: Thing, solids: list[Thing], lighting: Lighting, seed: tuple[int, int], detail: float
) -> list[F32]:
    density = thing.texels_per_unit * detail
    light_grids = [_texel_grid(chart, thing.light_texels_per_unit * detail) for chart in thing.shape.charts]
    receivers = [_receiver(thing, k, u, v) for k, (u, v) in enumerate(light_grids)]
    # A convex solid cannot shade itself; rays that start on its skin should not try.
    others = [solid for solid in solids if not (solid is thing and thing.shape.is_convex)]
    lights = irradiance(receivers, others, lighting)
    pictures: list[F32] = []
    for k, (chart, light) in enumerate(zip(thing.shape.charts, lights, strict=True)):
        u, v = _texel_grid(chart, density)
        points, _ = thing.shape.surface(k, u, v)
        canvas = Canvas(chart.size, u.shape, points, chart.wraps, _canvas_seed(seed, k))
        albedo = linear_from_srgb(np.clip(thing.paint_of(chart)(canvas), 0.0, 1.0).astype(np.float32))
        glow = thing.glow.get(chart.name, 0.0)
        pictures.append(albedo * (_enlarged(light, u.shape) + np.float32(glow)))
    return pictures


def _canvas_seed(seed: tuple[int, int], chart: int) -> int:
    return int(np.random.SeedSequence((*seed, chart)).generate_state(1)[0])


def _receiver(thing: Thing, chart: int, u: F32, v: F32) -> Receiver:
    points, normals = thing.shape.surface(chart, u, v)
    turn = thing.world_from_object.T
    wraps = thing.shape.charts[chart].wraps
    return Receiver(points @ turn + np.array(thing.position, np.float32), normals @ turn, wraps)


def _enlarged(light: F32, shape: tuple[int, int]) -> F32:
    channels = [
        Image.fromarray(np.ascontiguousarray(light[..., k])).resize(
            (shape[1], shape[0]), Image.Resampling.BILINEAR
        )
        for k in range(3)
    ]
    return np.stack([np.asarray(channel, np.float32) for channel in channels], axis=-1)
