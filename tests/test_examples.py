"""The examples run as their users would run them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_a_stage_of_ones_own(tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for width in (20, 30, 40):
        Image.effect_noise((width, 20), 60).convert("RGB").save(photos / f"{width}.jpg")
    script = EXAMPLES / "01_a_stage_of_ones_own.py"
    done = subprocess.run([sys.executable, script, photos, out], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("done: softened photos in ")
    widths: dict[str, int] = {}
    for path in (out / "image").iterdir():
        with Image.open(path) as picture:
            widths[path.name] = picture.width
    assert widths == {"20.png": 20, "30.png": 30, "40.png": 40}
