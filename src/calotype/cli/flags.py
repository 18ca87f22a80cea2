"""Flags shared by commands, and flags made from the signature of a pipeline's recipe."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.exceptions import CycloptsError

Json = Annotated[
    bool,
    Parameter(name="--json", negative="", help="Print one JSON document to stdout; progress goes to stderr."),
]
StoreFlag = Annotated[
    str,
    Parameter(
        name="--store",
        env_var="CALOTYPE_STORE",
        help="Folder or bucket (`s3://bucket/prefix`) that keeps everything.",
    ),
]
OutputFlag = Annotated[
    str,
    Parameter(
        name=("--output", "-o"), help="Folder or bucket that receives the outputs under readable names."
    ),
]
Input = Annotated[
    str,
    Parameter(
        help="Folder of photos, bucket prefix (`s3://bucket/prefix`), or a .txt file that lists photos."
    ),
]
DEFAULT_STORE = "./calotype-store"


def with_recipe_flags(command: Callable[..., Any], recipe: Callable[..., Any]) -> Callable[..., Any]:
    """`command(input, **recipe_parameters)` with the parameters of `recipe` in its signature, so that they become flags."""
    own = inspect.signature(command)
    wanted = inspect.signature(recipe)
    parameters = [
        *(one for one in own.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD),
        *wanted.parameters.values(),
    ]

    def call(*args: Any, **kwargs: Any) -> Any:
        return command(*args, **kwargs)

    # Types, not their spellings: the two functions live in modules with different imports.
    hints = {
        **typing.get_type_hints(command, include_extras=True),
        **typing.get_type_hints(recipe, include_extras=True),
    }
    resolved = [one.replace(annotation=hints.get(one.name, one.annotation)) for one in parameters]
    call.__signature__ = own.replace(parameters=resolved, return_annotation=Any)  # pyright: ignore[reportFunctionMemberAccess]
    call.__annotations__ = {one.name: one.annotation for one in resolved}
    call.__doc__ = recipe.__doc__
    return call


def explain_flags(error: CycloptsError) -> str:
    """What is wrong with the flags, in one line."""
    from pydantic import ValidationError

    cause = error.__cause__ or error.__context__
    if isinstance(cause, ValidationError):
        first = cause.errors()[0]
        name = ".".join(str(part) for part in first["loc"]).replace("_", "-")
        return f"--{cause.title.lower()}.{name} {first.get('input')}: {first['msg']}."
    text = str(error).strip()
    return f"{text} See `calotype --help`." if "nknown command" in text else text
