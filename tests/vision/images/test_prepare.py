"""Preparing photos: upright, sRGB, 8 bits; nothing lost that need not be."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image, ImageCms, ImageOps

from calotype.errors import InvalidParameter
from calotype.vision.images.convert import is_srgb, turned_array
from calotype.vision.images.decode import load_rgb
from calotype.vision.images.exif import told_upright
from calotype.vision.images.metrics import psnr
from calotype.vision.images.prepare import Rejection, prepare_photo

SHARED = Path(__file__).parents[4] / "shared" / "data"


def scene(width=64, height=48):
    """No symmetry at all, smooth enough for JPEG."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    return np.rint(255 * np.stack([x, y * y, (x + 2 * y) / 3], axis=-1)).astype(np.uint8)


def exif_with(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Camera maker"
    exif.get_ifd(0x8769)[0x920A] = 4.25
    exif.get_ifd(0x8769)[0xA002] = 64
    exif.get_ifd(0x8769)[0xA003] = 48
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 50.0, 33.5), 3: "W", 4: (91.0, 59.0, 40.5)})
    # Pillow's TIFF writer takes sub-directories only from a block that was read.
    again = Image.Exif()
    again.load(exif.tobytes())
    return again


def swapped_profile():
    """sRGB with the colourants of red and green exchanged: whoever ignores it shows the wrong colours."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", data, 128)[0]
    places = {bytes(data[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    for name, other in ((b"rXYZ", b"gXYZ"), (b"gXYZ", b"rXYZ")):
        data[places[name] : places[name] + 4] = other
    return bytes(data)


def pixels_of(path):
    with Image.open(path) as image:
        return np.asarray(image)


def info_of(path):
    with Image.open(path) as image:
        return image.info


def tags_of(path):
    with Image.open(path) as image:
        exif = image.getexif()
        return dict(exif), exif.get_ifd(0x8769), exif.get_ifd(0x8825)


@pytest.mark.parametrize("options", [{"quality": 71}, {"progressive": True, "exif": exif_with()}])
def test_an_upright_srgb_jpeg_passes_byte_for_byte(tmp_path, options):
    Image.fromarray(scene()).save(tmp_path / "a.JPG", **options)
    prepared = prepare_photo(tmp_path / "a.JPG", _folder(tmp_path))
    assert prepared == tmp_path / "out" / "a.JPG"
    assert prepared.read_bytes() == (tmp_path / "a.JPG").read_bytes()


def test_a_jpeg_tagged_as_srgb_passes_too(tmp_path):
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert is_srgb(icc)
    Image.fromarray(scene()).save(tmp_path / "a.jpg", icc_profile=icc)
    assert (
        prepare_photo(tmp_path / "a.jpg", _folder(tmp_path)).read_bytes() == (tmp_path / "a.jpg").read_bytes()
    )


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_every_orientation_is_applied_once_and_then_told_as_upright(tmp_path, orientation, suffix):
    stored = Image.fromarray(scene())
    options = {"jpg": {"quality": 98, "subsampling": 0}, "webp": {"lossless": True}}.get(suffix, {})
    stored.save(tmp_path / f"a.{suffix}", exif=exif_with(orientation), **options)
    tagged = stored.copy()
    tagged.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(tagged))

    prepared = prepare_photo(tmp_path / f"a.{suffix}", _folder(tmp_path))

    assert isinstance(prepared, Path)
    assert prepared.suffix == (".jpg" if suffix == "jpg" else ".png")
    assert psnr(pixels_of(prepared), upright) > 40
    assert psnr(load_rgb(tmp_path / f"a.{suffix}"), upright) > 40
    assert np.array_equal(load_rgb(prepared), pixels_of(prepared))
    root, exif, gps = tags_of(prepared)
    assert root.get(0x0112, 1) == 1
    assert exif[0x920A] == 4.25
    assert gps[4] == (91.0, 59.0, 40.5)


def test_turning_on_the_side_swaps_the_sizes_that_exif_states(tmp_path):
    Image.fromarray(scene()).save(tmp_path / "a.jpg", exif=exif_with(6))
    _, exif, _ = tags_of(prepare_photo(tmp_path / "a.jpg", _folder(tmp_path)))
    assert (exif[0xA002], exif[0xA003]) == (48, 64)


def test_arrays_and_images_are_turned_alike():
    pixels = scene()
    for orientation in range(1, 9):
        tagged = Image.fromarray(pixels)
        tagged.getexif()[0x0112] = orientation
        assert np.array_equal(turned_array(pixels, orientation), np.asarray(ImageOps.exif_transpose(tagged)))


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
def test_another_colour_space_is_converted_not_ignored(tmp_path, suffix):
    pixels = scene()
    options = {"jpg": {"quality": 98, "subsampling": 0}, "webp": {"lossless": True}}.get(suffix, {})
    Image.fromarray(pixels).save(tmp_path / f"a.{suffix}", icc_profile=swapped_profile(), **options)
    prepared = prepare_photo(tmp_path / f"a.{suffix}", _folder(tmp_path))
    # The profile's red is sRGB's green and the reverse.
    assert psnr(load_rgb(prepared), pixels[..., [1, 0, 2]]) > 35
    assert "icc_profile" not in info_of(prepared)
    assert psnr(load_rgb(tmp_path / f"a.{suffix}"), pixels[..., [1, 0, 2]]) > 35


def test_a_broken_profile_is_left_out_and_the_photo_kept(tmp_path):
    Image.fromarray(scene()).save(tmp_path / "a.jpg", icc_profile=b"garbage" * 40, quality=98, subsampling=0)
    assert psnr(load_rgb(prepare_photo(tmp_path / "a.jpg", _folder(tmp_path))), scene()) > 40


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bit_grey_is_rounded_not_clipped(tmp_path, suffix):
    values = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
    Image.fromarray(values).save(tmp_path / f"a.{suffix}")
    prepared = load_rgb(prepare_photo(tmp_path / f"a.{suffix}", _folder(tmp_path)))
    assert_allclose(prepared, np.repeat(values[..., None] / 257, 3, axis=2), atol=0.51)


def test_sixteen_bit_colour_becomes_eight_bit(tmp_path):
    cv2 = pytest.importorskip("cv2")
    cv2.imwrite(str(tmp_path / "a.png"), scene()[..., ::-1].astype(np.uint16) * 257)
    prepared = prepare_photo(tmp_path / "a.png", _folder(tmp_path))
    assert prepared.read_bytes()[24] == 8
    assert_allclose(load_rgb(prepared), scene(), atol=1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr"])
def test_every_pixel_layout_becomes_rgb(tmp_path, mode):
    Image.fromarray(scene()).convert(mode).save(tmp_path / "a.tif")
    prepared = prepare_photo(tmp_path / "a.tif", _folder(tmp_path))
    with Image.open(prepared) as image:
        assert (image.mode, image.size, image.format) == ("RGB", (64, 48), "PNG")
    if mode in ("RGBA", "CMYK", "YCbCr"):
        assert psnr(load_rgb(prepared), scene()) > 30


def test_a_cmyk_jpeg_keeps_its_colours(tmp_path):
    Image.fromarray(scene()).convert("CMYK").save(tmp_path / "a.jpg", quality=98)
    assert psnr(load_rgb(prepare_photo(tmp_path / "a.jpg", _folder(tmp_path))), scene()) > 30


def test_transparent_pixels_lie_over_black(tmp_path):
    alpha = np.zeros((48, 64, 1), np.uint8)
    alpha[:, :32] = 255
    Image.fromarray(np.concatenate([scene(), alpha], axis=2)).save(tmp_path / "a.png")
    prepared = load_rgb(prepare_photo(tmp_path / "a.png", _folder(tmp_path)))
    assert np.array_equal(prepared[:, :32], scene()[:, :32])
    assert not prepared[:, 32:].any()


def test_a_heic_photo_becomes_a_jpeg(tmp_path):
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.from_pillow(Image.fromarray(scene())).save(tmp_path / "a.heic", quality=95)
    prepared = prepare_photo(tmp_path / "a.heic", _folder(tmp_path))
    assert prepared.name == "a.jpg"
    assert psnr(load_rgb(prepared), scene()) > 32


def test_the_same_source_gives_the_same_bytes(tmp_path):
    Image.fromarray(scene()).save(tmp_path / "a.jpg", exif=exif_with(3))
    first = prepare_photo(tmp_path / "a.jpg", _folder(tmp_path)).read_bytes()
    assert prepare_photo(tmp_path / "a.jpg", tmp_path / "out").read_bytes() == first
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.jpg"]


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_photo_cut_off_is_declined_with_the_reason(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / f"a.{suffix}")
    (tmp_path / f"a.{suffix}").write_bytes((tmp_path / f"a.{suffix}").read_bytes()[:-900])
    declined = prepare_photo(tmp_path / f"a.{suffix}", _folder(tmp_path))
    assert isinstance(declined, Rejection)
    assert "cut off or damaged" in declined.reason
    assert not list((tmp_path / "out").iterdir())


def test_what_probing_refuses_is_declined(tmp_path):
    (tmp_path / "a.jpg").write_text("no photo")
    assert "text" in prepare_photo(tmp_path / "a.jpg", _folder(tmp_path)).reason
    Image.fromarray(scene()).save(tmp_path / "b.png")
    assert "megapixels" in prepare_photo(tmp_path / "b.png", tmp_path / "out", max_pixels=100).reason
    Image.fromarray(scene()[..., 0].astype(np.float32)).save(tmp_path / "c.tif")
    assert "floating-point" in prepare_photo(tmp_path / "c.tif", tmp_path / "out").reason


def test_a_quality_that_does_not_exist_is_the_callers_mistake(tmp_path):
    with pytest.raises(InvalidParameter, match="jpeg_quality"):
        prepare_photo(tmp_path / "a.jpg", tmp_path, jpeg_quality=0)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_damaged_exif_block_costs_the_block_not_the_photo(tmp_path):
    file = io.BytesIO()
    Image.fromarray(scene()).convert("L").save(
        file, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + bytes(40)
    )
    (tmp_path / "a.jpg").write_bytes(file.getvalue())
    prepared = prepare_photo(tmp_path / "a.jpg", _folder(tmp_path))
    assert isinstance(prepared, Path)
    assert "exif" not in info_of(prepared)


def test_only_the_orientation_of_a_block_changes():
    block = exif_with(3).tobytes().removeprefix(b"Exif\0\0")
    told = told_upright(block, 3)
    assert sum(a != b for a, b in zip(block, told, strict=True)) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="real photos are not here (../shared/data)")
def test_a_drone_photos_exif_padded_with_zeros_survives_a_turn(tmp_path):
    source = SHARED / "brighton" / "images" / "DJI_0018.JPG"
    with Image.open(source) as image:
        block = bytearray(image.info["exif"])
        small = image.resize((400, 225))
    # The same block in a photo that must be turned, so that it cannot simply be copied.
    place = block.index(b"\x12\x01\x03\x00")
    block[place + 8] = 8
    small.save(tmp_path / "turned.jpg", exif=bytes(block))
    prepared = prepare_photo(tmp_path / "turned.jpg", _folder(tmp_path))
    with Image.open(prepared) as image:
        assert image.size == (225, 400)
        kept = image.info["exif"]
        assert len(kept) == len(block)
    root, exif, gps = tags_of(prepared)
    assert root[0x010F].rstrip("\0 ") == "DJI"
    assert exif[0x920A] == 3.61
    assert gps[2] == (46.0, 50.0, 33.3855)


@pytest.mark.skipif(not SHARED.is_dir(), reason="real photos are not here (../shared/data)")
def test_a_phones_wide_gamut_photo_changes_colour_and_a_plain_one_does_not(tmp_path):
    wide = SHARED / "no_overlap" / "no_overlap_6.jpg"
    prepared = prepare_photo(wide, _folder(tmp_path))
    with Image.open(wide) as image:
        assert not is_srgb(image.info["icc_profile"])
        raw = np.asarray(image)
    assert 25 < psnr(load_rgb(prepared), raw) < 45
    plain = SHARED / "kermit" / "kermit000.jpg"
    assert prepare_photo(plain, tmp_path / "out").read_bytes() == plain.read_bytes()


def _folder(tmp_path):
    (tmp_path / "out").mkdir(exist_ok=True)
    return tmp_path / "out"
