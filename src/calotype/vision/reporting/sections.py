"""The sections of a quality report, each from the figures it shows; None where there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from calotype.vision.reporting.causes import likely_cause
from calotype.vision.reporting.charts import training_curve
from calotype.vision.reporting.data import HeldOutView, ReportData
from calotype.vision.reporting.layout import UNKNOWN, duration, facts_list, folded, number, section, table
from calotype.vision.reporting.markup import Markup, tag
from calotype.vision.reporting.measured import Floaters
from calotype.vision.reporting.pictures import embedded_film, embedded_page, embedded_picture

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
    if data.floaters is not None and data.floaters.in_the_air_share is not None:
        share = percent(data.floaters.in_the_air_share)
        tiles.append(_tile("Floaters", share, "of what the views show"))
    total = sum(cost.seconds or 0 for cost in data.costs)
    if total > 0:
        tiles.append(_tile("Time", duration(total), "of poses and training"))
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
    cards = [_held_out_card(data, view, place) for place, view in enumerate(views)]
    note = (
        "Photo, render, error (black: none, white: a quarter of the full range or more). Worst view first"
        + (f", pictures of the worst {_PICTURES}" if len(views) > _PICTURES else "")
        + ". None of these photos was used in training; “nearest photo” is what copying the closest one would score, “colours "
        "fitted” the render after the change of colours that helps it most: what is left is wrong beside the exposure."
    )
    return section("Held-out views", tag("p", note, class_="note"), tag("div", cards, class_="views"))


def _held_out_card(data: ReportData, view: HeldOutView, place: int) -> Markup:
    """A view's figures, its pictures if it is among the worst, and why it is worse than others."""
    picture = None
    if place < _PICTURES:
        picture = embedded_picture(view.picture, f"{view.name}: photo, render, error", _COMPARISON_SIDE)
    figures = [
        tag("strong", number(view.psnr, 2, " dB")),
        tag("span", f"SSIM {number(view.ssim, 3)}"),
        tag("span", f"nearest photo {number(view.nearest_psnr, 2, ' dB')}", title=view.nearest or None),
    ]
    if view.fitted_psnr is not None:
        figures.append(tag("span", f"colours fitted {number(view.fitted_psnr, 2, ' dB')}"))
    if view.away_deg is not None:
        figures.append(tag("span", f"turned {view.away_deg:.0f}° from it"))
    if view.points is not None:
        figures.append(tag("span", f"{view.points:,} points"))
    cause = likely_cause(view, data)
    head = tag(
        "figcaption",
        tag("span", view.name, class_="name"),
        figures,
        tag("span", f"Likely why it is worse: {cause}.", class_="cause") if cause else None,
    )
    return tag("figure", head, tag("div", picture, class_="strip") if picture else None)


def floaters(found: Floaters | None) -> Markup | None:
    """What no surface explains, and how much of the pictures the splat covers."""
    if found is None:
        return None
    facts = {
        "In the air": f"{number(found.in_the_air)} of {number(found.gaussians)} Gaussians"
        if found.in_the_air is not None
        else UNKNOWN,
        "Their share of the pictures": percent(found.in_the_air_share),
        "Most in": f"{found.worst}: {percent(found.worst_share)}" if found.worst else UNKNOWN,
        "Shown by one photo only": f"{number(found.seen_once)} Gaussians",
        "Their share of training views": percent(found.seen_once_share),
        "Held-out pictures covered": percent(found.covered),
    }
    note = (
        f"Measured on {found.views} views, drawn 240 pixels wide. A Gaussian is in the air where it stands before 0.6 of the "
        "distance of points that the camera sees there: that way is free. One that a single photo shows has nothing that says how "
        "far away it is; from elsewhere both appear as haze. Covered: opaque by half or more."
    )
    return section("Floaters and coverage", tag("p", note, class_="note"), facts_list(facts))


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
    }
    return section("Training", training_curve(figures.history, data.mean("psnr")), facts_list(facts))


def rejected(data: ReportData) -> Markup | None:
    """Files that were left out, with reasons."""
    if not data.rejected:
        return None
    rows = [(item.name, item.reason) for item in data.rejected]
    return section("Files left out", table(("File", "Why"), rows, names=1))


def advice(lines: Sequence[str], data: ReportData) -> Markup | None:
    """What to do better next time; that nothing is, where something was measured and all of it was well."""
    if not lines and data.poses is None:
        return None
    said = lines or ("Nothing that was measured asks for another way of taking the photos.",)
    return section("For the next capture", tag("ul", [tag("li", line) for line in said]))


def percent(share: float | None) -> str:
    """A share of 1 as people say it."""
    return number(None if share is None else 100 * share, 1, " %")


def _tile(label: str, value: str, note: str, *, strong: bool = False) -> Markup:
    parts = [tag("dt", label), tag("dd", value), tag("dd", note, class_="note") if note else None]
    return tag("dl", parts, class_="tile strong" if strong else "tile")


def _worst_first(psnr: float | None) -> float:
    return psnr if psnr is not None and np.isfinite(psnr) else float("inf")
