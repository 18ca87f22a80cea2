"""Small runs to break: of paced stages, of noisy ones, and of photos to a splat; and where their inputs lie."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.engine.noisy_stages import NOISE, Noisy, NoisyTotal
from tests.faults.paced_stages import Chain, Outside, Square
from tests.stages.goldens import INPUTS

from calotype.artifacts import Report
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.pipelines.splat import splat
from calotype.stages.render import RenderViews
from calotype.stages.sfm import Sfm
from calotype.stages.splat import TrainSplat


@dataclass(frozen=True)
class SmallRun:
    """A pipeline and what it is fed with."""

    name: str
    pipeline: PipelineSpec
    inputs: dict[str, str]


def numbers_run(folder: Path, *, count: int = 24, pause_s: float = 0.03) -> SmallRun:
    """Items, then all of them together, then a child process."""
    _write_numbers(folder, count)
    pipeline = Pipeline("numbers")
    squares = pipeline.add(Square(pause_s=pause_s), numbers=pipeline.source("numbers", Report))
    chain = pipeline.add(Chain(pause_s=pause_s), numbers=squares.report)
    outside = pipeline.add(Outside(pause_s=10 * pause_s), number=chain)
    pipeline.publish("squares/", squares.report, label="squares")
    pipeline.publish("chain.json", chain, label="chain")
    pipeline.publish("outside.json", outside, label="outside")
    return SmallRun("numbers", pipeline.build(), {"numbers": str(folder)})


def noise_run(folder: Path, *, count: int = 24, pause_s: float = 0.03) -> SmallRun:
    """Items and then all of them together, something else each time, as CUDA and COLMAP do; after each of them an ordinary step."""
    _write_numbers(folder, count)
    pipeline = Pipeline("noise")
    noise = pipeline.add(Noisy(pause_s=pause_s), numbers=pipeline.source("numbers", Report))
    squares = pipeline.add(Square(pause_s=pause_s), numbers=noise.report)
    total = pipeline.add(NoisyTotal(pause_s=pause_s), numbers=noise.report)
    outside = pipeline.add(Outside(pause_s=10 * pause_s), number=total)
    pipeline.publish("noise/", noise.report, label="noise")
    pipeline.publish("squares/", squares.report, label="squares")
    pipeline.publish("total.json", total, label="total")
    pipeline.publish("outside.json", outside, label="outside")
    return SmallRun("noise", pipeline.build(), {"numbers": str(folder)})


def noise_at_odds(values: Mapping[str, int]) -> list[str]:
    """Names of the numbers that a `noise_run` published and that were not made of the others it published."""
    noise = {
        name.removeprefix("noise/"): value for name, value in values.items() if name.startswith("noise/")
    }
    right = {f"squares/{name}": value**2 for name, value in noise.items()}
    right["outside.json"] = values["total.json"] + 1
    wrong = [name for name, value in right.items() if values.get(name) != value]
    return wrong + ["total.json"] * (values["total.json"] // NOISE != sum(noise.values()))


SMALL_RUNS = {"numbers": numbers_run, "noise": noise_run}
"""Those over numbers, by name."""


def _write_numbers(folder: Path, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for value in range(count):
        (folder / f"{value:03d}.json").write_text(json.dumps(value))


def splat_run() -> SmallRun:
    """Nine photos of 320x240 to a splat: `sfm` and everything after it, with one thread, keeping its place all the time."""
    pipeline = splat(
        sfm=Sfm(max_features=1500, threads=1, checkpoint_every_s=0.2),
        train=TrainSplat(
            iterations=300, gaussians=1500, max_side=160, densify_every=30, checkpoint_every_s=0.2
        ),
        render=RenderViews(turntable_frames=12),
    )
    return SmallRun("splat", pipeline.build(), {"photos": str(INPUTS / "photos")})
