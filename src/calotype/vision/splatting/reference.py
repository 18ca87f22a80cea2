"""The splatting kernels once more, slow and obvious in numpy float64: what the fast ones are tested against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

ALPHA_MAX = 0.99
TRANSMITTANCE_MIN = 1e-4
DILATION = 0.3
COMPENSATION_FLOOR = 2.5e-5


class Parameters(NamedTuple):
    """3D Gaussians as the kernels take them."""

    means: Array
    quats_wxyz: Array
    log_scales: Array
    logit_opacities: Array
    sh: Array


class Projection(NamedTuple):
    """2D Gaussians, fields as in `calotype.kernels.Projected`; rows of what is behind the camera mean nothing."""

    xy: Array
    conic: Array
    depth: Array
    opacity: Array
    rgb: Array


class Picture(NamedTuple):
    """A drawn picture; `depth` is accumulated, not divided by alpha."""

    rgb: Array
    alpha: Array
    depth: Array


def rotation_matrices(quats_wxyz: Array) -> Array:
    """[n, 3, 3] rotations of quaternions of any length."""
    w, x, y, z = (quats_wxyz / np.linalg.norm(quats_wxyz, axis=1, keepdims=True)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(rows), 2, 0)


def sh_basis(directions: Array, degree: int) -> Array:
    """[n, (degree + 1)^2] real spherical harmonics at unit directions, order and signs of 3DGS."""
    x, y, z = directions.T
    xx, yy, zz = x * x, y * y, z * z
    functions = [
        np.full_like(x, 0.28209479177387814),
        -0.4886025119029199 * y,
        0.4886025119029199 * z,
        -0.4886025119029199 * x,
        1.0925484305920792 * x * y,
        -1.0925484305920792 * y * z,
        0.31539156525252005 * (2 * zz - xx - yy),
        -1.0925484305920792 * x * z,
        0.5462742152960396 * (xx - yy),
        -0.5900435899266435 * y * (3 * xx - yy),
        2.890611442640554 * x * y * z,
        -0.4570457994644658 * y * (4 * zz - xx - yy),
        0.3731763325901154 * z * (2 * zz - 3 * xx - 3 * yy),
        -0.4570457994644658 * x * (4 * zz - xx - yy),
        1.445305721320277 * z * (xx - yy),
        -0.5900435899266435 * x * (xx - 3 * yy),
    ]
    return np.stack(functions[: (degree + 1) ** 2], axis=1)


def project(
    parameters: Parameters,
    sh_degree: int,
    cam_from_world: ArrayLike,
    intrinsics: ArrayLike,
    size: tuple[int, int],
    antialiased: bool = False,
) -> Projection:
    """The Gaussians as one pinhole camera sees them; EWA splatting with the matrices written out."""
    pose = np.asarray(cam_from_world, dtype=np.float64)
    R, t = pose[:, :3], pose[:, 3]
    fx, fy, cx, cy = np.asarray(intrinsics, dtype=np.float64)
    width, height = size
    x, y, z = (parameters.means @ R.T + t).T

    reach_x, reach_y = 0.15 * width / fx, 0.15 * height / fy
    u = np.clip(x / z, -cx / fx - reach_x, (width - cx) / fx + reach_x)
    v = np.clip(y / z, -cy / fy - reach_y, (height - cy) / fy + reach_y)
    J = np.zeros((len(z), 2, 3))
    J[:, 0, 0], J[:, 0, 2] = fx / z, -fx * u / z
    J[:, 1, 1], J[:, 1, 2] = fy / z, -fy * v / z

    axes = rotation_matrices(parameters.quats_wxyz) * np.exp(parameters.log_scales)[:, None, :]
    to_image = J @ R
    sharp = to_image @ axes @ np.swapaxes(axes, 1, 2) @ np.swapaxes(to_image, 1, 2)
    covariance = sharp + DILATION * np.eye(2)
    conic: Array = np.linalg.inv(covariance).astype(np.float64)

    opacity = 1 / (1 + np.exp(-parameters.logit_opacities))
    if antialiased:
        ratio = np.linalg.det(sharp) / np.linalg.det(covariance)
        opacity = opacity * np.sqrt(np.maximum(ratio, COMPENSATION_FLOOR))
    directions = parameters.means + R.T @ t
    directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    basis = sh_basis(directions, sh_degree)
    rgb = np.einsum("nk,nkc->nc", basis, parameters.sh[:, : basis.shape[1]]) + 0.5
    return Projection(
        xy=np.stack([fx * x / z + cx, fy * y / z + cy], axis=1),
        conic=np.stack([conic[:, 0, 0], conic[:, 0, 1], conic[:, 1, 1]], axis=1),
        depth=z,
        opacity=opacity,
        rgb=np.maximum(rgb, 0),
    )


def project_backward(
    parameters: Parameters,
    gradients: Projection,
    project_again: Callable[[Parameters], Projection],
    step: float = 1e-5,
) -> Parameters:
    """The gradients by the parameters, by central differences: each Gaussian depends on its own parameters alone."""

    def loss_per_gaussian(changed: Parameters) -> Array:
        projection = project_again(changed)
        terms = [(g * p).reshape(len(g), -1).sum(axis=1) for g, p in zip(gradients, projection, strict=True)]
        return np.sum(terms, axis=0)

    result = Parameters(*(np.zeros_like(values) for values in parameters))
    for field, values in zip(Parameters._fields, parameters, strict=True):
        flat = getattr(result, field).reshape(len(values), -1)
        for column in range(flat.shape[1]):
            offset = np.zeros_like(flat)
            offset[:, column] = step
            offset = offset.reshape(values.shape)
            above = loss_per_gaussian(parameters._replace(**{field: values + offset}))
            below = loss_per_gaussian(parameters._replace(**{field: values - offset}))
            flat[:, column] = (above - below) / (2 * step)
    return result


def footprint(
    projection: Projection, i: int, size: tuple[int, int], alpha_min: float
) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """(alpha, dx, dy, where alpha is neither cut off nor capped), each [h, w], of one Gaussian."""
    width, height = size
    dx = (np.arange(width) + 0.5)[None, :] - projection.xy[i, 0] + np.zeros((height, 1))
    dy = (np.arange(height) + 0.5)[:, None] - projection.xy[i, 1] + np.zeros((1, width))
    a, b, c = projection.conic[i]
    raw = projection.opacity[i] * np.exp(-0.5 * a * dx * dx - b * dx * dy - 0.5 * c * dy * dy)
    alpha = np.where(raw >= alpha_min, np.minimum(raw, ALPHA_MAX), 0.0)
    return alpha, dx, dy, (raw >= alpha_min) & (raw < ALPHA_MAX)


def rasterize(
    projection: Projection,
    visible: NDArray[Any],
    size: tuple[int, int],
    background: ArrayLike = (0.0, 0.0, 0.0),
    alpha_min: float = 1 / 255,
) -> tuple[Picture, list[tuple[int, Array, Array]]]:
    """The picture, and front to back (Gaussian, its alpha, the transmittance before it) for the backward pass."""
    width, height = size
    remaining = np.ones((height, width))
    rgb, depth = np.zeros((height, width, 3)), np.zeros((height, width))
    layers: list[tuple[int, Array, Array]] = []
    for i in np.argsort(projection.depth, kind="stable"):
        if not visible[i] or not projection.opacity[i] > alpha_min:
            continue
        alpha = np.where(remaining > TRANSMITTANCE_MIN, footprint(projection, i, size, alpha_min)[0], 0.0)
        layers.append((int(i), alpha, remaining))
        rgb += (alpha * remaining)[:, :, None] * projection.rgb[i]
        depth += alpha * remaining * projection.depth[i]
        remaining = remaining * (1 - alpha)
    rgb += remaining[:, :, None] * np.asarray(background, dtype=np.float64)
    return Picture(rgb, 1 - remaining, depth), layers


def rasterize_backward(
    projection: Projection,
    layers: list[tuple[int, Array, Array]],
    picture_grads: Picture,
    background: ArrayLike = (0.0, 0.0, 0.0),
    alpha_min: float = 1 / 255,
) -> tuple[Projection, Array]:
    """The gradients by the projected Gaussians, back to front, and per Gaussian the sum over pixels of |d_xy|."""
    height, width = picture_grads.alpha.shape
    n = len(projection.depth)
    grads = Projection(*(np.zeros_like(field) for field in projection))
    abs_xy = np.zeros(n)
    # What lies behind, as seen through nothing: colour, alpha and depth of the layers after this one.
    behind_rgb = np.zeros((height, width, 3)) + np.asarray(background, dtype=np.float64)
    behind_alpha, behind_depth = np.zeros((height, width)), np.zeros((height, width))
    for i, alpha, T in reversed(layers):
        weight = alpha * T
        grads.rgb[i] = np.einsum("hwc,hw->c", picture_grads.rgb, weight)
        grads.depth[i] = np.sum(picture_grads.depth * weight)
        d_alpha = T * (
            np.sum(picture_grads.rgb * (projection.rgb[i] - behind_rgb), axis=2)
            + picture_grads.alpha * (1 - behind_alpha)
            + picture_grads.depth * (projection.depth[i] - behind_depth)
        )
        _, dx, dy, free = footprint(projection, i, (width, height), alpha_min)
        d_power = np.where(free & (alpha > 0), d_alpha * alpha, 0.0)
        a, b, c = projection.conic[i]
        grads.opacity[i] = np.sum(d_power) / projection.opacity[i]
        d_x, d_y = d_power * (a * dx + b * dy), d_power * (b * dx + c * dy)
        grads.xy[i] = np.sum(d_x), np.sum(d_y)
        abs_xy[i] = np.sum(np.hypot(d_x, d_y))
        grads.conic[i] = (
            np.sum(d_power * dx * dx) / -2,
            np.sum(d_power * dx * dy) * -1,
            np.sum(d_power * dy * dy) / -2,
        )
        behind_rgb = alpha[:, :, None] * projection.rgb[i] + (1 - alpha)[:, :, None] * behind_rgb
        behind_alpha = alpha + (1 - alpha) * behind_alpha
        behind_depth = alpha * projection.depth[i] + (1 - alpha) * behind_depth
    return grads, abs_xy


def contributions(n: int, layers: list[tuple[int, Array, Array]], error: Array) -> tuple[Array, Array, Array]:
    """Per Gaussian: the sum of its blending weights, of weight times error, and its largest weight."""
    weight_sum, error_sum, max_weight = np.zeros(n), np.zeros(n), np.zeros(n)
    for i, alpha, T in layers:
        weight_sum[i] = np.sum(alpha * T)
        error_sum[i] = np.sum(alpha * T * error)
        max_weight[i] = np.max(alpha * T)
    return weight_sum, error_sum, max_weight


def windowed_mean(values: Array) -> Array:
    """Means of [h, w] under an 11 x 11 Gaussian window, sigma 1.5, with zeros beyond the border."""
    taps = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    taps /= taps.sum()
    padded = np.pad(values, 5)
    height, width = values.shape
    return sum(
        taps[i] * taps[j] * padded[i : i + height, j : j + width] for i in range(11) for j in range(11)
    ) + np.zeros_like(values)


def ssim_map(image: Array, target: Array) -> Array:
    """Structural similarity [h, w] of one channel of two pictures in 0..1 (Wang et al. 2004)."""
    c1, c2 = 0.01**2, 0.03**2
    mean_x, mean_y = windowed_mean(image), windowed_mean(target)
    variance_x = windowed_mean(image * image) - mean_x**2
    variance_y = windowed_mean(target * target) - mean_y**2
    covariance = windowed_mean(image * target) - mean_x * mean_y
    return ((2 * mean_x * mean_y + c1) * (2 * covariance + c2)) / (
        (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    )


def l1_ssim(
    image: Array,
    target: Array,
    ssim_weight: float = 0.2,
    weights: Array | None = None,
    colour: Array | None = None,
) -> tuple[float, float, float]:
    """(loss, L1, SSIM) of two pictures [h, w, 3] in 0..1, as weighted means over pixels; the first after `colour` [3, 4]."""
    if colour is not None:
        image = image @ colour[:, :3].T + colour[:, 3]
    w = np.ones(image.shape[:2]) if weights is None else weights
    maps = np.stack([ssim_map(image[:, :, c], target[:, :, c]) for c in range(3)], axis=2)
    ssim = float(np.sum(w[:, :, None] * maps) / (3 * np.sum(w)))
    l1 = float(np.sum(w[:, :, None] * np.abs(image - target)) / (3 * np.sum(w)))
    return (1 - ssim_weight) * l1 + ssim_weight * (1 - ssim), l1, ssim


def adam(
    params: Array,
    grads: Array,
    m: Array,
    v: Array,
    lr: ArrayLike,
    step: int,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-15,
) -> tuple[Array, Array, Array]:
    """(params, m, v) after one step of Adam (Kingma and Ba 2015)."""
    m = beta1 * m + (1 - beta1) * grads
    v = beta2 * v + (1 - beta2) * grads**2
    return params - np.asarray(lr) * (m / (1 - beta1**step)) / (np.sqrt(v / (1 - beta2**step)) + eps), m, v
