"""What an exported run looks like: a zip archive whose first entry lists all others with their digests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype.errors import UnreadableInput
from calotype.storage.archives import ArchiveReader

ARCHIVE_SCHEMA = 1
INDEX = "calotype.json"
OUTPUTS = "outputs/"
"""Blobs that people look for lie below this, under their readable names instead of their digests."""

_LARGEST_INDEX = 512 << 20

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all)."""


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """What the index says of one file."""

    sha256: str
    size: int
    """Bytes."""


class ArchiveIndex(BaseModel):
    """The first entry, `calotype.json`: what the archive holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    archive_schema: int = ARCHIVE_SCHEMA
    run: str
    calotype: str
    """Version that wrote it."""
    files: dict[str, ArchivedFile]


def read_index(reader: ArchiveReader) -> ArchiveIndex:
    """The index of an archive; UnreadableInput when it has none that this version can read."""
    where = reader.path
    if INDEX not in reader.entries or reader.entries[INDEX].size > _LARGEST_INDEX:
        raise UnreadableInput(f"{where} is not a run that `calotype export` wrote: it has no {INDEX}.")
    try:
        index = ArchiveIndex.model_validate_json(reader.read(INDEX))
    except ValidationError as error:
        raise UnreadableInput(
            f"{where}: {INDEX} cannot be read: {error.errors()[0]['msg']}. If it comes from a newer version of Calotype, update."
        ) from error
    if index.archive_schema != ARCHIVE_SCHEMA:
        raise UnreadableInput(
            f"{where} has archive format {index.archive_schema}; this version reads {ARCHIVE_SCHEMA}. Update Calotype."
        )
    return index
