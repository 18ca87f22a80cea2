"""Tell people and programs how a run ended."""

from __future__ import annotations

import json
import os
from typing import Any

from calotype import errors
from calotype.cli.terminal import show, tell
from calotype.engine.estimate import RunEstimate
from calotype.runners.session import RunResult

_WARNINGS_SHOWN = 5


def document(result: RunResult, estimate: RunEstimate | None = None) -> dict[str, Any]:
    """The one JSON document of a run, with what was expected of it if that is known."""
    body: dict[str, Any] = {
        "run": result.run,
        "state": result.state,
        **result.figures,
        "seconds": {name: round(value, 3) for name, value in result.seconds.items()},
        "executed": list(result.executed),
        "outputs": result.outputs,
        "warnings": list(result.warnings),
    }
    if estimate is not None:
        seconds = {one.step: round(one.cost.seconds, 3) for one in estimate.steps}
        body["estimated"] = {
            "cores": estimate.machine.cores,
            "seconds": {**seconds, "total": round(estimate.seconds, 3)},
            "memory_gb": round(estimate.memory_gb, 3),
        }
    if result.message:
        body["error"] = result.message
    return body


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    show(json.dumps(value, indent=2, default=str) + "\n")


def report(result: RunResult, *, as_json: bool, store: str, estimate: RunEstimate | None = None) -> int:
    """Print how a run ended, and say what to do next; its exit code."""
    if as_json:
        print_json(document(result, estimate))
    else:
        if result.state == "done":
            _print_table(result, estimate)
        _print_warnings(result)
    if result.state == "done":
        return 0
    if result.state == "failed":
        tell(f"calotype: {result.message}\n")
    elif not as_json:
        tell("calotype: stopped.\n")
    tell(_next(result, store) + "\n")
    return result.exit_code


def _next(result: RunResult, store: str) -> str:
    """What to do about a run that has not ended well; resuming one that its inputs or settings stopped would stop again."""
    kind = getattr(errors, result.error, errors.CalotypeError)
    if issubclass(kind, (errors.InputError, errors.InvalidParameter)):
        return (
            "Trying again changes nothing. Start a new run with other inputs, or change a setting: "
            f"calotype fork {result.run} --set STEP.PARAMETER=VALUE --store {store}"
        )
    return f"To go on with this run: calotype resume {result.run} --store {store}"


def _print_table(result: RunResult, estimate: RunEstimate | None) -> None:
    """Figures, times and places, one a line; written plainly, since a path that is cut or broken is of no use."""
    rows = [
        (name.replace("_", " "), _shown(value)) for name, value in result.figures.items() if value is not None
    ]
    expected = {one.step: one.cost.seconds for one in estimate.steps} if estimate else {}
    if estimate and set(result.executed) >= expected.keys():
        expected["total"] = estimate.seconds
    for name, seconds in result.seconds.items():
        was_there = name != "total" and name not in result.executed
        told = f"  (estimated {expected[name]:.1f})" if expected.get(name) else ""
        rows.append((f"seconds, {name}", f"{seconds:.1f}" + ("  (was there already)" if was_there else told)))
    rows += [(label, path.removeprefix(f"{os.getcwd()}/")) for label, path in result.outputs.items()]
    width = max((len(name) for name, _ in rows), default=0)
    show(f"run {result.run}\n")
    for name, value in rows:
        show(f"  {name:<{width}}  {value}\n")


def _print_warnings(result: RunResult) -> None:
    for warning in result.warnings[:_WARNINGS_SHOWN]:
        tell(f"warning: {warning}\n")
    if (more := len(result.warnings) - _WARNINGS_SHOWN) > 0:
        tell(f"warning: and {more} more, all in the report and in `--json`\n")


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
