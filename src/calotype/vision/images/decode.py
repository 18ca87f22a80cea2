"""Read a photo as upright sRGB pixels, made smaller on the way if asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.errors import UnreadableInput
from calotype.vision.images.convert import is_srgb, turned_array, upright_srgb
from calotype.vision.images.probe import PILLOW_ERRORS, ImageInfo, ImageLimits, opened, probe

Pixels = NDArray[np.uint8]


def load_rgb(path: Path, max_side: int | None = None, limits: ImageLimits | None = None) -> Pixels:
    """The photo's pixels [h, w, 3], uint8 sRGB, orientation applied, the longer side at most `max_side`.

    Making smaller averages areas. Continuous coordinates (pixel centres at +0.5) then scale by new size over
    old size in each direction, without a shift, so `Camera.resized` fits. A small picture is not made larger.
    Raises UnreadableInput as `probe` does, and for a file that is cut off or damaged.
    """
    path = Path(path)
    info = probe(path, limits)
    pixels = _decoded_by_opencv(path, info, _reduction(info, max_side)) if _is_plain(info) else None
    if pixels is None:
        pixels = _decoded_by_pillow(path, info, limits)
    width, height = size_within(*info.upright_size, max_side)
    return resized(pixels, width, height)


def size_within(width: int, height: int, max_side: int | None) -> tuple[int, int]:
    """Width and height with the longer side at most `max_side`, rounded to whole pixels; never larger."""
    longer = max(width, height)
    if max_side is None or longer <= max_side:
        return width, height
    return max(1, round(width * max_side / longer)), max(1, round(height * max_side / longer))


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """The picture [h, w, 3] at another size: areas averaged when it shrinks, bicubic when it grows."""
    import cv2

    if pixels.shape[:2] == (height, width):
        return np.ascontiguousarray(pixels)
    shrinks = width <= pixels.shape[1] and height <= pixels.shape[0]
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(np.ascontiguousarray(pixels), (width, height), interpolation=interpolation), np.uint8
    )


def _is_plain(info: ImageInfo) -> bool:
    """Whether OpenCV's decoder, which drops profiles and alpha, gives the right colours."""
    plain = info.format in ("JPEG", "PNG") and info.mode in ("RGB", "L")
    plain = plain and info.bits == 8 and not info.has_alpha
    return plain and (not info.has_icc or (info.mode == "RGB" and is_srgb(info.icc)))


def decodes(path: Path, info: ImageInfo) -> bool:
    """Whether a plain JPEG or PNG is complete. All of it is read, at an eighth of its size where possible."""
    factor = 8 if info.format == "JPEG" and info.width % 8 == 0 and info.height % 8 == 0 else 1
    return _decoded_by_opencv(path, info, factor) is not None


def _decoded_by_opencv(path: Path, info: ImageInfo, factor: int) -> Pixels | None:
    """Upright pixels at the size divided by `factor`, None if the decoder refuses the data."""
    import cv2

    reduced = {
        1: cv2.IMREAD_COLOR,
        2: cv2.IMREAD_REDUCED_COLOR_2,
        4: cv2.IMREAD_REDUCED_COLOR_4,
        8: cv2.IMREAD_REDUCED_COLOR_8,
    }
    encoded = np.fromfile(path, np.uint8)
    # cv2 turns JPEGs, but not every format alike: the orientation is applied here, for all of them.
    decoded: Any = cv2.imdecode(encoded, reduced[factor] | cv2.IMREAD_IGNORE_ORIENTATION)
    if decoded is None or decoded.shape[:2] != (info.height // factor, info.width // factor):
        return None
    rgb = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB)
    return np.asarray(turned_array(np.asarray(rgb, np.uint8), info.orientation), np.uint8)


def _reduction(info: ImageInfo, max_side: int | None) -> int:
    """How far JPEG may be decoded at a fraction of its size: half, a quarter or an eighth, for speed.

    At least twice the wanted size is left for averaging. Sizes that do not divide evenly are decoded in full:
    the decoder would round them up, and all coordinates would be off by a fraction of a pixel.
    """
    if info.format != "JPEG" or max_side is None:
        return 1
    for factor in (8, 4, 2):
        even = info.width % factor == 0 and info.height % factor == 0
        if even and max(info.width, info.height) >= 2 * factor * max_side:
            return factor
    return 1


def _decoded_by_pillow(path: Path, info: ImageInfo, limits: ImageLimits | None) -> Pixels:
    with opened(path, limits) as (image, _):
        try:
            image.load()
        except PILLOW_ERRORS as error:
            raise damaged(path, error) from error
        try:
            return np.asarray(upright_srgb(image, info.orientation), np.uint8)
        except UnreadableInput as error:
            raise UnreadableInput(f"{path.name} cannot be used: {error}") from error


def damaged(path: Path, error: BaseException) -> UnreadableInput:
    """The error for a file whose header is fine and whose pixels are not."""
    return UnreadableInput(
        f"{path.name} is cut off or damaged: its pixels cannot be decoded ({error}). "
        "Copy it again, or leave it out."
    )
