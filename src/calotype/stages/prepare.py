"""Make photos ready: upright, sRGB, 8 bits; decline what cannot be read, with the reason."""

from __future__ import annotations

from pydantic import Field

from calotype.artifacts import Image
from calotype.engine.context import Context
from calotype.engine.ports import Each, PerItem, Rejected
from calotype.engine.stage import Cost, Resources, Stage, Workload


class Prepare(Stage):
    """Turn photos upright, convert them to sRGB, and leave out those that cannot be read.

    A photo that is an upright 8-bit sRGB JPEG already passes through byte for byte; EXIF (focal length, GPS) is kept.
    """

    version = "1"
    resources = Resources(memory_gb=2.0)

    max_megapixels: float = Field(default=200.0, gt=0)
    """Photos with more pixels are left out: their header is read, nothing is decoded."""
    jpeg_quality: int = Field(default=96, ge=50, le=100)
    """Quality of JPEGs that must be written again, because they were turned or converted."""

    def estimate(self, workload: Workload, cores: int) -> Cost:
        """Reading and checking takes about 25 ms of a core per 6 megapixels; converted photos are stored once more."""
        seconds = 1.0 + workload.photos * workload.megapixels * 0.005 / cores
        return Cost(
            seconds=seconds,
            memory_gb=0.2 + cores * workload.megapixels * 0.02,
            disk_gb=2 * workload.gigabytes,
        )

    def run(self, ctx: Context, photos: Each[Image]) -> PerItem[Image]:
        import shutil

        from calotype.vision.images.prepare import Rejection, prepare_photo

        for photo in photos:
            # Under a name that says nothing: the same bytes must give the same result whatever they are called.
            plain = ctx.workdir / "photo"
            shutil.copyfile(photo.path, plain)
            prepared = prepare_photo(
                plain,
                ctx.workdir / "prepared",
                max_pixels=int(self.max_megapixels * 1e6),
                jpeg_quality=self.jpeg_quality,
            )
            if isinstance(prepared, Rejection):
                yield photo, Rejected(prepared.reason)
            else:
                yield photo, Image(name=photo.stem + prepared.suffix.lower(), path=prepared)
