"""`calotype export` and `calotype import`, as people call them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import Called

Calotype = Callable[..., Called]


def test_a_run_is_exported_imported_elsewhere_and_resumed(
    calotype: Calotype, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    packed = calotype("export", run)
    assert packed.code == 0
    assert packed.out.startswith(f"{run}.zip: run {run}, ")
    there = ("--store", tmp_path / "there")
    brought = calotype("import", f"{run}.zip", *there, "--json").json
    assert (brought["run"], brought["was_here"], brought["other_results"]) == (run, False, [])
    assert calotype("runs", *there, "--json").json[0]["id"] == run
    assert calotype("resume", run, *there, "--json").json["executed"] == []
    assert "(it was here already): 0 new files" in calotype("import", f"{run}.zip", *there).out


def test_a_run_comes_back_whole_after_everything_was_purged(
    calotype: Calotype, run: str, tmp_path: Path
) -> None:
    path = tmp_path / "kept.zip"
    assert calotype("export", run, "-o", path).code == 0
    assert calotype("purge-all", "--yes").code == 0
    assert calotype("gc", "--older-than", "0s").code == 0
    store = tmp_path / "store"
    assert not [one for one in (store / "blobs").rglob("*") if one.is_file()]
    assert calotype("import", path, "--json").json["files"] > 0
    resumed = calotype("resume", run, "-o", tmp_path / "out", "--json").json
    assert (resumed["state"], resumed["executed"]) == ("done", [])
    assert (tmp_path / "out/report/2.json").read_text() == "4"
    again = tmp_path / "again.zip"
    assert calotype("export", run, "-o", again).code == 0
    assert calotype("import", again, "--store", tmp_path / "there").code == 0


def test_an_archive_is_replaced_only_when_asked(calotype: Calotype, run: str, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_text("precious")
    refused = calotype("export", run, "-o", path)
    assert (refused.code, path.read_text()) == (78, "precious")
    assert "--force replaces it" in refused.err
    written = calotype("export", "latest", "-o", path, "--force", "--json").json
    assert (written["run"], written["size"]) == (run, path.stat().st_size)


@pytest.mark.parametrize("place", ["s3://bucket/x.zip", ".", "store/x.zip/y.zip"])
def test_a_place_that_cannot_hold_the_archive_is_refused(
    place: str, calotype: Calotype, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "store/x.zip").write_text("a file")
    refused = calotype("export", run, "-o", place)
    assert refused.code == 78
    assert "Traceback" not in refused.err


def test_unknown_runs_and_files_that_are_no_archive_are_refused(calotype: Calotype, tmp_path: Path) -> None:
    assert calotype("export").code == 78
    assert calotype("export", "20260101-000000-aaaa").code == 78
    missing = calotype("import", tmp_path / "missing.zip", "--json")
    assert (missing.code, missing.json["exit_code"]) == (78, 78)
    (tmp_path / "photo.zip").write_bytes(b"\xff\xd8\xff" * 100)
    refused = calotype("import", tmp_path / "photo.zip")
    assert refused.code == 78
    assert "not a zip archive" in refused.err
    assert not (tmp_path / "store").exists()
    assert calotype("import", tmp_path).code == 78
