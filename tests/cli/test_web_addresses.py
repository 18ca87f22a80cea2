"""`calotype run` over https:// URLs: only as far as the operator allows, with signatures kept out of every record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engine.toy_stages import Double
from tests.storage.hostile_server import Site, running_site

from calotype.errors import UrlRefused
from calotype.runners.session import Session, pipeline_of
from commands import Called

Calotype = Callable[..., Called]


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def numbers(site: Site, count: int) -> list[str]:
    for value in range(count):
        site.serve(f"/numbers/{value}.json", json.dumps(value).encode())
    return [site.url(f"/numbers/{value}.json?sig=secret", host="127.0.0.1") for value in range(count)]


def test_a_run_over_urls_computes_what_a_run_over_the_files_does(site: Site, tmp_path: Path) -> None:
    urls = numbers(site, 4)
    environment = {
        "CALOTYPE_ALLOW_PRIVATE_HOSTS": f"127.0.0.1:{site.port}",
        "NVME_ROOT": str(tmp_path / "scratch"),
    }
    local = tmp_path / "numbers"
    local.mkdir()
    for value in range(4):
        (local / f"{value}.json").write_text(json.dumps(value))
    session = Session(f"memory://{tmp_path.name}", environment)
    try:
        (tmp_path / "urls.txt").write_text("\n".join(urls))
        first = session.conduct(
            session.create(pipeline_of(Double()), {"numbers": str(tmp_path / "urls.txt")})
        ).check()
        assert first.executed
        definition = session.create(pipeline_of(Double()), {"numbers": " ".join(urls)})
        assert session.conduct(definition).check().executed == ()
        assert (
            session.conduct(session.create(pipeline_of(Double()), {"numbers": str(local)})).check().executed
            == ()
        )
        assert "secret" not in definition.model_dump_json()
        kept = [b"".join(session.store.stream(info.key)) for info in session.store.list()]
        assert not any(b"secret" in data for data in kept)
    finally:
        session.close()


def test_without_the_setting_nothing_is_started_or_contacted(site: Site, tmp_path: Path) -> None:
    session = Session(f"memory://{tmp_path.name}", {"NVME_ROOT": str(tmp_path / "scratch")})
    try:
        with pytest.raises(UrlRefused, match="CALOTYPE_ALLOW_PRIVATE_HOSTS"):
            session.create(pipeline_of(Double()), {"numbers": " ".join(numbers(site, 2))})
        assert session.runs(10) == []
    finally:
        session.close()
    assert site.seen == []


def test_the_command_reads_the_setting_and_names_it_in_its_refusal(
    site: Site, photos: Path, calotype: Calotype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for photo in photos.iterdir():
        site.serve(f"/{photo.name}", photo.read_bytes())
    urls = [site.url(f"/{photo.name}", host="127.0.0.1") for photo in sorted(photos.iterdir())]
    (tmp_path / "urls.txt").write_text("\n".join(urls))
    refused = calotype("run", "splat", tmp_path / "urls.txt")
    assert refused.code == 78 and "CALOTYPE_ALLOW_PRIVATE_HOSTS" in refused.err
    assert "Traceback" not in refused.err and site.seen == []
    refused = calotype("run", "splat", *urls[:3])
    assert refused.code == 78 and "CALOTYPE_ALLOW_PRIVATE_HOSTS" in refused.err

    monkeypatch.setenv("CALOTYPE_ALLOW_PRIVATE_HOSTS", f"127.0.0.1:{site.port}")
    estimate = calotype("estimate", "splat", tmp_path / "urls.txt", "--json")
    assert estimate.json["workload"]["photos"] == len(urls)
    few = calotype("run", "splat", *urls[:3])
    assert few.code == 78 and "lists 3 images; at least 5 are needed" in few.err


def test_what_cannot_be_given_together_or_allowed_is_told(
    calotype: Calotype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = calotype("run", "splat", tmp_path, "more")
    assert called.code == 78 and "Only web addresses can be given together" in called.err
    monkeypatch.setenv("CALOTYPE_ALLOW_PRIVATE_HOSTS", "http://nas/")
    called = calotype("run", "splat", tmp_path)
    assert called.code == 78 and "CALOTYPE_ALLOW_PRIVATE_HOSTS" in called.err
