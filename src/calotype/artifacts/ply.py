"""Read and write PLY files: the vertices of any of them as a table, and coloured points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import SparsePoints
from calotype.errors import UnreadableInput

_HEADER_LIMIT = 65_536
_NUMPY_TYPES = {
    "i1": ("char", "int8"),
    "u1": ("uchar", "uint8"),
    "<i2": ("short", "int16"),
    "<u2": ("ushort", "uint16"),
    "<i4": ("int", "int32"),
    "<u4": ("uint", "uint32"),
    "<f4": ("float", "float32"),
    "<f8": ("double", "float64"),
}
_TYPES = {name: numpy for numpy, names in _NUMPY_TYPES.items() for name in names}
_ENCODINGS = ("binary_little_endian", "ascii")
_GREY = 128

_POINT = np.dtype([("xyz", "<f4", 3), ("rgb", "u1", 3), ("error_px", "<f4"), ("track_length", "<i4")])
_POINT_PROPERTIES = (
    *(f"property float {name}" for name in "xyz"),
    *(f"property uchar {name}" for name in ("red", "green", "blue")),
    "property float error_px",
    "property int track_length",
)


def read_ply_vertices(path: Path) -> NDArray[np.void]:
    """The vertices, [n] records with a field per property; binary little-endian or ASCII, other elements are not read.

    Raises UnreadableInput for anything that is not such a file, is truncated, or claims more vertices than it holds.
    """
    with path.open("rb") as file:
        encoding, count, vertex, start = _parse_header(path, file.read(_HEADER_LIMIT))
        if encoding == "ascii":
            file.seek(start)
            return _from_text(path, file.read(), count, vertex)
        available = path.stat().st_size - start
        if count * vertex.itemsize > available:
            raise UnreadableInput(
                f"{path.name} is truncated: {count} vertices need {count * vertex.itemsize} bytes, {available} are there."
            )
        file.seek(start)
        return np.fromfile(file, dtype=vertex, count=count)


def read_points_ply(path: Path) -> SparsePoints:
    """Points with x y z; red green blue, error_px and track_length where they are there, else grey, NaN and 0.

    Raises UnreadableInput as `read_ply_vertices` does, and for points without a finite position.
    """
    table: Any = read_ply_vertices(path)
    names = table.dtype.names or ()
    if not {"x", "y", "z"} <= set(names):
        raise UnreadableInput(f"{path.name} is a PLY file, but its vertices have no x, y and z.")
    xyz = np.stack([table[name].astype(np.float64) for name in "xyz"], axis=1)
    if not np.all(np.isfinite(xyz)):
        raise UnreadableInput(f"{path.name}: a point has no finite position.")
    rgb = np.full((len(xyz), 3), _GREY, np.uint8)
    if {"red", "green", "blue"} <= set(names) and table.dtype["red"] == np.uint8:
        rgb = np.stack([table[name] for name in ("red", "green", "blue")], axis=1)
    error_px = np.full(len(xyz), np.nan)
    if "error_px" in names:
        error_px = table["error_px"].astype(np.float64)
    tracks = np.zeros(len(xyz), np.int32)
    if "track_length" in names:
        tracks = table["track_length"].astype(np.int32)
    return SparsePoints(xyz, rgb, error_px, tracks)


def write_points_ply(path: Path, points: SparsePoints) -> None:
    """Write points as binary PLY: x y z, red green blue, error_px (NaN if unknown) and track_length."""
    rows: Any = np.zeros(len(points), _POINT)
    rows["xyz"], rows["rgb"] = points.xyz, points.rgb
    rows["error_px"], rows["track_length"] = points.error_px, points.track_length
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {len(points)}"]
    header += [*_POINT_PROPERTIES, "end_header", ""]
    path.write_bytes("\n".join(header).encode("ascii") + rows.tobytes())


def _from_text(path: Path, text: bytes, count: int, vertex: np.dtype[np.void]) -> NDArray[np.void]:
    lines = text.splitlines()
    if len(lines) < count:
        raise UnreadableInput(
            f"{path.name} is truncated: {count} vertices are announced, {len(lines)} follow."
        )
    table = np.zeros(count, vertex)
    try:
        for number, line in enumerate(lines[:count]):
            table[number] = tuple(float(word) for word in line.split())
    except (ValueError, OverflowError, TypeError) as error:
        raise UnreadableInput(
            f"{path.name}: a vertex does not hold its {len(vertex.names or ())} numbers ({error})."
        ) from error
    return table


def _parse_header(path: Path, head: bytes) -> tuple[str, int, np.dtype[np.void], int]:
    """Encoding, vertex count, record type of a vertex, and where the data starts."""
    end = head.find(b"end_header")
    newline = head.find(b"\n", end)
    if not head.startswith(b"ply") or end < 0 or newline < 0:
        raise UnreadableInput(f"{path.name} is no PLY file.")
    lines = head[:end].decode("ascii", errors="replace").splitlines()[1:]
    words = [
        line.split() for line in lines if line.split() and line.split()[0] not in ("comment", "obj_info")
    ]
    if not words or words[0][0] != "format" or len(words[0]) != 3 or words[0][1] not in _ENCODINGS:
        raise UnreadableInput(f"{path.name} is neither a binary little-endian nor an ASCII PLY file.")
    if (
        len(words) < 2
        or len(words[1]) != 3
        or words[1][:2] != ["element", "vertex"]
        or not words[1][2].isdecimal()
    ):
        raise UnreadableInput(
            f"{path.name}: the first element of the PLY header is not `element vertex <count>`."
        )
    fields: list[tuple[str, str]] = []
    for word in words[2:]:
        if word[0] == "element":
            break  # Elements after the vertices are not read.
        if len(word) != 3 or word[0] != "property" or word[1] not in _TYPES:
            raise UnreadableInput(f"{path.name}: unknown PLY header line `{' '.join(word)[:80]}`.")
        fields.append((word[2], _TYPES[word[1]]))
    if not fields or len({name for name, _ in fields}) != len(fields):
        raise UnreadableInput(f"{path.name}: the PLY header has no properties, or names one twice.")
    return words[0][1], int(words[1][2][:18]), np.dtype(fields), newline + 1
