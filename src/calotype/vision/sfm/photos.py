"""What photos say about their camera: size, make, focal length and place, read from headers and EXIF."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calotype.vision.images.probe import PILLOW_ERRORS, ImageLimits, open_checked, probe
from calotype.vision.sfm.options import CameraSharing

Progress = Callable[[int, int | None, str], None]

_FULL_FRAME_DIAGONAL_MM = 43.2666
_MAKE, _MODEL = 0x010F, 0x0110
_EXIF_FOLDER, _GPS_FOLDER = 0x8769, 0x8825
_FOCAL_MM, _FOCAL_35MM, _PIXEL_WIDTH = 0x920A, 0xA405, 0xA002
_PLANE_X_RESOLUTION, _PLANE_UNIT = 0xA20E, 0xA210
_MM_PER_UNIT = {2: 25.4, 3: 10.0, 4: 1.0}
# Outside of these the "focal length" of an EXIF block is a typing error or another unit: 0.3 is a 120 degree view, 20 a telescope.
_PLAUSIBLE_FOCAL = (0.3, 20.0)


@dataclass(frozen=True)
class GpsPosition:
    """Where a photo was taken (WGS 84)."""

    latitude_deg: float
    longitude_deg: float
    altitude_m: float | None


@dataclass(frozen=True)
class Photo:
    """A photo and what its header tells; sizes are upright."""

    name: str
    path: Path
    width: int
    height: int
    make: str = ""
    model: str = ""
    focal_mm: float | None = None
    focal_px: float | None = None
    """Focal length by EXIF, in pixels of this photo; None if it does not say."""
    focal_source: str = ""
    """Where `focal_px` is from."""
    gps: GpsPosition | None = None

    @property
    def camera_name(self) -> str:
        """Make and model, or what is known instead."""
        if self.make and self.model.lower().startswith(self.make.lower()):
            return self.model
        return " ".join(part for part in (self.make, self.model) if part) or "unnamed camera"


@dataclass(frozen=True)
class CameraGroup:
    """Photos that share one set of intrinsics."""

    photos: tuple[str, ...]
    width: int
    height: int
    label: str
    focal_px: float | None
    focal_source: str


def read_photos(photos: Sequence[tuple[str, Path]]) -> list[Photo]:
    """What each (name, path) says about itself, sorted by name; raises UnreadableInput as `probe` does."""
    return [read_photo(name, path) for name, path in sorted(photos)]


def read_photo(name: str, path: Path) -> Photo:
    """What one photo says about itself. EXIF that is absent or damaged leaves its fields empty."""
    width, height = probe(path).upright_size
    root, details, place = _exif(path)
    focal_mm = _positive(details.get(_FOCAL_MM))
    focal_px, source = _focal(details, focal_mm, width, height)
    if focal_px is None and focal_mm is not None and root.get(_MODEL):
        focal_px, source = _focal_by_sensor_table(path, width, height)
    return Photo(
        name,
        path,
        width,
        height,
        _text(root.get(_MAKE)),
        _text(root.get(_MODEL)),
        focal_mm,
        focal_px,
        source,
        _gps(place),
    )


def camera_groups(photos: Sequence[Photo], sharing: CameraSharing) -> list[CameraGroup]:
    """The photos, grouped by the camera that took them, in order of first appearance.

    `auto` joins photos of equal size, make, model and focal length; photos without EXIF are joined by size alone. One
    camera for many photos is what keeps focal lengths honest: with a camera per photo, 29 street photos got focal lengths
    from 207 to 1516 pixels. `single` joins everything of one size.
    """
    groups: dict[object, list[Photo]] = {}
    for photo in photos:
        key: object = (photo.width, photo.height)
        if sharing == "per-image":
            key = photo.name
        elif sharing == "auto":
            focal = photo.focal_mm and round(photo.focal_mm, 2)
            key = (photo.width, photo.height, photo.make, photo.model, focal, round(photo.focal_px or 0.0, 1))
        groups.setdefault(key, []).append(photo)
    return [_group(members) for members in groups.values()]


def _group(members: list[Photo]) -> CameraGroup:
    first = members[0]
    known = sorted(photo.focal_px for photo in members if photo.focal_px is not None)
    focal_px = known[len(known) // 2] if known else None
    source = next((photo.focal_source for photo in members if photo.focal_px is not None), "")
    names = tuple(photo.name for photo in members)
    return CameraGroup(names, first.width, first.height, first.camera_name, focal_px, source)


Tags = Mapping[int, Any]


def _exif(path: Path) -> tuple[Tags, Tags, Tags]:
    """The main, camera and GPS directories, each empty where it is absent or damaged."""
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns about EXIF it cannot read in full; the rest is used
        image, _ = open_checked(file, path, ImageLimits())
        try:
            exif = image.getexif()
            return dict(exif), dict(exif.get_ifd(_EXIF_FOLDER)), dict(exif.get_ifd(_GPS_FOLDER))
        except PILLOW_ERRORS:
            return {}, {}, {}


def _text(value: object) -> str:
    """EXIF text without the NULs and blanks some cameras pad it with."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.split("\0")[0].strip() if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) else None


def _positive(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and number > 0 else None


def _focal(details: Tags, focal_mm: float | None, width: int, height: int) -> tuple[float | None, str]:
    """Focal length in pixels and its source.

    The 35 mm equivalent refers to the frame's diagonal; the other way is the sensor's own resolution, counted in the pixels
    that the camera wrote, which may have been more than the photo has now.
    """
    equivalent_mm = _positive(details.get(_FOCAL_35MM))
    if equivalent_mm is not None:
        focal_px = equivalent_mm * math.hypot(width, height) / _FULL_FRAME_DIAGONAL_MM
        if _is_plausible(focal_px, width, height):
            return focal_px, "EXIF 35 mm equivalent"
    resolution = _positive(details.get(_PLANE_X_RESOLUTION))
    unit_mm = _MM_PER_UNIT.get(int(_number(details.get(_PLANE_UNIT)) or 2))
    written_width = _positive(details.get(_PIXEL_WIDTH))
    if focal_mm and resolution and unit_mm and written_width:
        focal_px = focal_mm * resolution / unit_mm * max(width, height) / written_width
        if _is_plausible(focal_px, width, height):
            return focal_px, "EXIF focal plane resolution"
    return None, ""


def _is_plausible(focal_px: float, width: int, height: int) -> bool:
    least, most = _PLAUSIBLE_FOCAL
    return least <= focal_px / max(width, height) <= most


def _focal_by_sensor_table(path: Path, width: int, height: int) -> tuple[float | None, str]:
    """Focal length by COLMAP's own table of sensor sizes, by make and model."""
    import pycolmap

    try:
        camera = pycolmap.infer_camera_from_image(path)
    except (ValueError, RuntimeError):  # a format that COLMAP's decoder does not read
        return None, ""
    focal_px = camera.mean_focal_length() * max(width, height) / max(camera.width, camera.height)
    if not camera.has_prior_focal_length or not _is_plausible(focal_px, width, height):
        return None, ""
    return focal_px, "sensor table"


def _gps(tags: Tags) -> GpsPosition | None:
    latitude = _degrees(tags.get(2), _text(tags.get(1)), "S")
    longitude = _degrees(tags.get(4), _text(tags.get(3)), "W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    if latitude == 0 and longitude == 0:
        return None  # what receivers without a fix write
    altitude = _number(tags.get(6))
    below = tags.get(5) in (1, b"\x01", "1")
    return GpsPosition(latitude, longitude, -altitude if altitude is not None and below else altitude)


def _degrees(value: Any, reference: str, negative: str) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    parts = [_number(part) for part in value]
    degrees, minutes, seconds = parts
    if degrees is None:
        return None
    result = degrees + (minutes or 0.0) / 60 + (seconds or 0.0) / 3600
    return -result if reference.upper() == negative else result
