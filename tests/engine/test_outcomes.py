"""What a run tells at its end: where its outputs lie, and what was left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.engine.toy_stages import Double

from calotype import All, Context, Stage
from calotype.artifacts import Report
from calotype.engine.events import LogLine
from calotype.engine.pipeline import Link, Pipeline, PipelineSpec
from calotype.engine.plan import plan_step
from calotype.errors import InvalidPipeline
from calotype.runners.session import Session

Sums = Callable[..., PipelineSpec]


def test_without_an_output_place_the_store_shows_outputs_under_their_names(
    session: Session, sums: Sums, numbers: Path
) -> None:
    result = session.conduct(session.create(sums(), {"numbers": str(numbers)}))
    assert Path(result.outputs["total"]).name == "total.json"
    assert len(list(Path(result.outputs["doubled"]).iterdir())) == 12
    assert str(session.write_output(result.run, "total")) == result.outputs["total"]
    again = session.resume(result.run)
    assert again.outputs == result.outputs


def test_the_published_file_is_opened_while_it_is_as_it_was(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    definition = session.create(sums(), {"numbers": str(numbers)}, output=str(tmp_path / "out"))
    run = session.conduct(definition).run
    published = tmp_path / "out/total.json"
    assert session.write_output(run, "total") == published
    published.write_text("edited")
    opened = session.write_output(run, "total")
    assert opened is not None
    assert opened != published
    assert "sum" in opened.read_text()
    assert session.write_output(run, "total", tmp_path / "copy.json") == tmp_path / "copy.json"
    assert session.write_output(run, "nothing") is None


def test_an_output_folder_is_kept_as_an_absolute_path_so_that_a_run_may_be_resumed_from_elsewhere(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    definition = session.create(sums(), {"numbers": str(numbers)}, output="out")
    assert definition.output == str(tmp_path / "out")


def test_what_was_left_out_is_listed_with_its_reason(session: Session, numbers: Path) -> None:
    (numbers / "notes.txt").write_text("not a number")
    pipeline = Pipeline("left-out")
    numbers_in = pipeline.source("numbers", Report)
    doubled = pipeline.add(Double(reject_odd=True), step="double", numbers=numbers_in)
    pipeline.warning("was left out", doubled.rejected)
    result = session.conduct(session.create(pipeline.build(), {"numbers": str(numbers)}))
    assert result.warnings[0] == "01.json was left out: 1 is odd"
    assert len(result.warnings) == 7
    assert result.warnings[-1] == (
        "notes.txt was ignored: another kind of file, or a link that leads nowhere"
    )


class Advises(Stage):
    """Says what to do better."""

    version = "1"

    def run(self, ctx: Context, numbers: All[Report]) -> Report:
        path = ctx.workdir / "advice.json"
        path.write_text(json.dumps({"advice": ["Stand closer."], "got": 1.5 + len(numbers), "had": 12.0}))
        return Report(name="advice.json", path=path)


@pytest.mark.parametrize(("least", "warned"), [(1.0, False), (2.0, True)])
def test_advice_of_reports_and_a_figure_hardly_above_another_are_warnings(
    session: Session, numbers: Path, least: float, warned: bool
) -> None:
    pipeline = Pipeline("advised")
    advice = pipeline.add(Advises(), numbers=pipeline.source("numbers", Report))
    pipeline.advice(advice, "advice")
    pipeline.figure("got", advice, "got")
    pipeline.figure("had", advice, "had")
    pipeline.margin("got", "had", least, "{value:.1f}, not far above {other:.1f}.")
    with pytest.raises(InvalidPipeline, match="no figure 'psnr'"):
        pipeline.margin("psnr", "had", 1.0, "")
    result = session.conduct(session.create(pipeline.build(), {"numbers": str(numbers)}))
    assert result.warnings == (*(["13.5, not far above 12.0."] if warned else []), "Stand closer.")


def test_a_run_that_waits_for_another_says_so_once(session: Session, sums: Sums, numbers: Path) -> None:
    definition = session.create(sums(), {"numbers": str(numbers)})
    flows = {Link(step="", port="numbers"): definition.inputs["numbers"]}
    key = plan_step(definition.pipeline.step("double"), flows).key
    assert session.catalog.claims.take(key, "elsewhere/0/0:1:1:1", 2.5) is not None
    told: list[str] = []
    result = session.conduct(
        definition, emit=lambda event: told.append(event.text) if isinstance(event, LogLine) else None
    )
    assert result.state == "done"
    assert told == ["computed by another run; waiting for it"]
