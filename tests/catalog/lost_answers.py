"""A line to PostgreSQL that breaks when a COMMIT has been carried out and before its answer arrives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class BreakingLine:
    """Passes bytes on between clients and a server. While it is armed, the answers to COMMITs are lost with their connection."""

    def __init__(self, listener: socket.socket, server: tuple[str, int]) -> None:
        self._listener = listener
        self._server = server
        self._to_break = 0
        self.broken = 0

    def break_next(self, commits: int = 1) -> None:
        """Lose the answers to this many COMMITs."""
        self._to_break = commits

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            is_cut = threading.Event()
            for work in (self._ask, self._answer):
                threading.Thread(target=work, args=(client, server, is_cut), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, is_cut: threading.Event) -> None:
        while data := _received(client):
            if b"COMMIT" in data and self._to_break:
                self._to_break -= 1
                is_cut.set()
            server.sendall(data)
        server.close()

    def _answer(self, client: socket.socket, server: socket.socket, is_cut: threading.Event) -> None:
        while data := _received(server):
            if is_cut.is_set() and b"COMMIT" in data:
                self.broken += 1
                break
            client.sendall(data)
        client.shutdown(socket.SHUT_RDWR)
        client.close()


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except OSError:
        return b""


@contextmanager
def breaking_line(url: str) -> Iterator[tuple[BreakingLine, str]]:
    """A line to the server of this database, and the database's URL over it."""
    parts = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = BreakingLine(listener, (parts.hostname or "", parts.port or 5432))
        threading.Thread(target=line.serve, daemon=True).start()
        there = parts._replace(netloc=f"{parts.username}@127.0.0.1:{listener.getsockname()[1]}")
        yield line, there.geturl()
        listener.shutdown(socket.SHUT_RDWR)
