"""Write pictures that people look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def save_jpeg(path: Path, rgb: NDArray[Any], quality: int = 92) -> None:
    """Nothing; `path` holds the picture [h, w, 3] uint8 sRGB, its folders made."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(rgb, np.uint8)).save(path, "JPEG", quality=quality, subsampling=0)
