"""Damage: whatever happens to a file's bytes, it is read or refused in words, never anything else."""

import io
import random

import numpy as np
import pytest
from PIL import Image

from calotype.errors import UnreadableInput
from calotype.vision.images.decode import load_rgb
from calotype.vision.images.prepare import Rejection, prepare_photo

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 56, 3), dtype=np.uint8)
KINDS = {
    "baseline.jpg": ("JPEG", "RGB", {"exif": b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"}),
    "progressive.jpg": ("JPEG", "L", {"progressive": True}),
    "cmyk.jpg": ("JPEG", "CMYK", {}),
    "plain.png": ("PNG", "RGB", {}),
    "palette.png": ("PNG", "P", {"transparency": 3}),
    "plain.tif": ("TIFF", "RGB", {}),
    "lzw.tif": ("TIFF", "RGBA", {"compression": "tiff_lzw"}),
    "lossy.webp": ("WEBP", "RGB", {}),
    "lossless.webp": ("WEBP", "RGBA", {"lossless": True}),
    "plain.bmp": ("BMP", "RGB", {}),
}  # fmt: skip


def damaged(content, chance):
    """The bytes with a few changed, removed or cut off; headers are hit more often than pixels."""
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8])):
        place = chance.randrange(min(len(data), chance.choice([300, 10**9])))
        kind = chance.random()
        if kind < 0.8:
            data[place] = chance.choice([0, 127, 255, chance.randrange(256)])
        elif kind < 0.9:
            del data[place : place + chance.randrange(1, 9)]
        else:
            del data[max(20, place) :]
        if len(data) < 20:
            break
    return bytes(data)


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore:Image size")
@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(tmp_path, name):
    image_format, mode, options = KINDS[name]
    file = io.BytesIO()
    Image.fromarray(PIXELS).convert(mode).save(file, image_format, **options)
    chance = random.Random(name)
    read, reasons = 0, []
    for _ in range(40):
        (tmp_path / name).write_bytes(damaged(file.getvalue(), chance))
        try:
            pixels = load_rgb(tmp_path / name, 32)
        except UnreadableInput as error:
            reasons.append(str(error))
        else:
            read += 1
            assert pixels.dtype == np.uint8
            assert pixels.shape[2:] == (3,)
            assert max(pixels.shape) <= 32
        prepared = prepare_photo(tmp_path / name, tmp_path / "out")
        if not isinstance(prepared, Rejection):
            assert load_rgb(prepared).size > 0
    assert read + len(reasons) == 40
    assert len(reasons) > 3
    assert all(name in reason for reason in reasons)
