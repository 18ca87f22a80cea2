"""The end of a quality report: what steps took beside what they were expected to take, and their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calotype.vision.reporting.data import StepCost
from calotype.vision.reporting.layout import UNKNOWN, duration, folded, number, section, table
from calotype.vision.reporting.markup import Markup, tag

_NOTE = (
    "Predicted: what the stages' estimates say before a step begins, from the photos' number and pixels, the Gaussians and the "
    "cores; they aim at a factor of two. Preparing the photos, rendering and this page are not among the steps: all are told "
    "beside their prediction when a run ends, and by `calotype status`."
)


def times(costs: Sequence[StepCost]) -> Markup | None:
    """Seconds and memory of steps, each beside its prediction."""
    if not costs:
        return None
    rows: list[tuple[Any, ...]] = []
    for cost in costs:
        rows.append(
            (
                cost.step,
                "reused" if cost.reused else duration(cost.seconds),
                duration(cost.predicted),
                number(cost.memory_gb, 2, " GiB"),
                number(cost.predicted_memory_gb, 2, " GiB"),
            )
        )
        rows += [(f"· {name}", duration(seconds), "", "", "") for name, seconds in cost.parts.items()]
    if len(costs) > 1:
        rows.append(_together(costs))
    basis = [f"{cost.step}: predicted {cost.basis}." for cost in costs if cost.basis]
    head = ("Step", "Time", "Predicted", "Memory", "Predicted memory")
    return section(
        "Time and memory",
        table(head, rows),
        tag("p", " ".join([_NOTE, *(line[0].upper() + line[1:] for line in basis)]), class_="note"),
    )


def _together(costs: Sequence[StepCost]) -> tuple[Any, ...]:
    """Seconds add up over steps that say both; of memory the largest counts."""
    both = [cost for cost in costs if cost.seconds is not None and cost.predicted is not None]
    taken, predicted = [cost.seconds or 0 for cost in both], [cost.predicted or 0 for cost in both]
    whole = len(both) == len(costs)
    return (
        "together",
        duration(sum(taken)) if whole else UNKNOWN,
        duration(sum(predicted)) if whole else UNKNOWN,
        _largest([cost.memory_gb for cost in costs]),
        _largest([cost.predicted_memory_gb for cost in costs]),
    )


def _largest(values: Sequence[float | None]) -> str:
    """Unknown as soon as one of them is: the largest may be the one nobody measured."""
    known = [value for value in values if value is not None]
    return number(max(known), 2, " GiB") if known and len(known) == len(values) else UNKNOWN


def parameters(steps: Mapping[str, Mapping[str, Any]]) -> Markup | None:
    """Parameters of each step, folded away."""
    if not steps:
        return None
    parts = [
        folded(
            f"Parameters of {step}",
            table(("Parameter", "Value"), [(key, _shown(value)) for key, value in one.items()]),
        )
        for step, one in steps.items()
    ]
    return section("Parameters", parts)


def _shown(value: Any) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
