"""Names for files that came from URLs: readable, safe in any folder, no two alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote_to_bytes

from calotype.storage.web_urls import WebUrl

_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_MOST_PART = 80
_MOST_FOLDERS = 6

_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/heic": ".heic",
    "image/heif": ".heif",
}


def suffix_of_type(content_type: str) -> str:
    """The file name ending of a `Content-Type`; empty for those that no photo has."""
    return _SUFFIXES.get(content_type.partition(";")[0].strip().lower(), "")


def name_parts(url: WebUrl) -> tuple[str, ...]:
    """Host and path of a URL as the parts of a relative path: percent escapes decoded, nothing hidden, nothing unsafe.

    The last few folders are kept of very deep paths. A URL without a path is called `index`.
    """
    host = url.netloc.replace(":", "_").replace("[", "").replace("]", "")
    raw = [part for part in url.target.partition("?")[0].split("/") if part]
    parts = [_safe(unquote_to_bytes(part).decode(errors="replace")) for part in raw] or ["index"]
    return host, *parts[-_MOST_FOLDERS:]


def _safe(part: str) -> str:
    clean = "".join(letter if letter.isprintable() else "_" for letter in _UNSAFE.sub("_", part)).strip()
    if clean.startswith(".") or not clean:
        clean = "_" + clean[1:]
    if len(clean) <= _MOST_PART:
        return clean
    suffix = PurePosixPath(clean).suffix
    suffix = suffix if len(suffix) <= 8 else ""
    return clean[: _MOST_PART - len(suffix)] + suffix


def unique_names(names: Sequence[str]) -> list[str]:
    """The same names, those that came before, in whatever case, with a number: `a.jpg`, `a-2.jpg`. The order decides."""
    taken: set[str] = {name.casefold() for name in names}
    seen: set[str] = set()
    found: list[str] = []
    for name in names:
        one, number = name, 1
        while one.casefold() in seen or (number > 1 and one.casefold() in taken):
            number += 1
            path = PurePosixPath(name)
            one = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
        seen.add(one.casefold())
        found.append(one)
    return found
