"""Step the parameters of 3D Gaussians along the gradients of their projections, without an array of gradients in between."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import ArrayLike

from calotype.kernels import checks
from calotype.kernels._native import descend as _descend
from calotype.kernels.projection import Floats, Projected, ProjectedGrads, scene_arguments
from calotype.kernels.training import repeated_rates


def descend(
    values: Sequence[Floats],
    first: Sequence[Floats],
    second: Sequence[Floats],
    sh_degree: int,
    cam_from_world: ArrayLike,
    intrinsics: ArrayLike,
    size: tuple[int, int],
    projected: Projected,
    grads: ProjectedGrads,
    *,
    rates: Sequence[ArrayLike],
    step: int,
    opacity_penalty: float = 0.0,
    scale_penalty: float = 0.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-15,
    near: float = 0.01,
    antialiased: bool = False,
    threads: int = 0,
) -> int:
    """`project_backward` and `adam` in one, in place; returns how many Gaussians were left alone for gradients not finite.

    `values`, `first` and `second` (Adam's moments) are each means [n, 3], quaternions [n, 4], log scales [n, 3], logit
    opacities [n] and harmonics [n, k, 3], and change. `rates` has one learning rate per parameter, or one per column of it. The
    rest is as in `project_backward` and `adam`. Penalties are weights on the mean opacity and on the mean size exp(log scale).
    """
    means, quats, log_scales, logit_opacities, sh = values
    scene = scene_arguments(
        means,
        quats,
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
    n, columns = len(means), (3, 4, 3, 1, 3 * sh.shape[1])
    for name, moments in (("first", first), ("second", second)):
        for value, moment in zip(values, moments, strict=True):
            checks.floats(f"a moment in {name}", moment, value.shape)
    if step < 1:
        raise ValueError(f"step counts from 1; it is {step}")
    if n == 0:
        return 0
    return _descend(
        *scene,
        checks.floats("projected.rgb", projected.rgb, (n, 3)),
        checks.flags("projected.visible", projected.visible, n),
        grads.checked(n),
        tuple(values),
        tuple(first),
        tuple(second),
        tuple(repeated_rates(lr, width) for lr, width in zip(rates, columns, strict=True)),
        checks.between("beta1", beta1, 0.0, 0.999999),
        checks.between("beta2", beta2, 0.0, 0.999999),
        checks.between("eps", eps, 0.0, 1.0),
        int(step),
        checks.between("opacity_penalty", opacity_penalty, 0.0, 1e6) / n,
        checks.between("scale_penalty", scale_penalty, 0.0, 1e6) / (3 * n),
        checks.thread_count(threads),
    )
