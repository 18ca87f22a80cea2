"""What a quality report is made of: typed figures about poses, training, held-out views and inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import CameraSet
from calotype.vision.reporting.measured import Coverage, Floaters, Histogram


@dataclass(frozen=True)
class HeldOutView:
    """A photo that training did not see, and how well the splat shows it."""

    name: str
    psnr: float | None = None
    """dB."""
    ssim: float | None = None
    fitted_psnr: float | None = None
    """dB, after the colour transform that brings the render closest to the photo."""
    nearest: str = ""
    """The training photo taken from nearest by."""
    nearest_psnr: float | None = None
    """dB, of that photo in place of the render: what a splat must beat to be worth anything."""
    nearest_ssim: float | None = None
    away_deg: float | None = None
    """Angle between its direction and that of the training photo that looks most alike, in degrees."""
    points: int | None = None
    """Triangulated points that it sees."""
    picture: Path | None = None
    """Photo, render and error side by side."""


@dataclass(frozen=True)
class PhotoOutcome:
    """What became of one photo when the cameras were found."""

    name: str
    registered: bool
    reason: str = ""
    """Why it was not registered."""
    features: int | None = None
    matches: int | None = None
    """Verified matches with other photos."""
    matched_photos: int | None = None
    """Photos with which it shares them."""
    points: int | None = None
    """Triangulated points seen in it."""
    reprojection_px: float | None = None


@dataclass(frozen=True)
class MapperFigures:
    """One way the cameras were found."""

    name: str
    chosen: bool
    registered: int | None = None
    points: int | None = None
    reprojection_px: float | None = None
    mean_track_length: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class LensFigures:
    """Intrinsics that some of the photos share."""

    label: str
    model: str
    width: int
    height: int
    photos: int
    focal_px: float
    prior_focal_px: float | None = None
    """What EXIF said, or what was assumed."""
    prior_source: str = ""


@dataclass(frozen=True)
class GpsFigures:
    """How well the camera positions fit the GPS of the photos."""

    photos: int
    horizontal_rms_m: float | None = None
    vertical_rms_m: float | None = None
    horizontal_max_m: float | None = None
    extent_m: float | None = None
    """Horizontal diagonal of the positions: what the residuals are to be seen against."""


@dataclass(frozen=True)
class PoseFigures:
    """How the cameras were found."""

    photos: tuple[PhotoOutcome, ...] = ()
    keypoints: str = ""
    """How keypoints were found."""
    points: int | None = None
    points_source: str = ""
    """How the points were found, in a word or two."""
    mean_track_length: float | None = None
    reprojection_px: float | None = None
    mappers: tuple[MapperFigures, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why the chosen mapper's result was kept."""
    agreement: str = ""
    """How far the mappers' results lie apart, in words."""
    attempts: tuple[str, ...] = ()
    """What was tried, in order, when more than one try was needed."""
    lenses: tuple[LensFigures, ...] = ()
    gps: GpsFigures | None = None
    without_gps: str = ""
    """Why there are no GPS residuals, where there are none."""
    model_sizes: tuple[int, ...] = ()
    """Photos in each separate model that was found; more than one means that the photos do not connect."""

    @property
    def registered(self) -> int:
        return sum(photo.registered for photo in self.photos)


@dataclass(frozen=True)
class CameraMap:
    """Where the cameras stand and what they look at; world frame, +Y down."""

    centres: NDArray[np.float64]
    """[n, 3]."""
    forwards: NDArray[np.float64]
    """[n, 3], unit vectors of the optical axes."""
    points: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 3)))
    """[m, 3]."""
    rgb: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((0, 3), np.uint8))
    """[m, 3]."""

    @classmethod
    def of(cls, cameras: CameraSet) -> CameraMap:
        """The map of a reconstruction."""
        forwards = np.array([frame.R[2] for frame in cameras.frames]).reshape(-1, 3)
        return cls(cameras.centres_world(), forwards, cameras.points.xyz, cameras.points.rgb)


@dataclass(frozen=True)
class TrainingEntry:
    """How training stood after some iterations."""

    iteration: int
    psnr: float | None = None
    loss: float | None = None
    gaussians: int | None = None


@dataclass(frozen=True)
class TrainingFigures:
    """How the splat was trained."""

    history: tuple[TrainingEntry, ...] = ()
    iterations: int | None = None
    gaussians: int | None = None
    initial_gaussians: int | None = None
    views: int | None = None
    image_size: tuple[int, int] | None = None
    """Width and height of the training images."""
    step_ms: float | None = None


@dataclass(frozen=True)
class RejectedInput:
    """A file that was left out."""

    name: str
    reason: str


@dataclass(frozen=True)
class StepCost:
    """What one step took, and what it was expected to take before it began."""

    step: str
    seconds: float | None
    reused: bool = False
    """Whether the result was there already."""
    predicted: float | None = None
    """Seconds."""
    memory_gb: float | None = None
    """The most it took, above what the process had before; None where nobody measured it."""
    predicted_memory_gb: float | None = None
    basis: str = ""
    """What the prediction stands on, in words."""
    parts: Mapping[str, float] = field(default_factory=dict[str, float])
    """Seconds of its phases, which add up to its own."""


@dataclass(frozen=True)
class Preview:
    """A picture of the result."""

    caption: str
    picture: Path


@dataclass(frozen=True)
class ViewerPage:
    """A page that shows the splat, as HTML, and what a page that embeds it has to know."""

    html: str
    script_hash: str
    """As a Content-Security-Policy names its only script."""
    gaussians: int
    cameras: int


@dataclass(frozen=True)
class ReportData:
    """Everything a quality report shows. What is missing is left out of the page, never made up."""

    title: str
    subtitle: str = ""
    about: tuple[str, ...] = ()
    """What the page was made with, and how to find the run that made it: one sentence each."""
    poses: PoseFigures | None = None
    camera_map: CameraMap | None = None
    tracks: Histogram | None = None
    """In how many photos points are seen."""
    errors: Histogram | None = None
    """Reprojection errors in pixels of the full photos."""
    coverage: Coverage | None = None
    floaters: Floaters | None = None
    training: TrainingFigures | None = None
    held_out: tuple[HeldOutView, ...] = ()
    previews: tuple[Preview, ...] = ()
    turntable: Path | None = None
    """A film around the scene, MP4."""
    viewer: ViewerPage | None = None
    """The splat itself."""
    rejected: tuple[RejectedInput, ...] = ()
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Parameters of each step, by its name."""
    costs: tuple[StepCost, ...] = ()
    advice: tuple[str, ...] = ()
    """What to do better in the next capture, from whoever knows more than this report's own rules."""

    def mean(self, figure: str) -> float | None:
        """The mean over held-out views of one of their figures, None where no view has it."""
        values = [getattr(view, figure) for view in self.held_out]
        known = [value for value in values if value is not None and np.isfinite(value)]
        return float(np.mean(known)) if known else None
