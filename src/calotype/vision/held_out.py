"""Which photos are kept from training, so that metrics are measured on what it has not seen."""

from __future__ import annotations

from dataclasses import replace

from calotype.artifacts.cameras import CameraSet

HELD_OUT_EVERY = 8


def split_held_out(cameras: CameraSet) -> tuple[CameraSet, frozenset[str]]:
    """The cameras to train from, and the names of the frames held out for the metrics.

    Every 8th frame by name is held out, the first included. Frames are what counts: photos that found no place shift nothing, so
    training and measuring agree about who has seen what. With fewer than 4 frames nothing is held out: too little would be
    left to learn from.
    """
    ordered = sorted(frame.name for frame in cameras.frames)
    held_out = frozenset(ordered[::HELD_OUT_EVERY] if len(ordered) >= 4 else ())
    kept = tuple(frame for frame in cameras.frames if frame.name not in held_out)
    return replace(cameras, frames=kept), held_out
