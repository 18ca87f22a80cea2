"""A web server on loopback that behaves as a test tells it to, and remembers who came."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from calotype.storage.web_connect import Resolver
from calotype.storage.web_policy import AllowedHosts, FetchPolicy

HOST = "photos.example"


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the route says; paths without one are not found."""

    protocol_version = "HTTP/1.1"
    server: Listener

    def _answer(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.site.seen.append(Request(self.command, self.path, headers, body))
        route = self.server.site.routes.get(self.path) or self.server.site.routes.get(self.path.split("?")[0])
        if route is None:
            self.say(404, b"the secret inner page")
        else:
            route(self)

    do_GET = do_PUT = do_POST = do_HEAD = _answer  # noqa: N815 - names that the library looks for

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer; underscores in header names stand for hyphens."""
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def say_raw(self, data: bytes) -> None:
        """These bytes, and the end of the connection."""
        self.wfile.write(data)
        self.close_connection = True

    def drip(self, pieces: Iterator[bytes], pause_s: float) -> None:
        """One piece after each pause, until the client leaves or the site is closed."""
        for piece in pieces:
            if self.server.site.closing.wait(pause_s):
                break
            try:
                self.wfile.write(piece)
            except OSError:
                break
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@dataclass
class Site:
    """A running server."""

    address: str
    port: int = 0
    routes: dict[str, Answer] = field(default_factory=dict)
    seen: list[Request] = field(default_factory=list)
    asked_for: list[str | None] = field(default_factory=list)
    """Names that TLS clients asked for (SNI)."""
    closing: threading.Event = field(default_factory=threading.Event)
    scheme: str = "http"

    def url(self, path: str, host: str = HOST) -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes, **headers: str) -> str:
        """The URL of a new page with these bytes."""
        self.routes[path] = lambda handler: handler.say(200, body, **headers)
        return self.url(path)

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        """The URL of a new page that leads to another."""
        self.routes[path] = lambda handler: handler.say(status, b"", Location=location)
        return self.url(path)

    @property
    def policy(self) -> FetchPolicy:
        """What lets a client in here: the one name with the one port, nothing else that is private."""
        return FetchPolicy(
            private=AllowedHosts.parse(f"{HOST}:{self.port}"), connect_s=5, read_s=5, total_s=20
        )


class Listener(ThreadingHTTPServer):
    """Threads that do not outlive the server: all are joined when it closes."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, site: Site, tls: ssl.SSLContext | None) -> None:
        self.site = site
        self._tls = tls
        super().__init__((site.address, 0), Handler)

    def finish_request(self, request: object, client_address: object) -> None:
        if self._tls is not None:
            try:
                request = self._tls.wrap_socket(request, server_side=True)  # type: ignore[arg-type]
            except (ssl.SSLError, OSError):
                return  # A client that does not trust us.
        try:
            super().finish_request(request, client_address)  # type: ignore[arg-type]
        except OSError:
            pass  # The client left in the middle, as tests of caps do.
        finally:
            if self._tls is not None:
                request.close()  # type: ignore[attr-defined]


@contextmanager
def running_site(address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that is up for the length of a `with`."""
    site = Site(address, scheme="https" if tls else "http")
    if tls is not None:
        tls.sni_callback = lambda _, name, __: site.asked_for.append(name)
    with Listener(site, tls) as listener:
        site.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            listener.shutdown()
            thread.join()


@dataclass
class Names:
    """A resolver of a test's own: each name leads where it says, one answer after another, the last one for ever."""

    answers: Mapping[str, Sequence[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        import socket

        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        times = self.asked.count(host)
        self.asked.append(host)
        answers = self.answers[host]
        return answers[min(times, len(answers) - 1)]


def leading_to(**addresses: str) -> Resolver:
    """A resolver for `photos.example` and names written with underscores for dots; several addresses stand with spaces between."""
    named = {name.replace("_", "."): (one.split(),) for name, one in addresses.items()}
    return Names({HOST: (["127.0.0.1"],), **named})
