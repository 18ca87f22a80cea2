"""Every error of the API as problem+json (RFC 9457): what is wrong and what to do, never a traceback."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from calotype.errors import (
    CalotypeError,
    InputError,
    InvalidParameter,
    InvalidPipeline,
    NoSpace,
    Transient,
    UnknownName,
)

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER_S = 10
_INPUT_SHOWN = 100
_ERRORS_SHOWN = 20


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    """Where it stands: `inputs.photos.urls.3`, `limit`, `Idempotency-Key`."""
    message: str


class ProblemDocument(BaseModel):
    """The body of every error."""

    type: str = Field(examples=["urn:calotype:problem:unknown-name"])
    """What kind of problem it is, for programs."""
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(
        examples=["No run '20261128-101500-k3v9' in this store. `calotype runs` lists those there are."]
    )
    """What happened and what to do, for people."""
    errors: list[FieldError] = []
    """Fields that are wrong, where it is they."""


class Problem(Exception):
    """An error with a status of its own."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: list[FieldError] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.errors = errors or []
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        document = ProblemDocument(
            type=f"urn:calotype:problem:{self.kind}",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            errors=self.errors,
        )
        headers = {"Cache-Control": "no-store", **self.headers}
        body = document.model_dump(exclude_defaults=True)
        return JSONResponse(body, self.status, headers=headers, media_type=MEDIA_TYPE)


def problem_of(error: CalotypeError) -> Problem:
    """The problem that one of our errors is. What is the service's own trouble is told to its log, not to the client."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    match error:
        case UnknownName():
            return Problem(404, kind, str(error))
        case InvalidParameter() | InvalidPipeline() | InputError():
            return Problem(422, kind, str(error))
        case Transient():
            log.warning("a request could not be served now: %s", error)
            said = "The service cannot answer now; its log says why. Try again in a moment."
            return Problem(503, kind, said, headers={"Retry-After": str(_RETRY_AFTER_S)})
        case NoSpace():
            log.error("a request found the disk full: %s", error)
            return Problem(507, kind, "The service has no space left. Its operator must free some.")
        case _:
            log.error("a request could not be served: %s", error)
            return Problem(500, kind, "The service could not carry out the request; its log says more.")


def install_handlers(app: FastAPI) -> None:
    """Have every error of the app answered as a problem."""

    def of_problem(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return error.response()

    def of_ours(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, CalotypeError)
        return problem_of(error).response()

    def of_validation(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return _invalid(error).response()

    def of_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return _http(error).response()

    def of_bug(request: Request, error: Exception) -> JSONResponse:
        log.error("%s %s: an error of ours: %r", request.method, request.url.path, error)
        said = f"An internal error ({type(error).__name__}); the service's log says more."
        return Problem(500, "internal-error", said).response()

    app.add_exception_handler(Problem, of_problem)
    app.add_exception_handler(CalotypeError, of_ours)
    app.add_exception_handler(RequestValidationError, of_validation)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, of_bug)


def _http(error: HTTPException) -> Problem:
    said = {
        404: "There is nothing at this address. GET /openapi.json lists what there is.",
        405: "This address does not take that method.",
    }.get(error.status_code, str(error.detail))
    kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    return Problem(error.status_code, kind, said, headers=error.headers)


def _invalid(error: RequestValidationError) -> Problem:
    found = [
        FieldError(field=_place(one.get("loc", ())), message=_message(one))
        for one in error.errors()[:_ERRORS_SHOWN]
    ]
    first = found[0]
    more = f" (and {len(error.errors()) - 1} more)" if len(error.errors()) > 1 else ""
    where = f"{first.field}: " if first.field else ""
    return Problem(422, "invalid-request", f"{where}{first.message}{more}", errors=found)


def _place(loc: tuple[Any, ...]) -> str:
    parts = [str(part) for part in loc]
    if parts and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    return ".".join(parts)[:_INPUT_SHOWN]


def _message(error: Mapping[str, Any]) -> str:
    said = str(error.get("msg", "is not possible")).removeprefix("Value error, ")
    return said if said.endswith(".") else f"{said}."
