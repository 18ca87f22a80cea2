"""What may be contacted on behalf of a stranger: schemes, ports, private hosts that the operator opened, caps and deadlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path

from calotype.errors import ConfigurationError, UrlRefused
from calotype.storage.addresses import Address, Network, plain, why_not_public

_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_ENTRY = re.compile(r"\[(?P<bracketed>[^\]]*)\](?::(?P<port>\d+))?|(?P<bare>[^\[\]]*)")


@dataclass(frozen=True)
class AllowedHosts:
    """Private hosts that the operator opened, each for one port or for the policy's usual ones."""

    names: frozenset[tuple[str, int | None]] = frozenset()
    """Host names in lower case, with a port or None."""
    networks: tuple[tuple[Network, int | None], ...] = ()
    """Networks, a single address among them, with a port or None."""

    @classmethod
    def parse(cls, text: str) -> AllowedHosts:
        """`localhost:9000, photos.lan, 10.1.0.0/16, [fd12::1]:8080`: names, addresses and networks, each with or without a port.

        Raises ConfigurationError for an entry that is none of these.
        """
        names: set[tuple[str, int | None]] = set()
        networks: list[tuple[Network, int | None]] = []
        for entry in re.split(r"[,\s]+", text.strip()):
            if not entry:
                continue
            where, port = _with_port(entry)
            try:
                networks.append((ip_network(where, strict=False), port))
            except ValueError:
                name = where.lower().removesuffix(".")
                if not _NAME.fullmatch(name) or name.replace(".", "").isdigit():
                    raise ConfigurationError(_no_entry(entry)) from None
                names.add((name, port))
        return cls(frozenset(names), tuple(networks))

    def ports_of(self, host: str, address: Address) -> Iterator[int | None]:
        """The port of every entry that covers this address under this name; None for an entry without one."""
        for name, port in self.names:
            if name == host:
                yield port
        for network, port in self.networks:
            if network.version == address.version and address in network:
                yield port

    def names_port(self, port: int) -> bool:
        """Whether any entry opens this port."""
        return any(one == port for _, one in (*self.names, *self.networks))


def _with_port(entry: str) -> tuple[str, int | None]:
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ConfigurationError(_no_entry(entry))
    if found["bracketed"] is not None:
        where, port = found["bracketed"], found["port"]
    else:
        bare = found["bare"]
        # More than one colon is an IPv6 address; only brackets set a port apart from it.
        where, _, port = bare.partition(":") if bare.count(":") == 1 else (bare, "", None)
    if port is None:
        return where, None
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise ConfigurationError(_no_entry(entry))
    return where, int(port)


def _no_entry(entry: str) -> str:
    return (
        f"{entry[:100]!r} is no host to allow. Give names, addresses or networks, with a port where only one is meant: "
        "localhost:9000, photos.lan, 10.1.0.0/16, [fd12::1]:8080."
    )


@dataclass(frozen=True)
class FetchPolicy:
    """What a URL may reach, and what fetching it may cost. The default is for a picture that a stranger named."""

    schemes: frozenset[str] = frozenset({"http", "https"})
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})
    """Ports that may be contacted at public addresses, and at private ones that were opened without a port."""
    private: AllowedHosts = AllowedHosts()
    """Private hosts that may be contacted all the same."""
    private_hint: str = ""
    """What an operator can do about a private address that was refused: a sentence for the error, where there is an operator."""
    max_redirects: int = 3
    max_bytes: int = 1 << 30
    """Bytes of a body, as sent and as decoded."""
    connect_s: float = 10.0
    """Longest wait for a connection to one address, and for a name to be resolved."""
    read_s: float = 30.0
    """Longest silence."""
    total_s: float = 600.0
    """Longest time for all of it, redirects included."""
    ca_file: Path | None = None
    """Certificate authorities to trust instead of the usual ones, as a PEM file."""

    def checked(self, host: str, port: int, address: Address) -> Address:
        """The address to connect to for `host`, without its IPv4-mapped wrapping. Raises UrlRefused, with the reason.

        What the operator opened by name or address is fine unless it must never be; public addresses are, on the usual ports.
        """
        forbidden = why_not_public(address)
        if forbidden is None:
            if port not in self.ports and port not in self.private.ports_of(host, plain(address)):
                raise UrlRefused(self._wrong_port(host, port))
            return plain(address)
        opened = (
            set(self.private.ports_of(host, plain(address)))
            if forbidden.may_be_allowed
            else set[int | None]()
        )
        if port in opened or (None in opened and port in self.ports):
            return plain(address)
        if None in opened:
            raise UrlRefused(self._wrong_port(host, port))
        leads = f"{host} is" if host == str(address) else f"{host} leads to {address},"
        hint = f" {self.private_hint}" if self.private_hint and forbidden.may_be_allowed else ""
        raise UrlRefused(f"{leads} {forbidden.reason}: strangers' URLs must not lead there.{hint}")

    def check_scheme_and_port(self, scheme: str, host: str, port: int) -> None:
        """Nothing, if some address could be contacted this way; UrlRefused before any name is resolved otherwise."""
        if scheme not in self.schemes:
            raise UrlRefused(f"{scheme}:// is not fetched; {' and '.join(sorted(self.schemes))} are.")
        if port not in self.ports and not self.private.names_port(port):
            raise UrlRefused(self._wrong_port(host, port))

    def _wrong_port(self, host: str, port: int) -> str:
        usual = ", ".join(map(str, sorted(self.ports)))
        hint = f" {self.private_hint}" if self.private_hint else ""
        return f"{host}: port {port} is not contacted; only {usual} and ports that were opened by name are.{hint}"


WEBHOOKS = FetchPolicy(max_redirects=0, max_bytes=1 << 16, read_s=15.0, total_s=30.0)
"""For a message: it goes to the address that was given or nowhere, within half a minute."""

UPLOADS = replace(WEBHOOKS, read_s=120.0, total_s=6 * 3600.0)
"""For a file sent to a presigned URL: as a message, with time for a large file and for a server that assembles it."""
