"""`python -m calotype.vision.sfm.child REQUEST.json`: structure from motion in a process of its own.

COLMAP can abort its whole process, and its global mapper cannot be cancelled: a child can be ended, and nobody else
suffers. Standard output carries one JSON object a line (see `request`); everything else, native chatter included, goes to
standard error. Exit codes: 0 done, 75 worth another attempt, 78 final.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from calotype.errors import EXIT_OK, CalotypeError, MissingExtra, UnreadableInput
from calotype.vision.sfm.request import (
    ErrorLine,
    Line,
    ProgressLine,
    ResultLine,
    SavedLine,
    SfmRequest,
    format_line,
)

Tell = Callable[[Line], None]


def main(arguments: list[str]) -> int:
    """Carry out the request named on the command line and return the exit code."""
    # Native code prints to descriptor 1 as it likes: our lines get a copy of it, and 1 becomes standard error.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as stream:
        os.dup2(2, 1)

        def tell(line: Line) -> None:
            stream.write(format_line(line) + "\n")
            stream.flush()

        try:
            tell(_run(arguments, tell))
        except CalotypeError as error:
            tell(ErrorLine(type=type(error).__name__, message=str(error)))
            return error.exit_code
    return EXIT_OK


def _run(arguments: list[str], tell: Tell) -> ResultLine:
    request = _request(arguments)
    try:
        from pycolmap import logging as colmap_log
    except ImportError as error:
        raise MissingExtra("Structure from motion needs pycolmap: pip install calotype[splat]") from error
    from calotype.vision.sfm.outputs import write_outputs
    from calotype.vision.sfm.reconstruct import reconstruct

    colmap_log.minloglevel = int(colmap_log.Level.ERROR.value)

    def progress(done: int, total: int | None, note: str) -> None:
        tell(ProgressLine(done=done, total=total, note=note))

    result = reconstruct(
        request.photos,
        request.options,
        request.workdir,
        request.database,
        progress,
        _copies(request, tell),
        request.weights,
    )
    write_outputs(request.output, result)
    report = result.report
    return ResultLine(
        photos=len(report.photos),
        registered=report.registered,
        points=report.points,
        reprojection_px=report.reprojection_px,
        mapper=report.mapper,
        advice=report.advice,
    )


def _copies(request: SfmRequest, tell: Tell) -> Callable[[], None]:
    """A callback that copies the database, not too often, and says so. Only here can nobody write to it meanwhile."""
    last = time.monotonic()

    def saved() -> None:
        nonlocal last
        if request.saved_copy is None or time.monotonic() - last < request.saved_every_s:
            return
        part = request.saved_copy.with_name(request.saved_copy.name + ".part")
        shutil.copyfile(request.database, part)
        part.replace(request.saved_copy)
        last = time.monotonic()
        tell(SavedLine())

    return saved


def _request(arguments: list[str]) -> SfmRequest:
    if len(arguments) != 1:
        raise UnreadableInput("Usage: python -m calotype.vision.sfm.child REQUEST.json")
    try:
        return SfmRequest.model_validate_json(Path(arguments[0]).read_bytes())
    except (OSError, ValidationError) as error:
        raise UnreadableInput(f"{arguments[0]} is not a request: {error}") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
