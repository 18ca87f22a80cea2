"""Write one page that says how good the result is, and what to do better."""

from __future__ import annotations

from calotype.artifacts import Cameras, Gallery, Report, Video
from calotype.engine.context import Context
from calotype.engine.ports import Results
from calotype.engine.stage import Stage


class Page(Results):
    """The report, for people."""

    page: Report


class WriteReport(Stage):
    """Write one HTML file that opens anywhere: figures, pictures beside the photos, what was left out, advice."""

    version = "3"

    title: str = "Gaussian splat"
    """Headline of the page."""

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
    ) -> Page:
        from calotype.vision.reporting.page import write_report
        from calotype.vision.reporting.reading import read_report_data

        data = read_report_data(
            self.title,
            poses=poses.path,
            training=training.path,
            metrics=metrics.path,
            rejected=rejected.path,
            cameras=cameras.path,
            previews=previews.path,
            turntable=turntable.path,
        )
        path = ctx.workdir / "report.html"
        write_report(path, data)
        return Page(page=Report(name="report.html", path=path))
