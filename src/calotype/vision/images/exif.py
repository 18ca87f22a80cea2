"""Carry EXIF from a photo to its prepared copy: everything kept, only the orientation told as upright."""

from __future__ import annotations

import logging
import struct
from typing import TYPE_CHECKING

from calotype.vision.images.probe import PILLOW_ERRORS

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

log = logging.getLogger(__name__)

_PREFIX = b"Exif\x00\x00"
_ORIENTATION = 0x0112
_EXIF_FOLDER = 0x8769
_GPS_FOLDER = 0x8825
_PIXEL_WIDTH, _PIXEL_HEIGHT = 0xA002, 0xA003
# A JPEG segment holds 65535 bytes, its length field and the prefix included.
_LARGEST = 65533 - len(_PREFIX)
# What a TIFF file's own directory says about the photo and not about its strips: description, make, model,
# software, date, artist, copyright.
_TIFF_TAGS = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)


def upright_exif(image: PillowImage, orientation: int) -> bytes:
    """The image's EXIF block, `Exif` prefix included, for a copy whose pixels are upright; may be empty.

    The block's bytes are kept as they are (maker notes point into it, and cameras pad strings with zeros that
    a rewrite would lose); only the orientation is set to 1, and the pixel sizes are swapped if the picture
    was turned on its side. A block that is broken or too large for a JPEG is left out, with a log line.
    """
    block = _block_of(image)
    if not block:
        return b""
    if len(block) > _LARGEST:
        log.info("EXIF of %d bytes left out: JPEG holds %d", len(block), _LARGEST)
        return b""
    try:
        return _PREFIX + told_upright(block, orientation)
    except (struct.error, ValueError) as error:
        log.info("EXIF left out, it is damaged: %s", error)
        return b""


def told_upright(block: bytes, orientation: int) -> bytes:
    """The EXIF block (TIFF header and directories) with orientation 1; raises ValueError if damaged."""
    result = bytearray(block)
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(block[:4])
    if order is None:
        raise ValueError("no TIFF header")
    root = _entries(block, order, struct.unpack_from(order + "I", block, 4)[0])
    if _ORIENTATION in root:
        # Type SHORT, one value, left in its four bytes.
        struct.pack_into(order + "HIHH", result, root[_ORIENTATION] + 2, 3, 1, 1, 0)
    if orientation >= 5 and _EXIF_FOLDER in root:
        start = struct.unpack_from(order + "I", block, root[_EXIF_FOLDER] + 8)[0]
        entries = _entries(block, order, start)
        if _PIXEL_WIDTH in entries and _PIXEL_HEIGHT in entries:
            w, h = entries[_PIXEL_WIDTH], entries[_PIXEL_HEIGHT]
            result[w + 2 : w + 12], result[h + 2 : h + 12] = block[h + 2 : h + 12], block[w + 2 : w + 12]
    return bytes(result)


def _entries(block: bytes, order: str, start: int) -> dict[int, int]:
    """Where each tag's 12 bytes begin in the directory at `start`."""
    count = struct.unpack_from(order + "H", block, start)[0]
    if start + 2 + 12 * count > len(block):
        raise ValueError("a directory reaches beyond the block")
    places = [start + 2 + 12 * i for i in range(count)]
    return {struct.unpack_from(order + "H", block, place)[0]: place for place in places}


def _block_of(image: PillowImage) -> bytes:
    if image.format == "TIFF":
        return _block_from_tiff(image)
    block = image.info.get("exif") or b""
    return block.removeprefix(_PREFIX) if isinstance(block, bytes) else b""


def _block_from_tiff(image: PillowImage) -> bytes:
    """A block made from a TIFF file's tags: the file itself is the directory, so there are no bytes to keep."""
    from PIL.Image import Exif

    kept = Exif()
    try:
        tags = image.getexif()
        for tag in _TIFF_TAGS:
            if tag in tags:
                kept[tag] = tags[tag]
        for folder in (_EXIF_FOLDER, _GPS_FOLDER):
            entries = tags.get_ifd(folder)
            if entries:
                kept.get_ifd(folder).update(entries)
        return kept.tobytes().removeprefix(_PREFIX) if len(kept) else b""
    except (*PILLOW_ERRORS, UserWarning) as error:
        log.info("EXIF left out, it is damaged: %s", error)
        return b""
