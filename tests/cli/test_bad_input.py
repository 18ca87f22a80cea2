"""Whatever is wrong with the input: one clear message, exit code 78, no traceback, nothing half-written."""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import Called

Calotype = Callable[..., Called]
NO_OVERLAP = Path(__file__).parents[3] / "shared/data/no_overlap"


def refused(called: Called, *texts: str) -> None:
    """Exit 78 with a message that holds these texts, and no traceback."""
    assert called.code == 78, called.err
    assert "Traceback" not in called.err
    for text in texts:
        assert text in called.err


def bomb(path: Path, side: int = 20_000) -> None:
    """A PNG of a few bytes whose header promises 400 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def test_fewer_than_five_images(calotype: Calotype, photos: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    few.mkdir()
    for photo in sorted(photos.glob("*.jpg"))[:4]:
        shutil.copy(photo, few)
    refused(calotype("run", "splat", few), "holds 4 images; at least 5 are needed")
    assert calotype("runs", "--json").json == []


def test_an_empty_folder_and_a_missing_one(calotype: Calotype, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(calotype("run", "splat", tmp_path / "empty"), str(tmp_path / "empty"))
    refused(calotype("run", "splat", tmp_path / "nowhere"), str(tmp_path / "nowhere"))


def test_a_video_gets_a_clear_answer(calotype: Calotype, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0\0\0 ftypisom" + b"\0" * 64)
    refused(calotype("run", "splat", film), "film.mp4", "video")


def test_unreadable_photos_are_left_out_with_reasons(
    calotype: Calotype, photos: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for photo in sorted(photos.glob("*.jpg"))[:3]:
        shutil.copy(photo, folder)
    whole = (folder / "view_000.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "text.jpg").write_text("I am not a photo")
    (folder / "empty.png").write_bytes(b"")
    bomb(folder / "bomb.png")
    called = calotype("run", "splat", folder)
    refused(called, "cut.jpg left out", "text.jpg left out", "empty.png left out", "bomb.png left out", "400")
    assert str(tmp_path / "scratch") not in called.err
    status = calotype("status", "--json").json
    assert {step["step"]: step["state"] for step in status["steps"]}["prepare"] == "done"
    assert {step["step"]: step["rejected"] for step in status["steps"]}["prepare"] == 4


@pytest.mark.skipif(not NO_OVERLAP.exists(), reason="the shared photos are not here")
def test_photos_that_do_not_overlap_are_refused_with_advice(calotype: Calotype, tmp_path: Path) -> None:
    out = tmp_path / "out"
    refused(calotype("run", "splat", NO_OVERLAP, "-o", out, "--sfm.no-retries"), "70 %", "calotype resume")
    assert not out.exists()


def test_a_store_that_cannot_be_written(calotype: Calotype, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused(calotype("run", "splat", photos, "--store", tmp_path / "file/store"), "file/store")


def test_no_space_left(calotype: Calotype, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALOTYPE_SCRATCH_GB", "0.0001")
    refused(calotype("run", "splat", photos), "scratch", "free")


def test_an_unknown_parameter_and_a_value_out_of_range(calotype: Calotype, photos: Path) -> None:
    refused(calotype("run", "splat", photos, "--itterations", 5), "--itterations")
    refused(calotype("run", "splat", photos, "--iterations", 0), "iterations", "greater than or equal to 1")
    refused(calotype("run", "splat", photos, "--train.sh-degree", 9), "sh", "less than or equal to 3")
    refused(calotype("run", "splat", photos, "--preset", "huge"), "preset", "low")
    refused(calotype("run", "splat", photos, "--max-side", "wide"), "max-side")
    refused(calotype("run", "splatt", photos), "splatt")
    refused(calotype("fly"), "fly")


def test_an_unknown_run_stage_and_step(calotype: Calotype) -> None:
    refused(calotype("status", "20990101"), "No run '20990101'")
    refused(calotype("resume"), "There are no runs yet")
    refused(calotype("cancel", "nothing"), "nothing")
    refused(calotype("stages", "nothing"), "No stage is called 'nothing'", "sfm")


def test_a_task_that_is_not_there_or_is_not_a_task(calotype: Calotype, tmp_path: Path) -> None:
    refused(calotype("exec", f"{tmp_path}/store/tasks/r/s/0000/000001.json"), "tasks/r/s/0000/000001.json")
    refused(calotype("exec", "nonsense"), "nonsense")
    path = tmp_path / "store/tasks/r/s/0000/000002.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    refused(calotype("exec", path), "is not a task")


def test_poses_that_do_not_fit(calotype: Calotype, photos: Path, tmp_path: Path) -> None:
    refused(calotype("run", "splat", photos, "--poses", tmp_path / "nowhere.json"), "nowhere.json")
    (tmp_path / "bad.json").write_text("{")
    refused(calotype("run", "splat", photos, "--poses", tmp_path / "bad.json"), "bad.json")
