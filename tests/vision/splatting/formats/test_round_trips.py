"""What is written is read back, within what each format says it loses."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from tests.vision.splatting.formats.splats import assert_within, differences, made_up, order_in, splats

from calotype.errors import InputError, InvalidParameter
from calotype.vision.splatting.formats.names import ExportFormat
from calotype.vision.splatting.formats.splat_file import SplatFile
from calotype.vision.splatting.formats.spz import write_spz
from calotype.vision.splatting.formats.table import FORMATS, format_of, read_splat, write_splat
from calotype.vision.splatting.gaussians import Gaussians

NAMES = list(FORMATS)


def path_for(folder: Path, name: str) -> Path:
    return folder / f"scene{FORMATS[name].ending}"


def there_and_back(folder: Path, name: str, made: SplatFile) -> SplatFile:
    write_splat(path_for(folder, name), made)
    return read_splat(path_for(folder, name))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None)
@given(made=splats())
def test_what_is_read_back_differs_by_no_more_than_the_format_states(name: str, made: Gaussians) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read = there_and_back(Path(folder), name, SplatFile(made))
    assert len(read.gaussians) == len(made)
    kept = made.select(order_in(name, made))
    # glTF has no accessors of nothing, and so no harmonics of nothing either.
    assert (
        read.gaussians.sh_degree == (0 if name == "splat" or len(made) == 0 else made.sh_degree)
        or len(made) == 0
    )
    assert_within(differences(read.gaussians, kept), FORMATS[name].loss(made))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("degree", range(4))
def test_many_gaussians_of_every_degree_keep_their_stated_loss(
    tmp_path: Path, name: str, degree: int
) -> None:
    """More than one group of compressed PLY, and more harmonics than SOG's palette has colours."""
    made = made_up(3000, degree)
    read = there_and_back(tmp_path, name, SplatFile(made))
    assert_within(differences(read.gaussians, made.select(order_in(name, made))), FORMATS[name].loss(made))


@pytest.mark.parametrize("name", NAMES)
def test_more_gaussians_than_are_converted_at_a_time_arrive_in_order(tmp_path: Path, name: str) -> None:
    made = made_up(70_000, 1)
    read = there_and_back(tmp_path, name, SplatFile(made))
    assert_within(differences(read.gaussians, made.select(order_in(name, made))), FORMATS[name].loss(made))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("antialiased", [False, True])
def test_whether_it_was_trained_antialiased_is_kept(tmp_path: Path, name: str, antialiased: bool) -> None:
    read = there_and_back(tmp_path, name, SplatFile(made_up(5), antialiased))
    assert read.antialiased is (antialiased and name != "splat")


@pytest.mark.parametrize("name", NAMES)
def test_the_same_gaussians_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    written: list[bytes] = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write_splat(path_for(tmp_path / folder, name), SplatFile(made_up(2000)))
        written.append(path_for(tmp_path / folder, name).read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_gaussians_that_are_not_finite_are_not_written_and_leave_nothing_behind(
    tmp_path: Path, name: str, value: float
) -> None:
    made = made_up(5)
    made.means[3, 1] = value
    with pytest.raises(InputError, match="1 of 5 Gaussians, the first is number 4"):
        write_splat(path_for(tmp_path, name), SplatFile(made))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "scene.spz"
    write_splat(path, SplatFile(made_up(5)))
    before = path.read_bytes()
    far = made_up(5)
    far.means[0, 0] = 1e8
    with pytest.raises(InputError, match=r"1e\+08 scene units away"):
        write_splat(path, SplatFile(far))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_wide_scene_loses_digits_in_spz_but_no_gaussian(tmp_path: Path) -> None:
    made = made_up(50, size=2.0)
    made.means[0] = (5e6, -8_000_000, 0)
    stated = FORMATS["spz"].loss(made)
    assert stated.position == 0.5
    read = there_and_back(tmp_path, "spz", SplatFile(made))
    assert_within(differences(read.gaussians, made), stated)


def test_a_small_scene_keeps_more_digits_in_spz_than_a_large_one() -> None:
    steps = [FORMATS["spz"].loss(made_up(500, size=size)).position for size in (0.01, 0.1, 4.0, 100.0)]
    assert steps == sorted(steps)
    assert steps[0] < 1e-6
    assert steps[2] == steps[3] == 2**-13


def test_colours_of_quite_clear_gaussians_are_kept_in_sog(tmp_path: Path) -> None:
    """WebP throws them away unless it is told not to: an opacity is its alpha."""
    made = made_up(40)
    made.logit_opacities[:] = -40
    read = there_and_back(tmp_path, "sog", SplatFile(made)).gaussians
    assert_within(differences(read, made.select(order_in("sog", made))), FORMATS["sog"].loss(made))


def test_spz_keeps_harmonics_of_nothing_at_nothing(tmp_path: Path) -> None:
    made = made_up(20).with_sh_degree(0).with_sh_degree(3)
    write_spz(tmp_path / "a.spz", made)
    assert not read_splat(tmp_path / "a.spz").gaussians.sh[:, 1:].any()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.ply", "ply"),
        ("a.compressed.ply", "compressed-ply"),
        ("a.SPZ", "spz"),
        ("a.b.sog", "sog"),
        ("folder/meta.json", "sog"),
        ("a.splat", "splat"),
        ("a.glb", "glb"),
    ],
)
def test_a_format_is_known_by_the_ending(file: str, name: str) -> None:
    assert format_of(file).name == name


@pytest.mark.parametrize("file", ["a", "a.ksplat", "spz", "a.json"])
def test_an_unknown_ending_is_refused_with_those_there_are(file: str) -> None:
    with pytest.raises(InvalidParameter, match=r"\.compressed\.ply \.ply \.spz \.sog \.splat \.glb"):
        format_of(file)


def test_a_plain_ply_file_may_be_called_compressed_and_the_other_way_round(tmp_path: Path) -> None:
    for written, called in (("ply", "compressed-ply"), ("compressed-ply", "ply")):
        write_splat(path_for(tmp_path, written), SplatFile(made_up(5)))
        path_for(tmp_path, written).rename(path_for(tmp_path, called))
        assert len(read_splat(path_for(tmp_path, called)).gaussians) == 5


def test_every_format_but_ply_can_be_exported() -> None:
    assert set(get_args(ExportFormat)) == set(FORMATS) - {"ply"}
