"""Train Gaussians until they show the photos: the splat."""

from __future__ import annotations

from pydantic import Field

from calotype.artifacts import Cameras, Image, Report, Splat
from calotype.engine.context import Context
from calotype.engine.ports import All, Results
from calotype.engine.stage import Resources, SpeedOnly, Stage
from calotype.vision.splatting.options import TrainOptions


class TrainedSplat(Results):
    """What training gives."""

    splat: Splat
    training: Report
    """How it went: iterations, losses, Gaussians, ms per step."""


class TrainSplat(Stage, TrainOptions):
    """Train a Gaussian splat from posed photos. Every 8th photo by name is held out, for the metrics."""

    version = "1"
    resources = Resources(memory_gb=4.0, whole_machine=True)

    max_side: int = Field(default=960, ge=64)
    """Long side of the training images in pixels; larger photos are reduced."""
    checkpoint_every_s: SpeedOnly[float] = Field(default=20.0, gt=0)
    """Seconds between two checkpoints; a run that is killed goes on from the last one."""

    def run(self, ctx: Context, photos: All[Image], cameras: Cameras) -> TrainedSplat:
        import json
        import time
        from dataclasses import asdict, replace

        from calotype.artifacts.colmap_model import read_colmap_model
        from calotype.vision.splatting.checkpoint import Checkpointing
        from calotype.vision.splatting.gaussians import from_points
        from calotype.vision.splatting.loop import train
        from calotype.vision.splatting.native import NativeBackend
        from calotype.vision.splatting.ply import write_splat_ply
        from calotype.vision.splatting.views import load_views, split_held_out

        camera_set = read_colmap_model(cameras.path)
        names, held_out = split_held_out([frame.name for frame in camera_set.frames])
        seen = replace(camera_set, frames=tuple(f for f in camera_set.frames if f.name in set(names)))
        ctx.progress(0, self.iterations, "reading photos")
        views = load_views({photo.name: photo.path for photo in photos}, seen, self.max_side)
        init = from_points(camera_set.points.xyz, camera_set.points.rgb, limit=self.gaussians, seed=self.seed)
        options = TrainOptions.model_validate(self.model_dump(include=set(TrainOptions.model_fields)))
        started = time.monotonic()
        checkpoint = ctx.checkpoint("training.npz")
        trained = train(
            views,
            init,
            options,
            NativeBackend(ctx.threads),
            progress=ctx.progress,
            checkpoint=Checkpointing(
                checkpoint.path, every_seconds=self.checkpoint_every_s, saved=checkpoint.commit
            ),
        )
        splat = ctx.workdir / "scene.ply"
        write_splat_ply(splat, trained.gaussians)
        history = [asdict(entry) for entry in trained.history]
        full_size = [entry.ms_per_step for entry in trained.history if entry.reduction == 1]
        body = {
            "iterations": self.iterations,
            "gaussians": len(trained.gaussians),
            "initial_gaussians": len(init),
            "dropped": trained.dropped,
            "training_views": len(views),
            "held_out": held_out,
            "image_size": [views[0].camera.width, views[0].camera.height],
            "step_ms": sorted(full_size)[len(full_size) // 2] if full_size else None,
            "seconds": round(time.monotonic() - started, 2),
            "parameters": options.model_dump(mode="json"),
            "history": history,
        }
        report = ctx.workdir / "training.json"
        report.write_text(json.dumps(body, indent=1))
        return TrainedSplat(
            splat=Splat(name="scene.ply", path=splat), training=Report(name="training.json", path=report)
        )
