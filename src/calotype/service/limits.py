"""What a client may cost before anything is done for it: requests per second, bytes of a body, and how long it may take to send."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calotype.service.problems import Problem

_MOST_NAMES = 10_000


class TokenBuckets:
    """So many requests per second for each name, with room for a burst. Names not seen for longest are forgotten first."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str) -> float:
        """Seconds to wait before another request would be let through; 0, and one is counted, when this one is."""
        now = self._clock()
        with self._lock:
            left, seen = self._buckets.pop(name, (self._burst, now))
            left = min(self._burst, left + (now - seen) * self._per_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._per_second
            self._buckets[name] = (left if wait else left - 1, now)
            while len(self._buckets) > _MOST_NAMES:
                self._buckets.popitem(last=False)
        return wait


@dataclass(frozen=True)
class Allowance:
    """What a body may cost."""

    most_bytes: int
    most_s: float
    """Seconds in which it must have arrived."""

    def too_large(self) -> Problem:
        said = f"The body is larger than {self.most_bytes} bytes, the most that is taken here."
        return Problem(413, "body-too-large", said, headers={"Connection": "close"})

    def too_slow(self) -> Problem:
        said = f"The body did not arrive within {self.most_s:.0f} s."
        return Problem(408, "request-timeout", said, headers={"Connection": "close"})


class BodyLimit:
    """Refuses bodies that are too large, by what they announce and by what arrives, and those that trickle in."""

    def __init__(self, app: ASGIApp, usual: Allowance, below: Mapping[str, Allowance] | None = None) -> None:
        """`below`: what holds for addresses that begin so, instead of the usual."""
        self._app = app
        self._usual = usual
        self._below = dict(below or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        places = (one for begin, one in self._below.items() if scope["path"].startswith(f"{begin}/"))
        allowed = next(places, self._usual)
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or int(announced[:20]) > allowed.most_bytes:
            await allowed.too_large().response()(scope, receive, send)
            return
        await self._watched(allowed, scope, receive, send)

    async def _watched(self, allowed: Allowance, scope: Scope, receive: Receive, send: Send) -> None:
        refused: Problem | None = None
        has_begun, is_whole, received = False, False, 0
        deadline = anyio.current_time() + allowed.most_s

        async def counted() -> Message:
            nonlocal refused, is_whole, received
            if is_whole:
                return await receive()
            with anyio.CancelScope(deadline=deadline):
                message = await receive()
                received += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
                if received <= allowed.most_bytes:
                    return message
                refused = allowed.too_large()
                return {"type": "http.disconnect"}
            refused = allowed.too_slow()
            return {"type": "http.disconnect"}

        async def answered(message: Message) -> None:
            nonlocal has_begun
            if refused is None or has_begun:
                has_begun = True
                await send(message)

        try:
            await self._app(scope, counted, answered)
        except Exception:
            if refused is None:
                raise
        if refused is not None and not has_begun:
            await refused.response()(scope, receive, send)
