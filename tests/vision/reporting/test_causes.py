"""Why a view is worse than others: only what was measured is named, and only where it is worse."""

from __future__ import annotations

from calotype.vision.reporting.causes import likely_cause
from calotype.vision.reporting.data import HeldOutView, ReportData
from calotype.vision.reporting.measured import Floaters

USUAL = tuple(HeldOutView(f"{i}.jpg", 28.0, fitted_psnr=28.3, away_deg=6.0, points=400) for i in range(4))


def cause(view: HeldOutView, floaters: Floaters | None = None) -> str:
    return likely_cause(view, ReportData("t", held_out=(*USUAL, view), floaters=floaters))


def test_a_view_that_is_about_as_good_as_others_needs_no_cause() -> None:
    assert cause(HeldOutView("a", 27.5, fitted_psnr=33.0, away_deg=80.0, points=1)) == ""
    assert likely_cause(HeldOutView("a", 10.0), ReportData("t", held_out=(HeldOutView("a", 10.0),))) == ""


def test_each_measured_cause_is_named_with_its_figure() -> None:
    assert "exposed or balanced otherwise than its neighbours (3.0 dB" in cause(
        HeldOutView("a", 22.0, fitted_psnr=25.0)
    )
    assert "the nearest is turned by 41°" in cause(HeldOutView("a", 22.0, away_deg=41.0))
    assert "few points to build on (30, where others have 400)" in cause(HeldOutView("a", 22.0, points=30))
    floaters = Floaters(6, 1000, 12, 0.05, "a", 0.12, 0, 0.0, 1.0)
    assert "hang in the air hold 12 % of it" in cause(HeldOutView("a", 22.0), floaters)
    assert cause(HeldOutView("b", 22.0), floaters) == ""


def test_several_causes_are_all_named() -> None:
    both = cause(HeldOutView("a", 20.0, away_deg=30.0, points=10))
    assert both.count(";") == 1
    assert "turned by 30°" in both


def test_nothing_measured_explains_it_and_nothing_is_made_up() -> None:
    assert cause(HeldOutView("a", 20.0, fitted_psnr=20.4, away_deg=5.0, points=390)) == ""
