"""Blobs: same bytes, same object; wrong bytes never get through."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers import S3Server
from tests.storage.processes import run_together

from calotype.errors import DamagedBlob, InvalidParameter, StoreUnwritable, UnreadableInput
from calotype.storage.blobs import Blobs, ManifestEntry, manifest_bytes
from calotype.storage.s3 import S3Settings
from calotype.storage.store import Store, open_store

NOTHING = hashlib.sha256(b"").hexdigest()


def make_folder(path: Path) -> Path:
    (path / "images" / "left").mkdir(parents=True)
    (path / "empty").mkdir()
    (path / "cameras.bin").write_bytes(b"\x00\x01" * 50)
    (path / "images" / "left" / "0001.txt").write_text("one")
    (path / "images" / "right ü.txt").write_text("two")
    (path / "images.txt").write_bytes(b"")
    return path


def files_of(path: Path) -> dict[str, bytes]:
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in path.rglob("*") if one.is_file()}


@pytest.mark.parametrize("count", [0, 1, 30])
def test_pieces_are_the_blob_of_all_of_them(store: Store, count: int) -> None:
    blobs = Blobs(store)
    whole = b"".join(bytes([number]) * (1 << 19) for number in range(count))
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        made.append(1)
        return (bytes([number]) * (1 << 19) for number in range(count))

    digest = hashlib.sha256(whole).hexdigest()
    assert blobs.put_pieces(pieces) == (digest, len(whole))
    assert blobs.read(digest) == whole
    assert blobs.put_pieces(pieces) == (digest, len(whole))
    assert len(made) == 3, "what is there is not written again"


def test_a_blob_comes_back_under_its_digest(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    path = tmp_path / "file"
    path.write_bytes(b"some bytes")
    digest, size = blobs.put_file(path)
    assert digest == hashlib.sha256(b"some bytes").hexdigest()
    assert size == blobs.size(digest) == 10
    assert blobs.key(digest) == f"blobs/sha256/{digest[:2]}/{digest}"
    assert blobs.exists(digest)
    assert blobs.read(digest) == b"some bytes"
    assert blobs.fetch(digest, tmp_path / "new" / "copy") == 10
    assert (tmp_path / "new" / "copy").read_bytes() == b"some bytes"
    assert blobs.put_bytes(b"") == (NOTHING, 0)
    assert blobs.read(NOTHING) == b""


def test_what_the_store_has_is_not_sent_again(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    path = tmp_path / "file"
    path.write_bytes(b"once")
    digest, _ = blobs.put_file(path)
    before = store.head(blobs.key(digest))
    assert blobs.put_file(path) == blobs.put_bytes(b"once") == (digest, 4)
    assert store.head(blobs.key(digest)) == before


def test_a_blob_cut_short_is_replaced_by_the_next_put(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    path = tmp_path / "file"
    path.write_bytes(b"all of it")
    digest, _ = blobs.put_file(path)
    key = blobs.key(digest)
    store.delete(key)
    store.put(key, b"all")
    blobs.put_file(path)
    assert blobs.read(digest) == b"all of it"


def test_a_damaged_or_missing_blob_is_told_and_leaves_no_file(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    digest, _ = blobs.put_bytes(b"right")
    store.delete(blobs.key(digest))
    store.put(blobs.key(digest), b"wrong")
    for use in (lambda: blobs.fetch(digest, tmp_path / "out"), lambda: blobs.read(digest)):
        with pytest.raises(DamagedBlob, match="other bytes"):
            use()
        with pytest.raises(DamagedBlob, match="gone"):
            blobs.fetch(NOTHING, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(InvalidParameter):
        blobs.exists("../../etc/passwd")


def test_a_folder_store_keeps_blobs_read_only(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"pixels")
    path.chmod(0o644)
    digest, _ = blobs.put_file(path)
    blob = blobs.local_path(digest)
    assert blob is not None
    assert stat.S_IMODE(blob.stat().st_mode) == 0o444
    assert stat.S_IMODE(path.stat().st_mode) == 0o644, "the user's file is left as it was"
    assert not blob.samefile(path)


def test_a_file_that_is_handed_over_is_linked_and_not_copied(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    path = tmp_path / "output"
    path.write_bytes(b"made by a stage")
    digest, _ = blobs.put_file(path, hand_over=True)
    blob = blobs.local_path(digest)
    assert blob is not None
    assert blob.samefile(path)
    link = tmp_path / "link"
    link.symlink_to(path)
    link_digest, _ = blobs.put_file(link, hand_over=True)
    assert link_digest == digest
    assert blobs.local_path(NOTHING) is None
    assert list((tmp_path / "store" / ".calotype-tmp").iterdir()) == []


def test_a_link_that_is_handed_over_stores_what_it_points_to(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    (tmp_path / "file").write_bytes(b"pointed to")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    digest, _ = blobs.put_file(tmp_path / "link", hand_over=True)
    blob = blobs.local_path(digest)
    assert blob is not None
    assert not blob.is_symlink()
    assert blob.read_bytes() == b"pointed to"


def test_what_is_no_file_cannot_be_put(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "nothing", tmp_path, tmp_path / "pipe"):
        with pytest.raises(UnreadableInput, match=path.name):
            blobs.put_file(path)


def test_a_folder_comes_back_with_the_same_files(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    folder = make_folder(tmp_path / "folder")
    digest, size = blobs.put_folder(folder)
    assert size == 106
    assert blobs.fetch_folder(digest, tmp_path / "deep" / "copy") == 106
    assert files_of(tmp_path / "deep" / "copy") == files_of(folder)
    assert [entry.path for entry in blobs.manifest(digest)] == sorted(files_of(folder))
    with pytest.raises(StoreUnwritable, match="exists"):
        blobs.fetch_folder(digest, tmp_path / "deep" / "copy")


def test_the_manifest_is_canonical_so_that_equal_folders_have_one_digest(tmp_path: Path) -> None:
    blobs = Blobs(open_store("memory://manifests"))
    digest, _ = blobs.put_folder(make_folder(tmp_path / "one"))
    assert blobs.put_folder(make_folder(tmp_path / "two"))[0] == digest
    one, two = ManifestEntry("b", NOTHING, 0), ManifestEntry("a", NOTHING, 0)
    assert manifest_bytes([one, two]) == manifest_bytes([two, one])
    # Digests of folders are keys of results: this is a file format.
    assert manifest_bytes([two]).decode() == f'{{"files":[{{"digest":"{NOTHING}","path":"a","size":0}}]}}'


def test_a_folder_with_a_missing_blob_is_not_fetched_in_part(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    digest, _ = blobs.put_folder(make_folder(tmp_path / "folder"))
    lost = blobs.manifest(digest)[-1].digest
    blobs.store.delete(blobs.key(lost))
    with pytest.raises(DamagedBlob, match=lost):
        blobs.fetch_folder(digest, tmp_path / "out" / "copy")
    assert list((tmp_path / "out").iterdir()) == []


def test_links_and_pipes_in_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    blobs = Blobs(open_store("memory://links"))
    for number, make in enumerate(
        (
            lambda path: path.symlink_to("/etc/hosts"),
            lambda path: path.symlink_to("/etc"),
            lambda path: path.symlink_to("nowhere"),
            os.mkfifo,
        )
    ):
        folder = make_folder(tmp_path / str(number))
        make(folder / "images" / "odd")
        with pytest.raises(UnreadableInput, match="odd"):
            blobs.put_folder(folder)


@pytest.mark.parametrize(
    "files",
    [
        ["../out"],
        ["/etc/passwd"],
        ["a/../../b"],
        ["a", "a"],
        ["a", "a/b"],
        ["a\\b"],
        [""],
        [7],
    ],
)
def test_a_manifest_that_would_leave_its_folder_is_damaged(files: list[object], tmp_path: Path) -> None:
    blobs = Blobs(open_store("memory://hostile"))
    entries = [{"path": path, "digest": NOTHING, "size": 0} for path in files]
    digest, _ = blobs.put_bytes(json.dumps({"files": entries}).encode())
    with pytest.raises(DamagedBlob, match="manifest"):
        blobs.fetch_folder(digest, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"files": 3}', b"\xff\xfe", b'{"files":[{"path":"a"}]}']
)
def test_a_blob_that_is_no_manifest_is_damaged(content: bytes) -> None:
    blobs = Blobs(open_store("memory://hostile"))
    digest, _ = blobs.put_bytes(content)
    with pytest.raises(DamagedBlob, match="manifest"):
        blobs.manifest(digest)


PUT_OFTEN = """
url, endpoint, key, secret, path = arguments
settings = S3Settings(endpoint=endpoint, region="us-east-1", access_key_id=key, secret_access_key=secret)
blobs = Blobs(open_store(url, s3=settings))
start_together()
for hand_over in (False, True):
    digest, _ = blobs.put_file(Path(path), hand_over=hand_over)
    blobs.read(digest)
"""


@pytest.mark.parametrize("kind", ["folder", "rclone"])
def test_one_blob_put_by_several_processes_at_once_is_whole_all_the_time(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url, settings = (tmp_path / "store").as_uri(), S3Settings()
    if kind == "rclone":
        server: S3Server = request.getfixturevalue("rclone_server")
        url, settings = server.url(f"same-{tmp_path.name}"), server.settings
    path = tmp_path / "same"
    path.write_bytes(os.urandom(1 << 20) * 12)
    reach = [settings.endpoint, settings.access_key_id, settings.secret_access_key]
    run_together(PUT_OFTEN, 4, [url, *reach, path])
    blobs = Blobs(open_store(url, s3=settings))
    assert blobs.read(hashlib.sha256(path.read_bytes()).hexdigest()) == path.read_bytes()


def test_a_file_given_away_is_as_young_as_its_arrival_however_old_it_was(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    path = tmp_path / "old"
    since = time.time() - 60
    # Many, so that folders of the store are there already for some and missing for others.
    for number in range(300):
        path.write_text(str(number))
        os.utime(path, (1e9, 1e9))
        blobs.put_file(path, hand_over=True)
        path.unlink()
    assert all(info.modified.timestamp() > since for info in blobs.store.list("blobs"))
