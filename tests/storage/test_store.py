"""What every kind of store promises, and what only some can."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.servers import S3Server
from tests.storage.processes import run_together

from calotype.errors import (
    ConfigurationError,
    DamagedBlob,
    InvalidParameter,
    StoreUnwritable,
    Transient,
    UnknownName,
    UnreadableInput,
)
from calotype.storage.files import FileStamp
from calotype.storage.names import valid_key
from calotype.storage.s3 import S3Settings
from calotype.storage.store import PROBE_KEY, Store, open_store

MIB = 1 << 20


def keys(store: Store, prefix: str = "", start_after: str | None = None) -> list[str]:
    return [info.key for info in store.list(prefix, start_after) if not info.key.startswith("probe/")]


def test_what_was_put_is_read_back(store: Store) -> None:
    store.put("a/b/c.json", b"first")
    store.put("a/b/c.json", b"second")
    assert store.get("a/b/c.json") == b"second"
    assert store.find("a/b/c.json") == b"second"
    info = store.head("a/b/c.json")
    assert info is not None
    assert (info.key, info.size) == ("a/b/c.json", 6)
    assert info.modified.tzinfo is not None


def test_what_is_not_there_is_none_or_an_error_that_names_it(store: Store) -> None:
    store.put("a/b", b"x")
    assert store.head("a/c") is None
    assert not store.exists("a/c")
    assert store.find("a/c") is None
    assert store.head("a") is None, "a folder is no object"
    assert store.head("a/b/c") is None, "an object is no folder"
    with pytest.raises(UnknownName, match="a/c"):
        store.get("a/c")
    with pytest.raises(UnknownName):
        list(store.stream("a/c"))


def test_listing_is_in_key_order_and_by_whole_folders(store: Store) -> None:
    names = ["a.txt", "a/x", "a/y/z", "a0", "a-b/c", "b/1", "ab/x"]
    for name in names:
        store.put(name, name.encode())
    assert keys(store) == sorted(names)
    assert keys(store, "a") == ["a/x", "a/y/z"]
    assert keys(store, "a/") == ["a/x", "a/y/z"]
    assert keys(store, "nothing") == []
    assert keys(store, "a", start_after="a/x") == ["a/y/z"]
    assert keys(store, start_after="a/y") == ["a/y/z", "a0", "ab/x", "b/1"]
    assert {info.size for info in store.list("b")} == {3}


def test_names_with_unusual_letters_survive(store: Store) -> None:
    names = [
        "Bild äöü.jpg",
        "a b+c&d=e.txt",
        "100%20.txt",
        "x#1",
        "日本/写真.png",
        "'quote\".txt",
        "tilde~.x",
    ]
    for name in names:
        store.put(name, name.encode())
    assert keys(store) == sorted(names)
    assert [store.get(name).decode() for name in names] == names


def test_deleting_takes_one_or_many_and_what_is_gone_is_no_error(store: Store) -> None:
    for number in range(12):
        store.put(f"many/{number:02}", b"x")
    store.delete("many/00")
    store.delete("many/00")
    store.delete(f"many/{number:02}" for number in range(11))
    assert keys(store, "many") == ["many/11"]


def test_an_exclusive_create_has_one_winner_where_the_server_can(
    store: Store, request: pytest.FixtureRequest
) -> None:
    honoured = "rclone" not in request.node.name
    assert store.conditional_put is honoured
    assert store.create("records/x", b"first") is True
    assert store.create("records/x", b"second") is False
    assert store.get("records/x") == b"first"


def test_the_probe_is_remembered_in_the_store_and_leaves_nothing_else(
    store: Store, request: pytest.FixtureRequest
) -> None:
    honoured = store.conditional_put
    assert [info.key for info in store.list()] == [PROBE_KEY]
    again = Store(store._backend)
    store._backend.create = None  # type: ignore[assignment]
    assert again.conditional_put is honoured, "a second process does not probe"


def test_the_probe_is_repeated_when_the_objects_come_from_another_server(rclone_server: S3Server) -> None:
    store = open_store(rclone_server.url("moved"), s3=rclone_server.settings)
    store.put(PROBE_KEY, b'{"conditional_put": true, "server": "https://elsewhere"}')
    assert store.conditional_put is False


def test_large_files_go_up_in_parts_and_come_down_verified(store: Store, tmp_path: Path) -> None:
    data = os.urandom(MIB) * 21 + b"tail"
    path = tmp_path / "large.bin"
    path.write_bytes(data)
    store.upload(path, "large")
    assert store.digest("large") == hashlib.sha256(data).hexdigest()
    size = store.download("large", tmp_path / "deep" / "copy", digest=hashlib.sha256(data).hexdigest())
    assert size == len(data)
    assert (tmp_path / "deep" / "copy").read_bytes() == data


def test_a_download_with_other_bytes_leaves_the_old_file(store: Store, tmp_path: Path) -> None:
    store.put("x", b"new bytes")
    target = tmp_path / "target"
    target.write_bytes(b"old")
    with pytest.raises(DamagedBlob, match="digest"):
        store.download("x", target, digest="0" * 64)
    with pytest.raises(UnknownName):
        store.download("y", target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "store") == ["target"]


@pytest.mark.parametrize("size", [100, 20 * MIB])
def test_a_file_that_changes_during_the_upload_never_becomes_an_object(
    store: Store, tmp_path: Path, size: int
) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"x" * size)
    stamp = FileStamp.of(path)
    path.write_bytes(b"y" * (size + 1))
    with pytest.raises(UnreadableInput, match="changed"):
        store.upload(path, "growing", stamp=stamp)
    assert not store.exists("growing")


def test_memory_is_one_store_per_name() -> None:
    open_store("memory://shared-name").put("k", b"v")
    assert open_store("memory://shared-name").get("k") == b"v"
    assert open_store("memory://other-name").find("k") is None


def test_a_folder_is_made_by_the_first_write_only(tmp_path: Path) -> None:
    store = open_store(tmp_path / "later")
    assert store.find("x") is None
    assert list(store.list()) == []
    assert not (tmp_path / "later").exists()
    store.put("x", b"")
    assert store.local_path("x") == tmp_path / "later" / "x"
    assert open_store((tmp_path / "later").as_uri()).exists("x")
    assert store.url == (tmp_path / "later").as_uri()


def test_a_file_url_with_escapes_and_spaces_names_that_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my photos 100%"
    assert open_store(folder.as_uri()).local_path("x") == folder / "x"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "empty"),
        ("memory://", "name"),
        ("gs://bucket/x", "not supported"),
        ("file://server/share", "this machine"),
        ("s3://", "s3://bucket/prefix"),
        ("s3://key:secret@bucket/x", "s3://bucket/prefix"),
        ("s3://bucket/../x", "'..'"),
        ("s3://[x/y", "name of a bucket"),
        ("file://[x", "this machine"),
        ("s3://bucket", "AWS_ACCESS_KEY_ID"),
    ],
)
def test_a_url_that_cannot_be_a_store_is_refused_with_what_to_do(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        open_store(url)
    assert "secret@" not in str(caught.value)


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "../x", "a/../b", "a/./b", "a//b", "a/", "nul\0", "line\n", "a\\b", "x" * 1025]
)
def test_a_key_that_could_reach_outside_is_refused(key: str) -> None:
    with pytest.raises(InvalidParameter):
        open_store("memory://keys").put(key, b"")


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4).map("/".join))
def test_an_accepted_key_stays_below_any_folder(key: str) -> None:
    try:
        valid_key(key)
    except InvalidParameter:
        return
    path = os.path.normpath(os.path.join("/any/folder", key))
    assert path == f"/any/folder/{key}"


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file" / "store", Path("/proc/calotype")):
        store = open_store(place)
        for write in (
            lambda s: s.put("x", b""),
            lambda s: s.create("x", b""),
            lambda s: s.upload(tmp_path / "file", "x"),
        ):
            with pytest.raises(StoreUnwritable, match=place.name):
                write(store)
        assert store.find("x") is None


def test_unfinished_files_of_a_folder_store_are_neither_listed_nor_reachable(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put("x", b"")
    (tmp_path / ".calotype-tmp" / "rest").write_bytes(b"half")
    assert [info.key for info in store.list()] == ["x"]
    with pytest.raises(InvalidParameter):
        store.get(".calotype-tmp/rest")


def test_what_killed_processes_left_in_a_folder_store_is_removed_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(tmp_path).put("x", b"")
    rest = tmp_path / ".calotype-tmp" / "rest"
    rest.write_bytes(b"half")
    open_store(tmp_path).put("y", b"")
    assert rest.exists(), "somebody may still be writing it"
    tomorrow = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    open_store(tmp_path).put("z", b"")
    assert not rest.exists()


def test_a_wrong_bucket_key_or_secret_is_told_apart(rclone_server: S3Server) -> None:
    settings = rclone_server.settings
    nowhere = open_store("s3://no-such-bucket/x", s3=settings)
    for use in (lambda: nowhere.get("x"), lambda: nowhere.put("x", b""), lambda: list(nowhere.list())):
        with pytest.raises(ConfigurationError, match="bucket does not exist"):
            use()
    for wrong in ({"secret_access_key": "wrong-secret-000"}, {"access_key_id": "wrong-key-00000"}):
        store = open_store(rclone_server.url("x"), options=wrong, s3=settings)
        for use in (lambda s=store: s.get("x"), lambda s=store: s.put("x", b"")):
            with pytest.raises(ConfigurationError, match="refuses the credentials") as caught:
                use()
            assert "wrong-secret-000" not in str(caught.value)


def test_a_server_that_is_not_there_is_transient_and_named() -> None:
    settings = S3Settings(
        endpoint="http://127.0.0.1:9", access_key_id="k", secret_access_key="s", max_retries=0
    )
    with pytest.raises(Transient, match=r"127\.0\.0\.1:9"):
        open_store("s3://bucket", s3=settings).get("x")


def test_the_environment_of_the_process_does_not_leak_into_a_store(
    moto_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "AWS_REGION": "mars-north-1",
        "AWS_SESSION_TOKEN": "leaked",
        "AWS_SKIP_SIGNATURE": "true",
    }.items():
        monkeypatch.setenv(name, value)
    store = open_store(moto_server.url("leak"), s3=moto_server.settings)
    store.put("x", b"1")
    assert store.get("x") == b"1"


def test_settings_come_from_the_variables_that_the_aws_tools_use() -> None:
    settings = S3Settings.from_environment(
        {
            "AWS_ENDPOINT_URL": "http://one",
            "AWS_ENDPOINT_URL_S3": "http://two",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "hidden",
            "AWS_SESSION_TOKEN": "hidden too",
            "PATH": "/bin",
        }
    )
    assert (settings.endpoint, settings.region, settings.access_key_id) == (
        "http://two",
        "eu-central-1",
        "key",
    )
    assert "hidden" not in repr(settings)
    assert S3Settings.from_environment({"AWS_WEB_IDENTITY_TOKEN_FILE": "/token"}).machine_credentials
    assert settings.with_options({"anonymous": "yes", "max_retries": "0"}).anonymous
    for bad in ({"endpont": "x"}, {"anonymous": "perhaps"}, {"max_retries": "many"}):
        with pytest.raises(InvalidParameter):
            settings.with_options(bad)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("endpoint", "minio:9000"),
        ("endpoint", "ftp://minio"),
        ("endpoint", "http://user:password@minio"),
        ("endpoint", "http://minio:99999"),
        ("endpoint", "http://[::1"),
        ("endpoint", "http://mi nio"),
        ("endpoint", "http://minio/?x=1"),
        ("region", "no where"),
        ("access_key_id", "line\nbreak"),
        ("secret_access_key", "password\n"),
    ],
)
def test_settings_that_make_no_valid_request_are_refused_before_any(option: str, value: str) -> None:
    options = {"access_key_id": "key", "secret_access_key": "secret", option: value}
    with pytest.raises(ConfigurationError) as caught:
        open_store("s3://bucket", options=options)
    assert "password" not in str(caught.value)


@pytest.mark.parametrize("bucket", ["b", "BAD bucket", "b:9000", "x" * 64])
def test_a_bucket_name_that_no_server_accepts_is_refused(bucket: str) -> None:
    with pytest.raises(ConfigurationError, match="name of a bucket"):
        open_store(f"s3://{bucket}/x", options={"access_key_id": "k", "secret_access_key": "s"})


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=3).map("/".join))
@settings(max_examples=60, deadline=None)
def test_any_accepted_key_can_be_written_listed_and_read(key: str) -> None:
    try:
        valid_key(key)
    except InvalidParameter:
        return
    with tempfile.TemporaryDirectory() as folder:
        for store in (open_store(Path(folder)), open_store(f"memory://{Path(folder).name}")):
            store.put(key, b"x")
            assert [info.key for info in store.list()] == [key]
            assert store.get(key) == b"x"
            store.delete(key)


CREATE_ALL = """
url, endpoint, key, secret = arguments
settings = S3Settings(endpoint=endpoint, region="us-east-1", access_key_id=key, secret_access_key=secret)
store = open_store(url, s3=settings)
assert store.conditional_put
start_together()
print(*(number for number in range(12) if store.create(f"race/{number}", str(me).encode())))
"""


@pytest.mark.parametrize("kind", ["folder", "moto"])
def test_of_eight_processes_that_create_one_key_exactly_one_wins(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings = S3Settings()
    url = (tmp_path / "store").as_uri()
    if kind == "moto":
        server: S3Server = request.getfixturevalue("moto_server")
        url, settings = server.url(f"race-{tmp_path.name}"), server.settings
    reach = [settings.endpoint, settings.access_key_id, settings.secret_access_key]
    won = [[int(number) for number in line.split()] for line in run_together(CREATE_ALL, 8, [url, *reach])]
    assert sorted(number for numbers in won for number in numbers) == list(range(12))
    store = open_store(url, s3=settings)
    for me, numbers in enumerate(won):
        assert all(store.get(f"race/{number}") == str(me).encode() for number in numbers)


def test_a_process_killed_during_a_download_leaves_no_file_by_that_name(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    store.put("big", b"x" * (8 * MIB))
    script = """
import os, sys
from pathlib import Path
from calotype.storage.store import open_store
store = open_store(Path(sys.argv[1]))
whole = store._backend.stream
def half(key):
    for number, chunk in enumerate(whole(key)):
        if number == 4:
            os.kill(os.getpid(), 9)
        yield chunk
store._backend.stream = half
store.download("big", Path(sys.argv[2]))
"""
    target = tmp_path / "out" / "big"
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path / "store"), str(target)], check=False)
    assert ended.returncode == -9
    assert not target.exists()
    assert store.download("big", target) == 8 * MIB
