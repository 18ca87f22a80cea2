"""COLMAP's SQLite database as the checkpoint of feature extraction and matching."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype.vision.sfm.features import Descriptors, Features, FeatureSettings
from calotype.vision.sfm.photos import CameraGroup, Photo

# COLMAP numbers a pair of images as MAX_IMAGES * smaller + larger.
_MAX_IMAGES = 2147483647
_COUNTS = "SELECT image_id, rows FROM keypoints"

Pair = tuple[int, int]
"""Image ids, the smaller first."""


class MatchDatabase:
    """Photos, keypoints and matches on disk; between two calls no connection is open, so the file may be copied.

    Images are called `000001`, `000002`, ... inside, in the order of the photos, because COLMAP's list of pairs cannot hold
    names with blanks. Image ids equal these numbers.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self, photos: Sequence[Photo], groups: Sequence[CameraGroup], model: str) -> bool:
        """Write photos and cameras, unless the file already holds the same; True if work of an earlier run is there."""
        signature = _signature(photos, groups, model)
        if self.path.exists() and self.state("photos") == signature:
            return self.image_ids_with_features() != set()
        for leftover in (self.path, *_companions(self.path)):
            leftover.unlink(missing_ok=True)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._write_images(photos, groups, model)
        self.set_state("photos", signature)
        return False

    def settings(self) -> FeatureSettings | None:
        """The settings that the stored keypoints were found with, None if there are none."""
        text = self.state("features")
        return None if text is None else FeatureSettings(**json.loads(text))

    def begin_features(self, settings: FeatureSettings) -> None:
        """Forget keypoints and matches that were found with other settings."""
        if self.settings() == settings:
            return
        with closing(sqlite3.connect(self.path)) as connection, connection:
            for table in ("keypoints", "descriptors", "matches", "two_view_geometries"):
                connection.execute(f"DELETE FROM {table}")
        self.set_state("features", json.dumps(asdict(settings)))

    def add_features(self, found: Iterable[tuple[int, Features]]) -> None:
        """Write keypoints and descriptors of images, in one transaction."""
        import pycolmap

        with closing(_open(self.path)) as database, pycolmap.DatabaseTransaction(database):
            for image_id, features in found:
                database.write_keypoints(image_id, features.keypoints)
                kinds, rows = pycolmap.FeatureExtractorType, features.descriptors
                kind = kinds.SIFT if rows.dtype == np.uint8 else kinds.UNDEFINED
                database.write_descriptors(image_id, pycolmap.FeatureDescriptors(kind, rows.view(np.uint8)))
        self.settle()

    def image_ids_with_features(self) -> set[int]:
        return {image_id for image_id, _ in self._rows("SELECT image_id, 0 FROM descriptors")}

    def feature_counts(self) -> dict[int, int]:
        """Number of keypoints by image id."""
        return dict(self._rows(_COUNTS))

    def pairs_done(self) -> set[Pair]:
        """Pairs that were compared, whatever came of it."""
        return {_pair(pair_id) for pair_id, _ in self._rows("SELECT pair_id, rows FROM two_view_geometries")}

    def verified_matches(self) -> dict[Pair, int]:
        """Number of geometrically consistent matches by pair, pairs without any left out."""
        rows = self._rows("SELECT pair_id, rows FROM two_view_geometries WHERE rows > 0")
        return {_pair(pair_id): count for pair_id, count in rows}

    def first_descriptors(self, count: int) -> dict[int, Descriptors]:
        """Descriptors [<= count, d] of each image's first keypoints, those most likely to be found again."""
        with closing(sqlite3.connect(self.path)) as connection:
            query = (
                "SELECT image_id, type, cols, substr(data, 1, cols * ?) FROM descriptors ORDER BY image_id"
            )
            rows = connection.execute(query, (count,)).fetchall()
        return {image_id: _descriptors(kind, cols, data) for image_id, kind, cols, data in rows}

    def descriptors(self, image_id: int) -> Descriptors:
        """All descriptors [n, d] of an image that has keypoints."""
        with closing(sqlite3.connect(self.path)) as connection:
            query = "SELECT type, cols, data FROM descriptors WHERE image_id = ?"
            return _descriptors(*connection.execute(query, (image_id,)).fetchone())

    def replace_matches(self, found: Mapping[Pair, NDArray[np.uint32]]) -> None:
        """Write matches [n, 2] of pairs (rows of the first image's keypoints, then the second's), not verified yet."""
        import pycolmap

        with closing(_open(self.path)) as database, pycolmap.DatabaseTransaction(database):
            for (a, b), matches in found.items():
                # A run that was killed before they were verified has left some.
                if database.exists_matches(a, b):
                    database.delete_matches(a, b)
                database.write_matches(a, b, matches)

    def state(self, key: str) -> str | None:
        """A note of ours in the file; None if it is absent or the file is not a database of ours."""
        try:
            with closing(sqlite3.connect(self.path)) as connection:
                row = connection.execute("SELECT value FROM calotype_state WHERE key = ?", (key,)).fetchone()
        except sqlite3.DatabaseError:
            return None
        return None if row is None else str(row[0])

    def set_state(self, key: str, value: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS calotype_state (key TEXT PRIMARY KEY, value TEXT)")
            connection.execute("INSERT OR REPLACE INTO calotype_state VALUES (?, ?)", (key, value))
        self.settle()

    def settle(self) -> None:
        """Fold the write-ahead log into the file, so that a copy of this one file is whole."""
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")

    def copy_to(self, target: Path) -> Path:
        """A copy for a mapper, which writes into the file it is given."""
        # A mapper that died may have left its write-ahead log, which would be folded into the new copy.
        for stale in (target, *_companions(target)):
            stale.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return target

    def _rows(self, query: str) -> list[tuple[int, int]]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(query).fetchall()

    def _write_images(self, photos: Sequence[Photo], groups: Sequence[CameraGroup], model: str) -> None:
        import pycolmap

        group_of = {name: number for number, group in enumerate(groups) for name in group.photos}
        with closing(_open(self.path)) as database, pycolmap.DatabaseTransaction(database):
            rigs = [_write_camera(database, group, model) for group in groups]
            for number, photo in enumerate(photos, start=1):
                camera_id, rig_id = rigs[group_of[photo.name]]
                image = pycolmap.Image(name=image_name(number), camera_id=camera_id, image_id=number)
                database.write_image(image, use_image_id=True)
                frame = pycolmap.Frame()
                frame.frame_id, frame.rig_id = number, rig_id
                frame.add_data_id(image.data_id)
                database.write_frame(frame, use_frame_id=True)


def image_name(image_id: int) -> str:
    """What the photo with this number is called inside the database."""
    return f"{image_id:06d}"


def write_pair_list(path: Path, pairs: Iterable[Pair]) -> Path:
    """COLMAP's list of image pairs, one a line."""
    path.write_text("".join(f"{image_name(a)} {image_name(b)}\n" for a, b in pairs), encoding="ascii")
    return path


def _companions(database: Path) -> list[Path]:
    """What SQLite may keep beside the file."""
    return [database.with_name(database.name + suffix) for suffix in ("-wal", "-shm", "-journal")]


def _descriptors(kind: int, cols: int, data: bytes | None) -> Descriptors:
    """The rows of a descriptor blob: COLMAP's type 0 is SIFT, ours (-1, none of COLMAP's) has two bytes a number."""
    number = np.uint8 if kind == 0 else np.float16
    return np.frombuffer(data or b"", number).reshape(-1, max(1, cols // np.dtype(number).itemsize))


def _pair(pair_id: int) -> Pair:
    return pair_id // _MAX_IMAGES, pair_id % _MAX_IMAGES


def _open(path: Path) -> Any:
    import pycolmap

    return pycolmap.Database.open(path)


def _write_camera(database: Any, group: CameraGroup, model: str) -> tuple[int, int]:
    """Ids of the group's camera and of the rig that holds nothing else."""
    import pycolmap

    # Without EXIF: the view of a 43 mm lens on full frame, between phones and zooms, which is also COLMAP's guess.
    focal_px = group.focal_px or 1.2 * max(group.width, group.height)
    camera = pycolmap.Camera.create_from_model_name(0, model, focal_px, group.width, group.height)
    camera.has_prior_focal_length = group.focal_px is not None
    camera.camera_id = database.write_camera(camera)
    rig = pycolmap.Rig()
    rig.add_ref_sensor(camera.sensor_id)
    return camera.camera_id, database.write_rig(rig)


def _signature(photos: Sequence[Photo], groups: Sequence[CameraGroup], model: str) -> str:
    """Changes when the photos, their sizes, their grouping or the lens model do."""
    facts = [(photo.name, photo.width, photo.height, photo.path.stat().st_size) for photo in photos]
    cameras = [(group.photos, group.focal_px) for group in groups]
    return hashlib.sha256(json.dumps([1, facts, cameras, model]).encode()).hexdigest()
