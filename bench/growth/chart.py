"""Draw how seconds and pairs grow with the number of photos, as one SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from calotype.vision.reporting.charts import round_ticks
from calotype.vision.reporting.markup import Markup, tag

Curve = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 460, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 40, 44
_COLOURS = ("#2f6f4f", "#b5523b", "#4a5f9e", "#8a6d1f")


def growth_chart(panels: Mapping[str, Mapping[str, Curve]]) -> str:
    """An SVG with a panel per title side by side, each with its named curves over the number of photos, all from zero."""
    parts = [_panel(title, curves, index * _WIDTH) for index, (title, curves) in enumerate(panels.items())]
    width = _WIDTH * len(panels)
    style = tag("style", Markup("text{font:12px sans-serif;fill:#333}.t{font-weight:bold}"))
    ground = tag("rect", width=width, height=_HEIGHT, fill="#fff")
    return tag(
        "svg", style, ground, *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {_HEIGHT}"
    )


def _panel(title: str, curves: Mapping[str, Curve], left: float) -> Markup:
    most_x = max(x for curve in curves.values() for x, _ in curve)
    most_y = max(y for curve in curves.values() for _, y in curve) * 1.05

    def at(x: float, y: float) -> tuple[float, float]:
        across = left + _LEFT + x / most_x * (_WIDTH - _LEFT - _RIGHT)
        return round(across, 1), round(_HEIGHT - _BOTTOM - y / most_y * (_HEIGHT - _TOP - _BOTTOM), 1)

    parts = [tag("text", title, x=left + _LEFT, y=18, class_="t")]
    for value in round_ticks(0, most_y, 6):
        (x, y), (right, _) = at(0, value), at(most_x, value)
        parts.append(tag("line", x1=x, x2=right, y1=y, y2=y, stroke="#ddd"))
        parts.append(tag("text", f"{value:g}", x=x - 8, y=y + 4, text_anchor="end"))
    for value in sorted({x for curve in curves.values() for x, _ in curve}):
        x, y = at(value, 0)
        parts.append(tag("text", f"{value:g}", x=x, y=y + 18, text_anchor="middle"))
    parts.append(tag("text", "photos", x=at(most_x, 0)[0], y=_HEIGHT - 8, text_anchor="end"))
    for number, ((name, curve), colour) in enumerate(zip(curves.items(), _COLOURS, strict=False)):
        points = [at(x, y) for x, y in curve]
        path = "M" + " L".join(f"{x} {y}" for x, y in points)
        parts.append(tag("path", d=path, fill="none", stroke=colour, stroke_width=2))
        parts += [tag("circle", cx=x, cy=y, r=3, fill=colour) for x, y in points]
        parts.append(
            tag("text", name, x=left + _LEFT + 10, y=_TOP + 16 * number, fill=colour, style=f"fill:{colour}")
        )
    return tag("g", *parts)
