"""An artifact as the store knows it: kind, name and digest, without the bytes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ArtifactRef(BaseModel):
    """What a record, a task or a listing says about one artifact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    """Registered name of the kind: `Image`, `Splat`, ..."""
    name: str
    """Name within its set."""
    digest: str
    """sha256 in hex: of the file's bytes, or of the manifest that lists a folder's files."""
    size: int
    """Bytes; of all files together for a folder."""
    folder: bool = False
    """Whether the digest is that of a folder's manifest."""

    @property
    def stem(self) -> str:
        head, dot, tail = self.name.rpartition(".")
        return head if dot and "/" not in tail else self.name
