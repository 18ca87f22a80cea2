"""Write a splat in the formats that viewers and other programs want."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field, field_validator

from calotype.artifacts import Splat
from calotype.engine.context import Context
from calotype.engine.ports import Results
from calotype.engine.stage import Cost, Resources, Stage, Workload
from calotype.vision.splatting.formats.names import ExportFormat, SpzFrame

_GAUSSIAN_S = 2e-5
"""Seconds per Gaussian and format, on one core: SOG, the slowest, with harmonics of degree 3."""


def _each_once(value: Any) -> Any:
    """Formats sorted and without repetition, so that the same ones have the same key; text lists them with commas."""
    listed: Any = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if isinstance(listed, list | tuple):
        parts = cast(list[Any], listed)
        return tuple(sorted({str(part) for part in parts}))
    return listed


SplatFormats = Annotated[tuple[ExportFormat, ...], BeforeValidator(_each_once)]
"""Formats a splat is exported to; `spz,sog` is taken as well as a list."""


class ExportedSplat(Results):
    """The splat in each format that was asked for."""

    spz: Splat | None = None
    sog: Splat | None = None
    splat: Splat | None = None
    compressed_ply: Splat | None = None
    glb: Splat | None = None


class ExportSplat(Stage):
    """Write a splat in other formats: SPZ, SOG, .splat, compressed PLY, glTF."""

    version = "1"
    resources = Resources(memory_gb=2.0)

    formats: tuple[ExportFormat, ...] = Field(default=("spz",), min_length=1)
    """Formats to write."""
    antialiased: bool = False
    """Whether it was trained with opacity compensation, where the splat itself does not say so; formats that can, tell viewers."""
    spz_frame: SpzFrame = "rub"
    """Axes of an SPZ file: `rub` (y up) as its document has them, `rdf` (y down) as PLY files have them and SuperSplat expects."""

    _each_format_once = field_validator("formats", mode="before")(_each_once)

    def estimate(self, workload: Workload, cores: int) -> Cost:
        """How many Gaussians there will be is not known here: a hundred thousand."""
        return Cost(seconds=1 + 1e5 * _GAUSSIAN_S * len(self.formats), memory_gb=0.3, disk_gb=0.02)

    def run(self, ctx: Context, splat: Splat) -> ExportedSplat:
        from calotype.vision.splatting.formats.splat_file import SplatFile
        from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat

        total = 1 + len(self.formats)
        ctx.progress(0, total, f"reading {splat.name}")
        content = read_splat(splat.path)
        content = SplatFile(content.gaussians, content.antialiased or self.antialiased)
        stem = splat.stem.removesuffix(".compressed")
        made: dict[str, Splat] = {}
        for number, name in enumerate(self.formats):
            ctx.progress(1 + number, total, f"writing {name}")
            path = ctx.workdir / f"scene{FORMATS[name].ending}"
            write_splat(path, content, spz_frame=self.spz_frame)
            made[name.replace("-", "_")] = Splat(name=f"{stem}{FORMATS[name].ending}", path=path)
        ctx.progress(total, total)
        return ExportedSplat(**made)
