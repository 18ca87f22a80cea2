"""A full disk as the user of the command line meets it, with COLMAP at work, which aborts its process for want of room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import Called
from small_disk import SmallDisk

Calotype = Callable[..., Called]
MIB = 1 << 20
SMALL = ("--iterations", 60, "--max-side", 80, "--train.gaussians", 2000, "--render.turntable-frames", 2)


def test_scratch_is_full_while_colmap_works_and_resume_ends_well(
    calotype: Calotype, photos: Path, small_disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NVME_ROOT", str(small_disk.path / "scratch"))
    small_disk.fill(6 * MIB)
    called = calotype("run", "splat", photos, *SMALL, "-o", tmp_path / "out")
    assert called.code == 78, called.err
    assert f"sfm: the disk of scratch {small_disk.path}/scratch is full" in called.err
    assert "of its 32.0 MiB are free" in called.err
    assert "calotype resume" in called.err
    assert "Traceback" not in called.err
    assert "    @ " not in called.err, "nor COLMAP's own"
    assert not (tmp_path / "out").exists()
    assert [name for name in small_disk.files() if "work" in name.split("/")] == []
    small_disk.clear()
    resumed = calotype("resume", "--json")
    assert (resumed.code, resumed.json["registered"]) == (0, 20)
    assert (tmp_path / "out/scene.ply").stat().st_size > 0
