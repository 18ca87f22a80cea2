"""The viewer's page as text: what it carries, what it allows, and that names in it stay names."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.vision.reporting.splat_views import CAMERA, HELD_OUT, colourful, example, ring

from calotype.artifacts.cameras import CameraSet
from calotype.errors import InputError
from calotype.vision.reporting.data import ReportData
from calotype.vision.reporting.page import report_page
from calotype.vision.reporting.splat_viewer import viewer_page, write_viewer
from calotype.vision.splatting.formats.spz import read_spz, spz_loss
from calotype.vision.splatting.gaussians import Gaussians

HOSTILE = "</script><script>alert('x')</script>\"><img src=x onerror=alert(1)>&amp;\u202egpj.exe"


def element(page: str, name: str) -> str:
    """The content of a data element of the page."""
    found = re.findall(rf'<script type="[^"]+" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1
    return found[0]


def scene(page: str) -> dict[str, Any]:
    return json.loads(element(page, "scene"))


def carried(page: str, folder: Path) -> Gaussians:
    path = folder / "carried.spz"
    path.write_bytes(base64.b64decode(element(page, "splat"), validate=True))
    return read_spz(path).gaussians


def test_the_page_allows_its_own_script_and_style_and_no_connection() -> None:
    page = viewer_page(example()).html
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in re.findall(r'Content-Security-Policy" content="([^"]+)"', page)[0].split(";")
    )
    script = re.findall(r"<script>(.*)</script>", page, re.DOTALL)[0]
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    for kind, content in (("script-src", script), ("style-src", style)):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert policy[kind] == f"'sha256-{digest}'"
    assert policy["default-src"] == "'none'"
    assert "connect-src" not in policy
    assert {kind for kind, value in policy.items() if "unsafe" in value} == set()


def test_hostile_names_stay_words() -> None:
    plain = viewer_page(example()).html
    hostile = viewer_page(example(title=HOSTILE, cameras=ring([HOSTILE, *"bcdefgh"]))).html
    tags = re.compile(r"<[a-z/!][^>]*>", re.IGNORECASE)

    def outside_the_script(page: str) -> list[str]:
        return tags.findall(page[: page.rindex("<script>")])

    assert [re.sub(r'(content|title)="[^"]*"', "", tag) for tag in outside_the_script(hostile)] == [
        re.sub(r'(content|title)="[^"]*"', "", tag) for tag in outside_the_script(plain)
    ]
    assert scene(hostile)["frames"][0]["name"] == HOSTILE
    assert "<" not in element(hostile, "scene")


def test_cameras_are_told_in_the_axes_of_opengl() -> None:
    view = example()
    told = scene(viewer_page(view).html)
    assert [frame["name"] for frame in told["frames"] if frame["heldOut"]] == sorted(HELD_OUT)
    for frame, seen in zip(view.cameras.frames, told["frames"], strict=True):
        world_from_cam = np.array(seen["worldFromCam"]).reshape(3, 4)
        # The same point, said in both worlds and both cameras: y and z point the other way.
        point_cam = np.array([0.3, -0.2, 2.0])
        point_world = frame.R.T @ (point_cam - frame.t)
        flip = np.array([1.0, -1.0, -1.0])
        np.testing.assert_allclose(
            world_from_cam @ np.append(flip * point_cam, 1), flip * point_world, atol=1e-4
        )
        assert (seen["width"], seen["height"]) == (CAMERA.width, CAMERA.height)
        assert (seen["fx"], seen["cx"], seen["cy"]) == (CAMERA.fx, CAMERA.cx, CAMERA.cy)
    assert told["up"] == pytest.approx([0, 1, 0], abs=0.2)
    assert told["start"] in {i for i in range(8) if f"{i:02d}.jpg" not in HELD_OUT}


def test_the_page_carries_all_gaussians_but_those_of_broken_numbers(tmp_path: Path) -> None:
    gaussians = colourful()
    gaussians.means[0, 1] = np.nan
    made = viewer_page(example(gaussians=gaussians))
    found = carried(made.html, tmp_path)
    kept = gaussians.select(np.arange(1, len(gaussians)))
    assert made.gaussians == len(found) == len(kept)
    order_found, order_kept = (np.lexsort(g.means.round(1).T) for g in (found, kept))
    loss = spz_loss(kept)
    np.testing.assert_allclose(found.means[order_found], kept.means[order_kept], atol=1.01 * loss.position)
    assert "cover most" not in made.html


def test_of_too_many_gaussians_those_that_cover_least_are_left_out_and_the_page_says_so(
    tmp_path: Path,
) -> None:
    gaussians = colourful(400)
    gaussians.logit_opacities[:] = 1
    gaussians.log_scales[::2] -= 8
    made = viewer_page(example(gaussians=gaussians, most_gaussians=200))
    found = carried(made.html, tmp_path)
    assert len(found) == 200
    assert found.log_scales.max(axis=1).min() > gaussians.log_scales[::2].max()
    assert "200 Gaussians · 8 photos · the 200 that cover most, of 400" in unescape(made.html)


def test_a_large_splat_loses_harmonics_before_the_page_gets_too_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calotype.vision.reporting.splat_viewer._MOST_BYTES", 400 * 45)
    made = viewer_page(example())
    found = carried(made.html, tmp_path)
    assert (len(found), found.sh_degree) == (400, 2)
    assert "view-dependent colour to degree 2 of 3" in made.html


def test_a_splat_without_cameras_has_a_page() -> None:
    told = scene(viewer_page(example(cameras=CameraSet({}, ()), held_out=frozenset())).html)
    assert (told["frames"], told["start"]) == ([], -1)
    assert told["reach"] > 0


def test_a_splat_of_broken_numbers_is_refused_with_what_to_do() -> None:
    gaussians = colourful()
    gaussians.means[:] = np.inf
    with pytest.raises(InputError, match="Train it anew"):
        viewer_page(example(gaussians=gaussians))


def test_the_same_splat_gives_the_same_file_and_it_is_written_whole(tmp_path: Path) -> None:
    one = write_viewer(tmp_path / "a" / "viewer.html", viewer_page(example()))
    two = write_viewer(tmp_path / "b" / "viewer.html", viewer_page(example()))
    assert one.read_bytes() == two.read_bytes()
    assert [path.name for path in one.parent.iterdir()] == ["viewer.html"]


def test_the_report_holds_the_page_in_a_frame_that_may_do_nothing_but_run_it() -> None:
    made = viewer_page(example(title=HOSTILE))
    page = report_page(ReportData("t", viewer=made))
    frames = re.findall(r"<iframe ([^>]*?)srcdoc=\"([^\"]*)\"></iframe>", page)
    assert len(frames) == 1
    assert unescape(frames[0][1]) == made.html
    assert 'sandbox="allow-scripts"' in frames[0][0]
    assert f"script-src {made.script_hash}; worker-src blob:" in page
    assert "script-src" not in report_page(ReportData("t"))
