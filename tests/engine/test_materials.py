"""Inputs of a task: read ahead, and let go of when the stage leaves its loop."""

from __future__ import annotations

import threading

import pytest

from calotype.engine.materials import EachItems


def test_after_an_error_in_the_stage_nothing_is_fetched_any_more() -> None:
    fetched: list[int] = []
    holding: list[Exception] = []

    def fetch(member: int) -> int:
        fetched.append(member)
        return member

    def stage(items: EachItems):
        for item in items:
            if item == 3:
                raise ValueError("this one is bad")
            yield item

    items = EachItems(fetch, range(1000), lambda member, item: None)
    with pytest.raises(ValueError, match="bad") as caught:
        list(stage(items))
    holding.append(caught.value)  # As a traceback holds the stage's loop while the error is reported.
    items.close()
    known = len(fetched)
    assert known < 30
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]
    assert len(fetched) == known
