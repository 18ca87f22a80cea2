"""Write films that play everywhere: H.264 in MP4, 4:2:0, ready to stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calotype.errors import InputError, MissingExtra

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

Progress = Callable[[int, int | None, str], None]

# The encoder's output depends on the number of threads, not on when they run: a constant keeps films
# reproducible.
_THREADS = "4"
# x264's macroblock tree reads memory that it has not written: the same film came out in five versions, seen with
# glibc's MALLOC_PERTURB_. At crf 22 films without it are as small and as good as at 20 with it.
_MACROBLOCK_TREE = "0"
# ISO/IEC 23091-2 code points: BT.709 primaries, sRGB-like transfer, BT.709 matrix; video range.
_BT709 = 1
_VIDEO_RANGE = 1


def write_mp4(
    frames: Iterable[NDArray[np.uint8]],
    path: Path,
    fps: float = 30,
    *,
    crf: int = 22,
    total: int | None = None,
    progress: Progress | None = None,
) -> Path:
    """The film's path, after all frames [h, w, 3] uint8 sRGB have been encoded; `crf` 0 (best) to 51.

    Odd widths and heights are made even by repeating the last column or row, which the format asks for.
    Colours are BT.709 and say so. The file appears complete or not at all, also when `frames` or `progress`
    raises. Raises InputError for no frames or frames of different sizes, MissingExtra without PyAV or its
    H.264 encoder.
    """
    path = Path(path)
    part = path.with_name(f".{path.name}.part")
    try:
        _encode(frames, part, Fraction(fps).limit_denominator(1001 * 240), crf, total, progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _encode(
    frames: Iterable[NDArray[np.uint8]],
    path: Path,
    fps: Fraction,
    crf: int,
    total: int | None,
    progress: Progress | None,
) -> None:
    try:
        import av
    except ImportError as error:
        raise MissingExtra("Writing films needs PyAV: pip install calotype[splat]") from error

    count = 0
    shape: tuple[int, ...] = ()
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream: VideoStream | None = None
        for pixels in frames:
            if stream is None:
                shape = pixels.shape
                stream = _add_stream(container, shape, fps, crf)
            if pixels.shape != shape or pixels.dtype != np.uint8 or len(shape) != 3:
                raise InputError(
                    f"Frame {count} is {pixels.shape} {pixels.dtype}; the film has uint8 {shape}."
                )
            container.mux(stream.encode(_video_frame(pixels, count)))
            count += 1
            if progress is not None:
                progress(count, total, "writing film")
        if stream is None:
            raise InputError("A film needs at least one frame.")
        container.mux(stream.encode())


def _add_stream(container: OutputContainer, shape: tuple[int, ...], fps: Fraction, crf: int) -> VideoStream:
    from av.error import FFmpegError

    options = {"crf": str(crf), "preset": "medium", "profile": "high", "threads": _THREADS}
    options["mbtree"] = _MACROBLOCK_TREE
    try:
        stream: Any = container.add_stream("libx264", rate=fps, options=options)
    except (FFmpegError, ValueError) as error:
        raise MissingExtra("This build of PyAV has no H.264 encoder: pip install --upgrade av") from error
    stream.height, stream.width = shape[0] + shape[0] % 2, shape[1] + shape[1] % 2
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.color_primaries, codec.color_trc, codec.colorspace = _BT709, _BT709, _BT709
    codec.color_range = _VIDEO_RANGE
    return stream


def _video_frame(pixels: NDArray[np.uint8], index: int) -> Any:
    import av
    from av.video.reformatter import ColorRange, Colorspace

    even = np.pad(pixels, ((0, pixels.shape[0] % 2), (0, pixels.shape[1] % 2), (0, 0)), mode="edge")
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
    yuv = frame.reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    yuv.pts = index
    return yuv
