"""Sources: sorted, complete, honest about what is left out, each file read once."""

from __future__ import annotations

import hashlib
import os
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from tests.servers import S3Server

from calotype.artifacts.kinds import Image
from calotype.errors import Cancelled, ConfigurationError, UnreadableInput, UrlRefused
from calotype.storage.blobs import Blobs
from calotype.storage.sources import FileIdentity, SourceListing, list_source, store_source
from calotype.storage.store import Store, open_store

LONG_AGO = 1_500_000_000


def stored(listing: SourceListing, **options: Any) -> SourceListing:
    """The listing once its files are in a store of their own."""
    with tempfile.TemporaryDirectory() as folder:
        return store_source(listing, Blobs(open_store(f"memory://{uuid.uuid4()}")), Path(folder), **options)


class Notebook:
    """A digest cache in a dictionary, as the catalog is one in SQL."""

    def __init__(self) -> None:
        self.known: dict[FileIdentity, str] = {}

    def get_many(self, files: Sequence[FileIdentity]) -> Mapping[FileIdentity, str]:
        return {file: self.known[file] for file in files if file in self.known}

    def put_many(self, digests: Mapping[FileIdentity, str]) -> None:
        self.known.update(digests)


def photos(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"bytes of {name}".encode())
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


def names(listing: SourceListing) -> list[str]:
    return [item.name for item in listing.items]


def sha(name: str) -> str:
    return hashlib.sha256(f"bytes of {name}".encode()).hexdigest()


def test_a_folder_is_listed_by_name_with_what_was_ignored(tmp_path: Path) -> None:
    photos(tmp_path, "b.JPG", "a.jpg", "left/2.png", "left/1.png", "notes.md", "left/clip.mp4")
    photos(tmp_path, ".DS_Store", "._a.jpg", ".hidden/c.jpg", "__MACOSX/d.jpg")
    (tmp_path / "linked.jpg").symlink_to(tmp_path / "a.jpg")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "lost.jpg").symlink_to(tmp_path / "nowhere.jpg")
    listing = list_source(tmp_path, suffixes=Image.suffixes)
    assert names(listing) == ["a.jpg", "b.JPG", "left/1.png", "left/2.png", "linked.jpg"]
    assert listing.ignored == ("left/clip.mp4", "loop", "lost.jpg", "notes.md")
    first = listing.items[0]
    assert (first.size, first.stamp, first.digest) == (14, str(LONG_AGO * 10**9), None)
    assert first.location == (tmp_path / "a.jpg").as_uri()
    assert names(list_source(tmp_path.as_uri(), suffixes=[".jpg"])) == ["a.jpg", "b.JPG", "linked.jpg"]
    assert names(list_source(str(tmp_path / "a.jpg"), suffixes=[".jpg"])) == ["a.jpg"]


@pytest.mark.parametrize("kind", ["memory", "moto", "rclone"])
def test_a_bucket_prefix_is_listed_like_the_folder_it_mirrors(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url, settings = f"memory://{tmp_path.name}", None
    if kind != "memory":
        server: S3Server = request.getfixturevalue(f"{kind}_server")
        url, settings = server.url(f"mirror-{tmp_path.name}"), server.settings
    photos(tmp_path, "b.JPG", "a.jpg", "left/1.png", "notes.md", ".hidden/c.jpg", "._a.jpg")
    store = open_store(url, s3=settings)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            store.upload(path, path.relative_to(tmp_path).as_posix())
    listing = list_source(url, suffixes=Image.suffixes, s3=settings)
    local = list_source(tmp_path, suffixes=Image.suffixes)
    assert names(listing) == names(local)
    assert listing.ignored == local.ignored
    assert listing.items[0].location == f"{url}/a.jpg"
    digested = stored(listing)
    assert [item.digest for item in digested.items] == [sha(name) for name in names(listing)]


def test_one_object_of_a_bucket_is_a_source_too(moto_server: S3Server) -> None:
    open_store(moto_server.url("single"), s3=moto_server.settings).put("dir/a.jpg", b"x")
    listing = list_source(moto_server.url("single/dir/a.jpg"), suffixes=[".jpg"], s3=moto_server.settings)
    assert names(listing) == ["a.jpg"]
    for url in (moto_server.url("single/dir/b.jpg"), moto_server.url("nothing/")):
        with pytest.raises(UnreadableInput, match="nothing"):
            list_source(url, suffixes=[".jpg"], s3=moto_server.settings)


def test_empty_objects_that_mark_folders_are_no_photos(moto_server: S3Server) -> None:
    put_raw(moto_server, "marked/")
    put_raw(moto_server, "marked/day/")
    put_raw(moto_server, "marked/day/a.jpg")
    listing = list_source(moto_server.url("marked/"), suffixes=[".jpg"], s3=moto_server.settings)
    assert names(listing) == ["day/a.jpg"]


@pytest.mark.parametrize("key", ["dots/x/../y.jpg", "slashes/x//y.jpg"])
def test_an_object_whose_name_is_no_path_is_told_and_not_skipped(key: str, moto_server: S3Server) -> None:
    put_raw(moto_server, key)
    with pytest.raises(UnreadableInput, match="Rename"):
        list_source(moto_server.url(key.split("/")[0]), suffixes=[".jpg"], s3=moto_server.settings)


def put_raw(server: S3Server, key: str) -> None:
    """Put an object under a key that no store of ours would accept; moto checks no signatures."""
    url = f"{server.endpoint}/{server.bucket}/{quote(key, safe='').replace('.', '%2E')}"
    headers = {"Content-Type": "application/octet-stream"}
    with urlopen(Request(url, data=b"", method="PUT", headers=headers)):
        pass


def test_a_list_file_names_paths_and_objects_relative_to_what_they_share(
    tmp_path: Path, moto_server: S3Server
) -> None:
    photos(tmp_path, "set/day 1/a.jpg", "set/day 1/b.jpg", "set/day2/a.jpg", "set/readme.md")
    lines = ["# my photos", "", "set/day 1/b.jpg", f"{tmp_path}/set/day2/a.jpg", "set/readme.md"]
    (tmp_path / "list.txt").write_text("\n".join([*lines, (tmp_path / "set/day 1/a.jpg").as_uri()]))
    listing = list_source(tmp_path / "list.txt", suffixes=Image.suffixes)
    assert names(listing) == ["day 1/a.jpg", "day 1/b.jpg", "day2/a.jpg"]
    assert listing.ignored == (str(tmp_path / "set/readme.md"),)

    open_store(moto_server.url("list"), s3=moto_server.settings).put("x/c.jpg", b"bytes of c.jpg")
    (tmp_path / "bucket.txt").write_text(moto_server.url("list/x/c.jpg"))
    listing = list_source(tmp_path / "bucket.txt", suffixes=Image.suffixes, s3=moto_server.settings)
    assert names(listing) == ["c.jpg"]
    assert stored(listing).items[0].digest == sha("c.jpg")


@pytest.mark.parametrize(
    ("lines", "error", "says"),
    [
        (["http://127.0.0.1/a.jpg"], UrlRefused, "loopback"),
        (["a.jpg", "https://me:secret@example.org/b"], UrlRefused, "line 2: .*user name"),
        (["https://10.0.0.1/a.jpg", "HTTPS://10.0.0.1/a b.jpg"], UrlRefused, "line 2: .*space"),
        (["ftp://example.org/a.jpg"], ConfigurationError, "not supported"),
        (["a.jpg", "a.jpg"], UnreadableInput, "more than once"),
        (["a.jpg", "missing.jpg"], UnreadableInput, "missing.jpg"),
        (["# nothing"], UnreadableInput, "empty"),
    ],
)
def test_a_list_file_that_cannot_be_followed_is_refused_with_its_line(
    lines: list[str], error: type[Exception], says: str, tmp_path: Path
) -> None:
    photos(tmp_path, "a.jpg")
    (tmp_path / "list.txt").write_text("\n".join(lines))
    with pytest.raises(error, match=says):
        list_source(tmp_path / "list.txt", suffixes=Image.suffixes)


def test_what_cannot_be_a_source_is_told_with_what_to_do(tmp_path: Path) -> None:
    photos(tmp_path, "film.mp4", "only videos/x.MOV", "only texts/x.md", "archive.zip")
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling" / "gone.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "line\nbreak.jpg").write_bytes(b"")
    for place, says in {
        "nowhere": "does not exist",
        "film.mp4": "frames from video do not exist yet",
        "only videos": "frames from video do not exist yet",
        "only texts": "x.md",
        "archive.zip": "neither a folder nor a file ending in",
        "empty": "empty",
        "dangling": "gone.jpg",
        "odd": "control character",
    }.items():
        with pytest.raises(UnreadableInput, match=says):
            list_source(tmp_path / place, suffixes=Image.suffixes)
    with pytest.raises(UrlRefused, match="private address"):
        list_source("https://192.168.0.1/photo.jpg", suffixes=Image.suffixes)
    with pytest.raises(ConfigurationError, match="not supported"):
        list_source("gs://bucket/photos", suffixes=Image.suffixes)


def test_a_file_is_read_once_and_again_only_when_it_changed(tmp_path: Path) -> None:
    photos(tmp_path, "a.jpg", "b.jpg")
    notebook = Notebook()
    steps: list[tuple[int, int | None, str]] = []
    listing = stored(
        list_source(tmp_path, cache=notebook), cache=notebook, progress=lambda *step: steps.append(step)
    )
    assert [item.digest for item in listing.items] == [sha("a.jpg"), sha("b.jpg")]
    assert steps == [(1, 2, "a.jpg"), (2, 2, "b.jpg")]
    # Same size, same time, other bytes: nobody looks at them again.
    (tmp_path / "a.jpg").write_bytes(b"BYTES OF a.jpg")
    os.utime(tmp_path / "a.jpg", (LONG_AGO, LONG_AGO))
    assert list_source(tmp_path, cache=notebook).items[0].digest == sha("a.jpg")
    os.utime(tmp_path / "a.jpg", (LONG_AGO, LONG_AGO + 1))
    again = list_source(tmp_path, cache=notebook)
    assert [item.digest for item in again.items] == [None, sha("b.jpg")]
    assert stored(again).items[0].digest == hashlib.sha256(b"BYTES OF a.jpg").hexdigest()


def test_a_file_written_just_now_is_hashed_but_not_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    notebook = Notebook()
    assert stored(list_source(tmp_path), cache=notebook).items[0].digest
    assert notebook.known == {}


def test_a_file_that_changed_after_it_was_listed_is_an_error(tmp_path: Path) -> None:
    photos(tmp_path, "a.jpg")
    listing = list_source(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"something else")
    blobs = Blobs(open_store("memory://changed"))
    with pytest.raises(UnreadableInput, match="changed after"):
        stored(listing)
    with pytest.raises(UnreadableInput, match="changed after"):
        store_source(listing, blobs, tmp_path)
    (tmp_path / "a.jpg").unlink()
    with pytest.raises(UnreadableInput, match=r"a\.jpg"):
        stored(listing)


def test_digests_found_before_a_cancellation_are_remembered(tmp_path: Path) -> None:
    photos(tmp_path, *(f"{number:02}.jpg" for number in range(20)))
    notebook = Notebook()

    def stop(done: int, total: int | None, note: str) -> None:
        if done == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        stored(list_source(tmp_path), cache=notebook, progress=stop)
    assert sorted(Path(file.location).name for file in notebook.known) == [f"{n:02}.jpg" for n in range(5)]


def test_a_source_is_stored_with_blobs_for_all_of_its_files(store: Store, tmp_path: Path) -> None:
    photos(tmp_path / "photos", "a.jpg", "b/c.jpg", "b/same.jpg")
    (tmp_path / "photos" / "b" / "same.jpg").write_bytes(b"bytes of a.jpg")
    (tmp_path / "passing").mkdir()
    blobs = Blobs(store)
    listing = store_source(list_source(tmp_path / "photos"), blobs, tmp_path / "passing")
    assert [blobs.read(item.digest or "") for item in listing.items] == [
        b"bytes of a.jpg",
        b"bytes of b/c.jpg",
        b"bytes of a.jpg",
    ]
    assert list((tmp_path / "passing").iterdir()) == []
    assert os.access(tmp_path / "photos" / "a.jpg", os.W_OK)


def test_a_bucket_is_stored_through_the_work_folder_and_not_read_twice(
    tmp_path: Path, moto_server: S3Server
) -> None:
    source = open_store(moto_server.url("to-store"), s3=moto_server.settings)
    source.put("a.jpg", b"bytes of a.jpg")
    source.put("b.jpg", b"bytes of b.jpg")
    (tmp_path / "passing").mkdir()
    blobs, notebook = Blobs(open_store(tmp_path / "store")), Notebook()
    listing = list_source(source.url, s3=moto_server.settings)
    assert store_source(listing, blobs, tmp_path / "passing", cache=notebook).items[0].digest == sha("a.jpg")
    assert list((tmp_path / "passing").iterdir()) == []
    # Known and stored: the objects could be gone and nobody would notice.
    again = list_source(source.url, s3=moto_server.settings, cache=notebook)
    source.delete(["a.jpg", "b.jpg"])
    assert store_source(again, blobs, tmp_path / "passing").items == again.items
    blobs.store.delete(blobs.key(sha("b.jpg")))
    with pytest.raises(UnreadableInput, match="gone now"):
        store_source(again, blobs, tmp_path / "passing")
    with pytest.raises(UnreadableInput, match="gone now"):
        stored(listing)
