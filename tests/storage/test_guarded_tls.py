"""Over https the address is the checked one, and the certificate must be for the name all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.storage.certificates import Authority
from tests.storage.hostile_server import HOST, Names, Site, leading_to, running_site

from calotype.errors import ConfigurationError, Transient, UnreadableInput, UrlRefused
from calotype.storage.web_client import Retry
from calotype.storage.web_fetch import fetch_all, fetch_to_file
from calotype.storage.web_policy import AllowedHosts, FetchPolicy

ONCE = Retry(attempts=1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def site(authority: Authority) -> Iterator[Site]:
    with running_site(tls=authority.server(HOST, "other.example", "127.0.0.1")) as running:
        running.serve("/a.jpg", b"photo")
        yield running


def trusting(site: Site, authority: Authority) -> FetchPolicy:
    return replace(site.policy, ca_file=authority.file)


def test_the_server_is_asked_for_by_its_name_and_proves_that_it_has_it(
    site: Site, authority: Authority, tmp_path: Path
) -> None:
    names = Names({HOST: (["127.0.0.1"], ["127.0.0.2"])})
    policy = trusting(site, authority)
    got = fetch_to_file(site.url("/a.jpg"), tmp_path / "a.jpg", policy, retry=ONCE, resolve=names)
    assert got.path.read_bytes() == b"photo"
    assert site.asked_for == [HOST]
    assert site.seen[0].headers["host"] == f"{HOST}:{site.port}"
    assert names.asked == [HOST]


def test_a_certificate_is_checked_against_the_address_where_the_url_names_one(
    site: Site, authority: Authority, tmp_path: Path
) -> None:
    opened = AllowedHosts.parse(f"127.0.0.1:{site.port}, 127.0.0.2:{site.port}")
    policy = replace(trusting(site, authority), private=opened)
    url = site.url("/a.jpg", host="127.0.0.1")
    assert fetch_to_file(url, tmp_path / "a.jpg", policy, retry=ONCE).size == 5
    with running_site("127.0.0.2", authority.server(HOST)) as other:
        policy = replace(policy, private=AllowedHosts.parse(f"127.0.0.2:{other.port}"))
        url = other.url("/a.jpg", host="127.0.0.2")
        with pytest.raises(UnreadableInput, match=r"not valid for 127\.0\.0\.2"):
            fetch_to_file(url, tmp_path / "b.jpg", policy, retry=ONCE)


@pytest.mark.parametrize(
    ("names", "valid", "reason"),
    [
        (["evil.example"], timedelta(days=1), "not valid for photos.example .*mismatch"),
        (["*.photos.example"], timedelta(days=1), "mismatch"),
        ([HOST], timedelta(days=-1), "expired"),
    ],
)
def test_a_server_with_a_wrong_certificate_is_told_no_path(
    names: list[str], valid: timedelta, reason: str, authority: Authority, tmp_path: Path
) -> None:
    with running_site(tls=authority.server(*names, valid=valid)) as site:
        with pytest.raises(UnreadableInput, match=reason):
            fetch_to_file(
                site.url("/a.jpg"),
                tmp_path / "a.jpg",
                trusting(site, authority),
                retry=Retry(3, 0.0),
                resolve=leading_to(),
            )
        assert site.seen == []
        assert len(site.asked_for) == 1


def test_an_authority_that_nobody_knows_is_not_trusted(
    site: Site, authority: Authority, tmp_path: Path
) -> None:
    for policy in (site.policy, replace(site.policy, ca_file=Authority(tmp_path, "another").file)):
        with pytest.raises(UnreadableInput, match="certificate is not valid"):
            fetch_to_file(site.url("/a"), tmp_path / "a.jpg", policy, retry=ONCE, resolve=leading_to())
    assert site.seen == []


def test_a_server_without_tls_is_told_as_that(authority: Authority, tmp_path: Path) -> None:
    with running_site() as plain:
        url = plain.url("/a").replace("http:", "https:")
        with pytest.raises(UnreadableInput, match=r"https://photos\.example.* speaks no TLS"):
            fetch_to_file(url, tmp_path / "a", trusting(plain, authority), retry=ONCE, resolve=leading_to())


def test_a_handshake_that_never_ends_ends_with_the_deadline(authority: Authority, tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        policy = FetchPolicy(
            private=AllowedHosts.parse(f"{HOST}:{port}"), total_s=0.4, ca_file=authority.file
        )
        with pytest.raises(Transient, match="cannot be reached"):
            fetch_to_file(f"https://{HOST}:{port}/a", tmp_path / "a", policy, resolve=leading_to())


def test_from_https_no_redirect_leads_back_to_http(site: Site, authority: Authority, tmp_path: Path) -> None:
    with running_site() as plain:
        plain.serve("/a.jpg", b"photo")
        opened = AllowedHosts.parse(f"{HOST}:{site.port}, {HOST}:{plain.port}")
        policy = replace(trusting(site, authority), private=opened)
        with pytest.raises(UrlRefused, match="from https to http"):
            fetch_to_file(
                site.redirect("/down", plain.url("/a.jpg")),
                tmp_path / "a",
                policy,
                retry=ONCE,
                resolve=leading_to(),
            )
        assert plain.seen == []
        up = plain.redirect("/up", site.url("/a.jpg"))
        assert fetch_to_file(up, tmp_path / "a", policy, retry=ONCE, resolve=leading_to()).size == 5


def test_each_server_of_a_redirect_proves_its_own_name(
    site: Site, authority: Authority, tmp_path: Path
) -> None:
    opened = AllowedHosts.parse(f"{HOST}:{site.port}, other.example:{site.port}, third.example:{site.port}")
    policy = replace(trusting(site, authority), private=opened)
    names = leading_to(other_example="127.0.0.1", third_example="127.0.0.1")
    good = site.redirect("/good", site.url("/a.jpg", host="other.example"))
    assert fetch_to_file(good, tmp_path / "a", policy, retry=ONCE, resolve=names).size == 5
    bad = site.redirect("/bad", site.url("/a.jpg", host="third.example"))
    with pytest.raises(UnreadableInput, match=r"not valid for third\.example"):
        fetch_to_file(bad, tmp_path / "b", policy, retry=ONCE, resolve=names)


def test_several_threads_fetch_over_tls(site: Site, authority: Authority, tmp_path: Path) -> None:
    body = bytes(range(256)) * 4000
    urls = [site.serve(f"/{n}.jpg", body) for n in range(12)]
    got = fetch_all(urls, tmp_path, trusting(site, authority), at_once=4, retry=ONCE, resolve=leading_to())
    assert [one.error for one in got] == [None] * 12
    assert all(path.read_bytes() == body for path in tmp_path.iterdir())


def test_a_file_of_authorities_that_cannot_be_read_is_told(site: Site, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_bytes(b"")
    with pytest.raises(ConfigurationError, match=r"empty\.pem"):
        fetch_to_file(site.url("/a"), tmp_path / "a", replace(site.policy, ca_file=tmp_path / "empty.pem"))
