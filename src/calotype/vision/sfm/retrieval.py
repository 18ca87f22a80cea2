"""Describe each photo by one vector, so that photos of the same place are found without comparing all with all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from calotype.vision.sfm.features import Descriptors

F32 = NDArray[np.float32]

_WORDS = 64
_TRAINED_ON = 16384
_ROUNDS = 8
_COMPARED_AT_ONCE = 512


def look_vectors(descriptors: Mapping[int, Descriptors], count: int, seed: int) -> F32:
    """[count, 64 * d] unit vectors of the images 1 to `count`; a row of zeros for an image without descriptors.

    A vector sums, for each of 64 visual words, how the image's descriptors of that word differ from it (VLAD: Jégou et al.,
    "Aggregating local descriptors into a compact image representation", 2010), each word's sum made a unit vector first
    (Arandjelović and Zisserman, "All about VLAD", 2013), so that a repeated window does not outweigh the rest. The words are
    found among the images' own descriptors [n, d], all of one kind (see `Features`).
    """
    rows = {number: _unit(found) for number, found in sorted(descriptors.items()) if len(found)}
    if not rows:
        return np.zeros((count, _WORDS), np.float32)
    vectors = np.zeros((count, _WORDS * next(iter(rows.values())).shape[1]), np.float32)
    words = _visual_words(np.concatenate(list(rows.values())), seed)
    for number, mine in rows.items():
        word = (mine @ words.T - 0.5 * (words * words).sum(axis=1)).argmax(axis=1)
        # One product sums the differences of all words: rows of `is_of` pick the descriptors of one word.
        is_of = (np.arange(len(words))[:, None] == word[None, :]).astype(np.float32)
        sums = is_of @ mine - is_of.sum(axis=1, keepdims=True) * words
        vectors[number - 1, : sums.size] = _unit(_unit(sums).reshape(1, -1))[0]
    return vectors


def most_alike(vectors: F32, most: int) -> NDArray[np.int64]:
    """[count, min(most, count - 1)] positions of the rows most like each row, best first, never itself."""
    count = len(vectors)
    most = min(most, count - 1)
    found = np.zeros((count, most), np.int64)
    for start in range(0, count, _COMPARED_AT_ONCE):
        part = vectors[start : start + _COMPARED_AT_ONCE] @ vectors.T
        own = np.arange(len(part))
        part[own, start + own] = -np.inf
        found[start : start + len(part)] = np.argsort(-part, axis=1, kind="stable")[:, :most]
    return found


def places_in_ranking(vectors: F32, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each of the `rows`, how many vectors are more like it than the one at `others` is, itself left out."""
    found = np.zeros(len(rows), np.int64)
    for start in range(0, len(rows), _COMPARED_AT_ONCE):
        here = rows[start : start + _COMPARED_AT_ONCE]
        similarity = vectors[here] @ vectors.T
        each = np.arange(len(here))
        similarity[each, here] = -np.inf
        wanted = similarity[each, others[start : start + len(here)]]
        found[start : start + len(here)] = (similarity > wanted[:, None]).sum(axis=1)
    return found


def _visual_words(descriptors: F32, seed: int) -> F32:
    """Centres [<= 64, d] of clusters of a random part of the descriptors (Lloyd's algorithm)."""
    rng = np.random.default_rng(seed)
    if len(descriptors) > _TRAINED_ON:
        descriptors = descriptors[np.sort(rng.choice(len(descriptors), _TRAINED_ON, replace=False))]
    words = descriptors[rng.choice(len(descriptors), min(_WORDS, len(descriptors)), replace=False)]
    for _ in range(_ROUNDS):
        word = (descriptors @ words.T - 0.5 * (words * words).sum(axis=1)).argmax(axis=1)
        is_of = (np.arange(len(words))[:, None] == word[None, :]).astype(np.float32)
        members = is_of.sum(axis=1, keepdims=True)
        words = np.where(members > 0, is_of @ descriptors / np.maximum(members, 1), words)
    return words


def _unit(rows: NDArray[np.generic]) -> F32:
    rows32 = rows.astype(np.float32)
    return rows32 / np.maximum(np.linalg.norm(rows32, axis=1, keepdims=True), np.float32(1e-9))
