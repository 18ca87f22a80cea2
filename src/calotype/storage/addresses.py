"""Tell public IP addresses from those that lead into a private network, to the machine itself or to a cloud's metadata."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Forbidden:
    """Why an address must not be contacted."""

    reason: str
    """In words: `a loopback address (127.0.0.0/8)`."""
    may_be_allowed: bool
    """Whether an operator's allow-list may open it; metadata services, multicast and tunnels stay closed."""


# The cloud's own services: credentials of the machine are handed out here. Most lie in link-local ranges, which are
# closed as a whole; these do not, or deserve their name in the message.
_METADATA: tuple[tuple[str, str], ...] = (
    ("169.254.169.254/32", "the metadata service of most clouds"),
    ("169.254.170.0/24", "the credentials service of containers on AWS"),
    ("100.100.100.200/32", "the metadata service of Alibaba Cloud"),
    ("168.63.129.16/32", "the platform service of Azure"),
    ("192.0.0.192/32", "the metadata service of Oracle Cloud"),
    ("fd00:ec2::/32", "the metadata and credentials services of AWS"),
    ("fd20:ce::254/128", "the metadata service of Google Cloud"),
    ("fd00:c1::a9fe:a9fe/128", "the metadata service of Oracle Cloud"),
    ("fd00:42::42/128", "the metadata service of Scaleway"),
)

# IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890 and successors), more specific ones first.
# `ipaddress.is_global` differs between versions of Python and knows neither tunnels nor metadata.
_OPENABLE: tuple[tuple[str, str], ...] = (
    ("10.0.0.0/8", "a private address"),
    ("172.16.0.0/12", "a private address"),
    ("192.168.0.0/16", "a private address"),
    ("127.0.0.0/8", "a loopback address"),
    ("100.64.0.0/10", "a provider's internal address"),
    ("198.18.0.0/15", "an address for benchmarks"),
    ("::1/128", "a loopback address"),
    ("fc00::/7", "a private address"),
    ("fec0::/10", "a site-local address"),
    ("64:ff9b:1::/48", "a network's own translation of IPv4 addresses"),
)
_CLOSED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "an address of no host"),
    ("169.254.0.0/16", "a link-local address"),
    ("192.0.0.0/24", "an address of protocols"),
    ("192.0.2.0/24", "an address for documentation"),
    ("198.51.100.0/24", "an address for documentation"),
    ("203.0.113.0/24", "an address for documentation"),
    ("192.88.99.0/24", "a relay of 6to4 tunnels"),
    ("224.0.0.0/4", "a multicast address"),
    ("255.255.255.255/32", "the broadcast address"),
    ("240.0.0.0/4", "a reserved address"),
    ("::/128", "an address of no host"),
    ("fe80::/10", "a link-local address"),
    ("ff00::/8", "a multicast address"),
    ("2001:db8::/32", "an address for documentation"),
    ("3fff::/20", "an address for documentation"),
    ("2001::/23", "an address of protocols"),
    ("100::/64", "an address whose packets are discarded"),
    ("5f00::/16", "an address of segment routing"),
)


def _networks(table: tuple[tuple[str, str], ...]) -> tuple[tuple[Network, str], ...]:
    return tuple((ip_network(network), what) for network, what in table)


_METADATA_NETWORKS = _networks(_METADATA)
_OPENABLE_NETWORKS = _networks(_OPENABLE)
_CLOSED_NETWORKS = _networks(_CLOSED)

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TEREDO = IPv6Network("2001::/32")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_TRANSLATED_LOCALLY = IPv6Network("64:ff9b:1::/48")
_COMPATIBLE = IPv6Network("::/96")
_TRANSLATED_V4 = IPv6Network(
    "::ffff:0:0:0/96"
)  # RFC 2765: "IPv4-translated", one group beside the mapped form.


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) stands for; any other address unchanged."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def parsed_address(text: str) -> Address:
    """The address in a resolver's answer, a scope (`%eth0`) left in place. Raises ValueError for anything else."""
    return ip_address(text)


def why_not_public(address: Address) -> Forbidden | None:
    """Why `address` is not one of the public internet; None when it is.

    IPv6 forms that carry an IPv4 address are judged by what they carry: mapped and NAT64 (64:ff9b::/96) ones as that address,
    the obsolete tunnels (6to4, Teredo, IPv4-compatible, IPv4-translated) never pass.
    """
    address = plain(address)
    if isinstance(address, IPv4Address):
        return _listed(address)
    if address.scope_id is not None:
        return Forbidden(f"an address of one network card ({address})", may_be_allowed=False)
    if found := _in(address, _METADATA_NETWORKS):
        return Forbidden(found, may_be_allowed=False)
    if (carried := _carried(address)) is not None:
        return _judged_by_what_it_carries(address, *carried)
    return _listed(address)


def _listed(address: Address) -> Forbidden | None:
    for networks, may_be_allowed in (
        (_METADATA_NETWORKS, False),
        (_OPENABLE_NETWORKS, True),
        (_CLOSED_NETWORKS, False),
    ):
        if found := _in(address, networks):
            return Forbidden(found, may_be_allowed)
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return Forbidden(f"outside the addresses in use on the internet ({_GLOBAL_UNICAST})", False)
    return None


def _in(address: Address, networks: tuple[tuple[Network, str], ...]) -> str | None:
    for network, what in networks:
        if address.version == network.version and address in network:
            return f"{what} ({network})"
    return None


def _carried(address: IPv6Address) -> tuple[str, IPv4Address] | None:
    """The form of an IPv6 address that carries an IPv4 address, and that address; None when it carries none."""
    value = int(address)
    last = IPv4Address(value & 0xFFFFFFFF)
    if address in _TRANSLATED:
        return "NAT64", last
    if address in _TRANSLATED_LOCALLY:
        return "local NAT64", last
    if address in _SIX_TO_FOUR:
        return "6to4", IPv4Address(value >> 80 & 0xFFFFFFFF)
    if address in _TEREDO:
        # RFC 4380: the client's address is stored with all bits turned.
        return "Teredo", IPv4Address(~value & 0xFFFFFFFF)
    if address in _TRANSLATED_V4:
        return "IPv4-translated", last
    if address in _COMPATIBLE and value > 1:
        return "IPv4-compatible", last
    return None


def _judged_by_what_it_carries(address: IPv6Address, form: str, carried: IPv4Address) -> Forbidden | None:
    inner = _listed(carried)
    if form == "NAT64":
        # What a resolver on a network without IPv4 answers for every host that has only that (RFC 6147).
        return inner and Forbidden(f"NAT64 of {carried}, {inner.reason}", may_be_allowed=False)
    if form == "local NAT64" and inner is None:
        return _listed(address)
    leads = f"{carried}, {inner.reason}" if inner else str(carried)
    return Forbidden(f"an address ({form}) that leads to {leads}", may_be_allowed=False)
