"""Structure from motion as a whole: exact truth, a real capture, refusals, and continuing after a kill."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pycolmap
import pytest
from PIL import Image

from calotype import errors
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.artifacts.transforms_json import read_transforms
from calotype.errors import OutputsInvalid, PhotosDoNotConnect, StageFailed, TooFewImages, UnreadableInput
from calotype.vision.geometry.alignment import pose_errors
from calotype.vision.sfm.database import MatchDatabase
from calotype.vision.sfm.options import SfmOptions
from calotype.vision.sfm.outputs import write_outputs
from calotype.vision.sfm.reconstruct import reconstruct
from calotype.vision.sfm.report import SfmReport
from calotype.vision.sfm.request import (
    ErrorLine,
    ProgressLine,
    ResultLine,
    SavedLine,
    SfmRequest,
    format_line,
    parse_line,
)

FAST = SfmOptions(max_features=1000, max_image_side=480, threads=2)
BOTH = FAST.model_copy(update={"mapper": "both"})


def quiet(done: int, total: int | None, note: str) -> None:
    pass


def nothing() -> None:
    pass


def test_poses_of_a_painted_scene_are_exact(posed, boards) -> None:
    result, _ = posed
    assert [frame.name for frame in result.cameras.frames] == [name for name, _ in boards.photos]
    found = pose_errors(result.cameras, boards.truth)
    extent = np.ptp(boards.truth.centres_world(), axis=0).max()
    assert np.median(found.rotation_deg) < 0.2
    assert found.centre.max() < 0.005 * extent
    focal = result.report.cameras[0].focal_px
    assert focal == pytest.approx(boards.truth.cameras[1].fx, rel=0.01)


def test_the_world_is_level_centred_and_of_unit_size(posed) -> None:
    cameras = posed[0].cameras
    down = np.mean([frame.R[1] for frame in cameras.frames], axis=0)
    assert down[1] / np.linalg.norm(down) > 0.99
    assert np.median(np.linalg.norm(cameras.centres_world(), axis=1)) == pytest.approx(1.0)
    np.testing.assert_allclose(np.median(cameras.points.xyz, axis=0), 0, atol=1e-9)


def test_points_have_the_colours_of_the_photos(posed, boards) -> None:
    cameras = posed[0].cameras
    assert len(np.unique(cameras.points.rgb, axis=0)) > 100
    # Boards are brighter and darker than 90; an uncoloured point would be black.
    assert np.median(cameras.points.rgb) > 60


def test_all_output_files_tell_the_same_poses(posed) -> None:
    result, out = posed
    model, transforms = read_colmap_model(out), read_transforms(out / "transforms.json")
    for other in (model, transforms):
        assert [frame.name for frame in other.frames] == [frame.name for frame in result.cameras.frames]
        for mine, theirs in zip(result.cameras.frames, other.frames, strict=True):
            np.testing.assert_allclose(mine.cam_from_world, theirs.cam_from_world, atol=1e-9)
    np.testing.assert_allclose(model.points.xyz, result.cameras.points.xyz, atol=1e-9)
    np.testing.assert_array_equal(model.points.rgb, result.cameras.points.rgb)
    assert json.loads((out / "transforms.json").read_text())["ply_file_path"] == "points.ply"
    header = (out / "points.ply").read_bytes()[:400].split(b"end_header")[0].decode()
    assert f"element vertex {len(model.points)}" in header
    assert "property uchar red" in header


def test_the_model_keeps_tracks_that_colmap_can_adjust(posed) -> None:
    result, out = posed
    model = pycolmap.Reconstruction(out)
    assert model.compute_num_observations() == result.report.observations
    assert model.compute_mean_reprojection_error() < 1.0


def test_the_report_accounts_for_every_photo_and_every_choice(posed, boards) -> None:
    report = SfmReport.model_validate_json((posed[1] / "sfm.json").read_bytes())
    assert report == posed[0].report
    assert [photo.name for photo in report.photos] == [name for name, _ in boards.photos]
    assert report.unregistered == []
    assert all(photo.keypoints > 100 and photo.matches > 100 for photo in report.photos)
    assert [mapper.mapper for mapper in report.mappers] == ["incremental"]  # it left no doubts
    assert report.agreement is None
    assert report.reasons
    assert report.attempts[0].pairs == 36
    assert report.cameras[0].prior_source == "EXIF 35 mm equivalent"
    assert report.seconds["matching"] > 0
    assert report.processor_seconds["matching"] > 0
    assert report.processor_seconds.keys() == report.seconds.keys()


def test_both_mappers_agree_where_they_are_asked(boards, tmp_path: Path) -> None:
    report = reconstruct(boards.photos, BOTH, tmp_path / "w", tmp_path / "d.db", quiet, nothing).report
    assert {mapper.mapper for mapper in report.mappers} == {"incremental", "global"}
    assert report.agreement is not None
    assert report.agreement.centre_rms_percent < 1


def test_likely_pairs_give_the_same_place_to_every_photo(boards, tmp_path: Path) -> None:
    options = FAST.model_copy(update={"matching": "sequential", "retries": False})
    result = reconstruct(boards.photos, options, tmp_path / "w", tmp_path / "d.db", quiet, nothing)
    assert result.report.registered == 9
    assert result.report.attempts[0].what == "likely pairs"
    assert np.median(pose_errors(result.cameras, boards.truth).rotation_deg) < 0.5


def test_a_moved_result_is_recorded_as_a_similarity(posed) -> None:
    matrix = np.array(posed[0].report.world_from_sfm)
    scale = np.cbrt(np.linalg.det(matrix[:3, :3]))
    np.testing.assert_allclose(matrix[:3, :3] @ matrix[:3, :3].T, scale**2 * np.eye(3), atol=1e-9 * scale**2)


def test_what_progress_raises_ends_the_call(boards, tmp_path: Path) -> None:
    def stop(done: int, total: int | None, note: str) -> None:
        if note.startswith("placing"):
            raise errors.Cancelled

    with pytest.raises(errors.Cancelled):
        reconstruct(boards.photos[:5], FAST, tmp_path / "w", tmp_path / "database.db", stop, nothing)


def test_four_photos_are_too_few(boards, tmp_path: Path) -> None:
    with pytest.raises(TooFewImages, match="at least 5"):
        reconstruct(boards.photos[:4], FAST, tmp_path / "w", tmp_path / "database.db", quiet, nothing)


def test_unrelated_photos_are_refused_with_figures_and_advice(unrelated, tmp_path: Path) -> None:
    with pytest.raises(PhotosDoNotConnect, match=r"0 of 15 compared pairs") as caught:
        reconstruct(unrelated, FAST, tmp_path / "w", tmp_path / "database.db", quiet, nothing)
    message = str(caught.value)
    assert "70 %" in message
    assert "looser thresholds" in message


def test_photos_that_do_not_belong_are_left_out_with_a_reason(boards, unrelated, tmp_path: Path) -> None:
    photos = [*boards.photos[:6], unrelated[0]]
    for name, grey in (("night.png", 12), ("sun.png", 250), ("wall.png", 80)):
        Image.new("RGB", (480, 360), (grey, grey, grey)).save(tmp_path / name)
        photos.append((name, tmp_path / name))
    options = FAST.model_copy(update={"retries": False, "mapper": "incremental"})
    result = reconstruct(photos, options, tmp_path / "w", tmp_path / "database.db", quiet, nothing)
    write_outputs(tmp_path / "out", result)
    assert [frame.name for frame in read_colmap_model(tmp_path / "out").frames] == [n for n, _ in photos[:6]]
    report = result.report
    assert report.registered == 6
    reasons = {photo.name: photo.reason for photo in report.unregistered}
    assert "resembles no other" in reasons[unrelated[0][0]]
    assert reasons["night.png"] == "few keypoints (0): it is dark"
    assert reasons["sun.png"] == "few keypoints (0): it is overexposed"
    assert reasons["wall.png"] == "few keypoints (0): it is blurred, or shows surfaces without texture"
    assert any("4 of 10 photos have no pose" in hint for hint in report.advice)


def test_an_earlier_rung_that_placed_more_photos_is_tried_again_after_an_interruption(
    boards, tmp_path: Path
) -> None:
    for number in range(2):
        Image.new("RGB", (480, 360), (80, 80, 80)).save(tmp_path / f"wall {number}.png")
    walls = [(f"wall {number}.png", tmp_path / f"wall {number}.png") for number in range(2)]
    photos, database = [*boards.photos[1:7], *walls], tmp_path / "database.db"
    options = FAST.model_copy(update={"max_features": 400, "mapper": "incremental"})

    def stop(done: int, total: int | None, note: str) -> None:
        settings = MatchDatabase(database).settings()
        if note.startswith("placing") and settings is not None and settings.max_features > 400:
            raise errors.Cancelled

    with pytest.raises(errors.Cancelled):
        reconstruct(photos, options, tmp_path / "w", database, stop, nothing)
    assert MatchDatabase(database).state("registered by all pairs") == "6"

    def tried() -> list[str]:
        report = reconstruct(photos, options, tmp_path / "w", database, quiet, nothing).report
        assert report.registered == 6
        return [attempt.what for attempt in report.attempts]

    assert tried() == ["more keypoints", "looser thresholds"]
    MatchDatabase(database).set_state("registered by all pairs", "7")
    assert tried() == ["more keypoints", "looser thresholds", "all pairs"]


def failing(*arguments, **settings):
    raise RuntimeError("Cholesky failed")


def test_a_second_mapper_that_fails_leaves_the_model_of_the_first(
    boards, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(pycolmap, "global_mapping", failing)
    result = reconstruct(boards.photos, BOTH, tmp_path / "w", tmp_path / "database.db", quiet, nothing)
    assert (result.report.registered, result.report.mapper) == (9, "incremental")
    assert "global mapping stopped with an error: Cholesky failed" in result.report.reasons


def test_a_harder_rung_that_fails_leaves_the_model_of_an_easier_one(
    boards, tmp_path: Path, monkeypatch
) -> None:
    for number in range(2):
        Image.new("RGB", (480, 360), (80, 80, 80)).save(tmp_path / f"wall {number}.png")
    photos = [*boards.photos[:6], *((f"wall {n}.png", tmp_path / f"wall {n}.png") for n in range(2))]
    matching = pycolmap.match_image_pairs

    def fail_later(path, *arguments, **settings):
        found = MatchDatabase(tmp_path / "database.db").settings()
        if found is not None and found.max_features > FAST.max_features:
            raise RuntimeError("no memory for descriptors")
        return matching(path, *arguments, **settings)

    monkeypatch.setattr(pycolmap, "match_image_pairs", fail_later)
    options = FAST.model_copy(update={"mapper": "incremental"})
    report = reconstruct(photos, options, tmp_path / "w", tmp_path / "database.db", quiet, nothing).report
    assert report.registered == 6
    assert [attempt.registered for attempt in report.attempts] == [6, 0, 0]
    assert report.attempts[1].reasons == ["stopped with an error: no memory for descriptors"]


def test_a_mapper_that_fails_alone_is_a_failure_of_the_stage_not_of_the_photos(
    boards, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(pycolmap, "incremental_mapping", failing)
    options = FAST.model_copy(update={"mapper": "incremental", "retries": False})
    with pytest.raises(StageFailed, match="Cholesky failed"):
        reconstruct(boards.photos, options, tmp_path / "w", tmp_path / "database.db", quiet, nothing)


def test_a_mapper_in_which_the_process_died_is_left_out_the_next_time(boards, tmp_path: Path) -> None:
    request = request_for(boards.photos, tmp_path / "job", BOTH)
    first = child(request)
    assert first.stdout is not None
    for text in first.stdout:
        line = parse_line(text)
        if isinstance(line, ProgressLine) and line.note == "placing all photos at once":
            first.send_signal(signal.SIGKILL)
            break
    first.communicate()
    second = child(request)
    output, _ = second.communicate()
    assert isinstance(result := parse_line(output.splitlines()[-1]), ResultLine)
    assert (result.registered, result.mapper) == (9, "incremental")
    report = json.loads((tmp_path / "job" / "out" / "sfm.json").read_text())
    assert "global mapping stopped with an error: the process died in it" in report["reasons"]


def test_a_file_that_is_no_photo_is_refused_by_name(boards, tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    photos = [*boards.photos, ("broken.jpg", tmp_path / "broken.jpg")]
    with pytest.raises(UnreadableInput, match=r"broken\.jpg"):
        reconstruct(photos, FAST, tmp_path / "w", tmp_path / "database.db", quiet, nothing)


def test_kermit_is_placed_in_full_with_a_plausible_focal_length(kermit, tmp_path: Path) -> None:
    options = SfmOptions(threads=2)
    report = reconstruct(kermit, options, tmp_path / "w", tmp_path / "database.db", quiet, nothing).report
    assert report.registered == 11
    assert report.cameras[0].focal_px == pytest.approx(690, rel=0.05)
    assert report.reprojection_px is not None
    assert report.reprojection_px < 0.6


def request_for(photos, folder: Path, options: SfmOptions = FAST, **changes) -> Path:
    folder.mkdir(exist_ok=True)
    request = SfmRequest(
        photos=photos,
        options=options,
        workdir=folder / "work",
        database=folder / "database.db",
        output=folder / "out",
        **changes,
    )
    return request.write(folder / "request.json")


def child(request: Path, **changes) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "calotype.vision.sfm.child", str(request)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **changes)


def test_a_child_killed_while_matching_continues_where_it_stopped(boards, tmp_path: Path) -> None:
    copy = tmp_path / "job" / "copy.db"
    request = request_for(boards.photos, tmp_path / "job", saved_copy=copy, saved_every_s=0.0)
    first = child(request)
    assert first.stdout is not None
    matched = False
    for text in first.stdout:
        line = parse_line(text)
        if isinstance(line, ProgressLine) and line.note.startswith("matching") and line.done > 0:
            matched = True
            first.send_signal(signal.SIGKILL)
            break
    first.communicate()
    assert matched
    assert first.returncode == -signal.SIGKILL
    # Another machine has nothing but the copy that was saved.
    done = MatchDatabase(copy).pairs_done()
    assert 0 < len(done) < 36
    (tmp_path / "job" / "database.db").unlink()
    copy.rename(tmp_path / "job" / "database.db")
    second = child(request)
    output, _ = second.communicate()
    lines = [parse_line(text) for text in output.splitlines()]
    assert second.returncode == 0
    begun = {line.note: line.done for line in reversed(lines) if isinstance(line, ProgressLine)}
    assert begun["finding keypoints"] == 9
    assert begun["matching pairs of photos"] == len(done)
    assert any(isinstance(line, SavedLine) for line in lines)
    assert isinstance(lines[-1], ResultLine)
    assert lines[-1].registered == 9
    assert json.loads((tmp_path / "job" / "out" / "sfm.json").read_text())["continued"]


def test_a_child_that_refuses_says_why_and_exits_with_78(unrelated, tmp_path: Path) -> None:
    request = request_for(unrelated[:4], tmp_path / "job")
    running = child(request)
    output, _ = running.communicate()
    last = parse_line(output.splitlines()[-1])
    assert running.returncode == errors.EXIT_CONFIGURATION
    assert isinstance(last, ErrorLine)
    assert isinstance(last.as_exception(), TooFewImages)


def test_a_child_without_a_proper_request_exits_with_78(tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text("{}")
    running = child(tmp_path / "request.json")
    output, _ = running.communicate()
    assert running.returncode == errors.EXIT_CONFIGURATION
    assert "request" in output


@pytest.mark.parametrize(
    "line",
    [
        ProgressLine(done=3, total=None, note="placing"),
        ProgressLine(done=3, total=9, note="matching"),
        SavedLine(),
        ResultLine(photos=9, registered=8, points=7, reprojection_px=0.5, mapper="global", advice=["a"]),
        ErrorLine(type="PhotosDoNotConnect", message="no\nway"),
    ],
)
def test_lines_survive_the_pipe(line) -> None:
    text = format_line(line)
    assert "\n" not in text
    assert parse_line(text) == line


@pytest.mark.parametrize("text", ["", "hello", "3", '{"progress": [1]}', '{"error": "x"}', '{"result": {}}'])
def test_foreign_lines_are_refused(text: str) -> None:
    with pytest.raises(OutputsInvalid):
        parse_line(text)


def test_an_error_line_becomes_the_error_it_names() -> None:
    assert type(ErrorLine(type="PhotosDoNotConnect", message="m").as_exception()) is PhotosDoNotConnect
    assert type(ErrorLine(type="SystemExit", message="m").as_exception()) is errors.StageFailed
