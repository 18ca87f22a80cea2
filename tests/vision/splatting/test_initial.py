"""Where training begins: the poses' points, and more of them where there are few."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.vision.sfm.conftest import Boards, paint_boards

from calotype.artifacts.cameras import SparsePoints
from calotype.errors import InputError
from calotype.vision.splatting.initial import initial_gaussians
from calotype.vision.splatting.options import TrainOptions


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Boards:
    return paint_boards(tmp_path_factory.mktemp("boards"), 9)


def some_points(count: int) -> SparsePoints:
    rng = np.random.default_rng(2)
    return SparsePoints(rng.normal(0, 1, (count, 3)), rng.integers(0, 255, (count, 3), dtype=np.uint8))


def quiet(done: int, total: int | None, note: str) -> None:
    pass


def test_few_points_are_joined_by_points_on_what_the_photos_show(boards: Boards) -> None:
    cameras = replace(boards.truth, points=some_points(10))
    found = initial_gaussians(cameras, boards.by_name, TrainOptions(initial_points=1500), quiet)
    np.testing.assert_allclose(found.means[:10], cameras.points.xyz, rtol=1e-6)
    z = found.means[10:, 2]
    assert 300 < len(z) <= 1490
    # The wall is at z = 3.5, the boards' middles between 1.9 and 2.9; nothing is elsewhere.
    assert np.mean((z > 1.6) & (z < 3.6)) > 0.95


ENOUGH = [TrainOptions(initial_points=0), TrainOptions(initial_points=300), TrainOptions(gaussians=250)]


@pytest.mark.parametrize("options", ENOUGH)
def test_no_photo_is_read_where_there_are_points_enough(boards: Boards, options: TrainOptions) -> None:
    cameras = replace(boards.truth, points=some_points(300))
    nowhere = {frame.name: Path("/nowhere") / frame.name for frame in cameras.frames}
    assert len(initial_gaussians(cameras, nowhere, options, quiet)) == min(300, options.gaussians)


def test_frames_without_a_photo_are_left_out(boards: Boards) -> None:
    cameras = replace(boards.truth, points=some_points(10))
    some = {name: boards.by_name[name] for name in sorted(boards.by_name)[:5]}
    found = initial_gaussians(cameras, some, TrainOptions(initial_points=600), quiet)
    assert 10 < len(found) <= 600
    assert len(initial_gaussians(cameras, {}, TrainOptions(initial_points=600), quiet)) == 10


def test_the_same_bits_come_for_any_number_of_threads(boards: Boards) -> None:
    cameras = replace(boards.truth, points=some_points(10))
    options = TrainOptions(initial_points=400)
    one, three = (initial_gaussians(cameras, boards.by_name, options, quiet, threads=n) for n in (1, 3))
    np.testing.assert_array_equal(one.means, three.means)
    np.testing.assert_array_equal(one.sh, three.sh)


def test_progress_is_told_and_ends_the_search_where_it_raises(boards: Boards) -> None:
    cameras = replace(boards.truth, points=some_points(10))

    def stop(done: int, total: int | None, note: str) -> None:
        raise KeyboardInterrupt(note)

    with pytest.raises(KeyboardInterrupt, match="initial points"):
        initial_gaussians(cameras, boards.by_name, TrainOptions(initial_points=400), stop)


def test_without_any_point_there_is_nothing_to_begin_with(boards: Boards) -> None:
    cameras = replace(boards.truth, points=SparsePoints())
    with pytest.raises(InputError, match="No usable points"):
        initial_gaussians(cameras, boards.by_name, TrainOptions(initial_points=0), quiet)
    assert len(initial_gaussians(cameras, boards.by_name, TrainOptions(initial_points=400), quiet)) > 50
