"""`calotype estimate PIPELINE INPUT`: time, memory and disk of a run, and whether they fit this machine."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cyclopts import App

from calotype.cli.flags import DEFAULT_STORE, Input, Json, StoreFlag, with_recipe_flags
from calotype.cli.results import print_json
from calotype.cli.terminal import show
from calotype.engine.estimate import RunEstimate, estimate_run, workload_of
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.registry import kind_class, pipeline_names, pipeline_recipe
from calotype.engine.stage import Workload
from calotype.errors import EXIT_CONFIGURATION, UnreadableInput
from calotype.hardware import this_hardware
from calotype.runners.settings import fetch_policy
from calotype.storage.s3 import S3Settings
from calotype.storage.sources import list_source

app = App(name="estimate", help="Estimate time, memory and disk of a run before it starts.")

_PROBED = 64
"""Photos whose headers are read to learn their size; more tell nothing new."""
_ASSUMED_BYTES_PER_PIXEL = 0.3
"""Of a JPEG as cameras write it: for photos in a bucket, which are not downloaded for an estimate."""


def look_at(source: str, suffixes: tuple[str, ...]) -> Workload:
    """The workload in a folder or bucket prefix, from the headers of some of its photos."""
    from calotype.vision.images.probe import probe

    items = list_source(
        source,
        suffixes=suffixes,
        s3=S3Settings.from_environment(os.environ),
        web=fetch_policy(os.environ),
    ).items
    sizes: list[tuple[int, int]] = []
    for item in items[:: max(1, len(items) // _PROBED)]:
        if item.path is None:
            side = (item.size / _ASSUMED_BYTES_PER_PIXEL) ** 0.5
            sizes.append((int(side * 1.15), int(side / 1.15)))
            continue
        try:
            info = probe(item.path)
        except UnreadableInput:
            continue  # It will be left out, with its reason, by the run itself.
        sizes.append((info.width, info.height))
    workload = workload_of(sizes, sum(item.size for item in items))
    return workload.model_copy(update={"photos": len(items)})


def estimate_for(pipeline: PipelineSpec, source: str, store: str) -> RunEstimate:
    """What a pipeline will cost over this source, against this machine."""
    workload = look_at(source, kind_class(pipeline.sources[0].kind).suffixes)
    return estimate_run(pipeline, workload, this_hardware(Path(store) if "://" not in store else Path.cwd()))


def _command(recipe: Callable[..., Any]) -> Callable[..., int]:
    def command(
        input: Input,  # noqa: A002 - it is what people call it
        *,
        store: StoreFlag = DEFAULT_STORE,
        json: Json = False,
        **parameters: Any,
    ) -> int:
        defaults = {name: one.default for name, one in inspect.signature(recipe).parameters.items()}
        pipeline = recipe(**{**defaults, **parameters}).build()
        estimate = estimate_for(pipeline, input, store)
        if json:
            print_json(_document(estimate))
        else:
            _print(estimate)
        return EXIT_CONFIGURATION if estimate.problems() else 0

    return with_recipe_flags(command, recipe)


def _document(estimate: RunEstimate) -> dict[str, Any]:
    return {
        "workload": estimate.workload.model_dump(),
        "machine": vars(estimate.machine),
        "steps": {one.step: one.cost.model_dump() for one in estimate.steps},
        "seconds": estimate.seconds,
        "memory_gb": estimate.memory_gb,
        "disk_gb": estimate.disk_gb,
        "problems": estimate.problems(),
    }


def _print(estimate: RunEstimate) -> None:
    workload = estimate.workload
    write = show
    write(f"{workload.photos} photos of {workload.megapixels:.1f} megapixels, {workload.gigabytes:.2f} GiB\n")
    write(f"{'step':<10} {'minutes':>8} {'memory GiB':>11} {'disk GiB':>9}\n")
    for one in estimate.steps:
        cost = one.cost
        write(f"{one.step:<10} {cost.seconds / 60:>8.1f} {cost.memory_gb:>11.1f} {cost.disk_gb:>9.2f}\n")
    write(f"{'all':<10} {estimate.seconds / 60:>8.1f} {estimate.memory_gb:>11.1f} {estimate.disk_gb:>9.2f}\n")
    write(f"on {estimate.machine.cores} cores; times are right within a factor of about two\n")
    for problem in estimate.problems():
        write(f"does not fit: {problem}\n")


for _name in pipeline_names():
    app.command(_command(pipeline_recipe(_name)), name=_name)
