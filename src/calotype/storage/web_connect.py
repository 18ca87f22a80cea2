"""Connect to strangers' servers: a name is resolved once, all its addresses are checked, a checked one is connected to."""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpcore

from calotype.errors import Cancelled, ConfigurationError, Transient, UnreadableInput, UrlRefused
from calotype.storage.addresses import Address, parsed_address
from calotype.storage.web_policy import FetchPolicy

Resolver = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text; raises socket.gaierror. The seam through which tests say where names lead."""

_MOST_TRIED = 4
_SLICE_S = 0.25
_FINAL = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME), socket.EAI_FAIL}


class OutOfTime(Exception):
    """The deadline of a piece of work has passed; the client says of which."""


class BadTls(Exception):
    """A server cannot prove who it is, or speaks no TLS; the client says which."""


class Clock:
    """The time that one piece of work has, and whether somebody asked to stop it."""

    def __init__(self, total_s: float, stop: threading.Event) -> None:
        self._total_s = total_s
        self._ends = time.monotonic() + total_s
        self._stop = stop

    def left(self, most_s: float) -> float:
        """Seconds until the end, at most `most_s`. Raises OutOfTime at the end, Cancelled when asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime(f"it was not done within {self._total_s:g} s")
        return min(left, most_s)

    def can_wait(self, seconds: float) -> bool:
        """Whether there will be time left after so many seconds."""
        return time.monotonic() + seconds < self._ends

    def wait(self, seconds: float) -> None:
        """Nothing, after so many seconds. Raises Cancelled as soon as somebody asks to stop."""
        if self._stop.wait(seconds):
            raise Cancelled


def system_addresses(host: str, port: int) -> list[str]:
    """What this machine's resolver says, in the order in which addresses should be tried; raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked_addresses(
    host: str, port: int, policy: FetchPolicy, resolve: Resolver, timeout_s: float | None = None
) -> list[Address]:
    """Addresses of `host`, every one of which may be contacted.

    Raises UrlRefused when any of them may not: a name that leads both into the internet and into a private network is an
    attack or a mistake. Raises UnreadableInput for a name nobody knows, Transient when no resolver answers.
    """
    found = _addresses(host, port, resolve, policy.connect_s if timeout_s is None else timeout_s)
    if not found:
        raise UnreadableInput(f"There is no host {host}.")
    return list(dict.fromkeys(policy.checked(host, port, address) for address in found))


def _addresses(host: str, port: int, resolve: Resolver, timeout_s: float) -> list[Address]:
    try:
        return [parsed_address(host)]
    except ValueError:
        pass  # A name.
    try:
        return [parsed_address(text) for text in _within(timeout_s, host, lambda: resolve(host, port))]
    except socket.gaierror as error:
        if error.errno in _FINAL:
            raise UnreadableInput(f"There is no host {host} ({error.strerror}).") from error
        raise Transient(f"The name {host} cannot be resolved now ({error.strerror}).") from error
    except (ValueError, UnicodeError) as error:
        raise UrlRefused(f"{host} leads to something that is no address ({error}).") from error


def _within(timeout_s: float, host: str, resolve: Callable[[], Sequence[str]]) -> Sequence[str]:
    """What `resolve` returns or raises; Transient when it takes longer. The system's resolver knows no deadline."""
    ended: list[Sequence[str] | BaseException] = []

    def work() -> None:
        try:
            ended.append(resolve())
        except BaseException as error:  # noqa: BLE001 - raised by the thread that waits
            ended.append(error)

    thread = threading.Thread(target=work, name="resolve", daemon=True)
    thread.start()
    thread.join(timeout_s)
    if not ended:
        raise Transient(f"The name {host} was not resolved within {timeout_s:g} s.")
    if isinstance(ended[0], BaseException):
        raise ended[0]
    return ended[0]


@lru_cache(maxsize=8)
def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """How servers are verified: by the authorities in `ca_file`, else by the system's and certifi's. Kept: loading takes 30 ms."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(f"{ca_file} cannot be read as certificate authorities: {error}.") from error
    if ca_file is None:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


class GuardedBackend(httpcore.NetworkBackend):
    """httpcore's door to the network, which opens checked addresses only. For one thread at a time."""

    def __init__(self, policy: FetchPolicy, resolve: Resolver, clock: Clock) -> None:
        self._policy = policy
        self._resolve = resolve
        self.clock = clock
        """The deadline of what is under way; set anew for each piece of work."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = checked_addresses(
            host, port, self._policy, self._resolve, self.clock.left(self._policy.connect_s)
        )
        failure: OSError | None = None
        for address in addresses[:_MOST_TRIED]:
            try:
                # The address as text: nothing is resolved again.
                connected = socket.create_connection(
                    (str(address), port), self.clock.left(self._policy.connect_s)
                )
            except OSError as error:
                failure = error
                continue
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return _Stream(connected, self)
        raise httpcore.ConnectError(_reason(failure)) from failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise UrlRefused("Sockets of this machine are not contacted.")

    @property
    def longest_silence_s(self) -> float:
        return self._policy.read_s

    def read_limit(self) -> float:
        """Seconds that one wait for the other side may take now."""
        return self.clock.left(self._policy.read_s)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the work's deadline, however slowly bytes drip, and when asked to stop."""

    def __init__(self, connected: socket.socket, backend: GuardedBackend) -> None:
        self._socket = connected
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        silence = time.monotonic() + self._backend.longest_silence_s
        while True:
            self._socket.settimeout(min(_SLICE_S, self._backend.read_limit()))
            try:
                return self._socket.recv(max_bytes)
            except TimeoutError as error:
                if time.monotonic() >= silence:
                    raise httpcore.ReadTimeout("the server fell silent") from error
            except OSError as error:
                raise httpcore.ReadError(_reason(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        silence = time.monotonic() + self._backend.longest_silence_s
        view = memoryview(buffer)
        while view:
            self._socket.settimeout(min(_SLICE_S, self._backend.read_limit()))
            try:
                view = view[self._socket.send(view) :]
            except TimeoutError as error:
                if time.monotonic() >= silence:
                    raise httpcore.WriteTimeout("the server stopped reading") from error
            except OSError as error:
                raise httpcore.WriteError(_reason(error)) from error

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._socket.settimeout(self._backend.read_limit())
        try:
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except ssl.SSLCertVerificationError as error:
            raise BadTls(
                f"its certificate is not valid for {server_hostname} ({error.verify_message})"
            ) from error
        except (TimeoutError, ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise httpcore.ConnectError(_reason(error)) from error
        except OSError as error:
            raise BadTls(f"it speaks no TLS that is understood here ({_reason(error)})") from error
        finally:
            # The wrapped one has a descriptor of its own; a failed one was closed already.
            self._socket.close()
        return _Stream(wrapped, self._backend)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            # Of an idle connection: whether the server has closed it.
            return self._is_readable()
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        return None

    def _is_readable(self) -> bool:
        if self._socket.fileno() < 0:
            return True
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(0))


def _reason(error: OSError | None) -> str:
    if isinstance(error, TimeoutError):
        return "no answer"
    return (error.strerror or str(error)) if error else "no address"
