"""Ask strangers' servers over HTTP: every hop checked, nothing forwarded, bytes and time capped, failures told apart."""

from __future__ import annotations

import email.utils
import random
import threading
import time
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, LifoQueue
from typing import TypeVar

import httpcore

from calotype.errors import Redirected, ServerBusy, Transient, UnreadableInput, UrlRefused
from calotype.storage.faults import readable_size
from calotype.storage.web_connect import (
    BadTls,
    Clock,
    GuardedBackend,
    OutOfTime,
    Resolver,
    system_addresses,
    tls_context,
)
from calotype.storage.web_policy import FetchPolicy
from calotype.storage.web_urls import WebUrl

Result = TypeVar("Result")
Headers = Sequence[tuple[str, str]]

_REDIRECTS = {301, 302, 303, 307, 308}
_BUSY = {408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524}
_DECODED_AT_ONCE = 1 << 18
_LONGEST_WAIT_S = 86_400.0
_KEEP_S = 10.0


@dataclass(frozen=True)
class Retry:
    """How often something is tried again whose failure may pass."""

    attempts: int = 4
    first_s: float = 0.5
    """Pause before the second attempt, doubled each time, shortened by up to half at random."""
    most_s: float = 30.0
    """Longest pause; a server that asks for a longer one is given up."""


@dataclass(frozen=True)
class WebResponse:
    """The head of an answer; its body is read on demand, within the `with` block it came from."""

    url: WebUrl
    """Where it came from, after redirects."""
    status: int
    headers: Mapping[str, str]
    """By name in lower case; repeated ones joined by a comma."""
    chunks: Iterable[bytes]
    """The body as sent."""
    max_bytes: int

    @property
    def announced(self) -> int | None:
        """Bytes that the server said it would send; None when it did not."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() else None

    @property
    def is_encoded(self) -> bool:
        """Whether the body was compressed on its way, though nobody asked for that."""
        return self.headers.get("content-encoding", "").strip().lower() not in ("", "identity")

    @property
    def wait_s(self) -> float | None:
        """Seconds the server asks to be left alone (`Retry-After`); None when it does not say."""
        return _seconds(self.headers.get("retry-after", ""))

    def body(self) -> Iterator[bytes]:
        """The body in pieces, decompressed. Raises UnreadableInput where it is larger than allowed, either way."""
        if (self.announced or 0) > self.max_bytes:
            raise self._too_large()
        if not self.is_encoded:
            yield from self._counted(self.chunks)
            return
        encoding = self.headers["content-encoding"].strip().lower()
        if encoding not in ("gzip", "x-gzip", "deflate"):
            raise UnreadableInput(
                f"{self.url.shown}: it was sent with an encoding that was not asked for ({encoding[:40]!r})."
            )
        yield from self._counted(self._inflated(self._counted(self.chunks)))

    def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        total = 0
        for chunk in chunks:
            total += len(chunk)
            if total > self.max_bytes:
                raise self._too_large()
            yield chunk

    def _inflated(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        decoder = zlib.decompressobj(wbits=47)
        try:
            for chunk in chunks:
                while chunk and not decoder.eof:
                    # In small pieces: a kilobyte may stand for a megabyte.
                    yield decoder.decompress(chunk, _DECODED_AT_ONCE)
                    chunk = decoder.unconsumed_tail
        except zlib.error as error:
            raise UnreadableInput(f"{self.url.shown}: it is not compressed as it says ({error}).") from error
        # What is left of the last piece: little, for all of it was taken in.
        yield decoder.flush()
        if not decoder.eof:
            raise Transient(f"{self.url.shown}: the answer broke off.")

    def _too_large(self) -> UnreadableInput:
        return UnreadableInput(
            f"{self.url.shown} is larger than {readable_size(self.max_bytes)}, the most that is fetched."
        )

    def check_found(self) -> None:
        """Nothing for an answer that brings what was asked for; ServerBusy or UnreadableInput for any other status."""
        if self.status in (200, 206):
            return
        shown = self.url.shown
        if self.status in _BUSY:
            raise self.busy()
        if self.status in (401, 403):
            raise UnreadableInput(
                f"{shown}: the server does not hand it out (HTTP {self.status}). A presigned URL may have expired."
            )
        if self.status in (404, 410):
            raise UnreadableInput(f"{shown}: there is nothing (HTTP {self.status}). Check the URL.")
        raise UnreadableInput(f"{shown}: the server answered HTTP {self.status}.")

    @property
    def is_busy(self) -> bool:
        """Whether another attempt may fare better."""
        return self.status in _BUSY

    def busy(self, shown: str = "") -> ServerBusy:
        """The error for an answer that another attempt may not meet."""
        error = ServerBusy(f"{shown or self.url.shown}: the server cannot serve now (HTTP {self.status}).")
        error.wait_s = self.wait_s
        return error


class WebClient:
    """A client that contacts what its policy allows. One thread at a time; connections are kept for the next request.

    It knows no proxy, no cookies and no credentials, whatever the environment says.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        resolve: Resolver = system_addresses,
        stop: threading.Event | None = None,
    ) -> None:
        """Nothing is contacted yet. Setting `stop` ends what is under way with Cancelled."""
        self.policy = policy
        self._stop = stop or threading.Event()
        self._backend = GuardedBackend(policy, resolve, Clock(policy.total_s, self._stop))
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls_context(policy.ca_file),
            max_connections=4,
            max_keepalive_connections=1,
            keepalive_expiry=_KEEP_S,
            network_backend=self._backend,
        )

    def __enter__(self) -> WebClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing; connections that were kept are closed. The client may be used again."""
        self._pool.close()

    def carry_out(self, work: Callable[[], Result], retry: Retry) -> Result:
        """What `work`, which uses this client, returns; done again after failures that may pass.

        The policy's total time is for all attempts. Raises what the last attempt raised.
        """
        clock = self._backend.clock = Clock(self.policy.total_s, self._stop)
        attempt = 1
        while True:
            try:
                return work()
            except Transient as error:
                pause = getattr(error, "wait_s", None)
                if pause is None:
                    growing = retry.first_s * 2 ** (attempt - 1)
                    # Many clients that failed together must not come back together.
                    pause = min(growing * random.uniform(0.5, 1), retry.most_s)
                if attempt >= retry.attempts or pause > retry.most_s or not clock.can_wait(pause):
                    raise
                clock.wait(pause)
                attempt += 1

    @contextmanager
    def request(
        self,
        method: str,
        url: str,
        headers: Headers = (),
        body: Callable[[], Iterable[bytes]] | None = None,
        shown: str = "",
    ) -> Generator[WebResponse]:
        """The answer to one request, after at most the policy's redirects, each checked as the first URL was.

        `body` is sent anew to each; `shown` stands for the URL in errors, where its path is a secret. Raises UrlRefused for
        what must not be contacted, Transient for what may pass, UnreadableInput for the rest.
        """
        here = WebUrl.parse(url)
        for hop in range(self.policy.max_redirects + 1):
            self.policy.check_scheme_and_port(here.scheme, here.host, here.port)
            with _told(shown or here.shown), self._sent(method, here, headers, body) as answer:
                found = WebResponse(
                    here, answer.status, _joined(answer.headers), answer.iter_stream(), self.policy.max_bytes
                )
                if found.status not in _REDIRECTS:
                    yield found
                    return
                here = self._next(found, shown or here.shown, is_last=hop == self.policy.max_redirects)
        raise AssertionError("the last hop returns or raises")

    @contextmanager
    def _sent(
        self, method: str, url: WebUrl, headers: Headers, body: Callable[[], Iterable[bytes]] | None
    ) -> Generator[httpcore.Response]:
        own = [
            ("Host", url.netloc),
            ("User-Agent", "calotype"),
            ("Accept", "*/*"),
            ("Accept-Encoding", "identity"),
        ]
        # httpcore is given the parts, so that no other parser sees the URL.
        parts = httpcore.URL(
            scheme=url.scheme.encode(), host=url.host.encode(), port=url.port, target=url.target.encode()
        )
        sent = [(name.encode("ascii"), value.encode("latin-1")) for name, value in (*own, *headers)]
        content = iter(body()) if body is not None else None
        with self._pool.stream(method, parts, headers=sent, content=content) as answer:
            yield answer

    def _next(self, found: WebResponse, shown: str, *, is_last: bool) -> WebUrl:
        location = found.headers.get("location", "")
        if self.policy.max_redirects == 0:
            raise Redirected(f"{shown}: it redirects (HTTP {found.status}), which is not followed here.")
        if is_last:
            raise UrlRefused(f"{shown}: it redirects more than {self.policy.max_redirects} times.")
        if not location:
            raise UnreadableInput(f"{shown}: it redirects (HTTP {found.status}) and does not say where.")
        following = found.url.joined(location)
        if found.url.scheme == "https" and following.scheme != "https":
            raise UrlRefused(
                f"{shown}: it redirects from https to {following.scheme}, which is not followed."
            )
        return following


class WebClients:
    """Clients for several threads, each used by one at a time and kept for the next, with its connections."""

    def __init__(self, policy: FetchPolicy, resolve: Resolver, stop: threading.Event | None = None) -> None:
        self._policy = policy
        self._resolve = resolve
        self._stop = stop or threading.Event()
        self._idle: LifoQueue[WebClient] = LifoQueue()

    @contextmanager
    def one(self) -> Generator[WebClient]:
        """A client that nobody else uses for the length of a `with`."""
        try:
            client = self._idle.get_nowait()
        except Empty:
            client = WebClient(self._policy, resolve=self._resolve, stop=self._stop)
        try:
            yield client
        finally:
            self._idle.put(client)

    def close(self) -> None:
        """Nothing; the connections of all idle clients are closed. They may be used again."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return


@contextmanager
def _told(shown: str) -> Generator[None]:
    """A block in which failures of the network are raised as our errors. The server's own words are never repeated."""
    try:
        yield
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise Transient(f"{shown}: the server cannot be reached ({error}).") from error
    except (httpcore.TimeoutException, httpcore.NetworkError) as error:
        raise Transient(f"{shown}: the connection broke off ({error}).") from error
    except httpcore.RemoteProtocolError as error:
        raise Transient(f"{shown}: the answer is no HTTP, or broke off.") from error
    except httpcore.LocalProtocolError as error:
        raise UrlRefused(f"{shown}: it cannot be asked for in HTTP.") from error
    except OutOfTime as error:
        raise Transient(f"{shown}: {error}.") from error
    except BadTls as error:
        raise UnreadableInput(f"{shown}: {error}.") from error


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw_value.decode()
        except UnicodeDecodeError:
            value = raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _seconds(text: str) -> float | None:
    """What `Retry-After` says, seconds or a date, as seconds from now within a day; None for anything else."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_WAIT_S)
    try:
        moment = email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(moment - time.time(), 0.0), _LONGEST_WAIT_S)
