"""`calotype run splat --formats`: the splat in other formats beside scene.ply."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.vision.splatting.formats.splats import assert_within, differences, order_in

from calotype.engine.pipeline import PipelineSpec
from calotype.engine.recipes import called_recipe
from calotype.errors import InvalidParameter
from calotype.stages.splat import TrainSplat
from calotype.vision.splatting.formats.table import FORMATS, read_splat
from commands import Called

Calotype = Callable[..., Called]
SMALL = ("--iterations", 60, "--max-side", 96, "--train.gaussians", 800, "--render.turntable-frames", 2)


def recipe(**arguments: Any) -> PipelineSpec:
    return called_recipe("splat", arguments)


def test_formats_make_a_step_and_are_published_beside_the_ply_file(
    calotype: Calotype, photos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ran = calotype(
        *(
            "run",
            "splat",
            photos,
            *SMALL,
            "--formats",
            "spz,compressed-ply,splat",
            "--train.antialiased",
            "-o",
            out,
            "--json",
        )
    )
    assert ran.code == 0, ran.err
    assert "export-splat" in ran.json["executed"]
    source = read_splat(out / "scene.ply").gaussians
    assert ran.json["outputs"]["splat"] == str(out / "scene.ply")
    for name in ("spz", "compressed-ply", "splat"):
        path = out / f"scene{FORMATS[name].ending}"
        assert ran.json["outputs"][FORMATS[name].ending] == str(path)
        read = read_splat(path)
        assert read.antialiased or name == "splat"  # .splat cannot say so.
        assert_within(
            differences(read.gaussians, source.select(order_in(name, source))), FORMATS[name].loss(source)
        )

    more = calotype("fork", ran.json["run"], "--set", "formats=spz,sog", "-o", tmp_path / "fork", "--json")
    assert more.code == 0, more.err
    assert more.json["executed"] == ["export-splat"]
    assert sorted(path.name for path in (tmp_path / "fork").glob("scene.*")) == [
        "scene.ply",
        "scene.sog",
        "scene.spz",
    ]


def test_without_formats_there_is_no_such_step() -> None:
    assert "export-splat" not in [step.id for step in recipe().steps]
    assert "export-splat" not in [step.id for step in recipe(formats=()).steps]


def test_the_export_says_what_training_did() -> None:
    plain, mip = (recipe(formats=("spz",), train=TrainSplat(antialiased=one)) for one in (False, True))
    assert [spec.step("export-splat").parameters["antialiased"] for spec in (plain, mip)] == [False, True]
    (tie,) = [tie for tie in mip.ties if tie.parameter == "antialiased"]
    assert (tie.leader, tie.followers) == ("splat", ("render", "export-splat"))


@pytest.mark.parametrize("wrong", [("obj",), ("ply",)])
def test_unknown_formats_are_refused_before_anything_runs(
    calotype: Calotype, photos: Path, wrong: tuple[str, ...]
) -> None:
    refused = calotype("run", "splat", photos, "--formats", ",".join(wrong))
    assert refused.code == 78
    assert (
        f"--formats: {wrong[0]}: Input should be 'spz', 'sog', 'splat', 'compressed-ply' or 'glb'"
        in refused.err
    )
    assert calotype("runs", "--json").json == []
    with pytest.raises(InvalidParameter, match=r"export-splat: formats\.0"):
        recipe(formats=wrong)
