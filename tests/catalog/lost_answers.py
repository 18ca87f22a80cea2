"""A line to PostgreSQL that breaks when a COMMIT has been carried out and before its answer arrives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        is_cut = threading.Event()
        with client, socket.create_connection(self._server) as server:
            asking = threading.Thread(target=self._ask, args=(client, server, is_cut), daemon=True)
            asking.start()
            while data := _received(server):
                if is_cut.is_set() and b"COMMIT" in data:
                    self.broken += 1
                    break
                if not _sent(client, data):
                    break
            _hang_up(client)
            _hang_up(server)
            asking.join()

    def _ask(self, client: socket.socket, server: socket.socket, is_cut: threading.Event) -> None:
        while data := _received(client):
            if b"COMMIT" in data and self._to_break:
                self._to_break -= 1
                is_cut.set()
            if not _sent(server, data):
                break
        _hang_up(server)


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except OSError:
        return b""


def _sent(connection: socket.socket, data: bytes) -> bool:
    with suppress(OSError):
        connection.sendall(data)
        return True
    return False


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # The other side was faster.
        connection.shutdown(socket.SHUT_RDWR)


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
