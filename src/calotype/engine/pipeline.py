"""Wire stages into a pipeline, checked while it is built and written down as one JSON value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from calotype.artifacts import Artifact, Report
from calotype.engine import registry
from calotype.engine.ports import Arity, InputPort, OutputPort, Ports, ports_of
from calotype.engine.stage import Stage
from calotype.errors import InvalidParameter, InvalidPipeline

REJECTED = "rejected"
"""Output that every `Each` step has beside its own: a JSON report, [name, reason] of each item it declined."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class _Value(BaseModel, frozen=True, extra="forbid"):
    """A frozen, strict value."""


class Link(_Value, frozen=True):
    """Where an input comes from: an output of a step, or a source (then `step` is empty)."""

    step: str
    port: str

    def __str__(self) -> str:
        return f"{self.step}.{self.port}" if self.step else f"source {self.port}"


class SourceSpec(_Value, frozen=True):
    """Something the run is given from outside."""

    name: str
    kind: str
    many: bool
    least: int = 1
    """How many items there must be."""


class StepSpec(_Value, frozen=True):
    """One stage in a pipeline with its parameters and links; paired inputs have one link per kind."""

    id: str
    stage: str
    parameters: dict[str, Any]
    inputs: dict[str, tuple[Link, ...]]
    take: str = ""
    """Set when somebody asked for this step to be computed again although its result is there: part of its key."""

    def instance(self) -> Stage:
        """The stage value; InvalidParameter names what is wrong, where the installed stage no longer takes these parameters."""
        return build_stage(registry.stage_class(self.stage), self.parameters)


class PublishSpec(_Value, frozen=True):
    """An output that people get under a readable name: a file name, or a folder name that ends in `/`."""

    target: str
    link: Link
    member: str | None = None
    """One file out of a folder artifact."""
    without: tuple[str, ...] = ()
    """Files of a folder artifact that are left out."""
    label: str
    """What it is called in `outputs`: `splat`, `report`, ..."""


class FigureSpec(_Value, frozen=True):
    """A number that people ask of a run: read from a JSON report at a path such as `held_out.psnr` or `photos.length`."""

    name: str
    link: Link
    path: str
    better: Literal["higher", "lower", ""] = ""
    """Which of two such numbers is the better one, where that can be said: `compare` marks it."""


class TiedParameters(_Value, frozen=True):
    """A parameter that several steps have and that must be the same in all of them."""

    parameter: str
    leader: str
    """The step at which it is set."""
    followers: tuple[str, ...]
    """Steps that take it over."""


class WarningSpec(_Value, frozen=True):
    """A report's list of items that were left out: `[name, reason]`, or objects with `name` and `reason`; or of sentences."""

    what: str
    """What became of them: `was left out`; unused for sentences."""
    link: Link
    path: str
    """Where the list stands in the report; empty when the report is the list."""


class MarginSpec(_Value, frozen=True):
    """How far one figure must at least lie above another for the result to be worth something."""

    figure: str
    over: str
    least: float
    what: str
    """The warning when it does not, with `{value}` and `{other}` for the two."""


class RecipeCall(_Value, frozen=True):
    """How an installed recipe was asked for a pipeline."""

    name: str
    arguments: dict[str, Any]
    """As JSON values; of a stage only what was said of it."""


class PipelineSpec(_Value, frozen=True):
    """A whole pipeline as a value: what a run keeps of it. Steps stand in an order in which they can run."""

    name: str
    sources: tuple[SourceSpec, ...]
    steps: tuple[StepSpec, ...]
    publish: tuple[PublishSpec, ...]
    figures: tuple[FigureSpec, ...] = ()
    warnings: tuple[WarningSpec, ...] = ()
    margins: tuple[MarginSpec, ...] = ()
    ties: tuple[TiedParameters, ...] = ()
    recipe: RecipeCall | None = None
    """None for a pipeline that was built by hand."""

    def step(self, step_id: str) -> StepSpec:
        return next(step for step in self.steps if step.id == step_id)


def build_stage(stage: type[Stage], parameters: dict[str, Any]) -> Stage:
    """A stage value from parameters; InvalidParameter in plain words when one is unknown or out of range."""
    try:
        return stage.model_validate(parameters)
    except ValidationError as error:
        raise InvalidParameter(explain_validation(registry.name_of(stage), stage, error)) from error


def explain_validation(owner: str, model: type[BaseModel], error: ValidationError) -> str:
    """The first thing wrong with the parameters of a stage, and what would be right."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "parameters"
    if first["type"] == "extra_forbidden":
        return f"{owner} has no parameter {name!r}. It has: {', '.join(sorted(model.model_fields))}."
    return f"{owner}: {name} = {first.get('input')!r} is not possible: {first['msg']}."


class Outputs:
    """What a step gives, by port name, to be wired into later steps: `sfm.cameras`."""

    def __init__(self, step: str, ports: dict[str, OutputPort]) -> None:
        self._step = step
        self._ports = ports

    def __getattr__(self, port: str) -> Output:
        if port.startswith("_"):
            raise AttributeError(port)
        if port not in self._ports:
            raise InvalidPipeline(
                f"Step {self._step} has no output {port!r}; it has: {', '.join(self._ports)}."
            )
        found = self._ports[port]
        return Output(Link(step=self._step, port=port), found.kind, is_many=found.is_many)

    def only(self) -> Output:
        """The single output of a step that has just one."""
        made = [port for port in self._ports if port != REJECTED]
        if len(made) != 1:
            raise InvalidPipeline(f"Step {self._step} has several outputs; name one of: {', '.join(made)}.")
        return getattr(self, made[0])


class Output:
    """One output or source, ready to be wired."""

    def __init__(self, link: Link, kind: type[Artifact], *, is_many: bool) -> None:
        self.link = link
        self.kind = kind
        self.is_many = is_many


Wire = Output | Outputs


class Pipeline:
    """A DAG of stages under construction. Each `add` is checked at once: ports, kinds, names."""

    def __init__(self, name: str) -> None:
        self.name = _checked_name(name, "pipeline")
        self._sources: dict[str, SourceSpec] = {}
        self._steps: dict[str, StepSpec] = {}
        self._publish: list[PublishSpec] = []
        self._figures: list[FigureSpec] = []
        self._warnings: list[WarningSpec] = []
        self._margins: list[MarginSpec] = []
        self._ties: list[TiedParameters] = []

    def source(self, name: str, kind: type[Artifact], *, many: bool = True, least: int = 1) -> Output:
        """Declare something the run is given: many items (at least so many), or one artifact."""
        if name in self._sources:
            raise InvalidPipeline(f"Pipeline {self.name} has two sources called {name!r}.")
        self._sources[name] = SourceSpec(
            name=_checked_name(name, "source"), kind=kind.__name__, many=many, least=least
        )
        return Output(Link(step="", port=name), kind, is_many=many)

    def add(
        self, stage: Stage, *, step: str | None = None, **inputs: Wire | tuple[Wire, ...] | None
    ) -> Outputs:
        """Add a stage; every argument names one of its ports and says what flows in. Returns its outputs."""
        return self.connect(stage, inputs, step=step)

    def connect(
        self, stage: Stage, inputs: Mapping[str, Wire | tuple[Wire, ...] | None], *, step: str | None = None
    ) -> Outputs:
        """As `add`, the wires given as a mapping."""
        name = registry.name_of(type(stage))
        step_id = _checked_name(step or name.rpartition(":")[2].lower(), "step")
        if step_id in self._steps:
            raise InvalidPipeline(
                f"Pipeline {self.name} has two steps called {step_id!r}; pass step=... to name one."
            )
        ports = ports_of(type(stage))
        links = {
            port: _links(step_id, ports, port, wire) for port, wire in inputs.items() if wire is not None
        }
        if missing := [port.name for port in ports.inputs if not port.is_optional and port.name not in links]:
            raise InvalidPipeline(f"Step {step_id}: nothing flows into {', '.join(missing)}.")
        parameters = stage.model_dump(mode="json")
        self._steps[step_id] = StepSpec(id=step_id, stage=name, parameters=parameters, inputs=links)
        outputs = {port.name: port for port in ports.outputs}
        if ports.is_per_item:
            outputs[REJECTED] = OutputPort(REJECTED, Report, is_many=False)
        return Outputs(step_id, outputs)

    def publish(
        self,
        target: str,
        output: Wire,
        *,
        label: str,
        member: str | None = None,
        without: tuple[str, ...] = (),
    ) -> None:
        """Give people an output under a readable name (`scene.ply`, `images/`), called `label` in the run's outputs.

        Of a folder artifact, `member` gives one file, `without` leaves some out.
        """
        link = _output(output).link
        self._publish.append(
            PublishSpec(target=target, link=link, member=member, without=without, label=label)
        )

    def figure(
        self, name: str, report: Wire, path: str, *, better: Literal["higher", "lower", ""] = ""
    ) -> None:
        """Show a number of a JSON report in the run's summary: `pipeline.figure("psnr", render.metrics, "held_out.psnr")`."""
        link = _report(f"Figure {name}", report)
        self._figures.append(FigureSpec(name=name, link=link, path=path, better=better))

    def tie(self, parameter: str, leader: str, *followers: str) -> None:
        """Keep a parameter the same in several steps when a fork sets it at the leader; at a follower it cannot be set.

        Raises InvalidPipeline when there is no such step, or when they differ as the steps were added.
        """
        if unknown := [step for step in (leader, *followers) if step not in self._steps]:
            raise InvalidPipeline(f"Pipeline {self.name} has no step {unknown[0]!r} to tie {parameter} to.")
        steps = [self._steps[step] for step in (leader, *followers)]
        if len({repr(step.parameters.get(parameter)) for step in steps}) > 1:
            raise InvalidPipeline(
                f"Pipeline {self.name}: {parameter} must be the same in {', '.join(step.id for step in steps)}."
            )
        self._ties.append(TiedParameters(parameter=parameter, leader=leader, followers=followers))

    def warning(self, what: str, report: Wire, path: str = "") -> None:
        """Name the items that a JSON report lists with a reason: `pipeline.warning("has no pose", poses.report, "photos")`."""
        self._warnings.append(WarningSpec(what=what, link=_report(f"Warning {what}", report), path=path))

    def advice(self, report: Wire, path: str) -> None:
        """Warn with the sentences that a JSON report lists: `pipeline.advice(poses.report, "advice")`."""
        self._warnings.append(WarningSpec(what="", link=_report("Advice", report), path=path))

    def margin(self, figure: str, over: str, least: float, what: str) -> None:
        """Warn when a figure is not at least so much above another one: `what` says so, with `{value}` and `{other}`.

        Raises InvalidPipeline when there is no such figure.
        """
        if unknown := {figure, over} - {one.name for one in self._figures}:
            raise InvalidPipeline(f"Pipeline {self.name} has no figure {min(unknown)!r}.")
        self._margins.append(MarginSpec(figure=figure, over=over, least=least, what=what))

    def build(self) -> PipelineSpec:
        """The finished pipeline; InvalidPipeline if it has no steps or a source that nothing reads."""
        if not self._steps:
            raise InvalidPipeline(f"Pipeline {self.name} has no steps.")
        used = {
            link.port
            for step in self._steps.values()
            for links in step.inputs.values()
            for link in links
            if not link.step
        }
        if unused := set(self._sources) - used:
            raise InvalidPipeline(
                f"Pipeline {self.name}: nothing reads the source {', '.join(sorted(unused))}."
            )
        return PipelineSpec(
            name=self.name,
            sources=tuple(self._sources.values()),
            steps=tuple(self._steps.values()),
            publish=tuple(self._publish),
            figures=tuple(self._figures),
            warnings=tuple(self._warnings),
            margins=tuple(self._margins),
            ties=tuple(self._ties),
        )


def _checked_name(name: str, what: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidPipeline(
            f"{name!r} cannot name a {what}: use lower-case letters, digits, '-' and '_', at most 63."
        )
    return name


def _output(wire: Wire) -> Output:
    return wire.only() if isinstance(wire, Outputs) else wire


def _report(owner: str, wire: Wire) -> Link:
    output = _output(wire)
    if not issubclass(output.kind, Report):
        raise InvalidPipeline(f"{owner}: {output.link} is {output.kind.__name__}, not Report.")
    return output.link


def _links(step: str, ports: Ports, name: str, wire: Wire | tuple[Wire, ...]) -> tuple[Link, ...]:
    port = next((port for port in ports.inputs if port.name == name), None)
    if port is None:
        known = ", ".join(port.name for port in ports.inputs)
        raise InvalidPipeline(f"Step {step} has no input {name!r}; it has: {known}.")
    outputs = [_output(member) for member in (wire if isinstance(wire, tuple) else (wire,))]
    _check_kinds(step, port, outputs)
    return tuple(output.link for output in outputs)


def _check_kinds(step: str, port: InputPort, outputs: list[Output]) -> None:
    if len(outputs) != len(port.kinds):
        raise InvalidPipeline(f"Step {step}: {port.name} takes {len(port.kinds)} wires, not {len(outputs)}.")
    if len(outputs) > 1 and port.arity is Arity.ONE:
        raise InvalidPipeline(f"Step {step}: {port.name} is a single artifact and cannot be a pair.")
    if port.arity is Arity.ONE and outputs[0].is_many:
        raise InvalidPipeline(
            f"Step {step}: {port.name} is a single artifact, but {outputs[0].link} is many."
        )
    for output, kind in zip(outputs, port.kinds, strict=True):
        if not issubclass(output.kind, kind):
            raise InvalidPipeline(
                f"Step {step}: {port.name} takes {kind.__name__}, but {output.link} is {output.kind.__name__}."
            )
