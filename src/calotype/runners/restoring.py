"""Rebuild a store's catalog, also where the old one cannot even be opened."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from calotype.engine.rebuild import Progress, Rebuilt, rebuild
from calotype.errors import StorageError
from calotype.runners.settings import catalog_for, catalog_place
from calotype.storage.store import Store


def rebuild_catalog(
    store: Store, environment: Mapping[str, str], progress: Progress, *, force: bool
) -> tuple[Rebuilt, Path | None]:
    """What the catalog was filled with, and where the old one lies now if it was damaged.

    With `force` the rows that are there go first; a damaged SQLite file is moved aside. Raises StorageError for a damaged one
    without `force`.
    """
    try:
        return _rebuilt(store, environment, progress, force), None
    except StorageError as error:
        from calotype.catalog.address import CatalogAddress

        file = CatalogAddress.parse(catalog_place(store, environment)).path
        # Subclasses say something else: no space, no permission, a blob that is gone.
        if not force or type(error) is not StorageError or file is None or not file.exists():
            raise
    aside = file.with_name(f"{file.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    for suffix in ("", "-wal", "-shm"):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return _rebuilt(store, environment, progress, force), aside


def _rebuilt(store: Store, environment: Mapping[str, str], progress: Progress, force: bool) -> Rebuilt:
    with closing(catalog_for(store, environment)) as catalog:
        return rebuild(store, catalog, replace=force, progress=progress)
