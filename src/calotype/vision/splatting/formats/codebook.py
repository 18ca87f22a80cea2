"""Say many numbers, or many vectors, by few: codebooks of 256 numbers, palettes of up to 65,536 vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calotype.vision.splatting.gaussians import Float32

ENTRIES = 256

_BINS = 4096
_EVEN = 0.25
_LEARNT_FROM = 65_536
_ROUNDS = 4  # twice as many make the mean error 2 % smaller
_BLOCK = 1 << 22  # distances at a time: 16 MB
_UNDIVIDED = 250_000  # multiplications that OpenBLAS does not divide among threads: 4 * 65,536


@dataclass(frozen=True)
class Palette:
    """Vectors, and which of them stands for each of those that were given."""

    centroids: Float32
    """[k, d]."""
    labels: NDArray[np.uint16]
    """[n]."""


def codebook(values: Float32) -> Float32:
    """256 numbers, ascending, of which one is near every value: at most a 128th of their range away.

    Values that are no more than 256 different ones are all in it. Otherwise a quarter of the entries lie evenly, the others
    as the cube root of the density, which makes the mean squared error least (Panter and Dite, 1951).
    """
    flat = values.reshape(-1)
    if flat.size == 0:
        return np.zeros(ENTRIES, np.float32)
    low, high = float(flat.min()), float(flat.max())
    distinct = np.unique(flat[: 4 * _LEARNT_FROM])
    if len(distinct) <= ENTRIES and (flat.size <= 4 * _LEARNT_FROM or len(np.unique(flat)) <= ENTRIES):
        known = np.unique(flat)
        return np.concatenate([known, np.full(ENTRIES - len(known), known[-1])]).astype(np.float32)
    count, edges = np.histogram(flat, _BINS, (low, high))
    share = np.cbrt(count.astype(np.float64))
    share = (1 - _EVEN) * share / share.sum() + _EVEN / _BINS
    position = np.concatenate([[0.0], np.cumsum(share)])
    middles = (np.arange(ENTRIES) + 0.5) / ENTRIES
    return np.interp(middles, position / position[-1], edges).astype(np.float32)


def nearest(book: Float32, values: Float32) -> NDArray[np.uint8]:
    """For each value, of any shape, the index of the entry nearest to it."""
    middles = (book[1:].astype(np.float64) + book[:-1]) / 2
    return np.searchsorted(middles, values).astype(np.uint8)


def palette(vectors: Float32, size: int, seed: int = 0) -> Palette:
    """At most `size` (65,536 or fewer) vectors that stand for vectors [n, d], by k-means in two levels.

    All vectors are first divided among about sqrt(size) groups, learnt from a sample of them; each group then has centroids of
    its own, the more the further its vectors lie apart. A vector is compared with some hundred centroids this way, not with all.
    The same vectors and seed give the same palette.
    """
    n = len(vectors)
    if n <= size:
        return Palette(vectors.copy(), np.arange(n, dtype=np.uint16))
    rng = np.random.default_rng(seed)
    sample = vectors[np.sort(rng.choice(n, min(n, _LEARNT_FROM), replace=False))]
    groups = _lloyd(sample, max(1, round(size**0.5)), rng)
    group, distance = assign(vectors, groups)
    members = [np.flatnonzero(group == index) for index in range(len(groups))]
    spread = np.array([float(distance[rows].sum(dtype=np.float64)) for rows in members])
    shares = _shares(spread, np.array([len(rows) for rows in members]), size)

    labels = np.zeros(n, np.uint16)
    centroids: list[Float32] = []
    first = 0
    for rows, share in zip(members, shares, strict=True):
        if len(rows) == 0:
            continue
        own = vectors[rows]
        learnt = own if len(rows) <= 64 * share else own[np.sort(rng.choice(len(rows), 64 * share, False))]
        found = _lloyd(learnt, int(share), rng)
        labels[rows] = first + assign(own, found)[0]
        centroids.append(found)
        first += len(found)
    return Palette(np.concatenate(centroids), labels)


def assign(vectors: Float32, centroids: Float32) -> tuple[NDArray[np.intp], Float32]:
    """For each of vectors [n, d] the nearest of centroids [k, d], and the square of the distance."""
    labels = np.empty(len(vectors), np.intp)
    distances = np.empty(len(vectors), np.float32)
    half = np.sum(centroids * centroids, axis=1) / 2
    rows = max(1, _BLOCK // len(centroids))
    for start in range(0, len(vectors), rows):
        part = vectors[start : start + rows]
        # |v - c|^2 = |v|^2 - 2 (v c - |c|^2 / 2): the first term decides nothing.
        score = _products(part, centroids)
        score -= half
        best = np.argmax(score, axis=1)
        labels[start : start + rows] = best
        difference = part - centroids[best]
        distances[start : start + rows] = np.einsum("ij,ij->i", difference, difference)
    return labels, distances


def _products(vectors: Float32, centroids: Float32) -> Float32:
    """[n, k] inner products, by many small multiplications.

    A large one OpenBLAS hands to threads that wait for each other by spinning: on a busy machine that took thirty times as long
    as one thread alone.
    """
    k, d = centroids.shape
    rows = max(1, _UNDIVIDED // (k * d))
    whole = len(vectors) // rows * rows
    out = np.empty((len(vectors), k), np.float32)
    np.matmul(vectors[:whole].reshape(-1, rows, d), centroids.T, out=out[:whole].reshape(-1, rows, k))
    out[whole:] = vectors[whole:] @ centroids.T
    return out


def _lloyd(vectors: Float32, k: int, rng: np.random.Generator) -> Float32:
    """At most k centroids of vectors [n, d] (Lloyd 1957); one that nothing is near is moved to the worst served vector."""
    if len(vectors) <= k:
        return vectors.copy()
    centroids = vectors[np.sort(rng.choice(len(vectors), k, replace=False))].copy()
    for _ in range(_ROUNDS):
        labels, distances = assign(vectors, centroids)
        count = np.bincount(labels, minlength=k)
        order = np.argsort(labels, kind="stable")
        starts = np.concatenate([[0], np.cumsum(count)[:-1]])
        filled = count > 0
        sums = np.add.reduceat(vectors[order].astype(np.float64), starts[filled], axis=0)
        centroids[filled] = (sums / count[filled, None]).astype(np.float32)
        if not filled.all():
            worst = np.argsort(-distances, kind="stable")[: int((~filled).sum())]
            centroids[~filled] = vectors[worst]
    return centroids


def _shares(spread: NDArray[np.float64], members: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """How many of `size` centroids each group gets: by its sum of squared distances, at least one, at most one per member."""
    weight = spread + 1e-30 * members
    wanted = np.floor(size * weight / max(float(weight.sum()), 1e-300)).astype(np.intp)
    return np.clip(wanted, np.minimum(members, 1), members)
