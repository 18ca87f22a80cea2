"""Exact distances to the nearest neighbours of a point cloud, in numpy alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEAF = 96  # Points per leaf: small enough that few boxes overlap, large enough that numpy's calls do not dominate.


def nearest_distances(points: NDArray[np.floating], k: int) -> NDArray[np.float64]:
    """Distances from each of n points to its k nearest other points, [n, k] ascending; +inf where fewer than k others exist.

    Duplicates count as neighbours at distance 0. Points must be finite. The cloud is cut into boxes of about 96 points by
    median splits; each box is compared only with boxes that can hold a neighbour, so the result is exact.
    """
    xyz = np.ascontiguousarray(points, dtype=np.float64)
    n = len(xyz)
    result = np.full((n, k), np.inf)
    if n < 2 or k < 1:
        return result
    leaves = _leaves(xyz)
    low = np.array([xyz[leaf].min(axis=0) for leaf in leaves])
    high = np.array([xyz[leaf].max(axis=0) for leaf in leaves])
    sizes = np.array([len(leaf) for leaf in leaves])
    for i, leaf in enumerate(leaves):
        gap = np.maximum(0.0, np.maximum(low - high[i], low[i] - high))
        distance = np.sqrt(np.einsum("ij,ij->i", gap, gap))
        order = np.argsort(distance, kind="stable")
        # The nearest boxes that together hold enough points bound the search; then every box within that bound is searched.
        first = order[: int(np.searchsorted(np.cumsum(sizes[order]), k + 1)) + 1]
        bound = _k_nearest(xyz, leaf, np.concatenate([leaves[j] for j in first]), k)[:, -1].max()
        near = np.flatnonzero(distance <= bound)
        result[leaf] = _k_nearest(xyz, leaf, np.concatenate([leaves[j] for j in near]), k)
    return result


def _leaves(xyz: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Index arrays that partition the points, each a compact box."""
    done: list[NDArray[np.intp]] = []
    pending = [np.arange(len(xyz))]
    while pending:
        part = pending.pop()
        if len(part) <= _LEAF:
            done.append(part)
            continue
        block = xyz[part]
        axis = int(np.argmax(block.max(axis=0) - block.min(axis=0)))
        middle = len(part) // 2
        order = np.argpartition(block[:, axis], middle)
        pending += [part[order[:middle]], part[order[middle:]]]
    return done


def _k_nearest(
    xyz: NDArray[np.float64], queries: NDArray[np.intp], candidates: NDArray[np.intp], k: int
) -> NDArray[np.float64]:
    """[len(queries), k] ascending distances to the candidates, a query itself left out; +inf where there are too few."""
    nearest = np.full((len(queries), k), np.inf)
    rows = max(1, 2_000_000 // len(candidates))  # bounds the block of differences to about 50 MB
    for start in range(0, len(queries), rows):
        part = queries[start : start + rows]
        difference = xyz[part, None, :] - xyz[None, candidates, :]
        squared = np.einsum("ijk,ijk->ij", difference, difference)
        squared[part[:, None] == candidates[None, :]] = np.inf
        keep = min(k, len(candidates))
        best = np.partition(squared, keep - 1, axis=1)[:, :keep] if keep < len(candidates) else squared
        nearest[start : start + rows, :keep] = np.sqrt(np.sort(best, axis=1))
    return nearest
