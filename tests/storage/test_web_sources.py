"""A list of URLs is a source like a folder: named, sized, digested, remembered; only what is allowed is contacted."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.storage.hostile_server import Handler, Site, running_site
from tests.storage.test_sources import Notebook

from calotype.artifacts.kinds import Image
from calotype.errors import UnreadableInput, UrlRefused
from calotype.storage.blobs import Blobs
from calotype.storage.sources import SourceListing, list_source, store_source
from calotype.storage.store import open_store
from calotype.storage.web_policy import AllowedHosts, FetchPolicy


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


def serve(site: Site, path: str, body: bytes, **headers: str) -> str:
    """The URL of a new file at the site's address."""
    site.serve(path, body, **headers)
    return site.url(path, host="127.0.0.1")


def rules(site: Site) -> FetchPolicy:
    return FetchPolicy(private=AllowedHosts.parse(f"127.0.0.1:{site.port}"), total_s=20)


def listed(site: Site, *urls: str, cache: Notebook | None = None) -> SourceListing:
    return list_source(" ".join(urls), suffixes=Image.suffixes, web=rules(site), cache=cache)


def stored(listing: SourceListing, cache: Notebook | None = None) -> list[str | None]:
    blobs = Blobs(open_store(f"memory://{uuid.uuid4()}"))
    with tempfile.TemporaryDirectory() as folder:
        return [item.digest for item in store_source(listing, blobs, Path(folder), cache=cache).items]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_list_of_urls_is_a_source_with_names_from_their_paths(site: Site, tmp_path: Path) -> None:
    urls = [
        serve(site, "/set/day%201/b.jpg", b"one"),
        serve(site, "/set/day2/a.JPG", b"two!"),
        serve(site, "/set/readme.html", b"<html>", Content_Type="text/html"),
    ]
    (tmp_path / "urls.txt").write_text("\n".join(["# photos", *urls, ""]))
    listing = list_source(tmp_path / "urls.txt", suffixes=Image.suffixes, web=rules(site))
    assert [item.name for item in listing.items] == ["day 1/b.jpg", "day2/a.JPG"]
    assert [item.size for item in listing.items] == [3, 4]
    assert listing.form == "list"
    assert listing.ignored == (urls[2],)
    assert stored(listing) == [sha(b"one"), sha(b"two!")]
    assert {one.method for one in site.seen} == {"GET"}


def test_several_urls_are_a_source_and_their_queries_stay_out_of_sight(site: Site) -> None:
    first = serve(site, "/a.jpg", b"one")
    listing = listed(site, f"{first}?sig=secret1", f"{first}?sig=secret2")
    assert [item.name for item in listing.items] == ["a-2.jpg", "a.jpg"]
    assert listing.source == f"{first}?... {first}?...".replace("?...", "")
    assert len({item.location for item in listing.items}) == 2
    assert "secret" not in repr(listing)
    assert stored(listing) == [sha(b"one")] * 2
    assert {one.path for one in site.seen} == {"/a.jpg?sig=secret1", "/a.jpg?sig=secret2"}


def test_a_url_whose_name_says_nothing_is_named_by_its_content_type(site: Site) -> None:
    listing = listed(
        site,
        serve(site, "/photo", b"a", Content_Type="image/jpeg"),
        serve(site, "/photo.php", b"b", Content_Type="image/png; charset=x"),
        serve(site, "/page", b"c", Content_Type="text/html"),
        serve(site, "/drawing", b"d", Content_Type="image/svg+xml"),
        serve(site, "/bare", b"e"),
    )
    assert [item.name for item in listing.items] == ["photo.jpg", "photo.php.png"]
    assert len(listing.ignored) == 3


def partial(body: bytes) -> object:
    def answer(handler: Handler) -> None:
        if handler.headers.get("range") == "bytes=0-0":
            handler.say(206, body[:1], Content_Range=f"bytes 0-0/{len(body)}", ETag='"v1"')
        else:
            handler.say(200, body, ETag='"v1"')

    return answer


def test_only_the_first_byte_is_asked_for_where_the_server_can_do_that(site: Site) -> None:
    site.routes["/a.jpg"] = partial(b"x" * 5000)  # type: ignore[assignment]
    listing = listed(site, site.url("/a.jpg", host="127.0.0.1"))
    assert (listing.items[0].size, listing.items[0].stamp, listing.form) == (5000, 'etag "v1"', "file")
    assert [one.headers["range"] for one in site.seen] == ["bytes=0-0"]
    assert stored(listing) == [sha(b"x" * 5000)]


def test_a_server_that_does_not_say_how_much_it_sends_is_read_to_the_end(site: Site) -> None:
    site.routes["/a.jpg"] = lambda handler: handler.say_raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    listing = listed(site, site.url("/a.jpg", host="127.0.0.1"))
    assert listing.items[0].size == 5
    assert stored(listing) == [sha(b"abcde")]


def test_what_was_read_once_is_read_again_only_where_it_may_have_changed(site: Site) -> None:
    urls = [
        serve(site, "/strong.jpg", b"1", ETag='"v1"'),
        serve(site, "/dated.jpg", b"2", Last_Modified="Sun, 06 Nov 1994 08:49:37 GMT"),
        serve(site, "/weak.jpg", b"3", ETag='W/"v1"'),
        serve(site, "/silent.jpg", b"4"),
    ]
    cache = Notebook()
    stored(listed(site, *urls, cache=cache), cache)
    known = {item.name for item in listed(site, *urls, cache=cache).items if item.digest}
    assert known == {"strong.jpg", "dated.jpg"}
    serve(site, "/strong.jpg", b"5", ETag='"v2"')
    known = {item.name for item in listed(site, *urls, cache=cache).items if item.digest}
    assert known == {"dated.jpg"}


def test_a_photo_that_changes_after_the_listing_is_told(site: Site) -> None:
    listing = listed(site, serve(site, "/a.jpg", b"one"))
    serve(site, "/a.jpg", b"longer")
    with pytest.raises(UnreadableInput, match=r"a\.jpg changed after it was listed"):
        stored(listing)


def test_web_addresses_and_paths_may_stand_in_one_list(site: Site, tmp_path: Path) -> None:
    (tmp_path / "here.jpg").write_bytes(b"local")
    (tmp_path / "list.txt").write_text(f"here.jpg\n{serve(site, '/there.jpg', b'remote')}\n")
    listing = list_source(tmp_path / "list.txt", suffixes=Image.suffixes, web=rules(site))
    assert sorted(Path(item.name).name for item in listing.items) == ["here.jpg", "there.jpg"]
    assert set(stored(listing)) == {sha(b"local"), sha(b"remote")}


def test_without_the_operators_word_no_private_host_is_contacted(site: Site, tmp_path: Path) -> None:
    url = serve(site, "/a.jpg", b"one")
    (tmp_path / "urls.txt").write_text(url)
    for source in (url, str(tmp_path / "urls.txt")):
        with pytest.raises(UrlRefused):
            list_source(source, suffixes=Image.suffixes)
        with pytest.raises(UrlRefused, match="loopback"):
            list_source(source, suffixes=Image.suffixes, web=FetchPolicy(ports=frozenset({site.port})))
    assert site.seen == []


def test_a_list_with_a_url_that_leads_nowhere_is_refused_naming_it(site: Site) -> None:
    good = serve(site, "/a.jpg", b"one")
    with pytest.raises(UnreadableInput, match=r"missing\.jpg: there is nothing"):
        listed(site, good, site.url("/missing.jpg", host="127.0.0.1"))
    with pytest.raises(UnreadableInput, match="more than once"):
        listed(site, good, good)
    site.routes["/odd.jpg"] = lambda handler: handler.say(416, b"", Content_Range="bytes */10")
    with pytest.raises(UnreadableInput, match="contradicts itself"):
        listed(site, site.url("/odd.jpg", host="127.0.0.1"))


def test_a_photo_larger_than_the_cap_is_refused_when_it_is_listed(site: Site) -> None:
    site.routes["/a.jpg"] = lambda handler: handler.say(206, b"x", Content_Range="bytes 0-0/99999999999")
    with pytest.raises(UnreadableInput, match="99999999999 bytes"):
        listed(site, site.url("/a.jpg", host="127.0.0.1"))
