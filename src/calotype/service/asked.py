"""What a client may ask for: a pipeline, its parameters, and photos by URL or from a bucket that the operator opened."""

from __future__ import annotations

import hashlib
import inspect
import json
import typing
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from calotype.engine.pipeline import PipelineSpec, RecipeCall
from calotype.engine.recipes import called_again
from calotype.engine.registry import pipeline_recipe
from calotype.errors import InvalidParameter, UrlRefused
from calotype.service.settings import ServiceSettings
from calotype.service.uploads import Uploads
from calotype.storage.web_urls import WebUrl

_MOST_URLS = 10_000
_SETTING = r"^[a-z][A-Za-z0-9_-]{0,62}(\.[A-Za-z][A-Za-z0-9_]{0,62})?$"

Url = Annotated[str, Field(min_length=8, max_length=8192, pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://\S+$")]

EXAMPLE: JsonDict = {
    "pipeline": "splat",
    "parameters": {"preset": "low", "max_side": 640},
    "inputs": {"photos": {"urls": [f"https://photos.example.org/{n}.jpg" for n in range(1, 6)]}},
}


class InputSource(BaseModel):
    """Where the files of one input are: exactly one of the fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    urls: Annotated[list[Url], Field(min_length=1, max_length=_MOST_URLS)] | None = None
    """`https://` or `http://` URLs, one per file; presigned ones are fine, their queries are kept only until they were read."""
    prefix: Annotated[str, Field(min_length=1, max_length=2048)] | None = None
    """A bucket prefix, `s3://bucket/prefix`, below one that the operator opened."""
    upload: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """The id of an upload."""

    @model_validator(mode="after")
    def _exactly_one(self) -> InputSource:
        if sum(one is not None for one in (self.urls, self.prefix, self.upload)) != 1:
            raise ValueError("give one of urls, prefix, upload")
        return self

    def source(self, settings: ServiceSettings, uploads: Uploads) -> str:
        """What `Session.create` takes. Raises UrlRefused, InvalidParameter or UnknownName for what may not be read."""
        if self.prefix is not None:
            return settings.opened(self.prefix)
        if self.upload is not None:
            return uploads.source(self.upload)
        assert self.urls is not None
        for url in self.urls:
            if WebUrl.parse(url).scheme not in (
                "http",
                "https",
            ):  # Anything else might be a file of the server.
                raise UrlRefused(f"{url[:100]!r} is no https:// or http:// URL.")
        return " ".join(self.urls)


class RunRequest(BaseModel):
    """A run that a client wants."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [EXAMPLE]})

    pipeline: Annotated[str, Field(min_length=1, max_length=64)]
    """Name of an installed pipeline: `splat`."""
    parameters: dict[str, Any] = {}
    """Its parameters as `calotype run PIPELINE --help` names them, `_` for `-`; those of a stage in an object of its own."""
    inputs: Annotated[dict[str, InputSource], Field(min_length=1, max_length=16)]
    """By name: `photos` for splat."""

    @property
    def digest(self) -> str:
        """sha256 of all that was asked."""
        spelled = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(spelled.encode()).hexdigest()

    def call(self) -> RecipeCall:
        """The pipeline's recipe with these parameters. InvalidParameter for unknown ones, and for files of the server."""
        taken = inspect.signature(pipeline_recipe(self.pipeline)).parameters
        files = _files_of(self.pipeline)
        for name in self.parameters:
            if name not in taken:
                known = ", ".join(one for one in taken if one not in files)
                raise InvalidParameter(f"{self.pipeline} has no parameter {name[:100]!r}. It has: {known}.")
            if name in files and self.parameters[name] is not None:
                raise InvalidParameter(f"{name} names a file of the server and cannot be given here.")
        return RecipeCall(name=self.pipeline, arguments=self.parameters)

    def sources(self, pipeline: PipelineSpec, settings: ServiceSettings, uploads: Uploads) -> dict[str, str]:
        """By name, what the run reads. Raises InvalidParameter where inputs are missing or too many, UrlRefused for a URL."""
        wanted = {source.name for source in pipeline.sources}
        if wanted != set(self.inputs):
            raise InvalidParameter(
                f"{self.pipeline} needs the inputs {', '.join(sorted(wanted))}; given were {', '.join(sorted(self.inputs))[:200]}."
            )
        return {name: given.source(settings, uploads) for name, given in self.inputs.items()}


class ForkRequest(BaseModel):
    """A run made from another one with something changed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"changes": {"splat.iterations": 15000}}]},
    )

    changes: Annotated[dict[Annotated[str, Field(pattern=_SETTING)], Any], Field(max_length=100)] = {}
    """New values by `STEP.PARAMETER`, or by a parameter of the pipeline such as `preset`."""
    from_step: Annotated[str, Field(max_length=64)] = ""
    """A step that is computed again, with all after it, though nothing changed for it."""

    def settings(self, call: RecipeCall | None) -> list[str]:
        """The changes as `calotype fork --set` takes them. InvalidParameter where one names a file of the server."""
        files = _files_of(call.name) if call else set[str]()
        for name in self.changes:
            if name.partition(".")[0] in files:
                raise InvalidParameter(f"{name} names a file of the server and cannot be given here.")
        return [f"{name}={_text(value)}" for name, value in self.changes.items()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def pipeline_of(call: RecipeCall) -> PipelineSpec:
    """The pipeline that a call of its recipe gives; InvalidParameter when it cannot be."""
    return called_again(call)


def _files_of(pipeline: str) -> set[str]:
    """Parameters of a recipe that name files of the machine it runs on."""
    hints = typing.get_type_hints(pipeline_recipe(pipeline))
    return {name for name, hint in hints.items() if name != "return" and _is_path(hint)}


def _is_path(annotation: Any) -> bool:
    return annotation is Path or any(map(_is_path, typing.get_args(annotation)))
