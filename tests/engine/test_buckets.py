"""The same run on real S3-compatible servers: as store, as source and as destination."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.engine.pipeline import PipelineSpec
from calotype.runners.session import Session
from calotype.runners.settings import store_at
from servers import S3Server


@pytest.mark.parametrize("kind", ["moto_server", "rclone_server"])
def test_a_run_on_a_bucket_is_adopted_resumed_and_published(
    kind: str,
    request: pytest.FixtureRequest,
    sums: Callable[..., PipelineSpec],
    numbers: Path,
    tmp_path: Path,
) -> None:
    server: S3Server = request.getfixturevalue(kind)
    environment = {
        **server.environment,
        "NVME_ROOT": str(tmp_path / "scratch"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    base = server.url(f"{kind}-{tmp_path.name}".replace("_", "-"))
    source = store_at(f"{base}/photos", environment)
    for path in numbers.iterdir():
        source.put(path.name, path.read_bytes())
    session = Session(f"{base}/store", environment)
    assert session.store.conditional_put is (kind == "moto_server")  # rclone overwrites silently.

    dying = session.create(sums(add=Add(die_at=5)), {"numbers": f"{base}/photos"}, output=f"{base}/results")
    assert session.conduct(dying).state == "failed"
    finished = session.resume(dying.id)
    assert (finished.state, finished.figures["sum"]) == ("done", 132)
    assert finished.executed == ("add",)
    results = store_at(f"{base}/results", environment)
    assert json.loads(results.get("total.json"))["sum"] == 132
    assert json.loads(results.get("doubled/03.json")) == 6

    again = session.conduct(session.create(sums(), {"numbers": str(numbers)}))
    assert again.executed == ()  # The same files, now from a folder.
    changed = session.conduct(session.create(sums(Double(factor=3)), {"numbers": str(numbers)}))
    assert changed.figures["sum"] == 198
    session.close()
