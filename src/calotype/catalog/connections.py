"""How connections to the catalog's database are made and set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from calotype.catalog.address import CatalogAddress
from calotype.catalog.disks import refuse_network_disk
from calotype.errors import StoreUnwritable

_SLEEPER_S = 30
"""A client that stops inside a transaction on PostgreSQL loses it after this long, and with it its locks."""


def open_engine(address: CatalogAddress, patience_s: float) -> Engine:
    """A connection pool; SQLite's folder is made, and refused where it would be damaged. Nothing is connected yet."""
    if not address.is_sqlite:
        return _postgresql(address)
    if address.path is not None:
        _make_folder(address.path)
    return _sqlite(address, patience_s)


def _make_folder(path: Path) -> None:
    refuse_network_disk(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnwritable(f"The catalog cannot be kept at {path}: {error.strerror}.") from error


def _postgresql(address: CatalogAddress) -> Engine:
    engine = create_engine(
        address.url,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 10,
            "application_name": "calotype",
            # A server that vanished without a word is noticed within a minute.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
        },
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        connection.autocommit = True
        connection.execute(f"SET idle_in_transaction_session_timeout = '{_SLEEPER_S}s'")
        connection.execute(f"SET lock_timeout = '{_SLEEPER_S + 5}s'")
        connection.autocommit = False

    return engine


def _sqlite(address: CatalogAddress, patience_s: float) -> Engine:
    arguments: dict[str, Any] = {"timeout": patience_s, "check_same_thread": False}
    pool = {"poolclass": StaticPool} if address.is_in_memory else {}
    engine = create_engine(address.url, connect_args=arguments, **pool)

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below; the driver must not.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("calotype_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine
