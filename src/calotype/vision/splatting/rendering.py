"""Look at a splat: single views, and a path of cameras around what was captured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calotype import kernels
from calotype.artifacts.cameras import Camera, CameraSet
from calotype.vision.splatting.gaussians import Float32, Gaussians

Array = NDArray[np.float64]

_FULL_ORBIT = np.radians(
    240
)  # Cameras that cover less of the circle show a back side nobody has photographed.


@dataclass(frozen=True)
class Rendered:
    """A picture of a splat."""

    rgb: Float32
    """[h, w, 3] sRGB, 0 and up; may exceed 1."""
    alpha: Float32
    """[h, w], 0 to 1."""
    depth: Float32
    """[h, w] expected z-depth in scene units, 0 where nothing was hit."""

    @property
    def rgb_uint8(self) -> NDArray[np.uint8]:
        """[h, w, 3], clipped and rounded."""
        return (np.clip(self.rgb, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def render(
    gaussians: Gaussians,
    camera: Camera,
    cam_from_world: NDArray[np.float64],
    background: tuple[float, float, float] = (0.0, 0.0, 0.0),
    *,
    antialiased: bool = False,
    threads: int = 0,
) -> Rendered:
    """The Gaussians as a pinhole camera sees them from cam_from_world [4, 4], on the CPU; threads = 0 uses all cores.

    Raises ValueError for a camera with distortion.
    """
    if not camera.is_pinhole:
        raise ValueError("only pinhole cameras can be rendered: use camera.without_distortion()")
    size = (camera.width, camera.height)
    projected = kernels.project(
        gaussians.means,
        gaussians.q_wxyz,
        gaussians.log_scales,
        gaussians.logit_opacities,
        gaussians.sh,
        gaussians.sh_degree,
        cam_from_world[:3],
        (camera.fx, camera.fy, camera.cx, camera.cy),
        size,
        antialiased=antialiased,
        threads=threads,
    )
    image = kernels.rasterize(projected, size, background, threads=threads)
    return Rendered(image.rgb, image.alpha, image.expected_depth)


def turntable_path(cameras: CameraSet, n: int) -> list[tuple[Camera, Array]]:
    """n pinhole cameras with cam_from_world [4, 4] on a closed path that looks at what the capture looks at.

    A full orbit where the capture goes around its subject; otherwise an ellipse within the range of directions that the
    capture covers, so that nothing unseen comes into view. The picture size is that of the camera most frames use.
    """
    ids = [frame.camera_id for frame in cameras.frames]
    camera = cameras.cameras[max(sorted(set(ids)), key=ids.count)].without_distortion()
    centre, up = subject_of(cameras)
    frame = _horizontal_axes(up, cameras)
    offsets = (cameras.centres_world() - centre) @ frame.T  # right, up, towards the cameras
    radii = np.linalg.norm(offsets, axis=1)
    radius = float(np.median(radii))
    azimuth = np.arctan2(offsets[:, 0], offsets[:, 2])
    elevation = np.arcsin(np.clip(offsets[:, 1] / np.maximum(radii, 1e-12), -1, 1))
    start, covered = _covered_arc(azimuth)
    turn = 2 * np.pi * np.arange(n) / n
    middle = float(np.median(elevation))
    if covered >= _FULL_ORBIT:
        path_azimuth, path_elevation = start + turn, np.full(n, middle)
    else:
        sway = 0.35 * covered
        nod = 0.35 * float(np.quantile(elevation, 0.9) - np.quantile(elevation, 0.1))
        path_azimuth = start + covered / 2 + sway * np.sin(turn)
        path_elevation = middle + max(nod, 0.05 * sway) * np.cos(turn)
    level = np.cos(path_elevation)
    directions = np.stack(
        [level * np.sin(path_azimuth), np.sin(path_elevation), level * np.cos(path_azimuth)], axis=1
    )
    positions = centre + radius * directions @ frame
    return [(camera, _looking_at(position, centre, up)) for position in positions]


def subject_of(cameras: CameraSet) -> tuple[Array, Array]:
    """The world point nearest to all optical axes, and the unit vector that is up for the photographer.

    Nearly parallel axes leave the distance open, so the median of the points in front of the cameras draws it weakly.
    """
    rotations = np.array([frame.R for frame in cameras.frames])
    centres = cameras.centres_world()
    forward = rotations[:, 2, :]
    up = -rotations[:, 1, :].mean(axis=0)
    up = up / np.linalg.norm(up) if np.linalg.norm(up) > 1e-6 else np.array([0.0, -1.0, 0.0])
    across = (
        np.eye(3) - forward[:, :, None] * forward[:, None, :]
    )  # projections onto the planes across the axes
    pull = 0.02 * len(centres)
    guess = _guessed_subject(cameras, centres, forward)
    left = across.sum(axis=0) + pull * np.eye(3)
    right = np.einsum("nij,nj->i", across, centres) + pull * guess
    return np.asarray(np.linalg.solve(left, right), np.float64), up


def _guessed_subject(cameras: CameraSet, centres: Array, forward: Array) -> Array:
    """A point ahead of the mean camera, at the median depth of the sparse points, or one camera spread away without points."""
    position = centres.mean(axis=0)
    ahead = forward.mean(axis=0)
    ahead = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    if len(cameras.points) > 0:
        depths = np.median((cameras.points.xyz[None] - centres[:, None]) @ ahead, axis=1)
        distance = float(np.median(depths))
        if distance > 0:
            return position + distance * ahead
    spread = float(np.linalg.norm(centres - position, axis=1).max())
    return position + max(spread, 1e-3) * ahead


def _horizontal_axes(up: Array, cameras: CameraSet) -> Array:
    """[3, 3] rows right, up, back: a level frame whose third axis points from the subject towards the mean camera."""
    back = -np.array([frame.R[2] for frame in cameras.frames]).mean(axis=0)
    back = back - (back @ up) * up
    if np.linalg.norm(back) < 1e-6:
        # The cameras look at each other, or straight down: any level direction will do.
        back = np.cross(up, np.eye(3)[int(np.argmin(np.abs(up)))])
    back = back / np.linalg.norm(back)
    return np.stack([np.cross(up, back), up, back]).astype(np.float64)


def _covered_arc(azimuth: Array) -> tuple[float, float]:
    """Start and length, in radians, of the arc that holds all azimuths: the circle without its largest gap."""
    ordered = np.sort(azimuth)
    gaps = np.diff(np.append(ordered, ordered[0] + 2 * np.pi))
    widest = int(np.argmax(gaps))
    return float(ordered[(widest + 1) % len(ordered)]), float(2 * np.pi - gaps[widest])


def _looking_at(position: Array, target: Array, up: Array) -> Array:
    """cam_from_world [4, 4] of an upright camera at `position` that looks at `target`."""
    z = (target - position) / max(float(np.linalg.norm(target - position)), 1e-12)
    x = np.cross(z, up)
    x = x / max(float(np.linalg.norm(x)), 1e-12)
    y = np.cross(z, x)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([x, y, z])
    matrix[:3, 3] = -matrix[:3, :3] @ position
    return matrix
