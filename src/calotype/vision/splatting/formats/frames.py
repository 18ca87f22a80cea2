"""Gaussians in other axes: each format has its own, and colours that depend on the direction turn with them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calotype.vision.geometry.rotations import q_wxyz_from_matrix
from calotype.vision.splatting.gaussians import Float32, Gaussians
from calotype.vision.splatting.reference import sh_basis

Array = NDArray[np.float64]

# Where a letter points, in our world: OpenCV's axes, x right, y down, z forward.
_DIRECTIONS = {
    "R": (1, 0, 0),
    "L": (-1, 0, 0),
    "D": (0, 1, 0),
    "U": (0, -1, 0),
    "F": (0, 0, 1),
    "B": (0, 0, -1),
}


def axes(letters: str) -> Axes:
    """The change from our world, RDF (x right, y down, z forward), into axes named by where x, y and z point: `RUB`, `LUF`."""
    return Axes(np.array([_DIRECTIONS[letter] for letter in letters], np.float64))


@dataclass(frozen=True)
class Axes:
    """A change of axes: an orthogonal matrix, which may mirror."""

    target_from_source: Array
    """[3, 3]."""

    @property
    def inverse(self) -> Axes:
        return Axes(self.target_from_source.T)

    @property
    def is_identity(self) -> bool:
        return bool(np.array_equal(self.target_from_source, np.eye(3)))

    def means(self, means: Float32) -> Float32:
        """[n, 3] points in the target axes."""
        if self.is_identity:
            return means
        return _times(self.target_from_source, means)

    def q_wxyz(self, q_wxyz: Float32) -> Float32:
        """[n, 4] rotations target_from_gaussian, of the same length.

        A mirror is followed by the point reflection, which no ellipsoid shows, and so becomes a rotation.
        """
        if self.is_identity:
            return q_wxyz
        w, x, y, z = self._q_wxyz
        left = [[w, -x, -y, -z], [x, w, -z, y], [y, z, w, -x], [z, -y, x, w]]
        return _times(np.array(left), q_wxyz)

    def sh(self, sh: Float32) -> Float32:
        """[n, k, 3] harmonics that show in the target axes what `sh` shows in the source's."""
        if self.is_identity or sh.shape[1] == 1:
            return sh
        turned = np.empty_like(sh)
        turned[:, 0] = sh[:, 0]
        for degree in range(1, int(sh.shape[1] ** 0.5)):
            band = slice(degree**2, (degree + 1) ** 2)
            turned[:, band] = self.band(degree, sh[:, band])
        return turned

    def band(self, degree: int, coefficients: Float32) -> Float32:
        """[n, 2 degree + 1, 3] harmonics of one degree, 1 to 3, in the target axes."""
        matrix = self._bands[degree - 1]
        signs = np.diag(matrix)
        if np.array_equal(matrix, np.diag(signs)):
            return coefficients * signs.astype(np.float32)[:, None]
        return np.einsum("jk,nkc->njc", matrix.astype(np.float32), coefficients)

    def gaussians(self, gaussians: Gaussians) -> Gaussians:
        """All of it."""
        return Gaussians(
            self.means(gaussians.means),
            self.q_wxyz(gaussians.q_wxyz),
            gaussians.log_scales,
            gaussians.logit_opacities,
            self.sh(gaussians.sh),
        )

    @cached_property
    def _q_wxyz(self) -> Array:
        turn = self.target_from_source * np.sign(np.linalg.det(self.target_from_source))
        return _exact(q_wxyz_from_matrix(turn))

    @cached_property
    def _bands(self) -> list[Array]:
        """Matrices that turn the harmonics of degree 1, 2 and 3, found from colours in many directions.

        Rotations mix harmonics of one degree only, and with so many directions the equations have one solution.
        """
        directions = np.random.default_rng(0).normal(size=(64, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        before = sh_basis(directions, 3)
        after = sh_basis(directions @ self.target_from_source.T, 3)
        slices = [slice(degree**2, (degree + 1) ** 2) for degree in (1, 2, 3)]
        return [_exact(np.linalg.pinv(after[:, band]) @ before[:, band]) for band in slices]


def _exact(values: ArrayLike) -> Array:
    """Without the last digits' noise: quarter and half turns only move and negate numbers, and do so to the bit."""
    found = np.asarray(values, np.float64)
    whole = np.round(found)
    return np.where(np.abs(found - whole) < 1e-12, whole, found)


def _times(matrix: Array, vectors: Float32) -> Float32:
    """matrix @ each of vectors [n, k]; exact where the matrix only moves and negates."""
    if np.array_equal(np.abs(matrix).sum(axis=1), np.ones(len(matrix))) and set(np.unique(matrix)) <= {
        -1,
        0,
        1,
    }:
        source = np.abs(matrix).argmax(axis=1)
        sign = matrix[np.arange(len(matrix)), source].astype(np.float32)
        return vectors[:, source] * sign
    return (vectors @ matrix.T.astype(np.float32)).astype(np.float32)
