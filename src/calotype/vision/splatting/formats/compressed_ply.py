"""Read and write compressed PLY (PlayCanvas): 16 bytes a Gaussian in groups of 256, and a byte for each harmonic.

Source: "Compressed PLY" of PlayCanvas and playcanvas/splat-transform. Element `chunk` has the bounds of each group; `vertex` has
position and scale as 11, 10 and 11 bits between them, the rotation as two bits for its largest component and ten for each other
one, colour and opacity as 8 bits each; `sh` has the harmonics, channel after channel, as 8 bits from -4 to 4. Axes are those of
the PLY file, which are ours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calotype.errors import UnreadableInput
from calotype.vision.splatting.formats.order import morton_order
from calotype.vision.splatting.formats.quaternions import ROOT_HALF, from_smallest_three, smallest_three, unit
from calotype.vision.splatting.formats.splat_file import Loss, SplatFile, beyond, check_count, logits, rows
from calotype.vision.splatting.gaussians import SH_C0, Float32, Gaussians, sigmoid
from calotype.vision.splatting.ply import MIP_COMMENT, says_antialiased

Packed = NDArray[np.uint32]

_GROUP = 256
_BOUNDS = ("x", "y", "z", "scale_x", "scale_y", "scale_z", "r", "g", "b")
_PACKED = ("packed_position", "packed_rotation", "packed_scale", "packed_color")
_REST = {0: 0, 9: 1, 24: 2, 45: 3}
_HEADER_LIMIT = 65_536
_SH_REACH = 4.0
_LOG_SCALES = (-20.0, 20.0)
_SIZES = {"float": "<f4", "float32": "<f4", "uint": "<u4", "uint32": "<u4", "uchar": "u1", "uint8": "u1"}


class _Element(NamedTuple):
    rows: int
    dtype: np.dtype[np.void]


def write_compressed_ply(path: Path, gaussians: Gaussians, *, antialiased: bool = False) -> None:
    """Write compressed PLY; the same Gaussians give the same bytes. Gaussians are reordered: `morton_order`."""
    n, k = len(gaussians), gaussians.sh.shape[1] - 1
    order = morton_order(gaussians.means)
    groups = -(-n // _GROUP)
    bounds = np.empty((groups, 18), "<f4")
    packed = np.empty((n, 4), "<u4")
    for part in rows(n):
        index = order[part]
        # The last group is filled with copies of its last Gaussian, which move no bound.
        filled = np.pad(index, (0, -len(index) % _GROUP), mode="edge")
        position, place = _grouped(gaussians.means[filled])
        scale, scales = _grouped(np.clip(gaussians.log_scales[filled], *_LOG_SCALES))
        colour, shade = _grouped(gaussians.sh[filled, 0] * np.float32(SH_C0) + np.float32(0.5))
        first = part.start // _GROUP
        bounds[first : first + len(position)] = np.concatenate([position, scale, colour], axis=1)
        opacity = sigmoid(gaussians.logit_opacities[index])
        count = len(index)
        packed[part, 0] = _pack_11_10_11(place[:count])
        packed[part, 1] = _pack_rotation(gaussians.q_wxyz[index])
        packed[part, 2] = _pack_11_10_11(scales[:count])
        packed[part, 3] = _pack_8888(np.concatenate([shade[:count], opacity[:, None]], axis=1))
    with path.open("wb") as file:
        file.write(_header(n, groups, 3 * k, antialiased))
        file.write(bounds.tobytes())
        file.write(packed.tobytes())
        for part in rows(n if k else 0):
            higher = gaussians.sh[order[part], 1:].transpose(0, 2, 1)
            level = np.floor((higher / np.float32(2 * _SH_REACH) + np.float32(0.5)) * 256)
            file.write(np.clip(level, 0, 255).astype(np.uint8).tobytes())


def read_compressed_ply(path: Path) -> SplatFile:
    """The content of a compressed PLY file. Raises UnreadableInput for anything else, and for what is truncated."""
    with path.open("rb") as file:
        head = file.read(_HEADER_LIMIT)
        elements, start = _parse_header(path, head)
        n = elements["vertex"].rows
        size = path.stat().st_size
        check_count(path, n, size)
        needed = sum(element.rows * element.dtype.itemsize for element in elements.values())
        if start + needed > size:
            raise UnreadableInput(
                f"{path.name} is truncated: {needed} bytes of data are announced, {size - start} follow."
            )
        file.seek(start)
        tables: dict[str, Any] = {
            name: np.fromfile(file, element.dtype, element.rows) for name, element in elements.items()
        }
    sh = tables.get("sh")
    harmonics = {} if sh is None else {name: sh[name] for name in elements["sh"].dtype.names or ()}
    gaussians = _unpacked(tables["chunk"], tables["vertex"], harmonics)
    return SplatFile(gaussians, says_antialiased(head[:start]))


def is_compressed_ply(path: Path) -> bool:
    """Whether a PLY file has the elements of a compressed splat, as far as its header says."""
    with path.open("rb") as file:
        head = file.read(_HEADER_LIMIT)
    return head.startswith(b"ply") and b"element chunk " in head.partition(b"end_header")[0]


def compressed_ply_loss(gaussians: Gaussians) -> Loss:
    """What compressed PLY changes at the most; each group is bounded by its own box, which is far smaller than the scene's."""
    if len(gaussians) == 0:
        return Loss()

    def step(values: Float32) -> float:
        return float(np.ptp(values, axis=0).max()) * 0.505 / 1023

    higher = gaussians.sh[:, 1:]
    return Loss(
        position=step(gaussians.means),
        colour=SH_C0 * float(np.ptp(gaussians.sh[:, 0], axis=0).max()) * 0.505 / 255,
        opacity=0.5 / 255,
        log_scale=step(np.clip(gaussians.log_scales, *_LOG_SCALES))
        + beyond(gaussians.log_scales, *_LOG_SCALES),
        rotation_deg=0.28,
        sh=(1 / 32 + beyond(higher, -_SH_REACH, _SH_REACH)) if higher.size else 0.0,
    )


def _header(n: int, groups: int, harmonics: int, antialiased: bool) -> bytes:
    lines = ["ply", "format binary_little_endian 1.0"]
    lines += [f"comment {MIP_COMMENT}"] if antialiased else []
    lines += [f"element chunk {groups}"]
    for names in (_BOUNDS[:3], _BOUNDS[3:6], _BOUNDS[6:]):
        lines += [f"property float {end}_{name}" for end in ("min", "max") for name in names]
    lines += [f"element vertex {n}", *(f"property uint {name}" for name in _PACKED)]
    if harmonics:
        lines += [f"element sh {n}", *(f"property uchar f_rest_{index}" for index in range(harmonics))]
    return "\n".join([*lines, "end_header", ""]).encode("ascii")


def _grouped(values: Float32) -> tuple[Float32, Float32]:
    """Bounds [groups, 6], least then greatest, and each value's place between them, 0 to 1, [n, 3]."""
    groups = values.reshape(-1, _GROUP, 3)
    least, greatest = groups.min(axis=1), groups.max(axis=1)
    span = (greatest - least)[:, None]
    place = np.where(span > 0, (groups - least[:, None]) / np.maximum(span, np.float32(1e-30)), 0)
    return np.concatenate([least, greatest], axis=1), place.reshape(-1, 3).astype(np.float32)


def _levels(values: Float32, bits: int) -> Packed:
    top = (1 << bits) - 1
    return np.clip(np.rint(values * np.float32(top)), 0, top).astype(np.uint32)


def _pack_11_10_11(place: Float32) -> Packed:
    x, y, z = (_levels(place[:, axis], bits) for axis, bits in ((0, 11), (1, 10), (2, 11)))
    return x << np.uint32(21) | y << np.uint32(11) | z


def _pack_8888(values: Float32) -> Packed:
    r, g, b, a = _levels(values, 8).T
    return r << np.uint32(24) | g << np.uint32(16) | b << np.uint32(8) | a


def _pack_rotation(q_wxyz: Float32) -> Packed:
    largest, others = smallest_three(unit(q_wxyz))
    a, b, c = _levels(others * np.float32(ROOT_HALF) + np.float32(0.5), 10).T
    return largest.astype(np.uint32) << np.uint32(30) | a << np.uint32(20) | b << np.uint32(10) | c


def _parse_header(path: Path, head: bytes) -> tuple[dict[str, _Element], int]:
    """Elements by name in the order of their data, and where it starts; their names, types and numbers are those of the format."""
    body, mark, _ = head.partition(b"end_header\n")
    if not head.startswith(b"ply") or not mark:
        raise UnreadableInput(
            f"{path.name} is no PLY file, or its header is longer than {_HEADER_LIMIT} bytes."
        )
    counts: dict[str, int] = {}
    fields: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for words in (line.split() for line in body.decode("ascii", errors="replace").splitlines()[1:]):
        if (
            not words
            or words[0] in ("comment", "obj_info")
            or words == ["format", "binary_little_endian", "1.0"]
        ):
            continue
        if words[0] == "element" and len(words) == 3 and words[2].isdecimal() and words[1] not in counts:
            name = words[1]
            counts[name], fields[name] = int(words[2][:18]), []
        elif words[0] == "property" and len(words) == 3 and name and words[1] in _SIZES:
            fields[name].append((words[2], _SIZES[words[1]]))
        else:
            raise UnreadableInput(f"{path.name}: unknown PLY header line `{' '.join(words)[:80]}`.")
    _check_elements(path, counts, fields)
    elements = {one: _Element(counts[one], np.dtype(fields[one])) for one in counts}
    return elements, len(body) + len(mark)


def _check_elements(path: Path, counts: dict[str, int], fields: dict[str, list[tuple[str, str]]]) -> None:
    bounds = {(f"{end}_{name}", "<f4") for end in ("min", "max") for name in _BOUNDS}
    needed = {one for one in bounds if one[0][4:] not in ("r", "g", "b")}
    harmonics = fields.get("sh", [])
    k = len(harmonics)
    fits = (
        set(counts) in ({"chunk", "vertex"}, {"chunk", "vertex", "sh"})
        and all(len(set(one)) == len(one) for one in fields.values())
        and set(fields["chunk"]) in (bounds, needed)
        and set(fields["vertex"]) == {(name, "<u4") for name in _PACKED}
        and k in _REST
        and set(harmonics) == {(f"f_rest_{index}", "u1") for index in range(k)}
        and counts["chunk"] == -(-counts["vertex"] // _GROUP)
        and counts.get("sh", counts["vertex"]) == counts["vertex"]
    )
    if not fits:
        raise UnreadableInput(
            f"{path.name} is a PLY file, but no compressed splat: its elements are {', '.join(counts) or 'none'}."
        )


def _unpacked(chunk: Any, vertex: Any, harmonics: dict[str, NDArray[np.uint8]]) -> Gaussians:
    n, k = len(vertex), len(harmonics) // 3
    means, log_scales = np.empty((n, 3), np.float32), np.empty((n, 3), np.float32)
    q_wxyz, opacities = np.empty((n, 4), np.float32), np.empty(n, np.float32)
    sh = np.empty((n, k + 1, 3), np.float32)
    for part in rows(n):
        group = np.arange(part.start, part.stop) // _GROUP
        own: Any = vertex[part]
        means[part] = _between(chunk, group, _BOUNDS[:3], _unpack_11_10_11(own["packed_position"]))
        log_scales[part] = _between(chunk, group, _BOUNDS[3:6], _unpack_11_10_11(own["packed_scale"]))
        q_wxyz[part] = _unpack_rotation(own["packed_rotation"])
        rgba = _unpack_8888(own["packed_color"])
        opacities[part] = rgba[:, 3]
        colour = rgba[:, :3]
        if "min_r" in chunk.dtype.names:
            colour = _between(chunk, group, _BOUNDS[6:], colour)
        sh[part, 0] = (colour - np.float32(0.5)) / np.float32(SH_C0)
        for index in range(3 * k):
            channel, coefficient = divmod(index, k)
            sh[part, 1 + coefficient, channel] = _unpack_harmonic(harmonics[f"f_rest_{index}"][part])
    return Gaussians(means, q_wxyz, log_scales, logits(opacities), sh)


def _between(chunk: Any, group: NDArray[np.intp], names: tuple[str, ...], place: Float32) -> Float32:
    least, greatest = (
        np.stack([chunk[f"{end}_{name}"][group] for name in names], axis=1) for end in ("min", "max")
    )
    return (least * (1 - place) + greatest * place).astype(np.float32)


def _unpack_11_10_11(packed: Packed) -> Float32:
    fields = [(packed >> 21) / 2047, (packed >> 11 & 1023) / 1023, (packed & 2047) / 2047]
    return np.stack(fields, axis=1).astype(np.float32)


def _unpack_8888(packed: Packed) -> Float32:
    fields = [packed >> 24, packed >> 16 & 255, packed >> 8 & 255, packed & 255]
    return np.stack(fields, axis=1).astype(np.float32) / np.float32(255)


def _unpack_rotation(packed: Packed) -> Float32:
    fields = np.stack([packed >> 20, packed >> 10, packed], axis=1) & np.uint32(1023)
    others = (fields / np.float32(1023) - np.float32(0.5)) * np.float32(2 * ROOT_HALF)
    return from_smallest_three((packed >> 30).astype(np.intp), others.astype(np.float32))


def _unpack_harmonic(level: NDArray[np.uint8]) -> Float32:
    """The middle of a level; the first and last stand for the ends, as PlayCanvas reads them."""
    place = (level + np.float32(0.5)) / np.float32(256)
    place = np.where(level == 0, 0, np.where(level == 255, 1, place))
    return ((place - 0.5) * (2 * _SH_REACH)).astype(np.float32)
