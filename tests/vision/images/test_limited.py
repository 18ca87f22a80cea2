"""Whatever a picture does to its decoder, it costs that picture and nothing else."""

from __future__ import annotations

import io
import os
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calotype.errors import UnreadableInput
from calotype.vision.images.decode import load_rgb
from calotype.vision.images.limited import ChildLimits, LimitedDecoder
from calotype.vision.images.probe import ImageLimits

MIB = 1 << 20


@pytest.fixture(scope="module")
def decoder() -> Iterator[LimitedDecoder]:
    with LimitedDecoder() as one:
        yield one


def noise(width: int = 320, height: int = 200) -> Image.Image:
    rng = np.random.default_rng(5)
    return Image.fromarray(rng.integers(0, 255, (height, width, 3), np.uint8))


def encoded(image: Image.Image, format_name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def png_of_zeros(width: int, height: int, rows: int) -> bytes:
    """A PNG whose header promises a size, with so many of its rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 + 3 * width)) for _ in range(rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif(frames: int) -> bytes:
    frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    return b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"


def tiff_of_many(pages: int) -> bytes:
    """A TIFF file of so many pages, each a hundred bytes that say little."""
    tags = [
        (256, 3, 1),
        (257, 3, 1),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (278, 3, 1),
        (279, 4, 1),
    ]
    size = 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    data = bytearray(b"II*\0" + struct.pack("<I", 16) + bytes(8))
    for page in range(pages):
        following = 16 + size * (page + 1) if page < pages - 1 else 0
        data += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return bytes(data)


@pytest.mark.parametrize("max_side", [None, 100])
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_a_good_picture_is_decoded_as_without_limits(
    format_name: str, max_side: int | None, decoder: LimitedDecoder, tmp_path: Path
) -> None:
    path = tmp_path / "photo"
    path.write_bytes(encoded(noise(), format_name))
    assert np.array_equal(decoder.load_rgb(path, max_side), load_rgb(path, max_side))


HOSTILE = {
    "pixels.png": (png_of_zeros(50_000, 50_000, 10), "2500 megapixels"),
    "cut.png": (encoded(noise(), "PNG")[:5000], "cut off or damaged"),
    "animation.gif": (gif(100_000), "a GIF"),
    "animation.jpg": (gif(100_000), "a GIF"),
    "truncated.jpg": (encoded(noise(), "JPEG")[:5000], "cut off or damaged"),
    "empty.jpg": (b"", "empty"),
    "page.jpg": (b"<!doctype html><html>sign in</html>", "a web page"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' width='99999'/>", "text"),
    "star.fits": (b"SIMPLE  =                    T" + b" " * 2850, "not an image"),
    "paper.pdf": (b"%PDF-1.7\n", "a PDF"),
    "script.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not an image"),
    "archive.png": (b"PK\x03\x04" + bytes(100), "a ZIP archive"),
    "other.png": (encoded(noise(), "JPEG"), "not what its name says"),
    "pages.tif": (tiff_of_many(300), "300 pictures"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused_with_its_reason(
    name: str, decoder: LimitedDecoder, tmp_path: Path
) -> None:
    data, reason = HOSTILE[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableInput, match=reason):
        decoder.load_rgb(tmp_path / name)


def test_a_picture_that_is_something_else_too_gives_its_pixels_alone(
    decoder: LimitedDecoder, tmp_path: Path
) -> None:
    data = encoded(noise(), "JPEG")
    (tmp_path / "plain.jpg").write_bytes(data)
    (tmp_path / "both.jpg").write_bytes(data + b"<script>alert(1)</script>PK\x03\x04")
    assert np.array_equal(decoder.load_rgb(tmp_path / "both.jpg"), load_rgb(tmp_path / "plain.jpg"))


def works(decoder: LimitedDecoder, folder: Path) -> bool:
    (folder / "good.jpg").write_bytes(encoded(noise(), "JPEG"))
    return decoder.load_rgb(folder / "good.jpg").shape == (200, 320, 3)


@pytest.mark.parametrize("format_name", ["PNG", "TIFF", "JPEG"])
def test_a_picture_that_takes_more_memory_than_it_may_is_refused_and_the_next_one_decoded(
    format_name: str, tmp_path: Path
) -> None:
    options = {"compression": "tiff_deflate"} if format_name == "TIFF" else {}
    (tmp_path / "large").write_bytes(encoded(Image.new("RGB", (6000, 6000)), format_name, **options))
    with LimitedDecoder(child=ChildLimits(memory_bytes=64 * MIB)) as decoder:
        with pytest.raises(UnreadableInput, match="large"):
            decoder.load_rgb(tmp_path / "large")
        assert works(decoder, tmp_path)


def test_a_picture_that_takes_more_time_than_it_may_is_ended(tmp_path: Path) -> None:
    (tmp_path / "slow.tif").write_bytes(tiff_of_many(100_000))
    many = ImageLimits(max_frames=1_000_000)  # So that the pages are counted, which takes minutes.
    with LimitedDecoder(many, ChildLimits(cpu_s=1)) as decoder:
        with pytest.raises(UnreadableInput, match="more than 1 s of a processor"):
            decoder.load_rgb(tmp_path / "slow.tif")
        assert works(decoder, tmp_path)
    start = time.monotonic()
    with LimitedDecoder(many, ChildLimits(wall_s=2)) as decoder:
        assert works(decoder, tmp_path)
        with pytest.raises(UnreadableInput, match=r"longer than 2 s"):
            decoder.load_rgb(tmp_path / "slow.tif")
        assert works(decoder, tmp_path)
    assert time.monotonic() - start < 20


def test_a_pipe_in_place_of_a_picture_is_refused(decoder: LimitedDecoder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(UnreadableInput, match="not a regular file"):
        decoder.load_rgb(tmp_path / "pipe.jpg")


def children() -> list[int]:
    """Processes that decode for this one."""
    listed = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    return [
        int(pid) for pid in listed if b"vision.images.limited" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def test_a_child_is_used_again_knows_no_secret_and_is_gone_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    before = set(children())
    with LimitedDecoder() as decoder:
        assert works(decoder, tmp_path)
        [child] = set(children()) - before
        assert works(decoder, tmp_path)
        assert set(children()) - before == {child}
        assert b"very-secret" not in Path(f"/proc/{child}/environ").read_bytes()
    assert set(children()) == before


def test_several_threads_decode_at_once_each_its_own_picture(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.png").write_bytes(encoded(Image.new("RGB", (50 + number, 40)), "PNG"))
    widths: dict[int, int] = {}
    with LimitedDecoder(children=2) as decoder:

        def decode(number: int) -> None:
            widths[number] = decoder.load_rgb(tmp_path / f"{number}.png").shape[1]

        threads = [threading.Thread(target=decode, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert widths == {number: 50 + number for number in range(12)}


def test_the_limits_of_pictures_are_the_callers(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(encoded(noise(), "PNG"))
    with (
        LimitedDecoder(ImageLimits(max_pixels=1000)) as decoder,
        pytest.raises(UnreadableInput, match="megapixels"),
    ):
        decoder.load_rgb(tmp_path / "photo.png")
