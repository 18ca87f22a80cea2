"""Draw projected Gaussians into a picture, differentiate the picture, and say what each Gaussian gave to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calotype.kernels import checks
from calotype.kernels._native import Workspace
from calotype.kernels._native import contributions as _contributions
from calotype.kernels._native import rasterize as _rasterize
from calotype.kernels._native import rasterize_backward as _rasterize_backward
from calotype.kernels.projection import Floats, Projected, ProjectedGrads

MEMORY_LIMIT_BYTES = 4 << 30


@dataclass(frozen=True, slots=True)
class Rasterized:
    """A picture, and what its backward pass needs."""

    rgb: Floats
    """[h, w, 3] colours over the background; not clamped."""
    alpha: Floats
    """[h, w] how much of the pixel is covered, 0 to 1."""
    depth: Floats | None
    """[h, w] accumulated z-depth: sum of blending weight times z. Divide by alpha for the expected depth. None when not wanted."""
    workspace: Workspace
    """Holds the tile lists; good for the backward pass until it draws another picture."""
    generation: int
    """Which of the workspace's pictures this is."""

    @property
    def expected_depth(self) -> Floats:
        """[h, w] mean z-depth by blending weight, 0 where nothing was drawn. Raises ValueError when drawn without depth."""
        if self.depth is None:
            raise ValueError("this picture was drawn without depth")
        return np.divide(self.depth, self.alpha, out=np.zeros_like(self.depth), where=self.alpha > 0)


class Contributions(NamedTuple):
    """What each Gaussian gave to a picture."""

    weight_sum: Floats
    """[n] sum over pixels of its blending weight."""
    error_sum: Floats
    """[n] sum over pixels of blending weight times the pixel's error."""
    max_weight: Floats
    """[n] its largest blending weight."""


def _arrays(projected: Projected) -> tuple[tuple[Floats, ...], NDArray[Any]]:
    n = len(projected)
    arrays = (
        checks.floats("projected.xy", projected.xy, (n, 2)),
        checks.floats("projected.conic", projected.conic, (n, 3)),
        checks.floats("projected.depth", projected.depth, (n,)),
        checks.floats("projected.opacity", projected.opacity, (n,)),
        checks.floats("projected.rgb", projected.rgb, (n, 3)),
    )
    return arrays, checks.flags("projected.visible", projected.visible, n)


def rasterize(
    projected: Projected,
    size: tuple[int, int],
    background: ArrayLike = (0.0, 0.0, 0.0),
    *,
    with_depth: bool = True,
    workspace: Workspace | None = None,
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES,
    threads: int = 0,
) -> Rasterized:
    """The picture of `size` (width, height), blended front to back in order of depth, then in order of the arrays.

    A pixel takes alpha = min(opacity exp(power), 0.99) where that is at least `projected.alpha_min`, until its
    transmittance is 1e-4 or less. The same bits come back for any number of threads. A `workspace` keeps buffers between
    calls; it serves one picture at a time. Without depth it is drawn faster, to the same colours. Raises MemoryError when tile
    lists and their gradients would exceed `memory_limit_bytes`.
    """
    width, height = checks.image_size(size)
    arrays, visible = _arrays(projected)
    red, green, blue = checks.numbers("background", background, (3,))
    if workspace is None:
        workspace = Workspace()
    rgb = np.empty((height, width, 3), np.float32)
    alpha = np.empty((height, width), np.float32)
    depth = np.empty((height, width), np.float32) if with_depth else None
    generation = _rasterize(
        workspace,
        arrays,
        visible,
        (width, height),
        checks.between("alpha_min", projected.alpha_min, 1e-12, 0.5),
        (red, green, blue),
        int(memory_limit_bytes),
        rgb,
        alpha,
        depth,
        checks.thread_count(threads),
    )
    return Rasterized(rgb, alpha, depth, workspace, generation)


def rasterize_backward(
    rasterized: Rasterized,
    projected: Projected,
    d_rgb: Floats,
    d_alpha: Floats | None = None,
    d_depth: Floats | None = None,
    *,
    absolute: bool = True,
    threads: int = 0,
) -> ProjectedGrads:
    """The gradients of a loss by the projected Gaussians, given those by the picture.

    d_rgb [h, w, 3], d_alpha [h, w] and d_depth [h, w] (of the accumulated depth), float32. `abs_xy` comes back only
    when `absolute`. The background's share is counted. Raises RuntimeError when the workspace has drawn another picture
    since.
    """
    height, width = rasterized.alpha.shape
    n = len(projected)
    arrays, visible = _arrays(projected)
    checks.floats("d_rgb", d_rgb, (height, width, 3))
    if d_alpha is not None:
        checks.floats("d_alpha", d_alpha, (height, width))
    if d_depth is not None:
        if rasterized.depth is None:
            raise ValueError("this picture was drawn without depth: it has no gradient by it")
        checks.floats("d_depth", d_depth, (height, width))
    shapes = ((n, 2), (n, 3), (n,), (n, 3), (n,))
    d_xy, d_conic, d_opacity, d_colour, d_z = outputs = tuple(np.empty(shape, np.float32) for shape in shapes)
    abs_xy = np.empty(n, np.float32) if absolute else None
    _rasterize_backward(
        rasterized.workspace,
        rasterized.generation,
        arrays,
        visible,
        d_rgb,
        d_alpha,
        d_depth,
        outputs,
        abs_xy,
        checks.thread_count(threads),
    )
    return ProjectedGrads(d_xy, d_conic, d_opacity, d_colour, d_z, abs_xy)


def contributions(
    rasterized: Rasterized, projected: Projected, error: Floats, *, threads: int = 0
) -> Contributions:
    """What each Gaussian gave to the picture: sums of weight and of weight times `error` [h, w], and its largest weight."""
    n = len(projected)
    checks.floats("error", error, rasterized.alpha.shape)
    result = Contributions(*(np.empty(n, np.float32) for _ in range(3)))
    _contributions(rasterized.workspace, rasterized.generation, error, *result, checks.thread_count(threads))
    return result
