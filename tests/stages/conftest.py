"""The stages' own option and fixtures: a fixed capture with known cameras, and what stages made of it, shared by all tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.stages.four_tests import Alone, run_alone
from tests.stages.goldens import INPUTS, Goldens

from calotype.artifacts.cameras import CameraSet
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.stages.import_poses import ImportPoses
from calotype.stages.render import RenderViews
from calotype.stages.splat import TrainSplat
from calotype.vision.splatting.gaussians import SH_C0, Gaussians
from calotype.vision.splatting.ply import write_splat_ply


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-goldens",
        action="store_true",
        default=False,
        help="store the outputs of stages whose version was bumped",
    )


@pytest.fixture(scope="session")
def goldens(request: pytest.FixtureRequest) -> Goldens:
    return Goldens(renew=request.config.getoption("--renew-goldens", default=False))


@pytest.fixture(scope="session")
def photos() -> Path:
    """Nine photos on an arc around a still life, 320x240."""
    return INPUTS / "photos"


@pytest.fixture(scope="session")
def cameras() -> Path:
    """Their exact cameras, a COLMAP model with 600 points."""
    return INPUTS / "cameras"


@pytest.fixture(scope="session")
def truth(cameras: Path) -> CameraSet:
    return read_colmap_model(cameras)


@pytest.fixture(scope="session")
def scene(truth: CameraSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crude splat of the still life: a ball of 4 % of the distance to the cameras at each of the 600 points."""
    n = len(truth.points)
    path = tmp_path_factory.mktemp("scene") / "scene.ply"
    gaussians = Gaussians(
        means=truth.points.xyz.astype(np.float32),
        q_wxyz=np.tile(np.array([1, 0, 0, 0], np.float32), (n, 1)),
        log_scales=np.full((n, 3), np.log(0.08), np.float32),
        logit_opacities=np.full(n, 2, np.float32),
        sh=((truth.points.rgb.astype(np.float32) / 255 - 0.5) / SH_C0)[:, None, :],
    )
    write_splat_ply(path, gaussians)
    return path


@pytest.fixture(scope="session")
def imported(photos: Path, cameras: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """`import-poses` alone."""
    inputs = {"photos": photos, "poses": cameras}
    return run_alone(ImportPoses(), inputs, tmp_path_factory.mktemp("import-poses") / "out")


@pytest.fixture(scope="session")
def trained(photos: Path, cameras: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """`splat` alone, small enough for two seconds."""
    stage = TrainSplat(
        iterations=300, gaussians=1500, max_side=160, densify_every=30, checkpoint_every_s=0.05
    )
    inputs = {"photos": photos, "cameras": cameras}
    return run_alone(stage, inputs, tmp_path_factory.mktemp("splat") / "out")


@pytest.fixture(scope="session")
def rendered(photos: Path, cameras: Path, scene: Path, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    """`render` alone."""
    stage = RenderViews(max_side=160, turntable_frames=12)
    inputs = {"photos": photos, "cameras": cameras, "splat": scene}
    return run_alone(stage, inputs, tmp_path_factory.mktemp("render") / "out")
