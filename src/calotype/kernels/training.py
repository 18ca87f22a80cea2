"""The loss between two pictures with its gradient, and the optimizer's step, as training needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calotype.kernels import checks
from calotype.kernels._native import Workspace
from calotype.kernels._native import adam as _adam
from calotype.kernels._native import l1_ssim as _l1_ssim
from calotype.kernels.projection import Floats


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss, its two parts, and its gradient by the picture."""

    value: float
    """(1 - ssim_weight) * l1 + ssim_weight * (1 - ssim)."""
    l1: float
    """Mean absolute difference."""
    ssim: float
    """Mean structural similarity; 1 for equal pictures."""
    d_image: Floats
    """[h, w, 3] gradient of `value` by the picture."""
    d_colour: NDArray[np.float64] | None = None
    """[3, 4] gradient of `value` by the colour transform, where there is one."""


def l1_ssim(
    image: Floats,
    target: NDArray[Any],
    ssim_weight: float = 0.2,
    *,
    weights: Floats | None = None,
    colour: Floats | None = None,
    workspace: Workspace | None = None,
    threads: int = 0,
) -> Loss:
    """How far `image` [h, w, 3] (float32, 0 to 1) is from `target` (the same, or uint8), as 3DGS measures it.

    SSIM (Wang et al. 2004) with 11 x 11 Gaussian windows, sigma 1.5, zeros beyond the border. `weights` [h, w] (0 or more)
    turn both means into weighted means over pixels; where all are zero the loss is zero. Windows still see pixels of
    weight zero. With `colour` [3, 4] what is compared is `colour` times (r, g, b, 1) of each pixel, unclipped: how a photo was
    exposed; all gradients are then by what comes before it.
    """
    height, width, _ = checks.floats("image", image, (None, None, 3)).shape
    checks.image_size((width, height))
    in_bytes = np.asarray(target).dtype == np.uint8
    if weights is not None:
        checks.floats("weights", weights, (height, width))
    d_image = np.empty_like(image)
    d_colour = None if colour is None else np.zeros((3, 4))
    value, l1, ssim = _l1_ssim(
        workspace if workspace is not None else Workspace(),
        image,
        None if in_bytes else checks.floats("target", target, image.shape),
        checks.pixels("target", target, image.shape) if in_bytes else None,
        weights,
        None if colour is None else checks.floats("colour", colour, (3, 4)),
        checks.between("ssim_weight", ssim_weight, 0.0, 1.0),
        d_image,
        d_colour,
        checks.thread_count(threads),
    )
    return Loss(value, l1, ssim, d_image, d_colour)


def adam(
    params: Floats,
    grads: Floats,
    m: Floats,
    v: Floats,
    *,
    lr: ArrayLike,
    step: int,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-15,
    mask: NDArray[Any] | None = None,
    threads: int = 0,
) -> None:
    """One step of Adam (Kingma and Ba 2015), in place: params, m and v are [n, ...] float32 and change.

    `lr` is one number, or one per column of a row (as many as a row has values). `step` counts from 1. Rows where `mask` [n] is
    zero keep their values and their moments (sparse Adam).
    """
    shape = params.shape
    for name, array in (("params", params), ("grads", grads), ("m", m), ("v", v)):
        checks.floats(name, array, shape)
    if not shape:
        raise ValueError("params must have at least one dimension")
    if step < 1:
        raise ValueError(f"step counts from 1; it is {step}")
    n = shape[0]
    columns = max(1, int(np.prod(shape[1:])))
    rates = np.asarray(lr, dtype=np.float32).ravel()
    if rates.size not in (1, columns):
        raise ValueError(f"lr must be one number or {columns}, one per column; there are {rates.size}")
    # Any run of 16 values that starts inside one period can be loaded whole.
    repeated = np.resize(rates, columns + 16)
    if n == 0:
        return
    _adam(
        params,
        grads,
        m,
        v,
        repeated,
        columns,
        checks.between("beta1", beta1, 0.0, 0.999999),
        checks.between("beta2", beta2, 0.0, 0.999999),
        checks.between("eps", eps, 0.0, 1.0),
        int(step),
        None if mask is None else checks.flags("mask", mask, n),
        checks.thread_count(threads),
    )
