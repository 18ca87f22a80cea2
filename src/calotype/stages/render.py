"""Look at a splat: held-out metrics, pictures beside the photos, a turntable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from calotype.artifacts import Cameras, Gallery, Image, Report, Splat, Video
from calotype.engine.context import Context
from calotype.engine.ports import All, Results
from calotype.engine.stage import Cost, Resources, Stage, Workload

if TYPE_CHECKING:
    from calotype.artifacts.cameras import CameraSet
    from calotype.vision.splatting.evaluation import Quality
    from calotype.vision.splatting.gaussians import Gaussians
    from calotype.vision.splatting.views import TrainingView


_PIXEL_S = 2e-7
"""Seconds of one core per pixel of a picture, its compression included."""


class Renders(Results):
    """What looking gives."""

    metrics: Report
    """PSNR and SSIM per held-out view, their means, and those of copying the nearest training photo."""
    previews: Gallery
    """`<name>.jpg`: render; `compare/<name>.jpg`: photo, render, error; `depth/<name>.jpg`."""
    turntable: Video


class RenderViews(Stage):
    """Render a splat: at the held-out views, where it is measured against the photos, and around the scene as a film."""

    version = "2"
    resources = Resources(memory_gb=2.0, whole_machine=True)

    max_side: int = Field(default=960, ge=64)
    """Long side of the pictures in pixels; metrics are taken at this size, so it should be that of the training."""
    background: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Colour behind the splat, as in training."""
    antialiased: bool = False
    """Render with opacity compensation, as in training."""
    turntable_frames: int = Field(default=90, ge=2)
    """Pictures in the turntable film."""
    turntable_fps: int = Field(default=30, ge=1)
    """Pictures a second."""

    def estimate(self, workload: Workload, cores: int) -> Cost:
        """A picture costs a third of a training step; besides the film there are three for every held-out view."""
        scale = min(1.0, self.max_side / max(workload.long_side, 1))
        pixels = workload.megapixels * 1e6 * scale**2
        pictures = self.turntable_frames + 3 * workload.photos / 8
        reading = workload.photos * workload.megapixels * 0.01
        seconds = 2.0 + (pictures * pixels * _PIXEL_S + reading) / cores
        return Cost(seconds=seconds, memory_gb=0.5 + workload.photos * pixels * 3 / 2**30, disk_gb=0.01)

    def run(self, ctx: Context, photos: All[Image], cameras: Cameras, splat: Splat) -> Renders:
        from calotype.artifacts.colmap_model import read_colmap_model
        from calotype.vision.held_out import split_held_out
        from calotype.vision.splatting.evaluation import evaluate
        from calotype.vision.splatting.ply import read_splat_ply
        from calotype.vision.splatting.views import load_views

        camera_set = read_colmap_model(cameras.path)
        gaussians = read_splat_ply(splat.path)
        _, held_out_names = split_held_out(camera_set)
        # A held-out view is measured and then shown.
        total = len(camera_set.frames) + 2 * len(held_out_names) + self.turntable_frames
        views = load_views(
            {photo.name: photo.path for photo in photos},
            camera_set,
            self.max_side,
            lambda done, _, name: ctx.progress(done, total, f"reading {name}"),
            ctx.threads,
        )
        held_out = [view for view in views if view.name in held_out_names]
        training = [view for view in views if view.name not in held_out_names]
        quality = evaluate(
            gaussians,
            held_out,
            training,
            background=self.background,
            antialiased=self.antialiased,
            threads=ctx.threads,
            progress=lambda done, _, name: ctx.progress(len(views) + done, total, f"measuring {name}"),
        )
        metrics = ctx.workdir / "metrics.json"
        _write_metrics(metrics, quality)
        # With too few photos to hold any out, people still want to see something.
        shown = held_out or views[:1]
        self._write_previews(ctx, gaussians, shown, len(views) + len(held_out), total)
        self._write_turntable(ctx, gaussians, camera_set, total)
        return Renders(
            metrics=Report(name="metrics.json", path=metrics),
            previews=Gallery(name="previews", path=ctx.workdir / "previews"),
            turntable=Video(name="turntable.mp4", path=ctx.workdir / "turntable.mp4"),
        )

    def _write_previews(
        self, ctx: Context, gaussians: Gaussians, views: list[TrainingView], done: int, total: int
    ) -> None:
        from calotype.vision.images.encode import save_jpeg
        from calotype.vision.images.inspection import depth_colours, side_by_side
        from calotype.vision.splatting.rendering import render

        folder = ctx.workdir / "previews"
        for view in views:
            seen = render(
                gaussians,
                view.camera,
                view.cam_from_world,
                self.background,
                antialiased=self.antialiased,
                threads=ctx.threads,
            )
            name = Path(view.name).with_suffix(".jpg")
            save_jpeg(folder / name, seen.rgb_uint8)
            save_jpeg(folder / "compare" / name, side_by_side(view.rgb, seen.rgb_uint8))
            save_jpeg(folder / "depth" / name, depth_colours(seen.depth))
            done += 1
            ctx.progress(min(done, total), total, f"rendering {view.name}")

    def _write_turntable(self, ctx: Context, gaussians: Gaussians, cameras: CameraSet, total: int) -> None:
        from collections.abc import Iterator

        from calotype.vision.splatting.rendering import render, turntable_path
        from calotype.vision.video.writing import write_mp4

        def frames() -> Iterator[Any]:
            for number, (camera, cam_from_world) in enumerate(turntable_path(cameras, self.turntable_frames)):
                scale = min(1.0, self.max_side / max(camera.width, camera.height))
                small = camera.resized(round(camera.width * scale), round(camera.height * scale))
                seen = render(
                    gaussians,
                    small,
                    cam_from_world,
                    self.background,
                    antialiased=self.antialiased,
                    threads=ctx.threads,
                )
                ctx.progress(total - self.turntable_frames + number + 1, total, "turntable")
                yield seen.rgb_uint8

        write_mp4(frames(), ctx.workdir / "turntable.mp4", self.turntable_fps)


def _write_metrics(path: Path, quality: Quality) -> None:
    import json
    import math
    from dataclasses import asdict

    def finite(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    means = {
        "psnr": quality.psnr,
        "ssim": quality.ssim,
        "fitted_psnr": quality.fitted_psnr,
        "nearest_psnr": quality.nearest_psnr,
        "nearest_ssim": quality.nearest_ssim,
    }
    views = [{name: finite(value) for name, value in asdict(view).items()} for view in quality.views]
    body = {"held_out": {name: finite(value) for name, value in means.items()}, "views": views}
    path.write_text(json.dumps(body, indent=1))
