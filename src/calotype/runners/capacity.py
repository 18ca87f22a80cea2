"""What a machine can take on at once: tasks wait for memory and GPUs, and one that could never run is refused with the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from calotype.engine.stage import Resources
from calotype.errors import MachineTooSmall
from calotype.hardware import Gpu, usable_cores, usable_memory_gb, visible_gpus


@dataclass(frozen=True)
class Capacity:
    """The machine as a runner counts it."""

    slots: int
    memory_gb: float
    list_gpus: Callable[[], tuple[Gpu, ...]] = visible_gpus
    """Asked only when a task needs one: the driver's answer takes a while."""

    @classmethod
    def of_this_machine(cls, slots: int | None = None) -> Capacity:
        """All of it; one slot per core unless told otherwise."""
        return cls(slots or usable_cores(), usable_memory_gb())

    def check(self, step: str, needs: Resources) -> None:
        """Nothing, where the step could run if it were alone here; MachineTooSmall otherwise."""
        if needs.memory_gb > self.memory_gb:
            raise MachineTooSmall(
                f"Step {step} needs {needs.memory_gb:.1f} GiB of memory; this machine has {self.memory_gb:.1f}. "
                "Resume the run on a larger one."
            )
        if needs.gpu:
            self._check_gpus(step, needs)

    def _check_gpus(self, step: str, needs: Resources) -> None:
        gpus = self.list_gpus()
        if needs.gpu <= sum(gpu.vram_gb >= needs.vram_gb for gpu in gpus):
            return
        wanted = "a GPU" if needs.gpu == 1 else f"{needs.gpu} GPUs"
        if needs.vram_gb:
            wanted += f" with {needs.vram_gb:.1f} GiB"
        there = ", ".join(f"{gpu.name} with {gpu.vram_gb:.1f} GiB" for gpu in gpus) or "none"
        raise MachineTooSmall(
            f"Step {step} needs {wanted}; this machine has {there}. Resume the run on one that has."
        )

    def has_room(self, running: Iterable[Resources], needs: Resources) -> bool:
        """Whether one more task may start beside those that run."""
        others = list(running)
        if not others:
            return True
        if needs.whole_machine or any(other.whole_machine for other in others):
            return False
        if len(others) >= self.slots:
            return False
        if sum(other.memory_gb for other in others) + needs.memory_gb > self.memory_gb:
            return False
        return not needs.gpu or sum(other.gpu for other in others) + needs.gpu <= len(self.list_gpus())
