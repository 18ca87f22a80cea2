"""Photos of textured boards that stand in front of a wall, painted in milliseconds, with exact cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import ExifTags, Image

from calotype.artifacts.cameras import Camera, CameraSet, Frame
from calotype.vision.geometry.rotations import q_wxyz_from_matrix
from calotype.vision.sfm.options import SfmOptions
from calotype.vision.sfm.outputs import write_outputs
from calotype.vision.sfm.reconstruct import SfmResult, reconstruct

FAST = SfmOptions(max_features=1000, max_image_side=480, threads=2)
DATA = Path(__file__).parents[4] / "shared" / "data"
F64 = np.ndarray


@dataclass(frozen=True)
class Boards:
    """A capture on disk."""

    photos: list[tuple[str, Path]]
    truth: CameraSet

    @property
    def by_name(self) -> dict[str, Path]:
        return dict(self.photos)


@pytest.fixture(scope="session")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Boards:
    """Nine photos on an arc, 480x360, upright, with EXIF; neighbours by name are neighbours in space."""
    return paint_boards(tmp_path_factory.mktemp("boards"), 9)


@pytest.fixture(scope="session")
def posed(boards: Boards, tmp_path_factory: pytest.TempPathFactory) -> tuple[SfmResult, Path]:
    """The boards, reconstructed once, and the folder with the outputs."""
    folder = tmp_path_factory.mktemp("posed")
    result = reconstruct(
        boards.photos, FAST, folder / "work", folder / "database.db", lambda *_: None, lambda: None
    )
    write_outputs(folder / "out", result)
    return result, folder / "out"


@pytest.fixture(scope="session")
def kermit() -> list[tuple[str, Path]]:
    """The smallest real capture: 11 photos of 640x480."""
    folder = DATA / "kermit"
    if not folder.is_dir():
        pytest.skip("the real captures of ../shared/data are not here")
    return [(path.name, path) for path in sorted(folder.glob("*.jpg"))]


@pytest.fixture(scope="session")
def aliked_weights() -> Path:
    """The folder with ALIKED's published weights, t16 and n16rot."""
    folder = DATA / "weights"
    if not folder.is_dir():
        pytest.skip("the published weights of ../shared/data are not here")
    return folder


@pytest.fixture
def unrelated(tmp_path: Path) -> list[tuple[str, Path]]:
    """Six textured photos that show nothing in common."""
    photos = []
    for number in range(6):
        path = tmp_path / f"unrelated {number}.jpg"
        Image.fromarray(_texture(100 + number, 360, 480)).save(path, quality=95)
        photos.append((path.name, path))
    return photos


def paint_boards(folder: Path, count: int, width: int = 480, height: int = 360, seed: int = 0) -> Boards:
    """Photos of a wall (z = 3.5) and five boards before it at several depths and angles; world +Y points down."""
    focal = 28 * float(np.hypot(width, height)) / 43.2666
    camera = Camera("PINHOLE", width, height, (focal, focal, width / 2, height / 2))
    quads = [_quad(0, 0, 3.5, 4.4, 3.2, 0.0)]
    quads += [_quad(x, y, z, 0.9, 0.8, turn) for x, y, z, turn in _BOARDS]
    textures = [_texture(seed + 10 + index, 700, 900) for index in range(len(quads))]
    frames: list[Frame] = []
    photos: list[tuple[str, Path]] = []
    for number in range(count):
        angle = np.deg2rad(-24 + 48 * number / max(1, count - 1))
        centre = np.array([2.6 * np.sin(angle), -0.15 + 0.05 * (number % 3), 2.6 - 2.6 * np.cos(angle)])
        R = _looking_at(centre, np.array([0.0, 0.0, 2.6]))
        t = -R @ centre
        name = f"board {number:02d}.jpg"
        rgb = _paint(quads, textures, camera, R, t)
        _save(folder / name, rgb)
        q = q_wxyz_from_matrix(R)
        frames.append(Frame(name, 1, tuple(map(float, q)), tuple(map(float, t))))
        photos.append((name, folder / name))
    return Boards(photos, CameraSet({1: camera}, tuple(frames)))


_BOARDS = [
    (-0.9, -0.4, 2.2, 0.4),
    (0.1, 0.45, 1.9, -0.2),
    (1.0, -0.3, 2.5, -0.5),
    (-0.2, -0.6, 2.8, 0.1),
    (0.8, 0.6, 2.9, 0.3),
]


def _quad(x: float, y: float, z: float, width: float, height: float, turn: float) -> F64:
    """Corners [4, 3], clockwise from the top left as seen from the front."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * (width / 2, height / 2)
    across = np.array([np.cos(turn), 0, np.sin(turn)])
    return np.array([x, y, z]) + corners[:, :1] * across + corners[:, 1:] * np.array([0, 1.0, 0])


def _texture(seed: int, height: int, width: int) -> np.ndarray:
    """Blobs of many sizes in random colours."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for cells, weight in ((6, 1.0), (14, 1.0), (34, 1.0), (80, 0.8)):
        grid = rng.normal(size=(cells, cells * width // height, 3)).astype(np.float32)
        total += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 45 * total, 0, 255).astype(np.uint8)


def _looking_at(centre: F64, target: F64) -> F64:
    forward = (target - centre) / np.linalg.norm(target - centre)
    right = np.cross([0.0, 1.0, 0.0], forward)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def _paint(
    quads: Sequence[F64], textures: Sequence[np.ndarray], camera: Camera, R: F64, t: F64
) -> np.ndarray:
    """Far boards first: none of them cross."""
    size = (camera.width, camera.height)
    rgb = np.full((camera.height, camera.width, 3), 90, np.uint8)
    order = sorted(range(len(quads)), key=lambda index: -float((quads[index] @ R.T + t)[:, 2].mean()))
    for index in order:
        points_cam = quads[index] @ R.T + t
        xy = points_cam[:, :2] / points_cam[:, 2:] * camera.fx + (camera.cx, camera.cy)
        high, wide = textures[index].shape[:2]
        corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float64)
        # OpenCV's pixel centres lie at integers, ours at +0.5.
        H = cv2.getPerspectiveTransform((corners - 0.5).astype(np.float32), (xy - 0.5).astype(np.float32))
        painted = cv2.warpPerspective(textures[index], H, size, flags=cv2.INTER_AREA)
        mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), H, size) > 127
        rgb[mask] = painted[mask]
    return rgb


def _save(path: Path, rgb: np.ndarray) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Test\0\0"
    exif[ExifTags.Base.Model] = "Boards 1"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.FocalLengthIn35mmFilm] = 28
    Image.fromarray(rgb).save(path, quality=95, exif=exif)
