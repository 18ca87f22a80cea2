"""Files that other programs wrote are read as those programs mean them; how they were made is told in `reference/README.md`."""

from __future__ import annotations

import struct
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.vision.splatting.formats.splats import angles_deg, assert_within, differences, made_up, order_in

from calotype.errors import MissingExtra
from calotype.vision.splatting.formats.frames import axes
from calotype.vision.splatting.formats.splat_file import Loss, SplatFile
from calotype.vision.splatting.formats.spz import read_spz
from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat
from calotype.vision.splatting.gaussians import Gaussians

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="module")
def source() -> Gaussians:
    return read_splat(REFERENCE / "scene.ply").gaussians


def nearest_first(read: Gaussians, source: Gaussians) -> Gaussians:
    """`source` in the order of what was read: each in the place of the one that lies where it lies."""
    apart = np.linalg.norm(read.means[:, None] - source.means[None], axis=2)
    index = apart.argmin(axis=1)
    assert sorted(index) == list(range(len(source)))
    return source.select(index)


@pytest.mark.parametrize("version", [3, 4])
def test_spz_of_splat_transform(source: Gaussians, version: int) -> None:
    if version == 4:
        pytest.importorskip("zstandard")
    read = read_splat(REFERENCE / f"version{version}.spz", spz_frame="rdf")
    # It takes twelve bits after the point always, and rounds harmonics twice.
    stated = replace(FORMATS["spz"].loss(source), position=2**-13, sh=0.0664)
    assert_within(differences(read.gaussians, source), stated)
    assert read.antialiased


def test_spz_version_4_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)  # As if it were not there.
    with pytest.raises(
        MissingExtra, match=r"version4\.spz is SPZ version 4.*pip install 'calotype\[formats\]'"
    ):
        read_splat(REFERENCE / "version4.spz")


def test_spz_of_splat_transform_is_upside_down_where_its_axes_are_not_told(source: Gaussians) -> None:
    turned = read_splat(REFERENCE / "version3.spz").gaussians
    np.testing.assert_allclose(turned.means, source.means * np.float32([1, -1, -1]), atol=2**-13)


def test_sog_of_splat_transform(source: Gaussians) -> None:
    read = read_splat(REFERENCE / "scene.sog")
    theirs = read_splat(REFERENCE / "scene_from_sog.ply").gaussians
    assert_within(differences(read.gaussians, theirs), Loss(rotation_deg=0.001))
    assert read.antialiased
    # Its WebP coder blackens what an alpha of 0 hides: a Gaussian that is quite clear has lost its colour.
    seen = read.gaussians.opacities > 0.5 / 255
    assert seen.sum() >= len(source) - 1
    expected = nearest_first(read.gaussians, source).select(seen)
    # Its numbers are cut off, not rounded, so that they may be a whole step away.
    rounded = FORMATS["sog"].loss(source)
    cut = replace(rounded, position=2 * rounded.position, opacity=1 / 255, rotation_deg=2.2, sh=1.0)
    assert_within(differences(read.gaussians.select(seen), expected), cut)


def test_sog_is_read_from_its_pictures_in_a_folder_too(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(REFERENCE / "scene.sog") as bundle:
        bundle.extractall(tmp_path)
    unpacked, packed = read_splat(tmp_path / "meta.json"), read_splat(REFERENCE / "scene.sog")
    assert_within(differences(unpacked.gaussians, packed.gaussians), Loss())


def test_compressed_ply_of_splat_transform(source: Gaussians) -> None:
    read = read_splat(REFERENCE / "scene.compressed.ply")
    assert_within(
        differences(read.gaussians, nearest_first(read.gaussians, source)),
        FORMATS["compressed-ply"].loss(source),
    )
    assert read.antialiased


def test_glb_of_splat_transform(source: Gaussians) -> None:
    read = read_splat(REFERENCE / "scene.glb")
    assert_within(differences(read.gaussians, source), FORMATS["glb"].loss(source))


def test_splat_of_antimatter15(source: Gaussians) -> None:
    read = read_splat(REFERENCE / "scene.splat").gaussians
    # Its numbers are cut off, not rounded.
    stated = replace(FORMATS["splat"].loss(source), opacity=1 / 255, rotation_deg=2.4)
    stated = replace(stated, colour=stated.colour + 0.5 / 255)
    assert_within(differences(read, source.select(order_in("splat", source))), stated)


def test_ply_without_a_word_about_antialiasing_is_ordinary(tmp_path: Path) -> None:
    write_splat(tmp_path / "a.ply", SplatFile(made_up(2)))
    assert not read_splat(tmp_path / "a.ply").antialiased
    assert read_splat(REFERENCE / "scene.ply").antialiased


def test_quite_solid_and_quite_clear_gaussians_of_others_become_finite(tmp_path: Path) -> None:
    """An opacity of 255 of 255 has an infinite logit, and a flat Gaussian a size of zero; SplatTransform writes both."""
    made = made_up(3)
    write_splat(tmp_path / "a.ply", SplatFile(made))
    head, body = (tmp_path / "a.ply").read_bytes().split(b"end_header\n")
    table = np.frombuffer(bytearray(body), "<f4").reshape(3, -1)
    table[0, -8], table[1, -8], table[2, -5] = np.inf, -np.inf, -np.inf
    (tmp_path / "a.ply").write_bytes(head + b"end_header\n" + table.tobytes())
    read = read_splat(tmp_path / "a.ply").gaussians
    np.testing.assert_allclose(read.opacities[:2], [1, 0], atol=2e-6)
    assert read.log_scales[2, 2] < -80
    assert read.finite.all()


def spz_by_hand(version: int, extension: bytes = b"") -> bytes:
    """One Gaussian at (1, 2, 3), turned a quarter about x, with a harmonic of z that only one side sees."""
    import gzip

    header = struct.pack("<IIIBBBB", 0x5053474E, version, 1, 1, 8, 2 if extension else 0, 0)
    position = b"".join((value * 256).to_bytes(3, "little") for value in (1, 2, 3))
    half = round(127.5 + 127.5 * 0.5**0.5)
    smallest = struct.pack(
        "<I", 0 << 30 | 0 << 20 | 0 << 10 | 511
    )  # x is left out; y, z are 0, w is the root of a half
    rotation = bytes([half, 128, 128]) if version == 2 else smallest
    harmonics = bytes([128] * 3 + [192] * 3 + [128] * 3)
    return gzip.compress(
        header + position + bytes([255, 128, 128, 128, 160, 160, 160]) + rotation + harmonics + extension
    )


@pytest.mark.parametrize("version", [2, 3])
def test_spz_by_hand_says_what_its_document_says(tmp_path: Path, version: int) -> None:
    (tmp_path / "a.spz").write_bytes(spz_by_hand(version))
    read = read_splat(tmp_path / "a.spz", spz_frame="rdf").gaussians
    np.testing.assert_array_equal(read.means, [[1, 2, 3]])
    np.testing.assert_array_equal(read.log_scales, [[0, 0, 0]])
    assert angles_deg(read.q_wxyz, np.array([[0.5**0.5, 0.5**0.5, 0, 0]]))[0] < 1
    np.testing.assert_array_equal(read.sh[0, 1:], [[0] * 3, [0.5] * 3, [0] * 3])
    assert read.opacities[0] == pytest.approx(1, abs=1e-5)


def test_harmonics_of_degree_4_are_left_out_of_spz(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    import gzip

    header = struct.pack("<IIIBBBB", 0x5053474E, 3, 2, 4, 12, 0, 0)
    body = bytes(2 * 20) + bytes(range(100, 172)) * 2
    (tmp_path / "a.spz").write_bytes(gzip.compress(header + body))
    read = read_splat(tmp_path / "a.spz", spz_frame="rdf").gaussians
    assert read.sh.shape == (2, 16, 3)
    np.testing.assert_array_equal(read.sh[1, 1:].ravel() * 128 + 128, np.arange(100, 145))
    assert "a.spz: harmonics of degree 4 are left out" in caplog.text


# The sixteen names of the extension, numbered from 1, and where (1, 2, 3) in those axes lies in ours.
@pytest.mark.parametrize(
    ("number", "ours"),
    [
        (4, (1, -2, -3)),  # RUB
        (6, (1, 2, 3)),  # RDF
        (7, (-1, -2, 3)),  # LUF
        (8, (1, -2, 3)),  # RUF, a mirror
        (12, (1, -3, 2)),  # RFU: right, forward, up
    ],
)
def test_axes_that_an_spz_file_names_are_obeyed(
    tmp_path: Path, number: int, ours: tuple[float, float, float]
) -> None:
    unknown = struct.pack("<II", 0x12340001, 5) + b"hello"
    named = struct.pack("<III", 0xADBE0003, 4, number)
    (tmp_path / "a.spz").write_bytes(spz_by_hand(3, unknown + named))
    for frame in ("rub", "rdf"):
        np.testing.assert_array_equal(read_spz(tmp_path / "a.spz", frame=frame).gaussians.means, [ours])


def test_glb_axes_are_those_of_gltf(tmp_path: Path, source: Gaussians) -> None:
    """Y up, z forward, x to the left; the bytes are looked at, not our reader."""
    write_splat(tmp_path / "a.glb", SplatFile(source))
    data = (tmp_path / "a.glb").read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    positions = np.frombuffer(data, "<f4", 3 * len(source), 20 + length + 8).reshape(-1, 3)
    np.testing.assert_array_equal(positions, source.means * np.float32([-1, -1, 1]))
    np.testing.assert_array_equal(axes("LUF").means(source.means), positions)
