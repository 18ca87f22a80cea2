"""Where things are, read from the environment once, at the border: store, catalog, scratch."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from calotype.catalog import Catalog
from calotype.errors import ConfigurationError, NoSpace
from calotype.storage.s3 import S3Settings
from calotype.storage.scratch import Scratch
from calotype.storage.store import Store, folder_of, open_store
from calotype.storage.web_policy import AllowedHosts, FetchPolicy

DEFAULT_STORE = "./calotype-store"

PRIVATE_HOSTS = "CALOTYPE_ALLOW_PRIVATE_HOSTS"

_STORE_MARKS = {
    "answers",
    "blobs",
    "catalog.sqlite",
    "jobs",
    "probe",
    "records",
    "requests",
    "runs",
    "tasks",
    "uploads",
}
"""Names in a folder by which a store is known; any of them is enough."""


def store_at(url: str, environment: Mapping[str, str]) -> Store:
    """The store at a URL, its credentials taken from the environment (`AWS_*`, `CALOTYPE_S3_*`)."""
    return open_store(url, s3=S3Settings.from_environment(environment))


def fetch_policy(environment: Mapping[str, str]) -> FetchPolicy:
    """What web addresses among a run's inputs may reach: the public internet, and what `CALOTYPE_ALLOW_PRIVATE_HOSTS` names.

    Raises ConfigurationError for entries that are no hosts.
    """
    try:
        private = AllowedHosts.parse(environment.get(PRIVATE_HOSTS, ""))
    except ConfigurationError as error:
        raise ConfigurationError(f"{PRIVATE_HOSTS}: {error}") from error
    return FetchPolicy(
        private=private, private_hint=f"If it is yours, name it in the setting {PRIVATE_HOSTS}."
    )


def is_store(url: str) -> bool:
    """Whether there is a store, as far as that can be told: a bucket is asked nothing and counts as one.

    Raises ConfigurationError for a folder that holds other people's files: a store must not be made among them.
    """
    if "://" in url and not url.startswith("file://"):
        return True
    folder = folder_of(url) if "://" in url else Path(url)
    try:
        names = {path.name for path in folder.iterdir()}
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return False
    if names & _STORE_MARKS:
        return True
    if foreign := sorted(name for name in names - {"lost+found"} if not name.startswith(".")):
        raise ConfigurationError(
            f"{url} is no Calotype store: it holds {', '.join(foreign[:3])}{', ...' if len(foreign) > 3 else ''}. "
            "Give the folder of a store, or an empty or new one to make one (--store or CALOTYPE_STORE)."
        )
    return False


def scratch_from(environment: Mapping[str, str]) -> Scratch:
    """Scratch at `NVME_ROOT`, else below the system's folder for temporary files; bounded by `CALOTYPE_SCRATCH_GB`.

    `NVME_MIN_GB` is the free space that must be there.
    """
    root = Path(environment.get("NVME_ROOT") or Path(tempfile.gettempdir()) / f"calotype-{os.getuid()}")
    scratch = Scratch(root, _gigabytes(environment, "CALOTYPE_SCRATCH_GB"))
    least = _gigabytes(environment, "NVME_MIN_GB")
    free = scratch.usage().free_on_disk
    if least is not None and free < least:
        scratch.close()
        raise NoSpace(
            f"Scratch at {root} has {free / 2**30:.1f} GiB free; NVME_MIN_GB asks for {least / 2**30:.1f}. "
            "Free some, or point NVME_ROOT to another disk."
        )
    return scratch


def _gigabytes(environment: Mapping[str, str], name: str) -> int | None:
    text = environment.get(name)
    if not text:
        return None
    try:
        return int(float(text) * 2**30)
    except ValueError as error:
        raise ConfigurationError(f"{name}={text!r} is not a number of gigabytes.") from error


def catalog_for(store: Store, environment: Mapping[str, str]) -> Catalog:
    """The store's catalog, at `catalog_place`."""
    return Catalog(catalog_place(store, environment))


def catalog_place(store: Store, environment: Mapping[str, str]) -> str | Path:
    """`CALOTYPE_CATALOG`, else an SQLite file in the store's folder, or in a local state folder for a bucket; or in memory."""
    if url := environment.get("CALOTYPE_CATALOG"):
        return url
    if store.url.startswith("memory://"):
        return "sqlite://"
    if (file := store.local_path("catalog.sqlite")) is not None:
        return file
    state = Path(environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "calotype"
    return state / f"{hashlib.sha256(store.url.encode()).hexdigest()[:16]}.sqlite"
