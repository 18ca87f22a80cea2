"""`calotype doctor`: does this machine have what the work needs, and what is missing."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.terminal import show
from calotype.errors import EXIT_CONFIGURATION, CalotypeError
from calotype.hardware import usable_cores, usable_memory_gb

_LIBRARIES = {
    "pycolmap": ("camera poses", "splat"),
    "opencv-python-headless": ("reading and undistorting photos", "splat"),
    "av": ("turntable films", "splat"),
    "pillow-heif": ("HEIC photos from phones", "heic"),
    "torch": ("learned keypoints", "learned"),
}
_OPTIONAL = ("heic", "learned")
_LEAST_MEMORY_GB = 4
_LEAST_DISK_GB = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "note", "missing"]
    text: str


def doctor(*, store: StoreFlag = DEFAULT_STORE, json: Json = False) -> int:
    """Check this machine: libraries, kernels, cores, memory, disk, store. Ends with 78 if something needed is missing."""
    findings = [
        finding
        for look in (_python, _libraries, _kernels, _machine, lambda: _store(store))
        for finding in look()
    ]
    if json:
        print_json([vars(finding) for finding in findings])
    else:
        for finding in findings:
            show(f"{finding.state:<8} {finding.what:<24} {finding.text}\n")
    return EXIT_CONFIGURATION if any(finding.state == "missing" for finding in findings) else 0


def _python() -> Iterator[Finding]:
    yield Finding("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _libraries() -> Iterator[Finding]:
    for name, (purpose, extra) in _LIBRARIES.items():
        try:
            yield Finding(name, "ok", f"{importlib.metadata.version(name)}, for {purpose}")
        except importlib.metadata.PackageNotFoundError:
            state = "note" if extra in _OPTIONAL else "missing"
            yield Finding(name, state, f"not installed; for {purpose}: pip install 'calotype[{extra}]'")
    both = [name for name in ("pycolmap", "pycolmap-cuda12") if _is_installed(name)]
    if len(both) == 2:
        yield Finding(
            "pycolmap", "missing", "both pycolmap and pycolmap-cuda12 are installed; remove one of them"
        )


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _kernels() -> Iterator[Finding]:
    try:
        from calotype import kernels

        yield Finding("CPU kernels", "ok", f"{kernels.simd_level()} of {', '.join(kernels.simd_levels())}")
    except ImportError as error:
        yield Finding("CPU kernels", "missing", f"{error}; reinstall calotype with a C++17 compiler present")
    gpu = shutil.which("nvidia-smi")
    yield Finding(
        "GPU",
        "note",
        "nvidia-smi found; training uses the CPU in this version" if gpu else "none; not needed",
    )


def _machine() -> Iterator[Finding]:
    yield Finding("cores", "ok", str(usable_cores()))
    memory = usable_memory_gb()
    enough = memory >= _LEAST_MEMORY_GB
    yield Finding(
        "memory", "ok" if enough else "note", f"{memory:.0f} GiB" + ("" if enough else "; small scenes only")
    )


def _store(url: str) -> Iterator[Finding]:
    """Whether the store takes a write and gives it back, and how the disk below it stands."""
    from calotype.runners.settings import is_store, scratch_from, store_at

    def tried(what: str, look: Callable[[], str]) -> Finding:
        try:
            return Finding(what, "ok", look())
        except CalotypeError as error:
            return Finding(what, "missing", str(error))

    def write() -> str:
        is_store(url)
        store = store_at(url, os.environ)
        store.put("probe/doctor", b"calotype")
        assert store.get("probe/doctor") == b"calotype"
        store.delete("probe/doctor")
        exclusive = (
            ""
            if store.conditional_put
            else "; it ignores exclusive creates, so each commit waits a moment for those of other machines"
        )
        return f"{store.url} can be written{exclusive}"

    yield tried("store", write)
    yield tried("scratch", lambda: str(scratch_from(os.environ).root))
    free = shutil.disk_usage(Path(url) if Path(url).exists() else Path.cwd()).free / 2**30
    state = "ok" if free >= _LEAST_DISK_GB else "note"
    yield Finding("free disk", state, f"{free:.0f} GiB" + ("" if state == "ok" else "; large jobs need more"))
