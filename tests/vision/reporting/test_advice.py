"""Advice: silent for a good capture, specific for a bad one."""

import pytest

from calotype.vision.reporting.advice import advice_for
from calotype.vision.reporting.data import (
    GpsFigures,
    HeldOutView,
    PhotoOutcome,
    PoseFigures,
    RejectedInput,
    ReportData,
    TrainingEntry,
    TrainingFigures,
)
from calotype.vision.reporting.measured import Coverage, Floaters


def photos(registered, lost):
    return tuple(PhotoOutcome(f"{i}", i < registered) for i in range(registered + lost))


def advice_on(**parts):
    return " ".join(advice_for(ReportData("t", **parts)))


def test_a_good_capture_gets_no_advice():
    good = PoseFigures(photos=photos(50, 1), mean_track_length=4.5, reprojection_px=0.7, model_sizes=(50,))
    views = tuple(HeldOutView(f"{i}", 27.0 + i % 2, nearest_psnr=15.0) for i in range(6))
    training = TrainingFigures(history=(TrainingEntry(10, 30.0),))
    around = Coverage(320.0, (-5.0, 20.0), {"1": 0.5, "2": 0.4})
    clean = Floaters(50, 9000, 4, 0.001, "1", 0.004, 200, 0.01, 0.99)
    good_data = ReportData(
        "t", poses=good, held_out=views, training=training, coverage=around, floaters=clean
    )
    assert advice_for(good_data) == ()


def test_each_weakness_is_named_with_its_figure():
    assert "Only 5 of 10" in advice_on(poses=PoseFigures(photos=photos(5, 5)))
    assert "groups of 20 and 7" in advice_on(poses=PoseFigures(model_sizes=(20, 7)))
    assert "2.4 photos" in advice_on(poses=PoseFigures(mean_track_length=2.4))
    assert "1.9 px" in advice_on(poses=PoseFigures(reprojection_px=1.9))
    assert "only 1.0 dB" in advice_on(held_out=(HeldOutView("a", 18.0, nearest_psnr=17.0),))
    assert "1 file could" in advice_on(rejected=(RejectedInput("a", "why"),))


def test_a_view_far_behind_the_others_is_named():
    views = (*(HeldOutView(f"{i}.jpg", 28.0) for i in range(5)), HeldOutView("corner.jpg", 19.0))
    assert "corner.jpg is 9.0 dB worse" in advice_on(held_out=views)


def test_training_far_ahead_of_unseen_views_is_called_what_it_is():
    told = advice_on(
        held_out=(HeldOutView("a", 20.0),), training=TrainingFigures(history=(TrainingEntry(1, 29.0),))
    )
    assert "9.0 dB better than unseen" in told


def test_what_the_capture_brings_along_comes_first_and_once():
    told = advice_for(
        ReportData("t", advice=("Use more light.", "Use more light."), rejected=(RejectedInput("a", "b"),))
    )
    assert told[0] == "Use more light."
    assert len(told) == 2


def test_photos_without_a_pose_are_told_by_what_they_were_lost_to():
    reasons = ["few keypoints (12): it is dark"] * 2 + ["few matches: it resembles no other photo"]
    lost = tuple(PhotoOutcome(f"lost{i}", False, reason) for i, reason in enumerate(reasons))
    told = advice_for(ReportData("t", poses=PoseFigures(photos=(*photos(40, 0), *lost))))
    assert told[0].startswith("2 photos without a pose, too dark: more light")
    assert told[1].startswith("1 photo without a pose, like no other:")
    assert len(told) == 2


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("few keypoints (12): it is dark", "more light"),
        ("few keypoints (3): it is overexposed", "brightest part"),
        ("few keypoints (90): it is blurred, or shows surfaces without texture", "hold still"),
        ("few matches: it resembles no other photo", "from beside each"),
        ("not connected: it matches 3 photos, none of them part of the model", "on the way from them"),
        (
            "few consistent matches: it matches 4 photos of the model, but no pose fits them",
            "things that move",
        ),
    ],
)
def test_every_reason_that_structure_from_motion_gives_has_a_remedy(reason, remedy):
    lost = PoseFigures(photos=(*photos(40, 0), PhotoOutcome("lost", False, reason)))
    assert remedy in advice_on(poses=lost)


def test_what_the_data_says_about_overlap_is_not_said_twice():
    poses = PoseFigures(photos=photos(5, 5), mean_track_length=2.0)
    assert "Only 5 of 10" in advice_on(poses=poses)
    said = advice_for(ReportData("t", poses=poses, advice=("5 of 10 photos have no pose.",)))
    assert said == ("5 of 10 photos have no pose.",)


def test_what_was_measured_leads_to_advice_with_its_figure():
    assert "within 38°" in advice_on(coverage=Coverage(38.0, (0.0, 5.0)))
    from_above = advice_on(coverage=Coverage(None, (-89.0, -82.0)))
    assert "All photos look down, 82° or more" in from_above
    bare = advice_on(coverage=Coverage(300.0, (0.0, 5.0), {"wall.jpg": 0.05, "b.jpg": 0.15}))
    assert "only 10 % of a picture on average, least in wall.jpg" in bare
    hazy = advice_on(floaters=Floaters(50, 9000, 400, 0.06, "a.jpg", 0.2, 200, 0.11, 0.99))
    assert "hold 6 % of what the views show, most in a.jpg" in hazy
    assert "11 % of what training photos show is known from one photo only" in hazy
    assert "Only 70 % of the unseen pictures" in advice_on(
        floaters=Floaters(50, 9000, 0, 0.0, "", 0.0, 0, 0.0, 0.7)
    )
    assert "2.5 dB closer" in advice_on(held_out=(HeldOutView("a", 20.0, fitted_psnr=22.5),))
    assert "b.jpg by 48°" in advice_on(
        held_out=(HeldOutView("a.jpg", 20.0, away_deg=30.0), HeldOutView("b.jpg", 20.0, away_deg=48.0))
    )


def test_one_photo_whose_gps_is_astray_is_told_and_an_even_error_is_not():
    astray, even = GpsFigures(30, 2.0, 1.0, 9.0, 60.0), GpsFigures(30, 2.0, 1.0, 4.0, 60.0)
    assert "lies 9.0 m from its place" in advice_on(poses=PoseFigures(gps=astray))
    assert advice_on(poses=PoseFigures(gps=even)) == ""
