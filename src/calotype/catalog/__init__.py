"""What is known: the SQL database beside the store. Rebuilt from the store, never the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from calotype.catalog.api_keys import ApiKeys
    from calotype.catalog.claims import Claims
    from calotype.catalog.datasets import Datasets
    from calotype.catalog.deliveries import Deliveries
    from calotype.catalog.lineage import Lineage
    from calotype.catalog.queue import Queue
    from calotype.catalog.results import Results
    from calotype.catalog.runs import Runs
    from calotype.catalog.upkeep import Upkeep


class Catalog:
    """All tables of one database, by subject."""

    runs: Runs
    claims: Claims
    results: Results
    lineage: Lineage
    datasets: Datasets
    deliveries: Deliveries
    upkeep: Upkeep
    api_keys: ApiKeys
    queue: Queue

    def __init__(
        self, where: str | Path, patience_s: float = 60.0, now: Callable[[], float] | None = None
    ) -> None:
        """Open (and create or migrate) the database in a file, or at a URL: `sqlite:///PATH`, `sqlite://` (in memory) or
        `postgresql://USER:PASSWORD@HOST/DATABASE`. What does not answer or stays locked is waited for `patience_s` seconds.
        `now`, seconds since the epoch, stands for the clock of the machine or server: days of leases and retries need not be lived.
        """
        from calotype.catalog.api_keys import ApiKeys
        from calotype.catalog.claims import Claims
        from calotype.catalog.database import Database
        from calotype.catalog.datasets import Datasets
        from calotype.catalog.deliveries import Deliveries
        from calotype.catalog.lineage import Lineage
        from calotype.catalog.queue import Queue
        from calotype.catalog.results import Results
        from calotype.catalog.runs import Runs
        from calotype.catalog.upkeep import Upkeep

        self._database = Database(where, patience_s, now)
        self.claims = Claims(self._database)
        self.deliveries = Deliveries(self._database)
        self.runs = Runs(self._database, self.claims, self.deliveries)
        self.results = Results(self._database)
        self.lineage = Lineage(self._database)
        self.datasets = Datasets(self._database)
        self.upkeep = Upkeep(self._database)
        self.api_keys = ApiKeys(self._database)
        self.queue = Queue(self._database)

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table that a rebuild restores, ordered: for comparing two catalogs. It restores all but claims,
        events, API keys and the queue."""
        from calotype.catalog.schema import api_keys, claims, events, metadata, queue

        left_out = (claims, events, api_keys, queue)
        kept = [table for table in metadata.sorted_tables if table not in left_out]
        return {table.name: self._database.rows(table) for table in kept}

    def close(self) -> None:
        self._database.close()


__all__ = ["Catalog"]
