"""Say in words what is wrong with a job that a client sent: which field, what it holds, what it may hold."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from pydantic import ValidationError

_SHOWN = 3
_MOST_LETTERS = 80
_WORDS = {
    "tuple_type": "a list is needed",
    "dict_type": "an object is needed",
    "string_type": "text is needed",
}
"""Python's names of types say nothing to who writes JSON."""


def explain(error: ValidationError, where: str, names: Sequence[str]) -> str:
    """One sentence for each of the first few mistakes; `names` are the fields that there are."""
    mistakes = error.errors(include_url=False, include_context=False)
    said = [_sentence(one["loc"], one["type"], one["msg"], one["input"], where, names) for one in mistakes]
    said = list(dict.fromkeys(said))
    more = f" And {len(said) - _SHOWN} more mistakes." if len(said) > _SHOWN else ""
    return " ".join(said[:_SHOWN]) + more


def _sentence(
    place: tuple[int | str, ...], kind: str, message: str, given: object, where: str, names: Sequence[str]
) -> str:
    field = where + "".join(f"[{part}]" if isinstance(part, int) else f".{_short(part)}" for part in place)
    if kind == "missing":
        return f"{field} is missing."
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(place[-1]), names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}."
        return f"{field} is unknown; {hint}"
    text = _WORDS.get(kind) or message.removeprefix("Value error, ").removesuffix(".")
    shown = f" (it is {_short(repr(given))})" if isinstance(given, (int, float, bool, type(None))) else ""
    return f"{field}: {text}{shown}."


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS] + "..."
