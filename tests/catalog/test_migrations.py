"""The schema: the same by migration as in code, from every older one, with rows kept, whoever else migrates."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text

import calotype.catalog.migrations
from calotype.catalog import Catalog
from calotype.catalog.address import CatalogAddress
from calotype.catalog.schema import HEAD, metadata
from calotype.errors import ConfigurationError


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(CatalogAddress.parse(url).url)
    yield engine
    engine.dispose()


def scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(calotype.catalog.migrations.__file__).parent))
    return config


def migrate(engine: Engine, revision: str) -> None:
    config = scripts()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_the_newest_migration_is_the_one_the_code_names() -> None:
    assert ScriptDirectory.from_config(scripts()).get_heads() == [HEAD]


def test_migrations_come_to_the_schema_in_code(url: str, engine: Engine) -> None:
    Catalog(url).close()
    with engine.connect() as connection:
        # Alembic takes an empty default on SQLite for a different one each time.
        options = {"compare_type": True, "compare_server_default": engine.name == "postgresql"}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_rows_of_the_first_schema_are_kept(url: str, engine: Engine) -> None:
    migrate(engine, "0001")
    with engine.begin() as connection:
        for run, state in (("a", "done"), ("b", "running")):
            values = f"('{run}', 'splat', '{state}', 'photos', 1.0, 2.0)"
            connection.execute(
                text(f"INSERT INTO runs (id, pipeline, state, source, created, updated) VALUES {values}")
            )
        connection.execute(
            text("INSERT INTO steps (run, step, position, stage, state) VALUES ('a', 's', 0, 'sfm', 'done')")
        )
        connection.execute(text("INSERT INTO claims VALUES ('k', 'running', 3, 'somebody', 9e9)"))
        for body in ("one", "two"):
            connection.execute(text(f"INSERT INTO events (run, at, body) VALUES ('a', 1.0, '{body}')"))
    catalog = Catalog(url)
    assert [(row.id, row.ended, row.parent) for row in (catalog.runs.get("a"), catalog.runs.get("b"))] == [
        ("a", 2.0, ""),
        ("b", 0.0, ""),
    ]
    assert [row.step for row in catalog.runs.steps("a")] == ["s"]
    assert [body for _, _, body in catalog.runs.events("a")] == ["one", "two"]
    assert catalog.claims.take("k", "me") is None
    catalog.close()


def test_processes_that_open_a_new_catalog_at_once_all_find_it_whole(url: str) -> None:
    code = "import sys; from calotype.catalog import Catalog; Catalog(sys.argv[1]).runs.create(sys.argv[2], 'p', '', [])"
    openers = [subprocess.Popen([sys.executable, "-c", code, url, str(n)]) for n in range(4)]
    assert [opener.wait() for opener in openers] == [0] * 4
    catalog = Catalog(url)
    assert {row.id for row in catalog.runs.list()} == {"0", "1", "2", "3"}
    catalog.close()


def test_a_catalog_of_a_newer_program_is_refused_and_left_alone(url: str, engine: Engine) -> None:
    Catalog(url).close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9000'"))
    with pytest.raises(ConfigurationError, match=r"has schema 9000.*newer Calotype, or by another program"):
        Catalog(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9000"


def test_a_migration_that_fails_leaves_nothing(url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE outbox (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="exists"):
        Catalog(url)
    with engine.connect() as connection:
        names = set(connection.dialect.get_table_names(connection))
    assert names == {"outbox"}
