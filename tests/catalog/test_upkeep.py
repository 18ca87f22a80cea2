"""What keeping a store in order asks of the catalog, on every kind of database."""

from __future__ import annotations

from calotype.catalog import Catalog
from calotype.catalog.results import ItemRow, LineageRow, SourceDigest


def test_only_claims_whose_lease_lives_are_at_work(catalog: Catalog) -> None:
    live = catalog.claims.take("a" * 64, "host:1:2")
    ended = catalog.claims.take("b" * 64, "host:1:2")
    catalog.claims.take("c" * 64, "host:1:2", lease_s=-1.0)
    assert live is not None
    assert ended is not None
    catalog.claims.release(ended)
    assert [(claim.key, claim.owner) for claim in catalog.upkeep.live_claims()] == [("a" * 64, "host:1:2")]


def test_a_run_is_at_work_while_it_runs_and_was_written_to_within_a_lease(catalog: Catalog) -> None:
    catalog.runs.create("r1", "sums", "here", [("double", "double")])
    assert catalog.upkeep.is_at_work("r1")
    catalog.runs.set_state("r1", "failed")
    assert not catalog.upkeep.is_at_work("r1")
    assert not catalog.upkeep.is_at_work("r2")


def test_rows_of_what_is_gone_are_dropped_and_others_stay(catalog: Catalog) -> None:
    results = catalog.results
    results.add_items(
        [ItemRow(f"i{number}", f"segments/s{number % 2}", "[]", None) for number in range(1200)]
    )
    results.add_lineage([LineageRow(key, "out", "total", 0, "d", "n", "Report") for key in ("k1", "k2")])
    results.add_source_digests([SourceDigest(f"/{name}", 1, "1", name) for name in ("a", "b")])
    assert catalog.upkeep.segments() == ["segments/s0", "segments/s1"]
    catalog.upkeep.forget_segments(["segments/s0", "segments/never"])
    catalog.upkeep.forget_lineage(["k1"])
    catalog.upkeep.forget_sources(["b"])
    assert catalog.upkeep.segments() == ["segments/s1"]
    assert catalog.upkeep.lineage_keys() == ["k2"]
    tables = catalog.tables()
    assert len(tables["items"]) == 600
    assert [row["location"] for row in tables["source_digests"]] == ["/a"]


def test_clearing_leaves_claims_so_that_attempts_go_on_counting(catalog: Catalog) -> None:
    claim = catalog.claims.take("a" * 64, "host:1:2")
    assert claim is not None
    catalog.claims.release(claim)
    catalog.runs.create("r1", "sums", "here", [("double", "double")])
    catalog.datasets.get_or_create("digits")
    catalog.upkeep.clear()
    assert {name for name, rows in catalog.tables().items() if rows} == set()
    again = catalog.claims.take("a" * 64, "host:1:2")
    assert again is not None
    assert again.attempt == 2
