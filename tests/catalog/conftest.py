"""A fresh catalog of each kind: a file, one in memory, a database on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from calotype.catalog import Catalog


@pytest.fixture(params=("file", "memory", "postgresql"))
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """An empty catalog of every kind in turn."""
    catalog = Catalog("sqlite://" if request.param == "memory" else url_of(request, tmp_path))
    yield catalog
    catalog.close()


@pytest.fixture(params=("file", "postgresql"))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where several processes can open the same catalog; nothing is there yet."""
    return url_of(request, tmp_path)


def url_of(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "file":
        return f"sqlite:///{tmp_path}/catalog.sqlite"
    return request.getfixturevalue("postgres_url")
