"""Draw what was made from what: boxes from left to right, as one SVG that opens anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calotype.vision.reporting.markup import Markup, tag

_WIDTH, _COLUMN_GAP, _ROW_GAP, _MARGIN = 250, 56, 22, 24
_LINE, _PADDING = 17, 12
_LANE = 8
_LETTERS = 36
"""As many fit into a box."""
_STYLE = """
.page { fill: #f8f5ef } .box { fill: #fffdf9; stroke: #e2dbcf } .step { fill: #efe9de }
.asked { stroke: #8a4b1f; stroke-width: 2 }
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: #6f675c }
.title { font-weight: 600; fill: #221e19 }
.arrow { fill: none; stroke: #b25a1c; stroke-width: 1.5 } .head { fill: #b25a1c }
@media (prefers-color-scheme: dark) {
 .page { fill: #171512 } .box { fill: #201d19; stroke: #38332c } .step { fill: #2a2620 } .asked { stroke: #e0a36c }
 text { fill: #a0978a } .title { fill: #ece6db } .arrow { stroke: #eba86a } .head { fill: #eba86a }
}
"""


@dataclass(frozen=True)
class Box:
    """A box of the chart."""

    title: str
    lines: tuple[str, ...] = ()
    is_step: bool = False
    is_asked: bool = False
    """What the chart is about."""

    @property
    def height(self) -> int:
        return 2 * _PADDING + _LINE * (1 + len(self.lines)) - 4


def flow_chart(boxes: Mapping[str, Box], arrows: Sequence[tuple[str, str]], title: str) -> Markup:
    """The chart as an SVG document, `boxes` by id and `arrows` between ids; every arrow points to the right.

    A box stands one column right of the farthest it comes from. Arrows that would close a circle are left out.
    """
    arrows = _without_circles(list(dict.fromkeys(arrows)))
    columns = _columns(boxes, arrows)
    lanes, links = _lanes(columns, arrows)
    heights = {one: box.height for one, box in boxes.items()} | dict.fromkeys(lanes, _LANE)
    corners = _placed(_sorted(_with_lanes(columns, lanes), links), heights)
    width = 2 * _MARGIN + (max(columns.values()) + 1) * (_WIDTH + _COLUMN_GAP) - _COLUMN_GAP
    height = _MARGIN + max(y + heights[one] for one, (_, y) in corners.items())
    point = tag("path", d="M0 0 L8 4 L0 8 z", class_="head")
    head = tag("marker", point, id="head", markerWidth=8, markerHeight=8, refX=7, refY=4, orient="auto")
    return tag(
        "svg",
        tag("title", title),
        tag("style", Markup(_STYLE)),
        tag("defs", head),
        tag("rect", width=width, height=height, class_="page"),
        [_arrow(corners, heights, start, end, is_last=end in boxes) for start, end in links],
        [_lane(corners[lane]) for lane in lanes],
        [_box(box, *corners[one]) for one, box in boxes.items()],
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
    )


def _without_circles(arrows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    after: dict[str, set[str]] = {}
    for start, end in arrows:
        if start == end or start in _reached(end, after):
            continue
        after.setdefault(start, set()).add(end)
        kept.append((start, end))
    return kept


def _reached(start: str, after: Mapping[str, set[str]]) -> set[str]:
    found, frontier = {start}, [start]
    while frontier:
        new = after.get(frontier.pop(), set()) - found
        found |= new
        frontier += new
    return found


def _columns(boxes: Mapping[str, Box], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The column of each box: as far left as what it comes from allows, but sources right beside where they are first read."""
    column = dict.fromkeys(boxes, 0)
    for _ in boxes:  # As often as the longest way can be long.
        for start, end in arrows:
            column[end] = max(column[end], column[start] + 1)
    for source in set(boxes) - {end for _, end in arrows}:
        readers = [column[end] for start, end in arrows if start == source]
        column[source] = max(0, min(readers, default=1) - 1)
    return column


def _lanes(
    columns: Mapping[str, int], arrows: Sequence[tuple[str, str]]
) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Room for arrows that pass by columns, by id the column, one for each box they come from; and the arrows through it."""
    lanes: dict[str, int] = {}
    links: dict[tuple[str, str], None] = {}
    for start, end in arrows:
        here = start
        for column in range(columns[start] + 1, columns[end]):
            lane = f"{start} passing {column}"
            lanes[lane] = column
            links[here, lane] = None
            here = lane
        links[here, end] = None
    return lanes, list(links)


def _with_lanes(columns: Mapping[str, int], lanes: Mapping[str, int]) -> list[list[str]]:
    everything = {**columns, **lanes}
    return [
        [one for one, column in everything.items() if column == index]
        for index in range(max(columns.values()) + 1)
    ]


def _sorted(columns: list[list[str]], links: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Each column in the order of what its boxes come from, so that few arrows cross."""
    before: dict[str, list[str]] = {}
    for start, end in links:
        before.setdefault(end, []).append(start)
    place: dict[str, float] = {}
    for column in columns:
        wish = {
            one: sum(place[start] for start in starts) / len(starts) if (starts := before.get(one)) else index
            for index, one in enumerate(column)
        }
        column.sort(key=lambda one: wish[one])
        place.update({one: index / max(1, len(column) - 1) for index, one in enumerate(column)})
    return columns


def _placed(columns: Sequence[Sequence[str]], heights: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Corner (x, y) of each box and lane, columns centred beside each other."""
    tall = [sum(heights[one] + _ROW_GAP for one in column) - _ROW_GAP for column in columns]
    corners: dict[str, tuple[int, int]] = {}
    for index, column in enumerate(columns):
        y = _MARGIN + (max(tall) - tall[index]) // 2
        for one in column:
            corners[one] = (_MARGIN + index * (_WIDTH + _COLUMN_GAP), y)
            y += heights[one] + _ROW_GAP
    return corners


def _box(box: Box, x: int, y: int) -> Markup:
    classes = " ".join(["box", *(["step"] if box.is_step else []), *(["asked"] if box.is_asked else [])])
    texts = [tag("text", _cut(box.title), x=x + _PADDING, y=y + _PADDING + 10, class_="title")]
    texts += [
        tag("text", _cut(line), x=x + _PADDING, y=y + _PADDING + 10 + _LINE * (index + 1))
        for index, line in enumerate(box.lines)
    ]
    frame = tag("rect", x=x, y=y, width=_WIDTH, height=box.height, rx=8 if box.is_step else 2, class_=classes)
    return tag("g", tag("title", "\n".join([box.title, *box.lines])), frame, texts)


def _cut(line: str) -> str:
    return line if len(line) <= _LETTERS else line[: _LETTERS - 1] + "…"


def _lane(corner: tuple[int, int]) -> Markup:
    x, y = corner
    return tag("path", d=f"M{x} {y + _LANE // 2} H{x + _WIDTH}", class_="arrow")


def _arrow(
    corners: Mapping[str, tuple[int, int]],
    heights: Mapping[str, int],
    start: str,
    end: str,
    *,
    is_last: bool,
) -> Markup:
    (x0, y0), (x1, y1) = corners[start], corners[end]
    x0, y0, y1 = x0 + _WIDTH, y0 + heights[start] // 2, y1 + heights[end] // 2
    middle = (x0 + x1) // 2
    line = f"M{x0} {y0} C{middle} {y0} {middle} {y1} {x1} {y1}"
    return tag("path", d=line, class_="arrow", marker_end="url(#head)" if is_last else None)
