"""Publishing: readable names, nobody's file overwritten, no way out of the destination."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine.rivals import Watched
from tests.servers import S3Server

from calotype.errors import CalotypeError, ConfigurationError, DamagedBlob, InvalidParameter, StoreUnwritable
from calotype.storage.blobs import Blobs
from calotype.storage.folder import FolderBackend
from calotype.storage.publish import LEDGER, check_destination, publish
from calotype.storage.publish_folder import FolderDestination
from calotype.storage.store import Store, open_store


def put(blobs: Blobs, **contents: str) -> dict[str, str]:
    return {name.replace("_", "/", 1): blobs.put_bytes(text.encode())[0] for name, text in contents.items()}


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LEDGER
    }


def test_files_appear_under_their_names_from_any_store(store: Store, tmp_path: Path) -> None:
    blobs = Blobs(store)
    out = tmp_path / "out"
    files = put(blobs, splat="gaussians", poses_cameras="cameras")
    assert publish(blobs, files, out) == ["poses/cameras", "splat"]
    assert texts(out) == {"splat": "gaussians", "poses/cameras": "cameras"}
    assert publish(blobs, files, out) == [], "all there already"
    more = put(blobs, splat="better gaussians", report="new")
    assert publish(blobs, more, out.as_uri()) == ["report", "splat"]
    assert texts(out) == {"splat": "better gaussians", "report": "new"}, "what is not made any more has gone"
    assert not (out / "poses").exists()


def test_editing_a_published_file_changes_nothing_in_the_store(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    files = put(blobs, splat="gaussians")
    publish(blobs, files, tmp_path / "out")
    with (tmp_path / "out/splat").open("a") as file:
        file.write(" and what I added")
    assert blobs.read(files["splat"]) == b"gaussians"


def test_what_an_earlier_run_published_goes_and_what_people_wrote_or_changed_stays(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    publish(blobs, put(blobs, images_a="a", images_b="b", images_c="c", old_d="d", old_e="e"), out)
    (out / "images/b").write_text("b, edited")
    (out / "images/own").write_text("mine")
    (out / "old").rename(elsewhere)
    (out / "old").symlink_to(elsewhere)
    assert publish(blobs, put(blobs, images_a="a"), out) == []
    assert texts(out) == {"images/a": "a", "images/b": "b, edited", "images/own": "mine"}
    assert texts(elsewhere) == {"d": "d", "e": "e"}, "nothing is removed through a link"
    (out / "images/b").unlink()
    publish(blobs, put(blobs, other="x"), out)
    assert texts(out) == {"other": "x", "images/own": "mine"}


def test_a_file_of_somebody_else_is_never_overwritten(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out = tmp_path / "out"
    out.mkdir()
    (out / "splat").write_text("my own")
    with pytest.raises(ConfigurationError, match="not written by Calotype"):
        publish(blobs, put(blobs, another="x", splat="gaussians"), out)
    assert texts(out) == {"splat": "my own"}, "and nothing else was written"
    (out / "splat").write_text("gaussians")
    assert publish(blobs, put(blobs, splat="gaussians"), out) == [], "the same bytes are no conflict"


def test_a_published_file_that_the_user_replaced_is_theirs(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out = tmp_path / "out"
    publish(blobs, put(blobs, report="first"), out)
    (out / "report").unlink()
    (out / "report").write_text("with my notes")
    with pytest.raises(ConfigurationError, match="changed since"):
        publish(blobs, put(blobs, report="second"), out)
    (out / "report").unlink()
    assert publish(blobs, put(blobs, report="second"), out) == ["report"]


@pytest.mark.parametrize("name", ["../out", "/tmp/x", "a/../../b", "a\\b", "", LEDGER])
def test_a_name_that_leads_out_of_the_destination_is_refused(name: str, tmp_path: Path) -> None:
    blobs = Blobs(open_store("memory://names"))
    digest, _ = blobs.put_bytes(b"x")
    with pytest.raises((InvalidParameter, ConfigurationError)):
        publish(blobs, {name: digest}, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ConfigurationError, match="cannot be the name"):
        publish(blobs, {"a": digest, "a/b": digest}, tmp_path / "out")


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "poses").symlink_to(elsewhere)
    with pytest.raises(StoreUnwritable, match="link"):
        publish(blobs, put(blobs, poses_cameras="x"), out)
    (out / "splat").symlink_to(elsewhere / "target")
    with pytest.raises(ConfigurationError, match="not written by Calotype"):
        publish(blobs, put(blobs, splat="x"), out)
    assert list(elsewhere.iterdir()) == []


def test_a_publication_that_failed_halfway_can_be_repeated_with_other_files(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out = tmp_path / "out"
    files = put(blobs, a="first", b="second")
    blobs.store.delete(blobs.key(files["b"]))
    with pytest.raises(DamagedBlob):
        publish(blobs, files, out)
    assert not out.exists(), "all or nothing"
    assert publish(blobs, put(blobs, a="third", b="fourth"), out) == ["a", "b"]
    assert texts(out) == {"a": "third", "b": "fourth"}


def test_a_bucket_prefix_can_be_the_destination(store: Store, tmp_path: Path, moto_server: S3Server) -> None:
    blobs = Blobs(store)
    url = moto_server.url(f"published-{tmp_path.parent.name}-{tmp_path.name}")
    there = open_store(url, s3=moto_server.settings)
    files = put(blobs, splat="gaussians", poses_cameras="cameras")
    assert publish(blobs, files, url, s3=moto_server.settings, workdir=tmp_path) == [
        "poses/cameras",
        "splat",
    ]
    assert there.get("poses/cameras") == b"cameras"
    assert publish(blobs, files, url, s3=moto_server.settings) == []
    assert publish(blobs, put(blobs, splat="better"), url, s3=moto_server.settings) == ["splat"]
    there.put("splat", b"my own")
    with pytest.raises(ConfigurationError, match="not written by Calotype"):
        publish(blobs, files, url, s3=moto_server.settings)
    assert there.get("splat") == b"my own"


def test_a_destination_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    blobs = Blobs(open_store("memory://unwritable"))
    (tmp_path / "file").write_text("")
    files = put(blobs, a="x")
    for place in (tmp_path / "file", tmp_path / "file" / "out", Path("/proc/calotype")):
        with pytest.raises(StoreUnwritable):
            publish(blobs, files, place)
    publish(blobs, files, tmp_path / "out")
    (tmp_path / "out" / LEDGER).write_text("[]")
    with pytest.raises(ConfigurationError, match="not readable"):
        publish(blobs, files, tmp_path / "out")


def test_what_a_killed_publication_left_is_removed_by_the_next_and_one_at_work_is_not(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out = tmp_path / "out"
    dead, alive = out / ".calotype-dead.part", out / ".calotype-alive.part"
    for folder in (dead, alive):
        folder.mkdir(parents=True)
        (folder / "half").write_text("half a fi")
    descriptor = os.open(alive, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        publish(blobs, put(blobs, splat="gaussians"), out)
        assert sorted(path.name for path in out.iterdir()) == [".calotype-alive.part", LEDGER, "splat"]
    finally:
        os.close(descriptor)


def test_a_place_is_tried_and_left_as_it_was(tmp_path: Path, moto_server: S3Server) -> None:
    check_destination(tmp_path / "new/out")
    assert list(tmp_path.iterdir()) == []
    blobs = Blobs(open_store(tmp_path / "store"))
    publish(blobs, put(blobs, splat="first"), tmp_path / "out")
    check_destination(tmp_path / "out", ["splat", "report"])
    assert texts(tmp_path / "out") == {"splat": "first"}
    (tmp_path / "out/splat").write_text("with my notes")
    with pytest.raises(ConfigurationError, match="changed since"):
        check_destination(tmp_path / "out", ["splat"])
    url = moto_server.url(f"checked-{tmp_path.parent.name}-{tmp_path.name}")
    check_destination(url, ["splat"], s3=moto_server.settings)
    there = open_store(url, s3=moto_server.settings)
    assert list(there.list()) == []
    there.put("splat", b"my own")
    with pytest.raises(ConfigurationError, match="not written by Calotype"):
        check_destination(url, ["splat"], s3=moto_server.settings)


def test_a_bucket_that_refuses_is_found_by_trying(rclone_server: S3Server) -> None:
    stranger = replace(rclone_server.settings, secret_access_key="guessed")
    with pytest.raises(ConfigurationError, match="refuses the credentials"):
        check_destination(rclone_server.url("refused"), s3=stranger)
    with pytest.raises(CalotypeError, match="no-such-bucket"):
        check_destination("s3://no-such-bucket/out", s3=rclone_server.settings)


def test_the_run_that_published_last_is_noted_beside_the_files(tmp_path: Path) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out = tmp_path / "out"
    files = put(blobs, splat="gaussians")
    publish(blobs, files, out, run="first")
    assert publish(blobs, files, out, run="second") == []
    assert json.loads((out / LEDGER).read_text())["run"] == "second"
    (out / LEDGER).write_text(json.dumps({"written": json.loads((out / LEDGER).read_text())["written"]}))
    assert publish(blobs, files, out, run="third") == [], "ledgers of before noted none"


class Waiting(logging.Handler):
    """Knows when a publication has said that it waits for another one."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if "another run publishes" in record.getMessage():
            self.said.set()


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    handler, logger = Waiting(), logging.getLogger("calotype.storage.publish_folder")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def test_two_that_publish_to_one_folder_at_once_do_so_one_after_the_other(
    tmp_path: Path, waiting: Waiting
) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out = tmp_path / "out"
    publish(blobs, put(blobs, splat="first"), out)
    with ThreadPoolExecutor(1) as pool:
        with FolderDestination(out, alone=True):
            second = pool.submit(publish, blobs, put(blobs, splat="second"), out)
            assert waiting.said.wait(30)
            assert texts(out) == {"splat": "first"}
        assert second.result(timeout=30) == ["splat"]
    assert texts(out) == {"splat": "second"}


def test_who_waits_for_a_folder_that_is_taken_away_makes_it_anew(tmp_path: Path, waiting: Waiting) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    out = tmp_path / "out"
    with ThreadPoolExecutor(1) as pool:
        first = FolderDestination(out, alone=True)
        first.__enter__()
        second = pool.submit(publish, blobs, put(blobs, splat="gaussians"), out)
        assert waiting.said.wait(30)
        first.__exit__(KeyError, KeyError("the first one failed"), None)
        assert second.result(timeout=30) == ["splat"]
    assert texts(out) == {"splat": "gaussians"}


def test_of_two_that_publish_to_one_prefix_at_once_the_second_is_told_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(open_store(tmp_path / "store"))
    first, second = put(blobs, splat="first"), put(blobs, splat="second")
    begun: list[str] = []

    def when_its_file_is_looked_at(call: str, key: str) -> None:
        if (call, key) == ("head", "splat") and not begun:
            begun.append(key)
            publish(blobs, first, tmp_path / "bucket", run="20261128-000000-aaaa")

    # A folder stands for the bucket: it is written as one, object by object.
    seen = Store(Watched(FolderBackend(tmp_path / "bucket"), when_its_file_is_looked_at))  # type: ignore[arg-type]
    monkeypatch.setattr("calotype.storage.publish.open_store", lambda *_, **__: seen)
    with pytest.raises(
        ConfigurationError, match=r"Run 20261128-000000-aaaa published to .* at the same moment"
    ):
        publish(blobs, second, "s3://bucket/out", run="20261128-000001-bbbb")
    assert publish(blobs, second, "s3://bucket/out", run="20261128-000001-bbbb") == ["splat"]
    assert texts(tmp_path / "bucket") == {"splat": "second"}
