from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.vision.splatting.scenes import ball, capture, perturbed

from calotype.errors import Cancelled
from calotype.vision.splatting.backend import PARAMETERS
from calotype.vision.splatting.checkpoint import Checkpointing
from calotype.vision.splatting.evaluation import colour_fitted, evaluate
from calotype.vision.splatting.exposure import Exposures, exposed
from calotype.vision.splatting.loop import train
from calotype.vision.splatting.native import NativeBackend
from calotype.vision.splatting.options import TrainOptions
from calotype.vision.splatting.rendering import render
from calotype.vision.splatting.views import TrainingView

SCENE = ball()
OPTIONS = TrainOptions(
    iterations=600, gaussians=120, sh_degree=1, densify_every=20, measured_views=4, lr_exposure=3e-3
)
GAINS = np.linspace(0.6, 1.0, 10)


@pytest.fixture(scope="module")
def true_views() -> list[TrainingView]:
    return capture(SCENE)


@pytest.fixture(scope="module")
def views(true_views: list[TrainingView]) -> list[TrainingView]:
    """Every photo darker than the scene, each by another factor."""
    darker = [
        np.round(view.rgb * gain).astype(np.uint8) for view, gain in zip(true_views, GAINS, strict=True)
    ]
    return [replace(view, rgb=rgb) for view, rgb in zip(true_views, darker, strict=True)]


def test_what_an_exposed_splat_shows_is_what_the_splat_shows_exposed(true_views: list[TrainingView]) -> None:
    view = true_views[0]
    colour = np.array([[0.7, 0.1, 0.0, 0.05], [0.0, 0.9, 0.05, 0.02], [0.1, 0.0, 0.8, 0.1]])
    shown = render(SCENE, view.camera, view.cam_from_world, (0.2, 0.4, 0.1), antialiased=False)
    # Of the background only what the transform makes of it would be right.
    behind = tuple(float(one) for one in colour[:, :3] @ (0.2, 0.4, 0.1) + colour[:, 3])
    changed = render(exposed(SCENE, colour), view.camera, view.cam_from_world, behind, antialiased=False)
    wanted = shown.rgb @ colour[:, :3].T + colour[:, 3]
    np.testing.assert_allclose(changed.rgb, wanted, atol=2e-5)


def test_photos_of_several_exposures_make_one_splat(
    views: list[TrainingView], true_views: list[TrainingView]
) -> None:
    unseen = true_views[:1]
    plain = train(views[1:], perturbed(SCENE), OPTIONS, NativeBackend(1))
    fitted = train(
        views[1:], perturbed(SCENE), OPTIONS.model_copy(update={"exposure": True}), NativeBackend(1)
    )
    before, after = (evaluate(one.gaussians, unseen) for one in (plain, fitted))
    assert after.fitted_psnr > before.fitted_psnr + 1
    assert fitted.history[-1].psnr > plain.history[-1].psnr + 1


def test_a_run_that_learns_exposures_resumes_to_the_same_bits(
    views: list[TrainingView], tmp_path: Path
) -> None:
    options = OPTIONS.model_copy(update={"exposure": True, "random_background": True, "iterations": 200})
    checkpoint = Checkpointing(tmp_path / "run.npz", every_iterations=30)

    def stop(done: int, total: int | None, note: str) -> None:
        if done >= 130:
            raise Cancelled

    with pytest.raises(Cancelled):
        train(views, perturbed(SCENE), options, NativeBackend(1), stop, checkpoint)
    resumed = train(views, perturbed(SCENE), options, NativeBackend(1), checkpoint=checkpoint)
    whole = train(views, perturbed(SCENE), options, NativeBackend(3))
    assert resumed.resumed_at == 120
    for name in PARAMETERS:
        np.testing.assert_array_equal(getattr(resumed.gaussians, name), getattr(whole.gaussians, name))


def test_a_transform_moves_against_its_gradient_and_no_other_does() -> None:
    exposures = Exposures(["a", "b"], rate=0.01)
    gradient = np.zeros((3, 4))
    gradient[1, 3] = 5.0
    exposures.learn("b", gradient)
    wanted = np.eye(3, 4)
    np.testing.assert_array_equal(exposures.colours()["a"], wanted.astype(np.float32))
    wanted[1, 3] = -0.01
    np.testing.assert_allclose(exposures.colours()["b"], wanted, atol=1e-7)
    exposures.learn("b", np.full((3, 4), np.nan))
    np.testing.assert_allclose(exposures.colours()["b"], wanted, atol=1e-7)


def test_the_best_colour_transform_undoes_an_exposure(true_views: list[TrainingView]) -> None:
    photo = true_views[3].rgb
    dim = np.round(photo * 0.5 + 20).astype(np.uint8)
    assert np.abs(colour_fitted(dim, photo).astype(int) - photo).max() <= 2


def test_random_backgrounds_make_what_is_seen_opaque(true_views: list[TrainingView]) -> None:
    """Black photos on a black background are explained by nothing at all, unless the background may be any colour."""
    black = [replace(view, rgb=np.zeros_like(view.rgb)) for view in true_views]
    opacities = {
        is_random: train(
            black,
            perturbed(SCENE),
            OPTIONS.model_copy(update={"random_background": is_random, "iterations": 300}),
            NativeBackend(1),
        )
        for is_random in (False, True)
    }
    covered = {
        is_random: float(
            render(
                one.gaussians, black[0].camera, black[0].cam_from_world, (1.0, 1.0, 1.0), antialiased=False
            ).rgb.mean()
        )
        for is_random, one in opacities.items()
    }
    assert covered[True] < covered[False] - 0.1
