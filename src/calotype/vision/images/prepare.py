"""Make photos ready for everything that follows: upright, sRGB, 8 bits, a JPEG or PNG, EXIF kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from calotype.errors import InvalidParameter, UnreadableInput
from calotype.vision.images.convert import is_srgb, upright_srgb
from calotype.vision.images.decode import damaged, decodes
from calotype.vision.images.encode import written_whole
from calotype.vision.images.exif import upright_exif
from calotype.vision.images.probe import PILLOW_ERRORS, ImageInfo, ImageLimits, opened, probe

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MAX_PIXELS = ImageLimits().max_pixels
JPEG_QUALITY = 95
# Twice the size of level 6 is never reached on photos, and it takes a third of its time.
_PNG_LEVEL = 3
_KEPT_SUFFIXES = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}


@dataclass(frozen=True)
class Rejection:
    """Why a photo was declined: one sentence for people, and what to do."""

    reason: str


def prepare_photo(
    source: Path, into: Path, *, max_pixels: int = MAX_PIXELS, jpeg_quality: int = JPEG_QUALITY
) -> Path | Rejection:
    """The prepared photo's file in the folder `into`, or the reason for which the photo is declined.

    A photo that is an upright 8-bit sRGB JPEG or PNG already is copied byte for byte. Others are decoded,
    converted (see `upright_srgb`) and written as PNG if the source was lossless, else as JPEG with full
    colour resolution; the name keeps its stem. The same source gives the same bytes. An existing file of that
    name is replaced, and appears complete or not at all. Raises MissingExtra for HEIC when pillow-heif is not
    installed.
    """
    if not 1 <= jpeg_quality <= 100:
        raise InvalidParameter(
            f"jpeg_quality is {jpeg_quality}; it goes from 1 to 100, and 95 looks lossless."
        )
    limits = ImageLimits(max_pixels=max_pixels)
    try:
        info = probe(source, limits)
        if _is_ready(info) and decodes(source, info):
            return _copied(source, into, info)
        return _converted(source, into, info, limits, jpeg_quality)
    except UnreadableInput as error:
        return Rejection(str(error))


def _is_ready(info: ImageInfo) -> bool:
    plain = info.format in _KEPT_SUFFIXES and info.mode == "RGB" and info.bits == 8 and not info.has_alpha
    return plain and info.orientation == 1 and (not info.has_icc or is_srgb(info.icc))


def _copied(source: Path, into: Path, info: ImageInfo) -> Path:
    suffixes = _KEPT_SUFFIXES[info.format]
    name = source.name if source.suffix.lower() in suffixes else source.stem + suffixes[0]
    return written_whole(into / name, lambda path: shutil.copyfile(source, path))


def _converted(source: Path, into: Path, info: ImageInfo, limits: ImageLimits, jpeg_quality: int) -> Path:
    with opened(source, limits) as (image, format_name):
        lossless = _is_lossless(image, format_name, source)
        try:
            image.load()
        except PILLOW_ERRORS as error:
            raise damaged(source, error) from error
        exif = upright_exif(image, info.orientation)
        try:
            rgb = upright_srgb(image, info.orientation)
        except UnreadableInput as error:
            raise UnreadableInput(f"{source.name} cannot be used: {error}") from error
    if lossless:
        return written_whole(
            into / f"{source.stem}.png",
            lambda path: rgb.save(path, "PNG", compress_level=_PNG_LEVEL, **_with(exif)),
        )
    return written_whole(
        into / f"{source.stem}.jpg",
        # Subsampling 0 is 4:4:4: halving the colour resolution of what was halved before would blur it twice.
        lambda path: rgb.save(path, "JPEG", quality=jpeg_quality, subsampling=0, **_with(exif)),
    )


def _with(exif: bytes) -> dict[str, bytes]:
    return {"exif": exif} if exif else {}


def _is_lossless(image: PillowImage, format_name: str, source: Path) -> bool:
    if format_name == "WEBP":
        with source.open("rb") as file:
            # The lossless bitstream's chunk stands first, or after the extended header.
            return b"VP8L" in file.read(1 << 16)
    if format_name == "TIFF":
        return image.info.get("compression") not in ("jpeg", "tiff_jpeg", "webp")
    return format_name in ("PNG", "BMP")
