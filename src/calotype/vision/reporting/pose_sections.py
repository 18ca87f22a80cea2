"""The section of a quality report about camera poses: where they are, how they were found, what became of each photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from calotype.vision.reporting.charts import camera_map, histogram
from calotype.vision.reporting.data import LensFigures, PhotoOutcome, PoseFigures, ReportData
from calotype.vision.reporting.layout import UNKNOWN, duration, facts_list, folded, number, section, table
from calotype.vision.reporting.markup import Markup, tag
from calotype.vision.reporting.measured import Coverage


def poses(data: ReportData) -> Markup | None:
    """Where the cameras stand, and how they were found."""
    if data.poses is None and data.camera_map is None:
        return None
    maps: list[Markup] = []
    if data.camera_map is not None:
        for view in ("from above", "from the side"):
            drawn = camera_map(data.camera_map, view)
            if drawn is not None:
                maps.append(tag("figure", drawn, tag("figcaption", f"Cameras and sparse points {view}")))
    body: list[Markup | None] = [tag("div", maps, class_="maps") if maps else None]
    body += _histograms(data)
    if data.poses is not None:
        body += _pose_parts(data.poses, data.coverage)
    return section("Camera poses", body)


def _histograms(data: ReportData) -> list[Markup | None]:
    drawn: list[Markup] = []
    for counts, what in (
        (data.tracks, "Track length: in how many photos a point is seen"),
        (data.errors, "Reprojection error in pixels of the full photo"),
    ):
        chart = histogram(counts, what) if counts is not None else None
        if counts is not None and chart is not None:
            words = f"{what} ({counts.counted}; median {counts.median:.3g})"
            drawn.append(tag("figure", chart, tag("figcaption", words)))
    return [tag("div", drawn, class_="histograms")] if drawn else []


def _pose_parts(figures: PoseFigures, coverage: Coverage | None) -> list[Markup | None]:
    lost = [photo for photo in figures.photos if not photo.registered]
    found = [photo for photo in figures.photos if photo.registered]
    facts = {
        "Registered photos": f"{figures.registered} of {len(figures.photos)}" if figures.photos else UNKNOWN,
        "Keypoints": figures.keypoints,
        "Sparse points": number(figures.points),
        "Mean track length": number(figures.mean_track_length, 2, " photos"),
        "Mean reprojection error": number(figures.reprojection_px, 2, " px"),
    }
    facts |= _coverage_facts(coverage) if coverage else {}
    facts |= _gps_facts(figures)
    if len(figures.model_sizes) > 1:
        facts["Separate models"] = ", ".join(str(size) for size in figures.model_sizes)
    parts: list[Markup | None] = [facts_list(facts)]
    if lost:
        rows = [
            (photo.name, photo.reason or "not connected to the others", *map(number, _matching(photo)))
            for photo in lost
        ]
        head = ("Photo", "Why", "Features", "Matches", "Matched photos")
        parts += [tag("h3", f"Not registered ({len(lost)})"), table(head, rows)]
    parts += _mapper_parts(figures)
    if figures.lenses:
        parts.append(_lens_table(figures.lenses))
    if any(photo.features is not None or photo.points is not None for photo in found):
        shares = coverage.picture if coverage else {}
        parts.append(folded(f"Registered photos ({len(found)})", _photo_table(found, shares)))
    return parts


def _matching(photo: PhotoOutcome) -> tuple[int | None, ...]:
    return (photo.features, photo.matches, photo.matched_photos)


def _coverage_facts(coverage: Coverage) -> dict[str, str]:
    low, high = coverage.pitch_deg
    facts = {
        "Directions looked in": UNKNOWN if coverage.yaw_deg is None else f"{coverage.yaw_deg:.0f}° of 360°",
        "Up and down": f"{low:+.0f}° to {high:+.0f}°",
    }
    if coverage.mean_picture is not None:
        least = coverage.picture[coverage.barest]
        facts["Picture area with points"] = f"{100 * coverage.mean_picture:.0f} % on average"
        facts["Least in"] = f"{coverage.barest}: {100 * least:.0f} %"
    return facts


def _gps_facts(figures: PoseFigures) -> dict[str, str]:
    gps = figures.gps
    if gps is None:
        return {"GPS residuals": figures.without_gps} if figures.without_gps else {}
    return {
        "GPS residual, horizontal": number(gps.horizontal_rms_m, 2, " m")
        + f" rms, {number(gps.horizontal_max_m, 2, ' m')} at most",
        "GPS residual, vertical": number(gps.vertical_rms_m, 2, " m") + " rms",
        "Photos with GPS": number(gps.photos) + f", over {number(gps.extent_m, 0, ' m')}",
    }


def _mapper_parts(figures: PoseFigures) -> list[Markup | None]:
    if not (figures.mappers or figures.reasons):
        return []
    head = ("Mapper", "Photos", "Points", "Reprojection", "Track length", "Time")
    rows = [
        (
            f"{mapper.name} (kept)" if mapper.chosen else mapper.name,
            number(mapper.registered),
            number(mapper.points),
            number(mapper.reprojection_px, 2, " px"),
            number(mapper.mean_track_length, 2),
            duration(mapper.seconds),
        )
        for mapper in figures.mappers
    ]
    reasons = [*figures.reasons, *([figures.agreement] if figures.agreement else [])]
    attempts = tag("ol", [tag("li", line) for line in figures.attempts])
    return [
        tag("h3", "How the cameras were found"),
        table(head, rows) if rows else None,
        tag("ul", [tag("li", reason) for reason in reasons]) if reasons else None,
        folded(f"What was tried ({len(figures.attempts)})", attempts) if figures.attempts else None,
    ]


def _lens_table(lenses: Sequence[LensFigures]) -> Markup:
    rows = [
        (
            lens.label,
            lens.model,
            f"{lens.width}×{lens.height}",
            lens.photos,
            number(lens.focal_px, 1, " px"),
            number(lens.prior_focal_px, 1, " px") + (f" ({lens.prior_source})" if lens.prior_source else ""),
        )
        for lens in lenses
    ]
    head = ("Camera", "Model", "Size", "Photos", "Focal length", "Before")
    return Markup(tag("h3", "Lenses") + table(head, rows, names=2))


def _photo_table(photos: Sequence[PhotoOutcome], shares: Mapping[str, float]) -> Markup:
    rows = [
        (
            photo.name,
            *map(number, _matching(photo)),
            number(photo.points),
            number(100 * shares[photo.name] if photo.name in shares else None, 0, " %"),
            number(photo.reprojection_px, 2, " px"),
        )
        for photo in photos
    ]
    head = ("Photo", "Features", "Matches", "Matched photos", "Points", "Area with points", "Reprojection")
    return table(head, rows)
