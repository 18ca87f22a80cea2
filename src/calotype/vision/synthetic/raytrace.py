"""Photographs of a baked scene by ray casting, with the exact depth of every pixel centre."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera
from calotype.errors import InvalidParameter
from calotype.vision.synthetic.canvas import srgb_from_linear
from calotype.vision.synthetic.scene import BakedScene, Thing
from calotype.vision.synthetic.shapes import F32, Components

# Five samples on a knight's-move lattice: no two share a row or a column, and the first is the pixel centre.
_SAMPLES = np.array([(0.0, 0.0), (-0.2, -0.4), (0.4, -0.2), (-0.4, 0.2), (0.2, 0.4)])
_BATCH = 6_000  # pixels at once: their 30,000 rays stay in the second-level cache
_NEAR = 0.02

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class _Bundle:
    """The rays of a view in the frame of one thing: direction = a * x + b * y + c, so that t is z-depth."""

    origin: Components
    a: F32
    b: F32
    c: F32

    def at_samples(self, x: F32, y: F32, shifts: F32) -> Components:
        """Directions [samples, n] through points (x, y) [n] of the image plane at depth 1, shifted by `shifts` [samples, 2]."""
        dx, dy, dz = (
            (a * x + (b * y + c))[None] + (a * shifts[:, 0] + b * shifts[:, 1])[:, None]
            for a, b, c in zip(self.a, self.b, self.c, strict=True)
        )
        return dx, dy, dz

    def on_grid(self, x: F32, y: F32) -> Components:
        """Directions [h, w] through a grid: one addition per pixel and component."""
        dx, dy, dz = (
            (a * x)[None, :] + (b * y + c)[:, None] for a, b, c in zip(self.a, self.b, self.c, strict=True)
        )
        return dx, dy, dz


class _Viewpoint:
    """A pinhole camera at its place."""

    def __init__(self, camera: Camera, cam_from_world: NDArray[np.float64]) -> None:
        self.camera = camera
        self._cam_from_world = cam_from_world
        self._world_from_cam = cam_from_world[:3, :3].T
        self._centre_world = -self._world_from_cam @ cam_from_world[:3, 3]
        self.x = ((np.arange(camera.width) + 0.5 - camera.cx) / camera.fx).astype(np.float32)
        self.y = ((np.arange(camera.height) + 0.5 - camera.cy) / camera.fy).astype(np.float32)
        self.shifts = (_SAMPLES / np.array([camera.fx, camera.fy])).astype(np.float32)

    def bundle(self, thing: Thing) -> _Bundle:
        object_from_world = thing.world_from_object.T.astype(np.float64)
        start = object_from_world @ (self._centre_world - np.array(thing.position))
        turn = (object_from_world @ self._world_from_cam).astype(np.float32)
        x, y, z = (np.array(value, np.float32) for value in start)
        return _Bundle((x, y, z), turn[:, 0], turn[:, 1], turn[:, 2])

    def pixels_around(self, thing: Thing) -> tuple[slice, slice] | None:
        """Rows and columns that a thing can cover; None if it lies behind the camera or outside the picture."""
        camera = self.camera
        corners = thing.corners_world @ self._cam_from_world[:3, :3].T + self._cam_from_world[:3, 3]
        if (corners[:, 2] < _NEAR).all():
            return None
        if (corners[:, 2] < _NEAR).any():
            return slice(0, camera.height), slice(0, camera.width)
        x = corners[:, 0] / corners[:, 2] * camera.fx + camera.cx
        y = corners[:, 1] / corners[:, 2] * camera.fy + camera.cy
        left, right = max(0, int(x.min()) - 1), min(camera.width, int(x.max()) + 2)
        top, bottom = max(0, int(y.min()) - 1), min(camera.height, int(y.max()) + 2)
        if left >= right or top >= bottom:
            return None
        return slice(top, bottom), slice(left, right)


def render(
    scene: BakedScene, camera: Camera, cam_from_world: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A photo [h, w, 3] in sRGB and the z-depth [h, w] of pixel centres in scene units.

    Five samples per pixel are averaged in linear light. Raises InvalidParameter for a camera with lens distortion.
    """
    if not camera.is_pinhole:
        raise InvalidParameter(f"Only pinhole cameras can be rendered, not {camera.model} with distortion.")
    view = _Viewpoint(camera, cam_from_world)
    light = np.zeros((camera.height * camera.width, 3), np.float32)
    depth, owner = _visible_at_centres(scene, view)
    on_edge = _differs_from_neighbours(owner).ravel()
    _add_inner_light(light, scene, view, owner, depth, on_edge)
    _add_edge_light(light, scene, view, np.flatnonzero(on_edge))
    photo = developed(light * np.float32(1 / len(_SAMPLES)))
    return photo.reshape(camera.height, camera.width, 3), depth


def developed(light: F32) -> NDArray[np.uint8]:
    """sRGB bytes of linear light: straight in the shadows, with a soft shoulder instead of clipped highlights."""
    knee = np.float32(0.55)
    above = np.maximum(light - knee, 0)
    soft = np.minimum(light, knee) + (1 - knee) * (1 - np.exp(-above / (1 - knee)))
    return (srgb_from_linear(soft) * 255 + np.float32(0.5)).astype(np.uint8)


def _visible_at_centres(scene: BakedScene, view: _Viewpoint) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """z-depth of the nearest surface and the number of the thing it belongs to, [h, w] each."""
    nearest = np.full((view.camera.height, view.camera.width), np.inf, np.float32)
    owner = np.zeros(nearest.shape, np.int16)
    for number, thing in enumerate(scene.things):
        rectangle = view.pixels_around(thing)
        if rectangle is None:
            continue
        bundle = view.bundle(thing)
        t = thing.shape.hit(bundle.origin, bundle.on_grid(view.x[rectangle[1]], view.y[rectangle[0]]))
        closer = t < nearest[rectangle]
        np.copyto(nearest[rectangle], t, where=closer)
        np.copyto(owner[rectangle], np.int16(number), where=closer)
    return nearest, owner


def _differs_from_neighbours(owner: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Pixels with another thing in the 3x3 around them: only there can the five samples see different things."""
    across, along = owner[:, 1:] != owner[:, :-1], owner[1:] != owner[:-1]
    edge = np.zeros(owner.shape, bool)
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    edge[1:] |= along
    edge[:-1] |= along
    # Corners of the 3x3 are reached by growing once more along the rows.
    grown = edge.copy()
    grown[:, 1:] |= edge[:, :-1]
    grown[:, :-1] |= edge[:, 1:]
    return grown


def _add_inner_light(
    light: F32,
    scene: BakedScene,
    view: _Viewpoint,
    owner: NDArray[np.int16],
    depth: NDArray[np.float32],
    on_edge: NDArray[np.bool_],
) -> None:
    """Light [h * w, 3] of pixels whose samples all see the thing that the centre sees."""
    inner = np.flatnonzero(~on_edge)
    for number, pixels in _by_owner(owner.ravel()[inner], inner):
        bundle = view.bundle(scene.things[number])
        for first in range(0, len(pixels), _BATCH):
            some = pixels[first : first + _BATCH]
            row, column = np.divmod(some, view.camera.width)
            directions = bundle.at_samples(view.x[column], view.y[row], view.shifts)
            t = scene.things[number].shape.hit(bundle.origin, directions)
            t = np.where(np.isfinite(t), t, depth.ravel()[some])
            sample = np.broadcast_to(np.arange(len(_SAMPLES))[:, None], t.shape)
            colours = _colours(scene, number, view, bundle, directions, t, sample)
            light[some] = colours.reshape(*t.shape, 3).sum(0)


def _add_edge_light(light: F32, scene: BakedScene, view: _Viewpoint, pixels: Indices) -> None:
    """Light [h * w, 3] of the other pixels: every sample looks for its own nearest thing."""
    row, column = np.divmod(pixels, view.camera.width)
    nearest = np.full((len(_SAMPLES), len(pixels)), np.inf, np.float32)
    owner = np.zeros(nearest.shape, np.int16)
    for number, thing in enumerate(scene.things):
        rectangle = view.pixels_around(thing)
        if rectangle is None:
            continue
        rows, columns = rectangle
        some = np.flatnonzero(
            (row >= rows.start) & (row < rows.stop) & (column >= columns.start) & (column < columns.stop)
        )
        bundle = view.bundle(thing)
        directions = bundle.at_samples(view.x[column[some]], view.y[row[some]], view.shifts)
        t = thing.shape.hit(bundle.origin, directions)
        before = nearest[:, some]
        nearest[:, some] = np.minimum(before, t)
        owner[:, some] = np.where(t < before, np.int16(number), owner[:, some])
    colours = np.zeros((owner.size, 3), np.float32)
    for number, rays in _by_owner(owner.ravel(), np.arange(owner.size)):
        sample, place = np.divmod(rays, len(pixels))
        bundle = view.bundle(scene.things[number])
        x = view.x[column[place]] + view.shifts[sample, 0]
        y = view.y[row[place]] + view.shifts[sample, 1]
        directions = bundle.at_samples(x, y, np.zeros((1, 2), np.float32))
        t = nearest.ravel()[rays][None]
        colours[rays] = _colours(scene, number, view, bundle, directions, t, sample[None])
    light[pixels] = colours.reshape(*owner.shape, 3).sum(0)


def _by_owner(owner: NDArray[np.int16], items: Indices) -> list[tuple[int, Indices]]:
    """Items sorted into (thing, its items)."""
    order = np.argsort(owner, kind="stable")
    numbers, first = np.unique(owner[order], return_index=True)
    return [
        (int(number), part)
        for number, part in zip(numbers, np.split(items[order], first[1:]), strict=len(numbers) > 0)
    ]


def _colours(
    scene: BakedScene,
    number: int,
    view: _Viewpoint,
    bundle: _Bundle,
    directions: Components,
    t: F32,
    sample: Indices,
) -> F32:
    """Linear light [samples * n, 3] of surface points of one thing, seen along directions [samples, n] at z-depth t."""
    dx, dy, dz = directions
    x, y, z = (o + t * along for o, along in zip(bundle.origin, directions, strict=True))
    place = scene.things[number].shape.locate((x, y, z))
    nx, ny, nz = place.normal
    facing = np.abs(nx * dx + ny * dy + nz * dz) / np.sqrt(dx * dx + dy * dy + dz * dz)
    # Five samples share a pixel, so each stands for a square with 1 / sqrt(5) of its side, drawn out by the slant.
    side = (
        t
        / np.float32(view.camera.fx * np.sqrt(len(_SAMPLES)))
        / np.sqrt(np.maximum(facing, np.float32(0.04)))
    )
    texels = side * np.float32(scene.texels_per_unit[number])
    # The level of the atlas is rounded differently for each sample: their mean is as smooth as trilinear look-up.
    rounding = ((sample + 0.5) / len(_SAMPLES)).astype(np.float32)
    level = (np.log2(np.maximum(texels, np.float32(1.0))) + rounding).astype(np.int32)
    chart = place.chart + np.int32(scene.first_chart[number])
    return scene.atlas.look_up(chart.ravel(), place.u.ravel(), place.v.ravel(), level.ravel())
