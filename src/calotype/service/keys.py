"""API keys: made once, shown once, kept as a digest, and checked in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from calotype.catalog import Catalog
from calotype.catalog.api_keys import ApiKeyRow
from calotype.errors import InvalidParameter

READ, WRITE = "runs:read", "runs:write"
SCOPES = {
    READ: "list runs, watch them, fetch what they made",
    WRITE: "start, cancel and resume runs",
}
"""What a key may be used for."""

_SECRET_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]{0,99}")
_KEY = re.compile(r"calo_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Caller:
    """Who asks."""

    id: str
    name: str
    scopes: frozenset[str]


def add_key(catalog: Catalog, name: str, scopes: Sequence[str] = ()) -> str:
    """A new key, of every scope unless some are given; nobody can read it from the catalog afterwards.

    Raises InvalidParameter for a name that is taken or none, or a scope that nobody knows.
    """
    if not _NAME.fullmatch(name):
        raise InvalidParameter(
            f"{name[:100]!r} cannot name a key: up to 100 letters, digits, spaces and . _ @ - can, the first a letter or digit."
        )
    if unknown := sorted(set(scopes) - SCOPES.keys()):
        raise InvalidParameter(f"There is no scope {unknown[0]!r}. There are: {', '.join(SCOPES)}.")
    key_id = secrets.token_hex(6)
    key = f"calo_{key_id}_{base64.urlsafe_b64encode(secrets.token_bytes(_SECRET_BYTES)).decode().rstrip('=')}"
    salt = secrets.token_hex(16)
    granted = " ".join(one for one in SCOPES if one in (scopes or SCOPES))
    catalog.api_keys.add(ApiKeyRow(key_id, name, salt, _digest(salt, key), granted))
    return key


def caller_of(catalog: Catalog, key: str) -> Caller | None:
    """Whose key it is; None when it is nobody's."""
    found = _KEY.fullmatch(key)
    row = catalog.api_keys.find(found[1]) if found else None
    if row is None or not hmac.compare_digest(_digest(row.salt, key), row.digest):
        return None
    return Caller(row.id, row.name, frozenset(row.scopes.split()))


def _digest(salt: str, key: str) -> str:
    """SHA-256 of salt and key. Slow hashes are for passwords, which can be guessed; 256 random bits cannot, however fast one
    tries, and a slow hash would let strangers keep the service busy with wrong keys."""
    return hashlib.sha256(f"{salt}:{key}".encode()).hexdigest()
