"""PLY files: points survive a round trip, other people's files are read, what is no such file is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from calotype.artifacts import Cameras
from calotype.artifacts.cameras import Camera, CameraSet, Frame, SparsePoints
from calotype.artifacts.ply import read_ply_vertices, read_points_ply, write_points_ply
from calotype.artifacts.transforms_json import read_transforms, write_transforms
from calotype.errors import UnreadableInput

ASCII = """ply
format ascii 1.0
comment written by hand
element vertex 2
property double x
property double y
property double z
property uint8 red
property uint8 green
property uint8 blue
element face 1
property list uchar int vertex_index
end_header
0.5 -1 2e1 255 0 7
1 2 3 4 5 6
3 0 1 1
"""


def cloud(count: int = 7) -> SparsePoints:
    rng = np.random.default_rng(0)
    return SparsePoints(
        rng.normal(size=(count, 3)).astype(np.float32).astype(np.float64),
        rng.integers(0, 256, (count, 3)).astype(np.uint8),
        np.full(count, np.nan),
        np.arange(count, dtype=np.int32),
    )


def one_camera() -> CameraSet:
    camera = Camera("PINHOLE", 64, 48, (50.0, 50.0, 32.0, 24.0))
    return CameraSet({1: camera}, (Frame("a.jpg", 1, (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),))


@pytest.mark.parametrize("count", [0, 1, 7])
def test_points_survive_a_round_trip(tmp_path: Path, count: int) -> None:
    written = cloud(count)
    write_points_ply(tmp_path / "points.ply", written)
    read = read_points_ply(tmp_path / "points.ply")
    for name in ("xyz", "rgb", "error_px", "track_length"):
        np.testing.assert_array_equal(getattr(read, name), getattr(written, name))


def test_text_is_read_too_and_faces_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_text(ASCII)
    points = read_points_ply(tmp_path / "a.ply")
    np.testing.assert_array_equal(points.xyz, [[0.5, -1, 20], [1, 2, 3]])
    np.testing.assert_array_equal(points.rgb, [[255, 0, 7], [4, 5, 6]])
    assert np.isnan(points.error_px).all() and not points.track_length.any()


def test_points_without_colours_are_grey(tmp_path: Path) -> None:
    table = np.ones(3, [("z", "<f4"), ("y", "<f4"), ("x", "<f4")])
    header = "ply\nformat binary_little_endian 1.0\nelement vertex 3\n"
    header += "".join(f"property float {name}\n" for name in "zyx") + "end_header\n"
    (tmp_path / "a.ply").write_bytes(header.encode() + table.tobytes())
    assert read_points_ply(tmp_path / "a.ply").rgb.tolist() == [[128] * 3] * 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vertex 2", "vertex 9"),
        ("0.5 -1", "0.5 minus"),
        ("0.5 -1 2e1", "0.5"),
        ("0.5", "nan"),
        ("255", "1e400"),
        ("double x", "double w"),
        ("ascii", "binary_big_endian"),
        ("ply", "plx"),
    ],
)
def test_what_is_damaged_is_refused_by_name(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "bad.ply").write_text(ASCII.replace(old, new, 1))
    with pytest.raises(UnreadableInput, match=r"bad\.ply"):
        read_points_ply(tmp_path / "bad.ply")


def test_every_property_of_a_vertex_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_text(ASCII)
    assert read_ply_vertices(tmp_path / "a.ply").dtype.names == ("x", "y", "z", "red", "green", "blue")


@pytest.mark.parametrize(("named", "place"), [("cloud/seeds.ply", "cloud/seeds.ply"), (None, "points.ply")])
def test_a_transforms_file_comes_with_the_points_it_names_or_has_beside_it(
    tmp_path: Path, named: str | None, place: str
) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    write_points_ply(tmp_path / place, cloud())
    write_transforms(tmp_path / "transforms.json", one_camera(), points_file=named)
    np.testing.assert_array_equal(read_transforms(tmp_path / "transforms.json").points.xyz, cloud().xyz)
    assert Cameras.companions(tmp_path / "transforms.json") == ((tmp_path / place).resolve(),)


@pytest.mark.parametrize("named", ["gone.ply", "../outside.ply", "\0", "", 7])
def test_points_that_are_gone_or_lie_elsewhere_leave_the_poses(
    tmp_path: Path, named: object, caplog: pytest.LogCaptureFixture
) -> None:
    write_points_ply(tmp_path / "outside.ply", cloud())
    path = tmp_path / "scene" / "transforms.json"
    path.parent.mkdir()
    write_transforms(path, one_camera())
    path.write_text(json.dumps({**json.loads(path.read_text()), "ply_file_path": named}))
    found = read_transforms(path)
    assert (len(found.frames), len(found.points)) == (1, 0)
    assert "without points" in caplog.text
    assert Cameras.companions(path) == ()
