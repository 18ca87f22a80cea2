"""What each stage gave at its present version, kept as small JSON files, and how they are compared and renewed.

After a change that is meant to change a stage's outputs: bump its `version`, then `pytest tests/stages --renew-goldens`.
For the same version nothing is ever overwritten; where only the measuring changed, delete the file by hand first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calotype.engine.registry import name_of
from calotype.engine.stage import Stage

FOLDER = Path(__file__).parent / "golden"
INPUTS = FOLDER / "inputs"


@dataclass(frozen=True)
class Goldens:
    """The stored outputs."""

    renew: bool = False
    folder: Path = FOLDER

    def of(self, name: str) -> list[Path]:
        """The files of a stage, whatever the version."""
        return [path for path in self.folder.glob("*.json") if path.stem.rpartition("-")[0] == name]

    def check(
        self, stage: type[Stage], measured: Mapping[str, Any], within: Mapping[str, float] | None = None
    ) -> None:
        """Fail when a figure differs from what is stored for this version; `within` gives absolute tolerances, else equal."""
        name = name_of(stage)
        path = self.folder / f"{name}-{stage.version}.json"
        found = json.loads(json.dumps(measured))
        if not path.exists():
            if not self.renew:
                pytest.fail(f"{path.name} is missing; run: pytest tests/stages --renew-goldens")
            for older in self.of(name):
                older.unlink()
            lines = [f" {json.dumps(figure)}: {json.dumps(found[figure])}" for figure in sorted(found)]
            path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
            return
        if differences := _differences(json.loads(path.read_text()), found, within or {}):
            refused = " Nothing was renewed: the version is still the same." if self.renew else ""
            pytest.fail(
                f"{name} {stage.version}: outputs changed: bump version.{refused}\n" + "\n".join(differences)
            )


def _differences(stored: dict[str, Any], found: dict[str, Any], within: Mapping[str, float]) -> list[str]:
    unpaired = [f"{name}: only in one of the two" for name in sorted(stored.keys() ^ found.keys())]
    return unpaired + [
        f"{name}: stored {stored[name]}, found {found[name]}, tolerance {within.get(name, 0)}"
        for name in sorted(stored.keys() & found.keys())
        if not _agree(stored[name], found[name], within.get(name))
    ]


def _agree(stored: Any, found: Any, tolerance: float | None) -> bool:
    if tolerance is None:
        return stored == found
    a, b = np.asarray(stored, float), np.asarray(found, float)
    return a.shape == b.shape and bool((np.abs(a - b) <= tolerance).all())
