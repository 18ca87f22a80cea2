"""A real disk that is soon full: a small file system in memory, for tests of what happens when there is no room left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

_SIZE = 32 << 20


class SmallDisk:
    """A file system of 32 MiB of its own at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / ".filler"

    def fill(self, leave: int) -> None:
        """Take all the room but `leave` bytes."""
        self.clear()
        with (
            suppress(OSError),
            self._filler.open("wb", buffering=0) as file,
        ):  # Somebody else may take the rest meanwhile.
            while (more := self._free() - leave) > 0:
                file.write(bytes(min(more, 1 << 20)))

    def _free(self) -> int:
        status = os.statvfs(self.path)
        return status.f_bavail * status.f_frsize

    def clear(self) -> None:
        """Give the room back."""
        self._filler.unlink(missing_ok=True)

    def files(self) -> list[str]:
        """Everything that lies there, as paths below the disk."""
        return sorted(
            found.relative_to(self.path).as_posix()
            for found in self.path.rglob("*")
            if found.is_file() and found != self._filler
        )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """An empty small disk. Who may not mount one runs the test in a name space of its own, as root there: see below."""
    path = tmp_path / "disk"
    path.mkdir()
    if not _may_mount():
        yield SmallDisk(path)
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", path], check=True)
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


@cache
def _may_mount(*name_space: str) -> bool:
    """Whether we may, in a mount name space of our own or in one of these kinds as well."""
    return subprocess.run(["unshare", "--mount", *name_space, "true"], capture_output=True).returncode == 0


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that wants a small disk in a user and mount name space, where most people may mount one."""
    if "small_disk" not in pyfuncitem.fixturenames or _may_mount():
        return None
    if not _may_mount("--user", "--map-root-user"):
        pytest.skip("neither this user nor a name space of its own may mount a file system here")
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", pyfuncitem.nodeid]
    inside = ["unshare", "--user", "--map-root-user", "--mount", *test]
    done = subprocess.run(inside, cwd=pyfuncitem.config.rootpath, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return True
