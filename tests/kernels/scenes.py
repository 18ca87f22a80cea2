"""Small random scenes for the kernel tests, made from a seed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calotype.kernels import Projected
from calotype.vision.splatting import reference


class Scene(NamedTuple):
    """3D Gaussians before a camera, float32."""

    parameters: tuple[NDArray[np.float32], ...]
    sh_degree: int
    cam_from_world: NDArray[np.float64]
    intrinsics: tuple[float, float, float, float]
    size: tuple[int, int]

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What `project` takes."""
        return (*self.parameters, self.sh_degree, self.cam_from_world, self.intrinsics, self.size)

    @property
    def exact(self) -> reference.Parameters:
        """The same parameters in float64."""
        return reference.Parameters(*(array.astype(np.float64) for array in self.parameters))


def look(seed: int) -> NDArray[np.float64]:
    """A camera near the origin, turned a little, looking along +z."""
    rng = np.random.default_rng(seed)
    quaternion = np.array([[1.0, *rng.normal(0, 0.08, 3)]])
    return np.hstack([reference.rotation_matrices(quaternion)[0], rng.normal(0, 0.1, (3, 1))])


def random_scene(
    seed: int = 0, n: int = 60, size: tuple[int, int] = (53, 41), sh_degree: int = 3, sigma: float = 0.06
) -> Scene:
    """Gaussians filling the view at depths 2 to 5, in all orientations."""
    rng = np.random.default_rng(seed)
    z = rng.uniform(2.0, 5.0, n)
    means = np.stack([rng.uniform(-0.6, 0.6, n) * z, rng.uniform(-0.5, 0.5, n) * z, z], axis=1)
    arrays = (
        means,
        rng.normal(0, 1, (n, 4)),
        np.log(sigma) + rng.normal(0, 0.5, (n, 3)),
        rng.normal(0, 1.5, n),
        rng.normal(0, 0.25, (n, (sh_degree + 1) ** 2, 3)),
    )
    width, height = size
    focal = 0.9 * width
    return Scene(
        tuple(np.ascontiguousarray(array, np.float32) for array in arrays),
        sh_degree,
        look(seed),
        (focal, 1.05 * focal, 0.48 * width, 0.53 * height),
        size,
    )


def flat_gaussians(
    xy: Any, conic: Any, opacity: Any, rgb: Any, depth: Any, alpha_min: float = 1 / 255
) -> Projected:
    """2D Gaussians given by hand."""
    arrays = [np.atleast_1d(np.asarray(field, np.float32)) for field in (xy, conic, depth, opacity, rgb)]
    n = len(arrays[2])
    return Projected(
        arrays[0].reshape(n, 2),
        arrays[1].reshape(n, 3),
        arrays[2],
        arrays[3],
        arrays[4].reshape(n, 3),
        np.ones(n, np.uint8),
        np.zeros(n, np.float32),
        alpha_min,
    )


def exact(projected: Projected) -> reference.Projection:
    """The same 2D Gaussians in float64."""
    fields = (projected.xy, projected.conic, projected.depth, projected.opacity, projected.rgb)
    return reference.Projection(*(field.astype(np.float64) for field in fields))
