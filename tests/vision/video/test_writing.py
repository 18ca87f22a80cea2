"""Films: read back with the right frames, colours and layout; never half-written."""

import os
import subprocess
import sys

import av
import numpy as np
import pytest

from calotype.errors import Cancelled, InputError
from calotype.vision.images.metrics import psnr
from calotype.vision.video.writing import write_mp4


def frame(i, width=96, height=64):
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    return np.rint(255 * np.stack([x, y, np.full_like(x, (i % 10) / 10)], axis=-1)).astype(np.uint8)


def read_back(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        about = (stream.codec_context.name, stream.codec_context.pix_fmt, float(stream.average_rate))
        return about, [f.to_ndarray(format="rgb24") for f in container.decode(stream)]


def test_every_frame_comes_back_in_order_with_its_colours(tmp_path):
    path = write_mp4((frame(i) for i in range(12)), tmp_path / "a.mp4", fps=24, crf=12)
    about, frames = read_back(path)
    assert about == ("h264", "yuv420p", 24.0)
    assert len(frames) == 12
    for i, pixels in enumerate(frames):
        assert psnr(pixels, frame(i)) > 35


def test_colours_are_tagged_as_bt709_in_video_range(tmp_path):
    path = write_mp4([frame(0)], tmp_path / "a.mp4")
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert context.color_range == 1
        first = next(container.decode(video=0))
        assert first.to_ndarray(format="gray").shape == (64, 96)


def test_the_index_stands_before_the_data_so_that_a_browser_can_start(tmp_path):
    content = write_mp4([frame(0)] * 3, tmp_path / "a.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_odd_sizes_are_made_even_by_repeating_the_edge(tmp_path):
    _, frames = read_back(write_mp4([frame(3, 95, 63)] * 4, tmp_path / "a.mp4", crf=12))
    assert frames[0].shape == (64, 96, 3)
    assert psnr(frames[0][:63, :95], frame(3, 95, 63)) > 33


@pytest.mark.parametrize("fps", [29.97, 12.5, 1])
def test_the_frame_rate_is_kept(tmp_path, fps):
    about, _ = read_back(write_mp4([frame(0)] * 3, tmp_path / "a.mp4", fps=fps))
    assert about[2] == pytest.approx(fps, rel=1e-3)


def test_the_same_frames_give_the_same_bytes(tmp_path):
    films = [write_mp4([frame(i) for i in range(5)], tmp_path / name) for name in ("a.mp4", "b.mp4")]
    assert films[0].read_bytes() == films[1].read_bytes()


def test_the_same_frames_give_the_same_bytes_whatever_lay_in_memory_before():
    program = """if True:
        import sys, tempfile
        from pathlib import Path
        import cv2, numpy as np
        from calotype.vision.video.writing import write_mp4
        noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3)).astype(np.uint8)
        scene = cv2.GaussianBlur(noise, (0, 0), 3)
        with tempfile.TemporaryDirectory() as folder:
            film = write_mp4([scene[i : i + 128, 2 * i : 2 * i + 160] for i in range(12)], Path(folder) / "a.mp4")
            sys.stdout.buffer.write(film.read_bytes())
    """
    films = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "MALLOC_PERTURB_": filling},
            capture_output=True,
            check=True,
        ).stdout
        for filling in ("1", "77", "170")
    }
    assert len(films) == 1


def test_progress_is_told_and_a_cancelled_film_leaves_the_old_one(tmp_path):
    path = write_mp4([frame(0)] * 2, tmp_path / "a.mp4")
    before, told = path.read_bytes(), []

    def progress(done, total, note):
        told.append((done, total))
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_mp4([frame(1)] * 9, path, total=9, progress=progress)
    assert told == [(1, 9), (2, 9), (3, 9)]
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_no_frames_and_mixed_sizes_are_refused(tmp_path):
    with pytest.raises(InputError, match="at least one"):
        write_mp4([], tmp_path / "a.mp4")
    with pytest.raises(InputError, match="Frame 1"):
        write_mp4([frame(0), frame(0, 98)], tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())
