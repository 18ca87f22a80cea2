"""`report`: one page that opens anywhere."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.stages.four_tests import (
    Alone,
    check_same_key_skips,
    halted_and_resumed,
    keys_of,
    run_alone,
    same_files,
)
from tests.stages.goldens import INPUTS, Goldens
from tests.stages.halting import Halt

from calotype.stages.report import WriteReport

WRITTEN_DOWN = INPUTS / "report"


class Outline(HTMLParser):
    """The words of a page in order, how often each kind of picture stands in it, what it loads, and the pages within."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.counts: dict[str, int] = {}
        self.loaded: list[str] = []
        self.framed: list[str] = []
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if tag in ("img", "svg", "video", "table", "figure", "section", "script", "link", "iframe"):
            self.counts[tag] = self.counts.get(tag, 0) + 1
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]
        self.framed += [value or "" for name, value in attrs if name == "srcdoc"]

    def handle_data(self, data: str) -> None:
        if self._inside != "style" and data.strip():
            self.words.append(data.strip())


@pytest.fixture(scope="module")
def page(
    imported: Alone,
    trained: Alone,
    rendered: Alone,
    cameras: Path,
    scene: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Alone:
    """A page about what the other stages give today."""
    inputs = {
        "rejected": WRITTEN_DOWN / "rejected.json",
        "cameras": cameras,
        "poses": imported.file("report"),
        "training": trained.file("training"),
        "metrics": rendered.file("metrics"),
        "previews": rendered.folder / "previews",
        "turntable": rendered.file("turntable"),
        "splat": scene,
    }
    return run_alone(
        WriteReport(title="Still life & more"), inputs, tmp_path_factory.mktemp("report") / "out"
    )


@pytest.fixture(scope="module")
def page_of_fixed_figures(page: Alone, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    fixed = {
        "poses": WRITTEN_DOWN / "sfm.json",
        "training": WRITTEN_DOWN / "training.json",
        "metrics": WRITTEN_DOWN / "metrics.json",
    }
    return run_alone(WriteReport(), {**page.inputs, **fixed}, tmp_path_factory.mktemp("fixed") / "out")


def test_smoke_the_page_holds_all_it_shows_and_loads_nothing(page: Alone) -> None:
    text = page.file("page").read_text("utf-8")
    outline = Outline(text)
    assert text.lower().startswith("<!doctype html>")
    assert "Still life &amp; more" in text
    assert "script" not in outline.counts
    assert outline.counts["video"] == 1
    assert outline.loaded
    kinds = {target.partition(";base64,")[0] for target in outline.loaded}
    assert kinds == {"data:image/jpeg", "data:image/png", "data:video/mp4"}


def test_smoke_the_viewer_is_a_page_of_its_own_and_stands_in_the_report(page: Alone) -> None:
    viewer = page.file("viewer").read_text("utf-8")
    assert viewer.lower().startswith("<!doctype html>")
    assert "600 Gaussians · 9 photos" in viewer
    framed = Outline(page.file("page").read_text("utf-8")).framed
    assert framed == [viewer]


def test_smoke_what_was_left_out_stands_there_with_the_reason(page: Alone) -> None:
    text = page.file("page").read_text("utf-8")
    assert "&lt;words&gt;.jpg" in text
    assert "its content is text &amp; no photo" in text


def test_smoke_the_held_out_figures_are_those_of_the_metrics(page: Alone, rendered: Alone) -> None:
    psnr = json.loads(rendered.file("metrics").read_text())["held_out"]["psnr"]
    assert f"{psnr:.2f} dB" in page.file("page").read_text("utf-8")


def test_same_key_skips_and_everything_else_runs(page: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    check_same_key_skips(page, monkeypatch, real={"title": "Another", "viewer_gaussians": 500})


def test_killed_halfway_resumes_with_a_whole_page_or_none(page: Alone, tmp_path: Path) -> None:
    # It looks once, when the page is written but not committed.
    resumed = halted_and_resumed(page, tmp_path, cancel=Halt(), kill=Halt())
    assert same_files(resumed.folder, page.folder, "page")
    assert same_files(resumed.folder, page.folder, "viewer")


def test_golden_outputs_are_those_of_this_version(page_of_fixed_figures: Alone, goldens: Goldens) -> None:
    outline = Outline(page_of_fixed_figures.file("page").read_text("utf-8"))
    viewer = page_of_fixed_figures.file("viewer").read_text("utf-8")
    shown = json.loads(viewer.partition('id="scene">')[2].partition("</script>")[0])
    carried = {
        "facts": viewer.partition("<header>")[2].partition("</header>")[0],
        "held_out": [frame["name"] for frame in shown["frames"] if frame["heldOut"]],
        "start": shown["start"],
    }
    goldens.check(WriteReport, {"words": outline.words, "counts": outline.counts, "viewer": carried})


def test_the_key_is_what_it_always_was() -> None:
    assert keys_of(WriteReport()) == ["096cf48e821402fa74348e3b99db28f2e5c6f68e82d6a57d17b7f87ffd02f3bb"]
