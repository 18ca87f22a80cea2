"""Keys of the service's API as rows: who may ask for what. A key itself is nowhere, only a digest of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select

from calotype.catalog.database import Database
from calotype.catalog.schema import api_keys
from calotype.errors import InvalidParameter


@dataclass(frozen=True)
class ApiKeyRow:
    """One key."""

    id: str
    """Stands in the key itself, for all to see: by it the row is found."""
    name: str
    """What its owner calls it."""
    salt: str
    digest: str
    """Of salt and key; `calotype.service.keys` says how it is made."""
    scopes: str
    """What it may be used for, with spaces between."""
    created: float = 0.0
    """Seconds since the epoch."""


class ApiKeys:
    """The table of keys. A rebuild of the catalog does not bring them back: the store holds none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: ApiKeyRow) -> None:
        """Add a key. InvalidParameter when another one has its name."""

        def work(connection: Connection) -> bool:
            row = {**vars(key), "created": self._database.clock}
            if self._database.insert_one(connection, api_keys, row):
                return True
            # Run again after a lost connection it is there, and ours.
            mine = select(api_keys.c.id).where(api_keys.c.id == key.id, api_keys.c.digest == key.digest)
            return connection.execute(mine).first() is not None

        if not self._database.write(work):
            raise InvalidParameter(
                f"There is a key called {key.name!r} already. Choose another name, or `calotype keys remove {key.name}` first."
            )

    def find(self, key_id: str) -> ApiKeyRow | None:
        """The key with this id, or None."""
        found = self._rows(api_keys.c.id == key_id)
        return found[0] if found else None

    def list(self) -> list[ApiKeyRow]:
        """All keys by name."""
        return self._rows(api_keys.c.id != "")

    def remove(self, name: str) -> bool:
        """Whether there was a key of this name; now there is none, and who has it is refused from the next request on."""

        def work(connection: Connection) -> bool:
            return connection.execute(delete(api_keys).where(api_keys.c.name == name)).rowcount > 0

        return self._database.write(work)

    def count(self) -> int:
        query = select(func.count()).select_from(api_keys)
        return self._database.read(lambda connection: int(connection.execute(query).scalar_one()))

    def _rows(self, condition: ColumnElement[bool]) -> list[ApiKeyRow]:
        query = select(api_keys).where(condition).order_by(api_keys.c.name)

        def work(connection: Connection) -> list[ApiKeyRow]:
            return [ApiKeyRow(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)
