from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tests.vision.splatting.scenes import ball, capture, perturbed

from calotype.errors import Cancelled, TooFewImages
from calotype.vision.splatting.backend import PARAMETERS, StepSettings
from calotype.vision.splatting.checkpoint import Checkpointing
from calotype.vision.splatting.density import Surgery
from calotype.vision.splatting.evaluation import evaluate, nearest_view
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.loop import Trained, train
from calotype.vision.splatting.native import NativeBackend, split_in_two
from calotype.vision.splatting.options import TrainOptions
from calotype.vision.splatting.views import TrainingView

SCENE = ball()
OPTIONS = TrainOptions(iterations=240, gaussians=120, sh_degree=1, densify_every=20, measured_views=4)


@pytest.fixture(scope="module")
def views() -> list[TrainingView]:
    return capture(SCENE)


def same_bits(a: Gaussians, b: Gaussians) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in PARAMETERS)


def run(views: Sequence[TrainingView], threads: int = 1, **changes: object) -> Trained:
    return train(views, perturbed(SCENE), OPTIONS.model_copy(update=changes), NativeBackend(threads))


def test_training_makes_unseen_views_right(views: list[TrainingView]) -> None:
    seen, unseen = views[1:], views[:1]
    before = evaluate(perturbed(SCENE), unseen, seen)
    trained = run(seen, iterations=600)
    after = evaluate(trained.gaussians, unseen, seen)
    assert after.psnr > before.psnr + 6
    assert after.psnr > 26
    assert after.psnr > after.nearest_psnr + 3
    assert trained.history[-1].psnr > trained.history[0].psnr
    assert trained.history[-1].iteration == 600
    assert trained.resumed_at == 0


def test_the_budget_is_reached_and_never_exceeded(views: list[TrainingView]) -> None:
    counts: list[int] = []

    def watch(done: int, total: int | None, note: str) -> None:
        assert total == 240
        counts.append(int(note.split()[0]))

    trained = train(views, perturbed(SCENE), OPTIONS, NativeBackend(1), watch)
    assert counts[0] == 30
    assert max(counts) <= 120
    assert max(counts) > 90
    assert len(trained.gaussians) == counts[-1]


def test_any_number_of_threads_gives_the_same_bits(views: list[TrainingView]) -> None:
    one, three = run(views, threads=1), run(views, threads=3)
    assert same_bits(one.gaussians, three.gaussians)


def test_another_seed_gives_another_splat(views: list[TrainingView]) -> None:
    assert not same_bits(run(views, iterations=40).gaussians, run(views, iterations=40, seed=1).gaussians)


@pytest.mark.parametrize("stop_at", [70, 130])
def test_a_cancelled_run_resumes_to_the_same_bits(
    views: list[TrainingView], tmp_path: Path, stop_at: int
) -> None:
    checkpoint = Checkpointing(tmp_path / "run.npz", every_iterations=30)

    def stop(done: int, total: int | None, note: str) -> None:
        if done >= stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        train(views, perturbed(SCENE), OPTIONS, NativeBackend(1), stop, checkpoint)
    resumed = train(views, perturbed(SCENE), OPTIONS, NativeBackend(2), checkpoint=checkpoint)
    assert resumed.resumed_at == stop_at // 30 * 30
    undisturbed = run(views)
    assert same_bits(resumed.gaussians, undisturbed.gaussians)
    assert [entry.iteration for entry in resumed.history] == [
        entry.iteration for entry in undisturbed.history
    ]


def test_a_corrupt_checkpoint_is_logged_and_training_starts_anew(
    views: list[TrainingView], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "run.npz"
    checkpoint = Checkpointing(path, every_iterations=20)
    short = OPTIONS.model_copy(update={"iterations": 40})
    train(views, perturbed(SCENE), short, NativeBackend(1), checkpoint=checkpoint)
    whole = path.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes(b ^ 0xFF for b in whole[middle : middle + 8]) + whole[middle + 8 :]
    for damaged in (b"", whole[:middle], whole[:-1], flipped, b"PK\x03\x04 nonsense"):
        path.write_bytes(damaged)
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            again = train(views, perturbed(SCENE), short, NativeBackend(1), checkpoint=checkpoint)
        assert again.resumed_at == 0
        assert "starts anew" in caplog.text


def test_a_checkpoint_of_other_options_is_not_used(views: list[TrainingView], tmp_path: Path) -> None:
    checkpoint = Checkpointing(tmp_path / "run.npz", every_iterations=20)
    short = OPTIONS.model_copy(update={"iterations": 40})
    train(views, perturbed(SCENE), short, NativeBackend(1), checkpoint=checkpoint)
    other = train(
        views, perturbed(SCENE), short.model_copy(update={"seed": 5}), NativeBackend(1), checkpoint=checkpoint
    )
    assert other.resumed_at == 0
    assert not (tmp_path / "run.npz.part").exists()


def test_an_exploded_gaussian_is_dropped_and_does_not_spread(views: list[TrainingView]) -> None:
    start = perturbed(SCENE)
    start.means[3] = np.nan
    start.sh[5] = np.inf
    start.log_scales[7] = 90
    trained = train(views, start, OPTIONS, NativeBackend(1))
    assert trained.dropped == 3
    assert trained.gaussians.finite.all()
    assert evaluate(trained.gaussians, views[:1]).psnr > 20


def test_surgery_keeps_moments_with_their_gaussians(views: list[TrainingView]) -> None:
    backend = NativeBackend(1)
    backend.load(perturbed(SCENE))
    settings = step_settings()
    for view in views:
        backend.step(view, settings)
    before = backend.snapshot()
    backend.surgery(Surgery(drop=np.array([0, 4]), split=np.array([2, 29])))
    after = backend.snapshot()
    survivors = np.setdiff1d(np.arange(30), [0, 4])
    untouched = np.flatnonzero(~np.isin(survivors, [2, 29]))
    assert backend.count == 30
    for name in PARAMETERS:
        for old, new in ((before.adam.first, after.adam.first), (before.adam.second, after.adam.second)):
            np.testing.assert_array_equal(new[name][untouched], old[name][survivors[untouched]])
            assert not new[name][np.flatnonzero(np.isin(survivors, [2, 29]))].any()
            assert not new[name][28:].any()
        kept = getattr(after.gaussians, name)[untouched]
        np.testing.assert_array_equal(kept, getattr(before.gaussians, name)[survivors[untouched]])
    assert not after.seen.any()


def test_two_halves_have_the_mean_and_the_long_variance_of_their_parent() -> None:
    scene = ball(8)
    values = {name: getattr(scene, name) for name in PARAMETERS}
    halves = split_in_two(values, np.arange(8))
    centre = (halves["means"][:8] + halves["means"][8:]) / 2
    np.testing.assert_allclose(centre, scene.means, atol=1e-6)
    reach = np.linalg.norm(halves["means"][8:] - halves["means"][:8], axis=1) / 2
    longest = np.exp(scene.log_scales.max(axis=1))
    rows, axis = np.arange(8), scene.log_scales.argmax(axis=1)
    np.testing.assert_allclose(reach**2 + np.exp(2 * halves["log_scales"][rows, axis]), longest**2, rtol=1e-4)


def test_a_snapshot_is_not_changed_by_later_steps(views: list[TrainingView]) -> None:
    backend = NativeBackend(1)
    backend.load(perturbed(SCENE))
    snapshot = backend.snapshot()
    kept = dataclasses.replace(snapshot.gaussians, means=snapshot.gaussians.means.copy())
    backend.step(views[0], step_settings())
    assert same_bits(snapshot.gaussians, kept)
    assert not same_bits(backend.snapshot().gaussians, kept)


def test_no_views_is_an_input_error() -> None:
    with pytest.raises(TooFewImages):
        train([], perturbed(SCENE), OPTIONS, NativeBackend(1))


def test_the_nearest_view_is_the_neighbour_on_the_ring(views: list[TrainingView]) -> None:
    near = nearest_view(views[4], [view for view in views if view.name != "04"])
    assert near is not None
    assert near.name in {"02", "03", "05", "06"}
    assert nearest_view(views[4], []) is None


def step_settings() -> StepSettings:
    from calotype.vision.splatting.backend import LearningRates

    return StepSettings(
        number=1,
        sh_degree=1,
        rates=LearningRates(1e-3, 1e-3, 5e-3, 5e-2, 5e-3, 2.5e-4),
        ssim_weight=0.2,
        opacity_weight=0.01,
        scale_weight=0.01,
        background=(0.0, 0.0, 0.0),
        antialiased=False,
    )
