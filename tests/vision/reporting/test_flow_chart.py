"""What was made from what, drawn: every box once, every arrow to the right, nothing hidden behind a box."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from calotype.vision.reporting.flow_chart import Box, flow_chart

SVG = "{http://www.w3.org/2000/svg}"
BOXES = {
    "photos": Box("photos", ("given",)),
    "sfm": Box("sfm", ("a: 1", "b: 2"), is_step=True),
    "cameras": Box("cameras"),
    "splat": Box("splat", is_step=True),
    "scene": Box("scene.ply", is_asked=True),
}
ARROWS = [
    ("photos", "sfm"),
    ("sfm", "cameras"),
    ("cameras", "splat"),
    ("photos", "splat"),
    ("splat", "scene"),
]


def drawn(boxes: dict[str, Box], arrows: list[tuple[str, str]]) -> ElementTree.Element:
    return ElementTree.fromstring(str(flow_chart(boxes, arrows, "a chart")))


def corners(chart: ElementTree.Element) -> dict[str, tuple[int, int, int]]:
    """Title -> x, y, height of its box."""
    found: dict[str, tuple[int, int, int]] = {}
    for group in chart.iter(f"{SVG}g"):
        frame, title = group.find(f"{SVG}rect"), group.find(f"{SVG}text")
        assert frame is not None
        assert title is not None
        found[title.text or ""] = (
            int(frame.get("x", 0)),
            int(frame.get("y", 0)),
            int(frame.get("height", 0)),
        )
    return found


def test_boxes_stand_from_left_to_right_in_the_order_of_the_arrows() -> None:
    places = corners(drawn(BOXES, ARROWS))
    across = [places[name][0] for name in ("photos", "sfm", "cameras", "splat", "scene.ply")]
    assert across == sorted(set(across))


def test_an_arrow_that_passes_boxes_goes_around_them() -> None:
    chart = drawn(BOXES, ARROWS)
    places = corners(chart)
    lanes = [path.get("d", "") for path in chart.iter(f"{SVG}path") if "H" in path.get("d", "")]
    assert len(lanes) == 2  # Beside sfm, beside cameras.
    for lane in lanes:
        x, y = map(int, re.findall(r"\d+", lane)[:2])
        (beside,) = [place for place in places.values() if place[0] == x]
        assert not beside[1] <= y <= beside[1] + beside[2]


def test_everything_lies_within_the_picture() -> None:
    chart = drawn(BOXES, ARROWS)
    width, height = int(chart.get("width", 0)), int(chart.get("height", 0))
    for x, y, tall in corners(chart).values():
        assert 0 < x < width - 250
        assert 0 < y < y + tall < height


def test_arrows_in_a_circle_are_left_out_and_a_single_box_is_a_chart() -> None:
    circle = drawn({"a": Box("a"), "b": Box("b")}, [("a", "b"), ("b", "a"), ("a", "a")])
    assert len([path for path in circle.iter(f"{SVG}path") if path.get("class") == "arrow"]) == 1
    assert corners(drawn({"a": Box("only")}, [])).keys() == {"only"}


def test_names_from_strangers_stay_text() -> None:
    chart = drawn({"a": Box("<script>x</script>", ("\u202etxt",))}, [])
    assert list(chart.iter(f"{SVG}script")) == []
    assert "\u202e" not in "".join(chart.itertext())
