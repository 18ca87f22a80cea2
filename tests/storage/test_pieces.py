"""What is too long to be held is written in pieces, and appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from calotype.errors import UnreadableInput
from calotype.storage.store import Store

MIB = 1 << 20


def keys(store: Store) -> list[str]:
    return [info.key for info in store.list() if not info.key.startswith("probe/")]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_pieces_become_one_object(store: Store, count: int) -> None:
    """Thirty are more than is held, and more than one part of an upload."""
    pieces = [bytes([number]) * (MIB // 2) for number in range(count)]
    store.put("pieces", b"what was there before")
    store.put_pieces("pieces", iter(pieces))
    assert store.get("pieces") == b"".join(pieces)


def test_pieces_that_end_in_an_error_leave_what_was_there(store: Store) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * (MIB // 2)
        raise UnreadableInput("the list ends here")

    store.put("pieces", b"before")
    with pytest.raises(UnreadableInput, match="ends here"):
        store.put_pieces("pieces", pieces())
    assert store.get("pieces") == b"before"
    assert keys(store) == ["pieces"]
