"""Bring the tables of a database to the newest schema, whoever else tries the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from calotype.catalog.schema import HEAD
from calotype.errors import ConfigurationError

if TYPE_CHECKING:
    from calotype.catalog.database import Database

_LOCK = 4242001
"""Number of the advisory lock under which PostgreSQL is migrated."""


def bring_up_to_date(database: Database) -> None:
    """Create or migrate the schema in one transaction. ConfigurationError when a newer program has migrated it further."""
    if database.read(_revision) != HEAD:
        database.write(lambda connection: _upgrade(connection, database))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, database: Database) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    if not database.is_sqlite:  # SQLite has its write lock already.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _revision(connection)
    if found is not None and found not in known:
        raise ConfigurationError(
            f"The catalog {database.name} has schema {found}; this Calotype knows {HEAD} and older. It was written by a newer "
            "Calotype, or by another program: upgrade Calotype, or give it a database of its own."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
