"""Which addresses are public, and what an operator can open."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from calotype.errors import ConfigurationError, UrlRefused
from calotype.storage.addresses import why_not_public
from calotype.storage.web_policy import AllowedHosts, FetchPolicy

FORBIDDEN = [
    ("0.0.0.0", "no host"),
    ("0.1.2.3", "no host"),
    ("10.0.0.1", "private"),
    ("10.255.255.255", "private"),
    ("100.64.0.1", "provider"),
    ("100.127.255.255", "provider"),
    ("100.100.100.200", "Alibaba"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("168.63.129.16", "Azure"),
    ("169.254.0.1", "link-local"),
    ("169.254.169.254", "metadata"),
    ("169.254.170.2", "containers on AWS"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.1", "protocols"),
    ("192.0.0.192", "Oracle"),
    ("192.0.2.1", "documentation"),
    ("192.88.99.1", "6to4"),
    ("192.168.0.1", "private"),
    ("198.18.0.1", "benchmarks"),
    ("198.19.255.255", "benchmarks"),
    ("198.51.100.7", "documentation"),
    ("203.0.113.7", "documentation"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.250", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "broadcast"),
    ("::", "no host"),
    ("::1", "loopback"),
    ("::7f00:1", "IPv4-compatible"),
    ("::808:808", "IPv4-compatible"),
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:127.0.0.1", "loopback"),
    ("::ffff:169.254.169.254", "metadata"),
    ("::ffff:0:127.0.0.1", "IPv4-translated"),
    ("64:ff9b::7f00:1", "NAT64 of 127.0.0.1"),
    ("64:ff9b::a9fe:a9fe", "NAT64 of 169.254.169.254"),
    ("64:ff9b:1::1", "local NAT64"),
    ("64:ff9b:1::808:808", "translation"),
    ("100::1", "discarded"),
    ("2001::1", "Teredo"),
    ("2001:0:4136:e378:8000:63bf:80ff:fffe", "Teredo"),
    ("2001:2::1", "protocols"),
    ("2001:10::1", "protocols"),
    ("2001:db8::1", "documentation"),
    ("2002:7f00:1::1", "6to4"),
    ("2002:a9fe:a9fe::", "6to4"),
    ("2002:808:808::1", "6to4"),
    ("3fff::1", "documentation"),
    ("4000::1", "in use"),
    ("5f00::1", "segment routing"),
    ("fc00::1", "private"),
    ("fd12:3456::1", "private"),
    ("fd00:ec2::254", "AWS"),
    ("fd00:ec2::23", "AWS"),
    ("fd20:ce::254", "Google"),
    ("fd00:c1::a9fe:a9fe", "Oracle"),
    ("fd00:42::42", "Scaleway"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "network card"),
    ("2606:4700::1111%eth0", "network card"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
    ("ffff::", "multicast"),
]

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.17",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
]


@pytest.mark.parametrize(("address", "reason"), FORBIDDEN)
def test_an_address_that_is_not_of_the_public_internet_is_forbidden_with_its_reason(
    address: str, reason: str
) -> None:
    forbidden = why_not_public(ip_address(address))
    assert forbidden is not None
    assert reason in forbidden.reason


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_internet_is_fine(address: str) -> None:
    assert why_not_public(ip_address(address)) is None


def test_no_address_that_python_calls_private_is_public() -> None:
    """An independent table, the standard library's, asked for one address in every network of 16 bits."""
    passed: list[str] = []
    for text in [f"{first}.{second}.3.4" for first in range(256) for second in range(256)]:
        address = IPv4Address(text)
        if why_not_public(address) is None and not address.is_global:
            passed.append(text)
    for group in range(0x10000):
        six = IPv6Address(group << 112 | 1)
        if why_not_public(six) is None and not six.is_global:
            passed.append(str(six))
    assert passed == []


def checked(allowed: str, host: str, port: int, address: str) -> str:
    policy = FetchPolicy(private=AllowedHosts.parse(allowed))
    return str(policy.checked(host, port, ip_address(address)))


@pytest.mark.parametrize(
    ("allowed", "host", "port", "address"),
    [
        ("", "example.org", 443, "8.8.8.8"),
        ("photos.lan", "photos.lan", 80, "192.168.1.5"),
        ("photos.lan:9000", "photos.lan", 9000, "192.168.1.5"),
        ("PHOTOS.lan.", "photos.lan", 8080, "fd12::1"),
        ("localhost:1234", "localhost", 1234, "127.0.0.1"),
        ("10.0.0.0/8", "anything.example", 80, "10.1.2.3"),
        ("10.0.0.0/8:9000", "anything.example", 9000, "10.1.2.3"),
        ("a.lan,10.1.2.3", "10.1.2.3", 443, "10.1.2.3"),
        ("[fd12::1]:8081", "fd12::1", 8081, "fd12::1"),
        ("fd12::/16", "x.example", 443, "fd12:1::1"),
        ("127.0.0.1:80", "x.example", 80, "127.0.0.1"),
        ("public.example:9999", "public.example", 9999, "8.8.8.8"),
    ],
)
def test_what_the_operator_opened_may_be_contacted(allowed: str, host: str, port: int, address: str) -> None:
    assert checked(allowed, host, port, address) == address


@pytest.mark.parametrize(
    ("allowed", "host", "port", "address"),
    [
        ("photos.lan", "other.lan", 80, "192.168.1.5"),
        ("photos.lan", "x.photos.lan", 80, "192.168.1.5"),
        ("photos.lan:9000", "photos.lan", 80, "192.168.1.5"),
        ("photos.lan", "photos.lan", 9000, "192.168.1.5"),
        ("10.0.0.0/8", "anything.example", 6379, "10.1.2.3"),
        ("10.0.0.0/8", "anything.example", 80, "172.16.1.2"),
        ("", "example.org", 22, "8.8.8.8"),
        # A name that the operator trusts never opens the services that hand out the machine's credentials.
        ("photos.lan", "photos.lan", 80, "169.254.169.254"),
        ("0.0.0.0/0 ::/0", "photos.lan", 80, "169.254.169.254"),
        ("0.0.0.0/0 ::/0", "photos.lan", 80, "::ffff:169.254.169.254"),
        ("0.0.0.0/0 ::/0", "photos.lan", 80, "fd00:ec2::254"),
        ("0.0.0.0/0 ::/0", "photos.lan", 80, "64:ff9b::a9fe:a9fe"),
        ("0.0.0.0/0 ::/0", "photos.lan", 80, "2002:a9fe:a9fe::"),
        ("0.0.0.0/0 ::/0", "photos.lan", 80, "224.0.0.1"),
        ("0.0.0.0/0 ::/0", "photos.lan", 80, "0.0.0.0"),
    ],
)
def test_what_the_operator_did_not_open_stays_closed(
    allowed: str, host: str, port: int, address: str
) -> None:
    with pytest.raises(UrlRefused):
        checked(allowed, host, port, address)


@pytest.mark.parametrize(
    "entry",
    ["127.0.1/9", "a b/c", "http://x", "host:0", "host:65536", "host:x", "10.0.0.0/33", "[::1", "::1]", "*.lan", "2130706433"],
)  # fmt: skip
def test_an_entry_that_names_no_host_is_told(entry: str) -> None:
    with pytest.raises(ConfigurationError, match="no host to allow"):
        AllowedHosts.parse(entry)


def test_the_refusal_names_the_setting_where_there_is_one_and_it_would_help() -> None:
    policy = FetchPolicy(private_hint="Set THIS.")
    with pytest.raises(UrlRefused, match=r"nas leads to 10\.0\.0\.1, a private address .* Set THIS\."):
        policy.checked("nas", 80, ip_address("10.0.0.1"))
    with pytest.raises(UrlRefused) as refused:
        policy.checked("x", 80, ip_address("169.254.169.254"))
    assert "Set THIS" not in str(refused.value)
