"""Outputs never end up where the next run would read them as inputs, nor among the objects of the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from calotype.engine.pipeline import PipelineSpec
from calotype.errors import ConfigurationError
from calotype.runners.session import Session

Sums = Callable[..., PipelineSpec]


def test_the_source_is_refused_as_output_however_it_is_spelt(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(numbers)
    for output in (str(numbers), f"{numbers}/", str(link), f"{numbers}/../numbers"):
        with pytest.raises(ConfigurationError, match="source of numbers"):
            session.create(sums(), {"numbers": str(numbers)}, output=output)
    assert session.runs(10) == []
    assert len(list(numbers.iterdir())) == 12


def test_the_store_is_refused_as_output(session: Session, sums: Sums, numbers: Path, tmp_path: Path) -> None:
    for output in (tmp_path / "store", tmp_path / "store" / "blobs"):
        with pytest.raises(ConfigurationError, match="It is the store"):
            session.create(sums(), {"numbers": str(numbers)}, output=str(output))


def test_what_a_run_published_below_its_source_is_not_an_input_of_the_next(
    session: Session, sums: Sums, numbers: Path
) -> None:
    first = session.create(sums(), {"numbers": str(numbers)}, output=str(numbers / "out"))
    session.conduct(first).check()
    assert json.loads((numbers / "out/total.json").read_text())["count"] == 12
    again = session.create(sums(), {"numbers": str(numbers)})
    assert len(again.inputs["numbers"]) == 12
    assert "out" in again.ignored
