"""Parts of files: what a `Range` may ask for."""

from __future__ import annotations

import re

from calotype.service.problems import Problem

_SPEC = re.compile(r"\s*(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))\s*")
_MOST = 20


def check_range(text: str | None, size: int) -> None:
    """Nothing, where the header asks for parts that a file of `size` bytes has, or for none. A Problem otherwise."""
    if text is None or not text.strip().lower().startswith("bytes"):
        return  # Other units are ignored (RFC 9110, 14.2).
    _, _, listed = text.partition("=")
    specs = listed.split(",")
    found = [_SPEC.fullmatch(spec) for spec in specs]
    if len(specs) > _MOST or any(one is None for one in found):
        said = f"Range cannot be read: give bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT, at most {_MOST} of them."
        raise _refused(said, size)
    for one in found:
        assert one is not None
        first, last, count = one.groups()
        is_there = int(count) > 0 if count else int(first) < size
        if not is_there or size == 0 or (last and int(last) < int(first)):
            raise _refused(f"The file has {size} bytes; Range asks for others.", size)


def _refused(said: str, size: int) -> Problem:
    return Problem(416, "range-not-satisfiable", said, headers={"Content-Range": f"bytes */{size}"})
