"""What the engine's tests share: a folder of numbers, a pipeline over it, a session on a real store."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engine.moving import Open, compute, pack
from tests.engine.toy_stages import Add, Double

from calotype.artifacts import Report
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.runners.session import Session
from servers import S3Server


@pytest.fixture
def numbers(tmp_path: Path) -> Path:
    """Twelve files, `00.json` to `11.json`, that hold 0 to 11."""
    folder = tmp_path / "numbers"
    folder.mkdir()
    for value in range(12):
        (folder / f"{value:02d}.json").write_text(json.dumps(value))
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session(tmp_path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sums() -> Callable[..., PipelineSpec]:
    """A pipeline double -> add, its stages given or as they are by default."""

    def build(double: Double | None = None, add: Add | None = None) -> PipelineSpec:
        pipeline = Pipeline("sums")
        doubled = pipeline.add(double or Double(), step="double", numbers=pipeline.source("numbers", Report))
        added = pipeline.add(add or Add(), step="add", numbers=doubled.report)
        pipeline.publish("total.json", added.total, label="total")
        pipeline.publish("doubled/", doubled.report, label="doubled")
        pipeline.figure("sum", added.total, "sum")
        pipeline.figure("count", added.total, "count")
        return pipeline.build()

    return build


@pytest.fixture
def open_session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Sessions on new stores of any kind."""
    opened: list[Session] = []

    def on(kind: str) -> Session:
        name = uuid.uuid4().hex
        environment = {"NVME_ROOT": str(tmp_path / name / "scratch"), "XDG_STATE_HOME": str(tmp_path / name)}
        place = str(tmp_path / name / "store")
        if kind != "folder":
            server: S3Server = request.getfixturevalue(f"{kind}_server")
            environment |= server.environment
            place = server.url(name)
        opened.append(Session(place, environment))
        return opened[-1]

    yield on
    for session in opened:
        session.close()


@pytest.fixture(scope="module")
def origin(sums: Callable[..., PipelineSpec], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A store with one finished run, which no test changes."""
    folder = tmp_path_factory.mktemp("origin")
    (folder / "numbers").mkdir()
    for value in range(12):
        (folder / f"numbers/{value:02d}.json").write_text(str(value))
    session = Session(folder / "store", {"NVME_ROOT": str(folder / "scratch")})
    compute(session, sums(Double(reject_odd=True)), folder / "numbers")
    yield session
    session.close()


@pytest.fixture(scope="module")
def exported(origin: Session, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    (run,) = origin.runs(5)
    return pack(origin, run.id, tmp_path_factory.mktemp("exported") / "run.zip").path.read_bytes()


@pytest.fixture
def archive(exported: bytes, tmp_path: Path) -> Path:
    """The finished run of `origin`, exported."""
    path = tmp_path / "run.zip"
    path.write_bytes(exported)
    return path
