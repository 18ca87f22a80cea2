"""What a machine grants: control groups, affinity and CUDA_VISIBLE_DEVICES count."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from calotype import hardware

LISTING = """0, GPU-aa, NVIDIA H200, 143771
1, GPU-bb, NVIDIA L4, 23034
2, GPU-cc, NVIDIA GH200 480GB, [N/A]
"""


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", None), ("50000 100000", 1), ("150000 100000", 2), ("nonsense", None)]
)
def test_a_container_counts_the_cores_it_may_keep_busy(
    quota: str, cores: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpu.max").write_text(quota + "\n")
    monkeypatch.setattr(hardware, "_CGROUP", tmp_path)
    granted = len(os.sched_getaffinity(0))
    assert hardware.usable_cores() == min(granted, cores or granted)


def test_a_process_held_to_one_core_counts_one() -> None:
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
        "from calotype.hardware import usable_cores; print(usable_cores())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "1\n"


def test_a_containers_memory_is_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text(str(1 << 29))
    monkeypatch.setattr(hardware, "_CGROUP", tmp_path)
    assert hardware.usable_memory_gb() == 0.5


@pytest.mark.parametrize(
    ("visible", "names"),
    [
        (None, ["NVIDIA H200", "NVIDIA L4"]),
        ("1", ["NVIDIA L4"]),
        ("GPU-aa", ["NVIDIA H200"]),
        ("", []),
        ("-1", []),
    ],
)
def test_the_gpus_are_those_that_are_granted(visible: str | None, names: list[str]) -> None:
    found = hardware._granted_gpus(LISTING, visible)  # pyright: ignore[reportPrivateUsage]
    assert [gpu.name for gpu in found] == names
    assert all(20 < gpu.vram_gb < 150 for gpu in found)


def test_the_peak_of_memory_is_that_of_the_work_and_not_of_what_went_before() -> None:
    before = bytearray(200 << 20)
    del before
    peak = hardware.PeakMemory()
    during = bytearray(b"x" * (64 << 20))
    del during
    assert peak.gb is not None
    assert 0.06 < peak.gb < 0.15
