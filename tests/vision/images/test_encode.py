"""Writing pictures: whole files, in folders made on the way."""

import numpy as np
import pytest

from calotype.vision.images.decode import load_rgb
from calotype.vision.images.encode import jpeg_bytes, save_jpeg, written_whole
from calotype.vision.images.metrics import psnr

PICTURE = np.tile(np.arange(240, dtype=np.uint8)[None, :, None], (80, 1, 3))


def test_pictures_come_back_and_folders_are_made(tmp_path):
    assert psnr(load_rgb(save_jpeg(tmp_path / "d" / "e.jpg", PICTURE, 95)), PICTURE) > 45
    assert jpeg_bytes(PICTURE) == jpeg_bytes(PICTURE.copy())


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(part):
        part.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        written_whole(path, fail)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.txt", "old")]
