"""Lay out a page: sections, tables, lists of facts, and figures as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from calotype.vision.reporting.markup import Child, Markup, tag

UNKNOWN = "–"


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


def facts_list(facts: Mapping[str, str]) -> Markup | None:
    known = {label: value for label, value in facts.items() if value.strip(f" →{UNKNOWN}")}
    if not known:
        return None
    return tag(
        "dl",
        [tag("div", tag("dt", label), tag("dd", value)) for label, value in known.items()],
        class_="facts",
    )
