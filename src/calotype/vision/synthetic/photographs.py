"""Write a procedural capture as an ordinary folder of JPEGs, as if a camera had taken them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from calotype.artifacts.cameras import Camera

if TYPE_CHECKING:
    from calotype.vision.synthetic.capture import Capture

Progress = Callable[[int, int | None, str], None]

FOCAL_35MM = 28
"""What the EXIF states: millimetres for a frame of 43.27 mm diagonal."""
_MAKE, _MODEL = "Calotype", "Procedural 1"
_FOCAL_MM = 4.98  # 28 mm on a sensor of 7.7 mm diagonal
_FIRST_SHOT = datetime(2026, 5, 17, 9, 30)


def write_capture(
    capture: Capture,
    folder: Path,
    progress: Progress = lambda done, total, note: None,
    *,
    threads: int | None = None,
    with_truth: bool = False,
) -> None:
    """Photos `view_000.jpg`, ... with EXIF in `folder`; with `with_truth` also `truth/transforms.json` and `truth/*.npy`.

    JPEG quality 95 without chroma subsampling. The depth maps are float32 z-depth in scene units, one per photo.
    As many photos at once as `threads` says, by default as many as the capture's own.
    `progress` is called from this thread after each photo; what it raises ends the writing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    truth = folder / "truth"
    if with_truth:
        from calotype.artifacts.transforms_json import write_transforms

        truth.mkdir(exist_ok=True)
        write_transforms(truth / "transforms.json", capture.truth, images="..")
    total = len(capture.views)
    progress(0, total, "painting the scene and its shadows")
    _ = capture.baked  # once, before threads ask for it

    def take(index: int) -> str:
        view = capture.views[index]
        photo, depth = capture.render_view(index)
        write_photo(folder / view.name, photo, view.camera, _FIRST_SHOT + timedelta(seconds=2 * index))
        if with_truth:
            np.save(truth / f"{Path(view.name).stem}.npy", depth)
        return view.name

    pool = ThreadPoolExecutor(max(1, capture.threads if threads is None else threads))
    try:
        for done, name in enumerate(pool.map(take, range(total)), start=1):
            progress(done, total, name)
    finally:
        pool.shutdown(cancel_futures=True)


def write_photo(path: Path, photo: NDArray[np.uint8], camera: Camera, taken: datetime) -> None:
    """A JPEG with the EXIF of an ordinary camera that was held upright."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = _MAKE
    exif[ExifTags.Base.Model] = _MODEL
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.Software] = "Calotype"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken.strftime("%Y:%m:%d %H:%M:%S")
    details[ExifTags.Base.FocalLength] = _FOCAL_MM
    details[ExifTags.Base.FocalLengthIn35mmFilm] = FOCAL_35MM
    details[ExifTags.Base.ExifImageWidth] = camera.width
    details[ExifTags.Base.ExifImageHeight] = camera.height
    Image.fromarray(photo).save(path, quality=95, subsampling="4:4:4", exif=exif)
