"""glTF files as other programs may make them: moved and turned nodes, several meshes, whole numbers, interleaved values."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.vision.splatting.formats.splats import assert_within, differences, made_up
from tests.vision.splatting.scenes import CAMERA, ball, ring_pose

from calotype.vision.geometry.rotations import matrix_from_q_wxyz
from calotype.vision.splatting.formats.frames import axes
from calotype.vision.splatting.formats.gltf import EXTENSION
from calotype.vision.splatting.formats.splat_file import Loss, SplatFile
from calotype.vision.splatting.formats.table import read_splat, write_splat
from calotype.vision.splatting.gaussians import Gaussians, concatenate
from calotype.vision.splatting.rendering import render

Document = dict[str, Any]
EXACT = Loss(opacity=2e-6, log_scale=1e-5, rotation_deg=0.001)


def glb(document: Document, data: bytes) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    whole = struct.pack("<III", 0x46546C67, 2, 28 + len(text) + len(data))
    return (
        whole
        + struct.pack("<II", len(text), 0x4E4F534A)
        + text
        + struct.pack("<II", len(data), 0x004E4942)
        + data
    )


def parts(path: Path) -> tuple[Document, bytes]:
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 12)[0]
    return json.loads(data[20 : 20 + length]), data[28 + length :]


def changed(folder: Path, made: Gaussians, change: Callable[[Document], object]) -> Gaussians:
    """What is read of our file of `made` after its JSON was changed."""
    write_splat(folder / "a.glb", SplatFile(made))
    document, data = parts(folder / "a.glb")
    change(document)
    (folder / "b.glb").write_bytes(glb(document, data))
    return read_splat(folder / "b.glb").gaussians


def test_a_node_that_turns_scales_and_moves_is_applied_to_all_of_a_splat(tmp_path: Path) -> None:
    """The picture stays when the camera goes the same way: shapes, harmonics and places are moved together."""
    scene = replace(ball(), sh=made_up(60).sh + ball().with_sh_degree(3).sh)
    q_wxyz, scale, t = [0.3, -0.5, 0.7, 0.4], 2.5, np.array([0.3, -1.0, 2.0])
    q_xyzw = [float(one) / np.linalg.norm(q_wxyz) for one in (*q_wxyz[1:], q_wxyz[0])]
    outer = {"children": [1], "scale": [scale] * 3, "translation": t.tolist()}
    inner = {"mesh": 0, "rotation": q_xyzw}
    read = changed(tmp_path, scene, lambda document: document.update(nodes=[outer, inner]))

    to_gltf = axes("LUF").target_from_source
    R = to_gltf.T @ matrix_from_q_wxyz(q_wxyz) @ to_gltf
    pose = ring_pose(0.8)
    moved = pose.copy()
    moved[:3, :3] = pose[:3, :3] @ R.T
    # The camera is as far away as everything is larger.
    moved[:3, 3] = scale * pose[:3, 3] - moved[:3, :3] @ (to_gltf.T @ t)
    np.testing.assert_allclose(render(read, CAMERA, moved).rgb, render(scene, CAMERA, pose).rgb, atol=2e-4)


def test_a_matrix_means_the_same_as_its_parts(tmp_path: Path) -> None:
    scene = made_up(30)
    R, t = matrix_from_q_wxyz([0.3, -0.5, 0.7, 0.4]), np.array([1.0, 2.0, 3.0])
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = 0.5 * R, t
    q = np.array([-0.5, 0.7, 0.4, 0.3]) / np.linalg.norm([0.3, -0.5, 0.7, 0.4])
    whole = changed(
        tmp_path, scene, lambda document: document["nodes"][0].update(matrix=matrix.T.ravel().tolist())
    )
    parted = changed(
        tmp_path,
        scene,
        lambda document: document["nodes"][0].update(
            rotation=q.tolist(), scale=[0.5] * 3, translation=t.tolist()
        ),
    )
    assert_within(differences(whole, parted), replace(EXACT, position=1e-5, sh=1e-6))


def test_a_mesh_that_is_shown_twice_is_there_twice(tmp_path: Path) -> None:
    scene = made_up(10)
    nodes = [{"mesh": 0}, {"mesh": 0, "translation": [0, 0, 5]}]
    read = changed(tmp_path, scene, lambda document: document.update(nodes=nodes, scenes=[{"nodes": [0, 1]}]))
    moved = replace(scene, means=scene.means + np.float32([0, 0, 5]))
    assert_within(differences(read, concatenate([scene, moved])), replace(EXACT, position=1e-6))


def test_only_the_default_scene_counts_and_all_meshes_where_there_is_none(tmp_path: Path) -> None:
    scene = made_up(10)

    def two_scenes(document: Document) -> None:
        document["nodes"] += [{"mesh": 0}]
        document.update(scenes=[{"nodes": [0, 1]}, {"nodes": [1]}], scene=1)

    assert len(changed(tmp_path, scene, two_scenes)) == 10
    assert (
        len(changed(tmp_path, scene, lambda document: (document.pop("scenes"), document.pop("scene")))) == 10
    )


def test_splats_of_several_degrees_are_padded_to_the_highest(tmp_path: Path) -> None:
    def lower(document: Document) -> None:
        (primitive,) = document["meshes"][0]["primitives"]
        attributes = {
            name: index for name, index in primitive["attributes"].items() if "DEGREE_2" not in name
        }
        document["meshes"][0]["primitives"] += [{**primitive, "attributes": attributes}]

    scene = made_up(10, degree=2)
    read = changed(tmp_path, scene, lower)
    assert_within(differences(read, concatenate([scene, scene.with_sh_degree(1)])), EXACT)


def test_whole_numbers_and_interleaved_values_are_what_they_stand_for(tmp_path: Path) -> None:
    """Position and rotation share a view with a stride; rotation, scale and opacity are small whole numbers."""
    record = np.dtype(
        [("mean", "<f4", 3), ("q", "<i2", 4), ("scale", "u1", 4), ("opacity", "<u2", 2), ("dc", "<f4", 3)]
    )
    rows: NDArray[Any] = np.zeros(3, record)
    rows["mean"] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    rows["q"] = [[32767, 0, 0, 0], [0, 0, 0, -32767], [23170, 0, 0, 23170]]
    rows["scale"] = [[1, 2, 3, 0], [255, 1, 1, 0], [4, 4, 4, 0]]
    rows["opacity"] = [[65535, 0], [0, 0], [32768, 0]]
    rows["dc"] = 0.25
    kinds = {"POSITION": ("mean", 5126, "VEC3", False), f"{EXTENSION}:ROTATION": ("q", 5122, "VEC4", True)}
    kinds |= {
        f"{EXTENSION}:SCALE": ("scale", 5121, "VEC3", False),
        f"{EXTENSION}:OPACITY": ("opacity", 5123, "SCALAR", True),
    }
    kinds |= {f"{EXTENSION}:SH_DEGREE_0_COEF_0": ("dc", 5126, "VEC3", False)}
    accessors = [
        {
            "bufferView": 0,
            "byteOffset": record.fields[field][1],  # type: ignore[index]
            "componentType": component,
            "type": kind,
            "count": 3,
            "normalized": normalized,
        }
        for field, component, kind, normalized in kinds.values()
    ]
    primitive = {
        "mode": 0,
        "attributes": {name: index for index, name in enumerate(kinds)},
        "extensions": {EXTENSION: {"kernel": "ellipse", "colorSpace": "srgb_rec709_display"}},
    }
    document = {
        "asset": {"version": "2.0"},
        "meshes": [{"primitives": [primitive]}],
        "accessors": accessors,
        "bufferViews": [{"buffer": 0, "byteLength": rows.nbytes, "byteStride": record.itemsize}],
        "buffers": [{"byteLength": rows.nbytes}],
    }
    (tmp_path / "a.glb").write_bytes(glb(document, rows.tobytes()))
    read = read_splat(tmp_path / "a.glb").gaussians
    np.testing.assert_array_equal(read.means, rows["mean"] * np.float32([-1, -1, 1]))
    np.testing.assert_allclose(np.exp(read.log_scales), rows["scale"][:, :3], rtol=1e-6)
    np.testing.assert_allclose(read.opacities, [1, 0, 32768 / 65535], atol=2e-6)
    np.testing.assert_array_equal(read.sh, np.full((3, 1, 3), 0.25))
    half = 0.5**0.5
    in_gltf = np.float32([[0, 1, 0, 0], [1, 0, 0, 0], [half, half, 0, 0]])
    expected = replace(read, q_wxyz=axes("LUF").inverse.q_wxyz(in_gltf))
    assert_within(differences(read, expected), Loss(rotation_deg=0.01))
