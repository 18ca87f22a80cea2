"""`calotype run PIPELINE INPUT`: one subcommand per installed pipeline, its flags taken from the recipe."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from cyclopts import App

from calotype.cli.estimate import estimate_for
from calotype.cli.flags import DEFAULT_STORE, Input, Json, OutputFlag, StoreFlag, with_recipe_flags
from calotype.cli.progress import watching
from calotype.cli.results import report
from calotype.cli.terminal import tell
from calotype.engine.estimate import RunEstimate, refuse_what_does_not_fit
from calotype.engine.recipes import called_recipe
from calotype.engine.registry import pipeline_names, pipeline_recipe
from calotype.runners.session import RunResult, open_session

app = App(name="run", help="Run a pipeline over photos: `calotype run splat PHOTOS -o DIR`.")


def run_pipeline(name: str, source: str, store: str, output: str, parameters: dict[str, Any]) -> RunResult:
    """Build the pipeline, make a run of it and carry it through, showing progress."""
    pipeline = called_recipe(name, parameters)
    first, *others = pipeline.sources
    inputs = {first.name: source, **{other.name: str(parameters[other.name]) for other in others}}
    estimate = estimate_for(pipeline, source, store)
    refuse_what_does_not_fit(estimate)
    with open_session(store, make=True) as session, watching() as show:
        definition = session.create(pipeline, inputs, output=output, emit=show)
        _say(estimate)
        return session.conduct(definition, emit=show)


def _say(estimate: RunEstimate) -> None:
    minutes = round(estimate.seconds / 60)
    long = (
        "under a minute" if minutes < 1 else "about a minute" if minutes == 1 else f"about {minutes} minutes"
    )
    tell(f"estimate: {long} on {estimate.machine.cores} cores\n")
    for problem in estimate.problems():
        tell(f"warning: {problem}\n")


def _command(name: str) -> Callable[..., int]:
    recipe = pipeline_recipe(name)

    def command(
        input: Input,  # noqa: A002 - it is what people call it
        *,
        store: StoreFlag = DEFAULT_STORE,
        output: OutputFlag = "",
        json: Json = False,
        **parameters: Any,
    ) -> int:
        defaults = {one: flag.default for one, flag in inspect.signature(recipe).parameters.items()}
        result = run_pipeline(name, input, store, output, {**defaults, **parameters})
        return report(result, as_json=json, store=store)

    return with_recipe_flags(command, recipe)


for _name in pipeline_names():
    app.command(_command(_name), name=_name)
