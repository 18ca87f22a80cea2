"""A file goes whole to its presigned URL or not at all; a message goes to its webhook, once, and to nobody else."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.storage.hostile_server import HOST, Names, Site, leading_to, running_site

from calotype.errors import (
    CalotypeError,
    Cancelled,
    InvalidParameter,
    ServerBusy,
    StorageError,
    Transient,
    UnreadableInput,
    UploadExpired,
    UrlRefused,
)
from calotype.storage.web_client import Retry
from calotype.storage.web_policy import AllowedHosts, FetchPolicy
from calotype.storage.web_send import Posted, check_s3_endpoint, post_json, put_file

AT_ONCE = Retry(attempts=3, first_s=0.0)
BODY = bytes(range(256)) * 4000


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(BODY)
    return path


def answers(site: Site, path: str, *statuses: int, body: bytes = b"inner secret", **headers: str) -> str:
    left = list(statuses)
    site.routes[path] = lambda handler: handler.say(
        left.pop(0) if len(left) > 1 else left[0], body, **headers
    )
    return site.url(path)


def put(site: Site, url: str, path: Path, policy: FetchPolicy | None = None) -> None:
    put_file(url, path, "image/png", policy or site.policy, retry=AT_ONCE, resolve=leading_to())


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_file_is_sent_whole_with_its_length_and_type(status: int, site: Site, picture: Path) -> None:
    told: list[tuple[int, int]] = []
    site.routes["/k"] = lambda handler: handler.say(status)
    put_file(
        site.url("/k?X-Amz-Signature=ab%2Fcd"),
        picture,
        "image/png",
        site.policy,
        lambda *sent: told.append(sent),
        resolve=leading_to(),
    )
    [came] = site.seen
    assert (came.method, came.path, came.body) == ("PUT", "/k?X-Amz-Signature=ab%2Fcd", BODY)
    assert came.headers["content-length"] == str(len(BODY)) and "transfer-encoding" not in came.headers
    assert came.headers["content-type"] == "image/png"
    assert told[-1] == (len(BODY), len(BODY))


def test_an_empty_file_is_sent_too(site: Site, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    put(site, answers(site, "/k", 200), tmp_path / "empty")
    assert site.seen[0].body == b"" and site.seen[0].headers["content-length"] == "0"


def test_an_upload_that_failed_in_passing_is_sent_again_from_its_start(site: Site, picture: Path) -> None:
    put(site, answers(site, "/k", 503, 500, 200), picture)
    assert [one.body == BODY for one in site.seen] == [True] * 3


def test_an_upload_that_goes_on_failing_is_raised_after_the_last_attempt(site: Site, picture: Path) -> None:
    with pytest.raises(ServerBusy, match="HTTP 503"):
        put(site, answers(site, "/k", 503), picture)
    assert len(site.seen) == 3


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        (403, b"", UploadExpired, "expired, or its signature is wrong"),
        (401, b"", UploadExpired, "expired, or its signature is wrong"),
        (400, b"<Error><Code>ExpiredToken</Code></Error>", UploadExpired, "expired"),
        (400, b"<Error><Code>EntityTooLarge</Code></Error>", StorageError, "HTTP 400"),
        (400, b"x" * 100_000 + b"<Code>ExpiredToken</Code>", StorageError, "HTTP 400"),
        (404, b"", StorageError, "HTTP 404"),
        (411, b"", StorageError, "HTTP 411"),
        (413, b"", StorageError, "HTTP 413"),
        (501, b"", StorageError, "HTTP 501"),
        (202, b"", StorageError, "HTTP 202"),
        (307, b"", UrlRefused, "redirects"),
        (301, b"", UrlRefused, "redirects"),
    ],
)
def test_an_upload_that_is_refused_is_sent_once_and_an_expired_url_told_apart(
    status: int, body: bytes, error: type[CalotypeError], says: str, site: Site, picture: Path
) -> None:
    url = answers(site, "/k", status, body=b"inner secret" + body, Location=site.url("/other"))
    with pytest.raises(error, match=says) as told:
        put(site, url + "?X-Amz-Signature=secret", picture)
    assert "secret" not in str(told.value)
    assert isinstance(told.value, UploadExpired) == (error is UploadExpired)
    assert [one.path.split("?")[0] for one in site.seen] == ["/k"]


def test_an_upload_without_an_answer_is_sent_again(site: Site, picture: Path) -> None:
    site.routes["/k"] = lambda handler: handler.say_raw(b"")
    with pytest.raises(Transient, match="broke off"):
        put(site, site.url("/k"), picture)
    assert len(site.seen) == 3


def test_an_upload_to_a_server_that_stops_reading_ends_with_the_deadline(tmp_path: Path) -> None:
    import socket

    (tmp_path / "large").write_bytes(bytes(64 << 20))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        policy = FetchPolicy(private=AllowedHosts.parse(f"{HOST}:{port}"), total_s=0.5)
        with pytest.raises(Transient, match=r"not done within 0\.5 s"):
            put_file(f"http://{HOST}:{port}/k", tmp_path / "large", "image/png", policy, resolve=leading_to())


def test_a_file_that_changes_while_it_is_sent_is_told(site: Site, picture: Path) -> None:
    def grow(sent: int, _: int) -> None:
        if sent < 300_000:
            picture.write_bytes(BODY + b"more")

    with pytest.raises(UnreadableInput, match="changed while"):
        put_file(
            answers(site, "/k", 200),
            picture,
            "image/png",
            site.policy,
            grow,
            retry=AT_ONCE,
            resolve=leading_to(),
        )


def test_whoever_watches_an_upload_can_stop_it(site: Site, picture: Path) -> None:
    def stop(*_: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        put_file(answers(site, "/k", 200), picture, "image/png", site.policy, stop, resolve=leading_to())


def test_a_file_that_is_not_there_and_a_type_that_is_none_are_told_before_anything_is_sent(
    site: Site, picture: Path
) -> None:
    with pytest.raises(UnreadableInput):
        put(site, site.url("/k"), picture.with_name("missing"))
    with pytest.raises(InvalidParameter, match="content type"):
        put_file(site.url("/k"), picture, "image/png\r\nX: y", site.policy, resolve=leading_to())
    assert site.seen == []


@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:{port}/k", "http://169.254.169.254/k", "ftp://photos.example/"]
)
def test_nothing_is_sent_where_nothing_may_be_fetched(where: str, site: Site, picture: Path) -> None:
    url = where.replace("{port}", str(site.port))
    with pytest.raises(UrlRefused):
        put(site, url, picture)
    with pytest.raises(UrlRefused):
        post_json(url, {}, site.policy, resolve=leading_to())
    assert site.seen == []


def post(site: Site, url: str, **headers: str) -> Posted:
    return post_json(url, {"state": "gemacht für dich"}, site.policy, headers=headers, resolve=leading_to())


@pytest.mark.parametrize("status", [200, 202, 204, 400, 404, 410, 429, 500, 503])
def test_a_message_is_sent_once_and_what_the_server_said_comes_back(status: int, site: Site) -> None:
    got = post(site, answers(site, "/hook", status, Retry_After="7"), **{"webhook-id": "msg_1"})
    assert got == Posted(status, 7.0) and got.arrived == (status < 300)
    [came] = site.seen
    assert (came.method, json.loads(came.body)) == ("POST", {"state": "gemacht für dich"})
    assert came.headers["webhook-id"] == "msg_1" and came.headers["content-type"] == "application/json"


def test_bytes_are_sent_as_they_are_because_a_signature_covers_them(site: Site) -> None:
    url = answers(site, "/hook", 200)
    assert post_json(url, b'{"a":  1}', site.policy, resolve=leading_to()) == Posted(200, None)
    assert site.seen[0].body == b'{"a":  1}'


def test_a_webhook_that_redirects_or_never_answers_is_told_without_its_secret_path(site: Site) -> None:
    site.redirect("/services/secret", site.url("/elsewhere"), 307)
    site.routes["/slow/secret"] = lambda handler: handler.drip(itertools.repeat(b""), 0.05)
    with pytest.raises(UrlRefused, match=f"http://{HOST}:{site.port}: it redirects") as redirected:
        post(site, site.url("/services/secret"))
    with pytest.raises(Transient, match=r"not done within") as slow:
        post_json(site.url("/slow/secret"), {}, replace(site.policy, total_s=0.3), resolve=leading_to())
    with pytest.raises(UrlRefused, match="control character") as odd:
        post(site, site.url("/services/secret\n"))
    assert not any("secret" in str(one.value) for one in (redirected, slow, odd))
    assert [one.path for one in site.seen] == ["/services/secret", "/slow/secret"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "b\r\nHost: evil"),
        ("X A", "b"),
        ("Host", "evil"),
        ("Content-Length", "0"),
        ("X-A", "ü"),
        ("", "b"),
    ],
)
def test_headers_of_a_message_cannot_smuggle_others(name: str, value: str, site: Site) -> None:
    with pytest.raises(InvalidParameter):
        post(site, site.url("/hook"), **{name: value})
    assert site.seen == []


S3_NAMES = Names(
    {
        "s3.example": (["8.8.8.8"],),
        "bucket.s3.example": (["8.8.8.8", "10.0.0.1"],),
        "minio.lan": (["10.0.0.7"],),
    }
)


@pytest.mark.parametrize(
    "endpoint", ["https://s3.example", "http://s3.example:8080/", "https://s3.example/storage/v1/s3"]
)
def test_an_s3_endpoint_in_the_internet_is_fine(endpoint: str) -> None:
    check_s3_endpoint(endpoint, resolve=S3_NAMES)


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        ("http://169.254.169.254", "metadata"),
        ("http://127.0.0.1:9000", "port"),
        ("http://127.0.0.1", "loopback"),
        ("http://minio.lan", "private"),
        ("https://user:key@s3.example", "user name"),
        ("https://s3.example?x=1", "query"),
        ("s3.example", "absolute"),
        ("file:///etc", "no host"),
    ],
)
def test_an_s3_endpoint_that_a_job_may_not_bring_is_refused(endpoint: str, reason: str) -> None:
    with pytest.raises(UrlRefused, match=reason):
        check_s3_endpoint(endpoint, resolve=S3_NAMES)


def test_the_operators_own_endpoint_and_a_bucket_in_the_host_name_are_looked_at_too() -> None:
    opened = FetchPolicy(private=AllowedHosts.parse("minio.lan:9000"))
    check_s3_endpoint("http://minio.lan:9000", opened, resolve=S3_NAMES)
    with pytest.raises(UrlRefused, match=r"bucket\.s3\.example leads to 10\.0\.0\.1"):
        check_s3_endpoint("https://s3.example", virtual_hosted_bucket="bucket", resolve=S3_NAMES)
