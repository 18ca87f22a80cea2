"""A splat with cameras in which everything that a viewer can get wrong shows: axes, harmonics, scale, tilt, lenses, colours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.vision.splatting.scenes import ball, ring_pose

from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.vision.geometry.rotations import matrix_from_q_wxyz, q_wxyz_from_matrix
from calotype.vision.reporting.splat_viewer import SplatView
from calotype.vision.splatting.gaussians import Gaussians

WIDTH, HEIGHT = 400, 300
# The optical axis does not go through the middle of the picture.
CAMERA = Camera("PINHOLE", 2 * WIDTH, 2 * HEIGHT, (840.0, 840.0, 415.0, 288.0))
UNIT = 37.0
"""How large the scene is, beside the ball of radius 1."""
HELD_OUT = frozenset({"00.jpg", "04.jpg"})


def colourful(n: int = 400) -> Gaussians:
    """A large ball somewhere in the world, its colours changing with the direction, its front not its back."""
    rng = np.random.default_rng(5)
    scene = ball(n, seed=3)
    higher = rng.normal(0, 0.12, (n, 15, 3)).astype(np.float32)
    return Gaussians(
        means=(scene.means + np.array([0.3, -0.2, 0.1], np.float32)) * np.float32(UNIT),
        q_wxyz=scene.q_wxyz,
        # From half the ball to less than a pixel, where dilation shows.
        log_scales=scene.log_scales
        + rng.uniform(-4, 0, (n, 1)).astype(np.float32)
        + np.float32(np.log(UNIT)),
        logit_opacities=rng.normal(1, 2, n).astype(np.float32),
        sh=np.concatenate([scene.sh, higher], axis=1),
    )


def ring(names: list[str]) -> CameraSet:
    """Cameras around it, the third tilted."""
    frames: list[Frame] = []
    for i, name in enumerate(names):
        pose = ring_pose(2 * np.pi * i / len(names), height=0.6)
        if i == 2:
            tilt = np.eye(4)
            tilt[:3, :3] = matrix_from_q_wxyz([np.cos(0.2), 0, 0, np.sin(0.2)])
            pose = tilt @ pose
        w, x, y, z = (float(value) for value in q_wxyz_from_matrix(pose[:3, :3]))
        tx, ty, tz = (float(value) for value in UNIT * pose[:3, 3])
        frames.append(Frame(name, 1, (w, x, y, z), (tx, ty, tz)))
    return CameraSet({1: CAMERA}, tuple(frames))


def example(**changes: object) -> SplatView:
    """A view of it that may be changed."""
    view = SplatView(
        title="Ball",
        gaussians=colourful(),
        cameras=ring([f"{i:02d}.jpg" for i in range(8)]),
        held_out=HELD_OUT,
        background=(0.2, 0.5, 0.8),
    )
    return replace(view, **changes)  # type: ignore[arg-type]
