"""The splat job as clients of the hosted worker send it: photos by URL in, a PLY sent to a presigned URL, a webhook at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from calotype.contracts.known_cameras import checked_cameras
from calotype.contracts.mistakes import explain
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.recipes import called_recipe
from calotype.errors import InvalidParameter, TooFewImages, UrlRefused
from calotype.pipelines.splat import LEAST_PHOTOS
from calotype.storage.web_urls import WebUrl

MOST_PHOTOS = 10_000
MOST_SCENES = 100
_MOST_FIELDS = 100
MEDIUM_ITERATIONS = 7000
"""What a job trains for when neither it nor the worker's settings say otherwise."""


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a number is needed, not true or false")
    return value


def _web_address(value: object) -> object:
    if isinstance(value, str):
        try:
            parsed = WebUrl.parse(value)
        except UrlRefused as error:
            raise ValueError(str(error)) from None
        if parsed.scheme not in ("http", "https"):
            raise ValueError(f"{parsed.shown}: only http:// and https:// are taken")
    return value


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("it holds a line break or another character that cannot be shown")
    return value


Name = Annotated[
    str, Field(min_length=1, max_length=256, coerce_numbers_to_str=True), AfterValidator(_printable)
]
Count = Annotated[int, BeforeValidator(_no_truth_value)]
Address = Annotated[str, BeforeValidator(_web_address)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SplatJob(_Value):
    """One scene: what to make it of, how well, and where it goes."""

    project_id: Name
    """The client's own name for the scene, handed back in the result and the webhook."""
    image_urls: Annotated[tuple[Address, ...], Field(max_length=MOST_PHOTOS)]
    """Photos, at least 5 different ones. An address that stands there twice counts once."""
    iterations: Annotated[Count, Field(ge=1, le=1_000_000)] | None = None
    """Training iterations; win over the preset, which wins over the worker's `ITERATIONS`."""
    preset: Literal["low", "medium", "high", "best"] | None = None
    """low 3000, medium 7000, high 15000, best 30000 iterations."""
    max_side: Annotated[Count, Field(ge=64, le=16_384)] | None = None
    """Long side of the training images in pixels, else 960."""
    skip_matching: bool | None = None
    """Do not look for camera poses: those of `camera_params` are right. Giving those says so already."""
    camera_params: Annotated[dict[str, Any], BeforeValidator(checked_cameras)] | None = None
    """Known cameras, in the form of a transforms.json: `w`, `h`, intrinsics, and `frames`, each with `file_path` (the photo's name)
    and `transform_matrix`."""
    upload_url: Address | None = None
    """Presigned URL that takes the PLY with one PUT of the type `application/octet-stream`; without one it stays in the store."""
    webhook_url: Address | None = None
    """Takes one POST when the job has ended."""

    @classmethod
    def parse(cls, body: object) -> SplatJob:
        """The job in a request's body, `{"input": {...}}`. Raises InvalidParameter, which names the field, or TooFewImages."""
        return cls._of(_input_of(body), "input")

    @classmethod
    def _of(cls, given: object, where: str) -> SplatJob:
        if not isinstance(given, dict):
            raise InvalidParameter(f"{where} must be an object with project_id and image_urls.")
        _refuse_too_many(given, where)
        try:
            job = cls.model_validate(given)
        except ValidationError as error:
            raise InvalidParameter(explain(error, where, tuple(cls.model_fields))) from None
        different = tuple(dict.fromkeys(job.image_urls))
        if len(different) < LEAST_PHOTOS:
            raise TooFewImages(
                f"{where}.image_urls names {len(different)} photos (one named twice counts once); at least {LEAST_PHOTOS} are "
                "needed."
            )
        if job.skip_matching and job.camera_params is None:
            raise InvalidParameter(
                f"{where}.skip_matching needs {where}.camera_params: without matching nobody knows where photos were taken."
            )
        if job.skip_matching is False and job.camera_params is not None:
            raise InvalidParameter(
                f"{where}.skip_matching is false, yet {where}.camera_params says where photos were taken. Give one of them."
            )
        return job.model_copy(update={"image_urls": different})

    @property
    def identity(self) -> dict[str, Any]:
        """What makes it this job and no other. Where the model goes is not in it: a fresh presigned URL is still the same job."""
        return self.model_dump(mode="json", exclude={"upload_url", "webhook_url"}, exclude_none=True)


def _refuse_too_many(given: dict[Any, Any], where: str) -> None:
    """Nothing for a job of a size that may be looked at value by value: two million bad addresses take most of a minute."""
    if len(given) > _MOST_FIELDS:
        raise InvalidParameter(
            f"{where} has {len(given)} fields; there are {', '.join(SplatJob.model_fields)}."
        )
    urls = given.get("image_urls")
    if isinstance(urls, list) and len(urls) > MOST_PHOTOS:
        raise InvalidParameter(f"{where}.image_urls has {len(urls)} entries; up to {MOST_PHOTOS} are taken.")


def parse_scenes(body: object) -> tuple[SplatJob, ...]:
    """All scenes of a request: one, or those of `{"input": {"scenes": [{...}, ...]}}`, where what stands beside `scenes` holds for
    each that does not say otherwise. Raises as `SplatJob.parse` does."""
    given = _input_of(body)
    if not isinstance(given, dict) or "scenes" not in given:
        return (SplatJob.parse(body),)
    scenes = given["scenes"]
    if not isinstance(scenes, list) or not 1 <= len(scenes) <= MOST_SCENES:
        raise InvalidParameter(f"input.scenes must be a list of 1 to {MOST_SCENES} scenes.")
    shared = {name: value for name, value in given.items() if name != "scenes"}
    found: list[SplatJob] = []
    for number, scene in enumerate(scenes):
        where = f"input.scenes[{number}]"
        if not isinstance(scene, dict):
            raise InvalidParameter(f"{where} must be an object with project_id and image_urls.")
        found.append(SplatJob._of({**shared, **scene}, where))  # pyright: ignore[reportPrivateUsage]
    uploads = [job.upload_url for job in found if job.upload_url]
    if len(set(uploads)) < len(uploads):
        raise InvalidParameter(
            "Two scenes of input.scenes have the same upload_url: one would overwrite the other."
        )
    return tuple(found)


def _input_of(body: object) -> object:
    if not isinstance(body, Mapping) or "input" not in body:
        raise InvalidParameter('The body must be an object with the job under "input": {"input": {...}}.')
    return body["input"]


def pipeline_of(
    job: SplatJob, folder: Path, iterations: int = MEDIUM_ITERATIONS
) -> tuple[PipelineSpec, dict[str, str]]:
    """The pipeline `splat` with what the job asks for, and its inputs by name. `folder` receives the known cameras, as a file.

    `iterations` are those of the worker's settings. Raises InvalidParameter where the pipeline takes no such value.
    """
    told = job.iterations if job.iterations is not None or job.preset is not None else iterations
    parameters: dict[str, Any] = {
        "preset": job.preset or "medium",
        "iterations": told,
        "max_side": job.max_side,
    }
    inputs = {"photos": " ".join(job.image_urls)}
    if job.camera_params is not None:
        path = folder / "transforms.json"
        path.write_text(json.dumps(job.camera_params))
        inputs["poses"] = str(path)
        parameters["poses"] = path
    return called_recipe("splat", parameters), inputs


class WebhookBody(_Value):
    """What the webhook is sent, as the hosted worker's clients read it."""

    job_id: str
    status: Literal["completed", "failed"]
    model_url: str | None = None
    """Where the model was uploaded to, without the query of the presigned URL."""
    model_size_mb: float | None = None
    project_id: str
    error: str | None = None


class SplatResult(WebhookBody):
    """What the job answers: the webhook's fields and how the work went."""

    images_processed: int | None = None
    iterations: int | None = None
    processing_time: float | None = None
    """Seconds from taking up the job to its end, upload included."""
    run: str = ""
    """The run that made it: `calotype status RUN`, `calotype open RUN`."""

    @property
    def webhook(self) -> WebhookBody:
        """The part that the webhook is sent."""
        return WebhookBody.model_validate(self.model_dump(include=set(WebhookBody.model_fields)))
