"""Every format that splats are read from and written to: its ending, its reader and writer, and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calotype.errors import InvalidParameter, UnreadableInput
from calotype.vision.splatting.formats.compressed_ply import (
    compressed_ply_loss,
    is_compressed_ply,
    read_compressed_ply,
    write_compressed_ply,
)
from calotype.vision.splatting.formats.dotsplat import dotsplat_loss, read_dotsplat, write_dotsplat
from calotype.vision.splatting.formats.gltf import gltf_loss, write_glb
from calotype.vision.splatting.formats.gltf_reading import read_glb
from calotype.vision.splatting.formats.names import SpzFrame
from calotype.vision.splatting.formats.sog import sog_loss, write_sog
from calotype.vision.splatting.formats.sog_reading import read_sog
from calotype.vision.splatting.formats.splat_file import (
    Loss,
    SplatFile,
    check_finite,
    check_read_finite,
    without_meaningful_infinities,
)
from calotype.vision.splatting.formats.spz import read_spz, spz_loss, write_spz
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.ply import is_antialiased_ply, read_splat_ply, write_splat_ply


def read_ply(path: Path) -> SplatFile:
    """The content of a PLY file, plain or compressed: its header tells."""
    if is_compressed_ply(path):
        return read_compressed_ply(path)
    return SplatFile(without_meaningful_infinities(read_splat_ply(path)), is_antialiased_ply(path))


def ply_loss(gaussians: Gaussians) -> Loss:
    """What PLY changes: rotations get length 1."""
    return Loss(rotation_deg=0.001)


@dataclass(frozen=True)
class Format:
    """One format."""

    name: str
    ending: str
    """Of file names, lower case."""
    read: Callable[[Path], SplatFile]
    write: Callable[[Path, Gaussians, bool], None]
    """The last argument says whether the splat was trained with opacity compensation."""
    loss: Callable[[Gaussians], Loss]
    """The most by which these Gaussians can differ after they were written and read back."""


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        # The longest ending first: `.compressed.ply` is also a `.ply`.
        Format(
            "compressed-ply",
            ".compressed.ply",
            read_ply,
            lambda path, gaussians, mip: write_compressed_ply(path, gaussians, antialiased=mip),
            compressed_ply_loss,
        ),
        Format(
            "ply",
            ".ply",
            read_ply,
            lambda path, gaussians, mip: write_splat_ply(path, gaussians, antialiased=mip),
            ply_loss,
        ),
        Format(
            "spz",
            ".spz",
            read_spz,
            lambda path, gaussians, mip: write_spz(path, gaussians, antialiased=mip),
            spz_loss,
        ),
        Format(
            "sog",
            ".sog",
            read_sog,
            lambda path, gaussians, mip: write_sog(path, gaussians, antialiased=mip),
            sog_loss,
        ),
        Format(
            "splat",
            ".splat",
            read_dotsplat,
            lambda path, gaussians, mip: write_dotsplat(path, gaussians, antialiased=mip),
            dotsplat_loss,
        ),
        Format(
            "glb",
            ".glb",
            read_glb,
            lambda path, gaussians, mip: write_glb(path, gaussians, antialiased=mip),
            gltf_loss,
        ),
    )
}


def format_of(name: str) -> Format:
    """The format of a file by the ending of its name; InvalidParameter names those there are. `meta.json` is SOG unpacked."""
    lower = name.lower()
    if lower.rpartition("/")[2] == "meta.json":
        return FORMATS["sog"]
    for one in FORMATS.values():
        if lower.endswith(one.ending):
            return one
    raise InvalidParameter(f"{name} ends in none of: {' '.join(one.ending for one in FORMATS.values())}.")


def read_splat(path: Path, *, spz_frame: SpzFrame = "rub", drop_broken: bool = False) -> SplatFile:
    """The content of a splat file, in our world, by its ending; all numbers are finite.

    `spz_frame` are the axes of an SPZ file that does not name its own. Raises UnreadableInput for a file that is not what its
    name says, is truncated, or has numbers that are not finite, unless `drop_broken` leaves those Gaussians out; InvalidParameter
    for an unknown ending; MissingExtra where a library is needed that is not there.
    """
    format_ = format_of(path.name)
    if not path.is_file():
        raise UnreadableInput(f"{path} is no file." if path.exists() else f"There is no file {path}.")
    # What overflows here is found below; a warning of numpy's would tell nobody of which file.
    with np.errstate(all="ignore"):
        content = read_spz(path, frame=spz_frame) if format_.name == "spz" else format_.read(path)
    if drop_broken:
        finite = content.gaussians.finite
        kept = content.gaussians if finite.all() else content.gaussians.select(finite)
        return SplatFile(kept, content.antialiased)
    check_read_finite(path, content.gaussians)
    return content


def write_splat(path: Path, content: SplatFile, *, spz_frame: SpzFrame = "rub") -> None:
    """Write a splat file by its ending; it appears complete or not at all.

    Raises InvalidParameter for an unknown ending, InputError for numbers that are not finite or do not fit the format.
    """
    format_ = format_of(path.name)
    if not path.name.lower().endswith(format_.ending):
        raise InvalidParameter(
            f"{path.name} is a part of a SOG folder, which is read only; write a .sog file."
        )
    check_finite(content.gaussians)
    part = path.with_name(f".{path.name}.part")
    try:
        if format_.name == "spz":
            write_spz(part, content.gaussians, antialiased=content.antialiased, frame=spz_frame)
        else:
            format_.write(part, content.gaussians, content.antialiased)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
