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
from calotype.storage.store import Store, open_store

DEFAULT_STORE = "./calotype-store"


def store_at(url: str, environment: Mapping[str, str]) -> Store:
    """The store at a URL, its credentials taken from the environment (`AWS_*`, `CALOTYPE_S3_*`)."""
    return open_store(url, s3=S3Settings.from_environment(environment))


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
    """The catalog at `CALOTYPE_CATALOG`, else SQLite: in the store's folder, in memory, or in a local state folder for a bucket."""
    if url := environment.get("CALOTYPE_CATALOG"):
        return Catalog(url)
    if store.url.startswith("memory://"):
        return Catalog("sqlite://")
    folder = store.local_path("catalog.sqlite")
    if folder is None:
        state = Path(environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "calotype"
        folder = state / f"{hashlib.sha256(store.url.encode()).hexdigest()[:16]}.sqlite"
    return Catalog(f"sqlite:///{folder}")
