"""Decode strangers' pictures in child processes that have little memory, little time and none of our secrets.

A decoder that is made to crash, to fill memory or to run for ever then costs one picture. It is no sandbox against code that
takes over the decoder: the child has our user's rights. `python -m calotype.vision.images.limited` is the child.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from calotype.errors import CalotypeError, MissingExtra, UnreadableInput
from calotype.vision.images.probe import ImageLimits

Pixels = NDArray[np.uint8]

STRANGERS = ImageLimits(max_pixels=100_000_000, max_bytes=256 << 20)
"""What a picture that a stranger named may be: no camera that people carry makes larger ones."""

_CHANNELS = 3
_ANSWER_BYTES = 8192
_START_S = 60.0


@dataclass(frozen=True)
class ChildLimits:
    """What decoding one picture may take."""

    memory_bytes: int = 2 << 30
    """Address space beyond what the child has when it starts; 100 megapixels take about half of it."""
    cpu_s: int = 60
    wall_s: float = 120.0


class LimitedDecoder:
    """Decodes in up to `children` processes, started when needed and used again. Any number of threads may call it."""

    def __init__(
        self, images: ImageLimits = STRANGERS, child: ChildLimits | None = None, children: int = 1
    ) -> None:
        assert children >= 1
        self._images = images
        self._limits = child or ChildLimits()
        self._room = threading.BoundedSemaphore(children)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []

    def __enter__(self) -> LimitedDecoder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load_rgb(self, path: Path, max_side: int | None = None) -> Pixels:
        """The picture's pixels [h, w, 3], as `decode.load_rgb` gives them.

        Raises UnreadableInput, with the reason, for whatever the picture does wrong: what `probe` refuses, damage, and
        taking more memory or time than allowed; MissingExtra for HEIC without its reader.
        """
        with self._room:
            child = self._taken()
            try:
                pixels = child.decode(Path(path), max_side)
            except _Ended as error:
                child.kill()
                raise UnreadableInput(f"{Path(path).name} is left out: {error}") from None
            except CalotypeError:
                self._give_back(child)
                raise
            except BaseException:
                child.kill()
                raise
            self._give_back(child)
            return pixels

    def close(self) -> None:
        """Nothing; no idle child is left. The decoder may be used again."""
        with self._lock:
            children, self._idle = self._idle, []
        for child in children:
            child.kill()

    def _taken(self) -> _Child:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Child(self._images, self._limits)

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            self._idle.append(child)


class _Ended(Exception):
    """A child was ended, or ended itself, over a picture."""


class _Child:
    """One process that decodes, from its parent's side."""

    def __init__(self, images: ImageLimits, limits: ChildLimits) -> None:
        self._images = images
        self._limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="calotype-decode-")
        # No variable of ours: credentials lie there. What can be imported here can be there.
        environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "calotype.vision.images.limited",
                str(limits.memory_bytes),
                str(limits.cpu_s),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env=environment,
            start_new_session=True,
        )
        try:
            ready = self._answer(_START_S)
            assert ready == {"ready": True}
        except BaseException as error:
            self.kill()
            if isinstance(error, _Ended):
                raise MissingExtra(
                    "The process that decodes pictures does not start: pip install calotype[splat]"
                ) from error
            raise

    def decode(self, path: Path, max_side: int | None) -> Pixels:
        output = Path(self._folder.name) / "pixels"
        request = {
            "path": os.path.abspath(path),
            "max_side": max_side,
            "limits": asdict(self._images),
            "output": str(output),
        }
        try:
            self._stdin.write(json.dumps(request).encode() + b"\n")
            self._stdin.flush()
        except BrokenPipeError:
            raise _Ended(self._death()) from None
        answer = self._answer(self._limits.wall_s)
        if "error" in answer:
            kind = MissingExtra if answer["error"] == "MissingExtra" else UnreadableInput
            raise kind(str(answer.get("message", ""))[:1000])
        try:
            return self._pixels(answer, output)
        finally:
            output.unlink(missing_ok=True)

    def _pixels(self, answer: dict[str, Any], output: Path) -> Pixels:
        """What the child wrote, believed as far as sizes go that fit each other and the limits."""
        height, width = answer.get("height"), answer.get("width")
        if not (isinstance(height, int) and isinstance(width, int) and height > 0 and width > 0):
            raise _Ended("the decoder gave no picture")
        with os.fdopen(os.open(output, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            status = os.fstat(file.fileno())
            fits = height * width <= self._images.max_pixels
            if not fits or not stat.S_ISREG(status.st_mode) or status.st_size != height * width * _CHANNELS:
                raise _Ended("the decoder gave no picture of the size it says")
            return np.fromfile(file, np.uint8).reshape(height, width, _CHANNELS)

    def kill(self) -> None:
        """Nothing; the process is gone, and its folder."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(BrokenPipeError):
            self._stdin.close()
        self._stdout.close()
        self._folder.cleanup()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _answer(self, within_s: float) -> dict[str, Any]:
        """The child's next line. Raises _Ended when it died, fell silent or says something else."""
        line = b""
        ends = time.monotonic() + within_s
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                if not selector.select(max(0.0, ends - time.monotonic())):
                    raise _Ended(f"decoding it took longer than {within_s:g} s")
                some = os.read(self._stdout.fileno(), _ANSWER_BYTES)
                if not some:
                    raise _Ended(self._death())
                line += some
                if len(line) > _ANSWER_BYTES:
                    raise _Ended("the decoder said something else than it should")
        try:
            answer = json.loads(line)
        except ValueError:
            raise _Ended("the decoder said something else than it should") from None
        return answer if isinstance(answer, dict) else {}

    def _death(self) -> str:
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return f"decoding it took more than {self._limits.cpu_s} s of a processor"
        if code == -signal.SIGKILL:
            return "the process that decoded it was killed, most likely for memory"
        return f"it crashed the decoder ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"


def _main(arguments: list[str]) -> int:
    """The child: a request a line on standard input, an answer a line on standard output."""
    import cv2

    from calotype.vision.images.decode import load_rgb

    cv2.setNumThreads(1)
    with _own_output() as stream:

        def tell(answer: dict[str, Any]) -> None:
            stream.write(json.dumps(answer) + "\n")
            stream.flush()

        cpu_s = int(arguments[1])
        _limit(int(arguments[0]))
        tell({"ready": True})
        for line in sys.stdin:
            request = json.loads(line)
            _limit_cpu(cpu_s)
            path = Path(request["path"])
            try:
                pixels = load_rgb(path, request["max_side"], ImageLimits(**request["limits"]))
                pixels.tofile(request["output"])
                tell({"height": pixels.shape[0], "width": pixels.shape[1]})
                del pixels
            except CalotypeError as error:
                tell({"error": type(error).__name__, "message": str(error)})
            except Exception as error:  # noqa: BLE001 - whatever a decoder raises, the picture is at fault
                tell({"error": "UnreadableInput", "message": f"{path.name} is left out: {_fault(error)}."})
    return 0


def _fault(error: Exception) -> str:
    if isinstance(error, MemoryError) or "nsufficient memory" in str(error):
        return "decoding it takes more memory than it may"
    return f"it cannot be decoded ({type(error).__name__}: {str(error)[:200]})"


@contextmanager
def _own_output() -> Generator[IO[str]]:
    """Standard output for our lines alone; what native code prints there goes to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as stream:
        os.dup2(2, 1)
        yield stream


def _limit(memory_bytes: int) -> None:
    import resource

    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    most = used + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _limit_cpu(seconds: int) -> None:
    """So many more seconds of a processor; the system kills the process when they are used up."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
