from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calotype.errors import UnreadableInput
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.ply import read_splat_ply, write_splat_ply


def unit_gaussians(n: int, degree: int, seed: int = 0) -> Gaussians:
    rng = np.random.default_rng(seed)
    q = rng.normal(size=(n, 4))
    return Gaussians(
        means=rng.normal(size=(n, 3)).astype(np.float32),
        q_wxyz=(q / np.linalg.norm(q, axis=1, keepdims=True)).astype(np.float32),
        log_scales=rng.normal(-3, 0.5, size=(n, 3)).astype(np.float32),
        logit_opacities=rng.normal(size=n).astype(np.float32),
        sh=rng.normal(size=(n, (degree + 1) ** 2, 3)).astype(np.float32),
    )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 50), st.integers(0, 3))
def test_what_is_written_is_read_back(tmp_path: Path, n: int, degree: int) -> None:
    made = unit_gaussians(n, degree)
    write_splat_ply(tmp_path / "a.ply", made)
    read = read_splat_ply(tmp_path / "a.ply")
    for name in ("means", "log_scales", "logit_opacities", "sh"):
        np.testing.assert_array_equal(getattr(read, name), getattr(made, name))
    np.testing.assert_allclose(read.q_wxyz, made.q_wxyz, atol=1e-6)


def test_harmonics_are_stored_channel_by_channel(tmp_path: Path) -> None:
    made = unit_gaussians(1, 1)
    write_splat_ply(tmp_path / "a.ply", made)
    data = (tmp_path / "a.ply").read_bytes()
    header, body = data.split(b"end_header\n")
    names = [line.split()[-1] for line in header.decode().splitlines() if line.startswith("property")]
    record = dict(zip(names, np.frombuffer(body, "<f4"), strict=True))
    assert record["f_rest_0"] == made.sh[0, 1, 0]
    assert record["f_rest_1"] == made.sh[0, 2, 0]
    assert record["f_rest_3"] == made.sh[0, 1, 1]
    assert record["f_rest_8"] == made.sh[0, 3, 2]


def test_properties_may_stand_in_any_order_and_have_other_types(tmp_path: Path) -> None:
    names = [
        "opacity",
        "z",
        "y",
        "x",
        "rot_3",
        "rot_2",
        "rot_1",
        "rot_0",
        "scale_2",
        "scale_1",
        "scale_0",
        "f_dc_2",
        "f_dc_1",
        "f_dc_0",
    ]
    table = np.zeros(3, dtype=[(name, "<f8") for name in names] + [("extra", "u1")])
    for i, name in enumerate(names):
        table[name] = i + np.arange(3) / 10
    header = "ply\nformat binary_little_endian 1.0\ncomment by hand\nelement vertex 3\n"
    header += "".join(f"property double {name}\n" for name in names) + "property uchar extra\nend_header\n"
    (tmp_path / "a.ply").write_bytes(header.encode() + table.tobytes())
    read = read_splat_ply(tmp_path / "a.ply")
    np.testing.assert_allclose(read.means[1], [3.1, 2.1, 1.1], rtol=1e-6)
    np.testing.assert_allclose(read.q_wxyz[0], [7, 6, 5, 4])
    np.testing.assert_allclose(read.sh[2, 0], [13.2, 12.2, 11.2], rtol=1e-6)


def test_every_truncation_is_unreadable_and_never_a_crash(tmp_path: Path) -> None:
    write_splat_ply(tmp_path / "a.ply", unit_gaussians(4, 0))
    data = (tmp_path / "a.ply").read_bytes()
    for length in range(0, len(data), 7):
        (tmp_path / "cut.ply").write_bytes(data[:length])
        with pytest.raises(UnreadableInput):
            read_splat_ply(tmp_path / "cut.ply")


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"not a ply",
        b"ply\nend_header\n",
        b"ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\n",
        b"ply\nformat binary_little_endian 1.0\nelement vertex 99999999999999999999\nproperty float x\nend_header\n",
        b"ply\nformat binary_little_endian 1.0\nelement vertex -5\nproperty float x\nend_header\n",
        b"ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty list uchar int x\nend_header\n",
        b"ply\nformat binary_little_endian 1.0\nelement vertex 0\nproperty float x\nproperty float x\nend_header\n",
        b"ply\nformat binary_little_endian 1.0\nelement vertex 0\nproperty float x\nend_header\n",
        b"ply\nformat binary_little_endian 1.0\nelement face 0\nproperty float x\nend_header\n",
        b"ply\n" + b"comment x\n" * 20_000 + b"end_header\n",
        b"ply\nformat binary_little_endian 1.0\nelement vertex 1\n\xff\xfe property\nend_header\n",
    ],
)
def test_hostile_headers_are_unreadable(tmp_path: Path, header: bytes) -> None:
    (tmp_path / "bad.ply").write_bytes(header)
    with pytest.raises(UnreadableInput):
        read_splat_ply(tmp_path / "bad.ply")
