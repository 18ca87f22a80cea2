"""The goldens themselves: what counts as a change, and that renewing needs a new version."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.toy_stages import Double
from tests.stages.goldens import Goldens


class DoubleAgain(Double):
    version = "2"


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Goldens:
    """The goldens of `double` 1, a stage whose loudness may vary by a tenth."""
    monkeypatch.setattr("tests.stages.goldens.name_of", lambda stage: "double")
    Goldens(renew=True, folder=tmp_path).check(Double, {"digest": "ab", "loudness": [1.0, 2.0]})
    return Goldens(folder=tmp_path)


def test_outputs_within_the_tolerance_pass(stored: Goldens) -> None:
    stored.check(Double, {"digest": "ab", "loudness": [1.05, 1.95]}, within={"loudness": 0.1})


@pytest.mark.parametrize(
    "measured",
    [
        {"digest": "ac", "loudness": [1.0, 2.0]},
        {"digest": "ab", "loudness": [1.0, 2.2]},
        {"digest": "ab", "loudness": [1.0]},
        {"digest": "ab", "loudness": [1.0, float("nan")]},
        {"digest": "ab"},
    ],
)
def test_changed_outputs_ask_for_another_version(stored: Goldens, measured: dict[str, object]) -> None:
    with pytest.raises(pytest.fail.Exception, match="outputs changed: bump version"):
        stored.check(Double, measured, within={"loudness": 0.1})


def test_renewing_is_refused_while_the_version_is_the_same(stored: Goldens, tmp_path: Path) -> None:
    before = (tmp_path / "double-1.json").read_text()
    with pytest.raises(pytest.fail.Exception, match="Nothing was renewed"):
        Goldens(renew=True, folder=tmp_path).check(Double, {"digest": "new", "loudness": [1.0, 2.0]})
    assert (tmp_path / "double-1.json").read_text() == before


def test_another_version_is_stored_in_place_of_the_old_one(stored: Goldens, tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="renew-goldens"):
        stored.check(DoubleAgain, {"digest": "new"})
    (tmp_path / "double-more-1.json").write_text("{}")  # Another stage's.
    Goldens(renew=True, folder=tmp_path).check(DoubleAgain, {"digest": "new"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["double-2.json", "double-more-1.json"]
    stored.check(DoubleAgain, {"digest": "new"})
