"""Read and write Gaussians in the PLY layout of 3DGS, which every splat viewer opens."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calotype.errors import UnreadableInput
from calotype.vision.splatting.gaussians import Gaussians

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
_REST_TO_DEGREE = {0: 0, 9: 1, 24: 2, 45: 3}


def write_splat_ply(path: Path, gaussians: Gaussians) -> None:
    """Write binary little-endian PLY: x y z nx ny nz f_dc_0..2 f_rest_* opacity scale_0..2 rot_0..3, all float32.

    f_rest is channel-major, as in the original code: all red coefficients, then green, then blue. Rotations are normalised.
    """
    n = len(gaussians)
    norm = np.linalg.norm(gaussians.q_wxyz, axis=1, keepdims=True)
    rest = gaussians.sh[:, 1:].transpose(0, 2, 1).reshape(n, 3 * (gaussians.sh.shape[1] - 1))
    columns = [
        gaussians.means,
        np.zeros((n, 3), np.float32),
        gaussians.sh[:, 0],
        rest,
        gaussians.logit_opacities[:, None],
        gaussians.log_scales,
        gaussians.q_wxyz / np.maximum(norm, 1e-12),
    ]
    names = ["x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2"]
    names += [f"f_rest_{i}" for i in range(rest.shape[1])]
    names += ["opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"]
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {n}"]
    header += [f"property float {name}" for name in names] + ["end_header", ""]
    with path.open("wb") as file:
        file.write("\n".join(header).encode("ascii"))
        file.write(np.concatenate(columns, axis=1).astype("<f4").tobytes())


def read_splat_ply(path: Path) -> Gaussians:
    """The Gaussians of a 3DGS PLY file; properties may stand in any order, harmonics may have degree 0 to 3.

    Raises UnreadableInput for anything that is not such a file, is truncated, or claims more vertices than it holds.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER_LIMIT)
        count, vertex, start = _parse_header(path, head)
        available = path.stat().st_size - start
        if count * vertex.itemsize > available:
            raise UnreadableInput(
                f"{path.name} is truncated: {count} Gaussians need {count * vertex.itemsize} bytes, {available} are there."
            )
        file.seek(start)
        table = np.fromfile(file, dtype=vertex, count=count)
    rest = sum(1 for name in vertex.names or () if name.startswith("f_rest_"))
    degree = _REST_TO_DEGREE.get(rest)
    if degree is None:
        raise UnreadableInput(f"{path.name} has {rest} f_rest properties; 0, 9, 24 or 45 are possible.")

    def columns(*names: str) -> np.ndarray:
        missing = [name for name in names if name not in (vertex.names or ())]
        if missing:
            raise UnreadableInput(
                f"{path.name} is a PLY file, but no Gaussian splat: property {missing[0]} is missing."
            )
        return (
            np.stack([table[name].astype(np.float32) for name in names], axis=1)
            if names
            else np.zeros((count, 0), np.float32)
        )

    dc = columns("f_dc_0", "f_dc_1", "f_dc_2")[:, None, :]
    higher = columns(*(f"f_rest_{i}" for i in range(rest))).reshape(count, 3, rest // 3).transpose(0, 2, 1)
    return Gaussians(
        means=columns("x", "y", "z"),
        q_wxyz=columns("rot_0", "rot_1", "rot_2", "rot_3"),
        log_scales=columns("scale_0", "scale_1", "scale_2"),
        logit_opacities=columns("opacity")[:, 0],
        sh=np.concatenate([dc, higher], axis=1),
    )


def _parse_header(path: Path, head: bytes) -> tuple[int, np.dtype[np.void], int]:
    """Vertex count, record type of a vertex, and where the data starts."""
    end = head.find(b"end_header")
    newline = head.find(b"\n", end)
    if not head.startswith(b"ply") or end < 0 or newline < 0:
        raise UnreadableInput(f"{path.name} is no PLY file.")
    lines = head[:end].decode("ascii", errors="replace").splitlines()[1:]
    words = [
        line.split() for line in lines if line.split() and line.split()[0] not in ("comment", "obj_info")
    ]
    if not words or words[0][:2] != ["format", "binary_little_endian"]:
        raise UnreadableInput(f"{path.name} is not a binary little-endian PLY file.")
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
    return int(words[1][2][:18]), np.dtype(fields), newline + 1
