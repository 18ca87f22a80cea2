"""A line to an S3 server on which things go wrong: errors, answers that are late, cut or lost, drawn from a seed."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

Fault = Literal["500", "503", "reset", "lost", "slow"]
FAULTS: tuple[Fault, ...] = ("500", "503", "reset", "lost", "slow")
"""`reset`: the connection breaks before the server hears of it; `lost`: the server does it, and its answer is lost."""

_BODIES = {"500": "InternalError", "503": "SlowDown"}
_NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class Weather:
    """What goes wrong, and how often."""

    seed: int
    chance: Mapping[Fault, float]
    """By fault, the share of requests that meet it."""
    happened: Counter[str] = field(default_factory=Counter[str])
    """By fault, and `fine`."""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._lock = threading.Lock()

    def draw(self) -> str:
        """What happens to the next request."""
        with self._lock:
            drawn = self._random.random()
            for fault, share in self.chance.items():
                if (drawn := drawn - share) < 0:
                    self.happened[fault] += 1
                    return fault
            self.happened["fine"] += 1
            return "fine"


@contextmanager
def bad_line(endpoint: str, weather: Weather) -> Iterator[str]:
    """Another endpoint of the server, over which things go wrong."""
    host = urlsplit(endpoint).netloc

    class Line(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Say nothing."""

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = weather.draw()
            if fault == "slow":
                time.sleep(0.3)
            if fault in _BODIES:
                said = f"<?xml version='1.0'?><Error><Code>{_BODIES[fault]}</Code></Error>".encode()
                self._answer(int(fault), {"Content-Type": "application/xml"}, said)
                return
            if fault != "reset":
                status, headers, data = _passed_on(host, self.command, self.path, dict(self.headers), body)
                if fault != "lost":
                    self._answer(status, headers, data)
                    return
            self.close_connection = True
            self.connection.close()

        do_PUT = do_POST = do_HEAD = do_DELETE = do_GET  # noqa: N815

        def _answer(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that has hung up is nothing to speak of."""

    with Server(("127.0.0.1", 0), Line) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _passed_on(
    host: str, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """What the server answers. The signature names the line's host, so that goes to the server as it is."""
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request(method, path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        data = answer.read()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in _NOT_PASSED_ON}
        if method == "HEAD" and (length := answer.getheader("Content-Length")):
            kept["Content-Length"] = length
        return answer.status, kept, data
    finally:
        connection.close()
