"""Train Gaussians until they show the photos: the splat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field

from calotype.artifacts import Cameras, Image, Report, Splat
from calotype.engine.context import Context
from calotype.engine.ports import All, Results
from calotype.engine.stage import Cost, Resources, SpeedOnly, Stage, Workload
from calotype.hardware import PeakMemory, usable_cores
from calotype.vision.splatting.options import TrainOptions

if TYPE_CHECKING:
    from calotype.vision.splatting.loop import Trained
    from calotype.vision.splatting.views import TrainingView

# Seconds of one core per pixel and per Gaussian of a step, measured with bench/splat_cpu.py (SH degree 3, AVX-512).
_PIXEL_S = 2.2e-7
_GAUSSIAN_S = 6e-7
# Of one core per point that is looked for, measured on 50 photos of a phone.
_POINT_S = 5e-4


class TrainedSplat(Results):
    """What training gives."""

    splat: Splat
    training: Report
    """How it went: iterations, losses, Gaussians, ms per step."""


class TrainSplat(Stage, TrainOptions):
    """Train a Gaussian splat from posed photos. Every 8th photo by name is held out, for the metrics."""

    version = "3"
    resources = Resources(memory_gb=4.0, whole_machine=True)

    max_side: int = Field(default=960, ge=64)
    """Long side of the training images in pixels; larger photos are reduced."""
    checkpoint_every_s: SpeedOnly[float] = Field(default=20.0, gt=0)
    """Seconds between two checkpoints; a run that is killed goes on from the last one."""

    def estimate(self, workload: Workload, cores: int) -> Cost:
        """Time per step grows with pixels and Gaussians; the iterations at reduced size count for their share of pixels.

        How many points the poses bring is not known before they are found: half of those wanted is taken for the rest.
        """
        scale = min(1.0, self.max_side / max(workload.long_side, 1))
        pixels = workload.megapixels * 1e6 * scale**2
        shares = (self.quarter_until, self.half_until - self.quarter_until, 1 - self.half_until)
        seen = pixels * (shares[0] / 16 + shares[1] / 4 + shares[2])
        # The number of Gaussians grows to its budget over the first half: 0.7 of it on average.
        step_s = (seen * _PIXEL_S + 0.7 * self.gaussians * _GAUSSIAN_S) / cores
        searched = 0.5 * min(self.initial_points, self.gaussians)
        image_gb = workload.photos * pixels * 3 * 1.32 / 2**30
        state_gb = self.gaussians * (59 * 4 * 6) / 2**30
        return Cost(
            seconds=self.iterations * step_s + searched * _POINT_S / cores,
            memory_gb=0.5 + image_gb + state_gb + pixels * 200 / 2**30,
            disk_gb=2 * state_gb,
        )

    def run(self, ctx: Context, photos: All[Image], cameras: Cameras) -> TrainedSplat:
        import json
        import time

        from calotype.artifacts.colmap_model import read_colmap_model
        from calotype.vision.held_out import split_held_out
        from calotype.vision.splatting.checkpoint import Checkpointing
        from calotype.vision.splatting.initial import initial_gaussians
        from calotype.vision.splatting.loop import train
        from calotype.vision.splatting.native import NativeBackend
        from calotype.vision.splatting.ply import write_splat_ply
        from calotype.vision.splatting.views import load_views

        memory = PeakMemory()
        camera_set = read_colmap_model(cameras.path)
        training, held_out = split_held_out(camera_set)
        paths = {photo.name: photo.path for photo in photos}
        views = load_views(
            paths,
            training,
            self.max_side,
            lambda done, total, _: ctx.progress(0, self.iterations, f"reading photo {done} of {total}"),
            ctx.threads,
        )
        started = time.monotonic()
        ctx.progress(0, self.iterations, "placing the first Gaussians")
        options = TrainOptions.model_validate(self.model_dump(include=set(TrainOptions.model_fields)))
        init = initial_gaussians(
            training,
            paths,
            options,
            lambda done, total, note: ctx.progress(0, self.iterations, f"{note}, {done} of {total}"),
            ctx.threads,
        )
        checkpoint = ctx.checkpoint("training.npz")
        trained = train(
            views,
            init,
            options,
            NativeBackend(ctx.threads),
            progress=ctx.progress,
            checkpoint=Checkpointing(
                checkpoint.path,
                every_seconds=self.checkpoint_every_s,
                saved=checkpoint.commit_in_background,
            ),
        )
        splat = ctx.workdir / "scene.ply"
        write_splat_ply(splat, trained.gaussians, antialiased=self.antialiased)
        body = {
            "training_views": len(views),
            "held_out": sorted(held_out),
            "seconds": round(time.monotonic() - started, 2),
            "peak_memory_gb": memory.gb,
            **self._told(trained, len(init), views, ctx.threads or usable_cores()),
        }
        report = ctx.workdir / "training.json"
        report.write_text(json.dumps(body, indent=1))
        return TrainedSplat(
            splat=Splat(name="scene.ply", path=splat), training=Report(name="training.json", path=report)
        )

    def _told(
        self, trained: Trained, initial: int, views: Sequence[TrainingView], cores: int
    ) -> dict[str, Any]:
        """What training.json says of the training itself, and what was expected of it."""
        from dataclasses import asdict

        camera = views[0].camera
        workload = Workload(
            photos=len(views),
            megapixels=camera.width * camera.height / 1e6,
            long_side=max(camera.width, camera.height),
            gigabytes=0.0,
        )
        predicted = self.estimate(workload, cores)
        full_size = sorted(entry.ms_per_step for entry in trained.history if entry.reduction == 1)
        return {
            "iterations": self.iterations,
            "gaussians": len(trained.gaussians),
            "initial_gaussians": initial,
            "dropped": trained.dropped,
            "image_size": [camera.width, camera.height],
            "step_ms": full_size[len(full_size) // 2] if full_size else None,
            "resumed_at": trained.resumed_at,
            "predicted": {"seconds": predicted.seconds, "memory_gb": predicted.memory_gb},
            "parameters": self.model_dump(include=set(TrainOptions.model_fields), mode="json"),
            "history": [asdict(entry) for entry in trained.history],
        }
