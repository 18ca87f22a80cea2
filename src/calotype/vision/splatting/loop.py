"""Train a splat: one loop, whatever the device."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calotype.errors import TooFewImages
from calotype.vision.splatting.backend import Backend, LearningRates, StepResult, StepSettings
from calotype.vision.splatting.checkpoint import (
    CheckpointClock,
    Checkpointing,
    HistoryEntry,
    Saved,
    fingerprint,
    load_checkpoint,
    save_checkpoint,
)
from calotype.vision.splatting.density import Surgery, plan_surgery
from calotype.vision.splatting.exposure import Exposures, exposed
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.options import TrainOptions
from calotype.vision.splatting.views import Progress, TrainingView, scene_extent, silent

log = logging.getLogger(__name__)

_REPORT_EVERY = 100
_PROGRESS_EVERY = 10
_CHECK_EVERY = 100


@dataclass(frozen=True)
class Trained:
    """A finished splat, and how it came about."""

    gaussians: Gaussians
    history: tuple[HistoryEntry, ...]
    dropped: int
    """How many Gaussians exploded (numbers that are not finite) and were dropped on the way."""
    resumed_at: int
    """How many iterations came from a checkpoint; 0 for an undisturbed run."""


def train(
    views: Sequence[TrainingView],
    init: Gaussians,
    options: TrainOptions,
    backend: Backend,
    progress: Progress = silent,
    checkpoint: Checkpointing | None = None,
) -> Trained:
    """The splat that shows the views, trained from `init`.

    All that is random is a function of options.seed and the iteration, so a run that is resumed from its checkpoint ends
    with the same bits as an undisturbed one, if the backend's steps do. `progress` is called with (iterations done, all
    iterations, note) and may raise. Raises TooFewImages without a view.
    """
    if not views:
        raise TooFewImages("There is no photo to train from.")
    run = _Run(views, init, options, backend, checkpoint)
    resumed_at = run.begin()
    while run.iteration < options.iterations:
        run.control_density()
        run.step()
        run.report(progress)
        run.save()
    run.drop_broken()
    gaussians = run.exposed_as_on_average(backend.snapshot().gaussians)
    return Trained(gaussians, tuple(run.history), run.dropped, resumed_at)


@dataclass
class _Window:
    """Sums since the last entry of the history."""

    loss: float = 0.0
    mse: float = 0.0
    steps: int = 0
    began: float = field(default_factory=time.perf_counter)


class _Run:
    """The state of one call of `train`."""

    def __init__(
        self,
        views: Sequence[TrainingView],
        init: Gaussians,
        options: TrainOptions,
        backend: Backend,
        checkpoint: Checkpointing | None,
    ) -> None:
        self._views = views
        self._init = init
        self._options = options
        self._backend = backend
        self._checkpoint = checkpoint
        self._clock = CheckpointClock(checkpoint)
        self._identity = fingerprint(views, init, options) if checkpoint is not None else ""
        self._extent = scene_extent(views, init.means)
        self._reduction = 1
        self._reduced: list[TrainingView] = list(views)
        self._initial = len(init)
        self._window = _Window()
        self._exposures = (
            Exposures([view.name for view in views], options.lr_exposure) if options.exposure else None
        )
        self.iteration = 0
        self.dropped = 0
        self.history: list[HistoryEntry] = []

    def begin(self) -> int:
        """Load the checkpoint or the initial Gaussians; returns how many iterations are done already."""
        saved = (
            load_checkpoint(self._checkpoint.path, self._identity) if self._checkpoint is not None else None
        )
        if saved is None:
            self._backend.load(self._init)
            return 0
        self._backend.restore(saved.snapshot)
        if self._exposures and saved.exposures:
            self._exposures.restore(saved.exposures)
        self.iteration, self.dropped = saved.iteration, saved.dropped
        self.history = list(saved.history)
        log.info("resumed at iteration %d with %d Gaussians", self.iteration, self._backend.count)
        return saved.iteration

    def control_density(self) -> None:
        """Drop what exploded, then split and prune, where the schedule says so."""
        if self.iteration % _CHECK_EVERY == 0:
            self.drop_broken()
        options = self._options
        if not options.densifies_at(self.iteration):
            return
        random = np.random.default_rng([options.seed, 1, self.iteration])
        views = self._views_now()
        chosen = random.permutation(len(views))[: options.measured_views]
        plan = plan_surgery(
            self._backend.statistics(),
            self._backend.measure([views[i] for i in chosen], self._settings()),
            budget=options.budget_at(self.iteration, self._initial),
            prune_opacity=options.prune_opacity,
            prune_weight=options.prune_weight,
        )
        self._backend.surgery(plan)

    def step(self) -> None:
        """One step on the view whose turn it is."""
        views = self._views_now()
        epoch, place = divmod(self.iteration, len(views))
        order = np.random.default_rng([self._options.seed, 0, epoch]).permutation(len(views))
        view = views[order[place]]
        result: StepResult = self._backend.step(view, self._settings())
        if self._exposures and result.d_exposure is not None:
            self._exposures.learn(view.name, result.d_exposure)
        self.iteration += 1
        self._window.loss += result.loss
        self._window.mse += result.mse
        self._window.steps += 1

    def report(self, progress: Progress) -> None:
        """Add to the history and call `progress`, each at its own pace."""
        window, last = self._window, self.iteration == self._options.iterations
        if self.iteration % _REPORT_EVERY == 0 or last:
            ms = 1000 * (time.perf_counter() - window.began) / window.steps
            psnr = float(-10 * np.log10(max(window.mse / window.steps, 1e-12)))
            entry = HistoryEntry(
                self.iteration, window.loss / window.steps, psnr, self._backend.count, ms, self._reduction
            )
            self.history.append(entry)
            self._window = _Window()
        if self.iteration % _PROGRESS_EVERY == 0 or last:
            progress(self.iteration, self._options.iterations, self._note())

    def save(self) -> None:
        """Write a checkpoint when one is due."""
        if self._checkpoint is None or not self._clock.due(self.iteration):
            return
        saved = Saved(
            self.iteration,
            self._initial,
            self.dropped,
            self._backend.snapshot(),
            tuple(self.history),
            self._exposures.state() if self._exposures else None,
        )
        save_checkpoint(self._checkpoint.path, saved, self._identity)
        if self._checkpoint.saved is not None:
            self._checkpoint.saved()
        self._clock.saved()

    def drop_broken(self) -> None:
        """Take away Gaussians that exploded: one number that is not finite must not spread or end in the file."""
        broken = self._backend.broken()
        if len(broken) > 0:
            self._backend.surgery(Surgery(drop=broken, split=_NONE))
            self.dropped += len(broken)
            log.warning("iteration %d: dropped %d exploded Gaussians", self.iteration, len(broken))

    def exposed_as_on_average(self, gaussians: Gaussians) -> Gaussians:
        """The splat as photos of the mean exposure show it: what all photos have in common is the scene's."""
        return exposed(gaussians, self._exposures.mean()) if self._exposures else gaussians

    def _note(self) -> str:
        if not self.history:
            return f"{self._backend.count} Gaussians"
        last = self.history[-1]
        return f"{self._backend.count} Gaussians, loss {last.loss:.4f}, {last.ms_per_step:.0f} ms per step"

    def _views_now(self) -> list[TrainingView]:
        """The views at the size of this iteration."""
        reduction = self._options.reduction_at(self.iteration)
        if reduction != self._reduction:
            self._reduction = reduction
            self._reduced = [view.reduced(reduction) for view in self._views]
        return self._reduced

    def _settings(self) -> StepSettings:
        options, factor = self._options, self._options.lr_factor_at(self.iteration)
        return StepSettings(
            number=self.iteration + 1,
            sh_degree=options.sh_degree_at(self.iteration),
            rates=LearningRates(
                means=options.lr_means_at(self.iteration) * self._extent,
                q_wxyz=options.lr_rotations * factor,
                log_scales=options.lr_scales * factor,
                logit_opacities=options.lr_opacities * factor,
                sh_base=options.lr_colours * factor,
                sh_rest=options.lr_harmonics * factor,
            ),
            ssim_weight=options.ssim_weight,
            opacity_weight=options.opacity_weight,
            scale_weight=options.scale_weight / self._extent,
            background=self._background(),
            antialiased=options.antialiased,
            will_split=self.iteration <= options.densify_until * options.iterations,
            exposures=self._exposures.colours() if self._exposures else {},
        )

    def _background(self) -> tuple[float, float, float]:
        options = self._options
        if not options.random_background:
            return options.background
        r, g, b = np.random.default_rng([options.seed, 2, self.iteration]).random(3)
        return float(r), float(g), float(b)


_NONE: NDArray[np.intp] = np.zeros(0, np.intp)
