"""Read SOG files of anybody's making: a zip file, or a folder's `meta.json`; nothing they say is believed before it was checked."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from calotype.errors import UnreadableInput
from calotype.vision.splatting.formats.quaternions import ROOT_HALF, from_smallest_three
from calotype.vision.splatting.formats.sog import ANTIALIASED, LEVELS, PALETTE_COLUMNS, TAG
from calotype.vision.splatting.formats.splat_file import SplatFile, check_count, logits, rows
from calotype.vision.splatting.gaussians import Float32, Gaussians

_META = "meta.json"
_MOST_META = 4 << 20
_MOST_COLOURS = 65_536
_TAIL, _END, _LONGEST_DIRECTORY = 65_557, 22, 65_536
_MARGIN = 65_536  # so many pixels more than Gaussians are nobody's harm


def read_sog(path: Path) -> SplatFile:
    """The content of a SOG file of version 2: a bundle, or the `meta.json` that lies beside its pictures.

    Raises UnreadableInput for anything else, and for what is truncated, contradicts itself, or has pictures far larger than
    its Gaussians need.
    """
    if path.name == _META:
        folder = path.parent
        return _Reading(path, lambda name, most: _beside(path, folder, name, most)).splat()
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as bundle:
            return _Reading(path, lambda name, most: _member(path, bundle, name, most)).splat()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        # zipfile tells damage in all of these ways: an encrypted member is a RuntimeError, a bad offset an OSError.
        raise UnreadableInput(
            f"{path.name} is no SOG file, or is damaged ({error}). Copy or export it anew."
        ) from error


def _check_directory(path: Path) -> None:
    """Nothing, if the zip file's list of members is short: zipfile would make an object of each of millions."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + _END:
        raise UnreadableInput(f"{path.name} is no SOG file, or is truncated. Copy or export it anew.")
    length = struct.unpack_from("<I", tail, end + 12)[0]
    if length > _LONGEST_DIRECTORY or tail[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        raise UnreadableInput(f"{path.name} is no SOG file: it lists far more than one has. Export it anew.")


def _member(path: Path, bundle: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        with bundle.open(name) as member:
            data = member.read(most + 1)
    except KeyError as error:
        raise UnreadableInput(f"{path.name} is no SOG file, or is damaged: it holds no {name}.") from error
    return _not_more(path, name, data, most)


def _beside(path: Path, folder: Path, name: str, most: int) -> bytes:
    if name != Path(name).name or name in (".", "..", ""):
        raise UnreadableInput(f"{path.name} names a file outside its folder: {name[:80]!r}.")
    try:
        with (folder / name).open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UnreadableInput(f"{path.name} needs {name} beside it: {error.strerror}.") from error
    return _not_more(path, name, data, most)


def _not_more(path: Path, name: str, data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise UnreadableInput(f"{path.name}: {name} is larger than its Gaussians can need ({most} bytes).")
    return data


class _Reading:
    """One file while it is read; `fetch(name, most)` gives the bytes of a member, of which more than `most` are refused."""

    def __init__(self, path: Path, fetch: Callable[[str, int], bytes]) -> None:
        self._path = path
        self._fetch = fetch

    def splat(self) -> SplatFile:
        meta = self._meta()
        n = self._whole(meta.get("count"), "count")
        self._count = n
        files = self._path.parent.glob("*") if self._path.name == _META else (self._path,)
        check_count(self._path, n, sum(one.stat().st_size for one in files if one.is_file()))
        colours = self._texels(meta, "sh0", 0)
        gaussians = Gaussians(
            means=self._means(meta),
            q_wxyz=self._rotations(meta),
            log_scales=self._looked_up(meta, "scales", self._texels(meta, "scales", 0)[:, :3]),
            logit_opacities=logits(colours[:, 3] / np.float32(255)),
            sh=self._harmonics(meta, self._looked_up(meta, "sh0", colours[:, :3])),
        )
        return SplatFile(gaussians, meta.get("model") == ANTIALIASED or meta.get("antialias") is True)

    def _meta(self) -> dict[str, Any]:
        try:
            meta = json.loads(self._fetch(_META, _MOST_META))
        except (ValueError, RecursionError) as error:
            raise self._damaged("its meta.json is no JSON") from error
        if not isinstance(meta, dict):
            raise self._damaged("its meta.json is no object")
        if meta.get("version") != 2:
            raise UnreadableInput(
                f"{self._path.name} is SOG version {str(meta.get('version', 1))[:20]}; version 2 is read. "
                "Convert it with SplatTransform, or export it anew."
            )
        return cast(dict[str, Any], meta)

    def _means(self, meta: dict[str, Any]) -> Float32:
        low = self._numbers(meta, "means", "mins", 3)
        span = self._numbers(meta, "means", "maxs", 3) - low
        lower, upper = self._texels(meta, "means", 0), self._texels(meta, "means", 1)
        means = np.empty((self._count, 3), np.float32)
        for part in rows(self._count):
            levels = lower[part, :3] + upper[part, :3].astype(np.float64) * 256
            curved = low + span * (levels / LEVELS)
            means[part] = np.sign(curved) * np.expm1(np.abs(curved))
        return means

    def _rotations(self, meta: dict[str, Any]) -> Float32:
        texels = self._texels(meta, "quats", 0)
        if self._count and int(texels[:, 3].min()) < TAG:
            raise self._damaged("a rotation is of no known kind")
        q_wxyz = np.empty((self._count, 4), np.float32)
        for part in rows(self._count):
            others = (texels[part, :3] / np.float32(255) - np.float32(0.5)) * np.float32(2 * ROOT_HALF)
            q_wxyz[part] = from_smallest_three(
                texels[part, 3].astype(np.intp) - TAG, others.astype(np.float32)
            )
        return q_wxyz

    def _harmonics(self, meta: dict[str, Any], dc: Float32) -> Float32:
        """[n, k, 3] with the higher degrees, where there are any."""
        higher = meta.get("shN")
        if higher is None:
            return dc[:, None]
        part = self._part(meta, "shN")
        bands, size = self._whole(part.get("bands"), "bands"), self._whole(part.get("count"), "palette")
        if bands == 0:
            return dc[:, None]
        if bands > 3 or size > _MOST_COLOURS:
            raise self._damaged(f"harmonics of degree {bands}, a palette of {size}")
        k = (bands + 1) ** 2 - 1
        picture = self._picture(meta, "shN", 0, 2 * _MOST_COLOURS * k)
        if picture.shape[1] != PALETTE_COLUMNS * k:
            raise self._damaged("its palette is not as wide as its degree needs")
        entries = picture[..., :3].reshape(-1, k, 3)[:size]
        labels = self._texels(meta, "shN", 1)
        label = labels[:, 0] + labels[:, 1].astype(np.intp) * 256
        if self._count and int(label.max()) >= len(entries):
            raise self._damaged("a Gaussian's harmonics are not in its palette")
        found = self._looked_up(meta, "shN", entries)
        sh = np.empty((self._count, k + 1, 3), np.float32)
        sh[:, 0] = dc
        for one in rows(self._count):
            sh[one, 1:] = found[label[one]]
        return sh

    def _looked_up(self, meta: dict[str, Any], name: str, entries: NDArray[np.uint8]) -> Float32:
        listed = self._part(meta, name).get("codebook")
        if not isinstance(listed, list) or not 1 <= len(cast(list[Any], listed)) <= 256:
            raise self._damaged(f"{name} has no codebook")
        values = cast(list[Any], listed)
        if values[0] is None and len(values) == 256:
            # Early writers lost the first entry when it was infinite; PlayCanvas goes on from its neighbours.
            values = [_before(values), *values[1:]]
        book = self._floats(values, name)
        if entries.size and int(entries.max()) >= len(book):
            raise self._damaged(f"an entry of {name} is not in its codebook")
        return book.astype(np.float32)[entries]

    def _texels(self, meta: dict[str, Any], name: str, index: int) -> NDArray[np.uint8]:
        """[n, 4]: the pixels of the Gaussians, in order."""
        picture = self._picture(meta, name, index, 2 * self._count + _MARGIN)
        if picture.shape[0] * picture.shape[1] < self._count:
            raise self._damaged(f"{name} has fewer pixels than there are Gaussians")
        return picture.reshape(-1, 4)[: self._count]

    def _picture(self, meta: dict[str, Any], name: str, index: int, most: int) -> NDArray[np.uint8]:
        """[h, w, 4]; its size is judged before its pixels are unpacked."""
        from PIL import Image

        files = self._part(meta, name).get("files")
        if not isinstance(files, list) or len(cast(list[Any], files)) <= index:
            raise self._damaged(f"{name} names no files")
        file = cast(list[Any], files)[index]
        if not isinstance(file, str):
            raise self._damaged(f"{name} names no files")
        data = self._fetch(file, 5 * most + _MARGIN)
        try:
            with Image.open(io.BytesIO(data), formats=("WEBP", "PNG")) as image:
                if image.width * image.height > most:
                    raise self._damaged(f"{file[:80]} has {image.width}x{image.height} pixels")
                return np.asarray(image.convert("RGBA"))
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise self._damaged(f"{file[:80]} is no picture, or a damaged one") from error

    def _part(self, meta: dict[str, Any], name: str) -> dict[str, Any]:
        part = meta.get(name)
        if not isinstance(part, dict):
            raise self._damaged(f"its meta.json has no {name}")
        return cast(dict[str, Any], part)

    def _numbers(self, meta: dict[str, Any], name: str, field: str, count: int) -> NDArray[np.float64]:
        values = self._part(meta, name).get(field)
        if not isinstance(values, list) or len(cast(list[Any], values)) != count:
            raise self._damaged(f"{name} has no {field}")
        return self._floats(cast(list[Any], values), name)

    def _floats(self, values: list[Any], name: str) -> NDArray[np.float64]:
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
            raise self._damaged(f"{name} has something else among its numbers")
        try:
            return np.array([float(one) for one in values])
        except OverflowError as error:
            raise self._damaged(f"{name} has a number without end") from error

    def _whole(self, value: Any, what: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._damaged(f"its {what} is no number of things: {str(value)[:40]}")
        return value

    def _damaged(self, why: str) -> UnreadableInput:
        return UnreadableInput(f"{self._path.name} is no SOG file, or is damaged: {why}. Export it anew.")


def _before(values: list[Any]) -> Any:
    """The entry before a codebook's second one, going on as its others go; None where they are no numbers."""
    try:
        return values[1] + (values[1] - values[255]) / 255
    except TypeError:
        return None
