"""What a solid must offer to be traced and painted: ray hits, and charts that unroll its surface onto pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[Any]
"""float32 in fact; static types lose that in arithmetic with Python numbers."""
I32 = NDArray[np.int32]
Components = tuple[F32, F32, F32]
"""x, y and z of points or directions; each an array, shapes that broadcast."""

MISS = np.float32(np.inf)
TINY = np.float32(1e-20)
"""Added to a divisor that may be 0: too small to change any other."""


@dataclass(frozen=True)
class Chart:
    """One patch of a surface, unrolled onto the unit square: u to the right and v down, seen from outside."""

    name: str
    size: tuple[float, float]
    """Width and height in scene units; the painter's canvas has this size."""
    wraps: bool = False
    """Whether the right edge continues at the left one."""


@dataclass(frozen=True)
class Located:
    """Where points of a surface lie on its charts."""

    chart: I32
    u: F32
    v: F32
    normal: Components
    """Unit vectors out of the surface, in the object frame."""


class Shape(Protocol):
    """A solid in its own frame, which is centred on it; +Y is down, as everywhere."""

    @property
    def charts(self) -> tuple[Chart, ...]: ...

    @property
    def half_extent(self) -> tuple[float, float, float]:
        """Half the sides of the box that holds the solid."""
        ...

    @property
    def is_convex(self) -> bool:
        """Whether the solid cannot shade itself."""
        ...

    def hit(self, origin: Components, direction: Components) -> F32:
        """Smallest t > 0 with origin + t * direction on the surface; infinite for a miss. Any length of direction will do."""
        ...

    def locate(self, points: Components) -> Located:
        """Charts and coordinates of points that lie on the surface."""
        ...

    def surface(self, chart: int, u: F32, v: F32) -> tuple[F32, F32]:
        """Points and unit normals [..., 3] at coordinates of one chart; the inverse of `locate`."""
        ...


def stacked(x: F32, y: F32, z: F32) -> F32:
    """Components as one array [..., 3]."""
    return np.stack(np.broadcast_arrays(x, y, z), axis=-1).astype(np.float32)


def normalized(vectors: F32) -> F32:
    """Vectors [..., 3] of unit length."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).astype(np.float32)


def rotation(yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> F32:
    """3x3 world_from_object: first roll about Z, then pitch about X, then yaw about Y (radians, right-handed)."""
    (cy, sy), (cx, sx), (cz, sz) = ((np.cos(angle), np.sin(angle)) for angle in (yaw, pitch, roll))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return (about_y @ about_x @ about_z).astype(np.float32)
