"""Our splat files read by SplatTransform, and its files read by us: how far the two readings of one file lie apart.

    python -m bench.peers.splat_transform "node .../@playcanvas/splat-transform/bin/cli.mjs" [SPLAT]

`npm install @playcanvas/splat-transform` needs Node 22. Nothing here is a loss of a format: both read the same bytes.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import numpy as np
from bench.formats import differences, made_up

from calotype.vision.splatting.formats.splat_file import SplatFile
from calotype.vision.splatting.formats.table import FORMATS, read_splat, write_splat
from calotype.vision.splatting.gaussians import Gaussians

Run = Callable[..., None]


def ours_read_by_them(name: str, scene: Gaussians, folder: Path, run: Run) -> tuple[Gaussians, Gaussians]:
    path = folder / f"ours{FORMATS[name].ending}"
    # They take the axes of SPZ files for those of the PLY file.
    write_splat(path, SplatFile(scene, antialiased=True), spz_frame="rdf")
    run(path, folder / "theirs.ply")
    theirs, own = read_splat(folder / "theirs.ply"), read_splat(path, spz_frame="rdf")
    assert theirs.antialiased == own.antialiased
    return theirs.gaussians, own.gaussians


def theirs_read_by_us(name: str, folder: Path, run: Run, *flags: str) -> tuple[Gaussians, Gaussians]:
    path = folder / f"theirs{''.join(flags)}{FORMATS[name].ending}"
    run(folder / "scene.ply", *flags, path)
    own = read_splat(path, spz_frame="rdf").gaussians
    if name == "glb":  # which they only write, without a loss
        return own, read_splat(folder / "scene.ply").gaussians
    run(path, folder / "back.ply")
    return own, read_splat(folder / "back.ply").gaussians


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", help="how splat-transform is called")
    parser.add_argument("splat", nargs="?", type=Path)
    arguments = parser.parse_args()
    whole = read_splat(arguments.splat).gaussians if arguments.splat else made_up(2000)
    chosen = np.random.default_rng(0).choice(len(whole), min(len(whole), 2000), replace=False)

    def run(*words: object) -> None:
        subprocess.run(
            [*shlex.split(arguments.command), "-w", "-q", "-g", "cpu", *map(str, words)], check=True
        )

    print("degree  what                   position   colour  opacity  ln scale  rot deg       SH")
    for degree in range(4):
        scene = whole.select(chosen).with_sh_degree(degree)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_splat(folder / "scene.ply", SplatFile(scene))
            pairs = {
                f"ours, {one}": ours_read_by_them(one, scene, folder, run)
                for one in ("spz", "sog", "splat", "compressed-ply")
            }
            pairs |= {
                f"theirs, {one}": theirs_read_by_us(one, folder, run)
                for one in ("spz", "sog", "compressed-ply", "glb")
            }
            pairs["theirs, spz 3"] = theirs_read_by_us("spz", folder, run, "--spz-version", "3")
        for what, (one, other) in pairs.items():
            print(
                f"{degree:>6}  {what:<22}"
                + "".join(f"{value:>9.1e}" for value in astuple(differences(one, other)))
            )


if __name__ == "__main__":
    main()
