"""Show every splat format in viewers of others, compared with our own render: `python docs/format_pictures.py calotype-demo`.

A run's splat is written in each format and read back; then viewers that others wrote load the same files in Chromium, at poses of
held-out photos. Written: docs/images/format_*.jpg and a table in bench/results. Needs Chromium, and Node with web/formats
installed: `make format-pictures` does all of it. With `--dry` the table is printed only, for photos that may not be published.
"""

from __future__ import annotations

import argparse
import base64
import io
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pictures import IMAGES, browser
from PIL import Image

from calotype.artifacts.cameras import Camera, Frame
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.vision.images.metrics import psnr
from calotype.vision.splatting.formats.frames import axes
from calotype.vision.splatting.formats.splat_file import SplatFile
from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat
from calotype.vision.splatting.rendering import render

ROOT = Path(__file__).parent.parent
FORMAT_NAMES = ("ply", "compressed-ply", "spz", "sog", "splat", "glb")
VIEWERS = ("spark", "babylon", "three")

_WIDTH = 400
_VIEWS = 3
_QUALITY = 85
_AXES = {"spz": "RUB", "glb": "LUF"}  # Of the file's content; ours where nothing stands here.
_HAS_NO_SETTINGS = ("three",)  # It always compensates opacity, and is compared with our render that does.

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class View:
    """A photo's camera, fitted to the window."""

    camera: Camera
    frame: Frame

    def ours(self, content: SplatFile) -> Picture:
        """What our own renderer shows, [h, w, 3]."""
        pose = self.frame.cam_from_world
        return render(content.gaussians, self.camera, pose, antialiased=content.antialiased).rgb_uint8

    def in_file(self, format_: str) -> dict[str, Any]:
        """The same camera in the axes of a file, as the pages want it."""
        cam_from_file = self.frame.cam_from_world.copy()
        cam_from_file[:3, :3] @= _file_from_world(format_).T
        camera = {name: getattr(self.camera, name) for name in ("width", "height", "fx", "fy", "cx", "cy")}
        return {**camera, "fromFile": cam_from_file.ravel().tolist()}


@dataclass(frozen=True)
class Written:
    """The scene in one format."""

    format_: str
    path: Path
    back: SplatFile
    """What we read in the file."""


@dataclass(frozen=True)
class Seen:
    """A file in a viewer."""

    viewer: str
    """Its name and version."""
    format_: str
    matched: bool
    """Whether the viewer was asked, by its own settings, for the dilation and the cut-off of our renderer."""
    first: Picture
    psnr_db: list[float]
    """Of each view, to our render of what we read in the same file."""
    upright: bool
    """Whether what is up in our world (-y) is up in the viewer's (+y) where it puts the scene by itself."""


def views_of(run: Path) -> list[View]:
    """Held-out photos, spread over the capture."""
    cameras = read_colmap_model(run / "sparse" / "0")
    held_out = cameras.frames[::8]
    found: list[View] = []
    for i in range(_VIEWS):
        frame = held_out[round(i * (len(held_out) - 1) / _VIEWS)]
        camera = cameras.camera_of(frame).without_distortion()
        found.append(View(camera.resized(_WIDTH, round(_WIDTH * camera.height / camera.width)), frame))
    return found


def written_files(scene: SplatFile, folder: Path) -> list[Written]:
    """The scene in every format, and what is read back."""
    found: list[Written] = []
    for name in FORMAT_NAMES:
        path = folder / f"scene{FORMATS[name].ending}"
        write_splat(path, scene)
        found.append(Written(name, path, read_splat(path)))
    return found


def see(chromium: Any, page_file: Path, file: Written, views: list[View], matched: bool) -> Seen | None:
    """What a viewer makes of a file; None where it does not claim to read the format."""
    with opened(chromium, page_file, views[0].camera) as page:
        name: str = page.evaluate("() => window.viewer.name")
        if FORMATS[file.format_].ending not in page.evaluate("() => window.viewer.endings"):
            return None
        loaded = page.evaluate(
            "([name, data, matched]) => window.viewer.load(name, data, matched)",
            [file.path.name, base64.b64encode(file.path.read_bytes()).decode(), matched],
        )
        if loaded["gaussians"] != len(file.back.gaussians):
            sys.exit(f"{name} finds {loaded['gaussians']} Gaussians in {file.path.name}")
        pictures: list[Picture] = []
        for view in views:
            page.evaluate("(photo) => window.viewer.show(photo)", view.in_file(file.format_))
            pictures.append(np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")))
    back = replace(file.back, antialiased=True) if page_file.stem in _HAS_NO_SETTINGS else file.back
    found = [psnr(picture, view.ours(back)) for picture, view in zip(pictures, views, strict=True)]
    viewer_from_file = np.reshape(loaded["worldFromFile"], (4, 4))[:3, :3]
    up = viewer_from_file @ _file_from_world(file.format_) @ (0, -1, 0)
    return Seen(name, file.format_, matched, pictures[0], found, bool(up[1] > 0))


def _file_from_world(format_: str) -> NDArray[np.float64]:
    return axes(_AXES.get(format_, "RDF")).target_from_source


@contextmanager
def opened(chromium: Any, page_file: Path, camera: Camera) -> Generator[Any]:
    """A page in a window of the camera's size, without a network."""
    context = chromium.new_context(viewport={"width": camera.width, "height": camera.height}, offline=True)
    try:
        page = context.new_page()
        page.on("pageerror", partial(print, f"{page_file.stem}:", file=sys.stderr))
        page.goto(page_file.as_uri())
        page.wait_for_function("() => window.viewer")
        yield page
    finally:
        context.close()


def seen_everywhere(pages: Path, files: list[Written], views: list[View]) -> list[Seen]:
    """Every file in every viewer, as the viewer comes and with our renderer's numbers."""
    found: list[Seen] = []
    with browser() as chromium:
        for viewer in VIEWERS:
            for file in files:
                for matched in (False,) if viewer in _HAS_NO_SETTINGS else (False, True):
                    one = see(chromium, pages / f"{viewer}.html", file, views, matched)
                    if one is not None:
                        print(f"{one.viewer}, {one.format_}, matched {matched}: {_least(one)}", flush=True)
                        found.append(one)
    return found


def table(scene: SplatFile, files: list[Written], views: list[View], seen: list[Seen]) -> str:
    """Markdown: a row for each format, a column for each viewer."""
    kinds = list(dict.fromkeys((one.viewer, one.matched) for one in seen))
    heads = [f"{viewer}, {'matched' if matched else 'as it comes'}" for viewer, matched in kinds]
    rows = [["format", "bytes", "what the format costs", *heads, "stands upright in"]]
    rows.append(["---"] * len(rows[0]))
    for file in files:
        here = [one for one in seen if one.format_ == file.format_]
        cells = {(one.viewer, one.matched): _least(one) for one in here}
        cost = min(psnr(view.ours(file.back), view.ours(scene)) for view in views)
        upright = dict.fromkeys(one.viewer for one in here if one.upright)
        rows.append(
            [
                file.format_,
                f"{file.path.stat().st_size:,}",
                "nothing" if cost > 90 else f"{cost:.1f}",
                *(cells.get(kind, "not read") for kind in kinds),
                ", ".join(upright) or "none",
            ]
        )
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _least(one: Seen) -> str:
    return f"{min(one.psnr_db):.1f}"


def write_pictures(seen: list[Seen], ours: Picture) -> None:
    """The first view of each format, from the first viewer that reads it, and our own render of the PLY file."""
    chosen = {one.format_: one.first for one in reversed(seen) if one.matched}
    for name, picture in {**chosen, "ours": ours}.items():
        path = IMAGES / f"format_{name.replace('-', '_')}.jpg"
        Image.fromarray(picture).save(path, quality=_QUALITY, optimize=True)


_WORDS = """# Splat formats in viewers of others ({day})

`make format-pictures`: the demo's splat ({count:,} Gaussians, degree {degree}), written by us in each format, loaded by
viewers that others wrote, unmodified, in {browser} without a GPU (SwiftShader) or a network. Figures are PSNR
in dB, the least of {views} held-out views of {width} x {height} pixels: of the viewer to our own render of what we read in the same
file; in the third column, of our render of what we read to our render of the original. "Matched" viewers were given our
renderer's numbers by their own settings (`web/formats/src`); three.js has no settings, and is compared with our render with
opacity compensation, which it always does.

{table}
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", nargs="?", type=Path, default=Path("calotype-demo"), help="a run's folder")
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    arguments = parser.parse_args()
    scene, views = read_splat(arguments.run / "scene.ply"), views_of(arguments.run)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["node", ROOT / "web/formats/build.mjs", folder], check=True)
        files = written_files(scene, folder)
        seen = seen_everywhere(folder, files, views)
        figures = table(scene, files, views, seen)
    print(figures)
    if arguments.dry:
        return
    write_pictures(seen, views[0].ours(scene))
    with browser() as chromium:
        version = f"Chromium {chromium.version}"
    day = datetime.now(UTC).date()
    text = _WORDS.format(
        day=day,
        count=len(scene.gaussians),
        degree=scene.gaussians.sh_degree,
        browser=version,
        views=len(views),
        width=views[0].camera.width,
        height=views[0].camera.height,
        table=figures.strip(),
    )
    (ROOT / f"bench/results/formats_in_viewers_{day}.md").write_text(text)


if __name__ == "__main__":
    main()
