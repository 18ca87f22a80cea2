"""purge, purge-all, gc, catalog rebuild and catalog check as people call them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.commands import Called
from tests.engine.toy_stages import Add, Double

from calotype.artifacts import Report
from calotype.catalog import Catalog
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import Pipeline
from calotype.runners.inline import InlineRunner
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs
from calotype.storage.store import open_store

Calotype = Callable[..., Called]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one run in it; the commands' own."""
    numbers = tmp_path / "numbers"
    numbers.mkdir()
    for value in range(3):
        (numbers / f"{value}.json").write_text(json.dumps(value))
    pipeline = Pipeline("sums")
    doubled = pipeline.add(Double(), step="double", numbers=pipeline.source("numbers", Report))
    added = pipeline.add(Add(), step="add", numbers=doubled.report)
    pipeline.publish("total.json", added.total, label="total")
    session = Session(tmp_path / "store", {"NVME_ROOT": str(tmp_path / "scratch")})
    definition = session.create(pipeline.build(), {"numbers": str(numbers)})
    session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))
    session.close()
    return tmp_path / "store"


def age(store: Path) -> None:
    before = time.time() - 3 * 3600
    for path in store.rglob("*"):
        if path.is_file() and not path.name.startswith("catalog"):
            os.utime(path, (before, before))


def blobs(store: Path) -> int:
    return len([path for path in (store / "blobs").rglob("*") if path.is_file()])


def test_a_run_is_purged_and_what_it_used_collected(calotype: Calotype, store: Path) -> None:
    purged = calotype("purge", "latest")
    assert purged.code == 0
    assert "is gone" in purged.out
    assert "calotype gc" in purged.out
    assert "--dry-run" in purged.out
    assert "No runs" in calotype("runs").out
    young = calotype("gc")
    assert "Nothing to remove that is older than 2h" in young.out
    age(store)
    dry = calotype("gc", "--dry-run", "--json").json
    assert dry["objects"]["records"] == 2
    assert blobs(store) > 0
    collected = calotype("gc", "--older-than", "30m")
    assert (collected.code, blobs(store)) == (0, 0)
    assert "removed" in collected.out


def test_kept_outputs_stay_until_their_run_is_purged_again(calotype: Calotype, store: Path) -> None:
    (run,) = [row["id"] for row in calotype("runs", "--json").json]
    assert calotype("purge", run[:-2], "--keep-output", "--json").json["kept"] == 1
    age(store)
    calotype("gc")
    assert blobs(store) == 1
    assert calotype("purge", run).code == 0
    age(store)
    calotype("gc")
    assert blobs(store) == 0
    unknown = calotype("purge", run)
    assert (unknown.code, "Traceback" in unknown.err) == (78, False)
    assert run in unknown.err


def test_purging_everything_wants_a_yes(calotype: Calotype, store: Path) -> None:
    refused = calotype("purge-all")
    assert refused.code == 78
    assert "--yes" in refused.err
    assert len(calotype("runs", "--json").json) == 1
    assert calotype("purge-all", "--yes").code == 0
    assert calotype("runs", "--json").json == []
    assert calotype("purge-all").out.startswith("0 runs gone")


def test_nothing_is_purged_while_one_run_is_at_work_unless_forced(calotype: Calotype, store: Path) -> None:
    catalog = Catalog(store / "catalog.sqlite")
    for run in ("zz-first", "zz-last"):
        catalog.runs.create(run, "sums", "numbers", [("double", "double")])
    catalog.close()
    refused = calotype("purge-all", "--yes")
    assert refused.code == 78
    assert "zz-first, zz-last are at work" in refused.err
    assert len(calotype("runs", "--json").json) == 3
    assert len(calotype("purge-all", "--yes", "--force", "--json").json["runs"]) == 3
    assert calotype("runs", "--json").json == []


@pytest.mark.parametrize("duration", ["2", "two hours", "-1h", "1w"])
def test_a_duration_that_is_none_is_told(calotype: Calotype, store: Path, duration: str) -> None:
    refused = calotype("gc", f"--older-than={duration}")
    assert refused.code == 78
    assert "as in 2h" in refused.err


@pytest.mark.parametrize("harm", ["gone", "no database", "half of it"])
def test_a_catalog_that_is_gone_or_damaged_is_rebuilt(calotype: Calotype, store: Path, harm: str) -> None:
    before = calotype("status", "--json").json
    file = store / "catalog.sqlite"
    for part in store.glob("catalog.sqlite-*"):
        part.unlink()
    if harm == "gone":
        file.unlink()
    elif harm == "no database":
        file.write_bytes(b"not a database at all, by no means" * 100)
    else:
        os.truncate(file, file.stat().st_size // 2)
    if harm != "gone":
        refused = calotype("catalog", "rebuild")
        assert refused.code == 78
        assert "Traceback" not in refused.err
        assert "--force" in refused.err
    rebuilt = calotype("catalog", "rebuild", *(["--force"] if harm != "gone" else []))
    assert (rebuilt.code, rebuilt.err) == (0, "")
    assert "1 run, 2 records" in rebuilt.out
    assert calotype("status", "--json").json == before
    assert bool(list(store.glob("catalog.sqlite.damaged-*"))) == (harm != "gone")
    assert calotype("catalog", "check", "--deep").code == 0


def test_a_check_names_what_is_damaged_and_repairs_it_when_asked(calotype: Calotype, store: Path) -> None:
    well = calotype("catalog", "check", "--deep")
    assert (well.code, well.out.startswith("All is well")) == (0, True)
    digest = json.loads(next((store / "records").glob("*Add/*.json")).read_text())["outputs"]["total"][0][
        "digest"
    ]
    path = store / Blobs(open_store(store)).key(digest)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"6", b"7"))
    assert calotype("catalog", "check").code == 0
    found = calotype("catalog", "check", "--deep", "--json")
    assert found.code == 78
    assert {finding["where"].split("/")[0] for finding in found.json["findings"]} == {"blobs", "records"}
    told = calotype("catalog", "check", "--deep")
    assert "2 things wrong" in told.out
    assert "--repair" in told.out
    (run,) = [row["id"] for row in calotype("runs", "--json").json]
    assert found.json["runs"] == [run]
    assert (
        f"After --repair what is damaged is computed again by\n    calotype resume {run} --store {store}\n"
        in told.out
    )
    mended = calotype("catalog", "check", "--deep", "--repair")
    assert mended.code == 0
    assert (
        f"What was set aside is computed again by\n    calotype resume {run} --store {store}\n" in mended.out
    )
    assert calotype("catalog", "check", "--deep").code == 0
    assert (store / "damaged" / "blobs").is_dir()
    assert calotype("resume", run, "--json").json["executed"] == ["add"]


def test_more_runs_than_are_listed_are_counted(calotype: Calotype, store: Path) -> None:
    assert "more:" not in calotype("runs").out
    for _ in range(2):
        assert calotype("fork", "latest").code == 0
    assert "more:" not in calotype("runs", "--limit", 3).out
    few = calotype("runs", "--limit", 1).out.splitlines()
    assert (len(few), few[1]) == (2, f"and 2 more: calotype runs --limit 3 --store {store}")
    assert len(calotype("runs", "--limit", 3).out.splitlines()) == 3
    refused = calotype("runs", "--limit", 0)
    assert (refused.code, "Give 1 or more" in refused.err) == (78, True)


def test_where_no_store_is_nothing_is_made(calotype: Calotype, tmp_path: Path) -> None:
    for command in (["gc"], ["catalog", "rebuild"], ["catalog", "check"], ["purge-all", "--yes"]):
        refused = calotype(*command)
        assert refused.code == 78, command
        assert "no store" in refused.err
    assert not (tmp_path / "store").exists()


def test_a_run_whose_definition_cannot_be_read_is_named_and_can_be_purged(
    calotype: Calotype, store: Path
) -> None:
    (run,) = [row["id"] for row in calotype("runs", "--json").json]
    (store / "runs" / f"{run}.json").write_text("{")
    assert calotype("catalog", "rebuild", "--force", "--json").json["runs"] == 0
    named = calotype("catalog", "check")
    assert named.code == 78
    assert f"calotype purge {run}" in named.out
    refused = calotype("gc")
    assert (refused.code, run in refused.err) == (78, True)
    assert calotype("runs").code == 0
    assert calotype("purge", run).code == 0
    assert calotype("catalog", "check", "--repair").code == 0
    assert calotype("gc", "--older-than", "0s").code == 0
    assert blobs(store) == 0
