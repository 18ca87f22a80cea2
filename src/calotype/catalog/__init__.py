"""What is known: the SQL database beside the store. Rebuilt from the store, never the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calotype.catalog.claims import Claims
    from calotype.catalog.results import Results
    from calotype.catalog.runs import Runs


class Catalog:
    """All tables of one database, by subject."""

    runs: Runs
    claims: Claims
    results: Results

    def __init__(self, url: str) -> None:
        """Open (and create or migrate) the database at an SQLAlchemy URL; `sqlite://` lives in memory."""
        from calotype.catalog.claims import Claims
        from calotype.catalog.database import Database
        from calotype.catalog.results import Results
        from calotype.catalog.runs import Runs

        self._database = Database(url)
        self.claims = Claims(self._database)
        self.runs = Runs(self._database, self.claims)
        self.results = Results(self._database)

    def close(self) -> None:
        self._database.close()


__all__ = ["Catalog"]
