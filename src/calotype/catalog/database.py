"""Open the catalog's database, SQLite or PostgreSQL, at the newest schema."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.pool import StaticPool

from calotype.catalog.schema import HEAD
from calotype.errors import ConfigurationError, StoreUnwritable, Transient

_BUSY_S = 60
_NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "fuse.sshfs",
    "fuse.s3fs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
}


class Database:
    """A connection pool. `read()` and `write()` are transactions; on SQLite a write takes its lock at once (BEGIN IMMEDIATE),
    so that two writers queue instead of failing half-way."""

    def __init__(self, url: str) -> None:
        """`sqlite:///path`, `sqlite://` (in memory) or `postgresql+psycopg://...`; creates or migrates the schema."""
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite and url != "sqlite://":
            path = Path(url.removeprefix("sqlite:///"))
            _refuse_network_disk(path)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreUnwritable(f"The catalog cannot be kept at {path}: {error.strerror}.") from error
        self._engine = _engine(url)
        self._migrate()

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that only reads."""
        with _mapped(self.url), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A transaction that commits at its end, or leaves no trace."""
        with _mapped(self.url), self._engine.connect() as connection:
            connection = connection.execution_options(calotype_write=True)
            with connection.begin():
                yield connection

    def now(self, connection: Connection) -> float:
        """Seconds since the epoch by the clock that all workers share: the server's, or this machine's for SQLite."""
        if self.is_sqlite:
            return time.time()
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def close(self) -> None:
        self._engine.dispose()

    def _migrate(self) -> None:
        if self._revision() == HEAD:
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(4242001)"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _revision(self) -> str | None:
        try:
            with self._engine.connect() as connection:
                return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except (OperationalError, ProgrammingError) as error:
            if "unable to open" in str(error):
                raise StoreUnwritable(f"The catalog {self.url} cannot be opened: {error.orig}.") from error
            return None


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    in_memory = url == "sqlite://"
    arguments: dict[str, Any] = {"timeout": _BUSY_S, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, **({"poolclass": StaticPool} if in_memory else {}))

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below; the driver must not.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_S * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("calotype_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


@contextmanager
def _mapped(url: str) -> Generator[None]:
    """A database that is busy or gone is worth another attempt; anything else is our bug and stays as it is."""
    try:
        yield
    except DBAPIError as error:
        if "readonly" in str(error) or "unable to open" in str(error):
            raise StoreUnwritable(f"The catalog {url} cannot be written: {error.orig}.") from error
        if "disk is full" in str(error):
            raise StoreUnwritable(f"The disk that holds the catalog {url} is full.") from error
        if isinstance(error, OperationalError):
            raise Transient(f"The catalog did not answer: {error.orig}.") from error
        raise


def _refuse_network_disk(path: Path) -> None:
    """SQLite's write-ahead log needs shared memory, which network file systems do not give."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return
    resolved = path.resolve()
    best, kind = Path("/"), ""
    for line in mounts:
        _, mount, file_system, *_ = line.split(" ")
        point = Path(mount.replace("\\040", " "))
        if resolved.is_relative_to(point) and len(str(point)) >= len(str(best)):
            best, kind = point, file_system
    if kind in _NETWORK_FILE_SYSTEMS:
        raise ConfigurationError(
            f"{path} lies on a network disk ({kind}), where SQLite would be damaged. Put the store on a local disk, "
            "or use a PostgreSQL catalog."
        )
