"""Probing: what headers tell, and hostile files refused from them."""

import io
import os
import resource
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from calotype.errors import UnreadableInput
from calotype.vision.images.probe import ImageLimits, probe, sniff

PIXELS = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)


def encoded(image_format, pixels=PIXELS, mode=None, **options):
    image = Image.fromarray(pixels)
    file = io.BytesIO()
    (image.convert(mode) if mode else image).save(file, image_format, **options)
    return file.getvalue()


def png_header(width, height, depth=1, colour=0):
    """A PNG that claims a size and holds one short row."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jpg", encoded("JPEG"), ("JPEG", "RGB", 8, False)),
        ("a.JPEG", encoded("JPEG", mode="L"), ("JPEG", "L", 8, False)),
        ("a.jpg", encoded("JPEG", mode="CMYK"), ("JPEG", "CMYK", 8, False)),
        ("a.png", encoded("PNG", mode="RGBA"), ("PNG", "RGBA", 8, True)),
        ("a.png", encoded("PNG", mode="P", transparency=0), ("PNG", "P", 8, True)),
        ("a.png", encoded("PNG", (PIXELS[..., 0].astype(np.uint16) * 257)), ("PNG", "I;16", 16, False)),
        ("a.tiff", encoded("TIFF", (PIXELS[..., 0].astype(np.uint16) * 257)), ("TIFF", "I;16", 16, False)),
        ("a.tif", encoded("TIFF"), ("TIFF", "RGB", 8, False)),
        ("a.webp", encoded("WEBP"), ("WEBP", "RGB", 8, False)),
        ("a.webp", encoded("WEBP", lossless=True), ("WEBP", "RGB", 8, False)),
        ("a.webp", encoded("WEBP", np.dstack([PIXELS, PIXELS[..., 0]])), ("WEBP", "RGBA", 8, True)),
        ("a.bmp", encoded("BMP"), ("BMP", "RGB", 8, False)),
    ],
)
def test_the_header_tells_format_size_and_layout(tmp_path, name, content, expected):
    (tmp_path / name).write_bytes(content)
    info = probe(tmp_path / name)
    assert (info.format, info.mode, info.bits, info.has_alpha) == expected
    assert (info.width, info.height, info.frames, info.orientation) == (40, 30, 1, 1)


def test_heic_is_probed_when_its_reader_is_installed(tmp_path):
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.from_pillow(Image.fromarray(PIXELS)).save(tmp_path / "a.heic")
    info = probe(tmp_path / "a.heic")
    assert (info.format, info.width, info.height) == ("HEIF", 40, 30)


def test_a_photo_on_its_side_has_its_sides_swapped_when_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG", exif=exif))
    info = probe(tmp_path / "a.jpg")
    assert (info.width, info.height, info.orientation) == (40, 30, 6)
    assert info.upright_size == (30, 40)


def test_exif_behind_the_pixels_of_a_png_is_found_without_decoding_them(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded("PNG", exif=exif)
    # Move the chunk that holds it to the end, as some editors do.
    start = content.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(content[start : start + 4], "big")
    moved = content[:start] + content[end:-12] + content[start:end] + content[-12:]
    (tmp_path / "a.png").write_bytes(moved)
    assert probe(tmp_path / "a.png").orientation == 6
    (tmp_path / "b.png").write_bytes(png_header(10000, 10000))
    assert probe(tmp_path / "b.png").orientation == 1


@pytest.mark.parametrize("value", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_upright(tmp_path, value):
    exif = Image.Exif()
    exif[0x0112] = value
    (tmp_path / "a.jpg").write_bytes(encoded("JPEG", exif=exif))
    assert probe(tmp_path / "a.jpg").orientation == 1


WEBP_BOMB = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\x3e\0" * 2
TIFF_EMPTY = b"II*\0\x08\0\0\0\0\0\0\0\0\0"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.jpg", b"", r"empty \(0 bytes\)"),
        ("notes.jpg", b"These are not the photos you are looking for.\n", "its content is text"),
        ("page.jpg", b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        ("really.jpg", encoded("PNG"), r"in \.jpg \(JPEG\), the content is PNG.*Rename it to really\.png"),
        ("really.png", encoded("JPEG"), r"ends in \.png \(PNG\), the content is JPEG"),
        ("anim.gif", b"GIF89a" + bytes(60), "GIF"),
        ("next.avif", b"\0\0\0\x1cftypavif" + bytes(50), "AVIF"),
        ("film.jpg", b"\0\0\0\x18ftypmp42" + bytes(50), "film"),
        ("scan.pdf", b"%PDF-1.7" + bytes(50), "PDF"),
        ("noise.png", bytes(range(128, 192)), "no known kind"),
        ("bomb.png", png_header(20000, 20000), r"20000x20000 pixels \(400 megapixels\).*max_pixels"),
        ("line.png", png_header(2**31 - 1, 1), "2147483647x1"),
        ("canvas.webp", WEBP_BOMB, "16128x16128"),
        ("header.jpg", b"\xff\xd8\xff\xe0" + bytes(20), "header cannot be read"),
        ("header.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "header cannot be read"),
        ("header.tif", TIFF_EMPTY, "header cannot be read"),
        ("header.bmp", b"BM" + bytes(10), "header cannot be read"),
        ("header.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "0x0"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_with_its_name_and_the_reason(tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableInput, match=why) as refused:
        probe(tmp_path / name)
    assert name in str(refused.value)
    # Kilobytes: decoded, the bombs would take hundreds of thousands.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_limits_can_be_set(tmp_path):
    (tmp_path / "a.png").write_bytes(encoded("PNG"))
    assert probe(tmp_path / "a.png", ImageLimits(max_pixels=1200)).width == 40
    with pytest.raises(UnreadableInput, match="megapixels"):
        probe(tmp_path / "a.png", ImageLimits(max_pixels=1199))
    with pytest.raises(UnreadableInput, match="MB"):
        probe(tmp_path / "a.png", ImageLimits(max_bytes=100))


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF"])
def test_an_animation_is_refused_unless_frames_are_allowed(tmp_path, image_format):
    more = [Image.fromarray(255 - PIXELS), Image.fromarray(PIXELS // 2)]
    path = tmp_path / f"a.{image_format.lower()}"
    path.write_bytes(encoded(image_format, save_all=True, append_images=more))
    with pytest.raises(UnreadableInput, match="holds 3 pictures"):
        probe(path)
    assert probe(path, ImageLimits(max_frames=3)).frames == 3


def test_a_name_without_a_known_ending_is_judged_by_its_content(tmp_path):
    (tmp_path / "IMG_0001").write_bytes(encoded("JPEG"))
    assert probe(tmp_path / "IMG_0001").format == "JPEG"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    with pytest.raises(UnreadableInput, match="not a regular file"):
        probe(tmp_path / "a.jpg")


@pytest.mark.parametrize("length", [0, 1, 3, 8, 11])
def test_sniffing_a_short_head_never_fails(length):
    for image_format in ("JPEG", "PNG", "TIFF", "WEBP", "BMP"):
        assert sniff(encoded(image_format)[:length]) in (None, image_format)
