"""Keys of the API: shown once, kept as a digest, good for what they were made for, and refused once removed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from calotype.catalog import Catalog
from calotype.errors import ConfigurationError, InvalidParameter
from calotype.service.keys import READ, SCOPES, add_key, caller_of
from calotype.service.server import listening_socket
from commands import Called

Calotype = Callable[..., Called]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


def test_a_key_is_shown_once_and_kept_nowhere(calotype: Calotype, tmp_path: Path) -> None:
    made = calotype("keys", "add", "laptop", "--json")
    key = made.json["key"]
    assert made.code == 0 and made.json["name"] == "laptop"
    listed = calotype("keys", "list", "--json")
    assert [one["name"] for one in listed.json] == ["laptop"]
    assert listed.json[0]["scopes"] == list(SCOPES)
    secret = key.rpartition("_")[2]
    assert secret not in listed.out
    kept = [path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert kept and not any(secret.encode() in data for data in kept)


def test_a_name_is_taken_once_and_free_again_after_removal(calotype: Calotype) -> None:
    assert calotype("keys", "add", "laptop").code == 0
    again = calotype("keys", "add", "laptop")
    assert again.code == 78 and "a key called 'laptop' already" in again.err
    assert calotype("keys", "remove", "laptop").code == 0
    missing = calotype("keys", "remove", "laptop")
    assert missing.code == 78 and "no key called 'laptop'" in missing.err
    assert calotype("keys", "add", "laptop").code == 0


@pytest.mark.parametrize("name", ["", "-x", "a" * 101, "two\nlines", "\x1b[31m"])
def test_a_name_that_could_deceive_is_refused(catalog: Catalog, name: str) -> None:
    with pytest.raises(InvalidParameter, match="cannot name a key"):
        add_key(catalog, name)


def test_a_scope_that_nobody_knows_is_refused(catalog: Catalog) -> None:
    with pytest.raises(InvalidParameter, match="no scope 'runs:all'"):
        add_key(catalog, "a", ["runs:all"])
    assert catalog.api_keys.count() == 0


def test_only_the_whole_key_is_known(catalog: Catalog) -> None:
    key, other = add_key(catalog, "one", [READ]), add_key(catalog, "two")
    caller = caller_of(catalog, key)
    assert caller is not None and (caller.name, caller.scopes) == ("one", {READ})
    mixed = key[:18] + other[18:]
    for wrong in ("", key[:-1], key + "A", key.upper(), mixed, "calo_", key.replace("calo", "CALO")):
        assert caller_of(catalog, wrong) is None
    catalog.api_keys.remove("one")
    assert caller_of(catalog, key) is None
    assert caller_of(catalog, other) is not None


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_others_are_let_in_only_once_a_key_exists(catalog: Catalog, host: str) -> None:
    with pytest.raises(ConfigurationError, match="no API key yet"):
        listening_socket(host, 0, catalog)
    with listening_socket("127.0.0.1", 0, catalog) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
    add_key(catalog, "one")
    if host == "::" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with listening_socket(host, 0, catalog) as listener:
        assert listener.getsockname()[1] > 0


def test_the_command_refuses_to_listen_wider_without_a_key(calotype: Calotype) -> None:
    refused = calotype("serve", "--host", "0.0.0.0", "--port", "0")
    assert refused.code == 78 and "no API key yet" in refused.err


def test_an_address_that_is_taken_or_none_is_told(catalog: Catalog) -> None:
    with listening_socket("127.0.0.1", 0, catalog) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(ConfigurationError, match="cannot be listened on"):
            listening_socket("127.0.0.1", port, catalog)
    with pytest.raises(ConfigurationError, match="cannot be listened on"):
        listening_socket("no.such.host.invalid", 0, catalog)


def test_settings_that_are_none_are_told_by_name(calotype: Calotype, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("CALOTYPE_SERVICE_SOURCES", "/photos"),
        ("CALOTYPE_SERVICE_RATE", "fast"),
        ("CALOTYPE_SERVICE_BODY_MB", "-1"),
    ):
        monkeypatch.setenv(name, value)
        refused = calotype("serve")
        assert refused.code == 78 and name in refused.err
        monkeypatch.delenv(name)


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_is_none_is_refused(catalog: Catalog, port: int) -> None:
    with pytest.raises(ConfigurationError, match=f"--port {port} is no port"):
        listening_socket("127.0.0.1", port, catalog)
