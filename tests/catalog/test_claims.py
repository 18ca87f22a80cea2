"""Claims: one owner at a time, leases that run out, attempts that fence off sleepers, queues shared by processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from calotype.catalog import Catalog


def test_a_key_has_one_owner_at_a_time(catalog: Catalog) -> None:
    claim = catalog.claims.take("k", "one")
    assert claim is not None
    assert claim.attempt == 1
    assert catalog.claims.take("k", "two") is None
    assert catalog.claims.take("k", "one") is None
    catalog.claims.release(claim)
    second = catalog.claims.take("k", "two")
    assert second is not None
    assert second.attempt == 2


def test_a_lease_that_ran_out_is_anybodys_and_its_old_owner_is_refused_and_counted(catalog: Catalog) -> None:
    catalog.runs.create("r", "p", "", [("s", "stage")])
    sleeper = catalog.claims.take("k", "sleeper", lease_s=-1)
    awake = catalog.claims.take("k", "awake")
    assert sleeper is not None
    assert awake is not None
    assert awake.attempt == sleeper.attempt + 1
    assert not catalog.claims.extend(sleeper)
    assert catalog.claims.extend(awake)
    assert not catalog.runs.finish_step("r", "s", sleeper, "{}", state="done")
    assert catalog.claims.refused() == 1
    assert catalog.runs.steps("r")[0].state == "waiting"
    assert catalog.runs.events("r") == []
    assert catalog.runs.finish_step("r", "s", awake, "{}", state="done")
    assert catalog.runs.steps("r")[0].state == "done"
    assert len(catalog.runs.events("r")) == 1
    assert not catalog.runs.finish_step("r", "s", awake, "{}", state="failed")
    assert catalog.runs.steps("r")[0].state == "done"
    assert catalog.claims.refused() == 2


def test_a_lease_is_as_long_as_it_was_extended_to(catalog: Catalog) -> None:
    claim = catalog.claims.take("k", "one")
    assert claim is not None
    assert catalog.claims.extend(claim, lease_s=-1)
    assert catalog.claims.take("k", "two") is not None


def test_a_worker_whose_clock_is_wrong_takes_nobodys_lease(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = Catalog(postgres_url)
    assert catalog.claims.take("k", "right", lease_s=600)
    real = time.time
    for hours in (-5, 5):
        monkeypatch.setattr(time, "time", lambda hours=hours: real() + 3600 * hours)
        assert catalog.claims.take("k", "wrong") is None
        assert catalog.claims.take(f"own {hours}", "wrong", lease_s=600)
    monkeypatch.undo()
    for hours in (-5, 5):
        assert catalog.claims.take(f"own {hours}", "right") is None
    catalog.close()


def test_a_queue_hands_out_each_key_once_up_to_the_limit(catalog: Catalog) -> None:
    catalog.claims.offer("q", ["a", "b", "c"])
    catalog.claims.offer("other", ["d"])
    assert catalog.claims.take("not queued", "x") is not None
    first = catalog.claims.take_next("q", "one", limit=2)
    second = catalog.claims.take_next("q", "two", limit=2)
    assert {claim.key for claim in first + second} == {"a", "b", "c"}
    assert (len(first), len(second)) == (2, 1)
    assert {claim.attempt for claim in first + second} == {1}
    assert catalog.claims.take_next("q", "three") == []
    assert catalog.claims.take_next("", "three") == []


def test_a_queued_key_whose_lease_ran_out_is_handed_out_again_but_never_when_it_is_done(
    catalog: Catalog,
) -> None:
    catalog.claims.offer("q", ["a"])
    [sleeper] = catalog.claims.take_next("q", "sleeper", lease_s=-1)
    [awake] = catalog.claims.take_next("q", "awake")
    assert awake.attempt == 2
    catalog.runs.create("r", "p", "", [("s", "stage")])
    assert catalog.runs.finish_step("r", "s", awake, "{}", state="done")
    assert not catalog.runs.finish_step("r", "s", sleeper, "{}", state="done")
    catalog.claims.offer("q", ["a"])
    assert catalog.claims.take_next("q", "late") == []


def test_threads_take_every_key_exactly_once(catalog: Catalog) -> None:
    taken: list[str] = []

    def work(owner: str) -> None:
        taken.extend(key for key in map(str, range(30)) if catalog.claims.take(key, owner) is not None)

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(map(str, range(30)))


TAKE_BY_KEY = """
import sys
from calotype.catalog import Catalog
claims = Catalog(sys.argv[1]).claims
for key in map(str, range(60)):
    if claims.take(key, sys.argv[2]) is not None:
        print(key)
"""

TAKE_NEXT = """
import sys
from calotype.catalog import Catalog
claims = Catalog(sys.argv[1]).claims
while found := claims.take_next("q", sys.argv[2], limit=7):
    print("\\n".join(claim.key for claim in found))
"""


def taken_by_processes(code: str, url: str) -> Counter[str]:
    workers = [
        subprocess.Popen([sys.executable, "-c", code, url, str(n)], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    outputs = [worker.communicate()[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4
    return Counter(key for output in outputs for key in output.split())


def test_processes_take_every_key_exactly_once(url: str) -> None:
    assert taken_by_processes(TAKE_BY_KEY, url) == Counter(map(str, range(60)))


def test_processes_share_a_queue_without_doubles(url: str) -> None:
    with_queue = Catalog(url)
    with_queue.claims.offer("q", map(str, range(200)))
    assert taken_by_processes(TAKE_NEXT, url) == Counter(map(str, range(200)))
    with_queue.close()
