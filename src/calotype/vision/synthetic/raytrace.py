"""Photographs of a baked scene by ray casting, with the exact depth of every pixel centre."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera
from calotype.errors import InvalidParameter
from calotype.vision.synthetic.canvas import srgb_from_linear
from calotype.vision.synthetic.scene import BakedScene, Thing
from calotype.vision.synthetic.shapes import F32, I32, Components

# Five samples on a knight's-move lattice: no two share a row or a column, and one is the pixel centre, whose depth we want.
_SAMPLES = ((0.0, 0.0), (-0.2, -0.4), (0.4, -0.2), (-0.4, 0.2), (0.2, 0.4))
_NEAR = 0.02


class _Rays:
    """Rays of one sample per pixel: direction = a * x + b * y + c with z-depth as the parameter, in any frame."""

    def __init__(
        self, camera: Camera, cam_from_world: NDArray[np.float64], shift: tuple[float, float]
    ) -> None:
        self.world_from_cam = cam_from_world[:3, :3].T
        self.centre_world = -self.world_from_cam @ cam_from_world[:3, 3]
        columns = np.arange(camera.width) + 0.5 + shift[0]
        rows = np.arange(camera.height) + 0.5 + shift[1]
        self.x = (columns - camera.cx) / camera.fx
        self.y = (rows - camera.cy) / camera.fy

    def in_object(self, thing: Thing) -> tuple[Components, NDArray[np.float64]]:
        """The camera's centre in the object frame, and the 3x3 rotation object_from_cam."""
        object_from_world = thing.world_from_object.T.astype(np.float64)
        start = object_from_world @ (self.centre_world - np.array(thing.position))
        a, b, c = (np.float32(value) for value in start)
        return (np.array(a), np.array(b), np.array(c)), object_from_world @ self.world_from_cam

    def on_grid(self, turn: NDArray[np.float64], rows: slice, columns: slice) -> Components:
        """Directions for a rectangle of pixels: one addition per pixel and component."""
        x, y = self.x[columns], self.y[rows]
        a, b, c = (
            (turn[k, 0] * x).astype(np.float32)[None, :]
            + (turn[k, 1] * y + turn[k, 2]).astype(np.float32)[:, None]
            for k in range(3)
        )
        return a, b, c

    def at_pixels(self, turn: NDArray[np.float64], row: I32, column: I32) -> Components:
        a, b, c = (
            (turn[k, 0] * self.x).astype(np.float32)[column]
            + (turn[k, 1] * self.y + turn[k, 2]).astype(np.float32)[row]
            for k in range(3)
        )
        return a, b, c


def render(
    scene: BakedScene, camera: Camera, cam_from_world: NDArray[np.float64], exposure: float = 1.0
) -> tuple[NDArray[np.uint8], F32]:
    """A photo [h, w, 3] in sRGB and the z-depth [h, w] of pixel centres in scene units.

    Five samples per pixel are averaged in linear light. `exposure` multiplies the light before the film's response.
    Raises InvalidParameter for a camera with lens distortion.
    """
    if not camera.is_pinhole:
        raise InvalidParameter(f"Only pinhole cameras can be rendered, not {camera.model} with distortion.")
    light = np.zeros((camera.height * camera.width, 3), np.float32)
    depth = np.zeros((camera.height, camera.width), np.float32)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for number, shift in enumerate(_SAMPLES):
            rays = _Rays(camera, cam_from_world, shift)
            nearest, owner = _visible(scene, camera, cam_from_world, rays)
            if number == 0:
                depth = nearest
            # The level of the atlas is rounded differently for each sample: their mean is as smooth as trilinear look-up.
            rounding = (number + 0.5) / len(_SAMPLES)
            light += _seen_light(scene, camera, rays, nearest, owner, rounding)
    photo = developed(light * np.float32(exposure / len(_SAMPLES)))
    return photo.reshape(camera.height, camera.width, 3), depth


def developed(light: F32) -> NDArray[np.uint8]:
    """sRGB bytes of linear light: straight in the shadows, with a soft shoulder instead of clipped highlights."""
    knee = np.float32(0.55)
    above = np.maximum(light - knee, 0)
    soft = np.minimum(light, knee) + (1 - knee) * (1 - np.exp(-above / (1 - knee)))
    return (srgb_from_linear(soft) * 255 + np.float32(0.5)).astype(np.uint8)


def _visible(
    scene: BakedScene, camera: Camera, cam_from_world: NDArray[np.float64], rays: _Rays
) -> tuple[F32, NDArray[np.int16]]:
    """z-depth of the nearest surface and the number of the thing it belongs to, [h, w] each."""
    nearest = np.full((camera.height, camera.width), np.inf, np.float32)
    owner = np.zeros(nearest.shape, np.int16)
    for number, thing in enumerate(scene.things):
        rectangle = _pixels_around(thing, camera, cam_from_world)
        if rectangle is None:
            continue
        origin, turn = rays.in_object(thing)
        t = thing.shape.hit(origin, rays.on_grid(turn, *rectangle))
        closer = t < nearest[rectangle]
        np.copyto(nearest[rectangle], t, where=closer)
        np.copyto(owner[rectangle], np.int16(number), where=closer)
    return nearest, owner


def _pixels_around(
    thing: Thing, camera: Camera, cam_from_world: NDArray[np.float64]
) -> tuple[slice, slice] | None:
    """Rows and columns that a thing can cover; None if it lies behind the camera or outside the picture."""
    corners = thing.corners_world @ cam_from_world[:3, :3].T + cam_from_world[:3, 3]
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


def _seen_light(
    scene: BakedScene,
    camera: Camera,
    rays: _Rays,
    nearest: F32,
    owner: NDArray[np.int16],
    rounding: float,
) -> F32:
    """Linear light [h * w, 3] of what each ray hits."""
    count = nearest.size
    chart, u, v = np.zeros(count, np.int32), np.zeros(count, np.float32), np.zeros(count, np.float32)
    facing = np.ones(count, np.float32)
    order = np.argsort(owner.ravel(), kind="stable")
    bounds = np.searchsorted(owner.ravel()[order], np.arange(len(scene.things) + 1))
    depth = nearest.ravel()
    for number, thing in enumerate(scene.things):
        pixels = order[bounds[number] : bounds[number + 1]]
        if pixels.size == 0:
            continue
        row, column = (index.astype(np.int32) for index in np.divmod(pixels, camera.width))
        origin, turn = rays.in_object(thing)
        d = rays.at_pixels(turn, row, column)
        t = depth[pixels]
        x, y, z = (o + t * along for o, along in zip(origin, d, strict=True))
        place = thing.shape.locate((x, y, z))
        chart[pixels] = place.chart + scene.first_chart[number]
        u[pixels], v[pixels] = place.u, place.v
        length = np.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
        facing[pixels] = np.abs(sum(n * along for n, along in zip(place.normal, d, strict=True))) / length
    # Five samples share a pixel, so each stands for a square with 1 / sqrt(5) of its side, drawn out by the slant.
    side = (
        depth / np.float32(camera.fx * np.sqrt(len(_SAMPLES))) / np.sqrt(np.maximum(facing, np.float32(0.04)))
    )
    texels = side * scene.atlas.texels_per_unit(chart)
    level = np.log2(np.maximum(texels, np.float32(1.0))) + np.float32(rounding)
    return scene.atlas.look_up(chart, u, v, level.astype(np.int32))
