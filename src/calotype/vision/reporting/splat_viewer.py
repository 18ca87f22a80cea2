"""Write a page that shows a splat and its cameras: one file that opens anywhere, also without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.artifacts.cameras import CameraSet, Frame
from calotype.errors import InputError
from calotype.vision.images.encode import written_whole
from calotype.vision.reporting.data import ViewerPage
from calotype.vision.reporting.markup import text
from calotype.vision.splatting.formats.order import morton_order
from calotype.vision.splatting.formats.spz import write_spz
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.rendering import subject_of

_ASSETS = Path(__file__).parent / "viewer"

_MOST_BYTES = 16_000_000
_BARE_BYTES = 20  # of a Gaussian in SPZ, and 3 for each of its harmonics

# OpenCV's axes and OpenGL's differ by half a turn about x, whichever way one goes.
_OPENGL_FROM_OPENCV = np.diag([1.0, -1.0, -1.0])


@dataclass(frozen=True)
class SplatView:
    """What the viewer shows."""

    title: str
    gaussians: Gaussians
    cameras: CameraSet
    held_out: frozenset[str] = frozenset()
    """Names of the frames that training did not see."""
    background: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """sRGB, 0 to 1."""
    antialiased: bool = False
    """Whether the splat was trained with opacity compensation, and so has to be shown with it."""
    most_gaussians: int = 400_000
    """Of more, those that cover least are left out, and the page says so."""


def viewer_page(view: SplatView) -> ViewerPage:
    """The page. It holds all it shows and may load nothing: its policy allows its own script and no connection.

    Every name in it is data, never markup or code. Raises InputError for a splat without a single Gaussian of finite numbers.
    """
    kept, note = _fitted(view)
    script = (_ASSETS / "viewer.js").read_text("utf-8")
    style = (_ASSETS / "viewer.css").read_text("utf-8")
    frames = len(view.cameras.frames)
    facts = f"{len(kept):,} Gaussians · {frames:,} photos" + (f" · {note}" if note else "")
    page = Template((_ASSETS / "viewer.html").read_text("utf-8")).substitute(
        title=text(view.title),
        facts=text(facts),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        scene=_inert(_scene(view)),
        splat=_spz_base64(kept, view.antialiased),
    )
    return ViewerPage(page, _hash(script), len(kept), frames)


def write_viewer(path: Path, page: ViewerPage) -> Path:
    """The path, after the page has been written there, whole or not at all."""
    return written_whole(path, lambda part: part.write_text(page.html, encoding="utf-8"))


def _fitted(view: SplatView) -> tuple[Gaussians, str]:
    """The Gaussians that the page carries, neighbours together, and what was left out, in words."""
    whole = view.gaussians
    usable = np.flatnonzero(whole.finite)
    if len(usable) == 0:
        raise InputError("The splat has no Gaussian that could be shown. Train it anew, with more photos.")
    notes: list[str] = []
    if len(usable) > view.most_gaussians:
        usable = np.sort(
            usable[np.argsort(-_weight(whole.select(usable)), kind="stable")[: view.most_gaussians]]
        )
        notes.append(f"the {len(usable):,} that cover most, of {len(whole):,}")
    kept = whole.select(usable)
    degree = kept.sh_degree
    while degree > 0 and len(kept) * (_BARE_BYTES + 3 * ((degree + 1) ** 2 - 1)) > _MOST_BYTES:
        degree -= 1
    if degree < kept.sh_degree:
        notes.append(f"view-dependent colour to degree {degree} of {kept.sh_degree}")
        kept = kept.with_sh_degree(degree)
    return kept.select(morton_order(kept.means)), ", ".join(notes)


def _weight(gaussians: Gaussians) -> NDArray[np.float64]:
    """[n] opacity times the area of the largest ellipse that a Gaussian shows."""
    largest = np.sort(gaussians.log_scales.astype(np.float64), axis=1)[:, 1:].sum(axis=1)
    return gaussians.opacities * np.exp(np.minimum(largest, 600))


def _spz_base64(gaussians: Gaussians, antialiased: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.spz"
        write_spz(path, gaussians, antialiased=antialiased, frame="rub")
        return base64.b64encode(path.read_bytes()).decode("ascii")


def _scene(view: SplatView) -> Mapping[str, Any]:
    """What stands beside the splat; world and cameras in OpenGL's axes."""
    subject, up, reach = _looked_at(view)
    return {
        "title": view.title,
        "background": list(view.background),
        "antialiased": view.antialiased,
        "up": _numbers(_OPENGL_FROM_OPENCV @ up),
        "subject": _numbers(_OPENGL_FROM_OPENCV @ subject),
        "reach": float(f"{reach:.7g}"),
        "start": _most_central(view),
        "frames": [_frame(view, frame) for frame in view.cameras.frames],
    }


def _looked_at(view: SplatView) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """The subject, the direction that is up, and the usual distance of a camera from the subject."""
    if not view.cameras.frames:
        means = view.gaussians.means[view.gaussians.finite].astype(np.float64)
        centre = np.median(means, axis=0)
        return (
            centre,
            np.array([0.0, -1.0, 0.0]),
            3 * float(np.median(np.linalg.norm(means - centre, axis=1))) or 1.0,
        )
    subject, up = subject_of(view.cameras)
    reach = float(np.median(np.linalg.norm(view.cameras.centres_world() - subject, axis=1)))
    return subject, up, max(reach, 1e-6)


def _most_central(view: SplatView) -> int:
    """The index of the training frame with the least distance to all others; -1 without frames."""
    frames = view.cameras.frames
    trained = [i for i, frame in enumerate(frames) if frame.name not in view.held_out] or list(
        range(len(frames))
    )
    if not trained:
        return -1
    centres = view.cameras.centres_world()
    distances = [float(np.linalg.norm(centres - centres[i], axis=1).sum()) for i in trained]
    return trained[int(np.argmin(distances))]


def _frame(view: SplatView, frame: Frame) -> Mapping[str, Any]:
    camera = view.cameras.camera_of(frame)
    rotation = _OPENGL_FROM_OPENCV @ frame.R.T @ _OPENGL_FROM_OPENCV
    centre = _OPENGL_FROM_OPENCV @ frame.centre_world
    return {
        "name": frame.name,
        "heldOut": frame.name in view.held_out,
        "width": camera.width,
        "height": camera.height,
        **{name: float(f"{getattr(camera, name):.7g}") for name in ("fx", "fy", "cx", "cy")},
        "worldFromCam": _numbers(np.column_stack([rotation, centre])),
    }


def _numbers(values: NDArray[np.float64]) -> list[float]:
    """Numbers with the digits that float32 has."""
    return [float(f"{value:.8g}") for value in values.ravel()]


def _inert(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the element it stands in."""
    plain = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return plain.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(content: str) -> str:
    """The source expression that allows an inline element with this content (W3C, Content Security Policy Level 3)."""
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
