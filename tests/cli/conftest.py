"""What tests of commands share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.toy_stages import Double

from calotype.runners.session import Session, pipeline_of
from commands import Called


@pytest.fixture
def run(calotype: Callable[..., Called], tmp_path: Path) -> str:
    """A finished run in the store that the commands use."""
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    for value in range(3):
        (numbers / f"{value}.json").write_text(json.dumps(value))
    session = Session(tmp_path / "store", os.environ)
    try:
        return session.conduct(session.create(pipeline_of(Double()), {"numbers": str(numbers)})).run
    finally:
        session.close()
