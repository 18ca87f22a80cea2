"""`report`: one page that opens anywhere."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
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

from calotype import __version__
from calotype.artifacts.cameras import CameraSet
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.engine.stage import Workload
from calotype.hardware import usable_cores
from calotype.stages.report import WriteReport
from calotype.stages.sfm import Sfm
from calotype.vision.geometry.projection import project

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


def write_text_model(folder: Path, model: CameraSet) -> None:
    """The model as COLMAP's text files, every point seen by every camera that has it in its picture."""
    (folder / "cameras.txt").write_text(
        "".join(
            f"{number} {camera.model} {camera.width} {camera.height} {' '.join(map(repr, camera.params))}\n"
            for number, camera in model.cameras.items()
        )
    )
    images: list[str] = []
    tracks: dict[int, list[str]] = {}
    for number, frame in enumerate(model.frames, start=1):
        camera = model.camera_of(frame)
        xy = project(model.points.xyz, camera, frame.cam_from_world).tolist()
        seen = [row for row, (x, y) in enumerate(xy) if 0 <= x < camera.width and 0 <= y < camera.height]
        for place, row in enumerate(seen):
            tracks.setdefault(row, []).append(f"{number} {place}")
        pose = " ".join(map(repr, (*frame.q_wxyz, *frame.t)))
        images.append(f"{number} {pose} {frame.camera_id} {frame.name}\n")
        images.append(" ".join(f"{xy[row][0]!r} {xy[row][1]!r} {row + 1}" for row in seen) + "\n")
    (folder / "images.txt").write_text("".join(images))
    (folder / "points3D.txt").write_text(
        "".join(
            f"{row + 1} {' '.join(str(float(v)) for v in model.points.xyz[row])} 9 9 9 0.5 {' '.join(track)}\n"
            for row, track in tracks.items()
        )
    )


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


def test_smoke_what_poses_took_stands_beside_what_they_were_expected_to_take(
    page_of_fixed_figures: Alone,
) -> None:
    # Nine photos of 320 x 240, as `sfm.json` has them.
    workload = Workload(photos=9, megapixels=0.0768, long_side=320, gigabytes=0)
    expected = Sfm().estimate(workload, usable_cores())
    words = Outline(page_of_fixed_figures.file("page").read_text("utf-8")).words
    row = words[words.index("camera poses") :][:5]
    assert row == ["camera poses", "3.3 s", f"{expected.seconds:.1f} s", "–", f"{expected.memory_gb:.2f} GiB"]


def test_smoke_floaters_and_coverage_of_this_splat_are_on_the_page(page: Alone) -> None:
    words = Outline(page.file("page").read_text("utf-8")).words
    facts = dict(pairwise(words[words.index("Floaters and coverage") :]))
    assert facts["Shown by one photo only"].endswith(" Gaussians")
    assert float(facts["Held-out pictures covered"].removesuffix(" %")) > 10
    assert "In the air" not in facts, "the golden cameras' model keeps no tracks"
    assert facts["Up and down"]


def test_smoke_where_the_model_keeps_tracks_they_are_measured(
    page: Alone, cameras: Path, tmp_path: Path
) -> None:
    tracked = tmp_path / "cameras"
    tracked.mkdir()
    write_text_model(tracked, read_colmap_model(cameras))
    told = run_alone(WriteReport(), {**page.inputs, "cameras": tracked}, tmp_path / "out")
    words = Outline(told.file("page").read_text("utf-8")).words
    assert any(word.startswith("Track length: in how many photos") for word in words)
    assert "Gaussians" in words[words.index("In the air") + 1]
    assert "% on average" in words[words.index("Picture area with points") + 1]


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
    words = _without_what_others_decide(outline.words)
    goldens.check(WriteReport, {"words": words, "counts": outline.counts, "viewer": carried})


def _without_what_others_decide(words: list[str]) -> list[str]:
    """The words but for what the cores of this machine, the estimate of `sfm` and the release decide."""
    kept = list(words)
    for row, cells in (("camera poses", (2, 4)), ("together", (2, 4))):
        for cell in cells:
            kept[kept.index(row) + cell] = "(predicted)"
    return [
        re.sub(r"predicted for \d+ cores?", "predicted for some cores", word).replace(
            __version__, "(release)"
        )
        for word in kept
    ]


def test_the_key_is_what_it_always_was() -> None:
    assert keys_of(WriteReport()) == ["213338ad187b68601e8feedd4c78b135896cce50676526bdbbe9542cd66e9279"]
