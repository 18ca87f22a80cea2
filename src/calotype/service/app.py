"""The HTTP application: routes, what guards them, and how it says what it can do (`/openapi.json`)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calotype import __version__
from calotype.errors import CalotypeError
from calotype.service import endpoints, runs, upload_routes
from calotype.service.documents import Health
from calotype.service.gate import Gate
from calotype.service.limits import Allowance, BodyLimit
from calotype.service.problems import FieldError, ProblemDocument, install_handlers
from calotype.service.service import Service
from calotype.service.upload_routes import UPLOADS

_ABOUT = """Photos become 3D scenes: start runs, watch them, fetch what they made.

Every request needs a key (`Authorization: Bearer KEY`, made with `calotype keys add NAME`) but `/health` and this description.
Errors are `application/problem+json`.
"""


def create_app(service: Service) -> FastAPI:
    """The application of a service, which begins to carry runs when the application starts and stops with it."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await run_in_threadpool(service.start)
        try:
            yield
        finally:
            await run_in_threadpool(service.close)

    app = FastAPI(
        title="Calotype",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # Those pages load scripts from elsewhere.
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.service = service
    install_handlers(app)
    app.include_router(runs.router)
    app.include_router(upload_routes.router)
    app.include_router(endpoints.router)
    app.add_api_route(
        "/health",
        health,
        methods=["GET"],
        response_model=Health,
        tags=["service"],
        summary="Is it working?",
        responses={503: {"model": Health, "description": "It is not"}},
    )
    settings = service.settings
    app.add_middleware(
        BodyLimit,
        usual=Allowance(settings.body_bytes, settings.body_s),
        below={UPLOADS: Allowance(settings.upload_bytes, settings.upload_s)},
    )
    app.add_middleware(Gate, catalog=service.session.catalog, per_second=service.settings.per_second)
    app.add_middleware(SafeHeaders)
    _describe_problems(app)
    return app


def health(request: Request) -> Response:
    """Whether the catalog answers and somebody carries runs. Needs no key."""
    service: Service = request.app.state.service
    waiting: int | None = None
    with suppress(CalotypeError):
        waiting = service.session.catalog.queue.count_open()
    is_well = waiting is not None and service.lane.is_alive
    body = Health(status="ok" if is_well else "failing", version=__version__, waiting=waiting)
    return JSONResponse(body.model_dump(), 200 if is_well else 503)


class SafeHeaders:
    """Adds what keeps a browser from taking an answer for something else than it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"  # An address may be a link that stands for a key.
                headers.setdefault("Content-Security-Policy", "sandbox; default-src 'none'")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


def _describe_problems(app: FastAPI) -> None:
    """Put the shape of problems among the schemas: routes name it, none returns it."""
    plain = app.openapi

    def described() -> dict[str, object]:
        known = app.openapi_schema is not None
        schema = plain()
        if not known:
            shape = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
            shape.pop("$defs", None)
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            schemas["ProblemDocument"] = shape
            schemas["FieldError"] = FieldError.model_json_schema()
        return schema

    app.openapi = described
