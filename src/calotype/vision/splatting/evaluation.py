"""Measure a splat on photos it has not seen, and against the cheapest guess there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.rendering import render
from calotype.vision.splatting.views import Progress, TrainingView, silent


@dataclass(frozen=True)
class ViewQuality:
    """How well one photo is predicted."""

    name: str
    psnr: float
    """dB."""
    ssim: float
    fitted_psnr: float
    """dB, after the colour transform that brings the prediction closest to the photo: what is wrong beside the exposure."""
    nearest: str
    """The training photo with the most similar pose; empty without training photos."""
    nearest_psnr: float
    """dB, for that photo taken as the prediction; NaN without training photos."""
    nearest_ssim: float


@dataclass(frozen=True)
class Quality:
    """How well held-out photos are predicted."""

    views: tuple[ViewQuality, ...]

    @property
    def psnr(self) -> float:
        """dB, mean over photos; NaN without photos."""
        return _mean([view.psnr for view in self.views])

    @property
    def ssim(self) -> float:
        """Mean over photos; NaN without photos."""
        return _mean([view.ssim for view in self.views])

    @property
    def fitted_psnr(self) -> float:
        """dB, mean over photos, each after its best colour transform; NaN without photos."""
        return _mean([view.fitted_psnr for view in self.views])

    @property
    def nearest_psnr(self) -> float:
        """dB, mean for the nearest training photo as prediction: what a splat has to beat."""
        return _mean([view.nearest_psnr for view in self.views])

    @property
    def nearest_ssim(self) -> float:
        """As nearest_psnr, for SSIM."""
        return _mean([view.nearest_ssim for view in self.views])


def evaluate(
    gaussians: Gaussians,
    held_out: Sequence[TrainingView],
    training: Sequence[TrainingView] = (),
    *,
    background: tuple[float, float, float] = (0.0, 0.0, 0.0),
    antialiased: bool = False,
    threads: int = 0,
    progress: Progress = silent,
) -> Quality:
    """PSNR and SSIM of 8-bit renders against held-out photos, and of the nearest training photo against the same.

    background and antialiased must be those of the training.
    """
    from calotype.vision.images.metrics import psnr, ssim

    found: list[ViewQuality] = []
    for done, view in enumerate(held_out, start=1):
        picture = render(
            gaussians, view.camera, view.cam_from_world, background, antialiased=antialiased, threads=threads
        ).rgb_uint8
        near = nearest_view(view, training)
        copied = _fitted(near.rgb, view) if near is not None else None
        found.append(
            ViewQuality(
                name=view.name,
                psnr=psnr(picture, view.rgb),
                ssim=ssim(picture, view.rgb),
                fitted_psnr=psnr(colour_fitted(picture, view.rgb), view.rgb),
                nearest=near.name if near is not None else "",
                nearest_psnr=psnr(copied, view.rgb) if copied is not None else float("nan"),
                nearest_ssim=ssim(copied, view.rgb) if copied is not None else float("nan"),
            )
        )
        progress(done, len(held_out), view.name)
    return Quality(tuple(found))


def colour_fitted(picture: NDArray[np.uint8], photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture after the affine transform of its colours that brings it closest to the photo (least squares)."""
    colours = np.column_stack([picture.reshape(-1, 3), np.full(picture.size // 3, 255)]).astype(np.float64)
    transform, *_ = np.linalg.lstsq(colours, photo.reshape(-1, 3).astype(np.float64), rcond=None)
    return np.clip(np.round(colours @ transform), 0, 255).astype(np.uint8).reshape(picture.shape)


def nearest_view(view: TrainingView, among: Sequence[TrainingView]) -> TrainingView | None:
    """The view whose pose is most similar, None if there is none to choose from.

    Distance between centres, as a fraction of the largest, plus the angle between the rotations in radians.
    """
    if not among:
        return None
    away = np.array([np.linalg.norm(other.centre_world - view.centre_world) for other in among])
    rotations = np.array([other.cam_from_world[:3, :3] for other in among])
    traces = np.einsum("nij,ij->n", rotations, view.cam_from_world[:3, :3])
    angles = np.arccos(np.clip((traces - 1) / 2, -1, 1))
    return among[int(np.argmin(away / max(float(away.max()), 1e-12) + angles))]


def _fitted(rgb: NDArray[np.uint8], view: TrainingView) -> NDArray[np.uint8]:
    """The picture at the size of the view."""
    if rgb.shape == view.rgb.shape:
        return rgb
    import cv2

    size = (view.camera.width, view.camera.height)
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) > 0 else float("nan")
