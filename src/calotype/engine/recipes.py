"""Build pipelines from their recipes, and remember how: so that a fork can ask for another preset or mode."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from calotype.engine.pipeline import PipelineSpec, RecipeCall
from calotype.engine.readings import first_accepted
from calotype.engine.registry import pipeline_recipe
from calotype.errors import InvalidParameter


def called_recipe(name: str, arguments: Mapping[str, Any]) -> PipelineSpec:
    """The pipeline that an installed recipe gives for these arguments; it remembers them as JSON values."""
    types = _types(name)
    given = {
        one: types[one].dump_python(value, mode="json", exclude_unset=True)
        for one, value in arguments.items()
    }
    pipeline = pipeline_recipe(name)(**arguments).build()
    return pipeline.model_copy(update={"recipe": RecipeCall(name=name, arguments=given)})


def called_again(call: RecipeCall) -> PipelineSpec:
    """The pipeline that the recipe gives now for remembered arguments; InvalidParameter when it no longer takes them."""
    types = _types(call.name)
    arguments: dict[str, Any] = {}
    for name, value in call.arguments.items():
        if name not in types:
            raise InvalidParameter(f"The pipeline {call.name} has no parameter {name!r} any more.")
        try:
            arguments[name] = types[name].validate_python(value)
        except ValidationError as error:
            raise InvalidParameter(
                f"{name} = {value!r} is not possible: {error.errors()[0]['msg']}."
            ) from error
    return called_recipe(call.name, arguments)


def with_argument(call: RecipeCall, name: str, text: str) -> tuple[RecipeCall, Any, Any]:
    """The call with an argument read from text, what it was before and what it is now; `train.iterations` is a part of one.

    Raises InvalidParameter when the recipe takes no such argument or no such value.
    """
    first, _, rest = name.partition(".")
    types = _types(call.name)
    if first not in types:
        raise InvalidParameter(f"{call.name} has no parameter {first!r}. It has: {', '.join(sorted(types))}.")
    before = call.arguments.get(first, _defaults(call.name)[first])

    def accepted(candidate: Any) -> Any:
        whole = {**(before or {}), rest: candidate} if rest else candidate
        return types[first].dump_python(types[first].validate_python(whole), mode="json", exclude_unset=True)

    try:
        after = first_accepted(text, accepted)
    except ValidationError as error:
        raise InvalidParameter(f"{name} = {text!r} is not possible: {error.errors()[0]['msg']}.") from error
    changed = call.model_copy(update={"arguments": {**call.arguments, first: after}})
    return changed, before, after


def takes_argument(call: RecipeCall, name: str) -> bool:
    """Whether `preset`, or `train.iterations` for an argument that is a stage, is something this recipe can be given."""
    first, _, rest = name.partition(".")
    annotation = _annotations(call.name).get(first)
    is_stage = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation is not None and bool(rest) == is_stage


@cache
def _annotations(recipe: str) -> dict[str, Any]:
    hints = typing.get_type_hints(pipeline_recipe(recipe), include_extras=True)
    return {name: hint for name, hint in hints.items() if name != "return"}


def _types(recipe: str) -> dict[str, TypeAdapter[Any]]:
    return {name: TypeAdapter(annotation) for name, annotation in _annotations(recipe).items()}


def _defaults(recipe: str) -> dict[str, Any]:
    types = _types(recipe)
    return {
        name: types[name].dump_python(one.default, mode="json", exclude_unset=True)
        for name, one in inspect.signature(pipeline_recipe(recipe)).parameters.items()
    }
