"""`calotype compare RUN RUN`: parameters, keys, figures, times and pictures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.terminal import show
from calotype.runners.comparing import blobs_at_hand, compare_runs, document
from calotype.runners.session import open_session
from calotype.vision.reporting.comparison import (
    EXACT,
    FIGURE_DIGITS,
    ComparedRow,
    Comparison,
    shown_value,
    write_comparison,
)


def compare(
    run: Annotated[str, Parameter(help="A run: its id, the beginning of one, or `latest`.")],
    *others: Annotated[str, Parameter(help="Runs to set beside it.")],
    output: Annotated[
        str, Parameter(name=("--output", "-o"), help="Write a page with the pictures there: `compare.html`.")
    ] = "",
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Set runs side by side: parameters that differ, figures with the better one marked, times, pictures."""
    with open_session(store) as session:
        comparison = compare_runs(session, [run, *others])
        if output:
            with blobs_at_hand(session) as open_blob:
                write_comparison(Path(output), comparison, open_blob)
    if json:
        print_json({**document(comparison), **({"page": str(Path(output).resolve())} if output else {})})
        return
    _print(comparison)
    if output:
        show(f"\nThe pictures are in {output}\n")


def _print(comparison: Comparison) -> None:
    for run in comparison.runs:
        show(f"{run.letter}  {run.id}  {run.pipeline} of {run.source}, {run.state}\n")
        for line in run.history:
            show(f"   {line}\n")
    letters = [run.letter for run in comparison.runs]
    differing = [row for row in comparison.parameters if row.differs]
    _table("parameters that differ", letters, differing, "none", EXACT)
    _table("keys", letters, comparison.keys)
    _table("figures (* is better)", letters, comparison.figures)
    seconds = [
        ComparedRow(row.name, tuple(_duration(comparison, row, index) for index in range(len(letters))))
        for row in comparison.seconds
    ]
    _table("seconds of computing", letters, seconds)


def _duration(comparison: Comparison, row: ComparedRow, index: int) -> str | None:
    if row.values[index] is None:
        return None
    reused = index in comparison.reused.get(row.name, frozenset[int]())
    return ("reused " if reused else "") + f"{row.values[index]:.1f}"


def _table(
    title: str,
    letters: Sequence[str],
    rows: Sequence[ComparedRow],
    nothing: str = "",
    digits: int = FIGURE_DIGITS,
) -> None:
    if not rows and not nothing:
        return
    show(f"\n{title}\n")
    if not rows:
        show(f"  {nothing}\n")
        return
    cells = [
        [
            shown_value(value, digits) + (" *" if index in row.better else "  " if row.better else "")
            for index, value in enumerate(row.values)
        ]
        for row in rows
    ]
    first = max(len(row.name) for row in rows)
    widths = [max(len(letter), *(len(row[index]) for row in cells)) for index, letter in enumerate(letters)]
    for name, row in [
        ("", list(letters)),
        *((row.name, cell) for row, cell in zip(rows, cells, strict=True)),
    ]:
        line = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        show(f"  {name:<{first}}  {line}".rstrip() + "\n")
