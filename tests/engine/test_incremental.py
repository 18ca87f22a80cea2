"""Inputs that grow and shrink: only what is new is computed, what was removed leaves the result, and the run says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.engine.toy_stages import Double

from calotype.cli.progress import line_of
from calotype.engine.events import Event, StepDone, StepStarted
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import PipelineSpec
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session

Sums = Callable[..., PipelineSpec]


def write(folder: Path, first: int, count: int) -> None:
    for value in range(first, first + count):
        (folder / f"{value:04d}.json").write_text(str(value))


def carry_out(session: Session, spec: PipelineSpec, numbers: Path) -> tuple[RunResult, list[str]]:
    """How the run ended, and the lines that told of its `double` step."""
    events: list[Event] = []
    definition = session.create(spec, {"numbers": str(numbers)})
    runner = InlineRunner(Workplace(session.store, session.scratch))
    result = session.conduct(definition, emit=events.append, runner=runner)
    told = [one for one in events if isinstance(one, (StepStarted, StepDone)) and one.step == "double"]
    return result, [line_of(one) for one in told]


def test_a_hundred_added_files_are_a_hundred_items_and_removed_ones_leave_the_result(
    session: Session, sums: Sums, tmp_path: Path
) -> None:
    numbers, trace = tmp_path / "many", tmp_path / "trace"
    numbers.mkdir()
    write(numbers, 0, 300)
    spec = sums(Double(trace=str(trace)))
    _, told = carry_out(session, spec, numbers)
    assert told[0] == "double: started (300 items)"
    write(numbers, 300, 100)
    result, told = carry_out(session, spec, numbers)
    assert told[0] == "double: started (100 new, 300 known)"
    assert result.figures == {"sum": 2 * sum(range(400)), "count": 400}
    for value in range(50):
        (numbers / f"{value:04d}.json").unlink()
    result, told = carry_out(session, spec, numbers)
    assert told[0] == "double: started (0 new, 350 known)"
    assert result.figures == {"sum": 2 * sum(range(50, 400)), "count": 350}
    _, told = carry_out(session, spec, numbers)
    assert told == ["double: nothing to do"]
    assert len(trace.read_text().splitlines()) == 400


def test_a_changed_file_is_new_and_one_that_was_only_renamed_is_known(
    session: Session, sums: Sums, numbers: Path
) -> None:
    carry_out(session, sums(), numbers)
    (numbers / "00.json").write_text("77")
    (numbers / "01.json").rename(numbers / "renamed.json")
    result, told = carry_out(session, sums(), numbers)
    assert told[0] == "double: started (1 new, 11 known)"
    assert result.figures == {"sum": 132 + 2 * 77, "count": 12}
