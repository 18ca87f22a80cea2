"""Claims on a real SQLite file: one owner at a time, leases that run out, attempts that fence off sleepers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from calotype.catalog import Catalog
from calotype.catalog.results import ItemRow
from calotype.catalog.schema import HEAD
from calotype.errors import ConfigurationError, StoreUnwritable


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/catalog.sqlite"


@pytest.fixture
def catalog(url: str) -> Catalog:
    return Catalog(url)


def test_a_key_has_one_owner_at_a_time(catalog: Catalog) -> None:
    claim = catalog.claims.take("k", "one")
    assert claim is not None
    assert claim.attempt == 1
    assert catalog.claims.take("k", "two") is None
    catalog.claims.release(claim)
    second = catalog.claims.take("k", "two")
    assert second is not None
    assert second.attempt == 2


def test_a_lease_that_ran_out_is_anybodys_and_its_old_owner_is_refused(catalog: Catalog) -> None:
    catalog.runs.create("r", "p", "", [("s", "stage")])
    sleeper = catalog.claims.take("k", "sleeper", lease_s=-1)
    awake = catalog.claims.take("k", "awake")
    assert sleeper is not None
    assert awake is not None
    assert awake.attempt == sleeper.attempt + 1
    assert not catalog.claims.extend(sleeper)
    assert catalog.claims.extend(awake)
    assert not catalog.runs.finish_step("r", "s", sleeper, "{}", state="done")
    assert catalog.runs.steps("r")[0].state == "waiting"
    assert catalog.runs.events("r") == []
    assert catalog.runs.finish_step("r", "s", awake, "{}", state="done")
    assert catalog.runs.steps("r")[0].state == "done"
    assert len(catalog.runs.events("r")) == 1
    assert catalog.claims.refused() == 1
    assert not catalog.runs.finish_step("r", "s", awake, "{}", state="failed")


def test_many_processes_take_every_key_exactly_once(catalog: Catalog, url: str) -> None:
    code = (
        "import sys; from calotype.catalog import Catalog; c = Catalog(sys.argv[1]); "
        "print(sum(c.claims.take(f'key{i}', sys.argv[2]) is not None for i in range(60)))"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", code, url, str(n)], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    taken = [int(worker.communicate()[0]) for worker in workers]
    assert sum(taken) == 60


def test_the_schema_is_that_of_the_newest_migration(url: str) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine, inspect

    import calotype.catalog.migrations
    from calotype.catalog.schema import metadata

    Catalog(url).close()
    config = Config()
    config.set_main_option("script_location", str(Path(calotype.catalog.migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
    found = inspect(create_engine(url))
    assert set(found.get_table_names()) == set(metadata.tables) | {"alembic_version"}
    for table in metadata.tables.values():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        assert {index["name"] for index in found.get_indexes(table.name)} == {
            index.name for index in table.indexes
        }


def test_the_first_mention_of_an_item_stays(catalog: Catalog) -> None:
    catalog.results.add_items([ItemRow("k", "first", "[]", None)])
    catalog.results.add_items([ItemRow("k", "second", "[]", None)])
    assert catalog.results.items(["k", "unknown"])["k"].segment == "first"
    catalog.results.forget_items(["k"])
    assert catalog.results.items(["k"]) == {}


def test_a_catalog_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnwritable, match="cannot be kept"):
        Catalog(f"sqlite:///{tmp_path}/file/catalog.sqlite")


def test_a_network_disk_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mounts = f"nas:/x {tmp_path} nfs4 rw 0 0\n"
    read = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda self, *a: mounts if str(self) == "/proc/mounts" else read(self, *a)
    )
    with pytest.raises(ConfigurationError, match=r"network disk \(nfs4\)"):
        Catalog(f"sqlite:///{tmp_path}/catalog.sqlite")
