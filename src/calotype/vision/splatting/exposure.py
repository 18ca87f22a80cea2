"""How each photo was exposed, learnt beside the splat: one colour transform per photo, so that no Gaussian has to explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from calotype.vision.splatting.gaussians import SH_C0, Float32, Gaussians

Float64 = NDArray[np.float64]

_BETA1, _BETA2, _EPS = (
    0.9,
    0.99,
    1e-15,
)  # a photo's turn comes once an epoch: a long memory would be of another scene
_IDENTITY = np.eye(3, 4)


@dataclass(frozen=True)
class ExposureState:
    """What a checkpoint holds of exposures, one row for each photo in the order of the views."""

    colour: Float64
    """[n, 3, 4] transforms of (r, g, b, 1)."""
    first: Float64
    second: Float64
    steps: NDArray[np.int64]
    """[n] how often each was moved."""


class Exposures:
    """A transform of (r, g, b, 1) for each photo, from what the splat shows to what the photo shows; at first none changes a thing.

    After the per-image affine colours of Hierarchical 3D Gaussians (Kerbl et al. 2024). Optimised by Adam.
    """

    def __init__(self, names: Sequence[str], rate: float) -> None:
        n = len(names)
        self._row = {name: row for row, name in enumerate(names)}
        self._rate = rate
        self.restore(
            ExposureState(
                np.tile(_IDENTITY, (n, 1, 1)), np.zeros((n, 3, 4)), np.zeros((n, 3, 4)), np.zeros(n, np.int64)
            )
        )

    def restore(self, state: ExposureState) -> None:
        """Continue from a state of as many photos."""
        self._state = ExposureState(
            state.colour.copy(), state.first.copy(), state.second.copy(), state.steps.copy()
        )

    def state(self) -> ExposureState:
        """A copy, which later steps do not change."""
        state = self._state
        return replace(
            state,
            colour=state.colour.copy(),
            first=state.first.copy(),
            second=state.second.copy(),
            steps=state.steps.copy(),
        )

    def colours(self) -> Mapping[str, Float32]:
        """[3, 4] by the photo's name."""
        return {name: self._state.colour[row].astype(np.float32) for name, row in self._row.items()}

    def learn(self, name: str, gradient: Float64) -> None:
        """Move one photo's transform against the gradient [3, 4] of its loss; one that is not finite moves nothing."""
        if not np.isfinite(gradient).all():
            return
        state, row = self._state, self._row[name]
        state.steps[row] += 1
        state.first[row] = _BETA1 * state.first[row] + (1 - _BETA1) * gradient
        state.second[row] = _BETA2 * state.second[row] + (1 - _BETA2) * gradient**2
        mean = state.first[row] / (1 - _BETA1 ** state.steps[row])
        square = state.second[row] / (1 - _BETA2 ** state.steps[row])
        state.colour[row] -= self._rate * mean / (np.sqrt(square) + _EPS)

    def mean(self) -> Float64:
        """[3, 4] the mean transform of all photos."""
        return self._state.colour.mean(axis=0)


def exposed(gaussians: Gaussians, colour: Float64) -> Gaussians:
    """The Gaussians with colours as `colour` [3, 4] changes them: a transform of what is shown is one of every harmonic.

    Exact where no colour is cut off at black, since blending weights of a pixel and of what lies behind it add up to one;
    the background is not changed.
    """
    sh = np.einsum("nkc,dc->nkd", gaussians.sh.astype(np.float64), colour[:, :3])
    # colour = 0.5 + C0 * sh[:, 0]: the constant half is transformed too.
    sh[:, 0] += (colour[:, :3].sum(axis=1) * 0.5 + colour[:, 3] - 0.5) / SH_C0
    return replace(gaussians, sh=sh.astype(np.float32))
