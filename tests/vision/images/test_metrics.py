"""PSNR and SSIM against their definitions, written out the slow way."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from calotype.errors import InputError
from calotype.vision.images.metrics import psnr, ssim, ssim_map

RNG = np.random.default_rng(0)
A = RNG.integers(0, 256, (24, 31, 3), dtype=np.uint8)
B = np.clip(A.astype(int) + RNG.integers(-30, 31, A.shape), 0, 255).astype(np.uint8)


def slow_ssim(a, b):
    """One pixel at a time, straight from the paper."""
    a, b = a / 255.0, b / 255.0
    offsets = np.arange(-5, 6)
    taps = np.exp(-(offsets**2) / (2 * 1.5**2))
    window = np.outer(taps, taps) / taps.sum() ** 2
    values = []
    for c in range(3):
        for y in range(5, a.shape[0] - 5):
            for x in range(5, a.shape[1] - 5):
                p, q = a[y - 5 : y + 6, x - 5 : x + 6, c], b[y - 5 : y + 6, x - 5 : x + 6, c]
                mp, mq = (window * p).sum(), (window * q).sum()
                vp, vq = (window * (p - mp) ** 2).sum(), (window * (q - mq) ** 2).sum()
                cov = (window * (p - mp) * (q - mq)).sum()
                top = (2 * mp * mq + 1e-4) * (2 * cov + 9e-4)
                values.append(top / ((mp**2 + mq**2 + 1e-4) * (vp + vq + 9e-4)))
    return np.mean(values)


def test_ssim_equals_the_definition():
    assert_allclose(ssim(A, B), slow_ssim(A, B), atol=1e-10)
    assert ssim_map(A, B).shape == (14, 21, 3)


def test_psnr_of_a_known_error_is_known():
    flat = np.full((20, 20, 3), 100, np.uint8)
    assert_allclose(psnr(flat, flat + np.uint8(1)), 20 * np.log10(255))
    assert_allclose(psnr(np.zeros((12, 12)), np.full((12, 12), 0.1)), 20)


def test_equal_pictures_score_the_best_there_is():
    assert psnr(A, A) == float("inf")
    assert_allclose(ssim(A, A), 1)


def test_both_measures_are_symmetric():
    assert_allclose(psnr(A, B), psnr(B, A))
    assert_allclose(ssim(A, B), ssim(B, A))


def test_floats_and_bytes_of_the_same_picture_score_the_same():
    assert_allclose(ssim(A / 255.0, B), ssim(A, B))
    assert_allclose(psnr((A / 255.0).astype(np.float32), B), psnr(A, B), rtol=1e-6)


def test_grey_pictures_are_compared_too():
    assert_allclose(ssim(A[..., 0], B[..., 0]), ssim(A[..., :1], B[..., :1]))


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="same size"):
        psnr(A, A[1:])
    with pytest.raises(InputError, match="uint8"):
        psnr(A.astype(np.int32), A.astype(np.int32))
    with pytest.raises(InputError, match="11x11"):
        ssim(A[:8], A[:8])
