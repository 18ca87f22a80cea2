"""Save a training run in one file, so that it can go on after a kill as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
import logging
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from calotype.vision.splatting.backend import PARAMETERS, AdamState, Snapshot
from calotype.vision.splatting.exposure import ExposureState
from calotype.vision.splatting.gaussians import Gaussians
from calotype.vision.splatting.options import TrainOptions
from calotype.vision.splatting.views import TrainingView

log = logging.getLogger(__name__)

_EXPOSURES = "exposures_"


@dataclass(frozen=True)
class HistoryEntry:
    """How training stood after some iterations; means over the steps since the entry before."""

    iteration: int
    loss: float
    psnr: float
    """dB, of the training photos at the size they were seen at, before each step."""
    gaussians: int
    ms_per_step: float
    reduction: int
    """By which factor the photos were reduced."""


@dataclass(frozen=True)
class Checkpointing:
    """Where a run saves itself, and how often."""

    path: Path
    every_seconds: float = 60.0
    every_iterations: int | None = None
    """Save after each so many iterations; None leaves it to the seconds."""
    saved: Callable[[], None] | None = None
    """Called whenever the file is whole and new: the moment to copy it elsewhere."""


@dataclass(frozen=True)
class Saved:
    """What a checkpoint holds."""

    iteration: int
    """How many steps are done."""
    initial: int
    """How many Gaussians the run began with."""
    dropped: int
    """How many exploded Gaussians were dropped so far."""
    snapshot: Snapshot
    history: tuple[HistoryEntry, ...]
    exposures: ExposureState | None = None
    """Where they are learnt."""


@dataclass
class CheckpointClock:
    """Says when the next save is due; a run without a checkpoint never saves."""

    settings: Checkpointing | None
    _last: float = field(default_factory=time.monotonic)

    def due(self, iteration: int) -> bool:
        """Whether to save now, `iteration` steps being done."""
        if self.settings is None:
            return False
        if self.settings.every_iterations is not None:
            return iteration % self.settings.every_iterations == 0
        return time.monotonic() - self._last >= self.settings.every_seconds

    def saved(self) -> None:
        self._last = time.monotonic()


def fingerprint(views: Sequence[TrainingView], init: Gaussians, options: TrainOptions) -> str:
    """The hash of everything that decides a run; a checkpoint with another one belongs to another run."""
    digest = hashlib.sha256(options.model_dump_json().encode())
    for view in views:
        digest.update(repr((view.name, view.camera)).encode())
        digest.update(np.ascontiguousarray(view.cam_from_world).tobytes())
        digest.update(np.ascontiguousarray(view.rgb).tobytes())
    for name in PARAMETERS:
        digest.update(np.ascontiguousarray(getattr(init, name)).tobytes())
    return digest.hexdigest()


def save_checkpoint(path: Path, saved: Saved, run: str) -> None:
    """Write the checkpoint of the run with fingerprint `run` beside `path`, then move it there: it is whole or absent."""
    snapshot = saved.snapshot
    arrays: dict[str, Any] = {name: getattr(snapshot.gaussians, name) for name in PARAMETERS}
    arrays |= {f"first_{name}": snapshot.adam.first[name] for name in PARAMETERS}
    arrays |= {f"second_{name}": snapshot.adam.second[name] for name in PARAMETERS}
    arrays |= {"gradient": snapshot.gradient, "seen": snapshot.seen}
    if saved.exposures is not None:
        arrays |= {f"{_EXPOSURES}{name}": value for name, value in vars(saved.exposures).items()}
    meta = {
        "run": run,
        "iteration": saved.iteration,
        "initial": saved.initial,
        "dropped": saved.dropped,
        "history": [asdict(entry) for entry in saved.history],
    }
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        np.savez(file, meta=np.frombuffer(json.dumps(meta).encode(), np.uint8), **arrays)
    temporary.replace(path)


def load_checkpoint(path: Path, run: str) -> Saved | None:
    """The checkpoint, or None if there is none, if it is damaged, or if it belongs to another run than `run`.

    Why one is ignored is logged: training then starts anew, which is slower but right.
    """
    if not path.exists():
        return None
    try:
        return _read(path, run)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        log.warning("checkpoint %s is ignored, training starts anew: %s", path.name, error)
        return None


def _read(path: Path, run: str) -> Saved:
    # Opened here: numpy leaves the file open when it is not a whole archive.
    with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
        meta = json.loads(file["meta"].tobytes())
        if meta["run"] != run:
            raise ValueError("it was made with other photos, poses or options")
        gaussians = Gaussians(**{name: file[name] for name in PARAMETERS})
        first = {name: file[f"first_{name}"] for name in PARAMETERS}
        second = {name: file[f"second_{name}"] for name in PARAMETERS}
        gradient, seen = file["gradient"], file["seen"]
        told = {name.removeprefix(_EXPOSURES): file[name] for name in file if name.startswith(_EXPOSURES)}
    for name in PARAMETERS:
        shape = getattr(gaussians, name).shape
        if first[name].shape != shape or second[name].shape != shape:
            raise ValueError(f"the moments of {name} do not fit")
    if gradient.shape != (len(gaussians),) or seen.shape != (len(gaussians),):
        raise ValueError("the statistics do not fit")
    history = tuple(HistoryEntry(**entry) for entry in meta["history"])
    snapshot = Snapshot(gaussians, AdamState(first, second), gradient, seen)
    exposures = ExposureState(**told) if told else None
    return Saved(
        int(meta["iteration"]), int(meta["initial"]), int(meta["dropped"]), snapshot, history, exposures
    )
