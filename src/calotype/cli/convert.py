"""`calotype convert IN OUT`: a splat from one file format into another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from calotype.cli.flags import Json
from calotype.cli.results import print_json
from calotype.cli.terminal import show, tell
from calotype.errors import InvalidParameter
from calotype.storage.faults import readable_size, storage_faults
from calotype.vision.splatting.formats.names import SpzFrame

_ENDINGS = ".ply, .compressed.ply, .spz, .sog, .splat, .glb"


def convert(
    source: Annotated[
        str, Parameter(help=f"The splat to read: {_ENDINGS}, or the meta.json of an unpacked .sog.")
    ],
    target: Annotated[str, Parameter(help=f"The file to write; its ending says how: {_ENDINGS}.")],
    /,
    *,
    antialiased: Annotated[
        bool | None,
        Parameter(
            help="Whether the splat was trained with opacity compensation, where IN does not say so, as most PLY files do not."
        ),
    ] = None,
    spz_frame: Annotated[
        SpzFrame,
        Parameter(
            help="Axes of SPZ files: `rub` as the format's document has them (y up), `rdf` as the PLY file has them (y down), "
            "which SuperSplat, SplatTransform and Niantic's own converter read and write."
        ),
    ] = "rub",
    drop_broken: Annotated[
        bool, Parameter(negative="", help="Leave out Gaussians whose numbers are not finite.")
    ] = False,
    force: Annotated[bool, Parameter(negative="", help="Replace a file that is there already.")] = False,
    json: Json = False,
) -> None:
    """Convert a splat between file formats.

    docs/formats.md says what each of them loses, and who reads it.
    """
    from calotype.vision.splatting.formats.splat_file import SplatFile
    from calotype.vision.splatting.formats.table import format_of, read_splat, write_splat

    read, written = _local(source), _local(target)
    format_of(source)
    _check_place(written, force)
    with storage_faults(source, "reading", writing=False):
        content = read_splat(read, spz_frame=spz_frame, drop_broken=drop_broken)
        bytes_in = read.stat().st_size
    mip = content.antialiased if antialiased is None else antialiased
    with storage_faults(target, "writing", writing=True):
        write_splat(written, SplatFile(content.gaussians, mip), spz_frame=spz_frame)
        bytes_out = written.stat().st_size
    lost = format_of(target).loss(content.gaussians)
    if json:
        print_json(
            {
                "path": target,
                "gaussians": len(content.gaussians),
                "sh_degree": content.gaussians.sh_degree,
                "antialiased": mip,
                "bytes_in": bytes_in,
                "bytes_out": bytes_out,
                "loss": vars(lost),
            }
        )
        return
    show(
        f"{target}: {len(content.gaussians)} Gaussians, {readable_size(bytes_in)} -> {readable_size(bytes_out)}\n"
    )
    if target.lower().endswith(".splat") and content.gaussians.sh_degree > 0:
        tell("warning: .splat has no harmonics: colours no longer depend on the direction.\n")


def _local(name: str) -> Path:
    if "://" in name:
        raise InvalidParameter(f"{name} is not a file on this machine; convert a file, then copy it.")
    return Path(name)


def _check_place(path: Path, force: bool) -> None:
    """Nothing, if a file can be written there; InvalidParameter otherwise, before the splat is read."""
    from calotype.vision.splatting.formats.table import format_of

    format_of(path.name)
    if path.is_dir():
        raise InvalidParameter(f"{path} is a folder; name the file, for example {path / 'scene.spz'}.")
    if path.exists() and not force:
        raise InvalidParameter(f"{path} exists; --force replaces it.")
    if not path.parent.is_dir():
        raise InvalidParameter(f"There is no folder {path.parent}; make it first.")
