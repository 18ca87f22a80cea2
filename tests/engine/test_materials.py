"""Inputs of a task: read ahead, and let go of when the stage leaves its loop."""

from __future__ import annotations

import threading

import pytest

from calotype.engine.materials import EachItems
from calotype.engine.tasks import TaskItem


def test_after_an_error_in_the_stage_nothing_is_fetched_any_more() -> None:
    fetched: list[str] = []
    holding: list[Exception] = []

    def fetch(item: TaskItem) -> str:
        fetched.append(item.name)
        return item.name

    def stage(items: EachItems):
        for item in items:
            if item == "3":
                raise ValueError("this one is bad")
            yield item

    many = [TaskItem(key="", name=str(number), refs=()) for number in range(1000)]
    items = EachItems(fetch, many, lambda item, value: None)
    with pytest.raises(ValueError, match="bad") as caught:
        list(stage(items))
    holding.append(caught.value)  # As a traceback holds the stage's loop while the error is reported.
    items.close()
    known = len(fetched)
    assert known < 200
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]
    assert len(fetched) == known
