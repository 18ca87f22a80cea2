"""Write pictures as files that appear whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def save_jpeg(path: Path, rgb: Pixels, quality: int = 90) -> Path:
    """The path, after the picture [h, w, 3] has been written there as JPEG; folders are made as needed."""
    return written_whole(path, lambda part: part.write_bytes(jpeg_bytes(rgb, quality)))


def jpeg_bytes(rgb: Pixels, quality: int = 90) -> bytes:
    """The picture [h, w, 3] as a JPEG with full colour resolution, sRGB; the same pixels give the same bytes."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(file, "JPEG", quality=quality, subsampling=0)
    return file.getvalue()


def written_whole(path: Path, write: Callable[[Path], object]) -> Path:
    """The path, after `write` has made the file beside it under another name and it was moved into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
