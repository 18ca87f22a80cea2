"""What a splat file holds, how far it may differ from what was written, and what no file is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calotype.errors import InputError, UnreadableInput
from calotype.vision.splatting.gaussians import Float32, Gaussians

ROWS = 1 << 16
"""So many Gaussians are converted at a time: memory stays small beside the Gaussians themselves."""

MOST_GAUSSIANS = 1 << 26
"""More are not read from one file: 16 GB of numbers."""

_BELIEVED = 1 << 20
_LEAST_BYTES = 2  # per Gaussian: real files of the densest format have six

_OPACITY_MARGIN = 1e-6
_LOGIT_LIMIT = 13.815510
_LEAST_LOG_SCALE = float(np.log(np.finfo(np.float32).tiny))


@dataclass(frozen=True)
class SplatFile:
    """The content of a splat file."""

    gaussians: Gaussians
    antialiased: bool = False
    """Trained with opacity compensation (Mip-Splatting, Yu et al. 2024), so to be rendered with it; False where nothing says so."""


@dataclass(frozen=True)
class Loss:
    """The most by which Gaussians can differ after they were written and read back."""

    position: float = 0.0
    """Scene units, along each axis."""
    colour: float = 0.0
    """Of 1, in the colour of degree 0."""
    opacity: float = 0.0
    """Of 1."""
    log_scale: float = 0.0
    """Natural logarithm: 0.03 is 3 %."""
    rotation_deg: float = 0.0
    sh: float = 0.0
    """In a coefficient of degree 1 and higher."""


def rows(count: int) -> Iterator[slice]:
    """Slices that cover so many Gaussians, a few at a time."""
    for start in range(0, count, ROWS):
        yield slice(start, min(start + ROWS, count))


def check_count(path: Path, count: int, size: int) -> None:
    """Nothing, if a file of so many bytes can hold so many Gaussians; UnreadableInput before memory is taken for them."""
    if count > MOST_GAUSSIANS:
        raise UnreadableInput(
            f"{path.name} says that it holds {count} Gaussians; at most {MOST_GAUSSIANS} are read from one file. "
            "If it is not damaged, split the scene."
        )
    if count > _BELIEVED and size < count * _LEAST_BYTES:
        raise UnreadableInput(
            f"{path.name} says that it holds {count} Gaussians, but has {size} bytes: it is damaged, or made to fill the "
            "memory. Export it anew."
        )


def check_finite(gaussians: Gaussians) -> None:
    """Nothing, if all numbers are finite; InputError otherwise: no format can say what they mean."""
    finite = gaussians.finite
    if not finite.all():
        raise InputError(
            f"{_broken(finite)}, so that they cannot be written. Leave them out: gaussians.select(gaussians.finite)."
        )


def check_read_finite(path: Path, gaussians: Gaussians) -> None:
    """Nothing, if all numbers are finite; UnreadableInput otherwise."""
    finite = gaussians.finite
    if not finite.all():
        raise UnreadableInput(
            f"{path.name}: {_broken(finite)}. `calotype convert --drop-broken` writes the splat without them."
        )


def _broken(finite: NDArray[np.bool_]) -> str:
    first = int(np.argmin(finite))
    return f"{int((~finite).sum())} of {len(finite)} Gaussians, the first is number {first + 1}, hold numbers that are not finite"


def logits(opacities: NDArray[np.floating]) -> Float32:
    """The logits of opacities 0 to 1, at most 13.8 in size: what is quite solid or quite clear stays a finite number."""
    inside = np.clip(opacities.astype(np.float64), _OPACITY_MARGIN, 1 - _OPACITY_MARGIN)
    return (np.log(inside) - np.log1p(-inside)).astype(np.float32)


def without_meaningful_infinities(gaussians: Gaussians) -> Gaussians:
    """The same, where an infinite logit (quite solid or quite clear) and a size of zero become finite numbers.

    Other programs write them: 8 bits of opacity have a 1, whose logit is infinite.
    """
    opacities, scales = gaussians.logit_opacities, gaussians.log_scales
    if not (np.isinf(opacities).any() or np.isneginf(scales).any()):
        return gaussians
    return replace(
        gaussians,
        logit_opacities=np.where(np.isinf(opacities), np.copysign(_LOGIT_LIMIT, opacities), opacities),
        log_scales=np.where(np.isneginf(scales), _LEAST_LOG_SCALE, scales),
    )


def beyond(values: NDArray[np.floating], low: float, high: float) -> float:
    """How far the values reach out of a range at the most; 0 when they lie within."""
    if values.size == 0:
        return 0.0
    return max(0.0, low - float(values.min()), float(values.max()) - high)
