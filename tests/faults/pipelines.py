"""Small runs to break: two of paced stages, one of photos to a splat; and where their inputs lie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

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
    folder.mkdir(parents=True, exist_ok=True)
    for value in range(count):
        (folder / f"{value:03d}.json").write_text(json.dumps(value))
    pipeline = Pipeline("numbers")
    squares = pipeline.add(Square(pause_s=pause_s), numbers=pipeline.source("numbers", Report))
    chain = pipeline.add(Chain(pause_s=pause_s), numbers=squares.report)
    outside = pipeline.add(Outside(pause_s=10 * pause_s), number=chain)
    pipeline.publish("squares/", squares.report, label="squares")
    pipeline.publish("chain.json", chain, label="chain")
    pipeline.publish("outside.json", outside, label="outside")
    return SmallRun("numbers", pipeline.build(), {"numbers": str(folder)})


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
