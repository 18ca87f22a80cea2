"""The command line as people call it: arguments in, exit code and printed text out. And a small capture to call it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calotype.cli.app import run_command
from calotype.vision.synthetic.capture import Capture, orbit_capture
from calotype.vision.synthetic.photographs import write_capture


@dataclass(frozen=True)
class Called:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def calotype(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Called]:
    """Call the command line with a store and scratch of this test's own."""
    monkeypatch.setenv("CALOTYPE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("NVME_ROOT", str(tmp_path / "scratch"))

    def call(*arguments: object) -> Called:
        capfd.readouterr()
        code = run_command([str(argument) for argument in arguments])
        printed = capfd.readouterr()
        return Called(code, printed.out, printed.err)

    return call


def small_capture() -> Capture:
    """What `photos` shows, with its truth."""
    return orbit_capture(n=20, width=400, height=300, rings=1)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small capture: 20 photos around the procedural scene, too small for a good splat, large enough for good poses."""
    folder = tmp_path_factory.mktemp("capture") / "photos"
    write_capture(small_capture(), folder, threads=2)
    return folder


@pytest.fixture
def cropped_poses(photos: Path, tmp_path: Path) -> Path:
    """A transforms.json that names the photos but belongs to pictures of another shape: found out when the photos are read."""
    frames = [{"file_path": photo.name, "transform_matrix": np.eye(4).tolist()} for photo in photos.iterdir()]
    path = tmp_path / "cropped.json"
    path.write_text(json.dumps({"w": 100, "h": 400, "fl_x": 100.0, "frames": frames}))
    return path
