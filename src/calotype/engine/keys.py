"""Identity: the hash of stage, version, parameters and inputs under which a result is kept.

Keys are a file format: a change here orphans every record ever written. `SCHEMA` is hashed in, and tests pin literals.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from calotype.errors import InvalidParameter

SCHEMA = 1


def _normalised(value: Any) -> Any:
    if isinstance(value, str):
        return value
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


def ordered_set_digest(members: Iterable[tuple[str, str]]) -> str:
    """`set_digest` of pairs that come sorted: hashed as they come, so that none need be held."""
    hasher = hashlib.sha256(b"[")
    for number, member in enumerate(members):
        hasher.update((b"," if number else b"") + canonical_json(member))
    hasher.update(b"]")
    return hasher.hexdigest()


def item_keys(
    stage: str, version: str, parameters: Mapping[str, Any], shared: Mapping[str, str], take: str = ""
) -> Callable[[Sequence[str]], str]:
    """The function from an item's digests (several when kinds are paired) to its key in an `Each` stage.

    Names are not in it, so the same picture in another job finds its result. `shared` are the digests of the other ports,
    `take` is set when somebody asked for the step to be computed again. What all items share is written once: there may be
    a hundred thousand of them.
    """
    empty = canonical_json(
        {
            "schema": SCHEMA,
            "stage": stage,
            "version": version,
            "parameters": parameters,
            "item": [],
            "shared": dict(shared),
            **({"take": take} if take else {}),
        }
    )
    head = b'{"item":['
    assert empty.startswith(head), "names are sorted, and `item` is the first of them"
    rest = empty[len(head) :]

    def key(digests: Sequence[str]) -> str:
        return hashlib.sha256(
            head + json.dumps(digests, separators=(",", ":"))[1:-1].encode() + rest
        ).hexdigest()

    return key


def item_key(
    stage: str,
    version: str,
    parameters: Mapping[str, Any],
    digests: Sequence[str],
    shared: Mapping[str, str],
    take: str = "",
) -> str:
    """Key of one item of an `Each` stage; see `item_keys`."""
    return item_keys(stage, version, parameters, shared, take)(digests)


def step_key(
    stage: str, version: str, parameters: Mapping[str, Any], inputs: Mapping[str, str], take: str = ""
) -> str:
    """Key of a whole step; `inputs` maps each connected port to the digest of what flows into it, `take` as in `item_keys`."""
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
