"""A nursery for processes that die, and what an undisturbed run makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.campaign import Place, undisturbed
from tests.faults.nursery import Nursery, nursery
from tests.faults.pipelines import numbers_run


@pytest.fixture(scope="session")
def born() -> Iterator[Nursery]:
    with nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder of three numbers, and what a run over them publishes when nobody disturbs it."""
    folder = tmp_path_factory.mktemp("three")
    small = numbers_run(folder / "numbers", count=3, pause_s=0.0)
    return folder / "numbers", undisturbed(small, Place(folder))


@pytest.fixture(params=("sqlite", "postgresql"))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A new store and scratch, on every kind of catalog in turn."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return Place(tmp_path, url)
