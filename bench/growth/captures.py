"""One long walk around a still life, painted once: its first 25, 50, 100, ... photos are captures of growing size."""

from __future__ import annotations

import os
import random
from pathlib import Path

from calotype.artifacts.cameras import CameraSet
from calotype.vision.synthetic.capture import orbit_capture, write_capture

PHOTOS_PER_TURN = 25


def walk(folder: Path, photos: int, width: int, height: int, threads: int) -> CameraSet:
    """Write so many photos into `folder`, 25 a turn, each turn a little lower than the last; returns the true cameras."""
    turns = max(1, photos // PHOTOS_PER_TURN)
    capture = orbit_capture(photos, width, height, rings=turns, threads=threads)
    write_capture(capture, folder)
    return capture.truth


def first(source: Path, target: Path, count: int, in_order: bool) -> dict[str, str]:
    """Link the first `count` photos into `target`, under their own names or under shuffled ones; the true name of each."""
    target.mkdir(parents=True)
    names = sorted(path.name for path in source.iterdir() if path.suffix == ".jpg")[:count]
    given = list(names) if in_order else [f"{number:08x}.jpg" for number in _shuffled(count)]
    for name, new in zip(names, given, strict=True):
        os.link(source / name, target / new)
    return dict(zip(given, names, strict=True))


def _shuffled(count: int) -> list[int]:
    return random.Random(2026).sample(range(2**32), count)
