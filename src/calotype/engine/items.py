"""The items of an `Each` step and what is known of their results: by position, in columns, for sets of any size."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

from pydantic import TypeAdapter

from calotype.artifacts import ArtifactRef, References
from calotype.columns import Digests, Texts
from calotype.engine.records import ItemResult
from calotype.engine.tasks import TaskItem

_NONE = -1
_IN_CHUNK = 1000

_chunk: TypeAdapter[tuple[TaskItem, ...]] = TypeAdapter(tuple[TaskItem, ...])


class Items(Sequence[TaskItem]):
    """All items of a step. A value is made when it is asked for; what stays is its key and where its artifacts flow from."""

    def __init__(
        self,
        columns: Sequence[Sequence[ArtifactRef]],
        rows: Sequence[Sequence[int]],
        key_of: Callable[[Sequence[str]], str],
    ) -> None:
        """Item i is made of `columns[c][rows[c][i]]` for every c; `key_of` takes their digests."""
        self._columns = columns
        self._rows = rows
        self.keys = Digests()
        for index in range(len(rows[0])):
            self.keys.append(key_of([ref.digest for ref in self.refs(index)]))

    def refs(self, index: int) -> tuple[ArtifactRef, ...]:
        """The artifacts of one item, one of each column."""
        return tuple(column[rows[index]] for column, rows in zip(self._columns, self._rows, strict=True))

    def name(self, index: int) -> str:
        """What an item is called: as its first artifact."""
        first, row = self._columns[0], self._rows[0][index]
        return first.names[row] if isinstance(first, References) else first[row].name

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> TaskItem: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[TaskItem, ...]: ...
    def __getitem__(self, index: int | slice) -> TaskItem | tuple[TaskItem, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(len(self))))
        refs = self.refs(range(len(self))[index])
        return TaskItem(key=self.keys[index], name=refs[0].name, refs=refs)

    def __iter__(self) -> Iterator[TaskItem]:
        return (self[index] for index in range(len(self)))

    @cached_property
    def slots(self) -> Slots:
        """Which different keys there are: several names may share one."""
        return Slots(self.keys)

    def members_blob(self) -> Iterator[bytes]:
        """Every item with what it was made of, as one JSON list in pieces: what a record's members blob holds."""
        yield b"["
        for start in range(0, len(self), _IN_CHUNK):
            yield (b"," if start else b"") + _chunk.dump_json(self[start : start + _IN_CHUNK])[1:-1]
        yield b"]"


class Slots:
    """Numbers the different keys of a step's items, and finds the number of a key, in 16 bytes an item.

    Keys are sorted by their first eight bytes. Two keys that differ only after those are told apart; that a third one equal
    to the first stands behind them is left to chance, one in 2^64.
    """

    def __init__(self, keys: Digests) -> None:
        import numpy as np

        self._keys = keys
        heads = np.frombuffer(keys.raw, dtype=">u8")[::4].astype(np.uint64)
        order = np.argsort(heads, kind="stable")
        is_first = np.ones(len(keys), dtype=bool)
        is_first[1:] = heads[order[1:]] != heads[order[:-1]]
        for place in np.flatnonzero(~is_first):
            is_first[place] = keys[order[place]] != keys[order[place - 1]]
        number = np.empty(len(keys), dtype=np.uint32)
        number[order] = np.cumsum(is_first, dtype=np.uint32) - 1
        firsts = order[is_first]
        self.of_item = array("I", number.tobytes())
        """The number of each item's key."""
        self.item = array("I", firsts.astype(np.uint32).tobytes())
        """The first item that has each key."""
        self._heads = array("Q", heads[firsts].tobytes())

    def __len__(self) -> int:
        return len(self.item)

    def find(self, key: str) -> int:
        """The number of a key, or -1 when no item has it."""
        try:
            head = int(key[:16], 16)
        except ValueError:
            return _NONE  # Whatever wrote this key, it is none of ours.
        slot = bisect_left(self._heads, head)
        while slot < len(self) and self._heads[slot] == head:
            if self._keys[self.item[slot]] == key:
                return slot
            slot += 1
        return _NONE


class KnownResults(Mapping[str, ItemResult]):
    """What is known of a step's items, by key, and the segment that each result was committed in."""

    def __init__(self, items: Items) -> None:
        self._of = items
        self._slots = items.slots
        self._row = array("i", [_NONE]) * len(self._slots)
        self._starts = array("Q", [0])
        self._refs = References()
        self._rejected: dict[int, str] = {}
        self._segment = array("I")
        self._segments = Texts()
        self._numbers: dict[str, int] = {}
        self._known = 0

    def add(self, result: ItemResult, segment: str) -> bool:
        """Know this result, whatever was known of the item before; False when no item of the step has its key."""
        slot = self._slots.find(result.key)
        if slot == _NONE:
            return False
        for ref in References(result.outputs):  # All or none: a digest that is none raises here.
            self._refs.append(ref)
        self._known += self._row[slot] == _NONE
        row = self._row[slot] = len(self._segment)
        self._starts.append(len(self._refs))
        if result.rejected is not None:
            self._rejected[row] = result.rejected
        if segment not in self._numbers:
            self._numbers[segment] = len(self._segments)
            self._segments.append(segment)
        self._segment.append(self._numbers[segment])
        return True

    @property
    def wanted(self) -> int:
        """How many results there can be: one for each different key."""
        return len(self._slots)

    def key(self, position: int) -> str:
        """The key of an item."""
        return self._of.keys[position]

    def wants(self, key: str) -> bool:
        """Whether an item of the step has this key and nothing is known of it."""
        slot = self._slots.find(key)
        return slot != _NONE and self._row[slot] == _NONE

    def __len__(self) -> int:
        return self._known

    def __iter__(self) -> Iterator[str]:
        return (self._of.keys[self._slots.item[slot]] for slot, row in enumerate(self._row) if row != _NONE)

    def __contains__(self, key: object) -> bool:
        slot = self._slots.find(key) if isinstance(key, str) else _NONE
        return slot != _NONE and self._row[slot] != _NONE

    def __getitem__(self, key: str) -> ItemResult:
        slot = self._slots.find(key)
        row = self._row[slot] if slot != _NONE else _NONE
        if row == _NONE:
            raise KeyError(key)
        outputs = self._refs[self._starts[row] : self._starts[row + 1]]
        return ItemResult(key=key, outputs=outputs, rejected=self._rejected.get(row))

    def segment(self, key: str) -> str:
        """Where the result of a known item was committed."""
        return self._segments[self._segment[self._row[self._slots.find(key)]]]

    def slot(self, key: str) -> int:
        """The number of a key, below `wanted`; -1 when no item has it."""
        return self._slots.find(key)

    def places(self) -> Iterator[tuple[int, str]]:
        """Of everything known, the number of its key and the segment it is in."""
        names = list(self._segments)
        return ((slot, names[self._segment[row]]) for slot, row in enumerate(self._row) if row != _NONE)

    def segments(self) -> list[str]:
        """All segments that results are in, those that were learnt of first before others."""
        used = {self._segment[row] for row in self._row if row != _NONE}
        return [self._segments[number] for number in sorted(used)]

    def missing(self) -> array[int]:
        """Positions of items nothing is known of: one for each key, in the items' order."""
        found = array("I")
        for position, slot in enumerate(self._slots.of_item):
            if self._row[slot] == _NONE and self._slots.item[slot] == position:
                found.append(position)
        return found

    def declined(self) -> Iterator[tuple[str, str]]:
        """Names of items that were declined, in their order, with reasons."""
        if not self._rejected:
            return
        for position, slot in enumerate(self._slots.of_item):
            if (reason := self._rejected.get(self._row[slot])) is not None:
                yield self._of.name(position), reason
