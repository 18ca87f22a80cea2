"""The main job on real S3 servers: photos from a bucket prefix, everything kept in a bucket, results in a third prefix."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from calotype.runners.settings import store_at
from servers import S3Server


@pytest.mark.parametrize("kind", ["moto_server", "rclone_server"])
def test_photos_in_a_bucket_become_a_splat_in_a_bucket(
    kind: str, request: pytest.FixtureRequest, photos: Path, tmp_path: Path
) -> None:
    server: S3Server = request.getfixturevalue(kind)
    settings = {
        **server.environment,
        "NVME_ROOT": f"{tmp_path}/scratch",
        "XDG_STATE_HOME": f"{tmp_path}/state",
    }
    base = server.url(f"splat-{kind.partition('_')[0]}")
    source = store_at(f"{base}/photos", settings)
    for photo in sorted(photos.glob("*.jpg")):
        source.put(photo.name, photo.read_bytes())
    source.put("notes.txt", b"not a photo")
    arguments = [
        "run",
        "splat",
        f"{base}/photos",
        "--store",
        f"{base}/store",
        "-o",
        f"{base}/results",
        "--json",
    ]
    arguments += ["--iterations", "150", "--max-side", "128", "--train.gaussians", "3000"]
    arguments += ["--render.turntable-frames", "4"]

    def call() -> dict[str, object]:
        code = "from calotype.cli.app import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    document = call()
    assert document["registered"] == document["images"] == 20
    results = store_at(f"{base}/results", settings)
    assert results.get("scene.ply").startswith(b"ply\n")
    assert {info.key for info in results.list("sparse")} >= {"sparse/0/cameras.bin", "sparse/0/images.bin"}
    assert b"<html" in results.get("report.html")
    assert call()["executed"] == []
