"""Read splats out of binary glTF files of anybody's making (KHR_gaussian_splatting), with the nodes' transforms applied."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from calotype.errors import UnreadableInput
from calotype.vision.geometry.rotations import matrix_from_q_wxyz
from calotype.vision.splatting.formats.frames import Axes
from calotype.vision.splatting.formats.gltf import (
    BIN_CHUNK,
    EXTENSION,
    GLTF_AXES,
    JSON_CHUNK,
    MAGIC,
    POINTS,
    VERSION,
    sh_attributes,
)
from calotype.vision.splatting.formats.quaternions import unit
from calotype.vision.splatting.formats.splat_file import SplatFile, check_count, logits
from calotype.vision.splatting.gaussians import Float32, Gaussians, concatenate

Array = NDArray[np.float64]

_MOST_JSON = 64 << 20
_MOST_NODES = 10_000
_COMPONENTS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
_SMALLEST = np.finfo(np.float32).tiny


class _Damaged(Exception):
    """What is wrong with the file; `read_glb` says of which."""


class _Similarity(NamedTuple):
    """x -> scale * R x + t."""

    R: Array
    t: Array
    scale: float


_NOWHERE = _Similarity(np.eye(3), np.zeros(3), 1.0)


@dataclass(frozen=True)
class _Document:
    """A file's JSON, and where its binary part lies."""

    path: Path
    json: dict[str, Any]
    start: int
    length: int


def read_glb(path: Path) -> SplatFile:
    """All splats of a .glb file in one, in our world. Harmonics are padded to the highest degree among them.

    Raises UnreadableInput for anything else, for what is truncated or contradicts itself, and for what we cannot show: compressed
    splats, linear colours, nodes that scale unevenly.
    """
    try:
        document = _opened(path)
        found = list(_splats(document))
    except _Damaged as error:
        raise UnreadableInput(
            f"{path.name} is no glTF file with a splat that can be read: {error}."
        ) from error
    if not found:
        if EXTENSION not in _list(document.json, "extensionsUsed"):
            raise UnreadableInput(f"{path.name} holds no splat: no mesh in it has {EXTENSION}.")
        return SplatFile(_nothing())
    gaussians = concatenate([one.gaussians for one in found]) if len(found) > 1 else found[0].gaussians
    return SplatFile(GLTF_AXES.inverse.gaussians(gaussians), all(one.antialiased for one in found))


def _splats(document: _Document) -> Iterator[SplatFile]:
    """Each splat; a mesh may be shown many times over, but not without end."""
    total = 0
    for primitive, place in _primitives(document):
        yield (one := _splat(document, primitive, place))
        total += len(one.gaussians)
        check_count(document.path, total, document.path.stat().st_size)


def _nothing() -> Gaussians:
    shapes = ((0, 3), (0, 4), (0, 3), (0,), (0, 1, 3))
    return Gaussians(*(np.zeros(shape, np.float32) for shape in shapes))


def _opened(path: Path) -> _Document:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(20)
        if len(head) < 20 or struct.unpack_from("<II", head) != (MAGIC, VERSION):
            raise _Damaged("it does not begin as a binary glTF 2.0 file does (a .gltf file: save it as .glb)")
        whole, length, kind = struct.unpack_from("<III", head, 8)
        if whole > size or kind != JSON_CHUNK or length > min(_MOST_JSON, whole - 20):
            raise _Damaged(f"it is truncated or damaged: {whole} bytes are announced, {size} are there")
        try:
            text = json.loads(file.read(length))
        except (ValueError, RecursionError) as error:
            raise _Damaged("its JSON is damaged") from error
        chunk = file.read(8)
    if not isinstance(text, dict):
        raise _Damaged("its JSON is no object")
    start, extent = 20 + length + 8, 0
    if len(chunk) == 8 and start <= whole:
        extent, kind = struct.unpack("<II", chunk)
        if kind != BIN_CHUNK or start + extent > whole:
            raise _Damaged("its binary part is truncated or damaged")
    return _Document(path, cast(dict[str, Any], text), start, extent)


def _primitives(document: _Document) -> Iterator[tuple[dict[str, Any], _Similarity]]:
    """Splats of the default scene with world_from_node; of all meshes, where there is no scene."""
    scenes = _list(document.json, "scenes")
    if not scenes:
        for mesh in range(len(_list(document.json, "meshes"))):
            yield from _splats_of(document, mesh, _NOWHERE)
        return
    scene = _item(document.json, "scenes", document.json.get("scene", 0))
    waiting = [(node, _NOWHERE) for node in reversed(_list(scene, "nodes"))]
    visited: set[Any] = set()
    while waiting:
        index, above = waiting.pop()
        node = _item(document.json, "nodes", index)
        if index in visited or len(visited) >= _MOST_NODES:
            raise _Damaged("a node has two parents, or there are too many nodes")
        visited.add(index)
        here = _below(above, _transform(node))
        if "mesh" in node:
            yield from _splats_of(document, node["mesh"], here)
        waiting += [(child, here) for child in reversed(_list(node, "children"))]


def _splats_of(
    document: _Document, mesh: Any, place: _Similarity
) -> Iterator[tuple[dict[str, Any], _Similarity]]:
    for primitive in _list(_item(document.json, "meshes", mesh), "primitives"):
        if isinstance(primitive, dict) and EXTENSION in _object(primitive, "extensions"):
            yield cast(dict[str, Any], primitive), place


def _transform(node: dict[str, Any]) -> _Similarity:
    """parent_from_node; `_Damaged` where it is no turn, move and even scaling."""
    if "matrix" in node:
        matrix = _numbers(node["matrix"], 16).reshape(4, 4).T
        linear, t = matrix[:3, :3], matrix[:3, 3]
    else:
        q_xyzw = _numbers(node.get("rotation", [0, 0, 0, 1]), 4)
        if not np.any(q_xyzw):
            raise _Damaged("a node's rotation is zero")
        linear = matrix_from_q_wxyz(np.roll(q_xyzw, 1)) * _numbers(node.get("scale", [1, 1, 1]), 3)
        t = _numbers(node.get("translation", [0, 0, 0]), 3)
    scale = float(np.cbrt(max(np.linalg.det(linear), 0.0)))
    if scale < 1e-12 or not np.allclose(linear @ linear.T, scale**2 * np.eye(3), atol=1e-4 * scale**2):
        raise _Damaged("a node scales unevenly or mirrors; apply its transform in the program that wrote it")
    return _Similarity(linear / scale, t, scale)


def _below(above: _Similarity, own: _Similarity) -> _Similarity:
    return _Similarity(above.R @ own.R, above.scale * (above.R @ own.t) + above.t, above.scale * own.scale)


def _splat(document: _Document, primitive: dict[str, Any], place: _Similarity) -> SplatFile:
    """One primitive as Gaussians in glTF's world."""
    extension = _object(_object(primitive, "extensions"), EXTENSION)
    if others := list(_object(extension, "extensions")):
        raise _Damaged(f"it needs {str(others[0])[:80]}, which is not read; export it uncompressed")
    kernel, space = extension.get("kernel"), extension.get("colorSpace")
    if kernel != "ellipse" or primitive.get("mode", 4) != POINTS:
        raise _Damaged(f"it has Gaussians of another kind, {str(kernel)[:40]!r}")
    if space != "srgb_rec709_display":
        raise _Damaged(f"its colours are in {str(space)[:40]!r}; srgb_rec709_display is read")
    attributes = _object(primitive, "attributes")

    def values(name: str, kind: str) -> Float32:
        if name not in attributes:
            raise _Damaged(f"{name} is missing")
        return _accessor(document, attributes[name], kind)

    means = values("POSITION", "VEC3")
    scales = values(f"{EXTENSION}:SCALE", "VEC3")
    degree = max((d for d in range(4) if sh_attributes(d)[-1] in attributes), default=0)
    sh = [values(name, "VEC3") for name in sh_attributes(degree)]
    rotations = values(f"{EXTENSION}:ROTATION", "VEC4")
    opacities = values(f"{EXTENSION}:OPACITY", "SCALAR")[:, 0]
    if {len(one) for one in (scales, rotations, opacities, *sh)} != {len(means)}:
        raise _Damaged("its attributes differ in length")
    turn = Axes(place.R)
    log_scales = np.log(np.where(scales == 0, _SMALLEST, scales) * np.float32(place.scale))
    gaussians = Gaussians(
        means=(turn.means(means) * np.float32(place.scale) + place.t.astype(np.float32)),
        q_wxyz=turn.q_wxyz(unit(np.roll(rotations, 1, axis=1))),
        log_scales=log_scales,
        logit_opacities=logits(opacities),
        sh=turn.sh(np.stack(sh, axis=1)),
    )
    return SplatFile(gaussians, _object(extension, "extras").get("antialiased") is True)


def _accessor(document: _Document, index: Any, kind: str) -> Float32:
    """[n, width] of an accessor of such a type; whole numbers become what they stand for."""
    accessor = _item(document.json, "accessors", index)
    component = accessor.get("componentType")
    if accessor.get("type") != kind or component not in _COMPONENTS or "sparse" in accessor:
        raise _Damaged(f"accessor {index} is no {kind} of floats or small whole numbers")
    view = _item(document.json, "bufferViews", accessor.get("bufferView"))
    buffer = _item(document.json, "buffers", view.get("buffer"))
    if view.get("buffer") != 0 or "uri" in buffer:
        raise _Damaged("its numbers lie in another file; save it as one .glb")
    count = _whole(accessor.get("count"))
    check_count(document.path, count, document.path.stat().st_size)
    dtype = np.dtype(_COMPONENTS[component])
    width = _WIDTHS[kind]
    own = width * dtype.itemsize
    stride = _whole(view.get("byteStride", own)) or own
    first = _whole(view.get("byteOffset", 0)) + _whole(accessor.get("byteOffset", 0))
    last = first + (count - 1) * stride + own if count else first
    limit = _whole(view.get("byteOffset", 0)) + _whole(view.get("byteLength"))
    if stride < own or last > min(document.length, limit):
        raise _Damaged(f"it is truncated: accessor {index} reaches beyond its data")
    if stride == own:
        raw = np.fromfile(document.path, dtype, count * width, offset=document.start + first)
        table = raw.reshape(count, width)
    else:
        data = np.fromfile(document.path, np.uint8, last - first, offset=document.start + first)
        table = np.ndarray((count, width), dtype, data.data, 0, (stride, dtype.itemsize))
    if dtype.kind == "f" or accessor.get("normalized") is not True:
        return np.ascontiguousarray(table, np.float32)
    return np.maximum(table / np.float32(np.iinfo(dtype).max), np.float32(-1)).astype(np.float32)


def _item(owner: dict[str, Any], name: str, index: Any) -> dict[str, Any]:
    items = _list(owner, name)
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(items):
        raise _Damaged(f"it has no {name}[{str(index)[:20]}]")
    if not isinstance(items[index], dict):
        raise _Damaged(f"{name}[{index}] is no object")
    return cast(dict[str, Any], items[index])


def _list(owner: dict[str, Any], name: str) -> list[Any]:
    value = owner.get(name, [])
    if not isinstance(value, list):
        raise _Damaged(f"{name} is no list")
    return cast(list[Any], value)


def _object(owner: Any, name: str) -> dict[str, Any]:
    value = cast(dict[str, Any], owner).get(name, {})
    if not isinstance(value, dict):
        raise _Damaged(f"{name} is no object")
    return cast(dict[str, Any], value)


def _numbers(value: Any, count: int) -> Array:
    if (
        not isinstance(value, list)
        or len(cast(list[Any], value)) != count
        or not all(isinstance(one, int | float) and abs(one) < 1e30 for one in cast(list[Any], value))
    ):
        raise _Damaged("a node's transform is no list of numbers")
    return np.array(value, np.float64)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 40:
        raise _Damaged(f"{str(value)[:40]} is no number of bytes or things")
    return value
