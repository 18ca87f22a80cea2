"""Draw figures as SVG: a training curve, and maps of cameras and points."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from calotype.vision.reporting.data import CameraMap, TrainingEntry
from calotype.vision.reporting.markup import Markup, tag
from calotype.vision.reporting.measured import Histogram

Array = NDArray[np.float64]

_WIDTH, _HEIGHT = 620, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 26, 34
_MAP = 400
_RASTER = 360
_FLAT = {
    "from above": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    "from the side": np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0]]),
}


def training_curve(history: Sequence[TrainingEntry], held_out_psnr: float | None = None) -> Markup | None:
    """PSNR of training photos over the iterations, Gaussian count behind; None with under two entries.

    The dashed line is the mean PSNR of held-out photos.
    """
    entries = [entry for entry in history if entry.psnr is not None and np.isfinite(entry.psnr)]
    if len(entries) < 2:
        return None
    x = np.array([entry.iteration for entry in entries], dtype=float)
    psnr = np.array([entry.psnr for entry in entries], dtype=float)
    shown = psnr if held_out_psnr is None else np.append(psnr, held_out_psnr)
    ticks = round_ticks(float(shown.min()), float(shown.max()), 5)
    plot = _Plot(0.0, float(x.max()), min(ticks[0], float(shown.min())), max(ticks[-1], float(shown.max())))
    parts: list[Markup | None] = [_gaussian_area(entries, plot)]
    parts += [plot.horizontal(value, f"{value:g}") for value in ticks]
    parts += [plot.below(value, _thousands(value)) for value in round_ticks(0, float(x.max()), 6)]
    parts.append(tag("path", d=plot.line(x, psnr), class_="curve"))
    if held_out_psnr is not None:
        y = plot.y(held_out_psnr)
        parts.append(tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="held-out"))
        parts.append(tag("text", "held out", x=_LEFT + 6, y=y - 5, class_="held-out-label"))
    parts.append(tag("text", "dB", x=_LEFT - 8, y=_TOP - 9, class_="tick", text_anchor="end"))
    return _svg(parts, _WIDTH, _HEIGHT, "chart curves", "PSNR over the iterations of training")


def camera_map(cameras: CameraMap, view: Literal["from above", "from the side"]) -> Markup | None:
    """Camera positions with viewing directions over the sparse points; None without cameras.

    To the right is the world's +X. Up is +Z from above, and -Y from the side, since +Y points down.
    """
    if len(cameras.centres) == 0:
        return None
    flat = _FLAT[view]
    centres, points, forwards = cameras.centres @ flat.T, cameras.points @ flat.T, cameras.forwards @ flat.T
    low, span = _window(centres, points)

    def place(at: Array) -> Array:
        unit = (at - low) / span
        return np.stack([unit[..., 0], 1 - unit[..., 1]], axis=-1) * _MAP

    parts: list[Markup | None] = [_point_cloud((points - low) / span, cameras.rgb)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in place(centres))
    parts.append(tag("polyline", points=path, class_="walk"))
    reach = 0.05 * span
    for centre, forward in zip(centres, forwards, strict=True):
        sideways = np.array([-forward[1], forward[0]])
        corners = [
            centre,
            centre + reach * (forward + 0.5 * sideways),
            centre + reach * (forward - 0.5 * sideways),
        ]
        outline = " ".join(f"{x:.1f},{y:.1f}" for x, y in place(np.array(corners)))
        x, y = place(centre)
        parts.append(tag("polygon", points=outline, class_="view"))
        parts.append(tag("circle", cx=round(x, 1), cy=round(y, 1), r=2.2, class_="camera"))
    return _svg(parts, _MAP, _MAP, "chart", f"Cameras and sparse points {view}")


def histogram(counts: Histogram, title: str) -> Markup | None:
    """Bars, each with its range below and its count above; None where nothing was counted."""
    most = max(counts.counts, default=0)
    if most == 0:
        return None
    plot = _Plot(0, len(counts.counts), 0, most)
    parts: list[Markup | None] = []
    for place, (label, count) in enumerate(zip(counts.labels, counts.counts, strict=True)):
        left, right, top = plot.x(place + 0.12), plot.x(place + 0.88), plot.y(count)
        middle = plot.x(place + 0.5)
        size = {"width": round(right - left, 1), "height": round(plot.y(0) - top, 1)}
        parts += [
            tag("rect", x=left, y=top, class_="bar", **size),
            tag("text", f"{count:,}", x=middle, y=top - 5, class_="tick", text_anchor="middle"),
            plot.below(place + 0.5, label),
        ]
    return _svg(parts, _WIDTH, _HEIGHT, "chart bars", title)


def round_ticks(low: float, high: float, about: int) -> list[float]:
    """About so many round numbers from low to high, both ends within one step."""
    span = max(high - low, 1e-9)
    raw = span / max(about - 1, 1)
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(min((m * power for m in (1, 2, 2.5, 5, 10)), key=lambda step: abs(np.log(step / raw))))
    first = np.ceil(low / step - 1e-9) * step
    return [round(float(value), 10) + 0.0 for value in np.arange(first, high + step * 1e-6, step)] or [low]


class _Plot:
    """The box of a chart, and where values lie in it."""

    def __init__(self, x_low: float, x_high: float, y_low: float, y_high: float) -> None:
        self._x = (x_low, max(x_high - x_low, 1e-9))
        self._y = (y_low, max(y_high - y_low, 1e-9))

    def x(self, value: float) -> float:
        return round(_LEFT + (value - self._x[0]) / self._x[1] * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_HEIGHT - _BOTTOM - (value - self._y[0]) / self._y[1] * (_HEIGHT - _TOP - _BOTTOM), 1)

    def line(self, xs: Array, ys: Array) -> str:
        return "M" + " L".join(f"{self.x(x)} {self.y(y)}" for x, y in zip(xs, ys, strict=True))

    def horizontal(self, value: float, label: str) -> Markup:
        y = self.y(value)
        line = tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
        return Markup(line + tag("text", label, x=_LEFT - 8, y=y + 4, class_="tick", text_anchor="end"))

    def below(self, value: float, label: str) -> Markup:
        return tag("text", label, x=self.x(value), y=_HEIGHT - 12, class_="tick", text_anchor="middle")


def _gaussian_area(entries: Sequence[TrainingEntry], plot: _Plot) -> Markup | None:
    """The Gaussian count as a shaded area with its own scale at the right."""
    counted = [(entry.iteration, entry.gaussians) for entry in entries if entry.gaussians is not None]
    most = max((count for _, count in counted), default=0)
    if len(counted) < 2 or most < 1:
        return None
    box = _Plot(0, 1, 0, most * 1.08)
    top = " L".join(f"{plot.x(i)} {box.y(count)}" for i, count in counted)
    area = f"M{plot.x(counted[0][0])} {box.y(0)} L{top} L{plot.x(counted[-1][0])} {box.y(0)} Z"
    label = tag(
        "text",
        f"{_thousands(most)} Gaussians",
        x=_WIDTH - _RIGHT - 6,
        y=_HEIGHT - _BOTTOM - 8,
        class_="area-label",
        text_anchor="end",
    )
    return Markup(tag("path", d=area, class_="area") + label)


def _window(centres: Array, points: Array) -> tuple[Array, float]:
    """Lower corner and side of a square that holds all cameras and most points.

    Points are background too: a few of them kilometres away must not shrink the cameras to a dot.
    """
    low, high = centres.min(axis=0), centres.max(axis=0)
    if len(points):
        reach = 1.5 * max(float((high - low).max()), 1e-9)
        p_low, p_high = np.percentile(points, 5, axis=0), np.percentile(points, 95, axis=0)
        low = np.minimum(low, np.maximum(p_low, low - reach))
        high = np.maximum(high, np.minimum(p_high, high + reach))
    span = 1.15 * max(float((high - low).max()), 1e-6)
    return (low + high) / 2 - span / 2, span


def _point_cloud(unit: Array, rgb: NDArray[np.uint8]) -> Markup | None:
    """The points as a transparent picture: thousands of SVG circles would weigh a hundred times as much."""
    from PIL import Image

    inside = ((unit >= 0) & (unit < 1)).all(axis=1)
    if not inside.any():
        return None
    # Few points are drawn as larger dots.
    side = _RASTER if inside.sum() > 4000 else _RASTER // 2
    columns = (unit[inside, 0] * side).astype(int)
    rows = side - 1 - (unit[inside, 1] * side).astype(int)
    raster = np.zeros((side, side, 4), np.uint8)
    raster[rows, columns, :3] = rgb[inside]
    raster[rows, columns, 3] = 215
    file = io.BytesIO()
    Image.fromarray(raster).save(file, "PNG", compress_level=9)
    return tag("image", href=data_uri("image/png", file.getvalue()), width=_MAP, height=_MAP, class_="points")


def data_uri(media_type: str, content: bytes) -> str:
    """A URI that holds the content itself."""
    import base64

    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


def _svg(parts: Sequence[Markup | None], width: int, height: int, kind: str, label: str) -> Markup:
    title = tag("title", label)
    attributes: dict[str, Any] = {"viewBox": f"0 0 {width} {height}", "role": "img", "class_": kind}
    return tag("svg", title, parts, **attributes)


def _thousands(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 10_000 else f"{value:g}"
