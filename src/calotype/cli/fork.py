"""`calotype fork RUN --set STEP.PARAMETER=VALUE`: the same run with something changed."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from calotype.cli.flags import DEFAULT_STORE, Json, OutputFlag, StoreFlag
from calotype.cli.progress import watching
from calotype.cli.results import report
from calotype.cli.show import RunName
from calotype.cli.terminal import tell
from calotype.runners.forking import fork
from calotype.runners.session import open_session

Settings = Annotated[
    list[str],
    Parameter(
        name="--set",
        negative="",
        help="STEP.PARAMETER=VALUE, or PARAMETER=VALUE for one of the pipeline's own: `splat.iterations=7000`, `preset=high`. "
        "May be given several times.",
    ),
]
FromStep = Annotated[
    str,
    Parameter(
        name="--from-step", help="Compute this step and all after it again, though their results are there."
    ),
]


def fork_run(
    run: RunName,
    *,
    settings: Settings | None = None,
    from_step: FromStep = "",
    output: OutputFlag = "",
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> int:
    """Make a new run from another one with something changed, and carry it out.

    What the change does not touch is taken over as it is, and stays when the other run is purged; the changed steps and all
    after them are computed. Without `--set` it is a copy, which goes on where the other one stands.
    """
    with open_session(store) as session, watching() as show:
        definition = fork(session, run, settings or (), from_step=from_step, output=output)
        tell(f"{definition.history[-1].partition(' ')[2]}\n")
        result = session.conduct(definition, emit=show)
    return report(result, as_json=json, store=store)
