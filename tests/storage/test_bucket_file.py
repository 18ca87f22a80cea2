"""One file in a bucket: large ones in parts, whole or not at all, told on the way."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.faults.bad_line import FAULTS, Weather, bad_line

from calotype.errors import CalotypeError, ConfigurationError, InvalidParameter, UnknownName, UnreadableInput
from calotype.storage.bucket_file import BucketFile
from servers import S3Server

SIZE = 20 * 2**20 + 7


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of three parts, no two of whose pieces are the same."""
    path = tmp_path / "large.bin"
    path.write_bytes(b"".join(number.to_bytes(4, "big") for number in range(SIZE // 4 + 1))[:SIZE])
    return path


@pytest.mark.parametrize("kind", ["moto_server", "rclone_server"])
def test_a_large_file_is_sent_and_fetched_and_its_bytes_are_counted(
    kind: str, request: pytest.FixtureRequest, large: Path, tmp_path: Path
) -> None:
    server: S3Server = request.getfixturevalue(kind)
    place = BucketFile(server.url(f"{tmp_path.name}/a/large.bin"), server.settings)
    assert place.size is None
    place.check_writable()
    told: list[tuple[int, int]] = []
    place.send(large, lambda done, total: told.append((done, total)))
    assert place.size == SIZE
    place.fetch(tmp_path / "again.bin", lambda done, total: told.append((done, total)))
    assert (tmp_path / "again.bin").read_bytes() == large.read_bytes()
    counts = [done for done, _ in told]
    turn = counts.index(SIZE) + 1
    assert counts[:turn] == sorted(counts[:turn]) and counts[turn:] == sorted(counts[turn:])
    assert (counts[-1], {total for _, total in told}) == (SIZE, {SIZE})
    assert len(counts) > 20


def test_a_file_that_is_written_while_it_is_sent_never_becomes_an_object(
    moto_server: S3Server, large: Path, tmp_path: Path
) -> None:
    place = BucketFile(moto_server.url(f"{tmp_path.name}/large.bin"), moto_server.settings)

    def write(done: int, total: int) -> None:
        if done == total:
            large.write_bytes(b"other")

    with pytest.raises((UnreadableInput, CalotypeError), match="changed while it was being stored"):
        place.send(large, write)
    assert place.size is None


def test_what_stops_a_fetch_leaves_no_file(moto_server: S3Server, large: Path, tmp_path: Path) -> None:
    place = BucketFile(moto_server.url(f"{tmp_path.name}/large.bin"), moto_server.settings)
    place.send(large, lambda done, total: None)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.fetch(tmp_path / "fetched" / "large.bin", stop)
    assert list((tmp_path / "fetched").iterdir()) == []
    with pytest.raises(UnknownName, match=r"There is nothing at s3://.*/other\.bin\. Check"):
        BucketFile(moto_server.url("other.bin"), moto_server.settings).fetch(
            tmp_path / "other", lambda done, total: None
        )


def test_over_a_line_on_which_things_go_wrong_the_bytes_arrive(
    moto_server: S3Server, large: Path, tmp_path: Path
) -> None:
    weather = Weather(time.time_ns() % 1_000_000, dict.fromkeys(FAULTS, 0.06))
    with bad_line(moto_server.endpoint, weather) as endpoint:
        settings = replace(moto_server.settings, endpoint=endpoint, max_retries=7)
        for number in range(4):
            place = BucketFile(moto_server.url(f"{tmp_path.name}/{number}.bin"), settings)
            place.send(large, lambda done, total: None)
            place.fetch(tmp_path / f"{number}.bin", lambda done, total: None)
            assert (tmp_path / f"{number}.bin").read_bytes() == large.read_bytes()
    assert weather.happened.total() > weather.happened["fine"], weather


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        (
            "s3://calotype-test",
            InvalidParameter,
            "names no file; give all of its name: s3://calotype-test/run.zip",
        ),
        ("s3://calotype-test/exports/", InvalidParameter, "s3://calotype-test/exports/run.zip"),
        ("gs://bucket/run.zip", ConfigurationError, "gs:// is not supported here; give a file or s3://"),
        ("https://example.org/run.zip", ConfigurationError, "https:// is not supported here"),
        ("s3://key:secret@bucket/run.zip", ConfigurationError, "without keys"),
    ],
)
def test_a_url_that_names_no_file_in_a_bucket_is_refused(
    url: str, error: type[CalotypeError], said: str, moto_server: S3Server
) -> None:
    with pytest.raises(error) as caught:
        BucketFile(url, moto_server.settings)
    assert said in str(caught.value) and "secret" not in str(caught.value)
