"""Advice: silent for a good capture, specific for a bad one."""

from calotype.vision.reporting.advice import advice_for
from calotype.vision.reporting.data import (
    HeldOutView,
    PhotoOutcome,
    PoseFigures,
    RejectedInput,
    ReportData,
    TrainingEntry,
    TrainingFigures,
)


def photos(registered, lost):
    return tuple(PhotoOutcome(f"{i}", i < registered) for i in range(registered + lost))


def advice_on(**parts):
    return " ".join(advice_for(ReportData("t", **parts)))


def test_a_good_capture_gets_no_advice():
    good = PoseFigures(photos=photos(50, 1), mean_track_length=4.5, reprojection_px=0.7, model_sizes=(50,))
    views = tuple(HeldOutView(f"{i}", 27.0 + i % 2, nearest_psnr=15.0) for i in range(6))
    training = TrainingFigures(history=(TrainingEntry(10, 30.0),))
    assert advice_for(ReportData("t", poses=good, held_out=views, training=training)) == ()


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
