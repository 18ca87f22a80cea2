"""`calotype run PIPELINE INPUT`: one subcommand per installed pipeline, its flags taken from the recipe."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

from cyclopts import App, Parameter

from calotype.cli.estimate import estimate_for
from calotype.cli.flags import DEFAULT_STORE, Input, Json, OutputFlag, StoreFlag, with_recipe_flags
from calotype.cli.progress import watching
from calotype.cli.results import report
from calotype.cli.terminal import tell
from calotype.engine.abandoned import with_true_state
from calotype.engine.definition import read_definition
from calotype.engine.estimate import RunEstimate, refuse_what_does_not_fit
from calotype.engine.recipes import called_recipe
from calotype.engine.registry import pipeline_names, pipeline_recipe
from calotype.errors import DamagedBlob, InvalidParameter, UnknownName
from calotype.runners.session import RunResult, Session, open_session
from calotype.storage.source_files import is_web

MoreUrls = Annotated[str, Parameter(help="Further photos, where INPUT is the `https://` URL of one.")]

_LOOKED_AT = 50
"""Newest runs among which others at work are looked for."""

app = App(name="run", help="Run a pipeline over photos: `calotype run splat PHOTOS -o DIR`.")


def run_pipeline(
    name: str, source: str, store: str, output: str, parameters: dict[str, Any]
) -> tuple[RunResult, RunEstimate]:
    """Build the pipeline, make a run of it and carry it through, showing progress: how it ended, and what was expected."""
    pipeline = called_recipe(name, parameters)
    first, *others = pipeline.sources
    inputs = {first.name: source, **{other.name: str(parameters[other.name]) for other in others}}
    estimate = estimate_for(pipeline, source, store)
    refuse_what_does_not_fit(estimate)
    with open_session(store, make=True) as session, watching() as show:
        for other in _publishing_to(session, output) if output else ():
            tell(
                f"warning: run {other} has not ended and publishes to {output} too: of both, the files of the one that ends last "
                "stay there\n"
            )
        definition = session.create(pipeline, inputs, output=output, emit=show)
        _say(estimate)
        return session.conduct(definition, emit=show), estimate


def _publishing_to(session: Session, output: str) -> list[str]:
    """Runs at work that will publish to this folder or URL."""
    place = output if "://" in output else os.path.abspath(output)
    found: list[str] = []
    for row in session.runs(_LOOKED_AT):
        if with_true_state(session.catalog, row).state == "running":
            with suppress(UnknownName, DamagedBlob):  # Purged a moment ago, or it publishes nothing any more.
                if read_definition(session.store, row.id).output == place:
                    found.append(row.id)
    return found


def _say(estimate: RunEstimate) -> None:
    minutes = round(estimate.seconds / 60)
    long = (
        "under a minute" if minutes < 1 else "about a minute" if minutes == 1 else f"about {minutes} minutes"
    )
    tell(f"estimate: {long} on {estimate.machine.cores} cores\n")
    for problem in estimate.problems():
        tell(f"warning: {problem}\n")


def _one_source(first: str, more: tuple[str, ...]) -> str:
    """What a run reads: one thing, or several web addresses, which are joined by spaces."""
    if more and not is_web(" ".join((first, *more))):
        odd = next(one for one in (*more, first) if not is_web(one))
        raise InvalidParameter(
            f"Only web addresses can be given together, and {odd!r} is none. Give one folder, one bucket prefix, or a .txt file "
            "that lists the photos."
        )
    return " ".join((first, *more))


def _command(name: str) -> Callable[..., int]:
    recipe = pipeline_recipe(name)

    def command(
        input: Input,  # noqa: A002 - it is what people call it
        *more: MoreUrls,
        store: StoreFlag = DEFAULT_STORE,
        output: OutputFlag = "",
        json: Json = False,
        **parameters: Any,
    ) -> int:
        defaults = {one: flag.default for one, flag in inspect.signature(recipe).parameters.items()}
        source = _one_source(input, more)
        result, estimate = run_pipeline(name, source, store, output, {**defaults, **parameters})
        return report(result, as_json=json, store=store, estimate=estimate)

    return with_recipe_flags(command, recipe)


for _name in pipeline_names():
    app.command(_command(_name), name=_name)
