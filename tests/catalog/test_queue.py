"""The service's tables: keys by name, runs that were asked for once, pages of runs; the same on every database."""

from __future__ import annotations

import threading

import pytest

from calotype.catalog import Catalog
from calotype.catalog.api_keys import ApiKeyRow
from calotype.catalog.queue import QUEUED, Queued
from calotype.catalog.runs import RunRow
from calotype.errors import InvalidParameter, UnknownName


def row(run: str) -> RunRow:
    return RunRow(run, "splat", QUEUED, "photos", 0.0, 0.0, "")


def add(catalog: Catalog, run: str, asker: str = "a", name: str | None = None) -> Queued:
    return catalog.queue.add(Queued(run, asker, name, "d"), row(run), [("s", "sfm"), ("t", "splat")])


def test_a_key_is_found_by_its_id_and_its_name_is_taken_once(catalog: Catalog) -> None:
    key = ApiKeyRow("id1", "laptop", "salt", "digest", "runs:read")
    catalog.api_keys.add(key)
    catalog.api_keys.add(key)  # As after a lost connection.
    found = catalog.api_keys.find("id1")
    assert found is not None and (found.name, found.scopes) == ("laptop", "runs:read") and found.created > 0
    assert catalog.api_keys.find("id2") is None
    with pytest.raises(InvalidParameter, match="called 'laptop' already"):
        catalog.api_keys.add(ApiKeyRow("id2", "laptop", "salt", "other", ""))
    assert [one.id for one in catalog.api_keys.list()] == ["id1"]
    assert catalog.api_keys.remove("laptop") and not catalog.api_keys.remove("laptop")
    assert catalog.api_keys.count() == 0


def test_a_run_taken_on_has_its_entry_its_row_and_its_steps(catalog: Catalog) -> None:
    assert add(catalog, "r1").run == "r1"
    assert catalog.runs.get("r1").state == QUEUED and catalog.runs.get("r1").ended == 0
    assert [(step.step, step.state) for step in catalog.runs.steps("r1")] == [
        ("s", "waiting"),
        ("t", "waiting"),
    ]
    assert [one.run for one in catalog.queue.open()] == ["r1"]
    assert add(catalog, "r1").run == "r1"  # As after a lost connection.
    assert catalog.queue.count_open() == 1


def test_of_many_that_ask_at_once_under_one_key_one_makes_the_run(catalog: Catalog) -> None:
    got: list[str] = []
    askers = [
        threading.Thread(target=lambda n=n: got.append(add(catalog, f"r{n}", name="order").run))
        for n in range(6)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(got) == 6 and len(set(got)) == 1
    assert [run.id for run in catalog.runs.list()] == [got[0]]
    assert add(catalog, "other", asker="b", name="order").run == "other"
    before = catalog.queue.asked_before("a", "order")
    assert before is not None and before.run == got[0]


def test_a_run_leaves_the_queue_and_comes_back(catalog: Catalog) -> None:
    add(catalog, "r1")
    catalog.runs.set_state("r1", "failed", "no")
    catalog.queue.close("r1")
    assert catalog.queue.open() == []
    catalog.queue.reopen("r1", "b")
    assert [one.run for one in catalog.queue.open()] == ["r1"]
    assert (catalog.runs.get("r1").state, catalog.runs.get("r1").message) == (QUEUED, "")
    catalog.runs.create("r2", "splat", "photos", [])
    catalog.queue.reopen("r2", "b")  # Nobody had asked the service for it.
    assert [one.run for one in catalog.queue.open()] == ["r1", "r2"]
    catalog.runs.forget("r1")
    assert catalog.queue.find("r1") is None


def test_pages_of_runs_are_by_time_and_state(catalog: Catalog) -> None:
    for number in range(5):
        add(catalog, f"r{number}")
    catalog.runs.set_state("r2", "done")
    first = catalog.runs.page(2)
    last = first[-1]
    rest = catalog.runs.page(10, (last.created, last.id))
    assert sorted(one.id for one in first + rest) == [f"r{number}" for number in range(5)]
    assert [one.id for one in catalog.runs.page(10, state="done")] == ["r2"]
    with pytest.raises(UnknownName):
        catalog.runs.get("r9")
