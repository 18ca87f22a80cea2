"""An artifact as the store knows it: kind, name and digest, without the bytes; and many of them in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, overload

from pydantic import BaseModel, ConfigDict, PlainSerializer, WrapValidator
from pydantic.functional_validators import ModelWrapValidatorHandler

from calotype.columns import Digests, Texts


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
        return stem_of(self.name)


def stem_of(name: str) -> str:
    """The name without its ending."""
    head, dot, tail = name.rpartition(".")
    return head if dot and "/" not in tail else name


class References(Sequence[ArtifactRef]):
    """References in columns: about a hundred bytes each, where a hundred thousand values would take 70 MB.

    Appended one by one while it is made, then only read.
    """

    def __init__(self, refs: Iterable[ArtifactRef] = ()) -> None:
        """ValueError when a digest is no sha256."""
        self._kinds: list[str] = []
        self._kind = bytearray()
        self._folder = bytearray()
        self.names = Texts()
        self.digests = Digests()
        self._sizes = array("Q")
        for ref in refs:
            self.append(ref)

    def append(self, ref: ArtifactRef) -> None:
        if not 0 <= ref.size < 1 << 64:
            raise ValueError(f"{ref.name[:80]!r} cannot have {ref.size} bytes.")
        if ref.kind not in self._kinds:
            if len(self._kinds) > 255:
                raise ValueError("No set holds artifacts of more than 255 kinds.")
            self._kinds.append(ref.kind)
        self.digests.append(ref.digest)
        self.names.append(ref.name)
        self._kind.append(self._kinds.index(ref.kind))
        self._folder.append(ref.folder)
        self._sizes.append(ref.size)

    def __len__(self) -> int:
        return len(self._sizes)

    @overload
    def __getitem__(self, index: int) -> ArtifactRef: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ArtifactRef, ...]: ...
    def __getitem__(self, index: int | slice) -> ArtifactRef | tuple[ArtifactRef, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(len(self))))
        return ArtifactRef(
            kind=self._kinds[self._kind[index]],
            name=self.names[index],
            digest=self.digests[index],
            size=self._sizes[index],
            folder=bool(self._folder[index]),
        )

    def __iter__(self) -> Iterator[ArtifactRef]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (References, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(mine == its for mine, its in zip(self, other, strict=True))  # pyright: ignore[reportUnknownArgumentType]

    __hash__ = None  # pyright: ignore[reportAssignmentType]

    def __repr__(self) -> str:
        return f"<{len(self)} references>"


def names_of(refs: Sequence[ArtifactRef]) -> Sequence[str]:
    """Names of artifacts, in their order."""
    return refs.names if isinstance(refs, References) else [ref.name for ref in refs]


def _packed(value: Any, validate: ModelWrapValidatorHandler[tuple[ArtifactRef, ...]]) -> References:
    return value if isinstance(value, References) else References(validate(value))


PackedRefs = Annotated[
    Sequence[ArtifactRef],
    WrapValidator(_packed, json_schema_input_type=tuple[ArtifactRef, ...]),
    PlainSerializer(tuple, return_type=tuple[ArtifactRef, ...]),
]
"""A field of references that is a list in JSON and columns in memory."""
