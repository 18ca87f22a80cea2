"""Where a catalog is: the URLs people may write for it, checked and told without passwords."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from calotype.errors import ConfigurationError, MissingExtra


@dataclass(frozen=True)
class CatalogAddress:
    """A database of one of the two kinds that can hold a catalog."""

    url: URL
    """As SQLAlchemy wants it, driver named."""
    path: Path | None
    """The file of an SQLite database; None for one in memory and for PostgreSQL."""

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def is_in_memory(self) -> bool:
        return self.is_sqlite and self.path is None

    @property
    def shown(self) -> str:
        """For people: a path, or the URL with its password hidden."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @classmethod
    def parse(cls, where: str | Path) -> CatalogAddress:
        """A file's path, or a URL: `sqlite:///relative/path`, `sqlite:////absolute/path`, `sqlite://` (in memory) or
        `postgresql://user:password@host/database`."""
        if isinstance(where, Path):
            return cls(URL.create("sqlite", database=str(where)), where)
        try:
            url = make_url(where)
        except ArgumentError as error:
            # The text itself is not repeated: it may hold a password.
            raise ConfigurationError(f"The catalog's address is not a URL. {_WANTED}") from error
        if url.drivername == "sqlite":
            if url.host or url.query:
                raise ConfigurationError(
                    f"{where} needs three slashes, or four before an absolute path, and no options."
                )
            in_memory = url.database in (None, "", ":memory:")
            return cls(
                url.set(database=None) if in_memory else url, None if in_memory else Path(url.database or "")
            )
        if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
            if find_spec("psycopg") is None:
                raise MissingExtra("A catalog on PostgreSQL needs psycopg: pip install 'calotype[postgres]'.")
            return cls(url.set(drivername="postgresql+psycopg"), None)
        raise ConfigurationError(f"A catalog cannot be kept in {url.drivername!r}. {_WANTED}")


_WANTED = "Write sqlite:///PATH or postgresql://USER:PASSWORD@HOST:5432/DATABASE."
