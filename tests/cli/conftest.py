"""The command line as people call it: arguments in, exit code and printed text out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from calotype.cli.app import run_command


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


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny capture: 10 photos of the procedural scene, too small for a good splat, large enough for poses."""
    from calotype.vision.synthetic.capture import orbit_capture
    from calotype.vision.synthetic.photographs import write_capture

    folder = tmp_path_factory.mktemp("capture") / "photos"
    write_capture(orbit_capture(n=12, width=320, height=240, rings=1), folder, threads=2)
    return folder
