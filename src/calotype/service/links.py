"""Links to files of runs that need no key: good for one file, for a while, and no longer than the key that asked for them."""

from __future__ import annotations

import hashlib
import hmac
import re
from urllib.parse import parse_qs, quote, urlencode

from calotype.catalog import Catalog
from calotype.catalog.api_keys import ApiKeyRow
from calotype.service.keys import READ, Caller

LONGEST_S = 7 * 24 * 3600

_FILE = re.compile(r"/api/v1/runs/[^/]+/artifacts/.+")
_NUMBER = re.compile(r"[0-9]{1,12}")


def link_to(path: str, key: ApiKeyRow, expires: int) -> str:
    """The address, with a query that stands for the key: `expires` in seconds since the epoch."""
    query = urlencode({"key": key.id, "expires": expires, "signature": _signature(path, key, expires)})
    return f"{quote(path)}?{query}"


def caller_of_link(catalog: Catalog, path: str, query: str, now: float) -> Caller | None:
    """Who asked for this link; None when it is none, is of another file, or its time or its key has gone."""
    given = {name: values[0] for name, values in parse_qs(query, max_num_fields=20).items()}
    expires, signature = given.get("expires", ""), given.get("signature", "")
    if not (
        _FILE.fullmatch(path) and _NUMBER.fullmatch(expires) and now < int(expires) <= now + LONGEST_S + 60
    ):
        return None
    key = catalog.api_keys.find(given.get("key", "")[:16])
    if key is None or READ not in key.scopes.split():
        return None
    if not hmac.compare_digest(_signature(path, key, int(expires)).encode(), signature.encode()):
        return None
    return Caller(key.id, key.name, frozenset({READ}))


def _signature(path: str, key: ApiKeyRow, expires: int) -> str:
    """HMAC-SHA256 under the key's digest: whoever could read that from the catalog could read the files as well."""
    return hmac.new(bytes.fromhex(key.digest), f"GET\n{path}\n{expires}".encode(), hashlib.sha256).hexdigest()
