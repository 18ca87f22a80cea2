"""Take cameras that a client sends in the form of a transforms.json, such that reading them touches no file of ours."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, cast

_MOST_FRAMES = 20_000


def checked_cameras(value: object) -> object:
    """The cameras, of which only plain values, names and matrices are kept: nothing that names further files, nothing nested.

    Raises ValueError for a matrix that is none, and where a photo's name leads elsewhere or its size is missing, which would
    otherwise be measured at the file of that name.
    """
    if not isinstance(value, dict):
        return value
    given = _plain(cast("dict[str, Any]", value))
    frames = cast("dict[str, Any]", value).get("frames")
    if not isinstance(frames, list) or not 1 <= len(cast("list[Any]", frames)) <= _MOST_FRAMES:
        raise ValueError("it needs frames, a list with one entry for each photo whose camera is known")
    kept: list[dict[str, Any]] = []
    for number, frame in enumerate(cast("list[Any]", frames)):
        if not isinstance(frame, dict):
            raise ValueError(f"frames[{number}] is no object")
        entry = cast("dict[str, Any]", frame)
        _check_name(number, entry.get("file_path"))
        if any(entry.get(name, given.get(name)) is None for name in ("w", "h")):
            raise ValueError(
                f"the size of the photo in frames[{number}] is missing: w and h, there or beside frames"
            )
        matrix = entry.get("transform_matrix")
        if not _is_matrix(matrix):
            raise ValueError(f"frames[{number}].transform_matrix must be 4 rows of 4 numbers")
        kept.append({**_plain(entry), "transform_matrix": matrix})
    return {**given, "frames": kept}


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """What stands there as one value: focal lengths, sizes, names of lens models."""
    plain = {name: one for name, one in entry.items() if one is None or isinstance(one, (str, int, float))}
    plain.pop("ply_file_path", None)
    return plain


def _is_matrix(value: object) -> bool:
    rows = cast("list[Any]", value) if isinstance(value, list) else []
    return len(rows) in (3, 4) and all(
        isinstance(row, list)
        and len(cast("list[Any]", row)) == 4
        and all(isinstance(one, (int, float)) for one in cast("list[Any]", row))
        for row in rows
    )


def _check_name(number: int, name: object) -> None:
    if not isinstance(name, str) or not name or not name.isprintable() or "\\" in name:
        raise ValueError(f"frames[{number}].file_path is not the name of a photo")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"frames[{number}].file_path leads elsewhere: give the photo's name alone")
