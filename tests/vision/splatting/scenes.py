"""A tiny procedural capture: coloured Gaussians, seen from a ring of cameras by the kernels themselves."""

from __future__ import annotations

import numpy as np

from calotype.artifacts.cameras import Camera
from calotype.vision.splatting.gaussians import SH_C0, Gaussians
from calotype.vision.splatting.rendering import render
from calotype.vision.splatting.views import TrainingView

CAMERA = Camera("PINHOLE", 56, 40, (60.0, 60.0, 28.0, 20.0))


def ball(n: int = 60, seed: int = 0) -> Gaussians:
    """Opaque Gaussians of many colours in a ball of radius 1."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(n, 3))
    means = (
        directions / np.linalg.norm(directions, axis=1, keepdims=True) * rng.uniform(0, 1, (n, 1)) ** (1 / 3)
    )
    return Gaussians(
        means=means.astype(np.float32),
        q_wxyz=rng.normal(size=(n, 4)).astype(np.float32),
        log_scales=np.log(rng.uniform(0.05, 0.25, size=(n, 3))).astype(np.float32),
        logit_opacities=np.full(n, 2.0, np.float32),
        sh=((rng.uniform(0, 1, size=(n, 1, 3)) - 0.5) / SH_C0).astype(np.float32),
    )


def ring_pose(turn: float, height: float = 0.5, radius: float = 3.5) -> np.ndarray:
    """cam_from_world [4, 4] of a camera that looks at the origin; world up is -Y."""
    position = np.array([radius * np.sin(turn), -height, -radius * np.cos(turn)])
    z = -position / np.linalg.norm(position)
    x = np.cross(z, [0.0, -1.0, 0.0])
    x /= np.linalg.norm(x)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([x, np.cross(z, x), z])
    matrix[:3, 3] = -matrix[:3, :3] @ position
    return matrix


def capture(scene: Gaussians, n: int = 10, camera: Camera = CAMERA) -> list[TrainingView]:
    """n photos of the scene, all the way around it."""
    poses = [ring_pose(2 * np.pi * i / n, height=0.5 + 0.5 * (i % 2)) for i in range(n)]
    return [
        TrainingView(f"{i:02d}", camera, pose, render(scene, camera, pose).rgb_uint8)
        for i, pose in enumerate(poses)
    ]


def perturbed(scene: Gaussians, seed: int = 1) -> Gaussians:
    """The scene as a poor initial guess: half of the Gaussians, moved, grey and faint."""
    rng = np.random.default_rng(seed)
    half = scene.select(np.arange(0, len(scene), 2))
    n = len(half)
    return Gaussians(
        means=half.means + rng.normal(0, 0.05, (n, 3)).astype(np.float32),
        q_wxyz=np.tile(np.array([1, 0, 0, 0], np.float32), (n, 1)),
        log_scales=np.full((n, 3), np.log(0.15), np.float32),
        logit_opacities=np.full(n, -1.0, np.float32),
        sh=np.zeros((n, 1, 3), np.float32),
    )
