"""Identity: the hash of stage, version, parameters and inputs under which a result is kept.

Keys are a file format: a change here orphans every record ever written. `SCHEMA` is hashed in, and tests pin literals.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from calotype.errors import InvalidParameter

SCHEMA = 1


def _normalised(value: Any) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidParameter(f"{value} cannot be part of a key: parameters must be finite numbers.")
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, Mapping):
        return {str(name): _normalised(member) for name, member in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, (list, tuple)):
        return [_normalised(member) for member in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def canonical_json(value: Any) -> bytes:
    """One spelling for one value: sorted names, no spaces, shortest floats (1.0 is 1), UTF-8; after RFC 8785."""
    text = json.dumps(
        _normalised(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest_of(value: Any) -> str:
    """sha256 of the canonical JSON of a value, in hex."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def set_digest(members: Iterable[tuple[str, str]]) -> str:
    """Identity of a set of artifacts that are seen together: sorted (name, digest) pairs, since cameras name their images."""
    return digest_of(sorted(members))


def item_key(
    stage: str,
    version: str,
    parameters: Mapping[str, Any],
    digests: Sequence[str],
    shared: Mapping[str, str],
    take: str = "",
) -> str:
    """Key of one item of an `Each` stage: names are not in it, so the same picture in another job finds its result.

    `digests` are those of the item (several when kinds are paired), `shared` the digests of the other ports, `take` is
    set when somebody asked for the step to be computed again.
    """
    return digest_of(
        {
            "schema": SCHEMA,
            "stage": stage,
            "version": version,
            "parameters": parameters,
            "item": list(digests),
            "shared": dict(shared),
            **({"take": take} if take else {}),
        }
    )


def step_key(
    stage: str, version: str, parameters: Mapping[str, Any], inputs: Mapping[str, str], take: str = ""
) -> str:
    """Key of a whole step; `inputs` maps each connected port to the digest of what flows into it, `take` as in `item_key`."""
    return digest_of(
        {
            "schema": SCHEMA,
            "stage": stage,
            "version": version,
            "parameters": parameters,
            "inputs": dict(inputs),
            **({"take": take} if take else {}),
        }
    )
