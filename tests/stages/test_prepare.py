"""`prepare`: photos of every kind become upright 8-bit sRGB, or are declined with a reason."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image
from tests.stages.four_tests import (
    Alone,
    check_same_key_skips,
    halted_and_resumed,
    keys_of,
    run_alone,
    same_files,
)
from tests.stages.goldens import INPUTS, Goldens
from tests.stages.halting import Halt

from calotype.engine.events import ItemRejected
from calotype.stages.prepare import Prepare

ORIGINALS = INPUTS / "originals"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    return run_alone(Prepare(), {"photos": ORIGINALS}, tmp_path_factory.mktemp("prepare") / "out")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


def reasons(prepared: Alone) -> dict[str, str]:
    return {event.item: event.reason for event in prepared.events if isinstance(event, ItemRejected)}


def without_details(reason: str) -> str:
    """The reason without what the decoder says in brackets."""
    return re.sub(r" \(.*\)", "", reason)


def test_smoke_photos_come_out_upright_8_bit_srgb_and_others_are_declined(prepared: Alone) -> None:
    photos = prepared.port("image")
    assert len(photos) + len(reasons(prepared)) == len(list(ORIGINALS.iterdir()))
    for path in photos:
        with Image.open(path) as image:
            assert (image.format, path.suffix) in {("JPEG", ".jpg"), ("PNG", ".png")}, path.name
            assert image.mode == "RGB"
            assert image.size == ((30, 40) if path.stem == "turned" else (40, 30))
            assert image.getexif().get(ExifTags.Base.Orientation, 1) == 1
            assert "icc_profile" not in image.info
    with Image.open(prepared.folder / "image/turned.jpg") as turned:
        assert turned.getexif()[ExifTags.Base.Make] == "Calotype"
    assert sorted(reasons(prepared)) == ["truncated.jpg", "words.jpg"]
    assert "is cut off or damaged" in reasons(prepared)["truncated.jpg"]
    assert "is not an image" in reasons(prepared)["words.jpg"]


def test_smoke_a_turned_photo_is_turned_back(prepared: Alone) -> None:
    upright = pixels(prepared.folder / "image/upright.jpg").astype(int)
    turned = pixels(prepared.folder / "image/turned.jpg").astype(int)
    assert np.abs(np.rot90(turned) - upright).mean() < 2  # Orientation 6: its top is on the right.


def test_same_key_skips_and_everything_else_runs(prepared: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    check_same_key_skips(prepared, monkeypatch, real={"jpeg_quality": 90, "max_megapixels": 100.0})


def test_killed_halfway_resumes_with_the_photos_that_are_left(prepared: Alone, tmp_path: Path) -> None:
    resumed = halted_and_resumed(prepared, tmp_path, cancel=Halt(looks=7), kill=Halt(looks=4))
    # Cancelled while the fourth photo of each of two shards is handed out; what the killed process had not written is lost.
    assert resumed.known == [0, 6, 6]
    assert same_files(resumed.folder, prepared.folder, "image")


def test_golden_outputs_are_those_of_this_version(prepared: Alone, goldens: Goldens) -> None:
    upright = (prepared.folder / "image/upright.jpg").read_bytes()
    assert upright == (ORIGINALS / "upright.jpg").read_bytes()
    lossless = [path for path in prepared.port("image") if path.suffix == ".png"]
    goldens.check(
        Prepare,
        {
            # Of what is stored without loss the pixels, bit for bit; how PNG and JPEG squeeze them is their libraries' business.
            "pixels": {path.name: hashlib.sha256(pixels(path).tobytes()).hexdigest() for path in lossless},
            "turned": pixels(prepared.folder / "image/turned.jpg")[::8, ::8].tolist(),
            "ink": pixels(prepared.folder / "image/ink.jpg")[::8, ::8].tolist(),
            "reasons": {name: without_details(reason) for name, reason in reasons(prepared).items()},
        },
        within={"turned": 2, "ink": 2},
    )


def test_the_key_is_what_it_always_was() -> None:
    step, item = keys_of(Prepare())
    assert step == "e37758b33ef20df690de42d984dfe3b921b675a28717538b7ddf7b28ba12827b"
    assert item == "06a4258946f23fbf75f1299b1dc543aef425e257bd78ebb736a1483bf966e60f"
