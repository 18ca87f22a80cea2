"""Refuse a job that this machine could not carry out, before anything is computed: from the headers of a few of its photos."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from calotype.artifacts import ArtifactRef
from calotype.engine.definition import RunDefinition
from calotype.engine.estimate import estimate_run, refuse_what_does_not_fit, workload_of
from calotype.engine.state import read_state
from calotype.errors import MachineTooSmall, NoSpace, UnreadableInput
from calotype.hardware import this_hardware
from calotype.runners.session import Session
from calotype.storage.blobs import Blobs

_LOOKED_AT = 8


def refuse_what_is_too_large(session: Session, definition: RunDefinition) -> None:
    """Nothing where it should fit; MachineTooSmall, with the figures and a remedy, where it needs far more memory or disk.

    A run of which some is done is not refused: what is left may be little.
    """
    state = read_state(session.store, definition.id)
    if state is not None and any(step.state == "done" for step in state.steps):
        return
    photos = [ref for refs in definition.inputs.values() for ref in refs if ref.kind == "Image"]
    if not photos:
        return
    workload = workload_of(_sizes(session, photos), sum(ref.size for ref in photos))
    workload = workload.model_copy(update={"photos": len(photos)})
    machine = this_hardware(session.store.local_path("runs") or session.scratch.root)
    try:
        refuse_what_does_not_fit(estimate_run(definition.pipeline, workload, machine))
    except NoSpace as error:
        raise MachineTooSmall(str(error)) from error


def _sizes(session: Session, photos: Sequence[ArtifactRef]) -> list[tuple[int, int]]:
    """Width and height of some of the photos; those that cannot be read are left out by the run itself."""
    from calotype.vision.images.probe import probe

    blobs = Blobs(session.store)
    sizes: list[tuple[int, int]] = []
    with session.scratch.workdir("estimate") as folder:
        for number, ref in enumerate(photos[:: max(1, len(photos) // _LOOKED_AT)]):
            # Named by its number: the name is a stranger's, its ending is all that counts.
            path = folder / f"{number}{Path(ref.name).suffix}"
            blobs.fetch(ref.digest, path)
            try:
                info = probe(path)
            except UnreadableInput:
                continue
            finally:
                path.unlink()
            sizes.append((info.width, info.height))
    return sizes
