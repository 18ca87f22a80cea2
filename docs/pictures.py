"""Make the pictures that README shows, from a finished demo: `python docs/pictures.py calotype-demo`.

Those of pages need Chromium on the PATH; the others are the demo's own files.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

IMAGES = Path(__file__).parent / "images"
_CHROMIUM_FLAGS = (
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)


def compare(demo: Path) -> None:
    """A held-out photo beside its render and the error."""
    picture = Image.open(demo / "previews" / "compare" / "view_016.jpg")
    picture.thumbnail((1400, 1400))
    picture.save(IMAGES / "demo_compare.jpg", quality=88)


@contextmanager
def browser() -> Generator[Any]:
    """Playwright's Chromium, started, without a screen or a GPU."""
    from playwright.sync_api import sync_playwright

    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    executable = next(filter(None, found), None)
    if executable is None:
        sys.exit("No Chromium found; apt-get install chromium to make the pictures of pages.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(_CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


def pages(demo: Path) -> None:
    """The top of the report and the viewer, as a browser shows them."""
    with browser() as chromium:
        report(chromium.new_page(viewport={"width": 1100, "height": 900}), demo)
        viewer(chromium.new_page(viewport={"width": 1100, "height": 700}), demo)


def report(page: Any, demo: Path) -> None:
    """The top of the report."""
    page.goto((demo / "report.html").resolve().as_uri())
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(192).save(IMAGES / "demo_report.png", optimize=True)


def viewer(page: Any, demo: Path) -> None:
    """The viewer, from above and behind a photo, so that other cameras are in view."""
    page.goto((demo / "viewer.html").resolve().as_uri())
    page.evaluate("() => window.calotype.ready")
    page.mouse.move(550, 300)
    page.mouse.wheel(0, 200)
    page.mouse.wheel(0, 200)
    page.mouse.down()
    page.mouse.move(660, 390, steps=6)
    page.mouse.up()
    page.evaluate("() => window.calotype.settled()")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.save(IMAGES / "demo_viewer.jpg", quality=86)


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "calotype-demo")
    compare(folder)
    pages(folder)
    print(f"pictures in {IMAGES}")
