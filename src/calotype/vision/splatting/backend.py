"""The seam between the training loop and the device that owns Gaussians and optimizer state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import Camera
from calotype.vision.splatting.density import Contributions, Statistics, Surgery
from calotype.vision.splatting.gaussians import Float32, Gaussians
from calotype.vision.splatting.rendering import Rendered
from calotype.vision.splatting.views import TrainingView

PARAMETERS = ("means", "q_wxyz", "log_scales", "logit_opacities", "sh")
"""The names of what is optimised: the fields of Gaussians, in this order."""


@dataclass(frozen=True)
class LearningRates:
    """Step sizes of Adam at one iteration, in the units of each parameter."""

    means: float
    q_wxyz: float
    log_scales: float
    logit_opacities: float
    sh_base: float
    sh_rest: float


@dataclass(frozen=True)
class StepSettings:
    """Everything one optimisation step needs beside the view."""

    number: int
    """1 for the first step: the exponent of Adam's bias correction."""
    sh_degree: int
    rates: LearningRates
    ssim_weight: float
    opacity_weight: float
    scale_weight: float
    """Penalty on the mean standard deviation, per scene unit."""
    background: tuple[float, float, float]
    antialiased: bool
    will_split: bool = True
    """Whether a round of splitting may still follow, so that `Statistics.gradient` is wanted."""
    exposures: Mapping[str, Float32] = field(default_factory=dict[str, Float32])
    """[3, 4] transforms of (r, g, b, 1) by the view's name: what the splat shows is compared after them. Views without one are
    compared as they are."""


@dataclass(frozen=True)
class StepResult:
    """What one step saw, before it changed anything."""

    loss: float
    ssim: float
    mse: float
    """Mean squared error of the colours, possibly of a part of the pixels: for the record, not for the loss."""
    skipped: int = 0
    """Gaussians that were left as they were because their gradient was not finite."""
    d_exposure: NDArray[np.float64] | None = None
    """[3, 4] gradient of the loss by the view's exposure, where it has one."""


@dataclass(frozen=True)
class AdamState:
    """First and second moments of Adam, by parameter name; same shapes as the parameters."""

    first: Mapping[str, Float32]
    second: Mapping[str, Float32]


@dataclass(frozen=True)
class Snapshot:
    """Everything a backend holds between two steps: loading it continues as if nothing had happened."""

    gaussians: Gaussians
    adam: AdamState
    gradient: Float32
    """[n] as in Statistics, accumulated so far."""
    seen: Float32
    """[n] as in Statistics, accumulated so far."""


class Backend(Protocol):
    """Gaussians and their optimizer state on some device. Only small arrays of numpy pass through."""

    @property
    def count(self) -> int:
        """How many Gaussians there are."""
        ...

    def load(self, gaussians: Gaussians) -> None:
        """Start from these Gaussians, with empty moments and statistics."""
        ...

    def restore(self, snapshot: Snapshot) -> None:
        """Continue from a snapshot."""
        ...

    def snapshot(self) -> Snapshot:
        """A copy of everything, which later steps do not change."""
        ...

    def step(self, view: TrainingView, settings: StepSettings) -> StepResult:
        """Render the view, compare, and move all Gaussians by one step of Adam; the harmonics grow to settings.sh_degree."""
        ...

    def statistics(self) -> Statistics:
        """What the steps since the last surgery showed."""
        ...

    def measure(self, views: Sequence[TrainingView], settings: StepSettings) -> Contributions:
        """What each Gaussian contributes to these views, and how wrong they are there."""
        ...

    def surgery(self, plan: Surgery) -> None:
        """Drop and split. Survivors keep their order and moments; halves start with empty moments; statistics start anew.

        A split follows the longest axis: see `split_in_two` for the rule that every backend applies.
        """
        ...

    def broken(self) -> NDArray[np.intp]:
        """Ascending indices of Gaussians that hold numbers that are not finite, or have grown beyond all measure."""
        ...

    def render(
        self,
        camera: Camera,
        cam_from_world: NDArray[np.float64],
        background: tuple[float, float, float],
        antialiased: bool,
    ) -> Rendered:
        """The current Gaussians as seen by a pinhole camera."""
        ...
