"""Make the pictures that README shows, from a finished demo: `python docs/pictures.py calotype-demo`.

The page's picture needs Chromium on the PATH; the others are the demo's own files.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

IMAGES = Path(__file__).parent / "images"
_CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def compare(demo: Path) -> None:
    """A held-out photo beside its render and the error."""
    picture = Image.open(demo / "previews" / "compare" / "view_016.jpg")
    picture.thumbnail((1400, 1400))
    picture.save(IMAGES / "demo_compare.jpg", quality=88)


def page(demo: Path) -> None:
    """The top of the report, as a browser shows it."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("No Chromium found; apt-get install chromium to make the picture of the page.")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "page.png"
        command = [browser, *_CHROMIUM_FLAGS, f"--user-data-dir={folder}/profile", "--window-size=1100,900"]
        command += [f"--screenshot={shot}", (demo / "report.html").resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        Image.open(shot).convert("RGB").quantize(192).save(IMAGES / "demo_report.png", optimize=True)


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "calotype-demo")
    compare(folder)
    page(folder)
    print(f"pictures in {IMAGES}")
