"""`sfm` when a native library takes its whole process down: what was found before is not lost."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from calotype.artifacts import Image
from calotype.engine.context import Context, ProcessCache
from calotype.stages.sfm import Sfm
from calotype.storage.store import open_store

CHILD = b"calotype.vision.sfm.child"


def kill_reconstruction() -> None:
    """Kill our children that reconstruct, as an abort in COLMAP would end them."""
    for listing in Path("/proc/self/task").glob("*/children"):
        for pid in listing.read_text().split():
            if CHILD in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(int(pid), signal.SIGKILL)


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
def test_a_mapper_that_takes_the_process_down_leaves_the_model_of_the_other_one(
    photos: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "work/sfm/models_global"  # Made when the second mapper begins.
    ended = threading.Event()

    def kill_there() -> None:
        while not ended.wait(0.002):
            if mapping.exists():
                kill_reconstruction()
                return

    killer = threading.Thread(target=kill_there)
    killer.start()
    (tmp_path / "work").mkdir()
    context = Context(
        workdir=tmp_path / "work",
        store=open_store("memory://sfm-child-dies"),
        checkpoint_prefix="checkpoints/key",
        report=lambda *_: None,
        cancelled=lambda: False,
        cache=ProcessCache(),
    )
    images = [Image(name=path.name, path=path) for path in sorted(photos.iterdir())]
    try:
        found = Sfm(max_features=1500, mapper="both").run(context, images)
    finally:
        ended.set()
        killer.join()
        context.close(finished=True)
    report = json.loads(found.report.path.read_text())
    assert (report["registered"], report["mapper"]) == (9, "incremental")
    assert "global mapping stopped with an error: the process died in it" in report["reasons"]
    assert report["continued"] is True, "keypoints and matches are not made twice"
