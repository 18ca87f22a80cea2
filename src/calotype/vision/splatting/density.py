"""Decide which Gaussians to split and which to drop, under a fixed budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calotype.vision.splatting.gaussians import Float32


@dataclass(frozen=True)
class Statistics:
    """What the steps since the last round of density control showed, per Gaussian."""

    gradient: Float32
    """[n] sum over steps of the absolute positional gradients on screen, summed per pixel (AbsGS, Ye et al. 2024)."""
    seen: Float32
    """[n] in how many steps the Gaussian was visible."""
    opacities: Float32
    """[n], 0 to 1."""

    def __len__(self) -> int:
        return len(self.opacities)


@dataclass(frozen=True)
class Contributions:
    """What each Gaussian contributes to a sample of photos."""

    weight: Float32
    """[n] sum over pixels of its blending weight."""
    error: Float32
    """[n] sum over pixels of blending weight times absolute error of the pixel."""
    max_weight: Float32
    """[n] the largest blending weight it has in any pixel, 0 to 1."""


@dataclass(frozen=True)
class Surgery:
    """Which Gaussians go and which become two. No index is in both."""

    drop: NDArray[np.intp]
    """Ascending indices of the Gaussians to remove."""
    split: NDArray[np.intp]
    """Ascending indices of the Gaussians to replace by two, the second of which is appended at the end."""

    def survivors(self, n: int) -> NDArray[np.intp]:
        """Ascending indices of the Gaussians that are not dropped."""
        keep = np.ones(n, bool)
        keep[self.drop] = False
        return np.flatnonzero(keep)


def plan_surgery(
    statistics: Statistics,
    contributions: Contributions,
    *,
    budget: int,
    prune_opacity: float,
    prune_weight: float,
) -> Surgery:
    """A plan after which at most max(budget, n - dropped) Gaussians exist; the same plan for the same numbers.

    Dropped: those fainter than `prune_opacity`, and those that are in a measured photo and never reach `prune_weight` in
    it. Split: as many as the budget leaves room for, those first that stand where the picture is wrong (error weighted by
    contribution, as FastGS and "Revising Densification", Rota Bulo et al. 2024) and are pulled in several directions at
    once (AbsGS). Nothing is split that no step has seen.
    """
    n = len(statistics)
    useless = (contributions.weight > 0) & (contributions.max_weight < prune_weight)
    drop = np.flatnonzero((statistics.opacities < prune_opacity) | useless)
    if len(drop) == n:
        drop = drop[
            :0
        ]  # Everything looks useless: something else is wrong, and an empty splat would never recover.
    score = split_scores(statistics, contributions)
    score[drop] = 0
    candidates = np.flatnonzero(score > 0)
    room = min(max(0, budget - (n - len(drop))), len(candidates))
    # A stable sort on (score, index) makes ties, and so the plan, the same everywhere.
    best = candidates[np.argsort(-score[candidates], kind="stable")[:room]]
    return Surgery(drop=drop, split=np.sort(best))


def split_scores(statistics: Statistics, contributions: Contributions) -> NDArray[np.float64]:
    """[n] how much each Gaussian deserves to become two; 0 where nothing is known."""
    pull = statistics.gradient.astype(np.float64) / np.maximum(statistics.seen, 1)
    error = contributions.error.astype(np.float64)
    return np.nan_to_num(pull * np.sqrt(error), nan=0.0, posinf=0.0, neginf=0.0)
