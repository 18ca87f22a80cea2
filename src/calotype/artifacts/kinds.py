"""What flows between stages: named files and folders of one kind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from calotype.errors import UnreadableInput


class Artifact(BaseModel):
    """A named file or folder on the local disk. Values only: what the bytes mean is read by the kind's own functions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_folder: ClassVar[bool] = False
    """Whether `path` is a folder; a folder is stored as a manifest that lists its files."""
    suffixes: ClassVar[tuple[str, ...]] = ()
    """File name endings that this kind may have; empty for any."""

    name: str
    """Name within its set, with `/` between folders: `left/0001.jpg`."""
    path: Path
    """Where the bytes lie, readable and not to be changed."""

    @property
    def stem(self) -> str:
        """The name without its last suffix: `left/0001`."""
        head, dot, tail = self.name.rpartition(".")
        return head if dot and "/" not in tail else self.name

    @classmethod
    def check_given(cls, path: Path, names_by_kind: Mapping[str, Sequence[str]]) -> None:
        """Nothing, if what a user brings as this kind can be it; UnreadableInput otherwise, before a run is made.

        `names_by_kind` are the names of the run's other inputs, for a kind that must fit them.
        """

    @classmethod
    def companions(cls, path: Path) -> tuple[Path, ...]:
        """Files in or below the folder of a file given as a folder kind that belong to it, and are stored with it."""
        return ()


class Image(Artifact):
    """A photo or picture. After `prepare`: sRGB, 8 bits, upright, EXIF kept."""

    suffixes = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".bmp")


class Video(Artifact):
    """A film."""

    suffixes = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")


class Mask(Artifact):
    """uint8 PNG of 0 and 255, same size as its image; named `<image>_<instance>.png` where instances exist."""

    suffixes = (".png",)


class Cameras(Artifact):
    """Poses and intrinsics: a folder with a COLMAP binary model (`cameras.bin`, `images.bin`, ...) and `transforms.json`."""

    is_folder = True

    @classmethod
    def check_given(cls, path: Path, names_by_kind: Mapping[str, Sequence[str]]) -> None:
        from calotype.artifacts.given_poses import load_poses, photo_of_frame

        frames = [frame.name for frame in load_poses(path).frames]
        if photos := names_by_kind.get("Image"):
            try:
                photo_of_frame(frames, photos)
            except UnreadableInput as error:
                raise UnreadableInput(f"{path} does not fit these photos. {error}") from error

    @classmethod
    def companions(cls, path: Path) -> tuple[Path, ...]:
        from calotype.artifacts.transforms_json import points_beside

        points = points_beside(path)
        return () if points is None else (points,)


class DepthMap(Artifact):
    """z-depth, float32, in scene units, 0 where unknown: `.npy` of shape [h, w]."""

    suffixes = (".npy",)


class PointCloud(Artifact):
    """Coloured points in the world frame, PLY."""

    suffixes = (".ply",)


class Splat(Artifact):
    """Gaussians in the world frame, in the 3DGS PLY layout."""

    suffixes = (".ply", ".spz", ".sog", ".splat", ".glb")


class Mesh(Artifact):
    """A triangle mesh."""

    suffixes = (".ply", ".glb", ".obj")


class Annotations(Artifact):
    """Boxes, polygons, masks or keypoints that belong to images, JSON."""

    suffixes = (".json",)


class Model(Artifact):
    """Trained weights with their configuration: a folder."""

    is_folder = True


class Report(Artifact):
    """Figures or a page about a result: `.json` for programs, `.html` for people."""

    suffixes = (".json", ".html")


class Gallery(Artifact):
    """Pictures that belong together and are only looked at: a folder."""

    is_folder = True


BUILTIN_KINDS: tuple[type[Artifact], ...] = (
    Image,
    Video,
    Mask,
    Cameras,
    DepthMap,
    PointCloud,
    Splat,
    Mesh,
    Annotations,
    Model,
    Report,
    Gallery,
)
