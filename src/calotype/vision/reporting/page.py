"""Write the quality report of a run: one HTML file that opens anywhere, also without a network."""

from __future__ import annotations

from pathlib import Path
from string import Template

from calotype.vision.images.encode import written_whole
from calotype.vision.reporting import costs, pose_sections, sections
from calotype.vision.reporting.advice import advice_for
from calotype.vision.reporting.data import ReportData
from calotype.vision.reporting.markup import joined, tag, text


def report_page(data: ReportData) -> str:
    """The page as HTML. It holds its pictures, runs no scripts, loads nothing, and follows the dark setting.

    Only the viewer in it is a script, in a frame of its own that is made when it is unfolded and can reach nothing outside
    itself. Every text is escaped: names of files and cameras come from strangers. The same data gives the same page.
    """
    here = Path(__file__).parent
    body = joined(
        [
            sections.summary(data),
            sections.viewer(data),
            sections.advice(advice_for(data), data),
            sections.held_out(data),
            sections.previews(data),
            sections.floaters(data.floaters),
            sections.training(data),
            pose_sections.poses(data),
            sections.rejected(data),
            costs.times(data.costs),
            costs.parameters(data.parameters),
        ]
    )
    template = Template((here / "page.html").read_text("utf-8"))
    return template.substitute(
        brand="quality report",
        title=text(data.title),
        tab=text(f"{data.title}: {data.subtitle}" if data.subtitle else data.title),
        subtitle=text(data.subtitle),
        script_policy=f"; script-src {data.viewer.script_hash}; worker-src blob:" if data.viewer else "",
        style=(here / "page.css").read_text("utf-8"),
        body=body,
        footer=tag("footer", [tag("p", line) for line in data.about]) if data.about else "",
    )


def write_report(path: Path, data: ReportData) -> Path:
    """The path, after the page has been written there, whole or not at all."""
    page = report_page(data)
    return written_whole(path, lambda part: part.write_text(page, encoding="utf-8"))
