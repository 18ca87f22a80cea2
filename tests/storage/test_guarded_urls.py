"""Hostile URLs and redirects are refused before anything is contacted; the same server is reached where it was opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.storage.hostile_server import HOST, Names, Site, leading_to, running_site

from calotype.errors import UnreadableInput, UrlRefused
from calotype.storage.web_client import Retry
from calotype.storage.web_fetch import fetch_to_file
from calotype.storage.web_policy import AllowedHosts, FetchPolicy
from calotype.storage.web_urls import WebUrl

ONCE = Retry(attempts=1)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture(scope="module")
def canary() -> Iterator[Site]:
    """A server in the private network, which must never be reached."""
    with running_site("127.0.0.2") as running:
        yield running


def policy(site: Site, canary: Site) -> FetchPolicy:
    """The site is open by name; the canary's port is, too: nothing but its address may be what refuses it."""
    return replace(site.policy, ports=site.policy.ports | {canary.port})


# {port} is where the canary listens on 127.0.0.2, so whatever gets through is noticed; {open} is the site's port.
HOSTILE = [
    ("http://127.0.0.2:{port}/", "loopback"),
    ("http://127.0.0.2.:{port}/", "loopback"),
    ("http://127.2:{port}/", "four plain"),
    ("http://127.0.2:{port}/", "four plain"),
    ("http://2130706434:{port}/", "four plain"),
    ("http://0x7f000002:{port}/", "four plain"),
    ("http://0x7f.0.0.2:{port}/", "four plain"),
    ("http://0X7F.2:{port}/", "four plain"),
    ("http://0177.0.0.2:{port}/", "four plain"),
    ("http://017700000002:{port}/", "four plain"),
    ("http://127.0.0.02:{port}/", "four plain"),
    ("http://127.0.0.0x2:{port}/", "four plain"),
    ("http://127.0.0.2.0:{port}/", "four plain"),
    ("http://127.0.0.258:{port}/", "four plain"),
    ("http://4294967295:{port}/", "four plain"),
    ("http://0:{port}/", "four plain"),
    ("http://0.0.0.0:{port}/", "no host"),
    ("http://１２７.0.0.2:{port}/", "loopback"),
    ("http://①②⑦.0.0.2:{port}/", "loopback"),
    ("http://127。0。0。2:{port}/", "loopback"),
    ("http://127.0.0.2%2e:{port}/", "percent"),
    ("http://%31%32%37.0.0.2:{port}/", "percent"),
    ("http://[::1]:{port}/", "loopback"),
    ("http://[::]:{port}/", "no host"),
    ("http://[::ffff:127.0.0.2]:{port}/", "loopback"),
    ("http://[::ffff:7f00:2]:{port}/", "loopback"),
    ("http://[0:0:0:0:0:ffff:7f00:0002]:{port}/", "loopback"),
    ("http://[::127.0.0.2]:{port}/", "IPv4-compatible"),
    ("http://[64:ff9b::127.0.0.2]:{port}/", "NAT64"),
    ("http://[64:ff9b:1::127.0.0.2]:{port}/", "NAT64"),
    ("http://[2002:7f00:2::]:{port}/", "6to4"),
    ("http://[2001:0:0:0:0:0:80ff:fffd]:{port}/", "Teredo"),
    ("http://[fe80::1]:{port}/", "link-local"),
    ("http://[fe80::1%25lo]:{port}/", "network card"),
    ("http://[::1%lo]:{port}/", "network card"),
    ("http://[fd00:ec2::254]/latest/meta-data/", "AWS"),
    ("http://[ff02::1]:{port}/", "multicast"),
    ("http://[::1:{port}/", "IPv6"),
    ("http://[127.0.0.2]:{port}/", "IPv6"),
    ("http://[::1]x:{port}/", "IPv6"),
    ("http://::1:{port}/", "port"),
    ("http://169.254.169.254/latest/meta-data/iam/security-credentials/", "metadata"),
    ("http://169.254.170.2/v2/credentials", "containers"),
    ("http://2852039166/latest/meta-data/", "four plain"),
    ("http://100.100.100.200/latest/meta-data/", "Alibaba"),
    ("http://168.63.129.16/machine?comp=goalstate", "Azure"),
    ("http://192.0.0.192/opc/v2/", "Oracle"),
    ("http://metadata.google.internal/computeMetadata/v1/", "metadata"),
    ("http://224.0.0.1:{port}/", "multicast"),
    ("http://255.255.255.255:{port}/", "broadcast"),
    ("http://10.0.0.1/", "private"),
    ("http://192.168.1.1/", "private"),
    ("http://172.16.0.1/", "private"),
    ("http://localhost:{port}/", "loopback"),
    ("http://LOCALHOST:{port}/", "loopback"),
    ("http://localhost.:{port}/", "loopback"),
    ("http://inside.example:{port}/", "loopback"),
    ("http://ınside.example:{port}/", "no host"),
    ("http://both.example:{port}/", "loopback"),
    ("http://both6.example:{port}/", "private"),
    ("http://mapped.example:{port}/", "loopback"),
    ("http://scoped.example:{port}/", "network card"),
    ("http://nonsense.example:{port}/", "no address"),
    ("http://photos.example:{port}/", "loopback"),
    ("http://photos.example:22/", "port 22"),
    ("http://photos.example:6379/", "port 6379"),
    ("http://photos.example:0/", "port"),
    ("http://photos.example:65536/", "port"),
    ("http://photos.example:{open}{open}/", "port"),
    ("http://photos.example:-1/", "port"),
    ("http://photos.example:/", "port"),
    ("http://photos.example:８０/", "port"),
    ("http://user@127.0.0.2:{port}/", "user name"),
    ("http://user:password@photos.example:{open}/a.jpg", "user name"),
    ("http://photos.example:{open}@127.0.0.2:{port}/", "user name"),
    ("http://photos.example%40127.0.0.2:{port}/", "percent"),
    ("http://photos.example\\@127.0.0.2:{port}/", "backslash"),
    ("http://127.0.0.2:{port}\\.photos.example/", "backslash"),
    ("http:\\\\127.0.0.2:{port}/", "backslash"),
    ("http://photos.example:{open}\t@127.0.0.2/", "U\\+0009"),
    ("http://photos.example:{open}/a\r\nHost: 127.0.0.2", "U\\+000D"),
    ("http://photos.example:{open}/a b", "U\\+0020"),
    (" http://photos.example:{open}/", "U\\+0020"),
    ("http://photos.example:{open}/\x00", "U\\+0000"),
    ("http://photos.example:{open}/\u202egpj.a", "U\\+202E"),
    ("http://photos\u200b.example:{open}/", "U\\+200B"),
    ("http://photos.example:{open}/\ud800", "U\\+D800"),
    ("http://photos.example\u3000:{open}/", "U\\+3000"),
    ("file:///etc/passwd", "no host"),
    ("file://localhost/etc/passwd", "file://"),
    ("gopher://127.0.0.2:{port}/_GET", "gopher://"),
    ("ftp://photos.example/a.jpg", "ftp://"),
    ("dict://127.0.0.2:{port}/stat", "dict://"),
    ("ws://photos.example:{open}/", "ws://"),
    ("data:image/png;base64,AAAA", "absolute"),
    ("javascript:alert(1)", "absolute"),
    ("http:127.0.0.2:{port}/", "absolute"),
    ("http:/127.0.0.2:{port}/", "absolute"),
    ("//127.0.0.2:{port}/", "absolute"),
    ("/etc/passwd", "absolute"),
    ("127.0.0.2:{port}", "absolute"),
    ("", "empty"),
    ("http://", "no host"),
    ("http:///127.0.0.2:{port}/", "no host"),
    ("http://:{port}/", "no host"),
    ("http://./", "no host"),
    ("http://a..b/", "no name"),
    ("http://.example/", "no name"),
    ("http://-a.example/", "no name"),
    ("http://a$b.example/", "no name"),
    ("http://exa,mple.org/", "no name"),
    ("http://" + "a." * 130 + "example/", "253"),
    ("http://" + "a" * 64 + ".example/", "no name"),
    ("http://xn--\u00e4.example/", "international"),
    ("http://photos.example:{open}/" + "a" * 9000, "characters"),
]  # fmt: skip

NAMES = leading_to(
    localhost="127.0.0.2",
    inside_example="127.0.0.2",
    both_example="8.8.8.8 127.0.0.2",
    both6_example="2606:4700::1111 fd12::1",
    mapped_example="::ffff:127.0.0.2",
    scoped_example="fe80::1%lo",
    nonsense_example="localhost",
    metadata_google_internal="169.254.169.254",
)


def filled(text: str, site: Site, canary: Site) -> str:
    return text.replace("{port}", str(canary.port)).replace("{open}", str(site.port))


@pytest.mark.parametrize(("url", "reason"), HOSTILE)
def test_a_hostile_url_is_refused_and_nothing_is_contacted(
    url: str, reason: str, site: Site, canary: Site, tmp_path: Path
) -> None:
    before = len(site.seen)
    kind = UnreadableInput if reason == "no host" and "ınside" in url else UrlRefused
    with pytest.raises(kind, match=f"(?i){reason}") as refused:
        fetch_to_file(
            filled(url, site, canary), tmp_path / "a", policy(site, canary), retry=ONCE, resolve=NAMES
        )
    assert "password" not in str(refused.value).replace("user name or password", "")
    assert len(str(refused.value)) < 400
    assert "\r" not in str(refused.value) and "\u202e" not in str(refused.value)
    assert canary.seen == [] and len(site.seen) == before
    assert list(tmp_path.iterdir()) == []


# Where a server that may be contacted sends its visitors.
REDIRECTS = [
    ("http://127.0.0.2:{port}/", "loopback"),
    ("http://2130706434:{port}/", "four plain"),
    ("http://[::ffff:127.0.0.2]:{port}/", "loopback"),
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://inside.example:{port}/", "loopback"),
    ("http://both.example:{port}/", "loopback"),
    ("//127.0.0.2:{port}/", "loopback"),
    ("//localhost:{port}/", "loopback"),
    ("http://user@127.0.0.2:{port}/", "user name"),
    ("http://photos.example:6379/", "port 6379"),
    ("http://photos.example:{open}\\@127.0.0.2:{port}/", "backslash"),
    ("/a b", "U\\+0020"),
    ("file:///etc/passwd", "no host"),
    ("gopher://127.0.0.2:{port}/", "gopher"),
    ("ftp://photos.example/", "ftp"),
    ("data:image/png;base64,AAAA", "absolute"),
    ("http://[::1", "Invalid IPv6|IPv6"),
    ("?", "more than 3 times"),
    ("/again", "more than 3 times"),
    ("/hop1", "more than 3 times"),
    ("/to-inside", "loopback"),
    ("/to-metadata", "metadata"),
]  # fmt: skip


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("location", "reason"), REDIRECTS)
def test_a_redirect_to_where_no_url_may_lead_is_refused(
    location: str, reason: str, status: int, site: Site, canary: Site, tmp_path: Path
) -> None:
    site.redirect("/again", filled(location, site, canary), status)
    site.redirect("/hop1", "/hop2")
    site.redirect("/hop2", "/hop3")
    site.redirect("/hop3", "/hop1")
    site.redirect("/to-inside", filled("http://inside.example:{port}/", site, canary))
    site.redirect("/to-metadata", "http://metadata.google.internal/")
    with pytest.raises(UrlRefused, match=reason):
        fetch_to_file(site.url("/again"), tmp_path / "a", policy(site, canary), retry=ONCE, resolve=NAMES)
    assert canary.seen == []
    assert list(tmp_path.iterdir()) == []


LEGITIMATE = [
    ("http://photos.example:{open}/a.jpg", "/a.jpg"),
    ("HTTP://Photos.EXAMPLE:{open}/a.jpg", "/a.jpg"),
    ("http://photos.example.:{open}/a.jpg", "/a.jpg"),
    ("http://photos.example:{open}/a.jpg#top", "/a.jpg"),
    ("http://photos.example:{open}", "/"),
    ("http://photos.example:{open}?x=1", "/?x=1"),
    ("http://photos.example:{open}/a/../b//c.jpg", "/a/../b//c.jpg"),
    ("http://photos.example:{open}/%2e%2E/%2F%20.jpg", "/%2e%2E/%2F%20.jpg"),
    ("http://photos.example:{open}/ü/日本.jpg", "/%C3%BC/%E6%97%A5%E6%9C%AC.jpg"),
    ("http://photos.example:{open}/@me/a:b;c=d,e!(f)'*.jpg", "/@me/a:b;c=d,e!(f)'*.jpg"),
    ("http://photos.example:{open}/?u=http://127.0.0.2/&v=a@b", "/?u=http://127.0.0.2/&v=a@b"),
    ("http://photos.example:{open}/k?X-Amz-Signature=ab%2Fcd%3D&q=a+b|c[]", "/k?X-Amz-Signature=ab%2Fcd%3D&q=a+b|c[]"),
    ("http://my_bucket.s3.photos.example:{open}/a.jpg", "/a.jpg"),
    ("http://xn--bcher-kva.example:{open}/a.jpg", "/a.jpg"),
    ("http://bücher.example:{open}/a.jpg", "/a.jpg"),
    ("http://BÜCHER.example:{open}/a.jpg", "/a.jpg"),
    ("http://127.0.0.1:{open}/a.jpg", "/a.jpg"),
    ("http://[::ffff:127.0.0.1]:{open}/a.jpg", "/a.jpg"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "target"), LEGITIMATE)
def test_a_legitimate_url_is_fetched_byte_by_byte_as_it_was_written(
    url: str, target: str, tmp_path: Path
) -> None:
    with running_site() as site:
        site.serve(target.split("?")[0], b"photo")
        opened = replace(site.policy, private=AllowedHosts.parse(f"127.0.0.1:{site.port}"))
        known = Names(
            {
                HOST: (["127.0.0.1"],),
                "my_bucket.s3.photos.example": (["127.0.0.1"],),
                "xn--bcher-kva.example": (["::ffff:127.0.0.1"],),
            }
        )
        got = fetch_to_file(filled(url, site, site), tmp_path / "a.jpg", opened, retry=ONCE, resolve=known)
        assert got.path.read_bytes() == b"photo" and got.size == 5
        assert [one.path for one in site.seen] == [target]
        assert site.seen[0].headers["host"] == WebUrl.parse(filled(url, site, site)).netloc


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_up_to_three_redirects_lead_to_the_photo_with_nothing_forwarded(
    status: int, site: Site, tmp_path: Path
) -> None:
    site.redirect("/1", f"http://{HOST}:{site.port}/2", status)
    site.redirect("/2", "3?x=1", status)
    site.redirect("/3", f"//{HOST}:{site.port}/photo.jpg#part", status)
    site.serve("/photo.jpg", b"photo")
    start = len(site.seen)
    fetch_to_file(site.url("/1"), tmp_path / "a.jpg", site.policy, retry=ONCE, resolve=leading_to())
    assert (tmp_path / "a.jpg").read_bytes() == b"photo"
    came = site.seen[start:]
    assert [one.path for one in came] == ["/1", "/2", "/3?x=1", "/photo.jpg"]
    assert all(
        set(one.headers) == {"host", "user-agent", "accept", "accept-encoding"} and one.method == "GET"
        for one in came
    )


def test_a_name_is_resolved_once_however_its_answer_changes(site: Site, canary: Site, tmp_path: Path) -> None:
    """DNS rebinding: the first answer may be contacted, the next one may not, and is never asked for."""
    site.serve("/a.jpg", b"photo")
    names = Names({HOST: (["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"])})
    fetch_to_file(site.url("/a.jpg"), tmp_path / "a.jpg", policy(site, canary), retry=ONCE, resolve=names)
    assert names.asked == [HOST]
    assert (tmp_path / "a.jpg").read_bytes() == b"photo"


def test_a_redirect_to_a_name_whose_answer_has_changed_is_checked_anew(
    site: Site, canary: Site, tmp_path: Path
) -> None:
    opened = replace(policy(site, canary), private=AllowedHosts.parse(f"127.0.0.1:{site.port}"))
    # The server closes the connection, so the second hop resolves the name again.
    site.routes["/a"] = lambda handler: handler.say_raw(
        b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    names = Names({HOST: (["127.0.0.1"], ["127.0.0.2"])})
    with pytest.raises(UrlRefused, match="loopback"):
        fetch_to_file(site.url("/a"), tmp_path / "a.jpg", opened, retry=ONCE, resolve=names)
    assert names.asked == [HOST, HOST]


def test_the_next_checked_address_is_tried_where_the_first_does_not_answer(tmp_path: Path) -> None:
    with running_site() as site:
        site.serve("/a.jpg", b"photo")
        opened = replace(site.policy, private=AllowedHosts.parse(f"{HOST}:{site.port}"))
        names = Names({HOST: (["127.0.0.9", "127.0.0.1"],)})
        fetch_to_file(site.url("/a.jpg"), tmp_path / "a.jpg", opened, retry=ONCE, resolve=names)
    assert (tmp_path / "a.jpg").read_bytes() == b"photo"


def test_proxies_that_the_environment_names_are_not_used(
    site: Site, canary: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.2:{canary.port}")
    site.serve("/a.jpg", b"photo")
    fetch_to_file(site.url("/a.jpg"), tmp_path / "a.jpg", site.policy, retry=ONCE, resolve=leading_to())
    assert canary.seen == []


def test_the_canary_answers_whoever_may_come(canary: Site, tmp_path: Path) -> None:
    """Or the tables above would prove nothing."""
    opened = replace(canary.policy, private=AllowedHosts.parse(f"127.0.0.2:{canary.port}"))
    with pytest.raises(UnreadableInput, match="404"):
        fetch_to_file(f"http://127.0.0.2:{canary.port}/", tmp_path / "a", opened, retry=ONCE)
    assert canary.seen.pop().path == "/"


def test_the_table_is_as_long_as_was_promised() -> None:
    assert len(HOSTILE) + len(REDIRECTS) >= 60
