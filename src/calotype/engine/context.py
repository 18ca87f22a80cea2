"""The only door a stage has to the world outside its artifacts: a folder to work in, progress, children, checkpoints."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import TypeVar, cast

from calotype.engine.command import run_child
from calotype.errors import Cancelled, StageFailed
from calotype.storage.store import Store

T = TypeVar("T")
log = logging.getLogger(__name__)

_PROGRESS_EVERY_S = 0.1


class Checkpoint:
    """A file that outlives the attempt: write `path`, then commit it; the next attempt finds it where `exists` is true."""

    def __init__(self, path: Path, store: Store, key: str) -> None:
        self.path = path
        self._store = store
        self._key = key
        self._waiting = path.with_name(path.name + ".waiting")
        self._leaving = path.with_name(path.name + ".leaving")
        self._lock = threading.Lock()
        self._uploader: threading.Thread | None = None
        self._failure: Exception | None = None
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() and store.head(key) is not None:
            store.download(key, path)

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def commit(self) -> None:
        """Keep the file as it is now: the store has it when this returns. It must be closed; a later commit replaces it whole."""
        self.settle()
        self._store.upload(self.path, self._key)

    def commit_in_background(self) -> None:
        """As `commit`, while the work goes on: a copy of the file is uploaded, one at a time, and of those that wait the latest.

        What goes wrong with an upload is logged with the next one: work need not end because it could not be kept.
        """
        part = self.path.with_name(self.path.name + ".part")
        shutil.copyfile(self.path, part)
        with self._lock:
            part.replace(self._waiting)
            if self._uploader is None:
                self._uploader = threading.Thread(target=self._upload_waiting, name="checkpoint", daemon=True)
                self._uploader.start()
        self._tell_failure()

    def settle(self, *, keep_waiting: bool = True) -> None:
        """Return when nothing is being uploaded any more; a file that still waits is uploaded too, or else dropped."""
        with self._lock:
            if not keep_waiting:
                self._waiting.unlink(missing_ok=True)
            uploader = self._uploader
        if uploader is not None:
            uploader.join()
        self._tell_failure()

    def _upload_waiting(self) -> None:
        while True:
            with self._lock:
                if not self._waiting.exists():
                    self._uploader = None
                    return
                self._waiting.replace(self._leaving)
            try:
                self._store.upload(self._leaving, self._key, hand_over=True)
            except Exception as error:  # noqa: BLE001 - told by the thread that works
                self._failure = error

    def _tell_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            log.warning("the checkpoint %s could not be kept: %s", self.path.name, failure)


class ProcessCache:
    """Things that are loaded once per worker process and shared by its tasks: models, detectors."""

    def __init__(self) -> None:
        self._values: dict[Hashable, object] = {}

    def get(self, key: Hashable, factory: Callable[[], T]) -> T:
        if key not in self._values:
            self._values[key] = factory()
        return cast(T, self._values[key])


class Context:
    """What `run` gets first. Every method may raise Cancelled, which a stage lets through."""

    def __init__(
        self,
        *,
        workdir: Path,
        store: Store,
        checkpoint_prefix: str,
        report: Callable[[int, int | None, str], None],
        cancelled: Callable[[], bool],
        cache: ProcessCache,
        attempt: int = 1,
        threads: int = 0,
        device: str = "cpu",
    ) -> None:
        self.workdir = workdir
        """An empty folder on fast local disk, removed after the task."""
        self.attempt = attempt
        """1 for the first attempt at this step."""
        self.threads = threads
        """How many threads to use; 0 for all cores."""
        self.device = device
        """`cpu` or `cuda`."""
        self._store = store
        self._checkpoint_prefix = checkpoint_prefix
        self._report = report
        self._cancelled = cancelled
        self._cache = cache
        self._checkpoints: list[Checkpoint] = []
        self._last_report = 0.0

    def cached(self, key: Hashable, factory: Callable[[], T]) -> T:
        """What `factory` returns, made once per worker process."""
        return self._cache.get(key, factory)

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the work is; `total` None where it cannot be known. The point where a cancelled run stops."""
        self.check_cancelled()
        now = time.monotonic()
        if now - self._last_report >= _PROGRESS_EVERY_S or (total is not None and done >= total):
            self._last_report = now
            self._report(done, total, note)

    def check_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled

    def command(
        self,
        *argv: str,
        on_line: Callable[[str], None] | None = None,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        accepted: frozenset[int] = frozenset({0}),
    ) -> int:
        """Exit code of a child process. Its stdout goes to `on_line` (else is dropped), stderr to the log, its tail into errors."""
        return run_child(
            argv,
            on_line=on_line or (lambda _: None),
            cancelled=self._cancelled,
            cwd=cwd or self.workdir,
            environment=environment,
            accepted=accepted,
        )

    def checkpoint(self, name: str) -> Checkpoint:
        """A file under this name that outlives the attempt, fetched from the last one if there was one.

        For whole-set stages. An `Each` stage needs none, as its finished items are kept; raises StageFailed there.
        """
        if not self._checkpoint_prefix:
            raise StageFailed(
                f"checkpoint({name!r}): an Each stage has no checkpoints, as its shards would share them. Every item it "
                "yields is kept; an item that takes long is a stage of its own."
            )
        checkpoint = Checkpoint(
            self.workdir / "checkpoints" / name, self._store, f"{self._checkpoint_prefix}/{name}"
        )
        self._checkpoints.append(checkpoint)
        return checkpoint

    def close(self, *, finished: bool) -> None:
        """Leave nothing running. Of work that did not finish, the last checkpoint is still brought to the store."""
        for checkpoint in self._checkpoints:
            checkpoint.settle(keep_waiting=not finished)
