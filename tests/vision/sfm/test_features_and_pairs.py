"""Keypoints, the database they are kept in, and the choice of pairs."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calotype.vision.sfm.database import MatchDatabase
from calotype.vision.sfm.features import FeatureSettings, extract, extract_all
from calotype.vision.sfm.matching import Sift, find_features, find_matches
from calotype.vision.sfm.pairs import all_pairs, likely_pairs, resemblance
from calotype.vision.sfm.photos import GpsPosition, camera_groups, read_photo, read_photos
from calotype.vision.sfm.retrieval import look_vectors

SETTINGS = FeatureSettings(600, 480)


def quiet(done: int, total: int | None, note: str) -> None:
    pass


def nothing() -> None:
    pass


@pytest.mark.parametrize("scale", [1.0, 0.5], ids=["full size", "detected at half size"])
def test_a_blob_is_found_where_it_is_with_pixel_centres_at_a_half(tmp_path: Path, scale: float) -> None:
    y, x = np.mgrid[0:240, 0:240] + 0.5
    blob = 60 + 150 * np.exp(-((x - 100.2) ** 2 + (y - 140.9) ** 2) / (2 * 6.0**2))
    pixels = np.repeat(np.rint(blob)[..., None], 3, axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "blob.png")
    photo = read_photo("blob", tmp_path / "blob.png")
    found = extract(photo, FeatureSettings(100, int(240 * scale)))
    np.testing.assert_allclose(found.keypoints[0, :2], [100.2, 140.9], atol=0.1)


def test_descriptors_are_root_sift_of_unit_length(boards) -> None:
    photo = read_photos(boards.photos[:1])[0]
    found = extract(photo, SETTINGS)
    assert 300 < len(found.keypoints) <= 700
    assert np.all(np.diff(found.keypoints[:, 2]) <= 0)
    lengths = np.linalg.norm(found.descriptors.astype(float), axis=1)
    np.testing.assert_allclose(lengths, 512, rtol=0.02)


def test_threads_do_not_change_keypoints(boards) -> None:
    photos = read_photos(boards.photos[:3])
    alone = [features for _, features in extract_all(photos, SETTINGS, 1)]
    together = [features for _, features in extract_all(photos, SETTINGS, 3)]
    for a, b in zip(alone, together, strict=True):
        np.testing.assert_array_equal(a.keypoints, b.keypoints)
        np.testing.assert_array_equal(a.descriptors, b.descriptors)


def test_a_photo_without_texture_has_no_keypoints_and_does_no_harm(boards, tmp_path: Path) -> None:
    Image.new("RGB", (480, 360), (90, 90, 90)).save(tmp_path / "a bare wall.jpg")
    photos = read_photos([*boards.photos[:2], ("a bare wall.jpg", tmp_path / "a bare wall.jpg")])
    database = prepared(tmp_path / "database.db", photos)
    find_features(Sift(), database, photos, SETTINGS, 2, quiet, nothing)
    assert database.feature_counts()[1] == 0
    find_matches(Sift(), database, all_pairs(3), tmp_path, 0, 2, quiet, nothing)
    assert set(database.verified_matches()) == {(2, 3)}


def prepared(path: Path, photos) -> MatchDatabase:
    database = MatchDatabase(path)
    assert not database.prepare(photos, camera_groups(photos, "auto"), "SIMPLE_RADIAL")
    return database


def test_what_is_in_the_database_is_not_done_again(boards, tmp_path: Path) -> None:
    photos = read_photos(boards.photos[:4])
    database = prepared(tmp_path / "database.db", photos)
    find_features(Sift(), database, photos[:2], SETTINGS, 1, quiet, nothing)
    seen: list[int] = []
    find_features(Sift(), database, photos, SETTINGS, 1, lambda done, total, note: seen.append(done), nothing)
    assert seen[0] == 2
    assert find_matches(Sift(), database, all_pairs(4)[:3], tmp_path, 0, 1, quiet, nothing) == 3
    assert find_matches(Sift(), database, all_pairs(4), tmp_path, 0, 1, quiet, nothing) == 3
    assert find_matches(Sift(), database, all_pairs(4), tmp_path, 0, 1, quiet, nothing) == 0
    again = MatchDatabase(tmp_path / "database.db")
    assert again.prepare(photos, camera_groups(photos, "auto"), "SIMPLE_RADIAL")
    assert len(again.pairs_done()) == 6


def test_other_settings_make_keypoints_and_matches_worthless(boards, tmp_path: Path) -> None:
    photos = read_photos(boards.photos[:2])
    database = prepared(tmp_path / "database.db", photos)
    find_features(Sift(), database, photos, SETTINGS, 1, quiet, nothing)
    find_matches(Sift(), database, [(1, 2)], tmp_path, 0, 1, quiet, nothing)
    database.begin_features(SETTINGS)
    assert database.pairs_done() == {(1, 2)}
    database.begin_features(SETTINGS.harder())
    assert database.pairs_done() == set()
    assert database.image_ids_with_features() == set()


def test_other_photos_or_a_damaged_file_begin_anew(boards, tmp_path: Path) -> None:
    photos = read_photos(boards.photos[:3])
    database = prepared(tmp_path / "database.db", photos)
    find_features(Sift(), database, photos, SETTINGS, 1, quiet, nothing)
    groups = camera_groups(photos[:2], "auto")
    assert not database.prepare(photos[:2], groups, "SIMPLE_RADIAL")
    assert database.image_ids_with_features() == set()
    database.path.write_bytes(b"SQLite format 3\0 and nothing else")
    assert not database.prepare(photos, camera_groups(photos, "auto"), "SIMPLE_RADIAL")


def test_the_file_is_whole_whenever_saved_is_called(boards, tmp_path: Path) -> None:
    photos = read_photos(boards.photos[:4])
    database = prepared(tmp_path / "database.db", photos)
    copies: list[int] = []

    def saved() -> None:
        assert not (tmp_path / "database.db-wal").exists()
        copy = tmp_path / "copy.db"
        shutil.copyfile(database.path, copy)
        assert sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchone() == ("ok",)
        copies.append(
            len(MatchDatabase(copy).image_ids_with_features()) + len(MatchDatabase(copy).pairs_done())
        )

    find_features(Sift(), database, photos, SETTINGS, 1, quiet, saved)
    find_matches(Sift(), database, all_pairs(4), tmp_path, 0, 1, quiet, saved)
    assert copies == [4, 10]


def test_all_pairs_are_all_of_them_once() -> None:
    pairs = all_pairs(7)
    assert len(pairs) == len(set(pairs)) == 21
    assert pairs[:6] == [(i, i + 1) for i in range(1, 7)]


def test_resemblance_tells_views_of_one_place_from_others(boards, unrelated) -> None:
    photos = read_photos([*boards.photos[:4], *unrelated[:3]])
    previews = {
        number: features.descriptors[:256]
        for number, (_, features) in enumerate(extract_all(photos, SETTINGS, 2), start=1)
    }
    scores = resemblance(previews, set(all_pairs(len(photos))), quiet)
    assert set(scores) == set(all_pairs(len(photos)))
    least = min(score for (_, b), score in scores.items() if b <= 4)
    assert least > 20
    assert max(score for (a, b), score in scores.items() if a <= 4 < b) < least / 3


def test_a_revisit_is_compared_although_its_name_is_far_away(boards) -> None:
    photos = read_photos(boards.photos)
    around = [photos[i % 9] for i in range(18)]
    previews = {i + 1: extract(photo, SETTINGS).descriptors[:128] for i, photo in enumerate(around)}
    pairs = likely_pairs(around, previews, look_vectors(previews, 18, 0), False, quiet)
    assert len(pairs) < 18 * 17 // 2
    assert {(i, i + 9) for i in range(1, 10)} <= set(pairs)
    assert {(i, i + 1) for i in range(1, 18)} <= set(pairs)


def test_photos_taken_in_one_place_are_compared_whatever_they_show(boards) -> None:
    photo = read_photos(boards.photos[:1])[0]
    photos = [
        replace(photo, name=f"{i:03d}", gps=GpsPosition(50 + 0.001 * (i % 20), 10, 0)) for i in range(40)
    ]
    pairs = set(likely_pairs(photos, {}, look_vectors({}, 40, 0), False, quiet))
    assert {(i, i + 20) for i in range(1, 21)} <= pairs
    assert len(pairs) < 40 * 39 // 2 // 2
