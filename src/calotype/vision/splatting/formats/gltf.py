"""Write glTF with KHR_gaussian_splatting, as one binary file (.glb): all numbers as floats, nothing lost but the last digits.

Source: KHR_gaussian_splatting of the Khronos Group (release candidate of 2026-07). The axes of glTF are y up and z forward, with x
to the left; positions, rotations and harmonics are turned into them, as the document asks, rather than left to a node.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calotype import __version__
from calotype.errors import InputError
from calotype.vision.splatting.formats.frames import axes
from calotype.vision.splatting.formats.quaternions import unit
from calotype.vision.splatting.formats.splat_file import Loss, beyond, rows
from calotype.vision.splatting.gaussians import SH_C0, Float32, Gaussians, sigmoid

EXTENSION = "KHR_gaussian_splatting"
GLTF_AXES = axes("LUF")
MAGIC, VERSION = 0x46546C67, 2
JSON_CHUNK, BIN_CHUNK = 0x4E4F534A, 0x004E4942
FLOAT, UNSIGNED_BYTE = 5126, 5121
POINTS = 0

_ARRAY_BUFFER = 34962
_LONGEST = (1 << 32) - 1
_LOG_SCALES = (float(np.log(np.finfo(np.float32).tiny)), float(np.log(np.finfo(np.float32).max)))


@dataclass(frozen=True)
class _Attribute:
    """One attribute of the points: what it is called, of how many numbers it consists, and its values for some rows."""

    name: str
    kind: str
    width: int
    values: Callable[[slice], NDArray[Any]]
    is_byte: bool = False


def sh_attributes(degree: int) -> list[str]:
    """Names of the attributes with the harmonics from degree 0, in our order of coefficients."""
    return [
        f"{EXTENSION}:SH_DEGREE_{band}_COEF_{index}"
        for band in range(degree + 1)
        for index in range(2 * band + 1)
    ]


def write_glb(path: Path, gaussians: Gaussians, *, antialiased: bool = False) -> None:
    """Write a .glb file; where `antialiased`, the extension's `extras` say so, as it has no word of its own for that.

    Raises InputError for more Gaussians than 4 GB hold.
    """
    n = len(gaussians)
    attributes = _attributes(gaussians) if n else []
    length = sum(n * one.width * (1 if one.is_byte else 4) for one in attributes)
    text = json.dumps(_document(gaussians, attributes, length, antialiased), separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    whole = 20 + len(text) + (8 + length if n else 0)
    if whole > _LONGEST:
        raise InputError(
            f"{n} Gaussians are more than a .glb file holds (4 GB). Split the scene, or write SOG or SPZ."
        )
    with path.open("wb") as file:
        file.write(struct.pack("<III", MAGIC, VERSION, whole))
        file.write(struct.pack("<II", len(text), JSON_CHUNK) + text)
        if n:
            file.write(struct.pack("<II", length, BIN_CHUNK))
        for attribute in attributes:
            for part in rows(n):
                file.write(attribute.values(part).astype("u1" if attribute.is_byte else "<f4").tobytes())


def gltf_loss(gaussians: Gaussians) -> Loss:
    """What glTF changes: the last digits of scales and opacities."""
    return Loss(
        opacity=2e-6,
        log_scale=1e-5 + beyond(gaussians.log_scales, *_LOG_SCALES),
        rotation_deg=0.001,
    )


def _attributes(gaussians: Gaussians) -> list[_Attribute]:
    """All numbers of the Gaussians in glTF's axes, and a colour for programs that only know points."""

    def coefficient(index: int) -> Callable[[slice], Float32]:
        if index == 0:
            return lambda part: gaussians.sh[part, 0]
        band = int(index**0.5)
        first = band**2
        # The band alone is turned: harmonics of different degrees do not mix.
        return lambda part: GLTF_AXES.band(band, gaussians.sh[part, first : (band + 1) ** 2])[
            :, index - first
        ]

    found = [
        _Attribute("POSITION", "VEC3", 3, lambda part: GLTF_AXES.means(gaussians.means[part])),
        _Attribute("COLOR_0", "VEC4", 4, lambda part: _point_colours(gaussians, part), is_byte=True),
        _Attribute(
            f"{EXTENSION}:ROTATION",
            "VEC4",
            4,
            lambda part: np.roll(GLTF_AXES.q_wxyz(unit(gaussians.q_wxyz[part])), -1, axis=1),
        ),
        _Attribute(
            f"{EXTENSION}:SCALE",
            "VEC3",
            3,
            lambda part: np.exp(np.clip(gaussians.log_scales[part], *_LOG_SCALES)),
        ),
        _Attribute(
            f"{EXTENSION}:OPACITY", "SCALAR", 1, lambda part: sigmoid(gaussians.logit_opacities[part])
        ),
    ]
    return found + [
        _Attribute(name, "VEC3", 3, coefficient(index))
        for index, name in enumerate(sh_attributes(gaussians.sh_degree))
    ]


def _point_colours(gaussians: Gaussians, part: slice) -> NDArray[np.uint8]:
    """[n, 4]: colour of degree 0 and opacity; glTF's colours of points are linear."""
    srgb = np.clip(gaussians.sh[part, 0] * np.float32(SH_C0) + np.float32(0.5), 0, 1)
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    rgba = np.concatenate([linear, sigmoid(gaussians.logit_opacities[part])[:, None]], axis=1)
    return np.rint(rgba * 255).astype(np.uint8)


def _document(
    gaussians: Gaussians, attributes: list[_Attribute], length: int, antialiased: bool
) -> dict[str, Any]:
    asset = {"version": "2.0", "generator": f"calotype {__version__}"}
    if not attributes:
        # An accessor of nothing is not allowed: a scene without Gaussians has no mesh.
        return {"asset": asset, "extensionsUsed": [EXTENSION], "scene": 0, "scenes": [{"name": "splat"}]}
    extension: dict[str, Any] = {
        "kernel": "ellipse",
        "colorSpace": "srgb_rec709_display",
        "projection": "perspective",
        "sortingMethod": "cameraDistance",
    }
    if antialiased:
        extension["extras"] = {"antialiased": True}
    primitive = {
        "attributes": {one.name: index for index, one in enumerate(attributes)},
        "mode": POINTS,
        "extensions": {EXTENSION: extension},
    }
    views, accessors = _layout(gaussians, attributes)
    return {
        "asset": asset,
        "extensionsUsed": [EXTENSION],
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "splat"}],
        "meshes": [{"primitives": [primitive]}],
        "accessors": accessors,
        "bufferViews": views,
        "buffers": [{"byteLength": length}],
    }


def _layout(
    gaussians: Gaussians, attributes: list[_Attribute]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Buffer views and accessors: each attribute lies in one piece, one after the other."""
    views: list[dict[str, Any]] = []
    accessors: list[dict[str, Any]] = []
    offset = 0
    for index, one in enumerate(attributes):
        size = len(gaussians) * one.width * (1 if one.is_byte else 4)
        views.append({"buffer": 0, "byteOffset": offset, "byteLength": size, "target": _ARRAY_BUFFER})
        accessor: dict[str, Any] = {
            "bufferView": index,
            "componentType": UNSIGNED_BYTE if one.is_byte else FLOAT,
            "count": len(gaussians),
            "type": one.kind,
        }
        if one.is_byte:
            accessor["normalized"] = True
        if one.name == "POSITION":
            corners = np.stack([gaussians.means.min(axis=0), gaussians.means.max(axis=0)])
            turned = GLTF_AXES.means(corners)
            accessor["min"], accessor["max"] = turned.min(axis=0).tolist(), turned.max(axis=0).tolist()
        accessors.append(accessor)
        offset += size
    return views, accessors
