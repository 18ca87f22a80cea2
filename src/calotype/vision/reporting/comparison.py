"""Write a page that sets runs side by side: what differs, which figures are better, pictures beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from calotype.errors import CalotypeError
from calotype.vision.images.encode import written_whole
from calotype.vision.reporting.layout import UNKNOWN, duration, folded, section
from calotype.vision.reporting.markup import Child, Markup, joined, tag, text
from calotype.vision.reporting.pictures import embedded_film, embedded_picture

_SHOWN_SETS = 6
"""Pictures of a group that are shown large, evenly spread over it; a contact sheet shows more of them."""
_PICTURE_SIDE, _SHEET_SIDE = 1200, 240
_SHEET_PICTURES = 48
_WIDE = 2.0
"""Width over height from which pictures stand below each other: a strip of several is too small beside another."""
_FILM_BYTES = 8_000_000
FIGURE_DIGITS = 4
EXACT = 15
"""Digits of a float that show it as it is: for parameters, which may differ in the last one."""


@dataclass(frozen=True)
class ComparedRun:
    """One of the runs, as the page heads it."""

    id: str
    letter: str
    """`A`, `B`, ...: what its columns are called."""
    pipeline: str
    state: str
    created: str
    """UTC, ISO 8601."""
    source: str
    history: tuple[str, ...] = ()


@dataclass(frozen=True)
class ComparedRow:
    """One thing that the runs have in common, with the value of each."""

    name: str
    values: tuple[Any, ...]
    """None where a run has no such thing."""
    better: frozenset[int] = frozenset()
    """Which values are the best, where that can be said and they differ."""

    @property
    def differs(self) -> bool:
        return any(value != self.values[0] for value in self.values)


@dataclass(frozen=True)
class ComparedFiles:
    """Pictures or films of the same place in each run."""

    title: str
    is_film: bool
    rows: tuple[ComparedRow, ...]
    """By name, the digests of their bytes."""


@dataclass(frozen=True)
class Comparison:
    """Two or more runs side by side."""

    runs: tuple[ComparedRun, ...]
    figures: tuple[ComparedRow, ...]
    parameters: tuple[ComparedRow, ...]
    """`STEP.PARAMETER`, all of them."""
    keys: tuple[ComparedRow, ...]
    """`STEP` with the beginning of its key; below it `STEP: part` for each part of the key that differs."""
    seconds: tuple[ComparedRow, ...]
    """What computing each step took, in whichever run it was computed; then the sum, and how much of it each run spent itself."""
    reused: Mapping[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    """By step: the runs that did not compute it."""
    files: tuple[ComparedFiles, ...] = ()


OpenBlob = Callable[[str], Path]
"""A local file with the bytes of a digest; a CalotypeError when they are gone."""


def write_comparison(path: Path, comparison: Comparison, open_blob: OpenBlob) -> Path:
    """The path, after the page has been written there, whole or not at all."""
    page = comparison_page(comparison, open_blob)
    return written_whole(path, lambda part: part.write_text(page, encoding="utf-8"))


def comparison_page(comparison: Comparison, open_blob: OpenBlob) -> str:
    """The page as HTML: it holds its pictures, runs no scripts, loads nothing; every text in it is escaped."""
    here = Path(__file__).parent
    runs = comparison.runs
    differing = [row for row in comparison.parameters if row.differs]
    alike = [row for row in comparison.parameters if not row.differs]
    body = joined(
        [
            tag("div", [_run(run) for run in runs], class_="runs"),
            section("What differs", _parameters(runs, differing)),
            _figures(runs, comparison.figures),
            *(_files(runs, files, open_blob) for files in comparison.files),
            section("Time", _table(runs, _seconds(comparison))),
            section(
                "Keys",
                tag("p", "Steps with the same key have the same result.", class_="note"),
                _table(runs, comparison.keys),
            ),
            section(
                "Everything else",
                folded(f"Parameters that are the same ({len(alike)})", _table(runs, alike, EXACT)),
            ),
        ]
    )
    title = text(" and ".join(dict.fromkeys(run.pipeline for run in runs)) + f": {len(runs)} runs")
    template = Template((here / "page.html").read_text("utf-8"))
    return template.substitute(
        script_policy="",
        brand="comparison",
        title=title,
        tab=title,
        subtitle=text(", ".join(f"{run.letter} = {run.id}" for run in runs)),
        style=(here / "page.css").read_text("utf-8") + (here / "comparison.css").read_text("utf-8"),
        body=body,
        footer="",
    )


def shown_value(value: Any, digits: int = FIGURE_DIGITS) -> str:
    """A value as a table shows it, floats with so many digits; a dash for nothing."""
    if value is None:
        return UNKNOWN
    if isinstance(value, float):
        return f"{value:,.0f}" if 10**digits <= abs(value) < 10**EXACT else f"{value:.{digits}g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(shown_value(part, digits) for part in value) or "empty"  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value) if value != "" else "empty"


def _run(run: ComparedRun) -> Markup:
    when = run.created[:19].replace("T", " ") + " UTC"
    head = tag("p", tag("span", run.letter, class_="letter"), " ", tag("strong", run.id))
    about = tag("p", f"{run.pipeline} of {run.source}, {run.state}, {when}", class_="note")
    history = tag("ul", [tag("li", line) for line in run.history]) if run.history else None
    return tag("div", head, about, history, class_="run")


def _parameters(runs: Sequence[ComparedRun], rows: Sequence[ComparedRow]) -> Markup:
    if not rows:
        return tag("p", "No parameter differs.", class_="note")
    return _table(runs, rows, EXACT)


def _figures(runs: Sequence[ComparedRun], rows: Sequence[ComparedRow]) -> Markup | None:
    if not rows:
        return None
    note = tag("p", "The better one is marked, where one of them is.", class_="note")
    return section("Figures", note, _table(runs, rows))


def _seconds(comparison: Comparison) -> list[ComparedRow]:
    rows: list[ComparedRow] = []
    for row in comparison.seconds:
        reused = comparison.reused.get(row.name, frozenset[int]())
        values = (
            duration(value) + (" (reused)" if index in reused else "")
            for index, value in enumerate(row.values)
        )
        rows.append(ComparedRow(row.name, tuple(values)))
    return rows


def _table(runs: Sequence[ComparedRun], rows: Sequence[ComparedRow], digits: int = FIGURE_DIGITS) -> Markup:
    head = [tag("th", ""), *(tag("th", tag("span", run.letter, class_="letter")) for run in runs)]
    body = [
        tag(
            "tr",
            tag("td", row.name),
            [
                tag(
                    "td",
                    tag("span", shown_value(value, digits), class_="better")
                    if index in row.better
                    else shown_value(value, digits),
                )
                for index, value in enumerate(row.values)
            ],
        )
        for row in rows
    ]
    return tag(
        "div", tag("table", tag("thead", tag("tr", head)), tag("tbody", body)), class_="table compared"
    )


def _files(runs: Sequence[ComparedRun], files: ComparedFiles, open_blob: OpenBlob) -> Markup | None:
    differing = [row for row in files.rows if row.differs]
    same = len(files.rows) - len(differing)
    noun = "film" if files.is_film else "picture"
    alike = f"{same} {noun}{'s are' if same > 1 else ' is'} the same in all runs." if same else ""
    if not differing:
        return section(files.title, tag("p", alike, class_="note"))
    shown = _spread(differing, _SHOWN_SETS)
    parts: list[Child] = [tag("p", alike, class_="note") if alike else None]
    parts.append(tag("div", [_set(runs, row, files.is_film, open_blob) for row in shown], class_="sets"))
    if len(differing) > len(shown) and not files.is_film:
        sheets = [_sheet(run, index, differing, open_blob) for index, run in enumerate(runs)]
        parts.append(folded(f"All {len(differing)} that differ", tag("div", sheets, class_="sets")))
    return section(files.title, parts)


def _set(runs: Sequence[ComparedRun], row: ComparedRow, is_film: bool, open_blob: OpenBlob) -> Markup:
    """One picture of each run, under its name."""
    figures: list[Markup] = []
    is_wide = False
    for run, digest in zip(runs, row.values, strict=True):
        path = _opened(digest, open_blob)
        if is_film:
            made = embedded_film(path, _FILM_BYTES)
        else:
            made = embedded_picture(path, f"{row.name} of run {run.letter}", _PICTURE_SIDE)
            is_wide = is_wide or (path is not None and _aspect(path) >= _WIDE)
        shown = made or tag("div", "not there" if digest is None else "cannot be shown", class_="missing")
        figures.append(tag("figure", shown, tag("figcaption", tag("span", run.letter, class_="letter"))))
    beside = tag("div", figures, class_="set wide" if is_wide else "set")
    return tag("div", tag("p", row.name, class_="name"), beside)


def _sheet(run: ComparedRun, index: int, rows: Sequence[ComparedRow], open_blob: OpenBlob) -> Markup:
    """Small pictures of one run, each with its name."""
    figures = [
        tag("figure", picture, tag("figcaption", row.name))
        for row in _spread(rows, _SHEET_PICTURES)
        if (picture := embedded_picture(_opened(row.values[index], open_blob), row.name, _SHEET_SIDE))
    ]
    head = tag("p", tag("span", run.letter, class_="letter"), " ", run.id)
    return tag("div", head, tag("div", figures, class_="gallery"))


def _opened(digest: str | None, open_blob: OpenBlob) -> Path | None:
    try:
        return None if digest is None else open_blob(digest)
    except CalotypeError:
        return None


def _aspect(path: Path) -> float:
    from calotype.vision.images.probe import probe

    try:
        width, height = probe(path).upright_size
    except CalotypeError:
        return 1.0
    return width / height


def _spread(rows: Sequence[ComparedRow], most: int) -> list[ComparedRow]:
    """At most so many of the rows, evenly over all of them."""
    if len(rows) <= most:
        return list(rows)
    return [rows[index * (len(rows) - 1) // (most - 1)] for index in range(most)]
