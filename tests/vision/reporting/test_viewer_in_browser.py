"""The viewer as a browser shows it: what our own renderer shows, from a file, without a network, on a telephone too."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.chromium import Chromium, OpenPage
from tests.vision.reporting.splat_views import HEIGHT, WIDTH, colourful, example

from calotype.vision.images.metrics import psnr
from calotype.vision.reporting.data import ReportData
from calotype.vision.reporting.page import write_report
from calotype.vision.reporting.splat_viewer import SplatView, viewer_page, write_viewer
from calotype.vision.splatting.rendering import render

log = logging.getLogger(__name__)

READY = "() => window.calotype.ready"
SHOW = "async (photo) => { window.calotype.show(photo); await window.calotype.settled(); }"
SETTLED = "() => window.calotype.settled()"
FRAMES = "() => new Promise((done) => { let n = 6; const one = () => (n-- ? requestAnimationFrame(one) : done()); one(); })"
CHOSEN = "() => document.getElementById('photos').selectedOptions[0].text"
BARE = "() => document.querySelectorAll('header, #bar, #help').forEach((one) => (one.hidden = true))"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_viewer(tmp_path_factory.mktemp("viewer") / "viewer.html", viewer_page(example()))


@pytest.fixture
def opened(chromium: Chromium, page_file: Path) -> Iterator[OpenPage]:
    """The page, loaded; whatever a test does with it, it complains about nothing and asks for nothing."""
    with chromium.open(page_file, WIDTH, HEIGHT) as page:
        page.run(READY)
        yield page
        assert page.complaints == []
        assert [url for url in page.requests if not url.startswith(("file:", "blob:"))] == []
        assert page.requests[0] == page_file.as_uri()


def own_picture(view: SplatView, photo: int) -> NDArray[np.uint8]:
    frame = view.cameras.frames[photo]
    camera = view.cameras.camera_of(frame).resized(WIDTH, HEIGHT)
    return render(
        view.gaussians, camera, frame.cam_from_world, view.background, antialiased=view.antialiased
    ).rgb_uint8


def decibels(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(psnr(a.astype(np.float32) / 255, b.astype(np.float32) / 255))


def test_the_viewer_shows_what_our_own_renderer_shows(opened: OpenPage) -> None:
    view = example()
    found = compared(opened, view, view)
    assert min(found) > 33


@pytest.mark.parametrize("antialiased", [False, True])
def test_a_splat_is_shown_the_way_it_was_trained(
    chromium: Chromium, tmp_path: Path, antialiased: bool
) -> None:
    # So small that opacity compensation decides what is seen.
    dust = colourful(3000)
    dust.log_scales[:] -= 2
    view = example(gaussians=dust, antialiased=antialiased)
    with chromium.open(write_viewer(tmp_path / "viewer.html", viewer_page(view)), WIDTH, HEIGHT) as page:
        page.run(READY)
        right = compared(page, view, view)
        wrong = compared(page, view, replace(view, antialiased=not antialiased))
        assert min(right) > 30
        assert min(right) > max(wrong) + 3
        assert page.complaints == []


def compared(page: OpenPage, view: SplatView, own: SplatView) -> list[float]:
    """PSNR of some views against our own render of `own`, in dB."""
    page.run(
        "() => { const one = document.getElementById('cameras'); if (one.ariaPressed === 'true') one.click(); }"
    )
    page.run(BARE)
    found: list[float] = []
    for photo in (1, 2, 6):  # The third is tilted.
        page.run(SHOW, photo)
        found.append(decibels(page.picture(), own_picture(own, photo)))
    log.info("PSNR against our own render, dB: %s", [round(value, 1) for value in found])
    return found


def test_the_viewer_says_what_it_holds(opened: OpenPage) -> None:
    assert opened.run("() => [window.calotype.loaded, window.calotype.gaussians]") == [True, 400]
    assert opened.run("() => document.querySelector('header p').textContent") == "400 Gaussians · 8 photos"
    names = opened.run("() => [...document.getElementById('photos').options].map((one) => one.text)")
    assert names[:3] == ["Free view", "00.jpg (held out)", "01.jpg"]
    assert not opened.page.is_visible("#loading")
    assert not opened.page.is_visible("#failure")


def test_keys_list_and_buttons_go_from_photo_to_photo(opened: OpenPage) -> None:
    opened.page.emulate_media(reduced_motion="reduce")
    opened.run(SHOW, 0)
    opened.page.keyboard.press("Period")
    assert opened.run(CHOSEN) == "01.jpg"
    opened.page.keyboard.press("Comma")
    opened.page.keyboard.press("Comma")
    assert opened.run(CHOSEN) == "07.jpg"
    opened.page.click("#next")
    assert opened.run(CHOSEN) == "00.jpg (held out)"
    opened.page.select_option("#photos", "5")
    opened.run(SETTLED)
    by_list = opened.picture()
    opened.run(SHOW, 5)
    assert decibels(by_list, opened.picture()) > 40


def test_a_click_on_a_camera_shows_what_it_saw(opened: OpenPage) -> None:
    view = example()
    seen, clicked = view.cameras.frames[1], view.cameras.frames[4]
    x, y, z = seen.R @ clicked.centre_world + seen.t
    camera = view.cameras.camera_of(seen).resized(WIDTH, HEIGHT)
    at = (camera.fx * x / z + camera.cx, camera.fy * y / z + camera.cy)
    assert 0 < at[0] < WIDTH and 0 < at[1] < HEIGHT / 2  # Not under the buttons.
    opened.run(SHOW, 1)
    opened.page.mouse.click(*at)
    opened.run(SETTLED)
    assert opened.run(CHOSEN) == "04.jpg (held out)"


@pytest.mark.parametrize("mode", ["orbit", "fly"])
def test_dragging_and_keys_move_the_view_and_reset_brings_it_back(opened: OpenPage, mode: str) -> None:
    if mode == "fly":
        opened.page.keyboard.press("f")
    first = opened.picture()
    drag(opened, 60, 20)
    assert opened.run(CHOSEN) == "Free view"
    turned = opened.picture()
    assert decibels(first, turned) < 30
    opened.page.keyboard.down("w")
    opened.run(FRAMES)
    opened.page.keyboard.up("w")
    opened.run(SETTLED)
    assert decibels(turned, opened.picture()) < 35
    opened.page.keyboard.press("r")
    opened.run(SETTLED)
    assert decibels(first, opened.picture()) > 40


def drag(opened: OpenPage, dx: int, dy: int) -> None:
    opened.page.mouse.move(WIDTH / 2, HEIGHT / 2)
    opened.page.mouse.down()
    opened.page.mouse.move(WIDTH / 2 + dx, HEIGHT / 2 + dy, steps=4)
    opened.page.mouse.up()
    opened.run(SETTLED)


def test_cameras_can_be_hidden(opened: OpenPage) -> None:
    opened.run(BARE)
    with_cameras = opened.picture()
    opened.page.keyboard.press("c")
    opened.run(SETTLED)
    without = opened.picture()
    lines = np.abs(with_cameras.astype(int) - without).max(axis=2) > 40
    assert 50 < lines.sum() < 0.1 * lines.size
    opened.page.keyboard.press("c")
    opened.run(SETTLED)
    assert decibels(with_cameras, opened.picture()) > 40


def test_on_a_telephone_all_controls_can_be_seen_and_hit(chromium: Chromium, page_file: Path) -> None:
    with chromium.open(page_file, 390, 844, touch=True) as page:
        page.run(READY)
        boxes: dict[str, Any] = {
            name: page.page.locator(f"#{name}").bounding_box()
            for name in ("previous", "photos", "next", "mode", "cameras", "reset", "full", "help-button")
        }
        for name, box in boxes.items():
            assert box is not None, name
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390, name
            assert box["y"] >= 0 and box["y"] + box["height"] <= 844, name
            assert min(box["width"], box["height"]) >= 40, name
        for one, other in combinations(boxes, 2):
            a, b = boxes[one], boxes[other]
            apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert apart or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"], (one, other)
        assert page.run("() => document.documentElement.scrollWidth") == 390
        page.page.tap("#help-button")
        assert page.page.is_visible("#help")
        page.page.tap("#help-close")
        assert not page.page.is_visible("#help")
        before = page.picture()
        pinch(page, 195, 400)
        page.run(SETTLED)
        assert decibels(before, page.picture()) < 30
        assert page.complaints == []


def pinch(page: OpenPage, x: int, y: int) -> None:
    """Two fingers that part."""
    touch = page.page.context.new_cdp_session(page.page)
    for apart, kind in ((30, "touchStart"), (60, "touchMove"), (90, "touchMove")):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_report_opens_without_the_viewer_and_loads_it_on_demand(
    chromium: Chromium, tmp_path: Path
) -> None:
    path = write_report(tmp_path / "report.html", ReportData("Ball", viewer=viewer_page(example())))
    with chromium.open(path, 800, 700) as page:
        frame = page.page.frames[1]
        assert frame.evaluate(
            "() => [window.calotype.loaded, document.getElementById('splat') !== null]"
        ) == [
            False,
            True,
        ]
        before = page.picture()
        page.page.click(".viewer summary")
        frame.evaluate(READY)
        # It has no origin: nothing of other files or of a server's cookies is within its reach.
        assert frame.evaluate("() => [window.calotype.loaded, window.origin]") == [True, "null"]
        assert decibels(before, page.picture()) < 15
        assert page.complaints == []
        assert [url for url in page.requests if not url.startswith(("file:", "blob:"))] == []


def test_without_webgl_the_page_says_what_to_do(playwright: tuple[Any, str], page_file: Path) -> None:
    browser = Chromium(*playwright, "--disable-3d-apis")
    try:
        with browser.open(page_file) as page:
            assert page.run("() => window.calotype.ready.catch((error) => error.message)") == page.run(
                "() => document.getElementById('failure').textContent"
            )
            assert page.page.is_visible("#failure")
            assert "Switch hardware acceleration on" in page.page.inner_text("#failure")
    finally:
        browser.close()


def test_a_damaged_splat_is_told(chromium: Chromium, page_file: Path, tmp_path: Path) -> None:
    head, mark, rest = page_file.read_text().partition('id="splat">')
    damaged = tmp_path / "damaged.html"
    damaged.write_text(head + mark + "H4sIAAAAAAAA" + rest[400:])
    with chromium.open(damaged) as page:
        page.run("() => window.calotype.ready.catch(() => null)")
        assert page.page.is_visible("#failure")
        assert "damaged" in page.page.inner_text("#failure")
