"""Hold a hundred thousand short values in some tens of bytes each, where Python objects would take a kilobyte."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

DIGEST_BYTES = 32


class Texts(Sequence[str]):
    """Strings, appended one by one and read back by position; file names that are no Unicode included."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._bytes = bytearray()
        self._ends = array("Q")
        for value in values:
            self.append(value)

    def append(self, value: str) -> None:
        self._bytes += value.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def extend(self, values: Iterable[str]) -> None:
        for value in values:
            self.append(value)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        start = self._ends[index - 1] if index else 0
        return self._bytes[start : self._ends[index]].decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield self._bytes[start:end].decode("utf-8", "surrogatepass")
            start = end


class Digests(Sequence[str]):
    """sha256 digests, 32 bytes each, given and read back as 64 hexadecimal digits."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._bytes = bytearray()
        for value in values:
            self.append(value)

    def append(self, value: str) -> None:
        """Add one; ValueError when it is not 64 lower-case hexadecimal digits."""
        try:
            raw = bytes.fromhex(value)
        except ValueError:
            raw = b""
        if len(raw) != DIGEST_BYTES or raw.hex() != value:
            raise ValueError(f"{value[:80]!r} is not a sha256 digest: 64 lower-case hexadecimal digits.")
        self._bytes += raw

    def __len__(self) -> int:
        return len(self._bytes) // DIGEST_BYTES

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(len(self)))]
        start = DIGEST_BYTES * range(len(self))[index]
        return self._bytes[start : start + DIGEST_BYTES].hex()

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self._bytes), DIGEST_BYTES):
            yield self._bytes[start : start + DIGEST_BYTES].hex()

    @property
    def raw(self) -> bytes:
        """All digests one after the other."""
        return bytes(self._bytes)
