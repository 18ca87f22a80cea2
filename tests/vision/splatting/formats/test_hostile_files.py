"""Files that are truncated, lie, or were made to fill the memory: one error of ours, before memory is taken for nothing."""

from __future__ import annotations

import gzip
import io
import json
import resource
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.vision.splatting.formats.splats import made_up

from calotype.errors import CalotypeError, UnreadableInput
from calotype.vision.splatting.formats.splat_file import SplatFile
from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat

REFERENCE = Path(__file__).parent / "reference"
NAMES = list(FORMATS)
Meta = dict[str, Any]


def small_file(folder: Path, name: str, n: int = 2, degree: int = 1) -> Path:
    path = folder / f"small{FORMATS[name].ending}"
    write_splat(path, SplatFile(made_up(n, degree)))
    return path


def refused(path: Path, data: bytes | None = None, match: str | None = None) -> str:
    """The message with which a file is refused; it names the file."""
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UnreadableInput, match=match) as caught:
        read_splat(path)
    assert path.name in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_at_any_byte_is_refused(tmp_path: Path, name: str) -> None:
    data = small_file(tmp_path, name).read_bytes()
    path = tmp_path / f"cut{FORMATS[name].ending}"
    for length in range(len(data)):
        if name == "splat" and length % 32 == 0:
            continue  # The format has neither header nor end: fewer Gaussians are a whole file.
        refused(path, data[:length])


def test_spz_version_4_cut_at_any_byte_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("zstandard")
    data = (REFERENCE / "version4.spz").read_bytes()
    for length in range(len(data)):
        refused(tmp_path / "cut.spz", data[:length])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_any_byte_changed_is_read_or_refused_but_never_a_crash(tmp_path: Path, name: str) -> None:
    data = small_file(tmp_path, name).read_bytes()
    path = tmp_path / f"changed{FORMATS[name].ending}"
    rng = np.random.default_rng(0)
    for place in range(0, len(data), max(1, len(data) // 1500)):
        changed = bytearray(data)
        changed[place] ^= int(rng.integers(1, 256))
        path.write_bytes(changed)
        try:
            assert read_splat(path).gaussians.finite.all()
        except CalotypeError as error:
            assert path.name in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "data", [b"", b"\0" * 31, b"PK\x03\x04", b"\x1f\x8b", b"ply\n", b"<html>" * 100 + b"."]
)
def test_what_is_something_else_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / f"else{FORMATS[name].ending}"
    if name == "splat" and not data:
        path.write_bytes(data)
        assert len(read_splat(path).gaussians) == 0
        return
    refused(path, data)


def test_what_is_not_there_and_what_is_a_folder_are_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nothing.spz", match="There is no file")
    (tmp_path / "folder.sog").mkdir()
    refused(tmp_path / "folder.sog", match="is no file")


def packed_spz(count: int, degree: int = 0, body: bytes = b"", version: int = 3, bits: int = 12) -> bytes:
    return gzip.compress(struct.pack("<IIIBBBB", 0x5053474E, version, count, degree, bits, 0, 0) + body)


@pytest.mark.parametrize("count", [1, 1000, 1 << 20, (1 << 20) + 1, 1 << 26, 1 << 31, (1 << 32) - 1])
def test_counts_that_are_lies_take_no_memory(tmp_path: Path, count: int) -> None:
    lies = {
        "a.spz": packed_spz(count, 3),
        "b.spz": struct.pack("<IIIBBBBI12x", 0x5053474E, 4, count, 3, 12, 0, 6, 32)
        + struct.pack("<12Q", *(one for width in (9, 1, 3, 3, 4, 45) for one in (20, width * count)))
        + bytes(120),
        "a.ply": f"ply\nformat binary_little_endian 1.0\nelement vertex {count}\nproperty float x\nend_header\n".encode(),
        "b.ply": (REFERENCE / "scene.compressed.ply")
        .read_bytes()
        .replace(b"element chunk 1\n", f"element chunk {-(-count // 256)}\n".encode())
        .replace(b"vertex 48\n", f"vertex {count}\n".encode())
        .replace(b"sh 48\n", f"sh {count}\n".encode())
        if count != 1
        else b"ply\nend_header\n",
        "a.glb": glb_with(tmp_path, lambda text: [one.update(count=count + 2) for one in text["accessors"]]),
        "a.sog": sog_with(tmp_path, lambda meta: meta.update(count=count + 70_000)),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, data in lies.items():
        refused(tmp_path / name, data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB


def test_a_gzip_bomb_is_read_no_further_than_its_header_says(tmp_path: Path) -> None:
    after = bytes(1 << 28)
    path = tmp_path / "bomb.spz"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(path, packed_spz(1, 0, bytes(20) + after), match="goes on after its 1 Gaussians")
    del after
    assert (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000
    )  # KiB; the test's own bytes are among them
    refused(path, packed_spz(1 << 22, 3, bytes(1 << 24)), match="made to fill the memory")


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (packed_spz(1, 0, bytes(20), version=1), "version 1; 2, 3 and 4 are read"),
        (packed_spz(1, 0, bytes(20), version=77), "version 77"),
        (packed_spz(1, 9, bytes(20)), "degree 9"),
        (packed_spz(1, 0, bytes(20), bits=200), "200 fraction bits"),
        (gzip.compress(b"hello, this is another gzip file"), "holds no SPZ"),
        (b"NGSP" + bytes(40), "unknown version, 0"),
    ],
)
def test_spz_headers_that_cannot_be(tmp_path: Path, data: bytes, match: str) -> None:
    refused(tmp_path / "bad.spz", data, match=match)


def test_spz_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    data = bytearray(small_file(tmp_path, "spz").read_bytes())
    data[-8] ^= 1
    refused(tmp_path / "bad.spz", bytes(data), match="CRC")


@pytest.mark.parametrize(
    "payload", [b"\0" * 7, struct.pack("<II", 1, 100), struct.pack("<III", 0xADBE0003, 4, 99)]
)
def test_spz_extensions_that_cannot_be(tmp_path: Path, payload: bytes) -> None:
    header = struct.pack("<IIIBBBB", 0x5053474E, 3, 1, 0, 12, 2, 0)
    refused(tmp_path / "bad.spz", gzip.compress(header + bytes(20) + payload))


def sog_with(folder: Path, change: Callable[[Meta], object], **members: bytes) -> bytes:
    """A small SOG file whose meta.json is changed, and members replaced."""
    source = small_file(folder, "sog")
    data = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            content = members.get(name.partition(".")[0], old.read(name))
            if name == "meta.json":
                meta = json.loads(content)
                change(meta)
                content = json.dumps(meta).encode()
            new.writestr(name, content)
    return data.getvalue()


def webp(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGBA", (width, height)).save(data, "WEBP", lossless=True)
    return data.getvalue()


def unchanged(meta: Meta) -> None:
    pass


@pytest.mark.parametrize(
    "change",
    [
        lambda meta: meta.update(version=1),
        lambda meta: meta.pop("version"),
        lambda meta: meta.update(count=-1),
        lambda meta: meta.update(count="2"),
        lambda meta: meta.update(count=True),
        lambda meta: meta.pop("count"),
        lambda meta: meta.update(means=[]),
        lambda meta: meta["means"].update(mins=[0, 0]),
        lambda meta: meta["means"].update(mins=[0, 0, "a"]),
        lambda meta: meta["means"].update(maxs=[0, 0, 1e300]),
        lambda meta: meta["means"].update(maxs=[0, 0, float("nan")]),
        lambda meta: meta["means"].update(maxs=[0, 0, 10**400]),
        lambda meta: meta["means"].update(files=["means_l.webp"]),
        lambda meta: meta["means"].update(files=[1, 2]),
        lambda meta: meta["means"].update(files=["../../etc/passwd", "means_u.webp"]),
        lambda meta: meta["scales"].update(codebook=[]),
        lambda meta: meta["scales"].update(codebook=[0.0]),
        lambda meta: meta["scales"].update(codebook=[None] * 256),
        lambda meta: meta["scales"].update(codebook=[float("inf")] * 256),
        lambda meta: meta["sh0"].update(codebook="x"),
        lambda meta: meta["shN"].update(bands=7),
        lambda meta: meta["shN"].update(bands=2),
        lambda meta: meta["shN"].update(count=1),
        lambda meta: meta["shN"].update(count=1 << 40),
        lambda meta: meta.update(shN="x"),
        lambda meta: meta.pop("quats"),
    ],
)
def test_sog_that_contradicts_itself_is_refused(tmp_path: Path, change: Callable[[Meta], object]) -> None:
    refused(tmp_path / "bad.sog", sog_with(tmp_path, change))


def test_sog_whose_first_entry_was_lost_goes_on_from_its_neighbours(tmp_path: Path) -> None:
    """As PlayCanvas reads files of early writers, where an infinite first entry became null."""
    (tmp_path / "old.sog").write_bytes(
        sog_with(tmp_path, lambda meta: meta["scales"].update(codebook=[None, *[-4.0] * 255]))
    )
    assert (read_splat(tmp_path / "old.sog").gaussians.log_scales == -4).all()


@pytest.mark.parametrize(
    ("member", "data"),
    [
        ("means_l", b""),
        ("means_l", b"RIFF\x00\x00\x00\x00WEBPVP8L"),
        ("scales", webp(1, 1)),
        ("sh0", webp(4000, 4000)),
        ("quats", webp(4, 4)),
        ("shN_centroids", webp(192, 12_000)),
        ("shN_centroids", webp(191, 1)),
        ("shN_labels", webp(1, 1)),
        ("meta", b"["),
        ("meta", b"[]"),
        ("meta", b"[" * 100_000),
        ("meta", b'{"version": 2' + b" " * (5 << 20)),
    ],
)
def test_sog_with_members_that_cannot_be_is_refused(tmp_path: Path, member: str, data: bytes) -> None:
    if member == "meta":
        source = small_file(tmp_path, "sog")
        with (
            zipfile.ZipFile(source) as old,
            zipfile.ZipFile(tmp_path / "bad.sog", "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                new.writestr(name, data if name == "meta.json" else old.read(name))
        refused(tmp_path / "bad.sog")
    else:
        refused(tmp_path / "bad.sog", sog_with(tmp_path, unchanged, **{member: data}))


def test_sog_that_lists_members_without_end_is_refused_unread(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.sog", "w") as bundle:
        for index in range(2000):
            bundle.writestr(f"{index:030}", b"")
    refused(tmp_path / "many.sog", match="far more than one has")


def test_sog_that_is_encrypted_is_refused(tmp_path: Path) -> None:
    data = bytearray(small_file(tmp_path, "sog").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 1)
    refused(tmp_path / "bad.sog", bytes(data), match="encrypted")


def test_sog_in_a_folder_reaches_for_no_file_outside(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with zipfile.ZipFile(small_file(tmp_path, "sog")) as bundle:
        bundle.extractall(folder)
    (tmp_path / "means_l.webp").write_bytes((folder / "means_l.webp").read_bytes())
    meta = json.loads((folder / "meta.json").read_text())
    for name in ("../means_l.webp", str(tmp_path / "means_l.webp"), "..", "", "missing.webp"):
        meta["means"]["files"][0] = name
        refused(folder / "meta.json", json.dumps(meta).encode())


def glb_with(folder: Path, change: Callable[[Meta], object]) -> bytes:
    """A small .glb file whose JSON is changed."""
    data = small_file(folder, "glb").read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    text = json.loads(data[20 : 20 + length])
    change(text)
    body = json.dumps(text).encode()
    body += b" " * (-len(body) % 4)
    rest = data[20 + length :]
    head = struct.pack("<III", 0x46546C67, 2, 20 + len(body) + len(rest))
    return head + struct.pack("<II", len(body), 0x4E4F534A) + body + rest


def first_primitive(text: Meta) -> Meta:
    return text["meshes"][0]["primitives"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.update(nodes=[{"children": [0]}]),
        lambda text: text.update(nodes=[{"children": [0] * 1000, "mesh": 0}]),
        lambda text: text.update(scenes=[{"nodes": [5]}]),
        lambda text: text.update(scene=-1),
        lambda text: text.update(scene="x"),
        lambda text: text.update(meshes="x"),
        lambda text: text.update(meshes=[None]),
        lambda text: text["nodes"][0].update(scale=[1, 2, 1]),
        lambda text: text["nodes"][0].update(scale=[-1, 1, 1]),
        lambda text: text["nodes"][0].update(scale=[0, 0, 0]),
        lambda text: text["nodes"][0].update(scale=[1, float("nan"), 1]),
        lambda text: text["nodes"][0].update(rotation=[0, 0, 0, 0]),
        lambda text: text["nodes"][0].update(matrix=[1] * 15),
        lambda text: text["nodes"][0].update(translation=[1, 2, "x"]),
        lambda text: first_primitive(text).update(mode=4),
        lambda text: first_primitive(text)["attributes"].pop("POSITION"),
        lambda text: first_primitive(text)["attributes"].update(POSITION=99),
        lambda text: first_primitive(text)["attributes"].pop("KHR_gaussian_splatting:SH_DEGREE_1_COEF_0"),
        lambda text: first_primitive(text)["extensions"]["KHR_gaussian_splatting"].update(kernel="box"),
        lambda text: first_primitive(text)["extensions"]["KHR_gaussian_splatting"].update(
            colorSpace="lin_rec709_display"
        ),
        lambda text: first_primitive(text)["extensions"]["KHR_gaussian_splatting"].update(
            extensions={"some_spz": {}}
        ),
        lambda text: text["accessors"][0].update(type="VEC4"),
        lambda text: text["accessors"][0].update(componentType=5125),
        lambda text: text["accessors"][0].update(sparse={}),
        lambda text: text["accessors"][0].update(count=1),
        lambda text: text["accessors"][0].update(byteOffset=1 << 39),
        lambda text: text["accessors"][0].update(byteOffset=-4),
        lambda text: text["bufferViews"][0].update(byteStride=1),
        lambda text: text["bufferViews"][0].update(byteLength=3),
        lambda text: text["buffers"][0].update(uri="https://example.org/a.bin"),
    ],
)
def test_glb_that_contradicts_itself_is_refused(tmp_path: Path, change: Callable[[Meta], object]) -> None:
    refused(tmp_path / "bad.glb", glb_with(tmp_path, change))


def test_glb_without_a_splat_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    def nothing(text: Meta) -> None:
        first_primitive(text).pop("extensions")
        text.pop("extensionsUsed")

    refused(
        tmp_path / "bad.glb", glb_with(tmp_path, nothing), match="no mesh in it has KHR_gaussian_splatting"
    )


def test_glb_with_a_damaged_json_is_refused(tmp_path: Path) -> None:
    for text in (b"[]  ", b"{{{{", b"[" * 100_000):
        head = struct.pack("<III", 0x46546C67, 2, 20 + len(text)) + struct.pack("<II", len(text), 0x4E4F534A)
        refused(tmp_path / "bad.glb", head + text)


def test_numbers_that_are_not_finite_are_refused_unless_they_are_to_be_dropped(tmp_path: Path) -> None:
    path = small_file(tmp_path, "splat", n=5)
    records = np.frombuffer(bytearray(path.read_bytes()), np.uint8).reshape(5, 32)
    records[1, :4] = np.float32(np.nan).reshape(1).view(np.uint8)
    records[3, 12:16] = np.float32(-1).reshape(1).view(np.uint8)
    told = refused(path, records.tobytes(), match="2 of 5 Gaussians, the first is number 2")
    assert "--drop-broken" in told
    kept = read_splat(path, drop_broken=True).gaussians
    assert len(kept) == 3
    assert kept.finite.all()


def test_compressed_ply_with_other_elements_is_refused(tmp_path: Path) -> None:
    data = (REFERENCE / "scene.compressed.ply").read_bytes()
    changes = [
        (b"property float min_x", b"property float min_q"),
        (b"property uint packed_scale", b"property uint packed_stale"),
        (b"property uchar f_rest_44", b"property uchar f_rest_43"),
        (b"property uchar f_rest_44\n", b""),
        (b"property uint packed_scale", b"property list uchar int packed_scale"),
        (b"element sh 48", b"element sh 47"),
        (b"element chunk 1", b"element chunk 2"),
        (b"format binary_little_endian", b"format binary_big_endian"),
    ]
    for old, new in changes:
        assert old in data
        refused(tmp_path / "bad.ply", data.replace(old, new))
