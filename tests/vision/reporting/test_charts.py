"""Charts and maps: round ticks, the right side up, far points kept from shrinking the cameras."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calotype.vision.reporting.charts import camera_map, histogram, round_ticks, training_curve
from calotype.vision.reporting.data import CameraMap, TrainingEntry
from calotype.vision.reporting.measured import Histogram


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(3, 8))
def test_ticks_are_few_rising_and_within_the_range(low, span, about):
    ticks = round_ticks(low, low + span, about)
    assert 1 <= len(ticks) <= 2 * about
    assert ticks == sorted(set(ticks))
    assert all(low - 1e-6 * max(abs(low), span) <= tick <= low + span * 1.001 + 1e-6 for tick in ticks)


def test_ticks_are_round_numbers():
    assert round_ticks(14.2, 24.6, 5) == [15.0, 17.5, 20.0, 22.5]
    assert round_ticks(0, 3000, 6) == [0, 500, 1000, 1500, 2000, 2500, 3000]
    assert round_ticks(5, 5, 4) == [5]


def dots(svg):
    return np.array([[float(x), float(y)] for x, y in re.findall(r'<circle cx="([^"]+)" cy="([^"]+)"', svg)])


ALONG_AXES = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def test_from_above_x_goes_right_and_z_goes_up():
    origin, x, y, z = dots(camera_map(CameraMap(ALONG_AXES, ALONG_AXES), "from above"))
    assert x[0] > origin[0]
    assert x[1] == origin[1]
    assert z[1] < origin[1]
    assert z[0] == origin[0]
    assert np.array_equal(y, origin)


def test_from_the_side_the_worlds_down_is_down():
    origin, x, y, z = dots(camera_map(CameraMap(ALONG_AXES, ALONG_AXES), "from the side"))
    assert x[0] > origin[0]
    assert y[1] > origin[1]
    assert np.array_equal(z, origin)


def test_a_few_points_on_the_horizon_do_not_shrink_the_cameras():
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(size=(200, 3)), rng.normal(size=(40, 3)) * 5000])
    cameras = CameraMap(
        rng.normal(size=(20, 3)), np.tile([0.0, 0.0, 1.0], (20, 1)), points, np.zeros((240, 3), np.uint8)
    )
    placed = dots(camera_map(cameras, "from above"))
    assert np.ptp(placed, axis=0).max() > 80
    assert placed.min() > 0
    assert placed.max() < 400


def test_the_curve_rises_in_the_picture_when_psnr_does():
    svg = training_curve([TrainingEntry(0, 10.0), TrainingEntry(500, 20.0), TrainingEntry(1000, 25.0)], 18.0)
    line = re.search(r'd="M([^"]+)" class="curve"', svg).group(1)
    ys = [float(pair.split()[1]) for pair in line.split(" L")]
    assert ys[0] > ys[1] > ys[2]
    held_out = float(re.search(r'y1="([\d.]+)" y2="[\d.]+" class="held-out"', svg).group(1))
    assert ys[1] < held_out < ys[0]


@pytest.mark.parametrize("history", [[], [TrainingEntry(1, 20.0)], [TrainingEntry(1), TrainingEntry(2)]])
def test_a_curve_needs_two_measured_points(history):
    assert training_curve(history) is None


def test_bars_are_as_high_as_what_they_count_and_say_so():
    svg = histogram(Histogram(("2", "3", "4+"), (100, 50, 0), 2.0, "points"), "Tracks")
    heights = [float(height) for height in re.findall(r'<rect [^>]*height="([^"]+)"', svg)]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert heights[2] == 0
    assert re.findall(r">([^<]+)</text>", svg) == ["100", "2", "50", "3", "0", "4+"]
    assert histogram(Histogram(("2",), (0,), 2.0, "points"), "Tracks") is None
