"""Tasks wait for slots, memory and GPUs; what could never run is refused with the figures."""

from __future__ import annotations

import pytest

from calotype import Resources
from calotype.errors import MachineTooSmall
from calotype.hardware import Gpu
from calotype.runners.capacity import Capacity

LAPTOP = Capacity(slots=4, memory_gb=8.0, list_gpus=lambda: ())
TOWER = Capacity(slots=4, memory_gb=64.0, list_gpus=lambda: (Gpu("L4", 22.5), Gpu("T4", 15.0)))
SMALL = Resources(memory_gb=2.0)
ON_GPU = Resources(memory_gb=2.0, gpu=1)


def test_a_task_waits_while_what_runs_leaves_too_little_memory() -> None:
    assert LAPTOP.has_room([SMALL, SMALL, SMALL], SMALL)
    assert not LAPTOP.has_room([SMALL, SMALL], Resources(memory_gb=5.0))
    assert LAPTOP.has_room([], Resources(memory_gb=8.0))


def test_a_task_waits_for_a_slot_a_gpu_and_the_whole_machine() -> None:
    assert not TOWER.has_room([SMALL] * 4, SMALL)
    assert TOWER.has_room([ON_GPU], ON_GPU)
    assert not TOWER.has_room([ON_GPU, ON_GPU], ON_GPU)
    assert TOWER.has_room([ON_GPU, ON_GPU], SMALL)
    assert not TOWER.has_room([SMALL], Resources(whole_machine=True))
    assert not TOWER.has_room([Resources(whole_machine=True)], SMALL)


@pytest.mark.parametrize(
    ("capacity", "needs", "said"),
    [
        (LAPTOP, Resources(memory_gb=9.0), "Step train needs 9.0 GiB of memory; this machine has 8.0."),
        (LAPTOP, ON_GPU, "Step train needs a GPU; this machine has none."),
        (
            TOWER,
            Resources(gpu=1, vram_gb=40),
            "a GPU with 40.0 GiB; this machine has L4 with 22.5 GiB, T4 with",
        ),
        (TOWER, Resources(gpu=2, vram_gb=16), "needs 2 GPUs with 16.0 GiB"),
    ],
)
def test_what_could_never_run_is_refused_with_the_figures(
    capacity: Capacity, needs: Resources, said: str
) -> None:
    with pytest.raises(MachineTooSmall) as caught:
        capacity.check("train", needs)
    assert said in str(caught.value)


def test_what_fits_is_not_refused() -> None:
    LAPTOP.check("prepare", SMALL)
    TOWER.check("train", Resources(gpu=1, vram_gb=16))
