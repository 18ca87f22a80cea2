"""What a run will cost, before it starts: the stages' own estimates, added up against what this machine has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calotype.engine.pipeline import PipelineSpec
from calotype.engine.stage import Cost, Workload
from calotype.errors import NoSpace
from calotype.hardware import Hardware

_ERRS_BY = 2.0
"""An estimate may be wrong by this factor: less is a warning, more is refused."""


@dataclass(frozen=True)
class StepEstimate:
    """One step's share."""

    step: str
    cost: Cost


@dataclass(frozen=True)
class RunEstimate:
    """A whole run: seconds and disk add up, of memory the largest step counts."""

    steps: tuple[StepEstimate, ...]
    workload: Workload
    machine: Hardware

    @property
    def seconds(self) -> float:
        return sum(one.cost.seconds for one in self.steps)

    @property
    def memory_gb(self) -> float:
        return max((one.cost.memory_gb for one in self.steps), default=0.0)

    @property
    def disk_gb(self) -> float:
        return sum(one.cost.disk_gb for one in self.steps)

    def problems(self, tolerance: float = 1.0) -> list[str]:
        """Why it would not fit if it needs `tolerance` times what there is, and what to do; empty when it would."""
        found: list[str] = []
        if self.memory_gb > tolerance * self.machine.memory_gb:
            largest = max(self.steps, key=lambda one: one.cost.memory_gb)
            found.append(
                f"By estimate {largest.step} would need about {largest.cost.memory_gb:.1f} GiB of memory; this machine has "
                f"{self.machine.memory_gb:.1f}. Use a smaller --max-side, fewer photos, or a smaller preset."
            )
        if self.disk_gb > tolerance * self.machine.free_disk_gb:
            found.append(
                f"By estimate the run would need about {self.disk_gb:.1f} GiB of disk; {self.machine.free_disk_gb:.1f} are "
                "free. Free some, or choose another disk with --store and NVME_ROOT."
            )
        return found


def estimate_run(pipeline: PipelineSpec, workload: Workload, machine: Hardware) -> RunEstimate:
    """What the pipeline will cost on this machine for so many photos of this size."""
    steps = [
        StepEstimate(step.id, step.instance().estimate(workload, machine.cores)) for step in pipeline.steps
    ]
    return RunEstimate(tuple(steps), workload, machine)


def refuse_what_does_not_fit(estimate: RunEstimate) -> None:
    """NoSpace with the figures, before anything is started, when memory or disk are too small by more than the estimate may err."""
    if problems := estimate.problems(tolerance=_ERRS_BY):
        raise NoSpace(" ".join(problems))


def workload_of(sizes: Sequence[tuple[int, int]], total_bytes: int) -> Workload:
    """The workload of photos of these widths and heights."""
    if not sizes:
        return Workload(photos=0, megapixels=0.0, long_side=0, gigabytes=0.0)
    megapixels = sum(width * height for width, height in sizes) / len(sizes) / 1e6
    long_side = max(max(size) for size in sizes)
    return Workload(
        photos=len(sizes), megapixels=megapixels, long_side=long_side, gigabytes=total_bytes / 2**30
    )
