"""`calotype export` to a bucket and `calotype import` from one, as people call them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from calotype.storage.store import Store, open_store
from commands import Called
from servers import S3Server

Calotype = Callable[..., Called]


@pytest.fixture
def bucket(moto_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A prefix of this test's own; the environment says how to reach it."""
    for name, value in moto_server.environment.items():
        monkeypatch.setenv(name, value)
    return open_store(moto_server.url(f"exchange/{tmp_path.name}"), s3=moto_server.settings)


def left_on_scratch(tmp_path: Path) -> list[Path]:
    folders = ("reservations", "work")
    return [path for name in folders for path in (tmp_path / "scratch" / name).iterdir()]


def test_a_run_is_exported_to_a_bucket_and_imported_from_it_elsewhere(
    calotype: Calotype, run: str, bucket: Store, tmp_path: Path
) -> None:
    url = f"{bucket.url}/runs/house.zip"
    packed = calotype("export", run, "-o", url)
    assert (packed.code, packed.out.partition(",")[0]) == (0, f"{url}: run {run}")
    assert [info.key for info in bucket.list()] == ["runs/house.zip"]
    assert calotype("export", run, "-o", tmp_path / "house.zip").code == 0
    assert bucket.get("runs/house.zip") == (tmp_path / "house.zip").read_bytes()
    there = ("--store", tmp_path / "there")
    brought = calotype("import", url, *there, "--json").json
    assert (brought["run"], brought["was_here"]) == (run, False)
    assert calotype("resume", run, *there, "--json").json["executed"] == []
    assert left_on_scratch(tmp_path) == []


def test_an_object_is_replaced_only_when_asked(
    calotype: Calotype, run: str, bucket: Store, tmp_path: Path
) -> None:
    bucket.put("x.zip", b"precious")
    refused = calotype("export", run, "-o", f"{bucket.url}/x.zip")
    assert refused.code == 78
    assert f"{bucket.url}/x.zip exists; --force replaces it" in refused.err
    assert bucket.get("x.zip") == b"precious"
    written = calotype("export", run, "-o", f"{bucket.url}/x.zip", "--force", "--json").json
    assert (written["path"], written["size"]) == (f"{bucket.url}/x.zip", len(bucket.get("x.zip")))


def test_what_is_no_archive_or_not_there_is_named_by_its_url_and_makes_no_store(
    calotype: Calotype, bucket: Store, tmp_path: Path
) -> None:
    bucket.put("photo.zip", b"\xff\xd8\xff" * 100)
    refused = calotype("import", f"{bucket.url}/photo.zip")
    assert refused.code == 78
    assert f"{bucket.url}/photo.zip is refused: it is not a zip archive" in refused.err
    assert str(tmp_path / "scratch") not in refused.err
    missing = calotype("import", f"{bucket.url}/missing.zip", "--json")
    assert (missing.code, missing.json["exit_code"]) == (78, 78)
    assert f"There is nothing at {bucket.url}/missing.zip" in missing.json["error"]
    assert not (tmp_path / "store").exists()
    assert left_on_scratch(tmp_path) == []


@pytest.mark.parametrize(
    ("place", "exporting", "importing"),
    [
        ("s3://no-such-bucket-here/x.zip", "this bucket does not exist", "There is nothing at s3://no-such"),
        ("s3://calotype-test/exports/", "names no file", "names no file"),
        ("https://example.org/x.zip", "https:// is not supported", "https:// is not supported"),
    ],
)
def test_a_place_that_is_none_is_refused_before_anything_is_packed(
    place: str,
    exporting: str,
    importing: str,
    calotype: Calotype,
    run: str,
    bucket: Store,
    tmp_path: Path,
) -> None:
    packing, fetching = calotype("export", run, "-o", place), calotype("import", place)
    for refused, said in ((packing, exporting), (fetching, importing)):
        assert refused.code == 78
        assert said in refused.err
        assert "Traceback" not in refused.err
    assert left_on_scratch(tmp_path) == []


def test_scratch_without_room_for_the_archive_refuses_it_with_the_figures(
    calotype: Calotype, run: str, bucket: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert calotype("export", run, "-o", f"{bucket.url}/x.zip").code == 0
    monkeypatch.setenv("CALOTYPE_SCRATCH_GB", "0.00000001")
    packing = calotype("export", run, "-o", f"{bucket.url}/y.zip")
    fetching = calotype("import", f"{bucket.url}/x.zip", "--store", tmp_path / "there")
    for refused in (packing, fetching):
        assert refused.code == 78
        assert "Scratch" in refused.err and "cannot hold" in refused.err
    assert [info.key for info in bucket.list()] == ["x.zip"]
    assert not (tmp_path / "there").exists()
    assert left_on_scratch(tmp_path) == []


def test_an_archive_may_be_named_by_a_file_url(calotype: Calotype, run: str, tmp_path: Path) -> None:
    url = (tmp_path / "a house.zip").as_uri()
    assert calotype("export", run, "-o", url).code == 0
    assert calotype("import", url, "--store", tmp_path / "there", "--json").json["run"] == run
