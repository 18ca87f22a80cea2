"""Figures that the report measures itself, on the model and on the splat: tracks, coverage, floaters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Histogram:
    """How often a figure falls into each of some ranges."""

    labels: tuple[str, ...]
    """One per range, as it stands below its bar."""
    counts: tuple[int, ...]
    median: float
    counted: str
    """What was counted: points, observations."""


@dataclass(frozen=True)
class Coverage:
    """What the photos look at, and how much of each the points tell about."""

    yaw_deg: float | None
    """Of the full circle of level directions, how much lies between the outermost ways the cameras look: 360 without their
    largest gap. None where most of them look straight up or down."""
    pitch_deg: tuple[float, float]
    """Lowest and highest way that a camera looks, in degrees above the horizon."""
    picture: Mapping[str, float] = field(default_factory=dict[str, float])
    """By photo, the share of its cells (12 by 12) in which it sees a point; empty where the model keeps no tracks."""

    @property
    def mean_picture(self) -> float | None:
        """Mean share over the photos, None where it is not known."""
        return sum(self.picture.values()) / len(self.picture) if self.picture else None

    @property
    def barest(self) -> str:
        """The photo with the smallest share; empty where none is known."""
        return min(self.picture, key=lambda name: (self.picture[name], name), default="")


@dataclass(frozen=True)
class Floaters:
    """Gaussians that no surface explains, as `measure_floaters` defines them."""

    views: int
    """Pictures that were drawn to find them."""
    gaussians: int
    in_the_air: int | None
    """Gaussians that stand between a camera and the points it sees; None where it is not known what cameras see."""
    in_the_air_share: float | None
    """What they hold of all pictures, 0 to 1."""
    worst: str
    """The view of which they hold most; empty where they hold nothing."""
    worst_share: float
    seen_once: int
    """Gaussians that only one training photo shows."""
    seen_once_share: float
    """What they hold of the training photos' pictures, 0 to 1."""
    covered: float | None
    """Of the held-out pictures, the share of pixels that the splat covers by half or more; None without held-out views."""
