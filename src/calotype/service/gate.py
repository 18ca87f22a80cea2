"""Who may come in: a bearer key is asked for before anything of a request is read."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from calotype.catalog import Catalog
from calotype.errors import CalotypeError
from calotype.service.keys import SCOPES, Caller, caller_of
from calotype.service.limits import TokenBuckets
from calotype.service.links import caller_of_link
from calotype.service.problems import Problem, problem_of

OPEN = frozenset({"/health", "/openapi.json"})
"""Addresses that need no key."""

_WRONG_KEYS_PER_S = 1.0
_WRONG_KEYS_AT_ONCE = 20.0
_BURST_S = 10.0

bearer = HTTPBearer(
    auto_error=False, scheme_name="key", description="An API key: `calotype keys add NAME` makes one."
)


class Gate:
    """Lets requests with a known key through, so many per second; answers all others itself."""

    def __init__(self, app: ASGIApp, catalog: Catalog, per_second: float) -> None:
        self._app = app
        self._catalog = catalog
        self._by_key = TokenBuckets(per_second, max(1.0, per_second * _BURST_S))
        self._by_host = TokenBuckets(_WRONG_KEYS_PER_S, _WRONG_KEYS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        try:
            caller = await run_in_threadpool(self._admitted, scope)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        except CalotypeError as error:
            await problem_of(error).response()(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    def _admitted(self, scope: Scope) -> Caller:
        method, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        caller = caller_of(self._catalog, key.strip()) if method.lower() == "bearer" else self._linked(scope)
        if caller is None:
            host = (scope.get("client") or ("unknown", 0))[0]
            if wait := self._by_host.take(host):
                raise _too_many(wait)
            said = "A key is needed: send `Authorization: Bearer KEY`. The operator makes one with `calotype keys add NAME`."
            raise Problem(401, "no-key", said, headers={"WWW-Authenticate": "Bearer"})
        if wait := self._by_key.take(caller.id):
            raise _too_many(wait)
        return caller

    def _linked(self, scope: Scope) -> Caller | None:
        """Whose link it is, for a file asked for by a link instead of a key."""
        query = scope["query_string"].decode("ascii", "replace")
        if scope["method"] not in ("GET", "HEAD") or "signature=" not in query:
            return None
        try:
            return caller_of_link(self._catalog, scope["path"], query, time.time())
        except ValueError:  # More fields than any link has.
            return None


def _too_many(wait_s: float) -> Problem:
    said = f"Too many requests. Try again in {wait_s:.1f} s."
    return Problem(429, "too-many-requests", said, headers={"Retry-After": str(int(wait_s) + 1)})


def caller_with(scope: str) -> Callable[..., Caller]:
    """A dependency: who asks, if its key has this scope."""

    def checked(request: Request, _: Annotated[object, Security(bearer)]) -> Caller:
        caller: Caller = request.state.caller
        if scope not in caller.scopes:
            said = f"The key {caller.name!r} may not {SCOPES[scope]}: it lacks the scope {scope}."
            raise Problem(403, "scope-missing", said)
        return caller

    return checked
