"""Scratch: a budget kept across processes, work folders that never stay behind, a cache that never loses what is in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.storage.processes import run_together

from calotype.errors import InvalidParameter, NoSpace, StoreUnwritable, Transient
from calotype.storage.scratch import Scratch


def filled(size: int) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(b"x" * size) and None


def never(path: Path) -> None:
    pytest.fail(f"{path} was fetched, but should have been there")


def cache_names(scratch: Scratch) -> set[str]:
    return {path.name for path in (scratch.root / "cache").glob("*/*")}


def test_reservations_add_up_to_the_budget_and_are_given_back(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, 100)
    with scratch.reserve(60), scratch.reserve(40):
        assert scratch.usage().reserved == 100
        with pytest.raises(NoSpace), scratch.reserve(1):
            pass
    with scratch.reserve(100):
        pass
    assert scratch.usage().reserved == 0


def test_no_space_is_told_with_what_is_needed_and_what_is_free(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, 3 << 20)
    with scratch.reserve(1 << 20), pytest.raises(NoSpace) as caught, scratch.reserve(5 << 20):
        pass
    said = str(caught.value)
    for figure in (
        str(tmp_path),
        "5.0 MiB more",
        "budget of 3.0 MiB",
        "1.0 MiB are reserved",
        "3.0 MiB are missing",
    ):
        assert figure in said


def test_without_a_budget_the_disk_itself_is_the_limit(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    with (
        pytest.raises(NoSpace, match="free on the disk"),
        scratch.reserve(shutil.disk_usage(tmp_path).total + 1),
    ):
        pass
    with scratch.reserve(0):
        assert scratch.usage().capacity is None


def test_a_work_folder_is_gone_after_the_block_with_all_that_is_in_it(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    with pytest.raises(ZeroDivisionError), scratch.workdir("splat: scene/1") as folder:  # noqa: PT012
        (folder / "deep" / "er").mkdir(parents=True)
        (folder / "deep" / "er" / "file").write_text("")
        (folder / "link").symlink_to(tmp_path.parent)
        (folder / "deep").chmod(0o500)
        raise ZeroDivisionError
    assert not folder.exists()
    assert tmp_path.parent.exists()
    with scratch.workdir("same") as one, scratch.workdir("same") as two:
        assert one != two


def test_a_scratch_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnwritable, match="file/scratch"):
        Scratch(tmp_path / "file" / "scratch")


def test_what_is_cached_is_fetched_once(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, 100)
    path = scratch.cached("aa", filled(60), size=60)
    assert scratch.cached("aa", never) == path
    assert Scratch(tmp_path, 100).cached("aa", never).read_bytes() == b"x" * 60
    assert scratch.usage().cached == 60


def test_a_folder_can_be_cached_too(tmp_path: Path) -> None:
    def fetch(path: Path) -> None:
        path.mkdir()
        (path / "a").write_bytes(b"12")
        (path / "b").write_bytes(b"345")

    scratch = Scratch(tmp_path, 10)
    assert sorted(path.name for path in scratch.cached("aa", fetch).iterdir()) == ["a", "b"]
    assert scratch.usage().cached == 5
    scratch.release("aa")
    with scratch.reserve(10):
        assert cache_names(scratch) == set()


def test_an_error_while_fetching_leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    def broken(path: Path) -> None:
        path.write_bytes(b"half")
        raise Transient("the line dropped")

    scratch = Scratch(tmp_path, 100)
    with pytest.raises(Transient):
        scratch.cached("aa", broken)
    assert list((tmp_path / "arriving").iterdir()) == []
    assert list((tmp_path / "fetching").iterdir()) == []
    assert scratch.usage().reserved == scratch.usage().cached == 0
    assert scratch.cached("aa", filled(3)).read_bytes() == b"xxx"


@pytest.mark.parametrize("digest", ["", "../x", "A", "a/b", "x" * 200, ".."])
def test_a_name_that_could_leave_the_cache_is_refused(digest: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameter):
        Scratch(tmp_path).cached(digest, never)


def test_the_least_recently_used_goes_first_and_what_is_pinned_never(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, 100)
    for number, name in enumerate(("aa", "bb", "cc")):
        path = scratch.cached(name, filled(30))
        os.utime(path, ns=(number, number))
    for name in ("aa", "cc"):
        scratch.release(name)
    assert scratch.cached("aa", never), "used again, so now the most recent; and pinned once more"
    scratch.release("aa")
    scratch.cached("dd", filled(40))
    assert cache_names(scratch) == {"aa", "bb", "dd"}, "bb is older than all, but pinned"
    assert scratch.usage().cached == 100
    with pytest.raises(NoSpace), scratch.reserve(31):
        pass
    with scratch.reserve(30):
        assert cache_names(scratch) == {"bb", "dd"}
    with pytest.raises(NoSpace):
        scratch.cached("ee", filled(60))
    assert cache_names(scratch) == {"bb", "dd"}


def test_an_entry_is_pinned_as_often_as_it_was_asked_for(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path, 10)
    scratch.cached("aa", filled(10))
    scratch.cached("aa", never)
    scratch.release("aa")
    with pytest.raises(NoSpace), scratch.reserve(1):
        pass
    scratch.release("aa")
    with scratch.reserve(1):
        assert cache_names(scratch) == set()


def test_threads_that_ask_at_once_cause_one_fetch(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    fetches: list[Path] = []
    all_ready = threading.Barrier(8)
    second = threading.Event()

    def fetch(path: Path) -> None:
        fetches.append(path)
        if len(fetches) > 1:
            second.set()
        # Long enough for another thread to come in, if it could.
        second.wait(0.3)
        path.write_text("once")

    def ask() -> None:
        all_ready.wait()
        assert scratch.cached("aa", fetch).read_text() == "once"

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fetches) == 1


ASK_FOR_ALL = """
root, log = arguments
scratch = Scratch(root, 10_000)
def fetch(name, path):
    with open(log, "a") as file:
        file.write(f"{name}\\n")
    path.write_text(name * 10)
start_together()
for number in range(40):
    name = f"entry{number}"
    path = scratch.cached(name, lambda target: fetch(name, target))
    assert path.read_text() == name * 10
    scratch.release(name)
"""


def test_processes_that_ask_at_once_cause_one_fetch(tmp_path: Path) -> None:
    run_together(ASK_FOR_ALL, 4, [tmp_path / "scratch", tmp_path / "log"])
    fetched = (tmp_path / "log").read_text().split()
    assert sorted(fetched) == sorted(f"entry{number}" for number in range(40))


RESERVE_AND_CACHE = """
from calotype.errors import NoSpace
scratch = Scratch(arguments[0], 1_000)
start_together()
refused = 0
for number in range(60):
    try:
        with scratch.reserve(300):
            usage = scratch.usage()
            assert usage.reserved + usage.cached <= 1_000, usage
        name = f"e{(number * 7 + me) % 20}"
        path = scratch.cached(name, lambda path: path.write_bytes(b"x" * 100), size=100)
        assert path.stat().st_size == 100, "pinned, so it is there"
        scratch.release(name)
    except NoSpace:
        refused += 1
assert refused < 60
"""


def test_the_budget_holds_while_processes_reserve_and_cache_at_once(tmp_path: Path) -> None:
    root = tmp_path / "scratch"
    run_together(RESERVE_AND_CACHE, 4, [root])
    usage = Scratch(root, 1_000).usage()
    assert usage.reserved == 0
    assert usage.cached == sum(path.stat().st_size for path in (root / "cache").glob("*/*")) <= 1_000


KILLED = """
import os, sys
from pathlib import Path
from calotype.storage.scratch import Scratch
scratch = Scratch(sys.argv[1], 1000)
scratch.cached("pinned", lambda path: path.write_bytes(b"x" * 100))
def die(path):
    path.write_bytes(b"half")
    os.kill(os.getpid(), 9)
with scratch.reserve(800), scratch.workdir("long") as folder:
    (folder / "file").write_text("left")
    scratch.cached("half", die)
"""


def test_what_a_killed_process_left_is_given_back(tmp_path: Path) -> None:
    alive = Scratch(tmp_path, 1000)
    with alive.workdir("mine") as mine:
        killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
        assert killed.returncode == -9
        assert alive.usage().reserved == 800
        assert cache_names(alive) == {"pinned"}, "what was half fetched is not there"
        with alive.reserve(950):
            assert alive.usage().reserved == 950, "running short, the living notice the dead"
            assert cache_names(alive) == set(), "a dead process pins nothing"
        fresh = Scratch(tmp_path, 1000)
        assert list((tmp_path / "arriving").iterdir()) == []
        assert list((tmp_path / "trash").iterdir()) == []
        assert list((tmp_path / "work").iterdir()) == [mine], "the living keep theirs"
        fresh.cached("half", filled(10))


def test_opening_alone_cleans_up_and_counts_the_cache_afresh(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    (tmp_path / "cached-bytes").write_text("999999")
    (tmp_path / "trash" / "old").mkdir()
    scratch = Scratch(tmp_path, 1000)
    assert scratch.usage().cached == 100
    assert scratch.usage().reserved == 0
    for name in ("work", "reservations", "arriving", "trash"):
        assert list((tmp_path / name).iterdir()) == [], name


def test_closing_gives_up_pins_and_keeps_the_cache(tmp_path: Path) -> None:
    first = Scratch(tmp_path, 100)
    first.cached("aa", filled(80))
    second = Scratch(tmp_path, 100)
    with pytest.raises(NoSpace), second.reserve(50):
        pass
    first.close()
    assert second.cached("aa", never)
    second.release("aa")
    with second.reserve(50):
        assert cache_names(second) == set()
