"""What the four tests of every stage share: running it alone, again, stopped, killed and resumed; its pinned key."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.stages.halting import Halt, HaltingRunner

from calotype import run
from calotype.artifacts import ArtifactRef
from calotype.engine import registry
from calotype.engine.events import Event, LogLine, StepStarted
from calotype.engine.pipeline import Link, build_stage
from calotype.engine.plan import plan_step
from calotype.engine.registry import kind_class
from calotype.engine.stage import Stage
from calotype.runners.session import RunResult, Session, pipeline_of

Inputs = Mapping[str, Path]


@dataclass(frozen=True)
class Alone:
    """A stage that ran by itself, through the public door."""

    stage: Stage
    inputs: Inputs
    folder: Path
    """Its outputs, in a folder per port."""
    result: RunResult
    store: str
    events: list[Event]

    def port(self, name: str) -> list[Path]:
        """The files that flow out of a port, sorted."""
        return sorted(path for path in (self.folder / name).rglob("*") if path.is_file())

    def file(self, name: str) -> Path:
        """The only file of a port."""
        (path,) = self.port(name)
        return path


def run_alone(stage: Stage, inputs: Inputs, folder: Path) -> Alone:
    """Run a stage over inputs with a store in memory, and publish what it gives."""
    store = f"memory://{uuid.uuid4().hex}"
    events: list[Event] = []
    result = run(stage, inputs, store=store, output=folder, emit=events.append)
    return Alone(stage, inputs, folder, result, store, events)


def changed(stage: Stage, **parameters: Any) -> Stage:
    return build_stage(type(stage), {**stage.model_dump(), **parameters})


def of_next_version(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The stage as the next release of its package would have it: the same name, another version."""
    name = registry.name_of(type(stage))

    class Next(type(stage)):  # type: ignore[misc]
        version = type(stage).version + " next"

    monkeypatch.setattr(registry, "_registered", dict(registry._registered))  # For this test only.
    registry.register(name, Next)
    return Next.model_validate(stage.model_dump())


class Executions:
    """Counts what the engine hands to a runner, in the store that a stage ran in already."""

    def __init__(self, alone: Alone) -> None:
        self._inputs = alone.inputs
        self._session = Session(alone.store)

    def of(self, stage: Stage) -> int:
        """How many tasks are executed when this stage runs over the same inputs; each is stopped at its first look."""
        runner = HaltingRunner(self._session, Halt())
        self._session.conduct(
            self._session.create(pipeline_of(stage, self._inputs), self._inputs), runner=runner
        )
        return len(runner.tickets)


def check_same_key_skips(
    alone: Alone,
    monkeypatch: pytest.MonkeyPatch,
    *,
    real: Mapping[str, Any],
    speed_only: Mapping[str, Any] | None = None,
) -> None:
    """The same again and speed-only changes execute nothing; each real parameter, and another version, does."""
    executions = Executions(alone)
    assert executions.of(alone.stage) == 0
    assert set(speed_only or {}) == type(alone.stage).speed_only_names()
    for name, value in (speed_only or {}).items():
        assert executions.of(changed(alone.stage, **{name: value})) == 0, name
    for name, value in real.items():
        assert executions.of(changed(alone.stage, **{name: value})) > 0, name
    assert executions.of(of_next_version(alone.stage, monkeypatch)) > 0


@dataclass
class Resumed:
    """A run that was cancelled, then killed, and then carried to its end by another runner."""

    result: RunResult
    folder: Path
    events: list[Event] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    """At the start of each attempt, how many items were there already."""

    @property
    def log(self) -> list[str]:
        """What the last attempt logged."""
        return [event.text for event in self.events if isinstance(event, LogLine)]


def halted_and_resumed(alone: Alone, folder: Path, *, cancel: Halt, kill: Halt) -> Resumed:
    """Run the stage anew on a folder store: cancel it, kill it, and let worker processes finish it.

    A whole-set stage must leave no record, and nothing may be published, before the end.
    """
    session = Session(folder / "store", {"NVME_ROOT": str(folder / "scratch")})
    out = folder / "out"
    definition = session.create(pipeline_of(alone.stage, alone.inputs), alone.inputs, output=str(out))
    known: list[int] = []

    def carry_on(events: list[Event], runner: HaltingRunner | None) -> RunResult:
        result = session.conduct(definition, emit=events.append, runner=runner)
        known.extend(event.known for event in events if isinstance(event, StepStarted))
        return result

    def nothing_is_visible() -> bool:
        return not any(session.store.list("records")) and not out.exists()

    try:
        cancelled = carry_on([], HaltingRunner(session, cancel))
        assert cancelled.state == "cancelled", cancelled.message
        assert nothing_is_visible()
        killed = carry_on([], HaltingRunner(session, kill, kill=True))
        assert killed.state == "failed"
        assert "SIGKILL" in killed.message
        assert nothing_is_visible()
        events: list[Event] = []
        result = carry_on(events, None)
        assert result.state == "done", result.message
        assert not any(session.store.list("checkpoints"))
        return Resumed(result, out, events, known)
    finally:
        session.close()


def same_files(a: Path, b: Path, port: str) -> bool:
    """Whether a port gave the same bytes under the same names in both folders."""

    def content(folder: Path) -> dict[str, bytes]:
        files = [path for path in (folder / port).rglob("*") if path.is_file()]
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    assert content(a)
    return content(a) == content(b)


def keys_of(stage: Stage, given: Mapping[str, str] = {}) -> list[str]:
    """The stage's key, and its items' keys, over made-up inputs: one artifact per port, its digest all zeros.

    A port that may be left out is, unless its digest is `given`.

    Compared with literals: keys are a file format, and who changes one orphans every result kept under it. A literal is
    replaced only where that is meant: another default, another parameter, another version.
    """
    spec = pipeline_of(stage, given)
    flows = {
        Link(step="", port=source.name): (
            ArtifactRef(
                kind=source.kind,
                name=f"one{next(iter(kind_class(source.kind).suffixes), '')}",
                digest=given.get(source.name, "0" * 64),
                size=1,
                folder=kind_class(source.kind).is_folder,
            ),
        )
        for source in spec.sources
    }
    plan = plan_step(spec.steps[0], flows)
    return [plan.key, *(item.key for item in plan.items or ())]
