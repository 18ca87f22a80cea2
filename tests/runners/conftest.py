"""Fixtures for tests of jobs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runners.job_place import Place
from tests.storage.hostile_server import Site, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    """Serves the numbers 0 to 5 and takes uploads."""
    with running_site() as running:
        for number in range(6):
            running.serve(f"/{number}.json", json.dumps(number).encode(), ETag=f'"{number}"')
        running.routes["/upload"] = lambda handler: handler.say(200)
        yield running


@pytest.fixture
def place(tmp_path: Path, site: Site) -> Iterator[Place]:
    made = Place(tmp_path, site)
    yield made
    for jobs in made.opened:
        jobs.bench.close()
        jobs.session.close()
