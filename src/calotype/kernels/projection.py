"""Project 3D Gaussians into a camera, and carry gradients back to their parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calotype.kernels import checks
from calotype.kernels._native import project as _project
from calotype.kernels._native import project_backward as _project_backward

Floats = NDArray[np.float32]
ALPHA_MIN = 1.0 / 255.0


@dataclass(frozen=True, slots=True)
class Projected:
    """Two-dimensional Gaussians in one image; rows belong to the 3D Gaussians they came from, all zero where not visible."""

    xy: Floats
    """[n, 2] centres in pixels; pixel centres lie at +0.5."""
    conic: Floats
    """[n, 3] inverse 2D covariance (a, b, c): power = -a dx^2 / 2 - b dx dy - c dy^2 / 2."""
    depth: Floats
    """[n] z-depth of the centres."""
    opacity: Floats
    """[n] peak alpha, 0 to 1."""
    rgb: Floats
    """[n, 3] colours, 0 or more."""
    visible: NDArray[np.uint8]
    """[n] 1 where something may be drawn in the image."""
    radii: Floats
    """[n] half the longer side of the box around what is visible, in pixels."""
    alpha_min: float = ALPHA_MIN
    """Below this alpha nothing is drawn; also for the rasterizer and its gradients."""

    def __len__(self) -> int:
        return len(self.depth)


@dataclass(frozen=True, slots=True)
class ProjectedGrads:
    """Gradients of a loss by the fields of `Projected`."""

    d_xy: Floats
    d_conic: Floats
    d_opacity: Floats
    d_rgb: Floats
    d_depth: Floats
    abs_xy: Floats | None = None
    """[n] sum over pixels of the length of d_xy from that pixel (AbsGS, Ye et al. 2024): what densification looks at."""


@dataclass(frozen=True, slots=True)
class ParameterGrads:
    """Gradients of a loss by the parameters of 3D Gaussians; zero for those that were not visible."""

    means: Floats
    quats: Floats
    log_scales: Floats
    logit_opacities: Floats
    sh: Floats


class _Scene(NamedTuple):
    parameters: tuple[Floats, ...]
    degree: int
    pose: list[float]
    intrinsics: tuple[float, ...]
    size: tuple[int, int]
    near: float
    alpha_min: float
    antialiased: bool


def _scene(
    means: Floats,
    quats_wxyz: Floats,
    log_scales: Floats,
    logit_opacities: Floats,
    sh: Floats,
    sh_degree: int,
    cam_from_world: ArrayLike,
    intrinsics: ArrayLike,
    size: tuple[int, int],
    near: float,
    alpha_min: float,
    antialiased: bool,
) -> _Scene:
    n = len(checks.floats("means", means, (None, 3)))
    checks.floats("sh", sh, (n, None, 3))
    coefficients = sh.shape[1]
    if coefficients not in (1, 4, 9, 16):
        raise ValueError(f"sh must hold 1, 4, 9 or 16 coefficients per Gaussian, not {coefficients}")
    if not (0 <= sh_degree <= 3 and (sh_degree + 1) ** 2 <= coefficients):
        raise ValueError(f"sh_degree {sh_degree} needs more than the {coefficients} coefficients given")
    if n >= 2**32:
        raise ValueError("there can be at most 2^32 - 1 Gaussians")
    parameters = (
        means,
        checks.floats("quats_wxyz", quats_wxyz, (n, 4)),
        checks.floats("log_scales", log_scales, (n, 3)),
        checks.floats("logit_opacities", logit_opacities, (n,)),
        sh,
    )
    fx, fy, cx, cy = checks.numbers("intrinsics", intrinsics, (4,))
    if fx <= 0.0 or fy <= 0.0:
        raise ValueError(f"focal lengths must be positive, not {fx} and {fy}")
    return _Scene(
        parameters,
        int(sh_degree),
        checks.numbers("cam_from_world", cam_from_world, (3, 4)),
        (fx, fy, cx, cy),
        checks.image_size(size),
        checks.between("near", near, 1e-6, 1e6),
        checks.between("alpha_min", alpha_min, 1e-12, 0.5),
        bool(antialiased),
    )


def project(
    means: Floats,
    quats_wxyz: Floats,
    log_scales: Floats,
    logit_opacities: Floats,
    sh: Floats,
    sh_degree: int,
    cam_from_world: ArrayLike,
    intrinsics: ArrayLike,
    size: tuple[int, int],
    *,
    near: float = 0.01,
    antialiased: bool = False,
    alpha_min: float = ALPHA_MIN,
    threads: int = 0,
) -> Projected:
    """The Gaussians as one pinhole camera sees them: EWA splatting (Zwicker et al. 2001) as in 3DGS (Kerbl et al. 2023).

    means [n, 3] in the world, quats_wxyz [n, 4] of any length, log_scales [n, 3], logit_opacities [n], and
    sh [n, 1 | 4 | 9 | 16, 3], of which the first (sh_degree + 1)^2 are used: float32, C-contiguous. cam_from_world
    [3, 4] (OpenCV axes), intrinsics (fx, fy, cx, cy) and size (width, height) in pixels. Covariances are dilated by
    0.3 px^2; `antialiased` dims what that enlarged (Mip-Splatting, Yu et al. 2024). What is behind `near`, outside the
    image, not finite or fainter than `alpha_min` is not visible.
    Raises TypeError or ValueError for wrong dtypes, layouts, shapes or ranges.
    """
    scene = _scene(
        means,
        quats_wxyz,
        log_scales,
        logit_opacities,
        sh,
        sh_degree,
        cam_from_world,
        intrinsics,
        size,
        near,
        alpha_min,
        antialiased,
    )
    n = len(means)
    outputs = tuple(np.empty(shape, np.float32) for shape in ((n, 2), (n, 3), (n,), (n,), (n, 3), (n,)))
    visible = np.empty(n, np.uint8)
    _project(*scene, outputs, visible, checks.thread_count(threads))
    xy, conic, depth, opacity, rgb, radii = outputs
    return Projected(xy, conic, depth, opacity, rgb, visible, radii, float(alpha_min))


def project_backward(
    means: Floats,
    quats_wxyz: Floats,
    log_scales: Floats,
    logit_opacities: Floats,
    sh: Floats,
    sh_degree: int,
    cam_from_world: ArrayLike,
    intrinsics: ArrayLike,
    size: tuple[int, int],
    projected: Projected,
    grads: ProjectedGrads,
    *,
    near: float = 0.01,
    antialiased: bool = False,
    threads: int = 0,
) -> ParameterGrads:
    """The gradients of a loss by the Gaussians' parameters, given those by their projections.

    Takes what `project` was given, what it returned, and the gradients from `rasterize_backward`. Analytic; includes the way
    through the view direction, the depth and the antialiasing factor. Nothing flows through the clamp of colours at zero, nor
    through the limit that 3DGS puts on the linearisation far outside the image.
    """
    scene = _scene(
        means,
        quats_wxyz,
        log_scales,
        logit_opacities,
        sh,
        sh_degree,
        cam_from_world,
        intrinsics,
        size,
        near,
        projected.alpha_min,
        antialiased,
    )
    n = len(means)
    gradients = (
        checks.floats("d_xy", grads.d_xy, (n, 2)),
        checks.floats("d_conic", grads.d_conic, (n, 3)),
        checks.floats("d_opacity", grads.d_opacity, (n,)),
        checks.floats("d_rgb", grads.d_rgb, (n, 3)),
        checks.floats("d_depth", grads.d_depth, (n,)),
    )
    result = ParameterGrads(*(np.empty_like(parameter) for parameter in scene.parameters))
    _project_backward(
        *scene,
        checks.floats("projected.rgb", projected.rgb, (n, 3)),
        checks.flags("projected.visible", projected.visible, n),
        gradients,
        (result.means, result.quats, result.log_scales, result.logit_opacities, result.sh),
        checks.thread_count(threads),
    )
    return result
