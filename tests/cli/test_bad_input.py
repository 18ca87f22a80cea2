"""Whatever is wrong with the input: one clear message, exit code 78, no traceback, nothing half-written."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from calotype.runners.session import open_session
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
    assert "warning: bomb.png was left out: " in called.err
    resumed = calotype("resume", "--json")
    assert len(resumed.json["warnings"]) == 4
    assert "text.jpg was left out: " in " ".join(resumed.json["warnings"])
    status = calotype("status", "--json").json
    assert {step["step"]: step["state"] for step in status["steps"]}["prepare"] == "done"
    assert {step["step"]: step["rejected"] for step in status["steps"]}["prepare"] == 4


@pytest.mark.skipif(not NO_OVERLAP.exists(), reason="the shared photos are not here")
def test_photos_that_do_not_overlap_are_refused_with_advice(calotype: Calotype, tmp_path: Path) -> None:
    out = tmp_path / "out"
    refused(calotype("run", "splat", NO_OVERLAP, "-o", out, "--sfm.no-retries"), "70 %", "calotype fork")
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


def test_an_unknown_run_stage_and_step(calotype: Calotype, tmp_path: Path) -> None:
    with open_session(str(tmp_path / "store"), make=True):
        pass
    refused(calotype("status", "20990101"), "No run '20990101'")
    refused(calotype("resume"), "There are no runs in", "store")
    refused(calotype("cancel", "nothing"), "nothing")
    refused(calotype("stages", "nothing"), "No stage is called 'nothing'", "sfm")


def test_a_task_that_is_not_there_or_is_not_a_task(calotype: Calotype, tmp_path: Path) -> None:
    refused(calotype("exec", f"{tmp_path}/store/tasks/r/s/0000/000001.json"), "tasks/r/s/0000/000001.json")
    refused(calotype("exec", "nonsense"), "nonsense")
    path = tmp_path / "store/tasks/r/s/0000/000002.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    refused(calotype("exec", path), "is not a task")


def test_poses_that_do_not_fit_are_refused_before_a_run_is_made(
    calotype: Calotype, photos: Path, tmp_path: Path
) -> None:
    def refused_poses(path: Path, *texts: str) -> None:
        refused(calotype("run", "splat", photos, "--poses", path), str(path), *texts)
        assert calotype("runs", "--json").json == []

    refused_poses(tmp_path / "nowhere.json", "does not exist")
    (tmp_path / "bad.json").write_text("{")
    refused_poses(tmp_path / "bad.json", "is not a JSON file")
    (tmp_path / "other.json").write_text("[1, 2]")
    refused_poses(tmp_path / "other.json", "not a transforms.json")
    (tmp_path / "empty").mkdir()
    refused_poses(tmp_path / "empty", "holds no camera poses")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut/cameras.bin").write_bytes(b"\1\0\0")
    (tmp_path / "cut/images.bin").write_bytes(b"")
    refused_poses(tmp_path / "cut", "truncated")
    frames = [{"file_path": f"IMG_{n}.jpg", "transform_matrix": np.eye(4).tolist()} for n in range(20)]
    (tmp_path / "others.json").write_text(json.dumps({"w": 400, "h": 300, "fl_x": 400.0, "frames": frames}))
    refused_poses(tmp_path / "others.json", "does not fit these photos", "IMG_0.jpg", "view_000.jpg")


def test_weights_that_are_not_there_are_refused_before_a_run_is_made(
    calotype: Calotype, photos: Path, tmp_path: Path
) -> None:
    refused(calotype("run", "splat", photos, "--features", tmp_path / "no.pth"), "no.pth", "does not exist")
    assert calotype("runs", "--json").json == []


def test_one_photo_and_a_list_are_called_what_they_are(
    calotype: Calotype, photos: Path, tmp_path: Path
) -> None:
    one = next(photos.glob("*.jpg"))
    refused(calotype("run", "splat", one), f"{one} is a single image; at least 5 are needed", "folder")
    listed = tmp_path / "list.txt"
    listed.write_text(f"{one}\n")
    refused(calotype("run", "splat", listed), f"{listed} lists 1 image; at least 5 are needed")
    listed.write_text("Dear diary\n")
    refused(calotype("run", "splat", listed), "read as a list of photos", "none of its lines ends in .jpg")
    listed.write_text("")
    refused(calotype("run", "splat", listed), "read as a list of photos", "it is empty")


def test_a_forgotten_or_unknown_pipeline(calotype: Calotype, photos: Path) -> None:
    refused(calotype("run", photos), f"Did you mean `calotype run splat {photos}`?")
    refused(calotype("run", "s3://bucket/photos"), "Did you mean `calotype run splat s3://bucket/photos`?")
    refused(calotype("estimate", photos), f"Did you mean `calotype estimate splat {photos}`?")
    refused(calotype("run", "mesh", photos), "No pipeline is called 'mesh'. There is: splat.")
    refused(calotype("run", "splat"), "needs INPUT", "calotype run splat --help")


def test_an_unknown_option_is_told_with_the_nearest_and_where_to_read_on(
    calotype: Calotype, photos: Path
) -> None:
    refused(calotype("resume", "--stor", "x"), "--stor", "Did you mean --store?", "calotype resume --help")
    refused(calotype("run", "splat", photos, "--frobnicate"), "--frobnicate", "calotype run splat --help")


def test_two_flags_that_say_different_things_about_one_parameter(calotype: Calotype, photos: Path) -> None:
    for short, name, text in (
        ("--iterations", "--train.iterations", "iterations = 70 and train.iterations = 80"),
        ("--max-side", "--train.max-side", "max_side = 70 and train.max_side = 80"),
        ("--train.max-side", "--render.max-side", "render.max_side = 80 and train.max_side = 70"),
    ):
        refused(calotype("run", "splat", photos, short, 70, name, 80), text)
        assert calotype("estimate", "splat", photos, short, 70, name, 70).code == 0, "they agree"


@pytest.mark.parametrize("command", ["status", "resume", "cancel", "explain", "open"])
def test_a_store_that_is_not_there_is_not_made_by_looking(
    calotype: Calotype, command: str, tmp_path: Path
) -> None:
    refused(calotype(command, "--store", tmp_path / "nowhere"), f"There is no store at {tmp_path}/nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", ["runs", "status", "resume", "cancel", "explain", "open", "run splat"])
def test_a_folder_of_other_files_is_not_made_a_store(
    calotype: Calotype, command: str, photos: Path, tmp_path: Path
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "to_anna.txt").write_text("Dear Anna")
    arguments = [*command.split(), *([photos] if "splat" in command else [])]
    refused(calotype(*arguments, "--store", letters), f"{letters} is no Calotype store", "to_anna.txt")
    assert [path.name for path in letters.iterdir()] == ["to_anna.txt"]


def test_an_output_place_that_cannot_be_written_is_found_before_anything_is_computed(
    calotype: Calotype, photos: Path, tmp_path: Path
) -> None:
    def refused_output(out: object, *texts: str) -> None:
        refused(calotype("run", "splat", photos, "-o", out), "Nothing was started", str(out), *texts)
        assert calotype("runs", "--json").json == []

    (tmp_path / "file").write_text("in the way")
    refused_output(tmp_path / "file", "is not a folder")
    refused_output(tmp_path / "file/out", "is not a folder")
    refused_output("/proc/calotype/out")
    refused_output("ftp://somewhere/out", "not supported")
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "report.html").write_text("my own page")
    refused_output(taken, "report.html exists and was not written by Calotype")
    assert (taken / "report.html").read_text() == "my own page"
    assert [path.name for path in taken.iterdir()] == ["report.html"]
    assert not list((tmp_path / "store").glob("blobs"))
