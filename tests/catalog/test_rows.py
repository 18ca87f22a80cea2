"""Rows of runs, steps, items and source files: written, found, restored, removed."""

from __future__ import annotations

import secrets

import pytest

from calotype.catalog import Catalog
from calotype.catalog.results import ItemRow, LineageRow, SourceDigest
from calotype.errors import UnknownName


def test_a_run_has_ended_when_its_state_says_so(catalog: Catalog) -> None:
    catalog.runs.create("20260101-a", "splat", "photos", [("s", "stage")], parent="20251231-z")
    row = catalog.runs.get("20260101-a")
    assert (row.state, row.ended, row.parent, row.message) == ("running", 0.0, "20251231-z", "")
    catalog.runs.set_state("20260101-a", "failed", "no\x00photo\ud800s")
    row = catalog.runs.get("latest")
    assert row.state == "failed"
    assert row.message == "no\N{REPLACEMENT CHARACTER}photo?s"
    assert row.ended == row.updated >= row.created
    catalog.runs.set_state("20260101-a", "running")
    assert catalog.runs.get("20260101-a").ended == 0.0


def test_a_run_is_found_by_the_beginning_of_its_id(catalog: Catalog) -> None:
    for run in ("20260101-a", "20260101-ab", "20260102-c%"):
        catalog.runs.create(run, "p", "", [])
    assert catalog.runs.get("20260101-a").id == "20260101-a"
    assert catalog.runs.get("20260102").id == "20260102-c%"
    with pytest.raises(UnknownName, match="Several runs"):
        catalog.runs.get("20260101")
    for unknown in ("2027", "%", "_"):
        with pytest.raises(UnknownName, match="No run"):
            catalog.runs.get(unknown)


def test_steps_keep_their_order_and_what_their_key_was_made_of(catalog: Catalog) -> None:
    catalog.runs.create("r", "p", "", [("z", "one"), ("a", "two")])
    catalog.runs.update_step(
        "r", "z", key="k", components={"version": "1", "ü": [1, None]}, pinned_from="parent"
    )
    steps = catalog.runs.steps("r")
    assert [(row.step, row.stage, row.state, row.total) for row in steps] == [
        ("z", "one", "waiting", None),
        ("a", "two", "waiting", None),
    ]
    assert steps[0].components == {"version": "1", "ü": [1, None]}
    assert steps[0].pinned_from == "parent"


def test_events_are_read_after_a_number(catalog: Catalog) -> None:
    for number in range(5):
        catalog.runs.add_event("r", str(number))
        catalog.runs.add_event("other", "x")
    events = catalog.runs.events("r")
    assert [body for _, _, body in events] == list("01234")
    later = catalog.runs.events("r", after=events[1][0], limit=2)
    assert [body for _, _, body in later] == ["2", "3"]


def test_restored_rows_equal_those_that_were_written_down(catalog: Catalog) -> None:
    catalog.runs.create("r", "p", "photos", [("s", "stage"), ("t", "stage")])
    catalog.runs.update_step(
        "r", "s", key="k", state="done", components={"a": 1}, done=3, total=4, seconds=1.5
    )
    catalog.runs.set_state("r", "done", "well")
    run, steps, tables = catalog.runs.get("r"), catalog.runs.steps("r"), catalog.tables()
    catalog.runs.forget("r")
    assert catalog.runs.list() == []
    assert catalog.runs.steps("r") == []
    catalog.runs.restore(run, steps)
    catalog.runs.restore(run, [])
    assert catalog.tables() == tables


def test_a_forgotten_run_leaves_the_others_and_what_it_computed(catalog: Catalog) -> None:
    for run in ("a", "b"):
        catalog.runs.create(run, "p", "", [("s", "stage")])
        catalog.runs.add_event(run, run)
    catalog.results.add_items([ItemRow("k", "segment", "[]", None)])
    catalog.runs.forget("a")
    assert [row.id for row in catalog.runs.list()] == ["b"]
    assert catalog.runs.events("a") == []
    assert len(catalog.runs.events("b")) == 1
    assert list(catalog.results.items(["k"])) == ["k"]


def test_the_first_mention_of_an_item_stays(catalog: Catalog) -> None:
    catalog.results.add_items([ItemRow("k", "first", "[]", None)])
    catalog.results.add_items([ItemRow("k", "second", "[]", None), ItemRow("l", "second", "[]", "blurred")])
    assert catalog.results.items(["k", "unknown"])["k"].segment == "first"
    assert catalog.results.items(["l"])["l"].rejected == "blurred"
    catalog.results.forget_items(["k"])
    assert list(catalog.results.items(["k", "l"])) == ["l"]


def test_thousands_of_items_are_written_and_found(catalog: Catalog) -> None:
    keys = [f"{n:064x}" for n in range(6000)]
    catalog.results.add_items(ItemRow(key, "segment", "[]", None) for key in keys)
    assert sorted(catalog.results.items(keys)) == keys
    catalog.results.forget_items(keys[1:])
    assert list(catalog.results.items(keys)) == keys[:1]


def test_lineage_comes_in_the_order_of_its_lists(catalog: Catalog) -> None:
    rows = [LineageRow("k", "in", "photos", n, str(9 - n), f"{n}.jpg", "Image", str(9 - n)) for n in range(4)]
    rows.append(LineageRow("k", "out", "model", 0, "m", "model", "Model", stage="sfm", version="2"))
    catalog.results.add_lineage(reversed(rows))
    assert catalog.results.lineage("k") == rows


def test_the_newest_digest_of_a_source_file_counts(catalog: Catalog) -> None:
    long = f"https://example.org/photo.jpg?signature={secrets.token_hex(4500)}"
    old = [SourceDigest("a.jpg", 1, "t0", "d0"), SourceDigest(long, 2**40, "etag", "d1")]
    catalog.results.add_source_digests(old)
    newer = SourceDigest("a.jpg", 2, "t1", "d2")
    catalog.results.add_source_digests([SourceDigest("a.jpg", 5, "t", "d"), newer])
    assert catalog.results.source_digests(["a.jpg", long, "b.jpg"]) == {"a.jpg": newer, long: old[1]}


def test_the_previous_step_of_a_stage_is_the_newest_of_an_older_run(catalog: Catalog) -> None:
    for run in ("a", "b", "c"):
        catalog.runs.create(run, "p", "", [("s", "stage"), ("t", "stage")])
        catalog.runs.update_step(run, "s", key=f"{run}-s")
    previous = catalog.runs.previous(catalog.runs.steps("c")[0])
    assert previous is not None
    assert (previous.run, previous.step) == ("b", "s")
    assert catalog.runs.previous(catalog.runs.steps("a")[0]) is None


def test_tables_leave_out_claims_and_events(catalog: Catalog) -> None:
    catalog.runs.create("r", "p", "", [])
    catalog.claims.take("k", "me")
    catalog.runs.add_event("r", "{}")
    tables = catalog.tables()
    assert not {"claims", "events"} & set(tables)
    assert [row["id"] for row in tables["runs"]] == ["r"]
