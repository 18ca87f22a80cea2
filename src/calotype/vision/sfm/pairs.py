"""Choose which photos to compare: all with all, or for each its neighbours in look, in name and in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from calotype.vision.sfm.database import Pair
from calotype.vision.sfm.features import Descriptors
from calotype.vision.sfm.geodesy import enu_positions
from calotype.vision.sfm.photos import Photo
from calotype.vision.sfm.retrieval import F32, most_alike, places_in_ranking

Progress = Callable[[int, int | None, str], None]

EXHAUSTIVE_UP_TO = 25
"""Photos. Beyond, likely pairs do: at 29 hard street photos 274 of 406 pairs kept 96 % of all matches, and the poses."""
PREVIEW_SIZE = 256
"""Descriptors per photo that are looked at before pairs are chosen."""
_LOOK_ALIKES = 12
_SHORTLIST = 32
_NEIGHBOURS_BY_PLACE = 8
_NEIGHBOURS_BY_NAME = 2
_NEIGHBOURS_BY_NAME_IN_SEQUENCE = 8
# Fewer mutual matches than this among the largest keypoints is what unrelated photos have by chance.
_LEAST_PREVIEW_MATCHES = 4
# Bounds the memory to 40 MB.
_COMPARED_AT_ONCE = 64


def all_pairs(count: int) -> list[Pair]:
    """Every pair of the images 1 to `count`, neighbours in number first."""
    return [(a, a + step) for step in range(1, count) for a in range(1, count - step + 1)]


def likely_pairs(
    photos: Sequence[Photo],
    previews: Mapping[int, Descriptors],
    vectors: F32,
    in_sequence: bool,
    progress: Progress,
    breadth: int = 1,
) -> list[Pair]:
    """Pairs worth comparing, neighbours in number first; image ids are positions in `photos` from 1.

    Each photo is paired with those it resembles most, with those nearest by GPS, and with its neighbours by name where the
    names follow a walk (more of them when told so by `in_sequence`). Whom it may resemble is told by one vector per photo
    (`vectors`, see `look_vectors`); among these, resemblance is the number of mutual matches of the first few keypoints:
    "preemptive matching" of Wu, "Towards Linear-Time Incremental Structure from Motion", 2013. So many pairs per photo come of
    it, however many photos there are. `breadth` multiplies all neighbour counts.
    """
    walk = in_sequence or names_follow_a_walk(vectors)
    by_name = _NEIGHBOURS_BY_NAME_IN_SEQUENCE if in_sequence else _NEIGHBOURS_BY_NAME if walk else 0
    pairs = {
        (a, a + step) for step in range(1, breadth * by_name + 1) for a in range(1, len(photos) - step + 1)
    }
    shortlist = {
        _ordered(image_id, int(other) + 1)
        for image_id, others in enumerate(most_alike(vectors, breadth * _SHORTLIST), start=1)
        for other in others
    }
    scores = resemblance(previews, shortlist, progress)
    pairs |= _best_of_each(scores, len(photos), breadth * _LOOK_ALIKES)
    pairs |= _pairs_by_place(photos, breadth * _NEIGHBOURS_BY_PLACE)
    return sorted(pairs, key=lambda pair: (pair[1] - pair[0], pair[0]))


def names_follow_a_walk(vectors: F32) -> bool:
    """Whether three in four photos look like the next one by name: it is among the tenth (or the four) that they resemble most.

    In any other order a fifth of them do, at most.
    """
    count = len(vectors)
    if count < 3:
        return False
    here = np.arange(count - 1)
    place = np.minimum(places_in_ranking(vectors, here, here + 1), places_in_ranking(vectors, here + 1, here))
    return bool(np.mean(place < max(4, count // 10)) >= 0.75)


def resemblance(previews: Mapping[int, Descriptors], pairs: set[Pair], progress: Progress) -> dict[Pair, int]:
    """The number of mutual, unambiguous matches between the preview descriptors of each of the pairs."""
    partners: dict[int, list[int]] = {}
    for a, b in sorted(pairs):
        if len(previews.get(a, ())) > 1 and len(previews.get(b, ())) > 1:
            partners.setdefault(a, []).append(b)
    width = max((len(preview) for preview in previews.values()), default=0)
    scores: dict[Pair, int] = {}
    for done, (a, others) in enumerate(partners.items()):
        progress(done, len(partners), "looking for photos that resemble each other")
        mine = _table([previews[a]], width)[0]
        for start in range(0, len(others), _COMPARED_AT_ONCE):
            part = others[start : start + _COMPARED_AT_ONCE]
            counts = _mutual_matches(mine, _table([previews[b] for b in part], width))
            scores |= {(a, b): int(count) for b, count in zip(part, counts, strict=True)}
    return scores


def _table(previews: Sequence[Descriptors], width: int) -> F32:
    """[n, width, d] unit vectors, filled up with rows of zeros."""
    table = np.zeros((len(previews), width, previews[0].shape[1]), np.float32)
    for row, preview in zip(table, previews, strict=True):
        row[: len(preview)] = preview
    return table / np.maximum(np.linalg.norm(table, axis=2, keepdims=True), np.float32(1e-9))


def _mutual_matches(mine: F32, theirs: F32) -> NDArray[np.int32]:
    """For descriptors [k, d] of one photo and [n, k, d] of others: how many pairs are each other's best and clearly so."""
    n, k, d = theirs.shape
    similarity = (mine @ theirs.reshape(n * k, d).T).reshape(k, n, k)
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


def _best_of_each(scores: Mapping[Pair, int], count: int, most: int) -> set[Pair]:
    """For each image the pairs with its best partners, up to `most`, of those that score more than chance does."""
    of_image: list[list[tuple[int, int, Pair]]] = [[] for _ in range(count + 1)]
    for pair, score in scores.items():
        if score >= _LEAST_PREVIEW_MATCHES:
            of_image[pair[0]].append((-score, pair[1], pair))
            of_image[pair[1]].append((-score, pair[0], pair))
    return {pair for ranked in of_image for _, _, pair in sorted(ranked)[:most]}


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
