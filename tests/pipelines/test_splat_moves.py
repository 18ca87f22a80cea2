"""The main job moved to another machine: what was computed here is not computed there, and what is changed there alone is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import Called

SMALL = ("--iterations", 100, "--max-side", 128, "--train.gaussians", 2000)


@pytest.mark.slow
def test_a_splat_moves_with_all_that_was_made_on_the_way(
    calotype: Callable[..., Called], photos: Path, tmp_path: Path
) -> None:
    there = ("--store", tmp_path / "there", "--json")
    made = calotype("run", "splat", photos, *SMALL, "--render.turntable-frames", 4, "--json").json
    assert calotype("export", made["run"], "-o", tmp_path / "splat.zip").code == 0
    assert calotype("import", tmp_path / "splat.zip", *there).json["run"] == made["run"]

    resumed = calotype("resume", made["run"], "-o", tmp_path / "out", *there).json
    assert (resumed["executed"], resumed["psnr"]) == ([], made["psnr"])
    assert (tmp_path / "out/scene.ply").read_bytes().startswith(b"ply")
    changed = calotype("fork", made["run"], "--set", "render.turntable-frames=5", *there).json
    assert changed["executed"] == ["render", "report"]
    assert changed["psnr"] == made["psnr"]
    # The fork goes back alone: what it took over from its parent goes with it.
    assert calotype("export", changed["run"], "-o", tmp_path / "fork.zip", *there[:2]).code == 0
    back = ("--store", tmp_path / "back", "--json")
    assert calotype("import", tmp_path / "fork.zip", *back).json["run"] == changed["run"]
    assert calotype("resume", changed["run"], *back).json["executed"] == []
