"""Take camera poses that somebody else found, instead of matching photos."""

from __future__ import annotations

from pydantic import Field

from calotype.artifacts import Cameras, Image, PointCloud, Report
from calotype.engine.context import Context
from calotype.engine.ports import All, Results
from calotype.engine.stage import Resources, Stage


class ImportedPoses(Results):
    """The poses in our own form."""

    cameras: Cameras
    points: PointCloud
    report: Report


class ImportPoses(Stage):
    """Take known poses: a COLMAP model or a transforms.json, matched to the photos by name. Nothing is matched by content."""

    version = "3"
    resources = Resources(memory_gb=2.0)

    seed_points: int = Field(default=20_000, ge=100)
    """How many points to start from when the poses come without any."""
    seed: int = Field(default=0, ge=0)
    """Seed of their random positions."""

    def run(self, ctx: Context, photos: All[Image], poses: Cameras) -> ImportedPoses:
        from calotype.vision.sfm.given import import_poses

        folder = ctx.workdir / "poses"
        import_poses(
            poses.path,
            {photo.name: photo.path for photo in photos},
            folder,
            seed_points=self.seed_points,
            seed=self.seed,
            progress=ctx.progress,
            threads=ctx.threads,
        )
        return ImportedPoses(
            cameras=Cameras(name="cameras", path=folder / "cameras"),
            points=PointCloud(name="points.ply", path=folder / "points.ply"),
            report=Report(name="poses.json", path=folder / "sfm.json"),
        )
