"""Sharpness: blur lowers it, resolution and brightness hardly matter."""

import cv2
import numpy as np

from calotype.vision.images.sharpness import sharpness


def scene(width, height):
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST)


def test_each_step_of_blur_lowers_the_score():
    scores = [sharpness(cv2.GaussianBlur(scene(640, 480), (0, 0), sigma)) for sigma in (0.3, 1, 2, 4, 8)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] - scores[-1] > 1


def test_motion_blur_lowers_it_too():
    kernel = np.zeros((15, 15), np.float32)
    kernel[7] = 1 / 15
    assert sharpness(cv2.filter2D(scene(640, 480), -1, kernel)) < sharpness(scene(640, 480)) - 0.3


def test_the_same_scene_at_twice_the_resolution_scores_about_the_same():
    assert abs(sharpness(scene(1024, 768)) - sharpness(scene(2048, 1536))) < 0.1


def test_a_white_wall_scores_zero():
    assert sharpness(np.full((300, 400, 3), 255, np.uint8)) == 0
