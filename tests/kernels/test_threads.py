"""The same bits for any number of threads, also after a fork and from several callers at once."""

from __future__ import annotations

import hashlib
import os
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tests.kernels.scenes import random_scene

from calotype import kernels


def whole_step(threads: int, workspace: kernels.Workspace | None = None) -> str:
    """A digest of everything one training step computes."""
    scene = random_scene(21, n=3000, size=(131, 97), sigma=0.05)
    projected = kernels.project(*scene.arguments, antialiased=True, threads=threads)
    picture = kernels.rasterize(projected, scene.size, (0.1, 0.2, 0.3), workspace=workspace, threads=threads)
    target = np.random.default_rng(1).integers(0, 256, picture.rgb.shape, dtype=np.uint8)
    colour = np.linspace(-0.2, 1.2, 12, dtype=np.float32).reshape(3, 4)
    loss = kernels.l1_ssim(picture.rgb, target, colour=colour, threads=threads)
    grads = kernels.rasterize_backward(
        picture, projected, loss.d_image, picture.alpha, picture.depth, threads=threads
    )
    given = kernels.contributions(picture, projected, picture.alpha, threads=threads)
    by_parameter = kernels.project_backward(
        *scene.arguments, projected, grads, antialiased=True, threads=threads
    )
    params = scene.parameters[4].copy()
    m, v = np.zeros_like(params), np.zeros_like(params)
    kernels.adam(params, by_parameter.sh, m, v, lr=1e-3, step=1, mask=projected.visible, threads=threads)

    digest = hashlib.sha256(repr((loss.value, loss.l1, loss.ssim, loss.d_colour.tolist())).encode())
    for array in (
        projected.conic, picture.rgb, picture.alpha, picture.depth, loss.d_image, grads.d_xy, grads.d_conic,
        grads.d_opacity, grads.abs_xy, *given, by_parameter.means, by_parameter.quats, by_parameter.sh, params, m, v,
    ):  # fmt: skip
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def test_a_whole_step_gives_the_same_bits_for_any_number_of_threads(level: str) -> None:
    assert len({whole_step(threads) for threads in (1, 2, 5, 7, 0)}) == 1


def test_a_reused_workspace_gives_the_same_bits_as_a_new_one(level: str) -> None:
    workspace = kernels.Workspace()
    kernels.rasterize(kernels.project(*random_scene(3, n=500).arguments), (400, 200), workspace=workspace)
    assert whole_step(2, workspace) == whole_step(2)
    assert workspace.nbytes > 0
    assert workspace.pairs > 0


def test_callers_in_several_threads_do_not_disturb_each_other() -> None:
    wanted = whole_step(1)
    with ThreadPoolExecutor(4) as callers:
        assert set(callers.map(whole_step, [3, 1, 2, 5, 2, 3])) == {wanted}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_can_use_threads_of_its_own() -> None:
    wanted = whole_step(3)
    with warnings.catch_warnings():
        # Python 3.12 warns of forking a process with threads, which is what is tested.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(0 if whole_step(3) == wanted else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert whole_step(3) == wanted
