"""What this machine grants the process that asks: cores, memory, disk, GPUs."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_MIB_PER_GIB = 1024


@dataclass(frozen=True)
class Hardware:
    """What there is to work with."""

    cores: int
    memory_gb: float
    """Memory that this process may use: the machine's, or its container's limit."""
    free_disk_gb: float


@dataclass(frozen=True)
class Gpu:
    """One graphics processor."""

    name: str
    vram_gb: float


def this_hardware(disk: Path) -> Hardware:
    """The machine we are on, and the disk that a path lies on."""
    while not disk.exists():
        disk = disk.parent
    return Hardware(usable_cores(), usable_memory_gb(), shutil.disk_usage(disk).free / 2**30)


def usable_cores() -> int:
    """Cores that this process may keep busy: containers and `taskset` grant fewer than the machine has."""
    # macOS cannot say how many a process may run on.
    granted = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _cpu_quota()
    return granted if quota is None else max(1, min(granted, math.ceil(quota)))


def _cpu_quota() -> float | None:
    """Cores' worth of time that the control group may use; None without a limit."""
    try:
        quota, period = (_CGROUP / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            quota = (_CGROUP / "cpu/cpu.cfs_quota_us").read_text()
            period = (_CGROUP / "cpu/cpu.cfs_period_us").read_text()
        except OSError:
            return None
    try:
        return float(quota) / float(period) if float(quota) > 0 else None
    except ValueError:
        return None  # "max"


def usable_memory_gb() -> float:
    """The machine's memory, or the control group's limit where that is less, in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            memory = min(memory, int((_CGROUP / limit).read_text()))
        except (OSError, ValueError):
            continue  # No such control group, or "max": no limit.
    return memory / 2**30


class PeakMemory:
    """The most memory this process takes from now on, above what it has now. Linux tells; elsewhere nothing is known."""

    def __init__(self) -> None:
        try:
            # Ask for a new peak to be kept: that of earlier work would hide ours (man 5 proc, clear_refs).
            Path("/proc/self/clear_refs").write_text("5")
            self._before = _status_gb("VmRSS")
        except OSError:
            self._before = None

    @property
    def gb(self) -> float | None:
        """GiB."""
        return None if self._before is None else max(0.0, _status_gb("VmHWM") - self._before)


def _status_gb(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{field}:")).split()[1]) / 2**20


@cache
def visible_gpus() -> tuple[Gpu, ...]:
    """The NVIDIA GPUs that this process may use, as the driver's own tool lists them; none where there is no such tool."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    query = [tool, "--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader,nounits"]
    try:
        listing = subprocess.run(query, capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return _granted_gpus(listing, os.environ.get("CUDA_VISIBLE_DEVICES"))


def _granted_gpus(listing: str, visible: str | None) -> tuple[Gpu, ...]:
    """GPUs of a listing (index, uuid, name, MiB per line) among those that CUDA_VISIBLE_DEVICES grants; all when it is not set."""
    granted = None if visible is None else {entry.strip() for entry in visible.split(",")}
    found: list[Gpu] = []
    for line in listing.splitlines():
        fields = [field.strip() for field in line.split(",")]
        if len(fields) != 4 or not fields[3].isdecimal():
            continue
        if granted is None or granted & set(fields[:2]):
            found.append(Gpu(fields[2], int(fields[3]) / _MIB_PER_GIB))
    return tuple(found)
