"""Find stages, kinds and pipelines by name, through entry points: the built-in ones use the same door as everybody's."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from calotype.artifacts import Artifact
from calotype.engine.ports import ports_of
from calotype.engine.stage import Stage
from calotype.errors import InvalidPipeline, MissingExtra, UnknownName

_registered: dict[type[Stage], str] = {}
_lock = threading.Lock()


@cache
def _entries(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=group)}


def _load(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"{entry.name} needs the library {error.name}; pip install 'calotype[all]'."
        ) from error


def stage_names() -> list[str]:
    """Registered names of all installed stages, sorted."""
    return sorted(_entries("calotype.stages"))


def stage_class(name: str) -> type[Stage]:
    """The stage registered under a name; `package.module:Class` finds one that is importable but not registered."""
    with _lock:
        known = {registered: cls for cls, registered in _registered.items()}
    if name in known:
        return known[name]
    entry = _entries("calotype.stages").get(name)
    if entry is None and ":" not in name:
        raise UnknownName(f"No stage is called {name!r}. Installed: {', '.join(stage_names())}.")
    found: Any = _load(entry) if entry is not None else _import(name)
    if not (isinstance(found, type) and issubclass(found, Stage)):
        raise InvalidPipeline(f"{name} does not lead to a Stage class.")
    register(name, found)
    return found


def _import(path: str) -> Any:
    module, _, attribute = path.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UnknownName(f"The stage {path!r} cannot be imported here: {error}.") from error


def register(name: str, stage: type[Stage]) -> None:
    """Check a stage class and know it by `name` in this process; other processes find it by entry point or import path."""
    ports_of(stage)
    if not getattr(stage, "version", None):
        raise InvalidPipeline(f'{stage.__name__} has no version; write version = "1" in the class.')
    with _lock:
        _registered[stage] = name


def name_of(stage: type[Stage]) -> str:
    """The registered name of a stage class: its entry point's, else `package.module:Class`."""
    with _lock:
        if stage in _registered:
            return _registered[stage]
    path = f"{stage.__module__}:{stage.__qualname__}"
    name = next((entry.name for entry in _entries("calotype.stages").values() if entry.value == path), path)
    register(name, stage)
    return name


@cache
def kind_class(name: str) -> type[Artifact]:
    """The artifact kind registered under a name."""
    entry = _entries("calotype.kinds").get(name)
    if entry is None:
        raise UnknownName(
            f"No artifact kind is called {name!r}. Installed: {', '.join(_entries('calotype.kinds'))}."
        )
    found = _load(entry)
    if not (isinstance(found, type) and issubclass(found, Artifact)):
        raise InvalidPipeline(f"The entry point {name} in calotype.kinds does not lead to an Artifact class.")
    return found


def kind_names() -> list[str]:
    """Registered names of all installed artifact kinds, sorted."""
    return sorted(_entries("calotype.kinds"))


def pipeline_names() -> list[str]:
    """Registered names of all installed pipelines, sorted."""
    return sorted(_entries("calotype.pipelines"))


def pipeline_recipe(name: str) -> Callable[..., Any]:
    """The function that returns the pipeline of this name."""
    entry = _entries("calotype.pipelines").get(name)
    if entry is None:
        raise UnknownName(f"No pipeline is called {name!r}. Installed: {', '.join(pipeline_names())}.")
    return _load(entry)
