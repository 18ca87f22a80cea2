"""Read camera poses that somebody else found, and say which photo each of them belongs to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path, PurePosixPath

from calotype.artifacts.cameras import CameraSet
from calotype.artifacts.colmap_model import read_colmap_model
from calotype.artifacts.transforms_json import read_transforms
from calotype.errors import UnreadableInput

_MODEL_FOLDERS = (".", "sparse/0", "sparse", "0", "colmap/sparse/0", "colmap")
_NAMES_SHOWN = 5


def load_poses(path: Path) -> CameraSet:
    """The cameras in a `transforms.json`, in a COLMAP model's folder, or in a folder that holds either (`sparse/0` too).

    Where a folder holds both, the COLMAP model is read: it has points. Raises UnreadableInput when there is neither.
    """
    path = Path(path)
    if path.is_file():
        return read_transforms(path)
    if (folder := model_folder(path)) is not None:
        return read_colmap_model(folder)
    if (path / "transforms.json").is_file():
        return read_transforms(path / "transforms.json")
    # A transforms.json that was given by itself keeps its own name.
    others = sorted(path.glob("*.json"))
    if len(others) == 1:
        return read_transforms(others[0])
    raise UnreadableInput(
        f"{path} holds no camera poses. Give a transforms.json, or a folder with cameras.bin and images.bin (or .txt); looked "
        f"in {', '.join(_MODEL_FOLDERS)}."
    )


def model_folder(path: Path) -> Path | None:
    """The folder of the COLMAP model in `path`, None if there is none."""
    for name in _MODEL_FOLDERS:
        folder = path / name
        if any((folder / f"cameras.{kind}").is_file() for kind in ("bin", "txt")):
            return folder
    return None


def photo_of_frame(frames: Sequence[str], photos: Collection[str]) -> dict[str, str]:
    """Photo name by frame name, one to one: names compared whole, then without folders, then without suffix too.

    What fits several is left alone. Raises UnreadableInput when fewer than half of the photos get a pose.
    """
    found: dict[str, str] = {}
    for simplify in (_whole, _without_folders, _without_suffix):
        open_frames = [name for name in frames if name not in found]
        taken = set(found.values())
        by_key: dict[str, list[str]] = {}
        for name in photos:
            if name not in taken:
                by_key.setdefault(simplify(name), []).append(name)
        keys = [simplify(name) for name in open_frames]
        for name, key in zip(open_frames, keys, strict=True):
            if len(by_key.get(key, [])) == 1 and keys.count(key) == 1:
                found[name] = by_key[key][0]
    if 2 * len(found) < len(photos) or not found:
        raise UnreadableInput(_mismatch(frames, photos, found))
    return found


def some_names(names: Sequence[str]) -> str:
    """The first few names as a sentence lists them."""
    return ", ".join(names[:_NAMES_SHOWN]) + (" ..." if len(names) > _NAMES_SHOWN else "")


def _whole(name: str) -> str:
    return str(PurePosixPath(name))


def _without_folders(name: str) -> str:
    return PurePosixPath(name).name.lower()


def _without_suffix(name: str) -> str:
    return PurePosixPath(name).stem.lower()


def _mismatch(frames: Sequence[str], photos: Collection[str], found: dict[str, str]) -> str:
    matched = set(found.values())
    without_pose = sorted(name for name in photos if name not in matched)
    without_photo = sorted(name for name in frames if name not in found)
    return (
        f"Only {len(matched)} of {len(photos)} photos have a pose. Photos without one: {some_names(without_pose)}. Poses "
        f"without a photo: {some_names(without_photo) or 'none'}. Names must agree, apart from folders and suffixes."
    )
