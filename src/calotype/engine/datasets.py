"""Publish data set versions: an object in the store first, `datasets/<name>/<version>.json`, then its rows."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from calotype.catalog import Catalog
from calotype.catalog.datasets import Dataset, DatasetObject, DatasetVersion
from calotype.engine.keys import canonical_json
from calotype.engine.sweeps import Sweeps
from calotype.errors import DamagedBlob, InvalidParameter
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_objects: TypeAdapter[tuple[DatasetObject, ...]] = TypeAdapter(tuple[DatasetObject, ...])


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredDataset(_Stored):
    """A data set's own object, `datasets/<name>.json`."""

    name: str
    created: float
    """Seconds since the epoch."""
    description: str


class StoredVersion(_Stored):
    """A version's object. It never changes."""

    dataset: str
    version: int
    manifest: str
    """Digest of the blob that lists its objects, a JSON array sorted by name."""
    parent: int
    created: float
    """Seconds since the epoch."""


def make_dataset(store: Store, catalog: Catalog, name: str, description: str = "") -> Dataset:
    """The data set of this name, made now if there is none; the first description stays."""
    if not _NAME.fullmatch(name):
        raise InvalidParameter(
            f"{name!r} cannot name a data set: up to 100 letters, digits, dots, dashes and underscores, a letter or digit first."
        )
    mine = StoredDataset(name=name, created=time.time(), description=description)
    path = f"datasets/{name}.json"
    if not store.create(path, mine.model_dump_json().encode()):
        mine = StoredDataset.model_validate_json(store.get(path))
    return catalog.datasets.get_or_create(name, mine.description, mine.created)


def publish_version(
    store: Store,
    catalog: Catalog,
    name: str,
    objects: Iterable[DatasetObject],
    parent: int = 0,
    *,
    since: str = "",
) -> DatasetVersion:
    """A new version of a data set that lists these objects, whose blobs are in the store.

    The newest version when it lists the same and has the same parent: publishing again after a crash makes no second one.
    `since` is what `Sweeps.newest` said before the blobs were found or stored: then they are looked up again only where gc has
    swept since. Raises DamagedBlob, and publishes nothing, when gc took some of them.
    """
    rows = tuple(sorted(objects, key=lambda one: one.name))
    listed = canonical_json([vars(row) for row in rows])
    manifest, _ = Blobs(store).put_bytes(listed)
    stored, is_new = _written(store, name, manifest, parent)
    gone = Sweeps(store).taken(since, [manifest, *(row.digest for row in rows)])
    if lost := [row.name for row in rows if row.digest in gone]:
        if is_new:
            store.delete(version_path(name, stored.version))
        raise DamagedBlob(
            f"No version of {name} was published: the bytes of {len(lost)} of its {len(rows)} objects are gone from the store "
            f"({', '.join(lost[:5])}{', ...' if len(lost) > 5 else ''}). `calotype gc` took them, since nobody referred to them "
            "yet. Store these again, then publish."
        )
    if gone:  # Nothing but the manifest, which the version holds from now on.
        Blobs(store).put_bytes(listed)
    version = DatasetVersion(**stored.model_dump())
    catalog.datasets.publish(version, rows)
    return version


def _written(store: Store, name: str, manifest: str, parent: int) -> tuple[StoredVersion, bool]:
    """The version with this manifest and parent, its object in the store; and whether it was written now."""
    numbers = [int(path.rpartition("/")[2].removesuffix(".json")) for path in version_paths(store, name)]
    number = max(numbers, default=1)
    while True:
        mine = StoredVersion(
            dataset=name, version=number, manifest=manifest, parent=parent, created=time.time()
        )
        path = version_path(name, number)
        is_new = store.create(path, mine.model_dump_json().encode())
        if not is_new:
            mine = read_version(store, path)
        if (mine.manifest, mine.parent) == (manifest, parent):
            return mine, is_new
        number += 1


def version_path(name: str, version: int) -> str:
    return f"datasets/{name}/{version}.json"


def read_version(store: Store, path: str) -> StoredVersion:
    """The version whose object lies there; DamagedBlob when it cannot be read."""
    try:
        return StoredVersion.model_validate_json(store.get(path))
    except ValidationError as error:
        raise DamagedBlob(f"{path} cannot be read: {error.errors()[0]['msg']}.") from error


def version_paths(store: Store, name: str = "") -> list[str]:
    """Where the versions of a data set, or of all, lie."""
    found = store.list(f"datasets/{name}" if name else "datasets")
    return [info.key for info in found if info.key.count("/") == 2]


def objects_of(blobs: Blobs, version: StoredVersion) -> tuple[DatasetObject, ...]:
    """What a version lists, by name; DamagedBlob when its manifest is gone or is none."""
    try:
        return _objects.validate_json(blobs.read(version.manifest))
    except ValidationError as error:
        raise DamagedBlob(
            f"Version {version.version} of {version.dataset}: blob {version.manifest} lists no objects."
        ) from error


def restore_datasets(store: Store, catalog: Catalog) -> int:
    """How many versions the store has; all have their rows now."""
    for info in store.list("datasets"):
        if info.key.count("/") == 1:
            stored = StoredDataset.model_validate_json(store.get(info.key))
            catalog.datasets.get_or_create(stored.name, stored.description, stored.created)
    versions = [read_version(store, path) for path in version_paths(store)]
    for version in sorted(versions, key=lambda one: (one.dataset, one.version)):
        catalog.datasets.publish(DatasetVersion(**version.model_dump()), objects_of(Blobs(store), version))
    return len(versions)
