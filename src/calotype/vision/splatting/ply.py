"""Read and write Gaussians in the PLY layout of 3DGS, which every splat viewer opens."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from calotype.artifacts.ply import read_ply_vertices
from calotype.errors import UnreadableInput
from calotype.vision.splatting.gaussians import Float32, Gaussians

MIP_COMMENT = "SplatRenderMode: mip"
"""The comment by which Brush and SplatTransform know a splat that was trained with opacity compensation."""

_REST_TO_DEGREE = {0: 0, 9: 1, 24: 2, 45: 3}
_ROWS = 1 << 16
_HEADER_LIMIT = 65_536


def write_splat_ply(path: Path, gaussians: Gaussians, *, antialiased: bool = False) -> None:
    """Write binary little-endian PLY: x y z nx ny nz f_dc_0..2 f_rest_* opacity scale_0..2 rot_0..3, all float32.

    f_rest is channel-major, as in the original code: all red coefficients, then green, then blue. Rotations are normalised.
    What is `antialiased` gets a comment that says so.
    """
    n, k = len(gaussians), gaussians.sh.shape[1] - 1
    names = ["x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2"]
    names += [f"f_rest_{i}" for i in range(3 * k)]
    names += ["opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"]
    header = ["ply", "format binary_little_endian 1.0"]
    header += [f"comment {MIP_COMMENT}"] if antialiased else []
    header += [f"element vertex {n}", *(f"property float {name}" for name in names), "end_header", ""]
    with path.open("wb") as file:
        file.write("\n".join(header).encode("ascii"))
        for start in range(0, n, _ROWS):
            file.write(_table(gaussians, slice(start, start + _ROWS)).tobytes())


def _table(gaussians: Gaussians, part: slice) -> Float32:
    means, q_wxyz = gaussians.means[part], gaussians.q_wxyz[part]
    norm = np.linalg.norm(q_wxyz, axis=1, keepdims=True)
    rest = gaussians.sh[part, 1:].transpose(0, 2, 1).reshape(len(means), 3 * (gaussians.sh.shape[1] - 1))
    columns = [
        means,
        np.zeros_like(means),
        gaussians.sh[part, 0],
        rest,
        gaussians.logit_opacities[part, None],
        gaussians.log_scales[part],
        q_wxyz / np.maximum(norm, 1e-12),
    ]
    return np.concatenate(columns, axis=1).astype("<f4")


def says_antialiased(header: bytes) -> bool:
    """Whether the header of a PLY file has the comment of a splat trained with opacity compensation."""
    comments = (line.split(None, 1)[1:] for line in header.splitlines() if line.startswith(b"comment "))
    return any(words and words[0].strip() == MIP_COMMENT.encode() for words in comments)


def is_antialiased_ply(path: Path) -> bool:
    """As `says_antialiased`, of a file."""
    with path.open("rb") as file:
        return says_antialiased(file.read(_HEADER_LIMIT).partition(b"end_header")[0])


def read_splat_ply(path: Path) -> Gaussians:
    """The Gaussians of a 3DGS PLY file; properties may stand in any order, harmonics may have degree 0 to 3.

    Raises UnreadableInput for anything that is not such a file, is truncated, or claims more vertices than it holds.
    """
    table = read_ply_vertices(path)
    vertex, count = table.dtype, len(table)
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
