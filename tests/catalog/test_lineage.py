"""Lineage: from any artifact back to the first inputs and on to the last outputs, across steps, items and runs."""

from __future__ import annotations

import time

import pytest

from calotype.catalog import Catalog
from calotype.catalog.lineage import LineageEdge
from calotype.catalog.results import LineageRow


def row(
    key: str, role: str, digest: str, item: str = "", position: int = 0, stage: str = "stage"
) -> LineageRow:
    return LineageRow(
        key, role, f"{role}-port", position, digest, f"{digest}.name", "Image", item, stage, "1"
    )


@pytest.fixture
def family(catalog: Catalog) -> Catalog:
    """photos a and b are each prepared (with shared settings s), the two results become one model, the model a picture."""
    catalog.results.add_lineage(
        [
            row("prepare", "in", "a", "1", 0, "prepare"),
            row("prepare", "in", "b", "2", 1, "prepare"),
            LineageRow("prepare", "in", "settings", 0, "s", "s.json", "Report", "", "prepare", "1"),
            row("prepare", "out", "A", "1", 0, "prepare"),
            row("prepare", "out", "B", "2", 1, "prepare"),
            LineageRow("prepare", "out", "rejected", 0, "[]", "rejected.json", "Report", "", "prepare", "1"),
            row("model", "in", "A", position=0, stage="model"),
            row("model", "in", "B", position=1, stage="model"),
            row("model", "out", "M", stage="model"),
            row("render", "in", "M", stage="render"),
            row("render", "out", "P", stage="render"),
        ]
    )
    return catalog


def ends(edges: list[LineageEdge]) -> set[tuple[str, str]]:
    return {(edge.source.digest, edge.product.digest) for edge in edges}


def test_an_output_goes_back_to_the_photos(family: Catalog) -> None:
    everything = {("a", "A"), ("s", "A"), ("b", "B"), ("s", "B"), ("A", "M"), ("B", "M"), ("M", "P")}
    assert ends(family.lineage.made_from("P")) == everything
    assert ends(family.lineage.made_from("A")) == {("a", "A"), ("s", "A")}
    assert family.lineage.made_from("a") == []
    assert family.lineage.made_from("unknown") == []


def test_a_photo_goes_on_to_what_was_made_of_it_and_not_of_its_neighbour(family: Catalog) -> None:
    assert ends(family.lineage.made_of("a")) == {("a", "A"), ("A", "M"), ("M", "P")}
    assert ("s", "A") in ends(family.lineage.made_of("s"))
    assert ("s", "B") in ends(family.lineage.made_of("s"))
    assert ("a", "A") not in ends(family.lineage.made_of("s"))
    assert family.lineage.made_of("P") == []


def test_an_edge_says_which_step_made_what_from_what(family: Catalog) -> None:
    [edge] = family.lineage.made_of("M")
    assert (edge.key, edge.stage, edge.version) == ("render", "render", "1")
    assert (edge.source.name, edge.source.port, edge.source.kind) == ("M.name", "in-port", "Image")
    assert (edge.product.name, edge.product.port) == ("P.name", "out-port")


def test_a_file_handed_through_unchanged_does_not_circle(catalog: Catalog) -> None:
    catalog.results.add_lineage(
        row(key, role, digest)
        for key, read, made in (("one", "x", "x"), ("two", "x", "y"), ("three", "y", "x"))
        for role, digest in (("in", read), ("out", made))
    )
    assert ends(catalog.lineage.made_of("x")) == {("x", "x"), ("x", "y"), ("y", "x")}
    assert ends(catalog.lineage.made_from("y")) == {("x", "x"), ("x", "y"), ("y", "x")}


def test_the_walk_can_be_kept_to_the_steps_of_one_run(family: Catalog) -> None:
    family.results.add_lineage([row("other", "in", "A"), row("other", "out", "O")])
    family.runs.create("r", "p", "", [("prepare", "prepare"), ("model", "model")])
    family.runs.update_step("r", "prepare", key="prepare")
    family.runs.update_step("r", "model", key="model")
    assert ends(family.lineage.made_of("a", run="r")) == {("a", "A"), ("A", "M")}
    assert ("A", "O") in ends(family.lineage.made_of("a"))


def test_what_a_stage_has_processed_is_known_by_digest(family: Catalog) -> None:
    assert family.lineage.was_processed("a", "prepare")
    assert family.lineage.was_processed("a", "prepare", version="1")
    assert not family.lineage.was_processed("a", "prepare", version="2")
    assert not family.lineage.was_processed("a", "model")
    assert not family.lineage.was_processed("M", "model")
    assert not family.lineage.was_processed("unknown", "prepare")


def test_a_set_of_many_items_is_followed_in_no_time(catalog: Catalog) -> None:
    items = [f"{n:064x}" for n in range(3000)]
    rows = [row("each", "in", f"in{n}", item, n) for n, item in enumerate(items)]
    rows += [row("each", "out", f"out{n}", item, n) for n, item in enumerate(items)]
    rows += [row("all", "in", f"out{n}", "", n) for n in range(len(items))]
    catalog.results.add_lineage([*rows, row("all", "out", "model")])
    started = time.monotonic()
    assert len(catalog.lineage.made_from("model")) == 2 * len(items)
    assert len(catalog.lineage.made_of("in7")) == 2
    # A few milliseconds in truth; a walk that compares every item with every other takes half a minute.
    assert time.monotonic() - started < 5


def test_artifacts_are_found_by_the_beginning_of_their_digest_each_once(catalog: Catalog) -> None:
    catalog.results.add_lineage(
        [
            row("first", "out", "ab12"),
            row("second", "in", "ab12"),
            row("second", "out", "ab13", position=0),
            row("second", "out", "ac00", position=1),
        ]
    )
    found = catalog.lineage.artifacts("ab")
    assert [end.digest for end in found] == ["ab12", "ab13"]
    assert found[0].port == "out-port"  # As it was made, not as it was read.
    assert [end.digest for end in catalog.lineage.artifacts("ac00")] == ["ac00"]
    assert len(catalog.lineage.artifacts("a", limit=2)) == 2
    assert catalog.lineage.artifacts("ad") == []


def test_the_steps_that_made_an_artifact_are_known(family: Catalog) -> None:
    assert family.lineage.makers("M") == ["model"]
    assert family.lineage.makers("a") == []
    assert set(family.lineage.of_kinds(["Report"])) == {"s", "[]"}


def test_a_key_leads_to_the_steps_that_have_it_that_of_the_oldest_run_first(catalog: Catalog) -> None:
    for run in ("old", "new"):
        catalog.runs.create(run, "p", "", [("s", "stage"), ("t", "stage")])
        catalog.runs.update_step(run, "s", key="shared")
        catalog.runs.update_step(run, "t", key=f"{run}-t")
    found = catalog.runs.with_keys(["shared", "old-t", "unknown"])
    assert {key: [(row.run, row.step) for row in rows] for key, rows in found.items()} == {
        "shared": [("old", "s"), ("new", "s")],
        "old-t": [("old", "t")],
    }


def test_runs_with_a_finished_step_of_unknown_lineage_are_named(family: Catalog) -> None:
    for run, key, state in (("a", "model", "done"), ("b", "elsewhere", "done"), ("c", "later", "running")):
        family.runs.create(run, "p", "", [("s", "stage")])
        family.runs.update_step(run, "s", key=key, state=state)
    assert family.lineage.unknown_runs() == ["b"]
