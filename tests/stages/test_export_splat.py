"""`export-splat`: a splat in the formats that viewers and other programs want."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.stages.four_tests import (
    Alone,
    check_same_key_skips,
    halted_and_resumed,
    keys_of,
    run_alone,
    same_files,
)
from tests.stages.goldens import Goldens
from tests.stages.halting import Halt
from tests.vision.splatting.formats.splats import assert_within, differences, made_up, order_in

from calotype.stages.export_splat import ExportSplat, SplatFormats
from calotype.vision.splatting.formats.splat_file import SplatFile
from calotype.vision.splatting.formats.spz import read_spz
from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat
from calotype.vision.splatting.gaussians import Gaussians

ALL = ("compressed-ply", "glb", "sog", "splat", "spz")


@pytest.fixture(scope="module")
def made() -> Gaussians:
    return made_up(700, degree=2)


@pytest.fixture(scope="module")
def exported(made: Gaussians, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """`export-splat` alone, in all formats."""
    folder = tmp_path_factory.mktemp("export-splat")
    write_splat(folder / "scene.ply", SplatFile(made))
    stage = ExportSplat(formats=ALL, antialiased=True)
    return run_alone(stage, {"splat": folder / "scene.ply"}, folder / "out")


def port(name: str) -> str:
    return name.replace("-", "_")


@pytest.mark.parametrize("name", ALL)
def test_smoke_each_format_holds_the_splat_within_its_loss(
    exported: Alone, made: Gaussians, name: str
) -> None:
    path = exported.file(port(name))
    assert path.name == f"scene{FORMATS[name].ending}"
    read = read_splat(path)
    assert_within(differences(read.gaussians, made.select(order_in(name, made))), FORMATS[name].loss(made))
    assert read.antialiased is (name != "splat")


def test_smoke_what_was_not_asked_for_is_not_there(made: Gaussians, tmp_path: Path) -> None:
    write_splat(tmp_path / "a.compressed.ply", SplatFile(made, antialiased=True))
    alone = run_alone(
        ExportSplat(formats=("spz",), spz_frame="rdf"),
        {"splat": tmp_path / "a.compressed.ply"},
        tmp_path / "out",
    )
    files = sorted(
        path.relative_to(tmp_path / "out").as_posix()
        for path in alone.folder.rglob("*.*")
        if path.suffix != ".json"
    )
    assert files == ["spz/a.spz"]
    content = read_spz(alone.file("spz"), frame="rdf")
    assert content.antialiased  # The file says so itself.
    source = read_splat(tmp_path / "a.compressed.ply").gaussians
    assert_within(differences(content.gaussians, source), FORMATS["spz"].loss(source))


def test_same_key_skips_and_everything_else_runs(exported: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    real = {"formats": ("spz",), "antialiased": False, "spz_frame": "rdf"}
    check_same_key_skips(exported, monkeypatch, real=real)


def test_killed_halfway_resumes_with_all_outputs_or_none(exported: Alone, tmp_path: Path) -> None:
    resumed = halted_and_resumed(exported, tmp_path, cancel=Halt(looks=3), kill=Halt(looks=5))
    for name in ALL:
        assert same_files(resumed.folder, exported.folder, port(name))


def test_golden_outputs_are_those_of_this_version(exported: Alone, goldens: Goldens) -> None:
    """Not byte for byte: exponentials differ in their last digit between processors, and compressors between versions."""
    sizes = {name: exported.file(port(name)).stat().st_size for name in ALL}
    contents = {name: read_splat(exported.file(port(name))).gaussians for name in ALL}
    goldens.check(
        ExportSplat,
        {
            **{f"{name} size": size for name, size in sizes.items()},
            **{f"{name} means": one.means[::100].tolist() for name, one in contents.items()},
            **{f"{name} opacities": one.opacities[::100].tolist() for name, one in contents.items()},
            **{f"{name} scales": one.log_scales[::100].tolist() for name, one in contents.items()},
            **{f"{name} sh": one.sh.mean(axis=(0, 2)).tolist() for name, one in contents.items()},
        },
        within={f"{name} size": 0.02 * size for name, size in sizes.items() if name in ("sog", "spz", "glb")}
        | {f"{name} means": 2e-4 for name in ALL}
        | {f"{name} opacities": 0.004 for name in ALL}
        | {f"{name} scales": 0.07 for name in ALL}
        | {f"{name} sh": 1e-3 for name in ALL},
    )


def test_the_key_is_what_it_always_was() -> None:
    assert keys_of(ExportSplat()) == ["999a6db3b28d8341694dd04135482b122128a128cc631530fdba2e820e9c278f"]


def test_the_same_formats_in_another_order_have_the_same_key() -> None:
    assert keys_of(ExportSplat(formats=("spz", "sog", "spz"))) == keys_of(ExportSplat(formats=("sog", "spz")))


def test_formats_are_taken_with_commas_and_unknown_ones_refused() -> None:
    formats = TypeAdapter(SplatFormats)
    assert formats.validate_python("spz, sog") == ("sog", "spz")
    for wrong in ("obj", ["spz", "ply"], "", 3):
        with pytest.raises(ValidationError):
            formats.validate_python(wrong)
    with pytest.raises(ValidationError):
        ExportSplat(formats=())
