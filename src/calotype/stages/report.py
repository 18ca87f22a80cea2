"""Write one page that says how good the result is, and what to do better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from calotype.artifacts import Cameras, Gallery, Report, Splat, Video
from calotype.engine.context import Context
from calotype.engine.ports import Results
from calotype.engine.registry import stage_class
from calotype.engine.stage import Cost, Stage, Workload
from calotype.hardware import usable_cores

if TYPE_CHECKING:
    from calotype.vision.reporting.data import StepCost

_POSES = "sfm"
"""The stage, by its registered name, whose estimate stands beside the time that poses took."""
# Seconds of one core: to draw a view 240 pixels wide, and to write the viewer and the pictures.
_VIEW_S = 0.03
_PAGE_S = 2.0


class Pages(Results):
    """The report, for people."""

    page: Report
    viewer: Report
    """The splat and its cameras, to move about in; the report has it inside."""


class WriteReport(Stage):
    """Write one HTML file that opens anywhere: the splat to move about in, figures, pictures beside the photos, advice.

    It measures what no other stage does: coverage, track lengths, reprojection errors, floaters.
    """

    version = "6"

    title: str = "Gaussian splat"
    """Headline of the page."""
    viewer_gaussians: int = Field(default=400_000, ge=1)
    """Most Gaussians that the viewer carries. Of more, those that cover least are left out, there and nowhere else."""

    def estimate(self, workload: Workload, cores: int) -> Cost:
        """A small picture of each of 120 views at most, then the page."""
        return Cost(seconds=_PAGE_S + min(workload.photos, 120) * _VIEW_S / cores, memory_gb=0.5)

    def run(
        self,
        ctx: Context,
        rejected: Report,
        cameras: Cameras,
        poses: Report,
        training: Report,
        metrics: Report,
        previews: Gallery,
        turntable: Video,
        splat: Splat,
    ) -> Pages:
        from calotype.artifacts.colmap_model import read_colmap_model, read_colmap_sightings
        from calotype.vision.reporting.floaters import measure_floaters
        from calotype.vision.reporting.page import write_report
        from calotype.vision.reporting.reading import read_report_data, read_splat_view
        from calotype.vision.reporting.splat_viewer import viewer_page, write_viewer

        model, sightings = read_colmap_model(cameras.path), read_colmap_sightings(cameras.path)
        view = read_splat_view(
            self.title,
            splat=splat.path,
            cameras=model,
            training=training.path,
            most_gaussians=self.viewer_gaussians,
        )
        viewer = viewer_page(view)
        floaters = measure_floaters(
            view.gaussians,
            model,
            sightings,
            view.held_out,
            antialiased=view.antialiased,
            threads=ctx.threads,
            progress=lambda done, total: ctx.progress(done, total, "looking for floaters"),
        )
        data = read_report_data(
            self.title,
            poses=poses.path,
            training=training.path,
            metrics=metrics.path,
            rejected=rejected.path,
            cameras=model,
            sightings=sightings,
            previews=previews.path,
            turntable=turntable.path,
            viewer=viewer,
            floaters=floaters,
            expected_poses=_expected_poses(poses.path, ctx.threads or usable_cores()),
            stage_version=self.version,
        )
        return Pages(
            page=Report(name="report.html", path=write_report(ctx.workdir / "report.html", data)),
            viewer=Report(name="viewer.html", path=write_viewer(ctx.workdir / "viewer.html", viewer)),
        )


def _expected_poses(poses: Path, cores: int) -> StepCost | None:
    """What finding such poses is expected to take here; None for poses that were given.

    `sfm.json` does not say what was expected when it was made: this is the same estimate, for the settings that the stage has
    by itself and the cores of this machine, and the page says so.
    """
    import json

    from calotype.vision.reporting.data import StepCost

    figures = json.loads(poses.read_text())
    sizes = [(camera["width"], camera["height"], camera["photos"]) for camera in figures["cameras"]]
    count = sum(photos for _, _, photos in sizes)
    if not figures["mappers"] or not count:
        return None
    workload = Workload(
        photos=len(figures["photos"]),
        megapixels=sum(width * height * photos for width, height, photos in sizes) / count / 1e6,
        long_side=max(max(width, height) for width, height, _ in sizes),
        gigabytes=0.0,
    )
    cost = stage_class(_POSES)().estimate(workload, cores)
    return StepCost(
        "camera poses",
        None,
        predicted=cost.seconds,
        predicted_memory_gb=cost.memory_gb,
        basis=f"for {cores} core{'s' if cores > 1 else ''} and the usual settings of {_POSES}",
    )
