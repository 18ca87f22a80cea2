"""Every setting of the splat trainer, with its meaning and its default."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Preset = Literal["low", "medium", "high", "best"]


class TrainOptions(BaseModel):
    """How a splat is trained; all of it decides the result, so all of it is in the key."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    iterations: int = Field(default=3000, ge=1)
    """Optimisation steps, one photo each."""
    gaussians: int = Field(default=30_000, ge=1)
    """The budget: the splat never has more Gaussians than this."""
    sh_degree: int = Field(default=3, ge=0, le=3)
    """Degree of the spherical harmonics: how much colour may change with the viewing direction, 0 to 3."""
    initial_points: int = Field(default=20_000, ge=0)
    """Where the poses come with fewer points than this, more are looked for by comparing neighbouring photos (a plane sweep), so
    that training begins closer to the scene; 0 to begin at the poses' points alone."""
    seed: int = Field(default=0, ge=0)
    """Seed of everything random: order of the photos, choice of initial points, choice of views that are measured."""
    background: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Colour behind the splat, red green blue, 0 to 1."""
    antialiased: bool = False
    """Train with opacity compensation (Mip-Splatting). The file must then be viewed with it too, and PLY cannot say so."""

    exposure: bool = False
    """Learn how each photo was exposed (a colour transform per photo), for captures whose brightness or white balance changes. The
    splat then shows the mean exposure."""
    random_background: bool = False
    """Another colour behind the splat in each step, so that what is solid becomes opaque; `background` is then only that of
    previews and metrics."""

    ssim_weight: float = Field(default=0.2, ge=0, le=1)
    """Share of structural dissimilarity in the loss; the rest is the absolute difference."""
    opacity_weight: float = Field(default=0.0, ge=0)
    """Penalty on the mean opacity: useless Gaussians fade and are taken away."""
    scale_weight: float = Field(default=0.0, ge=0)
    """Penalty on the mean size, relative to the scene: keeps Gaussians from growing where nothing is seen."""

    lr_means: float = Field(default=1e-3, gt=0)
    """Learning rate of positions at the start, as a fraction of the scene's extent."""
    lr_means_end: float = Field(default=1e-5, gt=0)
    """Learning rate of positions at the end; it falls exponentially."""
    lr_scales: float = Field(default=1.4e-2, gt=0)
    """Learning rate of the logarithms of sizes."""
    lr_rotations: float = Field(default=4e-3, gt=0)
    """Learning rate of quaternions."""
    lr_opacities: float = Field(default=0.1, gt=0)
    """Learning rate of the logits of opacities."""
    lr_colours: float = Field(default=3e-3, gt=0)
    """Learning rate of the base colour."""
    lr_harmonics: float = Field(default=1e-3, gt=0)
    """Learning rate of the harmonics above the base colour."""
    lr_exposure: float = Field(default=1e-3, gt=0)
    """Learning rate of the photos' colour transforms."""
    lr_end: float = Field(default=0.1, gt=0, le=1)
    """Factor on all other learning rates at the end; it falls exponentially over the last half."""

    quarter_until: float = Field(default=0.15, ge=0, le=1)
    """Fraction of the iterations that see photos at a quarter of their size."""
    half_until: float = Field(default=0.4, ge=0, le=1)
    """Fraction of the iterations after which photos are seen at full size."""
    sh_every: float = Field(default=0.1, ge=0, le=1)
    """Fraction of the iterations after which the degree of the harmonics is raised by one."""

    densify_from: float = Field(default=0.06, ge=0, le=1)
    """Fraction of the iterations after which Gaussians are split and pruned."""
    densify_until: float = Field(default=0.7, ge=0, le=1)
    """Fraction of the iterations after which the number of Gaussians stays."""
    densify_every: int = Field(default=100, ge=1)
    """Iterations between two rounds of splitting and pruning."""
    prune_opacity: float = Field(default=0.005, ge=0, le=1)
    """Gaussians fainter than this are taken away."""
    prune_weight: float = Field(default=0.05, ge=0, le=1)
    """Gaussians that never hold more than this share of any pixel, in the views looked at, are taken away."""
    measured_views: int = Field(default=24, ge=1)
    """Photos on which the error of each Gaussian is measured before a round of splitting."""

    @classmethod
    def preset(cls, name: Preset, **changes: object) -> TrainOptions:
        """The options of a preset, some of them changed."""
        return cls.model_validate({**PRESETS[name], **changes})

    def sh_degree_at(self, iteration: int) -> int:
        """Degree of the harmonics in use at an iteration: raised step by step."""
        if self.sh_every == 0:
            return self.sh_degree
        return min(self.sh_degree, int(iteration / (self.sh_every * self.iterations)))

    def reduction_at(self, iteration: int) -> int:
        """By which factor photos are reduced at an iteration: 4, 2 or 1."""
        done = iteration / self.iterations
        if done < self.quarter_until:
            return 4
        return 2 if done < self.half_until else 1

    def densifies_at(self, iteration: int) -> bool:
        """Whether Gaussians are split and pruned before this iteration."""
        inside = self.densify_from * self.iterations <= iteration <= self.densify_until * self.iterations
        return inside and iteration > 0 and iteration % self.densify_every == 0

    def budget_at(self, iteration: int, initial: int) -> int:
        """How many Gaussians there may be after the round at this iteration: a straight line from `initial` to the budget."""
        first, last = self.densify_from * self.iterations, self.densify_until * self.iterations
        # The last rounds happen before `densify_until`: the budget is reached at four fifths, so that all have time to settle.
        span = max(0.8 * (last - first), self.densify_every)
        share = min(1.0, (iteration - first + self.densify_every) / span)
        return min(self.gaussians, max(initial, round(initial + share * (self.gaussians - initial))))

    def lr_means_at(self, iteration: int) -> float:
        """Learning rate of positions at an iteration, as a fraction of the extent."""
        done = iteration / self.iterations
        return math.exp((1 - done) * math.log(self.lr_means) + done * math.log(self.lr_means_end))

    def lr_factor_at(self, iteration: int) -> float:
        """Factor on the other learning rates: 1 over the first half, then falling to `lr_end`."""
        late = max(0.0, 2 * iteration / self.iterations - 1)
        return self.lr_end**late


PRESETS: dict[Preset, dict[str, object]] = {
    "low": {"iterations": 3000, "gaussians": 30_000},
    "medium": {"iterations": 7000, "gaussians": 60_000, "densify_every": 150},
    "high": {"iterations": 15_000, "gaussians": 150_000, "densify_every": 300},
    "best": {"iterations": 30_000, "gaussians": 300_000, "densify_every": 500},
}
"""What the presets change from the defaults."""
