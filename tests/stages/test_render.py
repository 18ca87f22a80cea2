"""`render`: a splat measured on the photos it has not seen, and pictures and a film of it."""

from __future__ import annotations

import json
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from tests.stages.four_tests import Alone, check_same_key_skips, halted_and_resumed, keys_of, same_files
from tests.stages.goldens import Goldens
from tests.stages.halting import Halt

from calotype.stages.render import RenderViews


def metrics(rendered: Alone) -> dict[str, object]:
    return json.loads(rendered.file("metrics").read_text())


def picture(rendered: Alone, name: str) -> np.ndarray:
    with Image.open(rendered.folder / "previews" / name) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        return np.asarray(image)


def film(path: Path) -> tuple[list[np.ndarray], float]:
    """The frames [h, w, 3] and their number a second."""
    with av.open(str(path)) as container:
        (stream,) = container.streams.video
        rate = float(stream.average_rate or 0)
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)], rate


def test_smoke_held_out_views_are_measured_against_the_nearest_photo(rendered: Alone) -> None:
    body = metrics(rendered)
    views: list[dict[str, object]] = body["views"]  # type: ignore[assignment]
    assert [(view["name"], view["nearest"]) for view in views] == [
        ("view_000.jpg", "view_001.jpg"),
        ("view_008.jpg", "view_007.jpg"),
    ]
    for figure in ("psnr", "ssim", "nearest_psnr", "nearest_ssim"):
        assert body["held_out"][figure] == pytest.approx(np.mean([view[figure] for view in views]))  # type: ignore[index]
    assert 0 < body["held_out"]["ssim"] < 1  # type: ignore[index,operator]


def test_smoke_previews_are_srgb_pictures_of_the_held_out_views(rendered: Alone, photos: Path) -> None:
    names = {path.relative_to(rendered.folder / "previews").as_posix() for path in rendered.port("previews")}
    held_out = {"view_000.jpg", "view_008.jpg"}
    assert names == held_out | {f"{kind}/{name}" for kind in ("compare", "depth") for name in held_out}
    seen = picture(rendered, "view_000.jpg")
    assert seen.shape == (120, 160, 3)
    assert picture(rendered, "depth/view_000.jpg").shape == (120, 160, 3)
    with Image.open(photos / "view_000.jpg") as photo:
        small = np.asarray(photo.resize((160, 120), Image.Resampling.BOX), float)
    apart = np.abs(seen - small).mean()
    # Where it should be, a crude splat is closer to its photo than mirrored or turned.
    assert apart < np.abs(seen[:, ::-1] - small).mean()
    assert apart < np.abs(seen[::-1] - small).mean()


def test_smoke_the_turntable_is_a_film_of_as_many_pictures_as_asked(rendered: Alone) -> None:
    frames, rate = film(rendered.file("turntable"))
    assert (len(frames), rate) == (12, 30)
    assert {frame.shape for frame in frames} == {(120, 160, 3)}
    assert np.abs(frames[0].astype(int) - frames[6]).mean() > 5  # It moves.


def test_same_key_skips_and_everything_else_runs(rendered: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    real = {"max_side": 128, "background": (1.0, 1.0, 1.0), "turntable_fps": 24, "turntable_frames": 10}
    check_same_key_skips(rendered, monkeypatch, real=real)


def test_killed_halfway_resumes_with_all_outputs_or_none(rendered: Alone, tmp_path: Path) -> None:
    resumed = halted_and_resumed(rendered, tmp_path, cancel=Halt(looks=3), kill=Halt(looks=10))
    for port in ("metrics", "previews", "turntable"):
        assert same_files(resumed.folder, rendered.folder, port)


def test_golden_outputs_are_those_of_this_version(rendered: Alone, goldens: Goldens) -> None:
    frames, _ = film(rendered.file("turntable"))
    goldens.check(
        RenderViews,
        {
            "names": [view["name"] for view in metrics(rendered)["views"]],  # type: ignore[attr-defined]
            "held_out": list(metrics(rendered)["held_out"].values()),  # type: ignore[attr-defined]
            "preview": picture(rendered, "view_000.jpg")[::30, ::40].tolist(),
            "compare": list(picture(rendered, "compare/view_000.jpg").shape),
            "depth": picture(rendered, "depth/view_000.jpg").mean(axis=(0, 1)).tolist(),
            "film": [frame.mean(axis=(0, 1)).tolist() for frame in frames],
        },
        within={"held_out": 0.01, "preview": 3, "depth": 1, "film": 1},
    )


def test_the_key_is_what_it_always_was() -> None:
    assert keys_of(RenderViews()) == ["b2810ff3fe9465347f521bf2476f4c924b23d8fa0f3a06d7908839545ae599b3"]
