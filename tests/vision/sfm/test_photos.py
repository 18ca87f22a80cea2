"""What photos say about their camera, and who shares intrinsics with whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, TiffImagePlugin

from calotype.errors import UnreadableInput
from calotype.vision.sfm.photos import camera_groups, read_photo, read_photos

Rational = TiffImagePlugin.IFDRational
DETAILS, GPS = ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo


def photo_file(
    path: Path,
    size: tuple[int, int] = (400, 300),
    root: dict[int, Any] | None = None,
    details: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
) -> Path:
    exif = Image.Exif()
    exif.update(root or {})
    exif.get_ifd(DETAILS).update(details or {})
    exif.get_ifd(GPS).update(gps or {})
    Image.new("RGB", size).save(path, exif=exif)
    return path


def test_a_photo_without_exif_tells_its_size_only(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    photo = read_photo("a.png", tmp_path / "a.png")
    assert (photo.width, photo.height) == (40, 30)
    assert photo.focal_px is None
    assert photo.gps is None
    assert photo.camera_name == "unnamed camera"


def test_the_35_mm_equivalent_refers_to_the_diagonal(tmp_path: Path) -> None:
    path = photo_file(tmp_path / "a.jpg", details={ExifTags.Base.FocalLengthIn35mmFilm: 43})
    focal_px = read_photo("a.jpg", path).focal_px
    assert focal_px is not None
    assert focal_px == pytest.approx(500.0, rel=0.01)


def test_the_focal_plane_resolution_counts_the_pixels_the_camera_wrote(tmp_path: Path) -> None:
    details = {
        ExifTags.Base.FocalLength: Rational(10, 1),
        ExifTags.Base.FocalPlaneXResolution: Rational(2000, 1),
        ExifTags.Base.FocalPlaneResolutionUnit: 3,
        ExifTags.Base.ExifImageWidth: 1600,
    }
    photo = read_photo("a.jpg", photo_file(tmp_path / "a.jpg", details=details))
    # 10 mm at 200 px per mm are 2000 px of 1600; this copy has 400.
    assert photo.focal_px == pytest.approx(500.0)
    assert "resolution" in photo.focal_source


@pytest.mark.parametrize("value", [0, 1, 5000])
def test_an_absurd_focal_length_is_ignored(tmp_path: Path, value: int) -> None:
    path = photo_file(tmp_path / "a.jpg", details={ExifTags.Base.FocalLengthIn35mmFilm: value})
    assert read_photo("a.jpg", path).focal_px is None


def test_names_padded_with_zeros_are_cut(tmp_path: Path) -> None:
    root = {ExifTags.Base.Make: "DJI\0\0\0\0", ExifTags.Base.Model: "DJI FC300S\0\0"}
    photo = read_photo("a.jpg", photo_file(tmp_path / "a.jpg", root=root))
    assert (photo.make, photo.model) == ("DJI", "DJI FC300S")
    assert photo.camera_name == "DJI FC300S"


def test_gps_has_signs_and_an_altitude_below_the_sea(tmp_path: Path) -> None:
    degrees = (Rational(33, 1), Rational(30, 1), Rational(36, 1))
    gps = {1: "S", 2: degrees, 3: "W", 4: degrees, 5: b"\x01", 6: Rational(12, 1)}
    position = read_photo("a.jpg", photo_file(tmp_path / "a.jpg", gps=gps)).gps
    assert position is not None
    assert position.latitude_deg == pytest.approx(-33.51)
    assert position.longitude_deg == pytest.approx(-33.51)
    assert position.altitude_m == -12.0


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (Rational(0, 0), Rational(0, 0), Rational(0, 0)), 3: "E", 4: (1.0, 2.0, 3.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
        {1: "N", 2: (5.0, 0.0, 0.0)},
    ],
    ids=["no number", "no fix", "beyond the pole", "half"],
)
def test_gps_that_makes_no_sense_is_no_gps(tmp_path: Path, gps: dict[int, Any]) -> None:
    assert read_photo("a.jpg", photo_file(tmp_path / "a.jpg", gps=gps)).gps is None


def test_a_turned_photo_counts_upright(tmp_path: Path) -> None:
    path = photo_file(tmp_path / "a.jpg", root={ExifTags.Base.Orientation: 6})
    photo = read_photo("a.jpg", path)
    assert (photo.width, photo.height) == (300, 400)


def test_what_is_no_photo_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"not a photo")
    with pytest.raises(UnreadableInput, match=r"a\.jpg"):
        read_photo("a.jpg", tmp_path / "a.jpg")


def test_photos_of_one_camera_share_it_and_zooming_does_not(tmp_path: Path) -> None:
    def taken(name: str, size: tuple[int, int], model: str, focal_mm: int) -> tuple[str, Path]:
        root = {ExifTags.Base.Make: "Maker", ExifTags.Base.Model: model}
        details = {ExifTags.Base.FocalLength: Rational(focal_mm, 1)}
        return name, photo_file(tmp_path / name, size, root, details)

    photos = read_photos(
        [
            taken("d.jpg", (300, 400), "One", 5),
            taken("a.jpg", (400, 300), "One", 5),
            taken("b.jpg", (400, 300), "One", 5),
            taken("c.jpg", (400, 300), "One", 9),
            taken("e.jpg", (400, 300), "Two", 5),
        ]
    )
    groups = camera_groups(photos, "auto")
    assert [group.photos for group in groups] == [("a.jpg", "b.jpg"), ("c.jpg",), ("d.jpg",), ("e.jpg",)]
    assert [len(group.photos) for group in camera_groups(photos, "single")] == [4, 1]
    assert len(camera_groups(photos, "per-image")) == 5
