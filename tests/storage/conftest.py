"""One store of each kind, each test with its own."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from tests.servers import S3Server

from calotype.storage.store import Store, open_store

KINDS = ("folder", "memory", "moto", "rclone")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of every kind in turn."""
    return new_store(request, request.param, tmp_path)


@pytest.fixture(params=("folder", "moto"))
def some_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty folder or bucket, where the kind of bucket makes no difference."""
    return new_store(request, request.param, tmp_path)


def new_store(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Store:
    if kind == "folder":
        return open_store(tmp_path / "store")
    name = uuid.uuid4().hex
    if kind == "memory":
        return open_store(f"memory://{name}")
    server: S3Server = request.getfixturevalue(f"{kind}_server")
    return open_store(server.url(name), s3=server.settings)
