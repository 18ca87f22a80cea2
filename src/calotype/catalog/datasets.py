"""Data sets and their versions: named, immutable lists of objects, each version one manifest in the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, desc, select, tuple_

from calotype.catalog.database import Database
from calotype.catalog.schema import dataset_objects, dataset_versions, datasets
from calotype.errors import InvalidParameter, UnknownName

_CHUNK = 5000


@dataclass(frozen=True)
class Dataset:
    """A name under which versions are published."""

    name: str
    created: float
    """Seconds since the epoch."""
    description: str


@dataclass(frozen=True)
class DatasetVersion:
    """One published version; it never changes."""

    dataset: str
    version: int
    """From 1, chosen by who writes the version's object to the store first."""
    manifest: str
    """Digest of the blob that lists its objects."""
    parent: int
    """The version it was made from; 0 for none."""
    created: float
    """Seconds since the epoch."""


@dataclass(frozen=True)
class DatasetObject:
    """One object of a version."""

    name: str
    digest: str
    size: int
    """In bytes."""
    kind: str
    """Name of its artifact kind."""


class Datasets:
    """The tables of data sets, versions and objects. What they hold is written to the store first, and can be rebuilt from it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_or_create(self, name: str, description: str = "", created: float | None = None) -> Dataset:
        """The data set of this name, made now (or at `created`, for a rebuild) if there is none; the first description stays."""

        def work(connection: Connection) -> Dataset:
            at = self._database.clock if created is None else created
            row = {"name": name, "created": at, "description": description}
            connection.execute(self._database.insert_new(datasets).values(row))
            found = connection.execute(select(datasets).where(datasets.c.name == name)).one()
            return Dataset(**found._mapping)  # pyright: ignore[reportPrivateUsage]

        return self._database.write(work)

    def list(self) -> list[Dataset]:
        """All data sets by name."""

        def work(connection: Connection) -> list[Dataset]:
            rows = connection.execute(select(datasets).order_by(datasets.c.name))
            return [Dataset(**row._mapping) for row in rows]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)

    def publish(self, version: DatasetVersion, objects: Iterable[DatasetObject]) -> None:
        """Add a version with its objects to a data set that exists; nothing changes if it is there already.

        InvalidParameter when that number is taken by other contents, its parent is missing, or a name is listed twice.
        """
        objects = list(objects)
        for name, count in Counter(one.name for one in objects).most_common(1):
            if count > 1:
                raise InvalidParameter(
                    f"Version {version.version} of {version.dataset} lists {name} more than once."
                )
        rows = [{"dataset": version.dataset, "version": version.version, **vars(one)} for one in objects]

        def work(connection: Connection) -> None:
            self._check_parent(connection, version)
            if not self._database.insert_one(connection, dataset_versions, vars(version)):
                _check_same(connection, version)
                return
            chunks = iter(rows)
            while chunk := list(islice(chunks, _CHUNK)):
                connection.execute(dataset_objects.insert(), chunk)

        self._database.write(work)

    def _check_parent(self, connection: Connection, version: DatasetVersion) -> None:
        if not connection.execute(select(datasets.c.name).where(datasets.c.name == version.dataset)).scalar():
            raise UnknownName(f"No data set {version.dataset!r}. Create it before publishing versions of it.")
        if version.version < 1 or not 0 <= version.parent < version.version:
            raise InvalidParameter(
                f"Version {version.version} of {version.dataset} cannot follow version {version.parent}."
            )
        parent = select(dataset_versions.c.version).where(
            dataset_versions.c.dataset == version.dataset, dataset_versions.c.version == version.parent
        )
        if version.parent and connection.execute(parent).scalar() is None:
            raise InvalidParameter(
                f"{version.dataset} has no version {version.parent}, which version {version.version} is made from."
            )

    def version(self, dataset: str, version: int) -> DatasetVersion:
        """One version; UnknownName when there is none."""
        found = [one for one in self.versions(dataset) if one.version == version]
        if not found:
            raise UnknownName(f"Data set {dataset!r} has no version {version}.")
        return found[0]

    def versions(self, dataset: str) -> list[DatasetVersion]:
        """All versions, the newest first."""
        query = (
            select(dataset_versions)
            .where(dataset_versions.c.dataset == dataset)
            .order_by(desc(dataset_versions.c.version))
        )

        def work(connection: Connection) -> list[DatasetVersion]:
            return [DatasetVersion(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)

    def newest(self, dataset: str) -> DatasetVersion | None:
        """The version with the highest number; None when nothing is published yet."""
        return next(iter(self.versions(dataset)), None)

    def objects(self, dataset: str, version: int) -> list[DatasetObject]:
        """What a version lists, by name."""
        table = dataset_objects.c
        query = (
            select(table.name, table.digest, table.size, table.kind)
            .where(table.dataset == dataset, table.version == version)
            .order_by(table.name)
        )

        def work(connection: Connection) -> list[DatasetObject]:
            return [DatasetObject(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)

    def holding(self, digest: str) -> list[DatasetVersion]:
        """Versions that list an object with these bytes, by data set and number."""
        held = select(dataset_objects.c.dataset, dataset_objects.c.version).where(
            dataset_objects.c.digest == digest
        )
        query = (
            select(dataset_versions)
            .where(tuple_(dataset_versions.c.dataset, dataset_versions.c.version).in_(held))
            .order_by(dataset_versions.c.dataset, dataset_versions.c.version)
        )

        def work(connection: Connection) -> list[DatasetVersion]:
            return [DatasetVersion(**row._mapping) for row in connection.execute(query)]  # pyright: ignore[reportPrivateUsage]

        return self._database.read(work)


def _check_same(connection: Connection, version: DatasetVersion) -> None:
    query = select(dataset_versions.c.manifest).where(
        dataset_versions.c.dataset == version.dataset, dataset_versions.c.version == version.version
    )
    if connection.execute(query).scalar_one() != version.manifest:
        raise InvalidParameter(
            f"Version {version.version} of {version.dataset} is published already, with other contents. "
            "Versions never change: publish a new one."
        )
