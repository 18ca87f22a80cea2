"""Find where each photo was taken: structure from motion, in a supervised child process."""

from __future__ import annotations

import logging
from pathlib import Path

from pydantic import Field

from calotype.artifacts import Cameras, Image, Model, PointCloud, Report
from calotype.engine.context import Context
from calotype.engine.ports import All, Results
from calotype.engine.stage import Cost, Resources, SpeedOnly, Stage, Workload
from calotype.errors import (
    EXIT_CONFIGURATION,
    EXIT_OK,
    EXIT_TRANSIENT,
    ChildDied,
    KilledForMemory,
    StageFailed,
)
from calotype.vision.sfm.options import SfmOptions

log = logging.getLogger(__name__)

_ALL_PAIRS_UP_TO = 25
_PAIRS_PER_PHOTO = 8
# Seconds of one core, measured on 50 photos: a photo's keypoints at 1280 pixels, a pair at 4096 keypoints, a photo's mapping.
_KEYPOINT_S = 0.25
_PAIR_S = 0.07
_MAPPING_S = 0.3


class Reconstruction(Results):
    """What structure from motion gives."""

    cameras: Cameras
    points: PointCloud
    report: Report
    """`sfm.json`: every figure for the quality report."""


class Sfm(Stage, SfmOptions):
    """Find camera poses, intrinsics and sparse points with COLMAP; refuse photos that do not belong together.

    Runs in a child process, since COLMAP can abort the whole process. Its database is the checkpoint: a killed run
    extracts and matches only what was not done. Keypoints are SIFT's; given the weights of ALIKED (`features`, a .pth file or
    a folder with one), learned ones, found and matched by torch: `pip install calotype[learned]`.
    """

    version = "5"
    resources = Resources(memory_gb=4.0, whole_machine=True)

    threads: SpeedOnly[int] = Field(default=0, ge=0)
    """Processor threads, 0 for all. Changes the time only."""
    checkpoint_every_s: SpeedOnly[float] = Field(default=15.0, ge=0)
    """Seconds between two copies of the database into the store."""

    def estimate(self, workload: Workload, cores: int) -> Cost:
        """Keypoints per photo, then pairs, then mapping, each with a rate measured at the default size and keypoint count."""
        photos = workload.photos
        every = photos * (photos - 1) / 2
        pairs = (
            every
            if self.matching == "exhaustive" or photos <= _ALL_PAIRS_UP_TO
            else min(every, _PAIRS_PER_PHOTO * photos)
        )
        detail = (min(self.max_image_side, workload.long_side or self.max_image_side) / 1280) ** 2
        keypoints = photos * _KEYPOINT_S * detail
        matching = pairs * _PAIR_S * (self.max_features / 4096) ** 2 * min(1.0, detail)
        seconds = (keypoints + matching) / cores + photos * _MAPPING_S
        database_gb = photos * self.max_features * 160 / 2**30
        return Cost(seconds=seconds, memory_gb=0.5 + 2 * database_gb, disk_gb=3 * database_gb)

    def run(self, ctx: Context, photos: All[Image], features: Model | None = None) -> Reconstruction:
        import shutil
        import sys

        from calotype.vision.sfm.request import ErrorLine, ProgressLine, SavedLine, SfmRequest, parse_line

        checkpoint = ctx.checkpoint("database.db")
        database = ctx.workdir / "database.db"
        if checkpoint.exists:
            shutil.move(checkpoint.path, database)
        copy = ctx.workdir / "database.saved"
        output = ctx.workdir / "output"
        request = SfmRequest(
            photos=[(photo.name, photo.path) for photo in photos],
            options=SfmOptions.model_validate(
                {
                    **self.model_dump(include=set(SfmOptions.model_fields)),
                    "threads": self.threads or ctx.threads,
                }
            ),
            weights=None if features is None else features.path,
            workdir=ctx.workdir / "sfm",
            database=database,
            saved_copy=copy,
            saved_every_s=self.checkpoint_every_s,
            output=output,
        ).write(ctx.workdir / "request.json")
        problems: list[ErrorLine] = []

        def take(text: str) -> None:
            line = parse_line(text)
            if isinstance(line, ProgressLine):
                ctx.progress(line.done, line.total, line.note)
            elif isinstance(line, SavedLine) and copy.exists():
                copy.replace(checkpoint.path)  # The child goes on and makes its next copy under the old name.
                checkpoint.commit_in_background()
            elif isinstance(line, ErrorLine):
                problems.append(line)

        child = (sys.executable, "-m", "calotype.vision.sfm.child", str(request))
        accepted = frozenset({EXIT_OK, EXIT_TRANSIENT, EXIT_CONFIGURATION})
        try:
            ctx.command(*child, on_line=take, accepted=accepted)
        except (ChildDied, KilledForMemory) as error:
            # The second time, the mapper in which it died is left out: what the other one finds must not be lost with it.
            log.warning("structure from motion is tried once more: %s", error)
            ctx.command(*child, on_line=take, accepted=accepted)
        if problems:
            raise problems[-1].as_exception()
        if not (output / "sfm.json").exists():
            raise StageFailed("Structure from motion ended without a result. Resume the run to try again.")
        return Reconstruction(
            cameras=_cameras(ctx, output),
            points=PointCloud(name="points.ply", path=output / "points.ply"),
            report=Report(name="sfm.json", path=output / "sfm.json"),
        )


def _cameras(ctx: Context, output: Path) -> Cameras:
    """The model's files and transforms.json, in a folder of their own."""
    folder = ctx.workdir / "cameras"
    folder.mkdir()
    for path in sorted(output.iterdir()):
        if path.suffix == ".bin" or path.name == "transforms.json":
            path.rename(folder / path.name)
    return Cameras(name="cameras", path=folder)
