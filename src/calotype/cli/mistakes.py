"""Say what is wrong with a command line in one sentence, and what was probably meant."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cyclopts.exceptions import CycloptsError, MissingArgumentError, UnknownCommandError
from pydantic import ValidationError

from calotype.engine.registry import pipeline_names


def explain_mistake(error: CycloptsError) -> str:
    """What to tell the user: the mistake, the nearest thing there is, where to read on."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ValidationError):
        first = cause.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).replace("_", "-")
        return f"--{cause.title.lower()}.{name} {first.get('input')}: {first['msg']}."
    chain = list(error.command_chain or ())
    if isinstance(error, UnknownCommandError) and chain in (["run"], ["estimate"]) and error.unused_tokens:
        return _no_pipeline(chain[0], error.unused_tokens)
    where = " ".join(["calotype", *chain])
    if isinstance(error, MissingArgumentError) and error.argument and not error.keyword:
        name = error.argument.name.lstrip("-").upper()
        return f"`{where}` needs {name}: {error.argument.parameter.help} See `{where} --help`."
    return f"{str(error).strip()} See `{where} --help`."


def _no_pipeline(command: str, words: Sequence[str]) -> str:
    """The first word is no pipeline; most likely it was left out."""
    names = pipeline_names()
    first = words[0]
    if os.path.exists(first) or "/" in first:
        meant = " or ".join(f"`calotype {command} {name} {' '.join(words)}`" for name in names)
        return f"{first} is not the name of a pipeline. Did you mean {meant}?"
    return (
        f"No pipeline is called {first!r}. There is: {', '.join(names)}. "
        f"For example `calotype {command} {names[0]} PHOTOS`; `calotype {command} --help` says what each does."
    )
