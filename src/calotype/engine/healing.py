"""Find out which steps must be computed again because bytes that a later step needs are gone or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from calotype.artifacts import ArtifactRef
from calotype.engine.definition import PinnedStep, RunDefinition
from calotype.engine.library import Library
from calotype.engine.pipeline import Link, PipelineSpec
from calotype.engine.plan import StepPlan
from calotype.errors import DamagedBlob


def damaged_makers(
    run: RunDefinition,
    plan: StepPlan,
    flows: Mapping[Link, Sequence[ArtifactRef]],
    library: Library,
    healed: set[str],
) -> set[str]:
    """Steps whose outputs, as far as this one reads them, are damaged; none when all bytes are right after all.

    Everything the step reads is read once. Wrong bytes are set aside, so that the records that promise them no longer count.
    Raises DamagedBlob when they came from the source, or for a digest in `healed`, to which those found now are added.
    """
    makers: set[str] = set()
    for link in {link for links in plan.spec.inputs.values() for link in links}:
        damaged = library.set_aside_damaged(flows[link])
        if not damaged:
            continue
        names = ", ".join(ref.name for ref in damaged[:5]) + (", ..." if len(damaged) > 5 else "")
        if not link.step:
            raise DamagedBlob(
                f"{len(damaged)} files of the run's input {link.port} are gone from the store or have other bytes ({names}); "
                f"they came from {run.sources.get(link.port, 'elsewhere')}. Run the pipeline on that again: they are read "
                "afresh, and everything else is there already."
            )
        if any(ref.digest in healed for ref in damaged):
            raise DamagedBlob(
                f"{names} of step {link.step} was damaged, computed again, and damaged once more. The disk or bucket of the "
                "store does not keep what is written to it."
            )
        healed.update(ref.digest for ref in damaged)
        makers.add(link.step)
    return makers


def whole_pins(run: RunDefinition, library: Library) -> dict[str, PinnedStep]:
    """What a fork took over, as far as all of its bytes are there and nothing that flows into it must be computed."""
    gone = [
        step
        for step, pinned in run.pinned.items()
        if library.missing(ref for refs in pinned.outputs.values() for ref in refs)
    ]
    computed = set(with_all_after(run.pipeline, gone))
    return {step: pinned for step, pinned in run.pinned.items() if step not in computed}


def with_all_after(pipeline: PipelineSpec, steps: Iterable[str]) -> list[str]:
    """These steps and all that read from them, directly or not, in their order."""
    found = set(steps)
    for step in pipeline.steps:
        if any(link.step in found for links in step.inputs.values() for link in links):
            found.add(step.id)
    return [step.id for step in pipeline.steps if step.id in found]
