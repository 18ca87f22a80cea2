"""Decoding: upright, exact coordinates when made smaller, the right colours for odd files."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image

from calotype.errors import UnreadableInput
from calotype.vision.images.decode import load_rgb, resized, size_within
from calotype.vision.images.metrics import psnr


def ramps(width, height):
    """Red grows with x and green with y, linear in continuous coordinates; blue is a slow wave."""
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    wave = 0.5 + 0.5 * np.sin(7 * x + 5 * y)
    return np.rint(255 * np.stack([x, y, wave], axis=-1)).astype(np.uint8)


def saved(path, pixels, **options):
    Image.fromarray(pixels).save(path, **options)
    return path


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.bmp"])
def test_lossless_files_come_back_bit_for_bit(tmp_path, name):
    pixels = np.random.default_rng(0).integers(0, 256, (33, 47, 3), dtype=np.uint8)
    assert np.array_equal(load_rgb(saved(tmp_path / name, pixels)), pixels)


@pytest.mark.parametrize("name", ["a.jpg", "a.webp", "a.heic"])
def test_lossy_files_come_back_closely(tmp_path, name):
    if name.endswith("heic"):
        pytest.importorskip("pillow_heif").register_heif_opener()
    pixels = ramps(128, 96)
    assert psnr(load_rgb(saved(tmp_path / name, pixels, quality=95)), pixels) > 38


@pytest.mark.parametrize(
    ("width", "height", "max_side"), [(1600, 1200, 200), (1601, 1203, 200), (640, 480, 417)]
)
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_making_smaller_shifts_no_coordinate(tmp_path, width, height, max_side, suffix):
    options = {"quality": 98} if suffix == "jpg" else {}
    plain = load_rgb(saved(tmp_path / f"a.{suffix}", ramps(width, height), **options), max_side)
    turned = load_rgb(saved(tmp_path / f"b.{suffix}", ramps(width, height)[::-1, ::-1], **options), max_side)
    assert plain.shape[1::-1] == size_within(width, height, max_side)
    # A shift moves the ramps of the two pictures in opposite directions; rounding in the codec moves both
    # alike. A hundredth of a pixel would show as 0.013.
    difference = plain.astype(float) - turned[::-1, ::-1]
    assert np.abs(difference[..., :2].mean(axis=(0, 1))).max() / 2 < 0.013


def test_a_small_picture_is_not_made_larger(tmp_path):
    assert load_rgb(saved(tmp_path / "a.png", ramps(40, 30)), 400).shape == (30, 40, 3)


def test_sizes_round_to_whole_pixels_and_never_to_zero():
    assert size_within(1080, 1920, 480) == (270, 480)
    assert size_within(4000, 3, 100) == (100, 1)
    assert size_within(100, 50, None) == (100, 50)


def test_a_larger_picture_on_request_keeps_coordinates():
    large = resized(ramps(50, 40), 100, 80).astype(float)
    assert_allclose(large[4:-4, 4:-4], ramps(100, 80)[4:-4, 4:-4], atol=3)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_a_file_cut_off_is_refused_not_greyed(tmp_path, suffix):
    path = saved(
        tmp_path / f"a.{suffix}", np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableInput, match=rf"a\.{suffix}"):
        load_rgb(path)
