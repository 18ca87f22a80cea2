"""What the quality report shows about camera poses: every figure of a reconstruction, as one JSON value."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from calotype.vision.geometry.alignment import Similarity
from calotype.vision.sfm.georeference import GeoFit

Matrix = list[list[float]]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class PhotoReport(_Value):
    """One photo."""

    name: str
    registered: bool
    keypoints: int | None
    """None, like the three figures below, where poses were given: nothing was looked for."""
    matched_photos: int | None
    """Photos with which it shares geometrically consistent matches."""
    matches: int | None
    """Consistent matches with all of these together."""
    observations: int | None
    """Points of the model that it sees; None where given poses do not say."""
    reprojection_px: float | None
    """Mean reprojection error in pixels of the photo, None if it is not registered or not known."""
    reason: str = ""
    """Why it is likely not registered."""


class CameraReport(_Value):
    """One set of intrinsics."""

    camera_id: int
    label: str
    photos: int
    """Registered photos that share it."""
    width: int
    height: int
    model: str
    params: list[float]
    focal_px: float
    prior_focal_px: float | None
    """Focal length by EXIF, None if it says nothing."""
    prior_source: str


class MapperReport(_Value):
    """What one mapper made of the matches."""

    mapper: str
    chosen: bool
    model_sizes: list[int]
    """Photos per model, largest first."""
    registered: int
    points: int
    observations: int
    mean_track_length: float
    reprojection_px: float | None
    focal_px: list[float]
    gps_horizontal_rms_m: float | None
    seconds: float


class AgreementReport(_Value):
    """How far the poses of the two mappers lie apart, after the best similarity between them."""

    photos: int
    rotation_median_deg: float
    centre_rms_percent: float
    """Of the extent of the cameras."""
    centre_max_percent: float


class AttemptReport(_Value):
    """One rung of the ladder that is climbed while too few photos find their place."""

    what: str
    keypoints_per_photo: int
    pairs: int
    pairs_of_all: int
    matched_pairs: int
    registered: int
    mapper: str
    reasons: list[str]
    """Why this mapper's model was taken."""


class GpsReport(_Value):
    """How well the poses agree with the photos' GPS positions."""

    photos: int
    horizontal_rms_m: float
    horizontal_max_m: float
    vertical_rms_m: float
    extent_m: float
    """Horizontal diagonal of the positions."""
    metres_per_unit: float
    """Length of one unit of the final world."""
    enu_from_world: Matrix
    """4x4 similarity to metres east, north and up."""
    origin_latitude_deg: float
    origin_longitude_deg: float
    origin_altitude_m: float
    vertical_from_gps: bool


class SfmReport(_Value):
    """Everything about one reconstruction."""

    features: str = ""
    """How keypoints were found: SIFT, or which learned ones; empty if poses were given."""
    registered: int
    photos: list[PhotoReport]
    cameras: list[CameraReport]
    points: int
    points_source: str
    """How they were found, in a word or two: triangulated, given, or found along viewing rays."""
    observations: int | None
    """None if poses were given without tracks."""
    mean_track_length: float | None
    """Photos per point; None if poses were given without tracks."""
    reprojection_px: float | None
    """Mean over all observations, in pixels of the full photos; None if it is not known of given poses."""
    reprojection_at_detection_px: float | None
    """The same in pixels of the pictures in which keypoints were found, which is comparable between cameras."""
    model_sizes: list[int]
    """Photos per model that the chosen mapper found; the first one is the result."""
    mapper: str
    reasons: list[str]
    """Why the result was chosen."""
    mappers: list[MapperReport]
    agreement: AgreementReport | None
    attempts: list[AttemptReport]
    continued: bool
    """Whether keypoints or matches of an earlier, interrupted run were used."""
    gps: GpsReport | None
    up_source: str
    world_from_sfm: Matrix
    """4x4 similarity from the mapper's own frame to the final world."""
    seconds: dict[str, float]
    processor_seconds: dict[str, float] = {}
    """Of all threads together, by the same phases; empty in reports of before they were counted."""
    advice: list[str]

    @property
    def unregistered(self) -> list[PhotoReport]:
        """Photos without a pose."""
        return [photo for photo in self.photos if not photo.registered]


def gps_report(geo: GeoFit, world_from_sfm: Similarity) -> GpsReport:
    """What a GPS fit in the mapper's frame says about the final world."""
    enu_from_world = geo.enu_from_sfm @ world_from_sfm.inverse()
    latitude_deg, longitude_deg, altitude_m = geo.origin
    return GpsReport(
        photos=len(geo.names),
        horizontal_rms_m=geo.horizontal_rms_m,
        horizontal_max_m=geo.horizontal_max_m,
        vertical_rms_m=geo.vertical_rms_m,
        extent_m=geo.extent_m,
        metres_per_unit=enu_from_world.scale,
        enu_from_world=enu_from_world.matrix.tolist(),
        origin_latitude_deg=latitude_deg,
        origin_longitude_deg=longitude_deg,
        origin_altitude_m=altitude_m,
        vertical_from_gps=geo.gives_vertical,
    )
