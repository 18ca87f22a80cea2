"""Write one page that says how good the result is, and what to do better."""

from __future__ import annotations

from pydantic import Field

from calotype.artifacts import Cameras, Gallery, Report, Splat, Video
from calotype.engine.context import Context
from calotype.engine.ports import Results
from calotype.engine.stage import Stage


class Pages(Results):
    """The report, for people."""

    page: Report
    viewer: Report
    """The splat and its cameras, to move about in; the report has it inside."""


class WriteReport(Stage):
    """Write one HTML file that opens anywhere: the splat to move about in, figures, pictures beside the photos, advice."""

    version = "4"

    title: str = "Gaussian splat"
    """Headline of the page."""
    viewer_gaussians: int = Field(default=400_000, ge=1)
    """Most Gaussians that the viewer carries. Of more, those that cover least are left out, there and nowhere else."""

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
        from calotype.vision.reporting.page import write_report
        from calotype.vision.reporting.reading import read_report_data, read_splat_view
        from calotype.vision.reporting.splat_viewer import viewer_page, write_viewer

        viewer = viewer_page(
            read_splat_view(
                self.title,
                splat=splat.path,
                cameras=cameras.path,
                training=training.path,
                most_gaussians=self.viewer_gaussians,
            )
        )
        data = read_report_data(
            self.title,
            poses=poses.path,
            training=training.path,
            metrics=metrics.path,
            rejected=rejected.path,
            cameras=cameras.path,
            previews=previews.path,
            turntable=turntable.path,
            viewer=viewer,
        )
        return Pages(
            page=Report(name="report.html", path=write_report(ctx.workdir / "report.html", data)),
            viewer=Report(name="viewer.html", path=write_viewer(ctx.workdir / "viewer.html", viewer)),
        )
