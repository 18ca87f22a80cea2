"""Stages over small pictures, for tests of what people look at and of where it came from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from calotype import All, Context, Each, Gallery, Image, PerItem, Report, Results, Stage
from calotype.engine.pipeline import Pipeline, PipelineSpec


class Brighten(Stage):
    """Each picture, brighter."""

    version = "1"
    by: int = 10

    def run(self, ctx: Context, photos: Each[Image]) -> PerItem[Image]:
        for photo in photos:
            path = ctx.workdir / f"{photo.stem}.png"
            bright = np.minimum(255, np.asarray(Pillow.open(photo.path), np.int16) + self.by)
            Pillow.fromarray(bright.astype(np.uint8)).save(path)
            yield photo, Image(name=path.name, path=path)


class Shown(Results):
    previews: Gallery
    figures: Report


class Show(Stage):
    """The first picture, framed, and how bright all are."""

    version = "1"
    frame: int = 2
    title: str = ""

    def run(self, ctx: Context, photos: All[Image], declined: Report | None = None) -> Shown:
        pictures = [np.asarray(Pillow.open(photo.path)) for photo in photos]
        folder = ctx.workdir / "previews"
        (folder / "strip").mkdir(parents=True)
        first = np.pad(pictures[0], ((self.frame,) * 2, (self.frame,) * 2, (0, 0)))
        Pillow.fromarray(first).save(folder / "first.png")
        Pillow.fromarray(np.concatenate([first, first, first], axis=1)).save(folder / "strip/first.png")
        (folder / "strip/constant.png").write_bytes(_constant(ctx.workdir))
        figures = ctx.workdir / "figures.json"
        mean = float(np.mean([picture.mean() for picture in pictures]))
        figures.write_text(json.dumps({"brightness": mean, "count": len(pictures), "frame": self.frame}))
        return Shown(
            previews=Gallery(name="previews", path=folder), figures=Report(name="figures.json", path=figures)
        )


def _constant(folder: Path) -> bytes:
    path = folder / "constant.png"
    Pillow.new("RGB", (8, 8), "green").save(path)
    return path.read_bytes()


def brightening(brighten: Brighten | None = None, show: Show | None = None) -> PipelineSpec:
    """brighten -> show, everything published."""
    pipeline = Pipeline("brightening")
    bright = pipeline.add(brighten or Brighten(), step="brighten", photos=pipeline.source("photos", Image))
    shown = pipeline.add(show or Show(), step="show", photos=bright.image)
    pipeline.publish("pictures/", bright.image, label="pictures")
    pipeline.publish("previews/", shown.previews, label="previews")
    pipeline.publish("figures.json", shown.figures, label="figures")
    pipeline.figure("brightness", shown.figures, "brightness", better="higher")
    pipeline.figure("frame", shown.figures, "frame", better="lower")
    pipeline.figure("count", shown.figures, "count", better="higher")
    return pipeline.build()


def write_pictures(folder: Path, count: int, first: int = 0) -> Path:
    """`p00.png`, `p01.png`, ...: each of one grey of its own."""
    folder.mkdir(exist_ok=True)
    for number in range(first, first + count):
        Pillow.new("RGB", (24, 16), (number, number, number)).save(folder / f"p{number:02d}.png")
    return folder
