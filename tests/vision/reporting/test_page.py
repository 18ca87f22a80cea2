"""The report page: one file, nothing loaded, nothing executed, nothing made up."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from calotype.vision.images.encode import save_jpeg
from calotype.vision.reporting.data import (
    CameraMap,
    GpsFigures,
    HeldOutView,
    LensFigures,
    MapperFigures,
    PhotoOutcome,
    PoseFigures,
    Preview,
    RejectedInput,
    ReportData,
    StepCost,
    TrainingEntry,
    TrainingFigures,
)
from calotype.vision.reporting.measured import Coverage, Floaters, Histogram
from calotype.vision.reporting.page import report_page, write_report
from calotype.vision.video.writing import write_mp4

HOSTILE = "</title><script>alert('x')</script>\"><img src=x onerror=alert(1)>\u202egpj.exe"


class Reader(HTMLParser):
    """Checks that tags are closed in order, and collects what a browser would act on."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(page)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, name, attributes):
        self.tags.append(name)
        self.attributes += [(name, key, value) for key, value in attributes]
        if name not in ("meta", "img", "br"):
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        self.tags.append(name)
        self.attributes += [(name, key, value) for key, value in attributes]

    def handle_endtag(self, name):
        assert self.open.pop() == name

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def full_report(folder, name="view_000.jpg"):
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (60, 200, 3), dtype=np.uint8)
    save_jpeg(folder / "compare.jpg", picture)
    write_mp4([picture[:, :64]] * 3, folder / "turntable.mp4")
    return ReportData(
        title=name,
        subtitle=name,
        poses=PoseFigures(
            photos=(
                PhotoOutcome(name, True, "", 3000, 900, 12, 410, 0.61), PhotoOutcome("b.jpg", False, "few matches", 77),
            ),
            points=21873,
            mean_track_length=4.31,
            reprojection_px=0.71,
            mappers=(
                MapperFigures("incremental", True, 48, 21873, 0.71, 4.3, 54.2),
                MapperFigures("global", False, 47),
            ),
            reasons=("registers more photos", name),
            agreement="they agree to 0.1 degrees",
            attempts=("sequential pairs", name),
            lenses=(LensFigures(name, "OPENCV", 640, 480, 2, 512.3, 768.0, "assumed"),),
            gps=GpsFigures(18, 1.31, 2.05, 3.3, 61.0),
            model_sizes=(48, 2),
        ),
        camera_map=CameraMap(
            rng.normal(size=(9, 3)), np.tile([0.0, 0.0, 1.0], (9, 1)), rng.normal(size=(500, 3)), picture[:50, :10].reshape(-1, 3)
        ),
        tracks=Histogram(("2", "3", "4+"), (1500, 700, 90), 2.0, "points"),
        errors=Histogram(("0–1", "1+"), (9001, 12), 0.4, "observations"),
        coverage=Coverage(211.4, (-12.3, 31.0), {name: 0.431, "b.jpg": 0.5}),
        floaters=Floaters(40, 43000, 123, 0.0213, name, 0.071, 456, 0.0345, 0.987),
        training=TrainingFigures(
            tuple(TrainingEntry(100 * i, 20 + i / 3, 0.1, 5000 + i) for i in range(1, 9)),
            3000, 43000, 9000, 43, (270, 480), 61.3,
        ),
        held_out=(
            HeldOutView("good.jpg", 30.0, 0.95, 30.5, name, 15.0, 0.4, 3.0, 500, folder / "compare.jpg"),
            HeldOutView(name, 20.0, 0.75, 21.25, "a.jpg", 14.0, 0.4, 33.0, 412, folder / "compare.jpg"),
            HeldOutView("unknown.jpg"),
        ),
        previews=(Preview(name, folder / "compare.jpg"),),
        turntable=folder / "turntable.mp4",
        rejected=(RejectedInput(name, f"{name} is cut off"),),
        parameters={name: {"iterations": 3000, "background": (0.0, 0.5, 1.0), "name": name, "none": None}},
        costs=(
            StepCost("sfm", 88.0, predicted=66.0, predicted_memory_gb=0.81, basis=f"for {name}", parts={name: 81.5}),
            StepCost("training", 100.0, predicted=95.0, memory_gb=1.5, predicted_memory_gb=1.25),
        ),
        advice=(f"Move the camera for {name}.",),
    )  # fmt: skip


def test_the_page_holds_everything_and_loads_nothing(tmp_path):
    page = report_page(full_report(tmp_path))
    reader = Reader(page)
    for _, key, value in reader.attributes:
        if key in ("src", "href", "poster", "srcset", "action", "data"):
            assert value.startswith("data:")
        assert not key.startswith("on")
    assert "script" not in reader.tags
    assert "link" not in reader.tags
    assert "http:" not in page.replace("http-equiv", "")
    assert "https:" not in page
    assert "url(" not in page
    assert "@import" not in page
    assert [tag for tag in reader.tags if tag == "img"] == ["img"] * 3
    assert reader.tags.count("svg") == 5
    assert reader.tags.count("video") == 1


def test_hostile_names_stay_words(tmp_path):
    plain, hostile = (
        Reader(report_page(full_report(tmp_path))),
        Reader(report_page(full_report(tmp_path, HOSTILE))),
    )
    assert hostile.tags == plain.tags
    assert {(tag, key) for tag, key, _ in hostile.attributes} == {
        (tag, key) for tag, key, _ in plain.attributes
    }
    assert "<script>alert('x')</script>" in hostile.text
    assert "\u202e" not in report_page(full_report(tmp_path, HOSTILE))


def test_the_figures_are_on_the_page(tmp_path):
    words = Reader(report_page(full_report(tmp_path))).text
    for shown in (
        "1 / 2", "21,873", "43,000", "25.00 dB", "0.850", "14.50 dB", "splat +10.50 dB", "3 min 8 s",
        "4.31 photos", "0.71 px", "1.31 m rms, 3.30 m at most", "2.05 m rms", "18, over 61 m", "48, 2",
        "incremental (kept)", "54.2 s",
        "they agree to 0.1 degrees", "few matches", "512.3 px", "768.0 px (assumed)", "61.3 ms", "270×480",
        "0, 0.5, 1", "is cut off",
        "211° of 360°", "-12° to +31°", "47 % on average", "view_000.jpg: 43 %", "1,500", "9,001", "median 2)",
        "123 of 43,000 Gaussians", "2.1 %", "view_000.jpg: 7.1 %", "456 Gaussians", "3.5 %", "98.7 %", "on 40 views",
        "colours fitted 21.25 dB", "turned 33° from it", "412 points", "the nearest is turned by 33°",
        "1 min 6 s", "0.81 GiB", "1.50 GiB", "1.25 GiB", "2 min 41 s", "· view_000.jpg", "Sfm: predicted for view_000.jpg.",
        "few matches 77", "Move the camera for view_000.jpg.",
    ):  # fmt: skip
        assert shown in words, shown


def test_a_reused_step_is_said_to_be_reused_and_a_sum_needs_both_figures_of_every_step():
    costs = (StepCost("sfm", 8.0, reused=True), StepCost("training", 4.0, predicted=3.0, memory_gb=1.0))
    words = Reader(report_page(ReportData("t", costs=costs))).text
    assert "sfm reused –" in words
    assert "together – – – –" in words


def test_the_tab_is_called_by_what_the_page_is_about_and_the_foot_says_how_it_was_made():
    page = report_page(
        ReportData("A splat", subtitle="9 photos, a.jpg to z.jpg", about=("Made with care & <b>.",))
    )
    assert "<title>A splat: 9 photos, a.jpg to z.jpg</title>" in page
    assert "<footer><p>Made with care &amp; &lt;b&gt;.</p></footer>" in page


def test_a_capture_in_which_nothing_was_wrong_is_told_so():
    well = PoseFigures(photos=(PhotoOutcome("a", True),), model_sizes=(1,))
    assert "Nothing that was measured asks for another" in report_page(ReportData("t", poses=well))
    assert "Nothing that was measured" not in report_page(ReportData("t", poses=well, advice=("Move.",)))


def test_the_worst_view_comes_first_and_an_unmeasured_one_last(tmp_path):
    page = report_page(full_report(tmp_path))
    views = page[page.index("Held-out views") :]
    names = re.findall(r'class="name">([^<]+)<', views)
    assert names == ["view_000.jpg", "good.jpg", "unknown.jpg"]


def test_an_empty_report_is_a_page_without_sections():
    reader = Reader(report_page(ReportData("nothing")))
    assert "section" not in reader.tags
    assert "nothing" in reader.text


@pytest.mark.parametrize(
    "part",
    [
        {"poses": PoseFigures()},
        {"poses": PoseFigures(photos=(PhotoOutcome("a", False),))},
        {"training": TrainingFigures()},
        {"training": TrainingFigures(history=(TrainingEntry(1, float("nan")), TrainingEntry(2)))},
        {"held_out": (HeldOutView("a", float("nan"), float("inf")),)},
        {"camera_map": CameraMap(np.zeros((0, 3)), np.zeros((0, 3)))},
        {"camera_map": CameraMap(np.zeros((1, 3)), np.array([[0.0, 1.0, 0.0]]))},
        {"costs": (StepCost("a", None),)},
        {"costs": (StepCost("a", float("inf"), predicted=float("nan")), StepCost("b", 1.0))},
        {"coverage": Coverage(0.0, (0.0, 0.0)), "poses": PoseFigures(photos=(PhotoOutcome("a", True),))},
        {"coverage": Coverage(None, (-90.0, -80.0)), "poses": PoseFigures()},
        {"floaters": Floaters(0, 0, None, None, "", 0.0, 0, 0.0, None)},
        {"tracks": Histogram((), (), float("nan"), "points"), "poses": PoseFigures()},
    ],
)
def test_missing_figures_leave_dashes_not_errors(part):
    page = report_page(ReportData("partial", **part))
    Reader(page)
    assert "nan" not in page.lower().replace("nonce", "")
    assert "None" not in page.replace("None of these photos", "")
    assert "inf " not in page


def test_pictures_that_are_gone_or_broken_are_left_out(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    held_out = (
        HeldOutView("a", 20.0, picture=tmp_path / "gone.jpg"),
        HeldOutView("b", 21.0, picture=tmp_path / "broken.jpg"),
    )
    reader = Reader(report_page(ReportData("t", held_out=held_out, turntable=tmp_path / "gone.mp4")))
    assert "img" not in reader.tags
    assert "video" not in reader.tags
    assert "20.00 dB" in reader.text


def test_large_pictures_are_made_smaller_so_that_the_page_can_be_sent(tmp_path):
    save_jpeg(
        tmp_path / "large.jpg", np.random.default_rng(0).integers(0, 256, (900, 2700, 3), dtype=np.uint8)
    )
    page = report_page(ReportData("t", held_out=(HeldOutView("a", 20.0, picture=tmp_path / "large.jpg"),)))
    assert 'width="1200"' in page
    assert len(page) < (tmp_path / "large.jpg").stat().st_size


def test_the_same_data_gives_the_same_file_and_it_is_written_whole(tmp_path):
    data = full_report(tmp_path)
    one, two = (
        write_report(tmp_path / "out" / "a.html", data),
        write_report(tmp_path / "out" / "b.html", data),
    )
    assert one.read_bytes() == two.read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.html", "b.html"]
