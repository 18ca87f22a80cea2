"""Train on the CPU: the backend over Calotype's own kernels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calotype import kernels
from calotype.artifacts.cameras import Camera
from calotype.vision.splatting.backend import (
    PARAMETERS,
    AdamState,
    Snapshot,
    StepResult,
    StepSettings,
)
from calotype.vision.splatting.density import Contributions, Statistics, Surgery
from calotype.vision.splatting.gaussians import Float32, Gaussians, resized_sh, sigmoid
from calotype.vision.splatting.rendering import Rendered, render
from calotype.vision.splatting.views import TrainingView

_BETA1, _BETA2, _EPS = 0.9, 0.999, 1e-15  # as in 3DGS: gradients are tiny, so epsilon must be tinier
_MSE_ROWS = 4  # every fourth row tells the error well enough for a progress line


class NativeBackend:
    """Gaussians as numpy arrays, stepped by the kernels; the same bits for any number of threads (0 = all cores)."""

    def __init__(self, threads: int = 0) -> None:
        self._threads = threads
        self._workspace = kernels.Workspace()
        self._values: dict[str, Float32] = {}
        self._first: dict[str, Float32] = {}
        self._second: dict[str, Float32] = {}
        self._gradient = np.zeros(0, np.float32)
        self._seen = np.zeros(0, np.float32)

    @property
    def count(self) -> int:
        return len(self._seen)

    def load(self, gaussians: Gaussians) -> None:
        empty = {name: np.zeros_like(getattr(gaussians, name)) for name in PARAMETERS}
        n = len(gaussians)
        self.restore(
            Snapshot(gaussians, AdamState(empty, empty), np.zeros(n, np.float32), np.zeros(n, np.float32))
        )

    def restore(self, snapshot: Snapshot) -> None:
        self._values = {name: getattr(snapshot.gaussians, name).copy() for name in PARAMETERS}
        self._first = {name: snapshot.adam.first[name].copy() for name in PARAMETERS}
        self._second = {name: snapshot.adam.second[name].copy() for name in PARAMETERS}
        self._gradient, self._seen = snapshot.gradient.copy(), snapshot.seen.copy()

    def snapshot(self) -> Snapshot:
        return Snapshot(
            Gaussians(**{name: self._values[name].copy() for name in PARAMETERS}),
            AdamState(
                {name: self._first[name].copy() for name in PARAMETERS},
                {name: self._second[name].copy() for name in PARAMETERS},
            ),
            self._gradient.copy(),
            self._seen.copy(),
        )

    def step(self, view: TrainingView, settings: StepSettings) -> StepResult:
        self._raise_sh(settings.sh_degree)
        projected = self._project(view, settings)
        image = self._rasterize(projected, view, settings)
        exposure = settings.exposures.get(view.name)
        loss = kernels.l1_ssim(
            image.rgb,
            view.rgb,
            settings.ssim_weight,
            colour=exposure,
            workspace=self._workspace,
            threads=self._threads,
        )
        on_screen = kernels.rasterize_backward(
            image, projected, loss.d_image, absolute=settings.will_split, threads=self._threads
        )
        if on_screen.abs_xy is not None:
            self._gradient += on_screen.abs_xy
            self._seen += projected.visible
        grads = self._parameter_gradients(view, settings, projected, on_screen)
        skipped = self._descend(grads, settings)
        rows = _exposed(image.rgb[::_MSE_ROWS], exposure) - view.rgb[::_MSE_ROWS] * np.float32(1 / 255)
        return StepResult(loss.value, loss.ssim, float(np.mean(rows * rows)), skipped, loss.d_colour)

    def statistics(self) -> Statistics:
        return Statistics(self._gradient.copy(), self._seen.copy(), sigmoid(self._values["logit_opacities"]))

    def measure(self, views: Sequence[TrainingView], settings: StepSettings) -> Contributions:
        weight = np.zeros(self.count, np.float32)
        error = np.zeros(self.count, np.float32)
        largest = np.zeros(self.count, np.float32)
        for view in views:
            projected = self._project(view, settings)
            image = self._rasterize(projected, view, settings)
            shown = _exposed(image.rgb, settings.exposures.get(view.name))
            wrong = np.abs(shown - view.rgb * np.float32(1 / 255)).mean(axis=2)
            shares = kernels.contributions(image, projected, wrong, threads=self._threads)
            weight += shares.weight_sum
            error += shares.error_sum
            np.maximum(largest, shares.max_weight, out=largest)
        return Contributions(weight, error, largest)

    def surgery(self, plan: Surgery) -> None:
        survivors = plan.survivors(self.count)
        split = np.searchsorted(survivors, plan.split)  # where the parents are among the survivors
        values = {name: self._values[name][survivors] for name in PARAMETERS}
        self._values = split_in_two(values, split)
        for moments in (self._first, self._second):
            for name in PARAMETERS:
                kept = moments[name][survivors]
                kept[split] = 0
                moments[name] = np.concatenate([kept, np.zeros_like(kept[split])])
        n = len(survivors) + len(split)
        self._gradient, self._seen = np.zeros(n, np.float32), np.zeros(n, np.float32)

    def broken(self) -> NDArray[np.intp]:
        finite = Gaussians(**self._values).finite
        # e^10 times a scene unit, or an opacity that no gradient can move any more: as good as infinite.
        sane = (np.abs(self._values["log_scales"]).max(axis=1, initial=0) < 25) & (
            np.abs(self._values["logit_opacities"]) < 60
        )
        return np.flatnonzero(~(finite & sane))

    def render(
        self,
        camera: Camera,
        cam_from_world: NDArray[np.float64],
        background: tuple[float, float, float],
        antialiased: bool,
    ) -> Rendered:
        gaussians = Gaussians(**self._values)
        return render(
            gaussians, camera, cam_from_world, background, antialiased=antialiased, threads=self._threads
        )

    def _raise_sh(self, degree: int) -> None:
        # Harmonics that are not in use yet would only be carried through every step of Adam.
        if (degree + 1) ** 2 > self._values["sh"].shape[1]:
            for table in (self._values, self._first, self._second):
                table["sh"] = resized_sh(table["sh"], degree)

    def _project(self, view: TrainingView, settings: StepSettings) -> kernels.Projected:
        return kernels.project(
            *self._parameters(),
            min(settings.sh_degree, self._sh_degree),
            *_geometry(view),
            antialiased=settings.antialiased,
            threads=self._threads,
        )

    def _rasterize(
        self, projected: kernels.Projected, view: TrainingView, settings: StepSettings
    ) -> kernels.Rasterized:
        size = (view.camera.width, view.camera.height)
        return kernels.rasterize(
            projected,
            size,
            settings.background,
            with_depth=False,
            workspace=self._workspace,
            threads=self._threads,
        )

    def _parameters(self) -> tuple[Float32, Float32, Float32, Float32, Float32]:
        values = self._values
        return (
            values["means"],
            values["q_wxyz"],
            values["log_scales"],
            values["logit_opacities"],
            values["sh"],
        )

    @property
    def _sh_degree(self) -> int:
        return int(self._values["sh"].shape[1] ** 0.5) - 1

    def _parameter_gradients(
        self,
        view: TrainingView,
        settings: StepSettings,
        projected: kernels.Projected,
        on_screen: kernels.ProjectedGrads,
    ) -> dict[str, Float32]:
        found = kernels.project_backward(
            *self._parameters(),
            min(settings.sh_degree, self._sh_degree),
            *_geometry(view),
            projected,
            on_screen,
            antialiased=settings.antialiased,
            threads=self._threads,
        )
        grads = {
            "means": found.means,
            "q_wxyz": found.quats,
            "log_scales": found.log_scales,
            "logit_opacities": found.logit_opacities,
            "sh": found.sh,
        }
        n = max(self.count, 1)
        if settings.opacity_weight > 0:
            opacity = sigmoid(self._values["logit_opacities"])
            grads["logit_opacities"] += np.float32(settings.opacity_weight / n) * opacity * (1 - opacity)
        if settings.scale_weight > 0:
            grads["log_scales"] += np.float32(settings.scale_weight / (3 * n)) * np.exp(
                self._values["log_scales"]
            )
        return grads

    def _descend(self, grads: dict[str, Float32], settings: StepSettings) -> int:
        """One step of Adam; returns how many Gaussians were left alone because their gradient is not finite."""
        finite = _finite_rows(grads)
        skipped = 0 if finite is None else int(np.count_nonzero(~finite))
        rates = settings.rates
        harmonics = np.full(grads["sh"].shape[1] * 3, rates.sh_rest, np.float32)
        harmonics[:3] = rates.sh_base
        per_parameter = {
            "means": rates.means,
            "q_wxyz": rates.q_wxyz,
            "log_scales": rates.log_scales,
            "logit_opacities": rates.logit_opacities,
            "sh": harmonics,
        }
        n = self.count
        for name, lr in per_parameter.items():
            kernels.adam(
                self._values[name].reshape(n, -1),
                grads[name].reshape(n, -1),
                self._first[name].reshape(n, -1),
                self._second[name].reshape(n, -1),
                lr=lr,
                step=settings.number,
                beta1=_BETA1,
                beta2=_BETA2,
                eps=_EPS,
                mask=finite,
                threads=self._threads,
            )
        return skipped


def _exposed(rgb: Float32, exposure: Float32 | None) -> Float32:
    """The picture after the exposure [3, 4]; summed by hand, since a matrix product may round by the number of cores."""
    if exposure is None:
        return rgb
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    return np.stack([row[0] * r + row[1] * g + row[2] * b + row[3] for row in exposure], axis=-1)


def _finite_rows(grads: dict[str, Float32]) -> NDArray[np.bool_] | None:
    """[n] mask of the Gaussians whose gradients are finite; None when all are, which a sum tells much faster."""
    with np.errstate(invalid="ignore", over="ignore"):
        if all(np.isfinite(grad.sum()) for grad in grads.values()):
            return None
    n = len(grads["means"])
    rows = [np.isfinite(grad.reshape(n, -1)).all(axis=1) for grad in grads.values()]
    return np.logical_and.reduce(rows)


def _geometry(
    view: TrainingView,
) -> tuple[NDArray[np.float64], tuple[float, float, float, float], tuple[int, int]]:
    """Pose [3, 4], intrinsics and size, as the kernels take them."""
    camera = view.camera
    intrinsics = (camera.fx, camera.fy, camera.cx, camera.cy)
    return view.cam_from_world[:3], intrinsics, (camera.width, camera.height)


_SHRINK = 0.5


def split_in_two(values: dict[str, Float32], parents: NDArray[np.intp]) -> dict[str, Float32]:
    """The parameters with each parent replaced by two halves side by side on its longest axis, the second ones appended.

    Each half is half as long and sqrt(3)/2 deviations off the centre: the pair has the parent's mean and its variance along
    that axis. Everything else is as the parent's: halves that were made fainter or thinner cost 0.1 dB (fox, 1200 steps).
    """
    scales = values["log_scales"][parents]
    rows = np.arange(len(parents))
    axis = np.argmax(scales, axis=1)
    direction = _rotation_columns(values["q_wxyz"][parents])[rows, :, axis]
    reach = np.exp(scales[rows, axis]) * np.float32(np.sqrt(1 - _SHRINK**2))
    offset = (direction * reach[:, None]).astype(np.float32)
    result = {name: value.copy() for name, value in values.items()}
    result["log_scales"][parents, axis] += np.float32(np.log(_SHRINK))
    second = {name: value[parents] for name, value in result.items()}
    result["means"][parents] -= offset
    second["means"] = second["means"] + offset
    return {name: np.concatenate([result[name], second[name]]) for name in result}


def _rotation_columns(q_wxyz: Float32) -> Float32:
    """[n, 3, 3] rotations world_from_gaussian; column j is the direction of axis j."""
    w, x, y, z = (q_wxyz / np.maximum(np.linalg.norm(q_wxyz, axis=1, keepdims=True), 1e-12)).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1).astype(np.float32)
