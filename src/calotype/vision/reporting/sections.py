"""The sections of a quality report, each from the figures it shows; None where there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from calotype.vision.reporting.charts import camera_map, training_curve
from calotype.vision.reporting.data import LensFigures, PhotoOutcome, PoseFigures, ReportData
from calotype.vision.reporting.markup import Child, Markup, tag
from calotype.vision.reporting.pictures import embedded_film, embedded_page, embedded_picture

UNKNOWN = "–"
_COMPARISON_SIDE, _PREVIEW_SIDE = 1200, 520
_PICTURES = 24
_FILM_BYTES = 8_000_000


def summary(data: ReportData) -> Markup:
    """The figures to read first, as tiles."""
    tiles: list[Markup] = []
    if data.poses is not None and data.poses.photos:
        poses = data.poses
        share = f"{100 * poses.registered / len(poses.photos):.0f} % of the photos"
        tiles.append(_tile("Registered", f"{poses.registered} / {len(poses.photos)}", share))
    if data.poses is not None and data.poses.points is not None:
        tiles.append(_tile("Sparse points", f"{data.poses.points:,}", data.poses.points_source))
    if data.training is not None and data.training.gaussians is not None:
        iterations = number(data.training.iterations)
        tiles.append(_tile("Gaussians", f"{data.training.gaussians:,}", f"after {iterations} iterations"))
    psnr, nearest = data.mean("psnr"), data.mean("nearest_psnr")
    if psnr is not None:
        tiles.append(
            _tile("Held-out PSNR", f"{psnr:.2f} dB", f"{len(data.held_out)} unseen photos", strong=True)
        )
    if data.mean("ssim") is not None:
        tiles.append(_tile("Held-out SSIM", number(data.mean("ssim"), 3), "1 is equal"))
    if nearest is not None:
        gain = f"splat {psnr - nearest:+.2f} dB" if psnr is not None else ""
        tiles.append(_tile("Nearest photo", f"{nearest:.2f} dB", gain or "copied instead"))
    total = sum(step.seconds or 0 for step in data.seconds)
    if total > 0:
        tiles.append(_tile("Time", duration(total), "of the steps below"))
    return tag("div", tiles, class_="tiles")


def viewer(data: ReportData) -> Markup | None:
    """The splat itself, to move about in; it begins to load when it is unfolded."""
    if data.viewer is None:
        return None
    frame = embedded_page(data.viewer.html, "The splat and its cameras")
    note = "Runs in this page, without a network. Drag to turn, scroll or pinch to come nearer, click a camera to stand there."
    title = f"Open the viewer: {data.viewer.gaussians:,} Gaussians, {data.viewer.cameras:,} cameras"
    return section(
        "The splat", tag("p", note, class_="note"), tag("div", folded(title, frame), class_="viewer")
    )


def held_out(data: ReportData) -> Markup | None:
    """Held-out views with their pictures, worst first."""
    if not data.held_out:
        return None
    views = sorted(data.held_out, key=lambda view: (_worst_first(view.psnr), view.name))
    cards: list[Markup] = []
    for place, view in enumerate(views):
        picture = embedded_picture(view.picture, f"{view.name}: photo, render, error", _COMPARISON_SIDE)
        picture = picture if place < _PICTURES else None
        figures = [
            tag("strong", number(view.psnr, 2, " dB")),
            tag("span", f"SSIM {number(view.ssim, 3)}"),
            tag("span", f"nearest photo {number(view.nearest_psnr, 2, ' dB')}", title=view.nearest or None),
        ]
        head = tag("figcaption", tag("span", view.name, class_="name"), figures)
        cards.append(tag("figure", head, tag("div", picture, class_="strip") if picture else None))
    note = (
        "Photo, render, error (black: none, white: a quarter of the full range or more). Worst view first. "
    )
    note += "None of these photos was used in training; “nearest photo” is what copying the closest one would score."
    return section("Held-out views", tag("p", note, class_="note"), tag("div", cards, class_="views"))


def previews(data: ReportData) -> Markup | None:
    """Pictures of the result, and a film around it."""
    film = embedded_film(data.turntable, _FILM_BYTES)
    pictures: list[Markup] = []
    for preview in data.previews[:_PICTURES]:
        picture = embedded_picture(preview.picture, preview.caption, _PREVIEW_SIDE)
        if picture is not None:
            pictures.append(tag("figure", picture, tag("figcaption", preview.caption)))
    if film is None and not pictures:
        return None
    return section("Previews", film, tag("div", pictures, class_="gallery") if pictures else None)


def training(data: ReportData) -> Markup | None:
    """The training curve and what it took."""
    if data.training is None:
        return None
    figures = data.training
    size = f"{figures.image_size[0]}×{figures.image_size[1]}" if figures.image_size else None
    facts = {
        "Iterations": number(figures.iterations),
        "Gaussians": f"{number(figures.initial_gaussians)} → {number(figures.gaussians)}",
        "Training photos": number(figures.views),
        "Image size": size or UNKNOWN,
        "Time per step": number(figures.step_ms, 1, " ms"),
        "Memory": f"{number(figures.memory_gb, 2, ' GiB')} (predicted {number(figures.predicted_memory_gb, 2)})",
    }
    return section("Training", training_curve(figures.history, data.mean("psnr")), _facts(facts))


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
    if data.poses is not None:
        body += _pose_parts(data.poses)
    return section("Camera poses", body)


def rejected(data: ReportData) -> Markup | None:
    """Files that were left out, with reasons."""
    if not data.rejected:
        return None
    rows = [(item.name, item.reason) for item in data.rejected]
    return section("Files left out", table(("File", "Why"), rows, names=1))


def details(data: ReportData) -> Markup | None:
    """Parameters and times, folded away."""
    if not data.parameters and not data.seconds:
        return None
    parts: list[Markup] = []
    if data.seconds:
        rows = [
            (
                step.step,
                "reused" if step.reused else duration(step.seconds),
                "" if step.predicted is None else duration(step.predicted),
            )
            for step in data.seconds
        ]
        parts.append(table(("Step", "Time", "Predicted"), rows, names=1))
    for step, parameters in data.parameters.items():
        rows = [(key, _shown(value)) for key, value in parameters.items()]
        parts.append(folded(f"Parameters of {step}", table(("Parameter", "Value"), rows, names=1)))
    return section("Time and parameters", parts)


def advice(lines: Sequence[str]) -> Markup | None:
    """What to do better next time."""
    return section("For the next capture", tag("ul", [tag("li", line) for line in lines])) if lines else None


def section(title: str, *children: Child) -> Markup:
    """A section of the page under its heading."""
    return tag("section", tag("h2", title), children)


def folded(title: str, *children: Child) -> Markup:
    """A part that opens when its title is clicked, without a script."""
    return tag("details", tag("summary", title), children)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], names: int = 1) -> Markup:
    """A table, the first `names` columns words and the others figures; wide ones scroll by themselves."""
    kinds = [None if i < names or head[i] in ("Why", "Value") else "figure" for i in range(len(head))]
    header = tag("tr", [tag("th", cell, class_=kind) for cell, kind in zip(head, kinds, strict=True)])
    body = [
        tag("tr", [tag("td", cell, class_=kind) for cell, kind in zip(row, kinds, strict=True)])
        for row in rows
    ]
    return tag("div", tag("table", tag("thead", header), tag("tbody", body)), class_="table")


def number(value: float | None, digits: int = 0, unit: str = "") -> str:
    """A figure with separators, a dash where it is unknown."""
    if value is None or not np.isfinite(value):
        return UNKNOWN
    return f"{value:,.{digits}f}{unit}"


def duration(seconds: float | None) -> str:
    """Seconds as people say them."""
    if seconds is None or not np.isfinite(seconds):
        return UNKNOWN
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"


def _pose_parts(figures: PoseFigures) -> list[Markup | None]:
    lost = [photo for photo in figures.photos if not photo.registered]
    found = [photo for photo in figures.photos if photo.registered]
    facts = {
        "Registered photos": f"{figures.registered} of {len(figures.photos)}" if figures.photos else UNKNOWN,
        "Sparse points": number(figures.points),
        "Mean track length": number(figures.mean_track_length, 2, " photos"),
        "Mean reprojection error": number(figures.reprojection_px, 2, " px"),
    }
    if figures.gps is not None:
        gps = figures.gps
        facts["GPS residual, horizontal"] = number(gps.horizontal_rms_m, 2, " m")
        facts["GPS residual, vertical"] = number(gps.vertical_rms_m, 2, " m")
        facts["Photos with GPS"] = number(gps.photos)
    if len(figures.model_sizes) > 1:
        facts["Separate models"] = ", ".join(str(size) for size in figures.model_sizes)
    parts: list[Markup | None] = [_facts(facts)]
    if lost:
        rows = [(photo.name, photo.reason or "not connected to the others") for photo in lost]
        parts += [tag("h3", f"Not registered ({len(lost)})"), table(("Photo", "Why"), rows)]
    parts += _mapper_parts(figures)
    if figures.lenses:
        parts.append(_lens_table(figures.lenses))
    if any(photo.features is not None or photo.points is not None for photo in found):
        parts.append(folded(f"Registered photos ({len(found)})", _photo_table(found)))
    return parts


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


def _photo_table(photos: Sequence[PhotoOutcome]) -> Markup:
    rows = [
        (
            photo.name,
            number(photo.features),
            number(photo.matches),
            number(photo.points),
            number(photo.reprojection_px, 2, " px"),
        )
        for photo in photos
    ]
    return table(("Photo", "Features", "Matches", "Points", "Reprojection"), rows)


def _tile(label: str, value: str, note: str, *, strong: bool = False) -> Markup:
    parts = [tag("dt", label), tag("dd", value), tag("dd", note, class_="note") if note else None]
    return tag("dl", parts, class_="tile strong" if strong else "tile")


def _facts(facts: Mapping[str, str]) -> Markup | None:
    known = {label: value for label, value in facts.items() if value.strip(f" →{UNKNOWN}")}
    if not known:
        return None
    return tag(
        "dl",
        [tag("div", tag("dt", label), tag("dd", value)) for label, value in known.items()],
        class_="facts",
    )


def _worst_first(psnr: float | None) -> float:
    return psnr if psnr is not None and np.isfinite(psnr) else float("inf")


def _shown(value: Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
