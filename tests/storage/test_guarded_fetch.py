"""Fetching from servers that lie, drip, never end or are busy: a whole file, or a reason and nothing half-written."""

from __future__ import annotations

import gzip
import itertools
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.storage.hostile_server import Answer, Handler, Site, leading_to, running_site

from calotype.errors import (
    CalotypeError,
    Cancelled,
    ServerBusy,
    StorageError,
    Transient,
    UnreadableInput,
    UrlRefused,
)
from calotype.storage.web_client import Retry
from calotype.storage.web_fetch import FetchedFile, FetchOutcome, fetch_all, fetch_to_file, names_for
from calotype.storage.web_policy import FetchPolicy

ONCE = Retry(attempts=1)
AT_ONCE = Retry(attempts=3, first_s=0.0)
MIB = 1 << 20


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def fetch(
    site: Site, url: str, into: Path, retry: Retry = ONCE, policy: FetchPolicy | None = None
) -> FetchedFile:
    return fetch_to_file(url, into / "photo.jpg", policy or site.policy, retry=retry, resolve=leading_to())


def raw(site: Site, path: str, *lines: str, body: bytes = b"") -> str:
    """The URL of an answer sent exactly so, after which the connection ends."""
    data = "\r\n".join(("HTTP/1.1 200 OK", *lines, "", "")).encode("latin-1") + body
    site.routes[path] = lambda handler: handler.say_raw(data)
    return site.url(path)


def endless(handler: Handler) -> None:
    handler.say_raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    handler.drip(itertools.repeat(bytes(MIB // 4)), 0.0)


def test_a_fetched_file_is_whole_and_replaces_what_was_there(site: Site, tmp_path: Path) -> None:
    body = bytes(range(256)) * 5000
    url = site.serve("/a.jpg", body, Content_Type="image/jpeg")
    (tmp_path / "photo.jpg").write_bytes(b"old")
    told: list[tuple[int, int | None]] = []
    got = fetch_to_file(
        url,
        tmp_path / "photo.jpg",
        site.policy,
        lambda *so_far: told.append(so_far),
        retry=ONCE,
        resolve=leading_to(),
    )
    assert got == FetchedFile(tmp_path / "photo.jpg", len(body), "image/jpeg")
    assert got.path.read_bytes() == body
    assert told[-1] == (len(body), len(body)) and told == sorted(told)


@pytest.mark.parametrize(
    ("lines", "body", "error", "reason"),
    [
        (["Content-Length: 10"], b"12345", Transient, "no HTTP, or broke off"),
        (["Content-Length: 10"], b"", Transient, "no HTTP, or broke off"),
        (["Content-Length: 5", "Content-Length: 6"], b"123456", Transient, "no HTTP"),
        (["Content-Length: -5"], b"12345", Transient, "no HTTP"),
        (["Content-Length: 5x"], b"12345", Transient, "no HTTP"),
        (["Content-Length: 99999999999999"], b"12345", UnreadableInput, "larger than"),
        (["Transfer-Encoding: chunked"], b"5\r\n12345\r\n", Transient, "broke off"),
        (["Transfer-Encoding: chunked"], b"zz\r\n12345\r\n0\r\n\r\n", Transient, "no HTTP"),
        (["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n", Transient, "no HTTP"),
        (["X: " + "a" * 200_000], b"", Transient, "no HTTP"),
        (["Content-Length: 5", "Content-Encoding: br"], b"12345", UnreadableInput, "not asked for"),
        (["Content-Length: 5", "Content-Encoding: gzip"], b"12345", UnreadableInput, "not compressed"),
        (["Content-Length: 5", "Content-Encoding: gzip, gzip"], b"12345", UnreadableInput, "not asked for"),
    ],
)
def test_a_server_that_lies_about_its_answer_leaves_no_file(
    lines: list[str], body: bytes, error: type[CalotypeError], reason: str, site: Site, tmp_path: Path
) -> None:
    with pytest.raises(error, match=reason) as told:
        fetch(site, raw(site, "/lie", *lines, body=body), tmp_path)
    assert "12345" not in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_what_comes_after_the_announced_length_is_no_part_of_the_file(site: Site, tmp_path: Path) -> None:
    got = fetch(site, raw(site, "/long", "Content-Length: 5", body=b"12345and more"), tmp_path)
    assert got.path.read_bytes() == b"12345"


def test_something_that_is_no_http_is_not_repeated_in_the_error(site: Site, tmp_path: Path) -> None:
    site.routes["/ssh"] = lambda handler: handler.say_raw(b"SSH-2.0-secret banner\r\n")
    with pytest.raises(Transient, match="no HTTP") as told:
        fetch(site, site.url("/ssh"), tmp_path)
    assert "secret" not in str(told.value)


def test_an_endless_answer_ends_at_the_cap(site: Site, tmp_path: Path) -> None:
    site.routes["/endless"] = endless
    capped = replace(site.policy, max_bytes=MIB)
    with pytest.raises(UnreadableInput, match=r"larger than 1\.0 MiB"):
        fetch(site, site.url("/endless"), tmp_path, policy=capped)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_exactly_the_most_bytes_is_fetched_and_one_more_is_too_many(
    site: Site, tmp_path: Path
) -> None:
    capped = replace(site.policy, max_bytes=1000)
    assert fetch(site, site.serve("/a", bytes(1000)), tmp_path, policy=capped).size == 1000
    with pytest.raises(UnreadableInput, match="larger than"):
        fetch(site, site.serve("/b", bytes(1001)), tmp_path, policy=capped)
    with pytest.raises(UnreadableInput, match="larger than"):
        fetch(site, raw(site, "/c", "Connection: close", body=bytes(1001)), tmp_path, policy=capped)


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_a_body_that_was_compressed_unasked_is_decompressed(
    encoding: str, site: Site, tmp_path: Path
) -> None:
    body = bytes(range(256)) * 3000
    packed = zlib.compress(body) if encoding == "deflate" else gzip.compress(body)
    url = site.serve("/a", packed, Content_Encoding=encoding)
    assert fetch(site, url, tmp_path).path.read_bytes() == body
    assert site.seen[0].headers["accept-encoding"] == "identity"
    cut = site.serve("/cut", packed[:-20], Content_Encoding=encoding)
    with pytest.raises(Transient, match="broke off"):
        fetch(site, cut, tmp_path)


def test_a_compressed_bomb_ends_at_the_cap_and_takes_no_memory(site: Site, tmp_path: Path) -> None:
    import tracemalloc

    bomb = gzip.compress(bytes(256 * MIB), compresslevel=1)
    url = site.serve("/bomb", bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableInput, match="larger than"):
            fetch(site, url, tmp_path, policy=replace(site.policy, max_bytes=4 * MIB))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 * MIB
    assert list(tmp_path.iterdir()) == []


def dripped_body(handler: Handler) -> None:
    handler.say_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    handler.drip(itertools.repeat(b"x"), 0.02)


def dripped_head(handler: Handler) -> None:
    handler.drip(
        itertools.chain([b"HTTP/1.1 200 OK\r\n"], (f"X-{n}: 1\r\n".encode() for n in itertools.count())), 0.02
    )


def endless_hints(handler: Handler) -> None:
    handler.drip(itertools.repeat(b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"), 0.02)


def silent(handler: Handler) -> None:
    handler.drip(iter([b""]), 3600)


@pytest.mark.parametrize("behaviour", [dripped_body, dripped_head, endless_hints, silent])
def test_the_deadline_holds_however_slowly_the_server_drips(
    behaviour: Answer, site: Site, tmp_path: Path
) -> None:
    site.routes["/slow"] = behaviour
    start = time.monotonic()
    with pytest.raises(Transient, match=r"not done within 0\.4 s"):
        fetch(site, site.url("/slow"), tmp_path, Retry(attempts=9), replace(site.policy, total_s=0.4))
    assert time.monotonic() - start < 3
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_falls_silent_is_given_up_after_the_longest_silence(site: Site, tmp_path: Path) -> None:
    site.routes["/silent"] = silent
    with pytest.raises(Transient, match="fell silent"):
        fetch(site, site.url("/silent"), tmp_path, policy=replace(site.policy, read_s=0.3))


def test_a_resolver_that_does_not_answer_is_given_up(site: Site, tmp_path: Path) -> None:
    def never(host: str, port: int) -> list[str]:
        site.closing.wait()
        return []

    with pytest.raises(Transient, match=r"photos\.example was not resolved within 0\.2 s"):
        fetch_to_file(
            site.url("/a"), tmp_path / "a", replace(site.policy, connect_s=0.2), retry=ONCE, resolve=never
        )


def test_a_host_that_nobody_knows_and_one_that_does_not_listen_are_told_apart(
    site: Site, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableInput, match=r"no host nowhere\.example"):
        fetch(site, "http://nowhere.example/a.jpg", tmp_path, AT_ONCE)
    with running_site() as gone:
        pass
    with pytest.raises(Transient, match="cannot be reached"):
        fetch(site, gone.url("/a.jpg"), tmp_path, policy=gone.policy)


def in_turn(site: Site, path: str, *answers: Callable[[Handler], None]) -> str:
    """The URL of a page that answers each time differently, the last way for ever."""
    left = list(answers)
    site.routes[path] = lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)
    return site.url(path)


def status(number: int, **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.say(number, b"the secret inner page", **headers)


def good(handler: Handler) -> None:
    handler.say(200, b"photo")


def broken(handler: Handler) -> None:
    handler.say_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nph")


@pytest.mark.parametrize(
    "first",
    [
        status(500),
        status(502),
        status(503),
        status(504),
        status(429),
        status(503, Retry_After="0"),
        status(503, Retry_After="Sun, 06 Nov 1994 08:49:37 GMT"),
        status(429, Retry_After="soon"),
        broken,
        lambda handler: handler.say_raw(b""),
    ],
)
def test_a_failure_that_may_pass_is_tried_again(
    first: Callable[[Handler], None], site: Site, tmp_path: Path
) -> None:
    url = in_turn(site, "/a.jpg", first, good)
    assert fetch(site, url, tmp_path, AT_ONCE).path.read_bytes() == b"photo"
    assert len(site.seen) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize("number", [204, 304, 400, 401, 403, 404, 410, 451, 501])
def test_a_failure_that_stays_is_met_once(number: int, site: Site, tmp_path: Path) -> None:
    url = in_turn(
        site, "/a.jpg", status(number) if number not in (204, 304) else lambda h: h.say(number), good
    )
    with pytest.raises(UnreadableInput, match=f"HTTP {number}") as told:
        fetch(site, url, tmp_path, AT_ONCE)
    assert "secret" not in str(told.value)
    assert len(site.seen) == 1


def test_a_failure_that_does_not_pass_is_raised_after_the_last_attempt(site: Site, tmp_path: Path) -> None:
    with pytest.raises(ServerBusy, match="HTTP 503"):
        fetch(site, in_turn(site, "/a.jpg", status(503)), tmp_path, AT_ONCE)
    assert len(site.seen) == 3


def test_a_server_that_asks_for_too_long_a_pause_is_given_up_at_once(site: Site, tmp_path: Path) -> None:
    with pytest.raises(ServerBusy) as told:
        fetch(site, in_turn(site, "/a.jpg", status(429, Retry_After="3600"), good), tmp_path, AT_ONCE)
    assert told.value.wait_s == 3600
    assert len(site.seen) == 1


def test_a_query_is_never_shown(site: Site, tmp_path: Path) -> None:
    url = in_turn(site, "/a.jpg", status(404)) + "?X-Amz-Signature=secret"
    with pytest.raises(UnreadableInput, match=r"/a\.jpg\?\.\.\.: ") as told:
        fetch(site, url, tmp_path)
    assert "secret" not in str(told.value)


def test_a_disk_that_takes_no_file_is_told_as_what_it_is(site: Site, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").mkdir()
    with pytest.raises(StorageError):
        fetch(site, site.serve("/a", b"photo"), tmp_path, AT_ONCE)
    assert len(site.seen) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_whoever_watches_the_bytes_can_stop_the_fetch(site: Site, tmp_path: Path) -> None:
    def stop(done: int, _: int | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fetch_to_file(
            site.serve("/a", b"photo"), tmp_path / "a", site.policy, stop, retry=AT_ONCE, resolve=leading_to()
        )
    assert list(tmp_path.iterdir()) == []


def test_many_urls_are_fetched_together_and_one_that_fails_stops_no_other(site: Site, tmp_path: Path) -> None:
    urls = [site.serve(f"/set/{n % 20}/photo.jpg", f"photo {n}".encode()) for n in range(20)]
    urls[3] = site.url("/missing.jpg")
    urls[5] = "http://169.254.169.254/a.jpg"
    urls[7] = in_turn(site, "/busy.jpg", status(503), good)
    urls[9] = "not a url"
    told: list[tuple[int, int, str]] = []
    got = fetch_all(
        urls,
        tmp_path,
        site.policy,
        lambda done, total, one: told.append((done, total, one.url)),
        at_once=4,
        retry=AT_ONCE,
        resolve=leading_to(),
    )
    assert [one.url for one in got] == urls
    failed = {n: type(one.error) for n, one in enumerate(got) if one.error}
    assert failed == {3: UnreadableInput, 5: UrlRefused, 9: UrlRefused}
    bodies = [one.file.path.read_bytes() for one in got if one.file]
    assert bodies == [b"photo" if n == 7 else f"photo {n}".encode() for n in range(20) if n not in failed]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        one.file.path.name for one in got if one.file
    )
    assert [done for done, _, _ in told] == list(range(1, 21)) and {url for *_, url in told} == set(urls)


def test_connections_are_used_again_for_the_same_server(site: Site, tmp_path: Path) -> None:
    urls = [site.serve(f"/{n}.jpg", b"photo") for n in range(12)]
    names = leading_to()
    got = fetch_all(urls, tmp_path, site.policy, at_once=1, retry=ONCE, resolve=names)
    assert all(one.file for one in got)
    assert len(names.asked) == 1  # type: ignore[attr-defined]


def test_a_cancelled_download_of_many_ends_soon_and_leaves_no_parts(site: Site, tmp_path: Path) -> None:
    site.routes["/slow"] = dripped_body
    urls = [site.serve("/first.jpg", b"photo"), *(site.url(f"/slow?{n}") for n in range(8))]

    def stop(done: int, _: int, __: FetchOutcome) -> None:
        raise Cancelled

    start = time.monotonic()
    with pytest.raises(Cancelled):
        fetch_all(urls, tmp_path, site.policy, stop, at_once=4, retry=AT_ONCE, resolve=leading_to())
    assert time.monotonic() - start < 3
    assert [path.name for path in tmp_path.iterdir()] == ["first.jpg"]
    assert not [one for one in threading.enumerate() if one.name.startswith("fetch")]


def test_a_full_disk_ends_the_download_of_many(site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    with pytest.raises(StorageError):
        fetch_all([site.serve("/a.jpg", b"x")], tmp_path, site.policy, retry=ONCE, resolve=leading_to())


def test_names_are_readable_safe_and_different() -> None:
    urls = [
        "https://a.example/photos/b%20c.jpg?x=1",
        "https://b.example/other/B%20C.jpg",
        "https://a.example/",
        "https://a.example/..%2f..%2fetc%2fpasswd",
        "https://a.example/%2e%2e",
        "https://a.example/.hidden",
        "https://a.example/a%00b%0a.jpg",
        "https://a.example/con:x|y.jpg",
        "https://a.example/" + "x" * 300 + ".jpg",
        "https://a.example/%ff.jpg",
        "nonsense",
    ]
    assert names_for(urls) == [
        "b c.jpg",
        "B C-2.jpg",
        "index",
        "_._.._etc_passwd",
        "_.",
        "_hidden",
        "a_b_.jpg",
        "con_x_y.jpg",
        "x" * 76 + ".jpg",
        "\N{REPLACEMENT CHARACTER}.jpg",
        "refused",
    ]
