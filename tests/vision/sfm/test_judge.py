"""Which mapper's model is kept, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.vision.geometry.alignment import Similarity, moved
from calotype.vision.geometry.rotations import matrix_from_q_wxyz
from calotype.vision.sfm.georeference import GeoFit
from calotype.vision.sfm.judge import Candidate, agreement, choose, doubts, share_explained
from calotype.vision.sfm.ladder import rungs
from calotype.vision.sfm.mapping import MapperRun, order_of_mappers
from calotype.vision.sfm.model import Model, Observations
from calotype.vision.sfm.options import SfmOptions
from calotype.vision.sfm.photos import Photo


def candidate(
    mapper: str,
    registered: int = 20,
    observations: int = 900,
    focal: float = 500.0,
    gps_rms_m: float | None = None,
    prior: float | None = 500.0,
    explained: float = 1.0,
) -> Candidate:
    rng = np.random.default_rng(1)
    frames = tuple(
        Frame(f"{i:02d}", 1, (1.0, 0.0, 0.0, 0.0), tuple(map(float, rng.normal(size=3))))
        for i in range(registered)
    )
    points = SparsePoints(
        rng.normal(size=(200, 3)), np.zeros((200, 3), np.uint8), np.zeros(200), np.zeros(200, int)
    )
    cameras = CameraSet({1: Camera("SIMPLE_RADIAL", 640, 480, (focal, 320.0, 240.0, 0.0))}, frames, points)
    zeros = np.zeros(observations, int)
    seen = Observations(zeros, zeros, np.zeros((observations, 2)), np.full(observations, 0.6))
    geo = None
    if gps_rms_m is not None:
        geo = GeoFit(Similarity.identity(), (0, 0, 0), (), gps_rms_m, 2 * gps_rms_m, 1.0, 100.0, False)
    run = MapperRun(mapper, (), 1.0)  # type: ignore[arg-type]
    return Candidate(run, Model(cameras, seen, None), geo, {} if prior is None else {1: prior}, explained)


@pytest.mark.parametrize(
    ("a", "b", "winner", "reason"),
    [
        ({"registered": 11}, {"registered": 10}, "incremental", "placed 11 of 20"),
        ({"registered": 2}, {"registered": 20}, "global", "placed 20 of 20"),
        ({"gps_rms_m": 24.0}, {"gps_rms_m": 5.0}, "global", "GPS"),
        ({"gps_rms_m": 5.0, "focal": 900.0}, {"gps_rms_m": 5.1}, "global", "EXIF"),
        ({"focal": 300.0}, {"focal": 520.0}, "global", "EXIF"),
        ({"observations": 900}, {"observations": 800}, "incremental", "observations"),
    ],
    ids=["more photos", "many more photos", "GPS", "focal over equal GPS", "focal", "observations"],
)
def test_the_better_model_is_chosen_with_its_reason(a: dict, b: dict, winner: str, reason: str) -> None:
    for first, second in ((("incremental", a), ("global", b)), (("global", b), ("incremental", a))):
        pair = [candidate(first[0], **first[1]), candidate(second[0], **second[1])]
        chosen, reasons = choose(pair, 20)
        assert chosen.run.mapper == winner
        assert any(reason in text for text in reasons)


def test_a_sound_model_leaves_no_doubts() -> None:
    assert doubts(candidate("incremental"), 20) == []


@pytest.mark.parametrize(
    ("flaw", "word"),
    [
        ({"registered": 12}, "largest model"),
        ({"explained": 0.6}, "60 % of the consistent matches"),
        ({"focal": 900.0}, "EXIF"),
        ({"focal": 90.0, "prior": None}, "unusual"),
        ({"observations": 410}, "photos on average"),
        ({"gps_rms_m": 20.0}, "GPS"),
    ],
)
def test_each_flaw_raises_its_doubt(flaw: dict, word: str) -> None:
    found = doubts(candidate("incremental", **flaw), 20)
    assert len(found) == 1
    assert word in found[0]


def test_one_missing_photo_of_few_is_a_doubt_and_of_many_is_none() -> None:
    assert len(doubts(candidate("incremental", registered=19), 20)) == 1
    assert doubts(candidate("incremental", registered=39), 40) == []


def test_matches_that_became_no_common_points_are_not_explained() -> None:
    names = ["a", "b", "c", "d"]
    frames = tuple(Frame(name, 1, (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0)) for name in names[:3])
    # a and b see points 0 to 39; c sees points 30 to 39 of them.
    seen = Observations(
        np.repeat([0, 1, 2], [40, 40, 10]),
        np.concatenate([np.arange(40), np.arange(40), np.arange(30, 40)]),
        np.zeros((90, 2)),
        np.zeros(90),
    )
    model = Model(CameraSet({1: Camera("PINHOLE", 9, 9, (9.0, 9.0, 4.5, 4.5))}, frames), seen, None)
    photos = [Photo(name, Path(), 9, 9) for name in names]
    matches = {(1, 2): 40, (1, 3): 50, (2, 3): 29, (3, 4): 500}  # too few in one, and d has no place
    assert share_explained(model, photos, matches) == pytest.approx((40 + 10) / 90)
    assert share_explained(model, photos, {(1, 2): 35}) == 1.0
    assert share_explained(model, photos, {}) == 1.0


def test_equal_models_in_other_frames_agree() -> None:
    one = candidate("incremental")
    turned = Similarity(3.0, matrix_from_q_wxyz([1.0, 2.0, -1.0, 0.5]), np.array([1.0, 2.0, 3.0]))
    other = replace(one, model=replace(one.model, cameras=moved(one.model.cameras, turned)))
    found = agreement(one, other)
    assert found is not None
    assert found.photos == 20
    assert found.rotation_median_deg < 1e-6
    assert found.centre_max_percent < 1e-6


def test_models_with_few_common_photos_have_no_agreement() -> None:
    assert agreement(candidate("incremental", registered=4), candidate("global", registered=20)) is None


def test_the_ladder_ends_with_looser_thresholds_and_can_be_switched_off() -> None:
    assert [rung.what for rung in rungs(SfmOptions(), 20)] == [
        "all pairs",
        "more keypoints",
        "looser thresholds",
    ]
    many = [rung.what for rung in rungs(SfmOptions(), 100)]
    assert many == ["likely pairs", "all pairs", "more keypoints", "looser thresholds"]
    assert rungs(SfmOptions(), 1000)[1].what == "twice as many likely pairs"
    assert len(rungs(SfmOptions(retries=False), 100)) == 1
    assert not any(rung.exhaustive for rung in rungs(SfmOptions(matching="sequential", retries=False), 20))


def test_an_asked_mapper_is_the_only_one() -> None:
    assert order_of_mappers("global") == ("global",)
    assert order_of_mappers("incremental") == ("incremental",)
    assert order_of_mappers("auto") == order_of_mappers("both") == ("incremental", "global")
