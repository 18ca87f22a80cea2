"""Every setting of structure from motion, with its meaning and its default."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from calotype.hardware import usable_cores

Matching = Literal["auto", "exhaustive", "sequential"]
CameraSharing = Literal["auto", "single", "per-image"]
Mapper = Literal["auto", "incremental", "global", "both"]
CameraModel = Literal["auto", "PINHOLE", "SIMPLE_RADIAL", "RADIAL", "OPENCV", "OPENCV_FISHEYE"]


class SfmOptions(BaseModel):
    """How camera poses are found."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    max_features: int = Field(default=3072, ge=128, le=65536)
    """Most keypoints kept per photo. Matching time grows with its square."""
    max_image_side: int = Field(default=1280, ge=200)
    """Keypoints are looked for in a copy of the photo whose longer side has at most this many pixels."""
    matching: Matching = "auto"
    """Which photos are compared: `exhaustive` all with all, `sequential` neighbours by name and in look; `auto` all up to 25, then
    neighbours in look, and by name if names follow a walk."""
    cameras: CameraSharing = "auto"
    """Which photos share their intrinsics: `auto` those of one size and one camera by EXIF, `single` all, `per-image` none."""
    camera_model: CameraModel = "auto"
    """COLMAP's lens model; `auto` begins with one radial term and refines to OPENCV or RADIAL where many photos share a camera."""
    mapper: Mapper = "auto"
    """COLMAP's `incremental` or `global` mapper, or `both`; `auto` asks the second when the first leaves doubts."""
    min_registered_fraction: float = Field(default=0.5, ge=0, le=1)
    """The job fails when fewer than this fraction of the photos (or fewer than five) end up in one model."""
    retries: bool = True
    """Try harder (all pairs, more keypoints, looser thresholds) when fewer than nine in ten photos found their place."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    """Seed of every random draw."""
    threads: int = Field(default=0, ge=0)
    """Processor threads, 0 for all. Changes the time; the poses only within COLMAP's own rounding."""


def thread_count(asked: int) -> int:
    """The threads to use when `asked` are wanted, 0 meaning all that this process may run on."""
    return asked or usable_cores()
