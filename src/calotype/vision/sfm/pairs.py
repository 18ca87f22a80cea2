"""Choose which photos to compare: all with all, or neighbours in name, in look and in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from calotype.vision.sfm.database import Pair
from calotype.vision.sfm.geodesy import enu_positions
from calotype.vision.sfm.photos import Photo

Progress = Callable[[int, int | None, str], None]

EXHAUSTIVE_UP_TO = 25
"""Photos. Beyond, likely pairs do: at 29 hard street photos 274 of 406 pairs kept 96 % of all matches, and the poses."""
_LOOK_ALIKES = 12
_NEIGHBOURS_BY_PLACE = 8
_NEIGHBOURS_BY_NAME = 2
_NEIGHBOURS_BY_NAME_IN_SEQUENCE = 8
# Fewer mutual matches than this among the largest keypoints is what unrelated photos have by chance.
_LEAST_PREVIEW_MATCHES = 4
# Bounds the memory to 64 MB at 256 descriptors.
_COMPARED_AT_ONCE = 128


def preview_size(count: int) -> int:
    """How many descriptors per photo to preview `count` photos with: the work grows with the square of both."""
    return 256 if count <= 250 else 128 if count <= 1000 else 64


def all_pairs(count: int) -> list[Pair]:
    """Every pair of the images 1 to `count`, neighbours in number first."""
    return [(a, a + step) for step in range(1, count) for a in range(1, count - step + 1)]


def likely_pairs(
    photos: Sequence[Photo],
    previews: Mapping[int, NDArray[np.uint8]],
    in_sequence: bool,
    progress: Progress,
    breadth: int = 1,
) -> list[Pair]:
    """Pairs worth comparing, neighbours in number first; image ids are positions in `photos` from 1.

    Each photo is paired with its neighbours by name (more of them `in_sequence`), with the photos it resembles most, and
    with those nearest by GPS. Resemblance is the number of mutual matches among few large keypoints, compared for all
    pairs: "preemptive matching" of Wu, "Towards Linear-Time Incremental Structure from Motion", 2013. `breadth` multiplies
    all neighbour counts.
    """
    by_name = breadth * (_NEIGHBOURS_BY_NAME_IN_SEQUENCE if in_sequence else _NEIGHBOURS_BY_NAME)
    pairs = {(a, b) for a, b in all_pairs(len(photos)) if b - a <= by_name}
    scores = resemblance(previews, len(photos), progress)
    for image_id, row in enumerate(scores, start=1):
        best = np.argsort(-row, kind="stable")[: breadth * _LOOK_ALIKES]
        pairs |= {_ordered(image_id, int(i) + 1) for i in best if row[i] >= _LEAST_PREVIEW_MATCHES}
    pairs |= _pairs_by_place(photos, breadth * _NEIGHBOURS_BY_PLACE)
    return sorted(pairs, key=lambda pair: (pair[1] - pair[0], pair[0]))


def resemblance(
    previews: Mapping[int, NDArray[np.uint8]], count: int, progress: Progress
) -> NDArray[np.int32]:
    """[count, count] numbers of mutual, unambiguous matches between the photos' preview descriptors; 0 on the diagonal."""
    width = max((len(preview) for preview in previews.values()), default=0)
    scores = np.zeros((count, count), np.int32)
    if width < 2:
        return scores
    table = np.zeros((count, width, 128), np.float32)
    for image_id, preview in previews.items():
        rows = preview.astype(np.float32)
        table[image_id - 1, : len(rows)] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)
    for first in range(count - 1):
        progress(first, count, "looking for photos that resemble each other")
        for start in range(first + 1, count, _COMPARED_AT_ONCE):
            stop = min(count, start + _COMPARED_AT_ONCE)
            scores[first, start:stop] = _mutual_matches(table[first], table[start:stop])
    return scores + scores.T


def _mutual_matches(mine: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.int32]:
    """For descriptors [k, 128] of one photo and [n, k, 128] of others: how many pairs are each other's best and clearly so."""
    n, k, _ = theirs.shape
    similarity = (mine @ theirs.reshape(n * k, 128).T).reshape(k, n, k)
    best = similarity.argmax(axis=2)
    back = similarity.argmax(axis=0)
    top = np.take_along_axis(similarity, best[..., None], axis=2)[..., 0]
    np.put_along_axis(similarity, best[..., None], -1.0, axis=2)
    # Distances of unit vectors; a padded row of zeros has distance sqrt(2) to everything and never wins.
    nearest = np.sqrt(np.maximum(2 - 2 * top, 0))
    second = np.sqrt(np.maximum(2 - 2 * similarity.max(axis=2), 0))
    mutual = np.arange(k)[:, None] == np.take_along_axis(back, best.T, axis=1).T
    counted = np.count_nonzero(mutual & (nearest < 0.85 * second) & (nearest < 0.8), axis=0)
    return np.asarray(counted, dtype=np.int32)


def _pairs_by_place(photos: Sequence[Photo], count: int) -> set[Pair]:
    placed = [number for number, photo in enumerate(photos, start=1) if photo.gps is not None]
    if len(placed) < 3:
        return set()
    east_north = enu_positions([photos[number - 1].gps for number in placed])[:, :2]
    pairs: set[Pair] = set()
    for number, place in zip(placed, east_north, strict=True):
        distance = np.linalg.norm(east_north - place, axis=1)
        nearest = np.argsort(distance, kind="stable")[: count + 1]
        pairs |= {_ordered(number, placed[i]) for i in nearest if placed[i] != number}
    return pairs


def _ordered(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)
