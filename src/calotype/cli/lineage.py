"""`calotype lineage ARTIFACT`: from an output back to source files and parameters, or forward to what was made of it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from calotype.catalog.lineage import LineageEnd
from calotype.cli.flags import DEFAULT_STORE, Json, StoreFlag
from calotype.cli.results import print_json
from calotype.cli.terminal import show
from calotype.engine.trace import Ends, Trace, TracedStep
from calotype.errors import InvalidParameter
from calotype.runners.session import open_session
from calotype.runners.tracing import trace_of
from calotype.vision.reporting.comparison import EXACT, shown_value
from calotype.vision.reporting.flow_chart import Box, flow_chart

_NAMES_SHOWN = 3
_PARAMETERS_DRAWN = 6
_DIGITS = 12
_LINE_WIDTH = 110


def lineage(
    artifact: Annotated[
        str,
        Parameter(
            help="A file, a digest or its first digits, or what a run published: RUN:LABEL, RUN:LABEL/NAME."
        ),
    ],
    *,
    forward: Annotated[bool, Parameter(negative="", help="Say what was made of it instead.")] = False,
    output: Annotated[
        str, Parameter(name=("--output", "-o"), help="Draw it there: `lineage.svg` or `lineage.html`.")
    ] = "",
    store: StoreFlag = DEFAULT_STORE,
    json: Json = False,
) -> None:
    """Say what something was made from, back to the source files, with the parameters of each step on the way."""
    if output and Path(output).suffix not in (".svg", ".html"):
        raise InvalidParameter(f"A picture can be drawn as .svg or .html, not as {output}.")
    with open_session(store) as session:
        found = trace_of(session, artifact, forward=forward)
    if output:
        from calotype.vision.images.encode import written_whole

        chart = str(drawn(found))
        page = chart if output.endswith(".svg") else f"<!doctype html><meta charset=utf-8>{chart}"
        written_whole(Path(output), lambda part: part.write_text(page, encoding="utf-8"))
    if json:
        print_json(document(found))
        return
    for line in told(found):
        show(line + "\n")
    if output:
        show(f"\nDrawn in {output}\n")


def document(trace: Trace) -> dict[str, Any]:
    """The trace as one JSON document."""

    def ends(some: Ends) -> dict[str, list[dict[str, str]]]:
        return {port: [_artifact(end) for end in group] for port, group in some.items()}

    return {
        "artifact": _artifact(trace.start),
        "direction": "forward" if trace.is_forward else "back",
        "steps": [
            {
                **vars(step),
                "parameters": dict(step.parameters),
                "inputs": ends(step.inputs),
                "outputs": ends(step.outputs),
            }
            for step in trace.steps
        ],
        "sources": {digest: vars(source) for digest, source in trace.sources.items()},
    }


def _artifact(end: LineageEnd) -> dict[str, str]:
    return {"name": end.name, "kind": end.kind, "digest": end.digest}


def told(trace: Trace) -> Iterator[str]:
    """The trace as lines of a tree: artifacts, below them the steps that made (or read) them, and so on."""
    yield _named([trace.start], trace, is_end=trace.is_forward or not trace.steps)
    if not trace.steps:
        yield "  " + _nothing_more(trace)
        return
    yield from _branches(trace, [trace.start], "", (), set())


def _nothing_more(trace: Trace) -> str:
    if trace.is_forward:
        return "nothing was made of it yet"
    return "no step made it: it was given. --forward says what was made of it"


def _next_steps(trace: Trace, artifacts: Sequence[LineageEnd], way: tuple[str, ...]) -> list[TracedStep]:
    """Steps that the way goes on with. A step that hands a file through unchanged is not taken a second time."""
    steps = trace.readers(artifacts) if trace.is_forward else trace.makers(artifacts)
    return [step for step in steps if step.key not in way]


def _branches(
    trace: Trace, artifacts: Sequence[LineageEnd], indent: str, way: tuple[str, ...], told_of: set[str]
) -> Iterator[str]:
    steps = _next_steps(trace, artifacts, way)
    new = [step for step in steps if step.key not in told_of]
    again = list(dict.fromkeys(step.step for step in steps if step.key in told_of))
    told_of.update(step.key for step in new)
    verb = "read by" if trace.is_forward else "made by"
    for index, step in enumerate(new):
        is_last = index == len(new) - 1 and not again
        yield f"{indent}{'└─ ' if is_last else '├─ '}{verb} {_titled(step)}"
        yield from _step(trace, step, indent + ("   " if is_last else "│  "), way, told_of)
    if again:
        yield f"{indent}└─ {verb} {', '.join(again)} (told elsewhere in this tree)"


def _step(
    trace: Trace, step: TracedStep, indent: str, way: tuple[str, ...], told_of: set[str]
) -> Iterator[str]:
    """A step's parameters, and below them what it read (or made)."""
    groups = list((step.outputs if trace.is_forward else step.inputs).items())
    for line in textwrap.wrap(_parameters(step), _LINE_WIDTH - len(indent)):
        yield f"{indent}{'│' if groups else ' '}  {line}"
    for place, (port, ends) in enumerate(groups):
        is_last = place == len(groups) - 1
        is_end = not trace.is_forward and not _next_steps(trace, ends, (*way, step.key))
        yield f"{indent}{'└─ ' if is_last else '├─ '}{port}: {_named(ends, trace, is_end=is_end)}"
        below = indent + ("   " if is_last else "│  ")
        yield from _branches(trace, ends, below, (*way, step.key), told_of)


def _titled(step: TracedStep) -> str:
    stage = "" if step.step == step.stage else f" (stage {step.stage})"
    run = f", {_runs(step)}" if step.run or step.reused_by else ""
    seconds = f", {step.seconds:.1f} s" if step.seconds is not None else ""
    return f"{step.step}{stage} version {step.version}, key {step.key[:_DIGITS]}{run}{seconds}"


def _runs(step: TracedStep) -> str:
    """Which run computed the step's result, and which took it over, the newest of them first."""
    computed = f"computed by run {step.run}" if step.run else "computed by a run that is gone"
    if not step.reused_by:
        return computed
    more = len(step.reused_by) - _NAMES_SHOWN
    named = ", ".join(step.reused_by[: -_NAMES_SHOWN - 1 : -1])
    return f"{computed}, reused by {named}" + (f" and {more} more" if more > 0 else "")


def _parameters(step: TracedStep) -> str:
    return "; ".join(f"{name}={shown_value(value, EXACT)}" for name, value in step.parameters.items())


def _named(ends: Sequence[LineageEnd], trace: Trace, *, is_end: bool) -> str:
    """Artifacts in one line; where the way ends, what they were given as."""
    places = _places(ends, trace) if is_end else []
    given = f", given as {', '.join(places)}" if places else ""
    if len(ends) == 1:
        (end,) = ends
        return f"{end.name} ({end.kind} {end.digest[:_DIGITS]}{given})"
    return f"{len(ends)} {_kinds(ends)}{given}: {_some(end.name for end in ends)}"


def _places(ends: Sequence[LineageEnd], trace: Trace) -> list[str]:
    return sorted({trace.sources[end.digest].place for end in ends if end.digest in trace.sources})


def _kinds(ends: Iterable[LineageEnd]) -> str:
    return " and ".join(dict.fromkeys(end.kind for end in ends))


def _some(names: Iterable[str]) -> str:
    known = sorted(set(names))
    return ", ".join(known[:_NAMES_SHOWN]) + (", ..." if len(known) > _NAMES_SHOWN else "")


def drawn(trace: Trace) -> str:
    """The trace as an SVG: what was given at the left, what was made at the right."""
    boxes: dict[str, Box] = {}
    arrows: list[tuple[str, str]] = []
    home: dict[str, str] = {}
    for step in trace.steps:
        boxes[step.key] = _step_box(step)
        for port, ends in step.outputs.items():
            group = f"{step.key} {port}"
            boxes[group] = _group_box(ends, trace, is_given=False)
            arrows.append((step.key, group))
            home.update({end.digest: group for end in ends})
    for step in trace.steps:
        for ends in step.inputs.values():
            # A step that hands a file through unchanged did not make what it read.
            makers = {end: home.get(end.digest, step.key).partition(" ")[0] for end in ends}
            given = tuple(end for end in ends if makers[end] == step.key)
            if given:
                group = " ".join(end.digest for end in given)
                boxes.setdefault(group, _group_box(given, trace, is_given=True))
                arrows.append((group, step.key))
            arrows += dict.fromkeys((home[end.digest], step.key) for end in ends if makers[end] != step.key)
    if not boxes:
        boxes[trace.start.digest] = _group_box([trace.start], trace, is_given=True)
    title = f"What {trace.start.name} was made {'into' if trace.is_forward else 'from'}"
    return flow_chart(boxes, arrows, title)


def _step_box(step: TracedStep) -> Box:
    shown = [f"{name}: {shown_value(value, EXACT)}" for name, value in step.parameters.items()]
    more = len(shown) - _PARAMETERS_DRAWN
    lines = shown[:_PARAMETERS_DRAWN] + ([f"and {more} more"] if more > 0 else [])
    seconds = f", {step.seconds:.1f} s" if step.seconds is not None else ""
    return Box(f"{step.step}, version {step.version}{seconds}", tuple(lines), is_step=True)


def _group_box(ends: Sequence[LineageEnd], trace: Trace, *, is_given: bool) -> Box:
    is_asked = any(end.digest == trace.start.digest for end in ends)
    given = [f"given as {place}" for place in _places(ends, trace)] if is_given else []
    if len(ends) == 1:
        return Box(ends[0].name, (f"{ends[0].kind} {ends[0].digest[:_DIGITS]}", *given), is_asked=is_asked)
    return Box(f"{len(ends)} {_kinds(ends)}", (_some(end.name for end in ends), *given), is_asked=is_asked)
