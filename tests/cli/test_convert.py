"""`calotype convert`: a splat from one file format into another."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.vision.splatting.formats.splats import assert_within, differences, made_up, order_in

from calotype.vision.splatting.formats.splat_file import SplatFile
from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat
from calotype.vision.splatting.gaussians import Gaussians
from commands import Called

Calotype = Callable[..., Called]


@pytest.fixture
def made() -> Gaussians:
    return made_up(200)


@pytest.fixture
def scene(tmp_path: Path, made: Gaussians) -> Path:
    path = tmp_path / "scene.ply"
    write_splat(path, SplatFile(made))
    return path


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_converted_to_and_from(
    calotype: Calotype, scene: Path, made: Gaussians, tmp_path: Path, name: str
) -> None:
    there, back = tmp_path / f"there{FORMATS[name].ending}", tmp_path / "back.ply"
    told = calotype("convert", scene, there, "--json").json
    assert (told["gaussians"], told["sh_degree"], told["antialiased"]) == (200, 3, False)
    assert (told["bytes_in"], told["bytes_out"]) == (scene.stat().st_size, there.stat().st_size)
    assert calotype("convert", there, back).code == 0
    stated = FORMATS[name].loss(made)
    assert told["loss"] == vars(stated)
    assert_within(differences(read_splat(back).gaussians, made.select(order_in(name, made))), stated)


def test_it_says_how_many_gaussians_and_bytes(calotype: Calotype, scene: Path, tmp_path: Path) -> None:
    said = calotype("convert", scene, tmp_path / "a.spz")
    assert re.fullmatch(rf"{tmp_path}/a\.spz: 200 Gaussians, 49\.9 KiB -> \d\.\d KiB\n", said.out)
    assert said.err == ""
    assert "no harmonics" in calotype("convert", scene, tmp_path / "a.splat").err


def test_what_the_file_does_not_say_can_be_said(calotype: Calotype, scene: Path, tmp_path: Path) -> None:
    assert calotype("convert", scene, tmp_path / "a.spz", "--antialiased").code == 0
    assert read_splat(tmp_path / "a.spz").antialiased
    assert calotype("convert", tmp_path / "a.spz", tmp_path / "b.sog", "--json").json["antialiased"]
    assert calotype("convert", tmp_path / "a.spz", tmp_path / "c.spz", "--no-antialiased").code == 0
    assert not read_splat(tmp_path / "c.spz").antialiased


def test_spz_may_have_the_axes_of_the_ply_file(
    calotype: Calotype, scene: Path, made: Gaussians, tmp_path: Path
) -> None:
    assert calotype("convert", scene, tmp_path / "a.spz", "--spz-frame", "rdf").code == 0
    turned = read_splat(tmp_path / "a.spz").gaussians
    np.testing.assert_allclose(turned.means, made.means * np.float32([1, -1, -1]), atol=1e-3)
    assert calotype("convert", tmp_path / "a.spz", tmp_path / "b.ply", "--spz-frame", "rdf").code == 0
    np.testing.assert_allclose(read_splat(tmp_path / "b.ply").gaussians.means, made.means, atol=1e-3)


def test_broken_gaussians_are_told_and_left_out_when_asked(
    calotype: Calotype, tmp_path: Path, made: Gaussians
) -> None:
    made.means[7] = np.nan
    from calotype.vision.splatting.ply import write_splat_ply

    write_splat_ply(tmp_path / "a.ply", made)
    refused = calotype("convert", tmp_path / "a.ply", tmp_path / "a.spz")
    assert refused.code == 78
    assert "a.ply: 1 of 200 Gaussians, the first is number 8" in refused.err
    assert not (tmp_path / "a.spz").exists()
    kept = calotype("convert", tmp_path / "a.ply", tmp_path / "a.spz", "--drop-broken", "--json")
    assert kept.json["gaussians"] == 199


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("scene.ply", "a.obj"), "a.obj ends in none of: .compressed.ply .ply .spz .sog .splat .glb."),
        (("scene.obj", "a.spz"), "scene.obj ends in none of"),
        (("missing.ply", "a.spz"), "There is no file missing.ply."),
        (("scene.ply", "scene.ply"), "scene.ply exists; --force replaces it."),
        (("scene.ply", "folder.spz"), "folder.spz is a folder"),
        (("scene.ply", "nowhere/a.spz"), "There is no folder nowhere"),
        (("scene.ply", "meta.json"), "meta.json is a part of a SOG folder"),
        (("s3://bucket/scene.ply", "a.spz"), "s3://bucket/scene.ply is not a file on this machine"),
        (("scene.ply", "s3://bucket/a.spz"), "s3://bucket/a.spz is not a file on this machine"),
        (("text.spz", "a.ply"), "text.spz is no SPZ file."),
        (("scene.ply",), "`calotype convert` needs TARGET"),
        (("scene.ply", "a.spz", "--spz-frame", "xyz"), "--spz-frame"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_writes_nothing(
    calotype: Calotype,
    scene: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(scene.parent)
    Path("folder.spz").mkdir()
    Path("text.spz").write_text("some text")
    before = {path: path.stat().st_mtime_ns for path in scene.parent.rglob("*")}
    refused = calotype("convert", *arguments)
    assert refused.code == 78
    assert told in refused.err
    assert "Traceback" not in refused.err
    assert {path: path.stat().st_mtime_ns for path in scene.parent.rglob("*")} == before


def test_a_file_is_replaced_only_when_asked_also_by_itself(
    calotype: Calotype, scene: Path, made: Gaussians
) -> None:
    assert calotype("convert", scene, scene, "--force", "--antialiased").code == 0
    assert read_splat(scene).antialiased
    np.testing.assert_array_equal(read_splat(scene).gaussians.means, made.means)


@pytest.mark.skipif(os.geteuid() != 0 and not os.access("/dev/full", os.W_OK), reason="there is no /dev/full")
def test_a_full_disk_is_told_as_such(calotype: Calotype, scene: Path, tmp_path: Path) -> None:
    (tmp_path / ".a.spz.part").symlink_to("/dev/full")
    refused = calotype("convert", scene, tmp_path / "a.spz")
    assert refused.code == 78
    assert "No space left" in refused.err
    assert not (tmp_path / "a.spz").exists()
