"""Read a stranger's web address strictly: one meaning or none, whatever other programs would make of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from calotype.errors import UrlRefused

MAX_URL = 8192
"""Characters. Presigned URLs with a session token have up to some 4,000."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORTS = {"http": 80, "https": 443}
_MAX_HOST = 253
# RFC 3986's characters of paths and queries, and the percent sign, whose escapes stay as they are: signatures cover them.
_SAFE = "%!$&'()*+,;=:@/?-._~[]|^`{}"


@dataclass(frozen=True)
class WebUrl:
    """A web address taken apart; nothing but these parts is ever used to contact it."""

    scheme: str
    host: str
    """ASCII, lower case: a name without trailing dot, an IPv4 address, or an IPv6 address without brackets."""
    port: int
    target: str
    """Path and query as they are sent."""

    @classmethod
    def parse(cls, text: str) -> WebUrl:
        """The parts of an absolute http or https URL; other schemes are parsed alike and refused by the policy.

        Raises UrlRefused for anything that two programs could read differently: user names, backslashes, spaces, control
        characters, zones, IPv4 addresses in other forms than `a.b.c.d`, ports that are no number.
        """
        _check_characters(text)
        found = _SCHEME.fullmatch(text)
        if found is None or not found[2].startswith("//"):
            raise _refused(text, "it is no absolute URL such as https://example.org/photo.jpg")
        scheme = found[1].lower()
        authority, target = _split(found[2][2:])
        if "@" in authority:
            raise _refused(text, "it holds a user name or password")
        host_text, port = _host_and_port(text, authority, scheme)
        return cls(scheme, _host(text, host_text), port, quote(target, safe=_SAFE))

    def joined(self, location: str) -> WebUrl:
        """Where a redirect to `location`, absolute or relative, leads. Raises UrlRefused as `parse` does."""
        _check_characters(location)
        try:
            joined = urljoin(str(self), location)
        except ValueError as error:
            raise _refused(location, str(error)) from error
        return WebUrl.parse(joined)

    @property
    def netloc(self) -> str:
        """Host and port as the `Host` header has them: no port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS.get(self.scheme) else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what may be shown of a webhook, whose path is often its secret."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def shown(self) -> str:
        """The URL for people and logs: without its query, which may hold a signature."""
        path, mark, _ = self.target.partition("?")
        return f"{self.origin}{path[:150]}{'?...' if mark else ''}"

    def __str__(self) -> str:
        return self.origin + self.target


def shown_url(text: str) -> str:
    """Any text that should have been a URL, for an error: no query, no password, no control character, not long."""
    bare = re.split(r"[?#]", text, maxsplit=1)[0]
    if "@" in bare:
        scheme, separator, _ = bare.partition("://")
        bare = f"{scheme + separator if separator else ''}...@{bare.rpartition('@')[2]}"
    clean = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in bare)
    return clean if len(clean) <= 150 else clean[:150] + "..."


def _refused(text: str, why: str) -> UrlRefused:
    return UrlRefused(f"{shown_url(text)} is not contacted: {why}.")


def _check_characters(text: str) -> None:
    if not text:
        raise UrlRefused("A URL is empty.")
    if len(text) > MAX_URL:
        raise _refused(text, f"it has {len(text)} characters; up to {MAX_URL} are read")
    for letter in text:
        # Control and format characters (also those that turn the direction of text), lone surrogates, all kinds of space.
        if letter == "\\" or letter <= " " or unicodedata.category(letter) in (
            "Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp",
        ):  # fmt: skip
            what = "a backslash" if letter == "\\" else f"a space or control character (U+{ord(letter):04X})"
            raise _refused(text, f"it holds {what}")


def _split(rest: str) -> tuple[str, str]:
    """Authority, and path with query; the fragment is dropped, it never leaves a browser."""
    rest = rest.partition("#")[0]
    end = next((place for place, letter in enumerate(rest) if letter in "/?"), len(rest))
    target = rest[end:]
    return rest[:end], target if target.startswith("/") else "/" + target


def _host_and_port(text: str, authority: str, scheme: str) -> tuple[str, int]:
    if authority.startswith("["):
        host, closed, after = authority.partition("]")
        host += closed
        if not closed or (after and not after.startswith(":")):
            raise _refused(text, "its IPv6 address is not written as [address]")
        separator, port = after[:1], after[1:]
    else:
        host, separator, port = authority.partition(":")
    if not separator:
        return host, _PORTS.get(scheme, 0)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise _refused(text, "its port is no number from 1 to 65535")
    return host, int(port)


def _host(text: str, host: str) -> str:
    if host.startswith("["):
        return _ipv6(text, host[1:-1])
    if "%" in host:
        raise _refused(text, "its host holds a percent sign")
    name = (host if host.isascii() else _ascii_name(text, host)).lower().removesuffix(".")
    if not name:
        raise _refused(text, "it names no host")
    if len(name) > _MAX_HOST:
        raise _refused(text, f"its host has more than {_MAX_HOST} characters")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        # Many resolvers also take 2130706433, 0x7f.1 and 0177.0.0.1 for 127.0.0.1; a name never ends in a number.
        try:
            return str(IPv4Address(name))
        except AddressValueError:
            raise _refused(text, "its IPv4 address is not written as four plain decimal numbers") from None
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(text, "its host is no name that a server can have")
    return name


def _ascii_name(text: str, host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise _refused(text, f"its host is no international name ({error})") from error


def _ipv6(text: str, address: str) -> str:
    if "%" in address:
        raise _refused(text, "its IPv6 address names a network card")
    try:
        return str(IPv6Address(address))
    except AddressValueError:
        raise _refused(text, "its IPv6 address cannot be read") from None
