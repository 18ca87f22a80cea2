"""Turn any photo, however it is stored, into upright 8-bit sRGB pixels."""

from __future__ import annotations

import io
import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calotype.errors import UnreadableInput

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage
    from PIL.ImageCms import ImageCmsProfile

log = logging.getLogger(__name__)

# Rounding in a transform between two descriptions of the same space moves values by one.
_SAME_COLOUR = 2


def upright_srgb(image: PillowImage, orientation: int) -> PillowImage:
    """The image in mode RGB, 8 bits, sRGB, with the EXIF orientation applied.

    16-bit values are rounded to 8; a colour profile is converted (relative colorimetric, black point
    compensated) or, if it is broken or for other channels, left out with a log line; CMYK without a profile
    is converted plainly; transparent pixels are laid over black. Raises UnreadableInput for float pixels,
    whose range nobody states.
    """
    from PIL import Image

    icc = image.info.get("icc_profile")
    flat, alpha = _split_alpha(_eight_bits(image))
    rgb = _converted_by_profile(flat, icc) if isinstance(icc, bytes) and icc else None
    rgb = rgb or flat.convert("RGB")
    if alpha is not None:
        rgb = Image.composite(rgb, Image.new("RGB", rgb.size), alpha)
    upright = turned(rgb, orientation)
    # Pillow carries the profile along, the old one or (after converting) its own sRGB with today's date in
    # it, and its PNG writer would embed it.
    upright.info = {}
    return upright


def turned(image: PillowImage, orientation: int) -> PillowImage:
    """The image as EXIF orientation 1 to 8 wants it shown."""
    from PIL.Image import Transpose

    steps = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(steps[orientation]) if orientation in steps else image.copy()


def turned_array(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Pixels [h, w, ...] as EXIF orientation 1 to 8 wants them shown: a view, not a copy."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


@lru_cache(maxsize=32)
def is_srgb(icc: bytes) -> bool:
    """Whether a colour profile describes sRGB: a cube of colours passes unchanged, but for rounding.

    The name inside is no help: there are dozens of sRGB profiles, and phones write others for the same space.
    """
    from PIL import Image

    steps = np.linspace(0, 255, 9).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(27, 27, 3)
    converted = _converted_by_profile(Image.fromarray(cube), icc)
    if converted is None:
        return False
    difference = np.abs(np.asarray(converted).astype(np.int16) - cube)
    return int(difference.max()) <= _SAME_COLOUR


def _eight_bits(image: PillowImage) -> PillowImage:
    """The image with 8 bits per channel; Pillow's own `convert` would saturate 16-bit grey at 255."""
    from PIL import Image

    if image.mode.startswith("I"):
        values = np.asarray(image)
        if values.min() < 0 or values.max() > 65535:
            raise UnreadableInput("it has 32-bit pixels. Export it with 8 or 16 bits per channel.")
        # 65535 = 255 * 257, so dividing by 257 maps both ends exactly.
        return Image.fromarray(np.rint(values.astype(np.float32) / 257).astype(np.uint8))
    if image.mode == "F":
        raise UnreadableInput("it has floating-point pixels. Export it with 8 or 16 bits per channel.")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if "transparency" in image.info or image.mode == "PA" else "RGB")
    if image.mode == "1":
        return image.convert("L")
    if "transparency" in image.info and image.mode in ("L", "RGB"):
        return image.convert("RGBA")
    return image


def _split_alpha(image: PillowImage) -> tuple[PillowImage, PillowImage | None]:
    if image.mode in ("RGBa", "La"):
        image = image.convert("RGBA" if image.mode == "RGBa" else "LA")
    if image.mode == "RGBA":
        return image.convert("RGB"), image.getchannel("A")
    if image.mode == "LA":
        return image.convert("L"), image.getchannel("A")
    return image, None


def _converted_by_profile(image: PillowImage, icc: bytes) -> PillowImage | None:
    """The image in sRGB, None if its profile is broken or describes other channels than it has."""
    from PIL import ImageCms

    try:
        profile: ImageCmsProfile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        transform = ImageCms.buildTransform(
            profile,
            ImageCms.createProfile("sRGB"),
            image.mode,
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        log.info("colour profile left out, taken as sRGB: %s", error)
        return None
