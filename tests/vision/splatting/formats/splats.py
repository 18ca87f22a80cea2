"""Splats for the tests of formats, how far two of them lie apart, and in which order each format keeps them."""

from __future__ import annotations

from dataclasses import astuple, fields

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from calotype.vision.splatting.formats.order import importance_order, morton_order
from calotype.vision.splatting.formats.splat_file import Loss
from calotype.vision.splatting.gaussians import SH_C0, Gaussians


def made_up(n: int, degree: int = 3, seed: int = 0, size: float = 2.0) -> Gaussians:
    """n Gaussians of such a degree, scattered over about so many scene units, their numbers as those of trained ones."""
    rng = np.random.default_rng(seed)
    q = rng.normal(size=(n, 4))
    sh = rng.normal(0, 0.2, size=(n, (degree + 1) ** 2, 3))
    sh[:, 0] *= 4
    return Gaussians(
        means=rng.normal(0, size, (n, 3)).astype(np.float32),
        q_wxyz=(q / np.linalg.norm(q, axis=1, keepdims=True)).astype(np.float32),
        log_scales=(np.log(size) + rng.normal(-4, 1, (n, 3))).astype(np.float32),
        logit_opacities=rng.normal(0, 3, n).astype(np.float32),
        sh=sh.astype(np.float32),
    )


@st.composite
def splats(draw: st.DrawFn, most: int = 300) -> Gaussians:
    """Few or many Gaussians, tiny and huge scenes, and among them what is at the edge: nothing, equal ones, extreme numbers."""
    n = draw(st.sampled_from([0, 1, 2, 255, 256, 257]) | st.integers(0, most))
    scene = made_up(
        n, draw(st.integers(0, 3)), draw(st.integers(0, 2**32)), draw(st.sampled_from([0.01, 1.0, 300.0]))
    )
    if n and draw(st.booleans()):
        scene.means[:] = scene.means[0]
    if n and draw(st.booleans()):
        scene.log_scales[0] = draw(st.sampled_from([-60.0, -30.0, 3.0]))
        scene.logit_opacities[-1] = draw(st.sampled_from([-40.0, 40.0, 0.0]))
        scene.sh[0] = draw(st.sampled_from([-7.0, 7.0, 0.0]))
    if n and draw(st.booleans()):
        scene.q_wxyz[0] = draw(st.sampled_from([(0, 0, 0, 0), (0, 0, 0, -3), (0.5, 0.5, 0.5, 0.5)]))
    return scene


def order_in(format_name: str, gaussians: Gaussians) -> NDArray[np.intp]:
    """In which order a format keeps Gaussians."""
    if format_name in ("sog", "compressed-ply"):
        return morton_order(gaussians.means)
    if format_name == "splat":
        return importance_order(gaussians)
    return np.arange(len(gaussians))


def differences(a: Gaussians, b: Gaussians) -> Loss:
    """The greatest difference in each attribute; harmonics that one of them lacks count as zeros."""
    degree = max(a.sh_degree, b.sh_degree)
    sh = np.abs(a.with_sh_degree(degree).sh - b.with_sh_degree(degree).sh)

    def greatest(values: NDArray[np.floating]) -> float:
        return float(values.max()) if values.size else 0.0

    return Loss(
        position=greatest(np.abs(a.means - b.means)),
        colour=greatest(sh[:, 0]) * SH_C0,
        opacity=greatest(np.abs(a.opacities - b.opacities)),
        log_scale=greatest(np.abs(a.log_scales - b.log_scales)),
        rotation_deg=greatest(angles_deg(a.q_wxyz, b.q_wxyz)),
        sh=greatest(sh[:, 1:]),
    )


def angles_deg(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """[n] angles between rotations; what has no length is no rotation at all."""
    a, b = (_unit(np.asarray(q, np.float64)) for q in (a, b))
    chord = np.minimum(np.linalg.norm(a - b, axis=1), np.linalg.norm(a + b, axis=1))
    return np.degrees(4 * np.arcsin(np.clip(chord / 2, 0, 1)))


def _unit(q: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(q, axis=1, keepdims=True)
    return np.where(length > 0, q / np.maximum(length, 1e-30), [1.0, 0.0, 0.0, 0.0])


def assert_within(found: Loss, stated: Loss) -> None:
    """Each difference is no greater than stated, but for the last digits of float32."""
    too_great = {
        field.name: (value, limit)
        for field, value, limit in zip(fields(Loss), astuple(found), astuple(stated), strict=True)
        if not value <= limit * 1.001 + 2e-6
    }
    assert too_great == {}
