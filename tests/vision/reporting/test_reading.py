"""What the stages wrote becomes what the page shows: every figure in its place, what is unknown left out."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calotype import __version__
from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.artifacts.colmap_model import Sightings
from calotype.vision.reporting.data import RejectedInput, ReportData, StepCost
from calotype.vision.reporting.page import report_page
from calotype.vision.reporting.reading import pose_summary, read_report_data
from calotype.vision.sfm.report import (
    AgreementReport,
    AttemptReport,
    CameraReport,
    GpsReport,
    MapperReport,
    PhotoReport,
    SfmReport,
)
from calotype.vision.splatting.checkpoint import HistoryEntry
from calotype.vision.splatting.evaluation import ViewQuality

FOUND = SfmReport(
    registered=1,
    photos=[
        PhotoReport(
            name="a.jpg", registered=True, keypoints=900, matched_photos=4, matches=310, observations=120,
            reprojection_px=0.61,
        ),
        PhotoReport(
            name="b.jpg", registered=False, keypoints=12, matched_photos=0, matches=0, observations=0,
            reprojection_px=None, reason="few keypoints (12): it is dark",
        ),
    ],
    cameras=[
        CameraReport(
            camera_id=1, label="Phone", photos=1, width=640, height=480, model="OPENCV", params=[500.0] * 8,
            focal_px=500.0, prior_focal_px=510.0, prior_source="EXIF 35 mm equivalent",
        )
    ],
    points=4321,
    points_source="triangulated",
    observations=9876,
    mean_track_length=4.2,
    reprojection_px=0.61,
    reprojection_at_detection_px=0.5,
    model_sizes=[12, 3],
    mapper="incremental",
    reasons=["incremental mapping placed 1 of 2 photos"],
    mappers=[
        MapperReport(
            mapper="incremental", chosen=True, model_sizes=[12, 3], registered=12, points=4321, observations=9876,
            mean_track_length=4.2, reprojection_px=0.61, focal_px=[500.0], gps_horizontal_rms_m=None, seconds=3.2,
        )
    ],
    agreement=AgreementReport(
        photos=11, rotation_median_deg=0.126, centre_rms_percent=0.5, centre_max_percent=1.0
    ),
    attempts=[
        AttemptReport(
            what="all pairs", keypoints_per_photo=456, pairs=10, pairs_of_all=10, matched_pairs=7, registered=12,
            mapper="incremental", reasons=[],
        ),
        AttemptReport(
            what="more keypoints", keypoints_per_photo=0, pairs=0, pairs_of_all=10, matched_pairs=0, registered=0,
            mapper="", reasons=["stopped with an error: no memory"],
        ),
    ],
    continued=False,
    gps=GpsReport(
        photos=9, horizontal_rms_m=1.5, horizontal_max_m=3.0, vertical_rms_m=2.5, extent_m=40.0, metres_per_unit=7.0,
        enu_from_world=np.eye(4).tolist(), origin_latitude_deg=1.0, origin_longitude_deg=2.0, origin_altitude_m=3.0,
        vertical_from_gps=True,
    ),
    up_source="GPS positions",
    world_from_sfm=np.eye(4).tolist(),
    seconds={"keypoints": 2.0, "mapping": 3.0},
    advice=["Move sideways."],
)  # fmt: skip

GIVEN = FOUND.model_copy(
    update={
        "photos": [
            PhotoReport(
                name="a.jpg", registered=True, keypoints=None, matched_photos=None, matches=None,
                observations=None, reprojection_px=None,
            )
        ],
        "points_source": "given", "observations": None, "mean_track_length": None, "reprojection_px": None,
        "mappers": [], "attempts": [], "agreement": None, "gps": None, "model_sizes": [1],
        "reasons": ["poses of 1 photos were given"],
    }
)  # fmt: skip


def written(folder: Path, poses: SfmReport, views: tuple[ViewQuality, ...]) -> ReportData:
    """The outputs of the stages, as they write them, read back."""
    history = [HistoryEntry(100, 0.2, 20.5, 900, 12.5, 4), HistoryEntry(200, 0.1, 23.5, 1000, 30.0, 1)]
    training: dict[str, Any] = {
        "iterations": 200,
        "gaussians": 1000,
        "initial_gaussians": 800,
        "training_views": 7,
        "image_size": [320, 240],
        "step_ms": None,
        "seconds": 6.5,
        "resumed_at": 50,
        "peak_memory_gb": 0.25,
        "predicted": {"seconds": 8.0, "memory_gb": 0.5},
        "parameters": {"seed": 0},
        "history": [asdict(entry) for entry in history],
    }
    camera = Camera("PINHOLE", 64, 48, (50.0, 50.0, 32.0, 24.0))
    points = SparsePoints(np.ones((3, 3)), np.zeros((3, 3), np.uint8), np.ones(3), np.full(3, 2, np.int32))
    half = np.sqrt(0.5)
    frames = (
        Frame("a.jpg", 1, (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 2.0)),
        Frame("b.jpg", 1, (half, 0.0, half, 0.0), (0.0, 0.0, 2.0)),
    )
    (folder / "sfm.json").write_text(poses.model_dump_json())
    (folder / "training.json").write_text(json.dumps(training))
    (folder / "metrics.json").write_text(json.dumps({"views": [asdict(view) for view in views]}))
    (folder / "rejected.json").write_text(json.dumps([["c.heic", "it is cut off"]]))
    return read_report_data(
        "A title",
        poses=folder / "sfm.json",
        training=folder / "training.json",
        metrics=folder / "metrics.json",
        rejected=folder / "rejected.json",
        cameras=CameraSet({1: camera}, frames, points),
        sightings={"a.jpg": Sightings(np.array([[1.0, 1.0], [63.0, 47.0]]), np.array([0, 2]))},
        previews=folder / "previews",
        turntable=folder / "turntable.mp4",
        expected_poses=StepCost(
            "camera poses", None, predicted=4.0, predicted_memory_gb=0.7, basis="for 2 cores"
        ),
        stage_version="7",
    )


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a picture")


def test_what_the_stages_wrote_is_what_the_page_is_given(tmp_path: Path) -> None:
    picture(tmp_path / "previews/compare/left/a.jpg")
    data = written(
        tmp_path, FOUND,
        (ViewQuality("left/a.png", 28.0, 0.9, 28.5, "b.jpg", 17.0, 0.5), ViewQuality("a.jpg", 25.0, 0.8, 25.5, "b.jpg", 0, 0))
    )  # fmt: skip
    assert data.title == "A title"
    assert data.subtitle == "2 photos, a.jpg to b.jpg, Phone; trained at 320×240 pixels"
    assert data.about[0] == f"Made with Calotype {__version__}, report version 7."
    assert "calotype lineage report.html" in data.about[1]
    assert data.training is not None and data.camera_map is not None
    assert [(entry.iteration, entry.psnr) for entry in data.training.history] == [(100, 20.5), (200, 23.5)]
    assert (data.training.views, data.training.image_size, data.training.step_ms) == (7, (320, 240), None)
    assert data.rejected == (RejectedInput("c.heic", "it is cut off"),)
    assert data.costs == (
        StepCost(
            "camera poses", 5.0, predicted=4.0, predicted_memory_gb=0.7, basis="for 2 cores",
            parts={"keypoints": 2.0, "mapping": 3.0},
        ),
        # A quarter of the iterations was done before, by a run that was killed.
        StepCost("training", 6.5, predicted=6.0, memory_gb=0.25, predicted_memory_gb=0.5),
    )  # fmt: skip
    assert data.advice == ("Move sideways.",)
    np.testing.assert_allclose(data.camera_map.centres, [[0, 0, -2], [2, 0, 0]], atol=1e-12)
    first, second = data.held_out
    assert (first.psnr, first.nearest, first.picture) == (
        28.0,
        "b.jpg",
        tmp_path / "previews/compare/left/a.jpg",
    )
    assert (first.fitted_psnr, first.away_deg, first.points) == (28.5, None, None)
    assert second.picture is None
    assert second.away_deg == pytest.approx(90)
    assert second.points == 2


def test_what_the_model_tells_is_measured_and_on_the_page(tmp_path: Path) -> None:
    data = written(tmp_path, FOUND, ())
    assert data.tracks is not None and data.errors is not None and data.coverage is not None
    assert sum(data.tracks.counts) == 3
    assert data.coverage.picture == {"a.jpg": pytest.approx(2 / 144)}
    page = report_page(data)
    assert "Track length: in how many photos a point is seen" in page
    assert "Reprojection error in pixels of the full photo" in page


def test_poses_are_summed_up_with_their_reasons() -> None:
    poses = pose_summary(FOUND.model_dump(mode="json"))
    assert poses.registered == 1
    assert [photo.reason for photo in poses.photos] == ["", "few keypoints (12): it is dark"]
    assert (poses.photos[0].features, poses.photos[0].matches, poses.photos[0].points) == (900, 310, 120)
    assert poses.mappers[0].chosen and poses.mappers[0].seconds == 3.2
    assert poses.agreement.startswith("11 photos in both: rotations differ by 0.13 degrees")
    assert poses.gps is not None
    assert (poses.gps.vertical_rms_m, poses.gps.horizontal_max_m, poses.gps.extent_m) == (2.5, 3.0, 40.0)
    assert poses.without_gps == ""
    assert poses.lenses[0].prior_focal_px == 510.0
    assert poses.model_sizes == (12, 3)
    assert poses.attempts == (
        "all pairs: 7 of 10 pairs matched, 12 photos registered (incremental)",
        "more keypoints: stopped with an error: no memory",
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"agreement": None}, "one mapper was asked"),
        ({"agreement": None, "mappers": FOUND.mappers * 2}, "too few photos to be compared"),
        ({"agreement": None, "mappers": []}, ""),
    ],
)
def test_why_mappers_are_not_compared_is_said(changes: dict[str, Any], told: str) -> None:
    agreement = pose_summary(FOUND.model_copy(update=changes).model_dump(mode="json")).agreement
    assert told in agreement if told else agreement == ""


def test_why_there_are_no_gps_residuals_is_said(tmp_path: Path) -> None:
    without = FOUND.model_copy(update={"gps": None})
    page = report_page(written(tmp_path, without, ()))
    assert "none: under 4 photos, or all of one place" in page
    assert "none: the poses were given" in report_page(written(tmp_path, GIVEN, ()))


def test_how_keypoints_were_found_is_said_where_it_is_known(tmp_path: Path) -> None:
    learned = FOUND.model_copy(update={"features": "ALIKED, n16rot"})
    assert "ALIKED, n16rot" in report_page(written(tmp_path, learned, ()))
    assert "<dt>Keypoints" not in report_page(written(tmp_path, GIVEN, ()))


def test_given_poses_say_that_they_were_given_and_show_no_zeros(tmp_path: Path) -> None:
    data = written(tmp_path, GIVEN, ())
    assert data.poses is not None
    assert (data.poses.points_source, data.poses.reprojection_px) == ("given", None)
    page = report_page(data)
    assert "triangulated" not in page
    assert "poses of 1 photos were given" in page
    assert "Registered photos (1)" not in page, "a table of dashes"


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (2, 2), (3, 3), (7, 3), (30, 3)])
def test_a_few_previews_are_spread_over_all_views(tmp_path: Path, count: int, shown: int) -> None:
    for number in range(count):
        picture(tmp_path / f"previews/depth/{number:02d}.jpg")
        picture(tmp_path / f"previews/{number:02d}.jpg")
    data = written(tmp_path, FOUND, ())
    names = [preview.picture.name for preview in data.previews]
    assert len(names) == 2 * shown
    assert all(preview.picture.exists() for preview in data.previews)
    assert names[0::2] == names[1::2] == sorted(set(names))
