"""Listen: on loopback, or wider where a key exists; and stop so that what runs goes on next time."""

from __future__ import annotations

import logging
import signal
import socket
from ipaddress import ip_address
from types import FrameType

import uvicorn

from calotype.catalog import Catalog
from calotype.errors import ConfigurationError
from calotype.service.app import create_app
from calotype.service.service import Service

log = logging.getLogger(__name__)

_CLOSE_WITHIN_S = 5
_BACKLOG = 128


def listening_socket(host: str, port: int, catalog: Catalog) -> socket.socket:
    """A socket that listens on host and port (0 for any that is free): who connects now waits until it is served.

    Raises ConfigurationError when it cannot be, or when others than this machine could reach it and no key exists.
    """
    if not 0 <= port <= 65535:  # The system would take it modulo 65536 and listen somewhere else.
        raise ConfigurationError(
            f"--port {port} is no port. Give one from 1 to 65535, or 0 for any that is free."
        )
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise ConfigurationError(f"--host {host} cannot be listened on: {error}.") from error
    if not ip_address(str(address[0]).partition("%")[0]).is_loopback and catalog.api_keys.count() == 0:
        raise ConfigurationError(
            f"--host {host} can be reached from other machines, and there is no API key yet. Make one first: "
            "`calotype keys add NAME`."
        )
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ConfigurationError(f"{host}:{port} cannot be listened on: {error.strerror}.") from error
    return listener


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop. The signal is not raised again afterwards, as uvicorn does: to be stopped is how a service ends well."""
        self._service.ask_to_stop()  # Streams of events would keep the server waiting for their clients.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve(service: Service, listener: socket.socket) -> None:
    """Serve until a signal to stop arrives; what runs then has been put back into the queue."""
    config = uvicorn.Config(
        create_app(service),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_CLOSE_WITHIN_S,
    )
    _Server(config, service).run(sockets=[listener])
