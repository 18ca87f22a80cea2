"""Solids with flat sides: the box, the room around everything, and an arch cut out of a block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calotype.vision.synthetic.shapes import F32, MISS, TINY, Chart, Components, Located, stacked

# Faces as (name, axis, sign, right, down), with right = down x forward for someone who looks at the face from outside.
_FACES: tuple[tuple[str, int, int, tuple[int, int, int], tuple[int, int, int]], ...] = (
    ("right", 0, 1, (0, 0, 1), (0, 1, 0)),
    ("left", 0, -1, (0, 0, -1), (0, 1, 0)),
    ("bottom", 1, 1, (1, 0, 0), (0, 0, 1)),
    ("top", 1, -1, (1, 0, 0), (0, 0, -1)),
    ("back", 2, 1, (-1, 0, 0), (0, 1, 0)),
    ("front", 2, -1, (1, 0, 0), (0, 1, 0)),
)


def _slabs(half: tuple[float, float, float], origin: Components, direction: Components) -> tuple[F32, F32]:
    """Entry and exit of rays through a box; the ray misses where entry > exit."""
    entry: F32 | None = None
    leave: F32 | None = None
    for side, o, d in zip(half, origin, direction, strict=True):
        inverse = 1 / (d + TINY)
        middle = -o * inverse
        spread = np.abs(side * inverse)
        near, far = middle - spread, middle + spread
        entry = near if entry is None else np.maximum(entry, near)
        leave = far if leave is None else np.minimum(leave, far)
    assert entry is not None
    assert leave is not None
    return entry, leave


def _locate_on_faces(half: tuple[float, float, float], points: Components, inward: bool = False) -> Located:
    x, y, z = (p / side for p, side in zip(points, half, strict=True))
    ax, ay, az = np.abs(x), np.abs(y), np.abs(z)
    on_x = (ax >= ay) & (ax >= az)
    on_y = ~on_x & (ay >= az)
    on_z = ~on_x & ~on_y
    sx, sy, sz = np.sign(x), np.sign(y), np.sign(z)
    main = np.where(on_x, sx, np.where(on_y, sy, sz))
    axis = np.where(on_x, 0, np.where(on_y, 1, 2))
    chart = (2 * axis + (main < 0)).astype(np.int32)
    across = np.where(on_x, z * sx, np.where(on_y, x, -x * sz))
    along = np.where(on_y, z * sy, y)
    flip = np.float32(-1 if inward else 1)
    if inward:
        across = np.where(on_y, across, -across)
        along = np.where(on_y, -along, along)
    normal = (flip * sx * on_x, flip * sy * on_y, flip * sz * on_z)
    return Located(chart, (across + 1) / 2, (along + 1) / 2, normal)


def _surface_of_face(
    half: tuple[float, float, float], chart: int, u: F32, v: F32, inward: bool = False
) -> tuple[F32, F32]:
    _, axis, sign, right, down = _FACES[chart]
    across, along = 2 * u - 1, 2 * v - 1
    if inward and axis == 1:
        along = -along
    elif inward:
        across = -across
    point = [across * right[k] + along * down[k] for k in range(3)]
    point[axis] = np.full_like(point[axis], sign)
    points = stacked(*(side * p for side, p in zip(half, point, strict=True)))
    normals = np.zeros_like(points)
    normals[..., axis] = -sign if inward else sign
    return points, normals


def _face_charts(half: tuple[float, float, float]) -> tuple[Chart, ...]:
    def side(vector: tuple[int, int, int]) -> float:
        return 2 * sum(h * abs(c) for h, c in zip(half, vector, strict=True))

    return tuple(Chart(name, (side(right), side(down))) for name, _, _, right, down in _FACES)


@dataclass(frozen=True)
class Box:
    """A cuboid with six charts: right, left, bottom, top, back, front (front faces -Z)."""

    half_extent: tuple[float, float, float]
    is_convex: bool = True

    @property
    def charts(self) -> tuple[Chart, ...]:
        return _face_charts(self.half_extent)

    def hit(self, origin: Components, direction: Components) -> F32:
        entry, leave = _slabs(self.half_extent, origin, direction)
        t = np.where(entry > 0, entry, leave)
        return np.where((entry <= leave) & (t > 0), t, MISS)

    def locate(self, points: Components) -> Located:
        return _locate_on_faces(self.half_extent, points)

    def surface(self, chart: int, u: F32, v: F32) -> tuple[F32, F32]:
        return _surface_of_face(self.half_extent, chart, u, v)


@dataclass(frozen=True)
class Room:
    """A box seen from inside: it closes the scene, so that every ray hits something."""

    half_extent: tuple[float, float, float]
    is_convex: bool = True

    @property
    def charts(self) -> tuple[Chart, ...]:
        return _face_charts(self.half_extent)

    def hit(self, origin: Components, direction: Components) -> F32:
        sides = [
            (np.abs(side / (d + TINY)) - o / (d + TINY))
            for side, o, d in zip(self.half_extent, origin, direction, strict=True)
        ]
        return np.minimum(np.minimum(sides[0], sides[1]), sides[2])

    def locate(self, points: Components) -> Located:
        return _locate_on_faces(self.half_extent, points, inward=True)

    def surface(self, chart: int, u: F32, v: F32) -> tuple[F32, F32]:
        return _surface_of_face(self.half_extent, chart, u, v, inward=True)


@dataclass(frozen=True)
class Arch:
    """A block with a round gateway along Z: a box minus a cylinder whose axis lies in the bottom face."""

    half_extent: tuple[float, float, float]
    radius: float
    """Of the gateway; less than the half width and the height."""
    is_convex: bool = False

    @property
    def charts(self) -> tuple[Chart, ...]:
        vault = Chart("vault", (np.pi * self.radius, 2 * self.half_extent[2]))
        return (*_face_charts(self.half_extent), vault)

    def hit(self, origin: Components, direction: Components) -> F32:
        entry, leave = _slabs(self.half_extent, origin, direction)
        (ox, oy, _), (dx, dy, _) = origin, direction
        oy = oy - np.float32(self.half_extent[1])
        a = np.maximum(dx * dx + dy * dy, np.float32(1e-12))
        middle = -(ox * dx + oy * dy) / a
        px, py = ox + middle * dx, oy + middle * dy
        reach = self.radius**2 - (px * px + py * py)
        spread = np.sqrt(np.maximum(reach, 0) / a)
        crosses = reach > 0
        # A ray that enters the block inside the gateway goes on to the vault, if the vault comes before the way out.
        in_gateway = crosses & (entry > middle - spread) & (entry < middle + spread)
        t = np.where(in_gateway, middle + spread, np.where(entry > 0, entry, leave))
        return np.where((entry <= leave) & (t <= leave) & (t > 0), t, MISS)

    def locate(self, points: Components) -> Located:
        faces = _locate_on_faces(self.half_extent, points)
        x, y, z = points
        y = y - np.float32(self.half_extent[1])
        rho = np.sqrt(x * x + y * y)
        on_face = np.maximum.reduce([np.abs(p) / h for p, h in zip(points, self.half_extent, strict=True)])
        vault = (np.abs(rho - self.radius) < 1e-3 * self.radius + 1e-5) & (on_face < 1 - 1e-4)
        angle = np.arctan2(-y, -x) / np.float32(np.pi)
        safe = np.maximum(rho, np.float32(1e-9))
        nx, ny, nz = faces.normal
        return Located(
            np.where(vault, 6, faces.chart).astype(np.int32),
            np.where(vault, angle, faces.u),
            np.where(vault, (z / self.half_extent[2] + 1) / 2, faces.v),
            (np.where(vault, -x / safe, nx), np.where(vault, -y / safe, ny), np.where(vault, 0, nz)),
        )

    def surface(self, chart: int, u: F32, v: F32) -> tuple[F32, F32]:
        if chart < 6:
            return _surface_of_face(self.half_extent, chart, u, v)
        angle = u * np.float32(np.pi)
        x, y = -np.cos(angle), -np.sin(angle)
        bottom = np.float32(self.half_extent[1])
        points = stacked(x * self.radius, y * self.radius + bottom, (2 * v - 1) * self.half_extent[2])
        return points, stacked(-x, -y, np.zeros_like(x))
