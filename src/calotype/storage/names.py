"""What a key or a published name may look like, so that no name can reach outside its bucket or folder."""

from __future__ import annotations

import re

from calotype.errors import InvalidParameter

MAX_KEY_BYTES = 1024
"""S3's own limit, kept for folders too, so that a store can be copied from one to the other."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def valid_key(key: str) -> str:
    """`key`, unchanged: relative, `/` between parts, no empty, `.` or `..` part, no control character, at most 1024 bytes.

    Raises InvalidParameter otherwise.
    """
    problem = name_problem(key)
    if problem:
        raise InvalidParameter(f"{key!r} cannot be a name in a store: {problem}.")
    return key


def valid_prefix(prefix: str) -> str:
    """`prefix` without its trailing slash: a folder of keys; the empty prefix is the whole store."""
    bare = prefix.removesuffix("/")
    return valid_key(bare) if bare else ""


def valid_digest(digest: str) -> str:
    """`digest`, unchanged: 64 lower-case hexadecimal digits. Raises InvalidParameter otherwise."""
    if not _DIGEST.fullmatch(digest):
        raise InvalidParameter(f"{digest!r} is not a sha256 digest: 64 lower-case hexadecimal digits are.")
    return digest


def name_problem(key: str) -> str | None:
    """What is wrong with a name in a store, as a clause; None for a good one."""
    if not key:
        return "it is empty"
    if key.startswith("/"):
        return "it starts with a slash"
    if _CONTROL.search(key):
        return "it holds a control character"
    if "\\" in key:
        return "it holds a backslash, which some systems read as a folder"
    if any(part in ("", ".", "..") for part in key.split("/")):
        return "it has an empty, '.' or '..' part"
    try:
        encoded = key.encode()
    except UnicodeEncodeError:
        return "it is not valid Unicode"
    if len(encoded) > MAX_KEY_BYTES:
        return f"it is longer than {MAX_KEY_BYTES} bytes"
    return None
