"""Pairs of many photos: found by look, as many per photo however many photos there are, and tied together where they are loose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from calotype.vision.sfm.connecting import connecting_pairs, firm_groups
from calotype.vision.sfm.pairs import likely_pairs, names_follow_a_walk
from calotype.vision.sfm.photos import Photo
from calotype.vision.sfm.retrieval import look_vectors, most_alike, places_in_ranking

SEEN, NEW = 60, 12  # keypoints per photo of the walk, and how many of them the photo before did not see


def quiet(done: int, total: int | None, note: str) -> None:
    pass


@dataclass(frozen=True)
class Walk:
    """Photos along a path: each sees the next stretch of a long row of random keypoints, a little differently."""

    photos: list[Photo]
    previews: dict[int, np.ndarray]

    @property
    def vectors(self) -> np.ndarray:
        return look_vectors(self.previews, len(self.photos), 0)


def walk(count: int, order: np.ndarray | None = None) -> Walk:
    rng = np.random.default_rng(7)
    row = rng.gamma(0.5, size=(SEEN + NEW * count, 128))
    steps = range(count) if order is None else order
    previews: dict[int, np.ndarray] = {}
    for number, step in enumerate(steps, start=1):
        seen = row[NEW * step : NEW * step + SEEN] * rng.uniform(0.9, 1.1, (SEEN, 128))
        unit = np.sqrt(seen / seen.sum(axis=1, keepdims=True))
        previews[number] = np.clip(np.rint(512 * unit), 0, 255).astype(np.uint8)
    photos = [Photo(f"{number:04d}.jpg", Path(), 640, 480) for number in previews]
    return Walk(photos, previews)


def test_photos_that_share_keypoints_are_each_others_look_alikes() -> None:
    vectors = walk(200).vectors
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    best = most_alike(vectors, 2)[5:-5]
    assert np.mean(np.abs(best - np.arange(5, 195)[:, None]) == 1) > 0.97


def test_a_photo_without_keypoints_resembles_none_and_keeps_its_place() -> None:
    shuffled = walk(30, np.random.default_rng(2).permutation(30))
    previews = {**shuffled.previews, 4: np.zeros((0, 128), np.uint8)}
    vectors = look_vectors(previews, 30, 0)
    assert [number for number in range(1, 31) if not vectors[number - 1].any()] == [4]
    pairs = likely_pairs(shuffled.photos, previews, vectors, False, quiet)
    assert {number for pair in pairs for number in pair} == set(range(1, 31)) - {4}
    assert not look_vectors({}, 3, 0).any()


def test_the_seed_alone_decides_the_vectors() -> None:
    one = walk(40)
    np.testing.assert_array_equal(one.vectors, one.vectors)
    assert np.abs(look_vectors(one.previews, 40, 1) - one.vectors).max() > 0.01


def test_a_place_in_the_ranking_is_the_position_in_the_sorted_list() -> None:
    vectors = walk(40).vectors
    ranking = most_alike(vectors, 39)
    rows = np.arange(40)
    np.testing.assert_array_equal(places_in_ranking(vectors, rows, ranking[:, 7]), np.full(40, 7))


def test_names_are_known_to_follow_a_walk_only_where_they_do() -> None:
    shuffled = np.random.default_rng(3).permutation(60)
    assert names_follow_a_walk(walk(60).vectors)
    assert not names_follow_a_walk(walk(60, shuffled).vectors)


@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "shuffled"])
def test_pairs_per_photo_do_not_grow_with_the_photos(shuffled: bool) -> None:
    per_photo: list[float] = []
    for count in (80, 240):
        order = np.random.default_rng(5).permutation(count) if shuffled else np.arange(count)
        capture = walk(count, order)
        pairs = likely_pairs(capture.photos, capture.previews, capture.vectors, False, quiet)
        step = {number: order[number - 1] for number in capture.previews}
        neighbours = {pair for pair in pairs if abs(step[pair[0]] - step[pair[1]]) == 1}
        assert len(neighbours) == count - 1  # nothing that overlaps by four fifths is missed
        per_photo.append(len(pairs) / count)
    assert per_photo[1] < 1.1 * per_photo[0]
    assert per_photo[1] < 13


def test_a_walk_that_is_told_to_be_one_gets_its_wide_window() -> None:
    capture = walk(40, np.random.default_rng(5).permutation(40))
    pairs = set(likely_pairs(capture.photos, capture.previews, capture.vectors, True, quiet))
    assert {(a, a + step) for step in range(1, 9) for a in range(1, 41 - step)} <= pairs


def _parts_without(pairs: list[tuple[int, int]], count: int, left_out: tuple[int, int] | None) -> list[int]:
    """The smallest member of each image's connected part."""
    part = list(range(count + 1))
    for _ in range(count):
        for a, b in pairs:
            if (a, b) != left_out:
                part[a] = part[b] = min(part[a], part[b])
    return part


@pytest.mark.parametrize("seed", range(8))
def test_firm_groups_are_what_stays_together_whichever_pair_is_taken_away(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 14
    every = [(a, b) for a in range(1, count + 1) for b in range(a + 1, count + 1)]
    pairs = [every[i] for i in rng.choice(len(every), int(rng.integers(8, 22)), replace=False)]
    group = firm_groups(pairs, count)
    parts = [_parts_without(pairs, count, left_out) for left_out in (None, *pairs)]
    for a, b in every:
        together = all(part[a] == part[b] for part in parts)
        assert (group[a - 1] == group[b - 1]) == together


def test_a_walk_of_two_parts_is_offered_the_pairs_that_join_them() -> None:
    capture = walk(30)
    compared = [(a, a + step) for a in range(1, 31) for step in (1, 2) if a + step <= 30]
    torn = {pair: 100 for pair in compared if not (pair[0] <= 15 < pair[1])}
    offered = connecting_pairs(torn, compared, capture.vectors)
    assert (14, 17) in offered
    assert not set(offered) & set(compared)
    assert len(offered) <= 12 * 15
    assert connecting_pairs(dict.fromkeys(compared, 100), compared, capture.vectors) == []


def test_a_photo_held_by_one_pair_is_compared_with_the_partners_of_its_partner() -> None:
    compared = [(a, a + step) for a in range(1, 11) for step in (1, 2) if a + step <= 10]
    matches = {pair: 100 for pair in compared if pair != (8, 10)}
    offered = connecting_pairs(matches, compared, walk(10).vectors)
    assert (7, 10) in offered  # 9 was matched with 7
    assert all(10 in pair for pair in offered)


def test_too_few_matches_tie_nothing() -> None:
    matches = {(1, 2): 100, (1, 3): 100, (2, 3): 100, (3, 4): 14, (2, 4): 14}
    assert set(connecting_pairs(matches, list(matches), walk(4).vectors)) == {(1, 4)}
