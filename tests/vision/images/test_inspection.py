"""Pictures about pictures: sizes and scales."""

import numpy as np
import pytest

from calotype.errors import InputError
from calotype.vision.images.inspection import depth_colours, error_heat, side_by_side

PHOTO = np.random.default_rng(0).integers(40, 200, (60, 80, 3), dtype=np.uint8)


def test_photo_render_and_error_stand_side_by_side():
    picture = side_by_side(PHOTO, PHOTO + np.uint8(20), gap=4)
    assert picture.shape == (60, 3 * 80 + 8, 3)
    assert np.array_equal(picture[:, :80], PHOTO)
    assert np.array_equal(picture[:, 84:164], PHOTO + np.uint8(20))
    assert np.array_equal(picture[:, 168:], error_heat(PHOTO, PHOTO + np.uint8(20)))


def test_heat_grows_with_the_error_on_a_scale_that_does_not_depend_on_the_picture():
    brightness = [error_heat(PHOTO, PHOTO + np.uint8(e)).mean() for e in (0, 5, 10, 20, 40)]
    assert brightness == sorted(brightness)
    assert brightness[0] < 5
    half = PHOTO.copy()
    half[:, 40:] += np.uint8(30)
    assert np.array_equal(error_heat(PHOTO, half)[:, 40:], error_heat(PHOTO, PHOTO + np.uint8(30))[:, 40:])


def test_pictures_of_different_sizes_are_not_compared():
    with pytest.raises(InputError, match="same size"):
        side_by_side(PHOTO, PHOTO[1:])


def test_near_is_red_far_is_blue_and_unknown_is_grey():
    depth = np.tile(np.linspace(1, 10, 80, dtype=np.float32), (60, 1))
    depth[:5] = 0
    depth[5:8] = np.nan
    colours = depth_colours(depth).astype(int)
    assert (colours[:8] == 48).all()
    assert colours[30, 1, 0] > colours[30, 1, 2]
    assert colours[30, 78, 2] > colours[30, 78, 0]
    assert (depth_colours(np.zeros((4, 4))) == 48).all()


def test_fixed_ends_make_depths_of_different_views_comparable():
    flat, sloped = np.full((4, 4), 2.0), np.full((4, 4), 2.0)
    sloped[:, 2:] = 9
    assert np.array_equal(depth_colours(flat, 1, 10)[:, :2], depth_colours(sloped, 1, 10)[:, :2])
