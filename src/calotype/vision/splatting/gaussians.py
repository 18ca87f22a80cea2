"""Gaussians as values: what a splat is made of, before it is a file or lies on a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calotype.errors import InputError
from calotype.vision.splatting.neighbours import nearest_distances

Float32 = NDArray[np.float32]

SH_C0 = 0.28209479177387814
"""The constant of spherical harmonics of degree 0: colour = 0.5 + SH_C0 * sh[:, 0]."""

_FIRST_OPACITY = 0.1  # 3DGS (Kerbl et al. 2023): faint enough that all depths receive gradients at first.


@dataclass(frozen=True)
class Gaussians:
    """n Gaussians in the world frame, float32, parametrised as they are optimised (3DGS, Kerbl et al. 2023)."""

    means: Float32
    """[n, 3] centres, scene units."""
    q_wxyz: Float32
    """[n, 4] rotations world_from_gaussian, scalar first; need not be normalised."""
    log_scales: Float32
    """[n, 3] natural logarithms of the standard deviations along the Gaussian's own axes."""
    logit_opacities: Float32
    """[n], opacity = sigmoid of it."""
    sh: Float32
    """[n, k, 3] spherical harmonics of the colour, k = 1, 4, 9 or 16."""

    def __post_init__(self) -> None:
        n = len(self.means)
        shapes = {"means": (n, 3), "q_wxyz": (n, 4), "log_scales": (n, 3), "logit_opacities": (n,)}
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, expected {shape}")
        if (
            self.sh.ndim != 3
            or self.sh.shape[0] != n
            or self.sh.shape[1] not in (1, 4, 9, 16)
            or self.sh.shape[2] != 3
        ):
            raise ValueError(f"sh has shape {self.sh.shape}, expected ({n}, 1 | 4 | 9 | 16, 3)")
        for name in (*shapes, "sh"):
            value = getattr(self, name)
            if value.dtype != np.float32 or not value.flags.c_contiguous:
                object.__setattr__(self, name, np.ascontiguousarray(value, dtype=np.float32))

    def __len__(self) -> int:
        return len(self.means)

    @property
    def sh_degree(self) -> int:
        """0 to 3."""
        return int(self.sh.shape[1] ** 0.5) - 1

    @property
    def opacities(self) -> Float32:
        """[n], 0 to 1."""
        return sigmoid(self.logit_opacities)

    @property
    def finite(self) -> NDArray[np.bool_]:
        """[n], whether all numbers of a Gaussian are finite."""
        return (
            np.isfinite(self.means).all(axis=1)
            & np.isfinite(self.q_wxyz).all(axis=1)
            & np.isfinite(self.log_scales).all(axis=1)
            & np.isfinite(self.logit_opacities)
            & np.isfinite(self.sh).all(axis=(1, 2))
        )

    def select(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> Gaussians:
        """The Gaussians at an index array or mask, in its order."""
        return Gaussians(
            self.means[index],
            self.q_wxyz[index],
            self.log_scales[index],
            self.logit_opacities[index],
            self.sh[index],
        )

    def with_sh_degree(self, degree: int) -> Gaussians:
        """The same Gaussians with harmonics cut to, or padded by zeros up to, `degree`."""
        return replace(self, sh=resized_sh(self.sh, degree))


def resized_sh(sh: Float32, degree: int) -> Float32:
    """[n, (degree + 1)^2, 3]: harmonics (or their moments) cut, or padded by zeros."""
    k = (degree + 1) ** 2
    if k <= sh.shape[1]:
        return np.ascontiguousarray(sh[:, :k])
    return np.concatenate([sh, np.zeros((len(sh), k - sh.shape[1], 3), np.float32)], axis=1)


def sigmoid(x: Float32) -> Float32:
    """1 / (1 + e^-x), without overflow."""
    return (np.tanh(x * np.float32(0.5)) * np.float32(0.5) + np.float32(0.5)).astype(np.float32)


def concatenate(parts: Sequence[Gaussians]) -> Gaussians:
    """All parts in order; harmonics are padded to the highest degree among them."""
    degree = max(part.sh_degree for part in parts)
    padded = [part.with_sh_degree(degree) for part in parts]
    return Gaussians(
        np.concatenate([part.means for part in padded]),
        np.concatenate([part.q_wxyz for part in padded]),
        np.concatenate([part.log_scales for part in padded]),
        np.concatenate([part.logit_opacities for part in padded]),
        np.concatenate([part.sh for part in padded]),
    )


def from_points(
    xyz: NDArray[np.floating], rgb: NDArray[np.uint8], *, limit: int | None = None, seed: int = 0
) -> Gaussians:
    """Round Gaussians of SH degree 0 at coloured points: as wide as the mean distance to their three nearest neighbours.

    xyz [n, 3] world, rgb [n, 3] sRGB. Points that are not finite or lie absurdly far out are dropped: one such point would
    stretch boxes and learning rates for all. More than `limit` points are thinned at random (`seed`). Raises InputError
    when no point is left.
    """
    xyz = np.asarray(xyz, dtype=np.float64).reshape(-1, 3)
    rgb = np.asarray(rgb).reshape(-1, 3)
    keep = np.flatnonzero(_plausible(xyz))
    if limit is not None and len(keep) > limit:
        keep = np.sort(np.random.default_rng(seed).choice(keep, limit, replace=False))
    if len(keep) == 0:
        raise InputError(
            "No usable points to start Gaussians from. Run pose estimation, or pass points with the poses."
        )
    xyz = xyz[keep]
    colour = rgb[keep].astype(np.float32) / np.float32(255)
    n = len(xyz)
    return Gaussians(
        means=xyz.astype(np.float32),
        q_wxyz=np.tile(np.array([1, 0, 0, 0], np.float32), (n, 1)),
        log_scales=np.repeat(np.log(_first_scales(xyz))[:, None], 3, axis=1).astype(np.float32),
        logit_opacities=np.full(n, np.log(_FIRST_OPACITY / (1 - _FIRST_OPACITY)), np.float32),
        sh=((colour - np.float32(0.5)) / np.float32(SH_C0))[:, None, :],
    )


def _plausible(xyz: NDArray[np.float64]) -> NDArray[np.bool_]:
    """[n] mask of points within 30 times the 90th percentile of distances from the median point."""
    finite = np.asarray(np.isfinite(xyz).all(axis=1))
    if not finite.any():
        return finite
    distance = np.full(len(xyz), np.inf)
    distance[finite] = np.linalg.norm(xyz[finite] - np.median(xyz[finite], axis=0), axis=1)
    return np.asarray(distance <= 30 * np.quantile(distance[finite], 0.9))


def _first_scales(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    """[n] standard deviations, positive."""
    distances = nearest_distances(xyz, 3)
    known = np.isfinite(distances)
    mean = np.where(known, distances, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    positive = mean[mean > 0]
    if len(positive) == 0:
        return np.full(len(xyz), 0.01 * max(1.0, float(np.abs(xyz).max())))
    # A lone point far from all others would become a blob that hides half the scene; duplicates would become nothing.
    typical = float(np.median(positive))
    return np.clip(mean, typical * 1e-2, max(typical * 10, float(np.quantile(positive, 0.95))))
