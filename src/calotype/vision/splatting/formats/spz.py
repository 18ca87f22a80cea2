"""Read and write SPZ (Niantic): a tenth of a PLY file; version 3 (gzip) is written, 2, 3 and 4 (zstd) are read.

Source: README and load-spz of nianticlabs/spz (2026). Values are stored attribute by attribute: positions as 24-bit fixed point,
logarithms of scales and harmonics in 8 bits, opacities and colours in 8 bits, rotations by their smallest three components.
The document says that axes are x right, y up, z back (RUB); files that were written without saying from which axes have those of
their PLY file (RDF), and nothing in them tells. An extension can (`SPZ_ADOBE_coordinate_system`), and is obeyed.
"""

from __future__ import annotations

import gzip
import logging
import math
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from calotype.errors import InputError, MissingExtra, UnreadableInput
from calotype.vision.splatting.formats.frames import Axes, axes
from calotype.vision.splatting.formats.names import SpzFrame
from calotype.vision.splatting.formats.quaternions import ROOT_HALF, from_smallest_three, smallest_three, unit
from calotype.vision.splatting.formats.splat_file import Loss, SplatFile, beyond, check_count, logits, rows
from calotype.vision.splatting.gaussians import SH_C0, Float32, Gaussians, sigmoid

log = logging.getLogger(__name__)

Bytes = NDArray[np.uint8]

_MAGIC = 0x5053474E  # "NGSP"
_HEADER = struct.Struct("<IIIBBBB")
_HEADER_4 = struct.Struct("<IIIBBBBI12x")
_ANTIALIASED, _EXTENDED = 1, 2
_COORDINATES = 0xADBE0003
# The extension counts its sixteen names from 1.
_COORDINATE_NAMES = (
    *("LDB", "RDB", "LUB", "RUB", "LDF", "RDF", "LUF", "RUF"),
    *("LFD", "RFD", "LFU", "RFU", "LBD", "RBD", "LBU", "RBU"),
)

_FIXED = 1 << 23
_LEAST_FRACTION, _MOST_FRACTION = 12, 20
_DC = 0.15  # colours reach from -0.44 to 1.44
_SH_STEPS = (8, 16, 16)  # of 1/128: 5 bits for degree 1, 4 for the others, as the original code has it
_NINE_BITS = 511
_LOG_SCALES = (-10.0, 255 / 16 - 10)
_LEVEL = 6
_REST = (0, 3, 8, 15, 24)
_PIECE = 1 << 20
_AFTER = 1 << 16


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class _Header:
    version: int
    count: int
    degree: int
    fraction_bits: int
    flags: int


class _Sections(NamedTuple):
    """The bytes of each attribute: [n, bytes of one]."""

    positions: Bytes
    alphas: Bytes
    colours: Bytes
    scales: Bytes
    rotations: Bytes
    sh: Bytes


def write_spz(
    path: Path, gaussians: Gaussians, *, antialiased: bool = False, frame: SpzFrame = "rub"
) -> None:
    """Write SPZ version 3; the same Gaussians give the same bytes.

    Raises InputError for a Gaussian further away than 24 bits can say (8388607 scene units).
    """
    into = axes(frame.upper())
    bits = _fraction_bits(gaussians.means)
    n, degree = len(gaussians), gaussians.sh_degree
    header = _HEADER.pack(_MAGIC, 3, n, degree, bits, _ANTIALIASED if antialiased else 0, 0)
    steps = np.repeat(np.array(_SH_STEPS[:degree], np.float32), [2 * d + 1 for d in range(1, degree + 1)])
    sections: tuple[Callable[[slice], Bytes], ...] = (
        lambda part: _fixed(into.means(gaussians.means[part]), bits),
        lambda part: _byte(sigmoid(gaussians.logit_opacities[part]) * 255),
        lambda part: _byte(gaussians.sh[part, 0] * np.float32(_DC * 255) + np.float32(127.5)),
        lambda part: _byte((gaussians.log_scales[part] + 10) * 16),
        lambda part: _packed_rotations(into.q_wxyz(unit(gaussians.q_wxyz[part]))),
        lambda part: _packed_sh(into.sh(gaussians.sh[part])[:, 1:], steps),
    )
    # A file name or a time in the gzip header would make each copy another file.
    with path.open("wb") as file, gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as out:
        out.write(header)
        for section in sections:
            for part in rows(n):
                out.write(section(part).tobytes())


def read_spz(path: Path, *, frame: SpzFrame = "rub") -> SplatFile:
    """The content of an SPZ file of version 2 to 4, in our world; `frame` are its axes unless the file names them itself.

    Harmonics of degree 4 are left out. Raises UnreadableInput for anything else, and for what is truncated or holds less than it
    says; MissingExtra for version 4 without zstandard.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic[:2] == b"\x1f\x8b":
            header, sections, named = _read_gzip(path, file)
        elif magic == b"NGSP":
            header, sections, named = _read_streams(path, file)
        else:
            raise UnreadableInput(f"{path.name} is no SPZ file.")
    into_ours = axes(named or frame.upper()).inverse
    return SplatFile(_unpacked(path, header, sections, into_ours), bool(header.flags & _ANTIALIASED))


def spz_loss(gaussians: Gaussians) -> Loss:
    """What SPZ changes; values beyond its range are moved to its end."""
    dc, higher = gaussians.sh[:, 0], gaussians.sh[:, 1:]
    outside = beyond(dc, -0.5 / _DC, 0.5 / _DC)
    return Loss(
        position=0.5 / (1 << _fraction_bits(gaussians.means)),
        colour=SH_C0 * (0.5 / (_DC * 255) + outside),
        opacity=0.5 / 255,
        log_scale=1 / 32 + beyond(gaussians.log_scales, *_LOG_SCALES),
        rotation_deg=0.28,
        sh=max((*_SH_STEPS[: gaussians.sh_degree], 0)) / 256 + beyond(higher, -1.0, 127 / 128),
    )


def _fraction_bits(means: Float32) -> int:
    """Bits after the point: 12 as usual (a quarter of a millimetre in metres), more for small scenes, fewer for wide ones."""
    if len(means) == 0:
        return _LEAST_FRACTION
    reach = float(np.abs(means).max())
    if reach >= _FIXED:
        raise InputError(
            f"A Gaussian lies {reach:.4g} scene units away; SPZ reaches {_FIXED - 1}. Remove far Gaussians, or scale the scene."
        )
    fit = math.floor(math.log2((_FIXED - 1) / max(reach, 1e-30)))
    low, high = np.quantile(means[:: max(1, len(means) // 100_000)].astype(np.float64), (0.05, 0.95), axis=0)
    # A step of the 32,000th part of the scene, as 12 bits are in a room of 8 metres.
    wanted = 15 - math.floor(math.log2(max(float((high - low).max()), 1e-30)))
    return max(0, min(fit, max(_LEAST_FRACTION, min(wanted, _MOST_FRACTION))))


def _byte(values: Float32) -> Bytes:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _fixed(means: Float32, bits: int) -> Bytes:
    """[n, 9]: three numbers of 24 bits, little-endian."""
    whole = np.clip(np.rint(means.astype(np.float64) * (1 << bits)), -_FIXED, _FIXED - 1).astype("<i4")
    return np.ascontiguousarray(whole).view(np.uint8).reshape(-1, 3, 4)[:, :, :3].reshape(-1, 9)


def _packed_rotations(q_wxyz: Float32) -> Bytes:
    """[n, 4]: two bits for which of x, y, z, w is left out, then sign and nine bits for each of the others."""
    largest, others = smallest_three(np.roll(q_wxyz, -1, axis=1))
    size = np.rint(np.abs(others) * np.float32(_NINE_BITS / ROOT_HALF)).astype(np.uint32)
    packed = largest.astype(np.uint32)
    for index in range(3):
        field = (others[:, index] < 0).astype(np.uint32) << 9 | np.minimum(size[:, index], _NINE_BITS)
        packed = packed << np.uint32(10) | field
    return packed.astype("<u4").view(np.uint8).reshape(-1, 4)


def _packed_sh(higher: Float32, steps: Float32) -> Bytes:
    """[n, 3 k], the colour changing fastest; zero is always kept as zero."""
    if higher.shape[1] == 0:
        return np.zeros((len(higher), 0), np.uint8)
    coarse = np.rint(higher * (np.float32(128) / steps)[:, None]) * steps[:, None] + 128
    return np.clip(coarse, 0, 255).astype(np.uint8).reshape(len(higher), -1)


def _checked_header(path: Path, header: _Header, size: int) -> _Header:
    if not 2 <= header.version <= 4:
        raise UnreadableInput(
            f"{path.name} is SPZ version {header.version}; 2, 3 and 4 are read. Export it anew."
        )
    if header.degree >= len(_REST) or header.fraction_bits > 24:
        raise UnreadableInput(
            f"{path.name} is damaged: harmonics of degree {header.degree}, {header.fraction_bits} fraction bits."
        )
    check_count(path, header.count, size)
    return header


def _widths(header: _Header) -> tuple[int, ...]:
    """Bytes of one Gaussian in each section, in the order of `_Sections`."""
    return 9, 1, 3, 3, 3 if header.version == 2 else 4, 3 * _REST[header.degree]


def _read_gzip(path: Path, file: IO[bytes]) -> tuple[_Header, _Sections, str]:
    try:
        with gzip.GzipFile(fileobj=file) as content:
            magic, *fields, _ = _HEADER.unpack(_exactly(path, content, _HEADER.size))
            header = _Header(*fields)
            if magic != _MAGIC or header.version == 4:
                raise UnreadableInput(f"{path.name} is a gzip file, but holds no SPZ of version 2 or 3.")
            _checked_header(path, header, path.stat().st_size)
            parts = [_section(path, content, header.count, width) for width in _widths(header)]
            # Reading on to the end also verifies the checksum.
            after = content.read(_AFTER)
            if len(after) == _AFTER and content.read(1):
                raise UnreadableInput(
                    f"{path.name} goes on after its {header.count} Gaussians: it is damaged."
                )
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableInput(
            f"{path.name} is truncated or damaged ({error}). Copy or export it anew."
        ) from error
    named = _named_axes(path, after) if header.flags & _EXTENDED else ""
    return header, _Sections(*parts), named


def _read_streams(path: Path, file: IO[bytes]) -> tuple[_Header, _Sections, str]:
    """Version 4: a plain header and a table of contents, then each section as a zstd stream of its own."""
    size = path.stat().st_size
    _, *fields, streams, contents_at = _HEADER_4.unpack(_exactly(path, file, _HEADER_4.size))
    header = _Header(*fields)
    if header.version != 4:
        raise UnreadableInput(f"{path.name} is an SPZ file of an unknown version, {header.version}.")
    _checked_header(path, header, size)
    expected = [header.count * width for width in _widths(header)]
    present = [length for length in expected if length]
    if streams != len(present) or not _HEADER_4.size <= contents_at <= size - 16 * streams:
        raise UnreadableInput(f"{path.name} is damaged: its table of contents cannot be.")
    extensions = _exactly(path, file, min(contents_at - _HEADER_4.size, _AFTER))
    file.seek(contents_at)
    table = list(struct.iter_unpack("<QQ", _exactly(path, file, 16 * streams)))
    if [unpacked for _, unpacked in table] != present or sum(packed for packed, _ in table) > size:
        raise UnreadableInput(
            f"{path.name} is damaged: its table of contents does not fit {header.count} Gaussians."
        )
    packed = iter(table)
    parts = [
        _unzstd(path, _exactly(path, file, next(packed)[0]), header.count, width)
        if header.count * width
        else np.zeros((header.count, width), np.uint8)
        for width in _widths(header)
    ]
    named = _named_axes(path, extensions) if header.flags & _EXTENDED else ""
    return header, _Sections(*parts), named


def _unzstd(path: Path, packed: bytes, count: int, width: int) -> Bytes:
    try:
        import zstandard
    except ImportError as error:
        raise MissingExtra(
            f"{path.name} is SPZ version 4; reading it needs zstandard: pip install 'calotype[formats]'."
        ) from error
    try:
        # As a stream: a frame that lies about its length gets no memory for it.
        with zstandard.ZstdDecompressor().stream_reader(packed) as content:
            section = _section(path, content, count, width)
            if content.read(1):
                raise UnreadableInput(f"{path.name} is damaged: a stream is longer than it says.")
    except zstandard.ZstdError as error:
        raise UnreadableInput(f"{path.name} is damaged ({error}). Copy or export it anew.") from error
    return section


def _section(path: Path, content: _Readable, count: int, width: int) -> Bytes:
    data = _exactly(path, content, count * width)
    return np.frombuffer(data, np.uint8).reshape(count, width)


def _exactly(path: Path, content: _Readable, size: int) -> bytes:
    """So many bytes, taken in pieces: what is not there gets no memory."""
    pieces: list[bytes] = []
    missing = size
    while missing:
        piece = content.read(min(missing, _PIECE))
        if not piece:
            raise UnreadableInput(
                f"{path.name} is truncated: {missing} of {size} bytes of a section are missing."
            )
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _named_axes(path: Path, extensions: bytes) -> str:
    """The name of the axes that an extension gives, else empty. Unknown extensions are passed over."""
    for kind, payload in _records(path, extensions):
        if kind == _COORDINATES and len(payload) == 4:
            number = struct.unpack("<I", payload)[0]
            if not 1 <= number <= len(_COORDINATE_NAMES):
                raise UnreadableInput(f"{path.name} has axes of an unknown kind, {number}.")
            return _COORDINATE_NAMES[number - 1]
    return ""


def _records(path: Path, extensions: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(extensions):
        if at + 8 > len(extensions):
            raise UnreadableInput(f"{path.name} is truncated in its extensions.")
        kind, length = struct.unpack_from("<II", extensions, at)
        if at + 8 + length > len(extensions):
            raise UnreadableInput(f"{path.name} is truncated in its extensions.")
        yield kind, extensions[at + 8 : at + 8 + length]
        at += 8 + length


def _unpacked(path: Path, header: _Header, sections: _Sections, into: Axes) -> Gaussians:
    degree = min(header.degree, 3)
    if header.degree > degree:
        log.warning("%s: harmonics of degree 4 are left out", path.name)
    n, k = header.count, (degree + 1) ** 2
    means, q_wxyz = np.empty((n, 3), np.float32), np.empty((n, 4), np.float32)
    sh = np.empty((n, k, 3), np.float32)
    for part in rows(n):
        means[part] = into.means(_positions(sections.positions[part], header.fraction_bits))
        q_wxyz[part] = into.q_wxyz(_rotations(sections.rotations[part]))
        sh[part, 0] = (sections.colours[part] / np.float32(255) - np.float32(0.5)) / np.float32(_DC)
        higher = sections.sh[part, : 3 * (k - 1)].reshape(part.stop - part.start, k - 1, 3)
        sh[part, 1:] = (higher.astype(np.float32) - 128) / 128
        sh[part] = into.sh(sh[part])
    return Gaussians(
        means=means,
        q_wxyz=q_wxyz,
        log_scales=sections.scales.astype(np.float32) / np.float32(16) - np.float32(10),
        logit_opacities=logits(sections.alphas[:, 0] / np.float32(255)),
        sh=sh,
    )


def _positions(packed: Bytes, bits: int) -> Float32:
    wide = np.zeros((len(packed) * 3, 4), np.uint8)
    wide[:, 1:] = packed.reshape(-1, 3)
    # The number lies in the upper 24 bits, so that shifting it down brings its sign along.
    whole = wide.view("<i4")[:, 0] >> 8
    return (whole / np.float64(1 << bits)).astype(np.float32).reshape(-1, 3)


def _rotations(packed: Bytes) -> Float32:
    """[n, 4] wxyz from four bytes, or from the three of version 2: x, y and z, w positive."""
    if packed.shape[1] == 3:
        xyz = packed.astype(np.float32) / np.float32(127.5) - 1
        w = np.sqrt(np.maximum(0, 1 - np.sum(xyz * xyz, axis=1, keepdims=True)))
        return unit(np.concatenate([w, xyz], axis=1))
    bits = np.ascontiguousarray(packed).view("<u4")[:, 0]
    fields = np.stack([bits >> 20, bits >> 10, bits], axis=1) & np.uint32(1023)
    size = (fields & np.uint32(_NINE_BITS)).astype(np.float32) * np.float32(ROOT_HALF / _NINE_BITS)
    others = np.where(fields >> np.uint32(9), -size, size)
    return np.roll(from_smallest_three((bits >> 30).astype(np.intp), others), 1, axis=1)
