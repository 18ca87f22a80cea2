"""What the reconstruction child is asked, what it answers line by line, and how the parent reads that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from calotype import errors
from calotype.errors import CalotypeError, OutputsInvalid, StageFailed
from calotype.vision.sfm.options import SfmOptions


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SfmRequest(_Value):
    """The content of REQUEST.json for `python -m calotype.vision.sfm.child REQUEST.json`."""

    photos: list[tuple[str, Path]]
    """Name and file of each photo."""
    options: SfmOptions = SfmOptions()
    weights: Path | None = None
    """File or folder with the weights of learned keypoints; None for SIFT."""
    workdir: Path
    """Scratch folder of this attempt."""
    database: Path
    """The checkpoint: the same file again continues where a killed child stopped."""
    saved_copy: Path | None = None
    """Where the child puts a copy of the database whenever it is whole, before it says so: the parent may move it away."""
    saved_every_s: float = 15.0
    """Seconds between two such copies at least."""
    output: Path
    """Folder for the COLMAP model, transforms.json, points.ply and sfm.json."""

    def write(self, path: Path) -> Path:
        """Write the request to `path` and return it."""
        path.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        return path


class ProgressLine(_Value):
    """`done` of `total` (None where it cannot be known) in the phase that `note` names."""

    done: int
    total: int | None
    note: str


class SavedLine(_Value):
    """A whole copy of the database lies at the request's `saved_copy`."""


class ResultLine(_Value):
    """All outputs are written; the last line of a child that succeeded. `sfm.json` in the output folder holds the rest."""

    photos: int
    registered: int
    points: int
    reprojection_px: float | None
    mapper: str
    advice: list[str]


class ErrorLine(_Value):
    """The child failed in a way that it understands; the last line of a child that exits with 75 or 78."""

    type: str
    message: str

    def as_exception(self) -> CalotypeError:
        """The error to raise in the parent: of the named class of `calotype.errors`, or StageFailed."""
        kind = getattr(errors, self.type, None)
        if isinstance(kind, type) and issubclass(kind, CalotypeError):
            return kind(self.message)
        return StageFailed(f"{self.type}: {self.message}")


Line = ProgressLine | SavedLine | ResultLine | ErrorLine


def format_line(line: Line) -> str:
    """The line as the child writes it, without a line end."""
    match line:
        case ProgressLine():
            content: dict[str, Any] = {"progress": [line.done, line.total, line.note]}
        case SavedLine():
            content = {"saved": True}
        case ResultLine():
            content = {"result": line.model_dump(mode="json")}
        case ErrorLine():
            content = {"error": {"type": line.type, "message": line.message}}
    return json.dumps(content)


def parse_line(text: str) -> Line:
    """What one line of the child's standard output says; raises OutputsInvalid for anything else."""
    try:
        content = json.loads(text)
        match content:
            case {"progress": [done, total, note]}:
                return ProgressLine(done=done, total=total, note=note)
            case {"saved": True}:
                return SavedLine()
            case {"result": summary}:
                return ResultLine.model_validate(summary)
            case {"error": {"type": str(kind), "message": str(message)}}:
                return ErrorLine(type=kind, message=message)
            case _:
                pass
    except (ValueError, ValidationError) as error:
        raise OutputsInvalid(
            f"The reconstruction child wrote a line that is none of its own: {text[:200]}"
        ) from error
    raise OutputsInvalid(f"The reconstruction child wrote a line that is none of its own: {text[:200]}")
