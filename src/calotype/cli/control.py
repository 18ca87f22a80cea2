"""Commands that act on runs and tasks: resume, cancel, open, exec."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from calotype.cli.flags import DEFAULT_STORE, Json, OutputFlag, StoreFlag
from calotype.cli.fork import FromStep
from calotype.cli.progress import line_of, watching
from calotype.cli.results import print_json, report
from calotype.cli.show import RunName
from calotype.cli.terminal import show, tell
from calotype.engine.events import Event
from calotype.engine.state import read_state
from calotype.errors import UnknownName
from calotype.runners.forking import forget_results
from calotype.runners.session import open_session
from calotype.runners.worker import run_task


def resume(
    run: RunName = "latest",
    *,
    from_step: FromStep = "",
    output: OutputFlag = "",
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Go on with a run where it stopped. What is finished is not computed again; `-o` publishes to another place than before."""
    with open_session(store) as session, watching() as show:
        if from_step:
            run = forget_results(session, run, from_step)
        result = session.resume(run, output=output, emit=show)
    return report(result, as_json=json, store=store)


def cancel(run: RunName = "latest", *, store: StoreFlag = DEFAULT_STORE, json: Json = False) -> None:
    """Ask a run to stop, wherever it works. What it has finished is kept; `calotype resume` goes on."""
    with open_session(store) as session:
        row = session.find(run)
        kept = read_state(session.store, row.id)
        # Another machine may have gone on with it: its rows here do not tell, what it keeps in the store does.
        has_ended = {row.state, kept.run.state if kept else row.state} <= {"done", "failed", "cancelled"}
        if not has_ended:
            session.cancel(row.id)
    if json:
        print_json({"run": row.id, "asked": not has_ended})
    else:
        show(f"Run {row.id} is {f'already {row.state}' if has_ended else 'asked to stop'}.\n")


def open_report(
    run: RunName = "latest",
    *,
    output: Annotated[
        str,
        Parameter(
            name=("--output", "-o"), help="Write the page there instead of a folder for temporary files."
        ),
    ] = "",
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Open a run's report in the browser; where there is none, say where the page lies."""
    with open_session(store) as session:
        found = session.find(run).id
        page = session.write_output(found, "report", Path(output) if output else None)
    if page is None:
        raise UnknownName(f"Run {found} has no report yet. `calotype status {found}` shows how far it is.")
    opened = False if json else webbrowser.open(page.as_uri())
    if json:
        print_json({"run": found, "report": str(page)})
    else:
        show(f"{page}\n" if opened else f"No browser here. The report is {page}\n")


def execute_task(
    task_url: Annotated[
        str, Parameter(help="URL of a task in a store: `.../tasks/RUN/STEP/SHARD/ATTEMPT.json`.")
    ],
    *,
    json: Json = False,
) -> int:
    """Execute one task by its URL: what every runner calls. Needs the store alone, no catalog.

    Ends with 0 when done, 75 when another attempt may succeed, 78 when it will not, 130 when cancelled, 137 for memory.
    """

    def notice(event: Event) -> None:
        if text := line_of(event):
            tell(text + "\n")

    result = run_task(task_url, notice, lambda: False, {}, os.environ)
    if json:
        print_json(result.model_dump(mode="json"))
    elif result.state == "failed":
        tell(f"calotype: {result.message}\n")
    return result.exit_code
