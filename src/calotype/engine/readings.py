"""Read a parameter's value from text, by what the parameter accepts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import ValidationError

T = TypeVar("T")


def first_accepted(text: str, accept: Callable[[Any], T]) -> T:
    """What `accept` makes of the text: as it is, else as JSON, else as a list with commas; `none` is tried as no value first.

    Raises the ValidationError that the text as it is met, when `accept` takes none of them.
    """
    refused: ValidationError | None = None
    for candidate in _readings(text):
        try:
            return accept(candidate)
        except ValidationError as error:
            refused = error if refused is None or candidate == text else refused
    assert refused is not None
    raise refused


def _readings(text: str) -> Iterator[Any]:
    if text.lower() in ("none", "null"):
        yield None
    yield text
    with suppress(ValueError):
        yield json.loads(text)
    if "," in text:
        yield [part.strip() for part in text.split(",")]
