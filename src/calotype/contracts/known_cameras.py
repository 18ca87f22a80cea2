"""Take cameras that a client sends in the form of a transforms.json, such that reading them touches no file of ours."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, cast

_MOST_FRAMES = 20_000


def checked_cameras(value: object) -> object:
    """The cameras without what names further files. Raises ValueError where a photo's name leads elsewhere, or its size is
    missing, which would otherwise be measured at the file of that name."""
    if not isinstance(value, dict):
        return value
    given = cast("dict[str, Any]", value)
    frames = given.get("frames")
    if not isinstance(frames, list) or not 1 <= len(cast("list[Any]", frames)) <= _MOST_FRAMES:
        raise ValueError("it needs frames, a list with one entry for each photo whose camera is known")
    for number, frame in enumerate(cast("list[Any]", frames)):
        if not isinstance(frame, dict):
            raise ValueError(f"frames[{number}] is no object")
        entry = cast("dict[str, Any]", frame)
        _check_name(number, entry.get("file_path"))
        if any(entry.get(name, given.get(name)) is None for name in ("w", "h")):
            raise ValueError(
                f"the size of the photo in frames[{number}] is missing: w and h, there or beside frames"
            )
    return {name: one for name, one in given.items() if name != "ply_file_path"}


def _check_name(number: int, name: object) -> None:
    if not isinstance(name, str) or not name or not name.isprintable() or "\\" in name:
        raise ValueError(f"frames[{number}].file_path is not the name of a photo")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"frames[{number}].file_path leads elsewhere: give the photo's name alone")
