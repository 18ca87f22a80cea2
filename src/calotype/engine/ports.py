"""How a stage's `run` is wired: which artifacts it takes, one by one or together, and which it returns."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Generic, Protocol, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict

from calotype.artifacts import Artifact
from calotype.errors import InvalidPipeline

T_co = TypeVar("T_co", covariant=True)
K_co = TypeVar("K_co", bound=Artifact, covariant=True)


class Each(Protocol[T_co]):
    """Items that need not meet: split over workers, retried, resumed and cached one by one."""

    def __iter__(self) -> Iterator[T_co]: ...

    def __len__(self) -> int: ...


class All(Sequence[T_co], Generic[T_co]):
    """Items that must be seen together: never split. A lazily fetched sequence; an item's file is fetched when it is indexed."""


@dataclass(frozen=True)
class Rejected:
    """An item that is declined: a result, with its reason, not an error; the run goes on without it."""

    reason: str


class PerItem(Protocol[K_co]):
    """What an `Each` stage yields: (item, artifact), (item, tuple of artifacts) or (item, Rejected(reason)) for every item."""

    def __iter__(self) -> Iterator[tuple[Any, K_co | tuple[K_co, ...] | Rejected]]: ...

    def __next__(self) -> tuple[Any, K_co | tuple[K_co, ...] | Rejected]: ...


class Results(BaseModel):
    """Base of result classes: a whole-set stage that returns several artifacts names them as fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Arity(Enum):
    """How many artifacts a port takes, and whether they may be split."""

    ONE = "one"
    EACH = "each"
    ALL = "all"


@dataclass(frozen=True)
class InputPort:
    """One argument of `run`."""

    name: str
    kinds: tuple[type[Artifact], ...]
    """One kind, or the kinds of a pair that belong together by name."""
    arity: Arity
    is_optional: bool = False


@dataclass(frozen=True)
class OutputPort:
    """One thing that `run` gives back."""

    name: str
    kind: type[Artifact]
    is_many: bool
    is_optional: bool = False


@dataclass(frozen=True)
class Ports:
    """The wiring of a stage, read from the annotations of its `run`."""

    inputs: tuple[InputPort, ...]
    outputs: tuple[OutputPort, ...]
    is_per_item: bool

    @property
    def each(self) -> InputPort | None:
        return next((port for port in self.inputs if port.arity is Arity.EACH), None)

    def input(self, name: str) -> InputPort:
        return next(port for port in self.inputs if port.name == name)


def _kinds(annotation: Any, where: str) -> tuple[type[Artifact], ...]:
    members = get_args(annotation) if get_origin(annotation) is tuple else (annotation,)
    for member in members:
        if not (isinstance(member, type) and issubclass(member, Artifact)):
            raise InvalidPipeline(f"{where}: {member!r} is not an artifact kind (Image, Mask, Splat, ...).")
    return members


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (typing.Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return members[0], True
    return annotation, False


def _input_port(name: str, annotation: Any, where: str) -> InputPort:
    annotation, is_optional = _without_none(annotation)
    origin = get_origin(annotation)
    if origin is Each or origin is All:
        arity = Arity.EACH if origin is Each else Arity.ALL
        if is_optional and arity is Arity.EACH:
            raise InvalidPipeline(
                f"{where}: an Each input cannot be left out: its items are what the step is about."
            )
        return InputPort(name, _kinds(get_args(annotation)[0], where), arity, is_optional)
    return InputPort(name, _kinds(annotation, where), Arity.ONE, is_optional)


def _per_item_outputs(annotation: Any, where: str) -> tuple[OutputPort, ...]:
    (inner,) = get_args(annotation)
    members = get_args(inner) if get_origin(inner) in (typing.Union, types.UnionType) else (inner,)
    kinds = [_kinds(member, where)[0] for member in members]
    return tuple(OutputPort(kind.__name__.lower(), kind, is_many=True) for kind in kinds)


def _whole_set_outputs(annotation: Any, where: str) -> tuple[OutputPort, ...]:
    if isinstance(annotation, type) and issubclass(annotation, Results):
        hints = typing.get_type_hints(annotation)
        return tuple(_result_field(name, hints[name], where) for name in annotation.model_fields)
    kind = _kinds(annotation, f"{where} returns")[0]
    return (OutputPort(kind.__name__.lower(), kind, is_many=False),)


def _result_field(name: str, annotation: Any, where: str) -> OutputPort:
    annotation, is_optional = _without_none(annotation)
    args = get_args(annotation)
    if get_origin(annotation) is tuple and len(args) == 2 and args[1] is Ellipsis:
        return OutputPort(name, _kinds(args[0], where)[0], is_many=True, is_optional=is_optional)
    return OutputPort(name, _kinds(annotation, where)[0], is_many=False, is_optional=is_optional)


@cache
def ports_of(stage_class: type) -> Ports:
    """The ports of a stage class; InvalidPipeline if its `run` is missing or not annotated as the contract asks."""
    run = getattr(stage_class, "run", None)
    if run is None:
        raise InvalidPipeline(f"{stage_class.__name__} has no run(self, ctx, ...) method.")
    where = f"{stage_class.__name__}.run"
    try:
        hints = typing.get_type_hints(run)
    except NameError as error:
        raise InvalidPipeline(
            f"{where}: {error}; import the kind at module level, not under TYPE_CHECKING."
        ) from error
    names = list(run.__code__.co_varnames[: run.__code__.co_argcount + run.__code__.co_kwonlyargcount])
    if names[:2] != ["self", "ctx"] or len(names) < 3:
        raise InvalidPipeline(f"{where} must take (self, ctx, and at least one artifact).")
    if missing := [name for name in [*names[2:], "return"] if name not in hints]:
        raise InvalidPipeline(f"{where}: no annotation for {', '.join(missing)}.")
    inputs = tuple(_input_port(name, hints[name], f"{where}({name})") for name in names[2:])
    if sum(port.arity is Arity.EACH for port in inputs) > 1:
        raise InvalidPipeline(f"{where} has more than one Each port; pair them: Each[tuple[Image, Mask]].")
    is_per_item = get_origin(hints["return"]) is PerItem
    if is_per_item != any(port.arity is Arity.EACH for port in inputs):
        raise InvalidPipeline(f"{where}: an Each input and a PerItem[...] result go together.")
    outputs = (_per_item_outputs if is_per_item else _whole_set_outputs)(hints["return"], where)
    return Ports(inputs, outputs, is_per_item)
