"""Flags shared by commands, and flags made from the signature of a pipeline's recipe."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from cyclopts import Group, Parameter, Token
from pydantic import BaseModel, TypeAdapter, ValidationError

from calotype.runners.settings import DEFAULT_STORE

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
        help="Folder of photos, bucket prefix (`s3://bucket/prefix`), a .txt file that lists photos, or a photo's `https://` URL."
    ),
]

__all__ = ["DEFAULT_STORE", "Input", "Json", "OutputFlag", "StoreFlag", "with_recipe_flags"]


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
    resolved = [
        one.replace(annotation=_grouped(one.name, hints.get(one.name, one.annotation), position))
        for position, one in enumerate(parameters)
    ]
    call.__signature__ = own.replace(parameters=resolved, return_annotation=Any)  # pyright: ignore[reportFunctionMemberAccess]
    call.__annotations__ = {one.name: one.annotation for one in resolved}
    call.__doc__ = recipe.__doc__
    return call


def _grouped(name: str, annotation: Any, position: int) -> Any:
    """The annotation of a flag; the parameters of a stage get a box of their own in the help, after those of the run."""
    if _is_list(annotation):
        return Annotated[annotation, Parameter(converter=_listed(annotation), n_tokens=1, negative="")]
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return annotation
    summary = (annotation.__doc__ or "").strip().splitlines()[0]
    return Annotated[annotation, Parameter(group=Group(f"Stage {name}", help=summary, sort_key=position))]


def _is_list(annotation: Any) -> bool:
    """Whether it is a tuple of any length, also one with a validator of its own."""
    bare = typing.get_args(annotation)[0] if typing.get_origin(annotation) is Annotated else annotation
    return typing.get_origin(bare) is tuple and typing.get_args(bare)[-1:] == (Ellipsis,)


def _listed(annotation: Any) -> Callable[[Any, Sequence[Token]], Any]:
    """What reads `--formats spz,sog`, and `--formats spz --formats sog`, as one list."""

    def read(_: Any, tokens: Sequence[Token]) -> Any:
        parts = [part.strip() for token in tokens for part in token.value.split(",") if part.strip()]
        try:
            return TypeAdapter(annotation).validate_python(parts)
        except ValidationError as error:
            first = error.errors()[0]
            # Not chained: as a cause it would be told as the mistake of a stage's parameter.
            raise ValueError(f"{first['input']}: {first['msg']}.") from None

    return read
