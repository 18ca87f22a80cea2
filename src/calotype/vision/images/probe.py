"""Learn what an image file is from its header, and refuse it there if it is unsafe or not what its name says."""

from __future__ import annotations

import struct
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from calotype.errors import MissingExtra, UnreadableInput

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

SUFFIXES: dict[str, tuple[str, ...]] = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png",),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "HEIF": (".heic", ".heif", ".hif"),
}
"""The formats which are read, and the file name endings of each."""

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# What people put among their photos by mistake: named in the refusal, never opened.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"8BPS", "Photoshop file"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"FUJIFILM", "camera raw file"),
)
_LARGEST_EXIF = 1 << 20
_WEBP_PIXELS = 178_000_000
# A gigabyte in the usual parts of 8 kB.
_MOST_PNG_PARTS = 131_072
# What Pillow's readers and their C libraries raise on broken files.
PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    RuntimeError,
    OverflowError,
    struct.error,
)


@dataclass(frozen=True)
class ImageLimits:
    """What a photo may cost before it is refused; all of it is known from the header."""

    max_pixels: int = 200_000_000
    """Width times height. The largest cameras on sale have 150 megapixels."""
    max_bytes: int = 1 << 30
    """Size of the file."""
    max_frames: int = 1
    """Pictures in one file: animations and multi-page scans have more."""


@dataclass(frozen=True)
class ImageInfo:
    """What an image file says about itself."""

    format: str
    """One of `SUFFIXES`."""
    width: int
    """Pixels as the decoder hands them out, before `orientation` is applied."""
    height: int
    mode: str
    """Pillow's name of the pixel layout: RGB, L, CMYK, I;16 ..."""
    orientation: int
    """EXIF orientation still to be applied, 1 (upright) to 8. Decoders of TIFF and HEIC apply it themselves.
    """
    has_icc: bool
    has_alpha: bool
    frames: int
    bits: int = 8
    """Bits per channel as stored."""
    icc: bytes = field(default=b"", repr=False)
    """The colour profile, empty if there is none."""

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height once the orientation is applied."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


def probe(path: Path, limits: ImageLimits | None = None) -> ImageInfo:
    """What the image file is, from its header alone: no pixel is decoded, nothing of its size is allocated.

    Raises UnreadableInput, with the reason and what to do, for a file that is empty, is no image of a known
    format, is not what its name says, or breaks a limit; MissingExtra for HEIC without pillow-heif.
    """
    with opened(path, limits) as (image, format_name):
        return _described(image, format_name)


@contextmanager
def opened(path: Path, limits: ImageLimits | None = None) -> Generator[tuple[PillowImage, str]]:
    """The image, opened but not decoded, and its format, for the length of a `with`; raises as `probe` does."""
    if not path.exists():
        raise UnreadableInput(f"{path.name} is not there, or a link to nothing.")
    # Before opening: to open a pipe is to wait for whoever writes into it.
    if not path.is_file():
        raise UnreadableInput(f"{path.name} is not a regular file.")
    with path.open("rb") as file:
        yield open_checked(file, path, limits or ImageLimits())


def open_checked(file: BinaryIO, path: Path, limits: ImageLimits) -> tuple[PillowImage, str]:
    """The image in an open file, not decoded, and its format; raises as `probe` does."""
    format_name = _checked_format(file, path, limits)
    exif = _png_exif(file, path) if format_name == "PNG" else b""
    file.seek(0)
    try:
        image = _reader(format_name)(file)
        frames = int(getattr(image, "n_frames", 1)) if format_name != "HEIF" else 1
    except PILLOW_ERRORS as error:
        raise UnreadableInput(
            f"{path.name} begins like a {format_name} file, but its header cannot be read ({error}). "
            "It may be cut off: copy it again, or leave it out."
        ) from error
    _check_size(path, image.width, image.height, limits)
    if frames > limits.max_frames:
        raise UnreadableInput(
            f"{path.name} holds {frames} pictures, not one. Export each as its own file, "
            "or give an animation as a video."
        )
    if format_name == "PNG":
        # Asked for EXIF it has not met yet, Pillow would decode the whole picture to look behind it.
        image.info.setdefault("exif", exif)
    return image, format_name


def sniff(head: bytes) -> str | None:
    """The format that the first bytes of a file announce, None if it is none of those which are read."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "TIFF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith(b"BM"):
        return "BMP"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return None


def _checked_format(file: BinaryIO, path: Path, limits: ImageLimits) -> str:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableInput(f"{path.name} is empty (0 bytes). Copy it again, or leave it out.")
    if size > limits.max_bytes:
        raise UnreadableInput(
            f"{path.name} has {size / 1e6:.0f} MB; up to {limits.max_bytes / 1e6:.0f} MB are read."
        )
    head = file.read(64)
    found = sniff(head)
    named = next((name for name, suffixes in SUFFIXES.items() if path.suffix.lower() in suffixes), None)
    if found is None:
        raise UnreadableInput(
            f"{path.name} is not an image: its content is {_foreign_name(head)}. "
            f"Formats which are read: {', '.join(SUFFIXES)}."
        )
    if named is not None and named != found:
        raise UnreadableInput(
            f"{path.name} is not what its name says: the name ends in {path.suffix} ({named}), "
            f"the content is {found}. Rename it to {path.stem}{SUFFIXES[found][0]} if that is right."
        )
    if found == "WEBP":
        # Pillow's WebP reader allocates the canvas when it opens the file, and has its own limit.
        _check_size(path, *_webp_size(head), replace(limits, max_pixels=min(limits.max_pixels, _WEBP_PIXELS)))
    return found


def _check_size(path: Path, width: int, height: int, limits: ImageLimits) -> None:
    if width < 1 or height < 1:
        raise UnreadableInput(f"{path.name} says it has {width}x{height} pixels. Leave it out.")
    if width * height > limits.max_pixels:
        raise UnreadableInput(
            f"{path.name} says it has {width}x{height} pixels ({width * height / 1e6:.0f} megapixels); "
            f"up to {limits.max_pixels / 1e6:.0f} are read. Make it smaller, or raise max_pixels."
        )


def _webp_size(head: bytes) -> tuple[int, int]:
    """Canvas size from a WebP file's first chunk (RFC 9649), 0x0 if there is none."""
    chunk = head[12:16]
    if chunk == b"VP8X" and len(head) >= 30:
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if chunk == b"VP8L" and len(head) >= 25:
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 " and len(head) >= 30:
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _png_exif(file: BinaryIO, path: Path) -> bytes:
    """The EXIF block of a PNG file, which may stand after the pixels; empty if there is none.

    On the way it is seen whether all parts end within the file: a false length of gigabytes would be
    allocated.
    """
    end = path.stat().st_size
    place = 8
    block = b""
    for _ in range(_MOST_PNG_PARTS):
        if place + 12 > end:
            break
        file.seek(place)
        length, name = struct.unpack(">I4s", file.read(8))
        place += 12 + length
        if place > end:
            raise UnreadableInput(
                f"{path.name} is cut off or damaged: a part of {length} bytes reaches beyond its end. "
                "Copy it again, or leave it out."
            )
        if name == b"eXIf":
            block = file.read(min(length, _LARGEST_EXIF))
        if name == b"IEND":
            break
    return block


def _foreign_name(head: bytes) -> str:
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            return f"a {name}"
    if head[4:8] == b"ftyp":
        return "an AVIF image" if head[8:12] in (b"avif", b"avis") else "a film"
    if b"<html" in head.lower() or b"<!doctype" in head.lower():
        return "a web page"
    text = sum(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head)
    return "text" if text > 0.95 * len(head) else "of no known kind"


def _reader(format_name: str) -> Any:
    """Pillow's reader class of a format, used directly.

    `PIL.Image.open` would try other formats too, warn from 89 megapixels on by a setting of the whole
    process, and take phone JPEGs with an attached gain map for multi-picture files.
    """
    if format_name == "JPEG":
        from PIL.JpegImagePlugin import JpegImageFile as Reader
    elif format_name == "PNG":
        from PIL.PngImagePlugin import PngImageFile as Reader
    elif format_name == "TIFF":
        from PIL.TiffImagePlugin import TiffImageFile as Reader
    elif format_name == "WEBP":
        from PIL.WebPImagePlugin import WebPImageFile as Reader
    elif format_name == "BMP":
        from PIL.BmpImagePlugin import BmpImageFile as Reader
    else:
        try:
            from pillow_heif import HeifImageFile as Reader
        except ImportError as error:
            raise MissingExtra("Reading HEIC photos needs pillow-heif: pip install calotype[heic]") from error
    return Reader


def _described(image: PillowImage, format_name: str) -> ImageInfo:
    icc = image.info.get("icc_profile") or b""
    icc = icc if isinstance(icc, bytes) else b""
    return ImageInfo(
        format=format_name,
        width=image.width,
        height=image.height,
        mode=image.mode,
        orientation=1 if format_name in ("TIFF", "HEIF") else _orientation(image),
        has_icc=bool(icc),
        has_alpha=image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info,
        frames=int(getattr(image, "n_frames", 1)),
        bits=_stored_bits(image, format_name),
        icc=icc,
    )


def _stored_bits(image: PillowImage, format_name: str) -> int:
    if image.mode.startswith("I;16"):
        return 16
    if image.mode in ("I", "F"):
        return 32
    if format_name in ("PNG", "TIFF"):
        # Pillow hands out 16-bit colour as 8-bit RGB; the raw mode still tells, as in "RGB;16B".
        tiles = getattr(image, "tile", [])
        if tiles and ";16" in str(tiles[0].args):
            return 16
    return 1 if image.mode == "1" else 8


def _orientation(image: PillowImage) -> int:
    """The EXIF orientation of an opened image, 1 where it is absent, broken or out of range."""
    try:
        value = image.getexif().get(0x0112, 1)
    except (*PILLOW_ERRORS, UserWarning):
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1
