"""Keypoints from a network's weights instead of SIFT: read the file with care, find, describe and match."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from calotype.errors import MissingExtra, UnreadableInput
from calotype.hardware import usable_memory_gb
from calotype.vision.images.decode import load_rgb
from calotype.vision.sfm.database import MatchDatabase, Pair, write_pair_list
from calotype.vision.sfm.features import Features, FeatureSettings
from calotype.vision.sfm.photos import Photo

if TYPE_CHECKING:
    from calotype.vision.sfm.aliked import Aliked

_MOST_BYTES = 64 * 2**20
"""ALIKED's own files have 1 to 4 MB."""
_LEAST_COSINE = 0.65
"""Of the angle between two descriptors that match. Of every fourth and every fifth photo of fox, t16 and n16rot placed all and
rightly with 0.6 and 0.65; with 0.55 and below or 0.75 and above photos or whole models went astray."""
_GB_PER_PIXEL = 4.1e-7
"""Of memory while keypoints are found: half a gigabyte for 1280 x 960 pixels."""
_HELD = 64
"""Photos whose descriptors stay in memory while pairs are compared: 1.5 MB each."""
_ADVICE = (
    "Give a weights file of ALIKED as its authors publish it: aliked-t16.pth, aliked-n16.pth, aliked-n16rot.pth or "
    "aliked-n32.pth."
)


class LearnedFeatures:
    """Keypoints by ALIKED, matched where each is the other's best."""

    def __init__(self, network: Aliked, weights: str) -> None:
        self.network = network
        self.weights = weights
        """sha256 of the weights file."""

    @property
    def name(self) -> str:
        return f"ALIKED, {self.network.length} numbers per keypoint, weights {self.weights[:12]}"

    def extract_all(
        self, photos: Sequence[Photo], settings: FeatureSettings, threads: int
    ) -> Iterator[tuple[Photo, Features]]:
        """Each photo with its keypoints, in order, found by several threads."""
        needed = _GB_PER_PIXEL * settings.max_image_side**2
        with _single_threaded(threads_that_fit(threads, needed, usable_memory_gb())) as pool:
            found = [pool.submit(self.extract, photo, settings) for photo in photos]
            for photo, features in zip(photos, found, strict=True):
                yield photo, features.result()

    def extract(self, photo: Photo, settings: FeatureSettings) -> Features:
        """The best keypoints of one photo."""
        import torch

        rgb = load_rgb(photo.path, settings.max_image_side)
        height, width = rgb.shape[:2]
        places, descriptors, _ = self.network.find(
            torch.from_numpy(np.array(rgb)), settings.max_features, settings.least_score
        )
        sx, sy = photo.width / width, photo.height / height
        keypoints = np.zeros((len(places), 4), np.float32)
        # The network's pixel centres lie at integers, ours at +0.5. It tells neither size nor orientation.
        keypoints[:, :2] = (places.numpy() + 0.5) * [sx, sy]
        keypoints[:, 2] = (sx + sy) / 2
        return Features(keypoints, descriptors.numpy().astype(np.float16))

    def match(
        self, database: MatchDatabase, pairs: Sequence[Pair], workdir: Path, seed: int, threads: int
    ) -> None:
        """Write the matches of the pairs, and which of them one camera motion explains (COLMAP's verification)."""
        import pycolmap
        import torch

        @lru_cache(_HELD)
        def rows(image_id: int) -> Any:
            return torch.from_numpy(database.descriptors(image_id).astype(np.float32))

        def compared(pair: Pair) -> NDArray[np.uint32]:
            return mutual_matches(rows(pair[0]), rows(pair[1]))

        most = max(database.feature_counts().values(), default=0)
        with _single_threaded(threads_that_fit(threads, 16 * most**2 / 2**30, usable_memory_gb())) as pool:
            found = pool.map(compared, pairs)
            database.replace_matches(dict(zip(pairs, found, strict=True)))
        verification = pycolmap.TwoViewGeometryOptions()
        verification.ransac.random_seed = seed
        pycolmap.verify_matches(database.path, write_pair_list(workdir / "pairs.txt", pairs), verification)


def threads_that_fit(threads: int, gb_each: float, memory_gb: float) -> int:
    """As many of the threads as may use `gb_each` at once within half of the memory; at least one."""
    return max(1, min(threads, int(0.5 * memory_gb / max(gb_each, 1e-6))))


@contextmanager
def _single_threaded(threads: int) -> Generator[ThreadPoolExecutor]:
    """So many threads, in each of which torch uses no more of its own.

    The same bits come of it for any number of threads; and torch's threads wait for each other with all their might, which took
    four times as long on two cores of which another program used one.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        torch.set_num_threads(before)


def mutual_matches(mine: Any, theirs: Any) -> NDArray[np.uint32]:
    """Rows [k, 2] of two tensors of unit vectors [n, d] and [m, d] that are each other's most alike, and alike enough."""
    import torch

    if not len(mine) or not len(theirs):
        return np.zeros((0, 2), np.uint32)
    cosine = mine @ theirs.T
    best, of_mine = cosine.max(dim=1)
    of_theirs = cosine.argmax(dim=0)
    here = torch.arange(len(mine))
    kept = (of_theirs[of_mine] == here) & (best >= _LEAST_COSINE)
    return torch.stack([here[kept], of_mine[kept]], dim=1).numpy().astype(np.uint32)


def read_learned_features(given: Path) -> LearnedFeatures:
    """The network whose weights lie in the file, or in the only .pth file of the folder.

    Raises UnreadableInput for anything but weights of ALIKED (pickled code is not run), MissingExtra without torch.
    """
    path = _only_file(given)
    _check_archive(path)
    try:
        from calotype.vision.sfm.aliked import Aliked
    except ImportError as error:
        raise MissingExtra("Learned keypoints need torch: pip install calotype[learned]") from error
    weights = _read_weights(path)
    return LearnedFeatures(Aliked(weights), hashlib.sha256(path.read_bytes()).hexdigest())


def _only_file(given: Path) -> Path:
    if not given.is_dir():
        return given
    found = sorted(given.glob("*.pth"))
    if len(found) != 1:
        raise UnreadableInput(f"{given} holds {len(found)} .pth files, where one is needed. {_ADVICE}")
    return found[0]


def _check_archive(path: Path) -> None:
    """That it is a file as torch has saved them since version 1.6, and unpacks to nothing large."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableInput(f"{path} is larger than {_MOST_BYTES >> 20} MB. {_ADVICE}")
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error.strerror or error}. {_ADVICE}") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableInput(f"{path} is not a file that torch saved. {_ADVICE}") from error
    if unpacked > _MOST_BYTES:
        raise UnreadableInput(f"{path} unpacks to more than {_MOST_BYTES >> 20} MB. {_ADVICE}")


def _read_weights(path: Path) -> Mapping[str, Any]:
    import pickle

    import torch

    from calotype.vision.sfm.aliked import expected_shapes

    try:
        # `weights_only` builds tensors and containers of them and calls nothing else that the file names.
        content: Any = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, ValueError, KeyError, EOFError, AttributeError) as error:
        raise UnreadableInput(
            f"{path} holds something else than weights, or is damaged. {_ADVICE}"
        ) from error
    if not isinstance(content, Mapping) or not all(
        isinstance(value, torch.Tensor) for value in content.values()
    ):
        raise UnreadableInput(f"{path} holds something else than named weights. {_ADVICE}")
    shapes = {str(name): tuple(tensor.shape) for name, tensor in content.items()}
    try:
        expected = expected_shapes(shapes)
    except (KeyError, IndexError):
        expected = {}
    if shapes != expected:
        raise UnreadableInput(f"{path} holds the weights of another network than ALIKED. {_ADVICE}")
    if sum(tensor.numel() for tensor in content.values()) * 4 > _MOST_BYTES:
        raise UnreadableInput(f"{path} holds tensors larger than the file. {_ADVICE}")
    weights = {name: tensor.detach().float().contiguous() for name, tensor in content.items()}
    if not all(bool(tensor.isfinite().all()) for tensor in weights.values()):
        raise UnreadableInput(f"{path} is damaged: some of its weights are no finite numbers. {_ADVICE}")
    return weights
