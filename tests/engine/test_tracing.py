"""From any output back to source files and parameters, and forward to what was made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engine.picture_stages import Brighten, Show, brightening, write_pictures

from calotype.artifacts import Image
from calotype.cli.lineage import told
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.purge import purge
from calotype.engine.trace import Trace
from calotype.errors import CalotypeError, UnknownName
from calotype.runners.comparing import blobs_at_hand, compare_runs
from calotype.runners.forking import fork
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.runners.tracing import trace_of
from calotype.vision.reporting.comparison import comparison_page
from servers import S3Server


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return write_pictures(tmp_path / "photos", 4)


def carry_out(session: Session, spec: PipelineSpec, photos: Path, output: str = "") -> RunResult:
    definition = session.create(spec, {"photos": str(photos)}, output=output)
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))


def names(trace: Trace) -> dict[str, tuple[set[str], set[str]]]:
    """Step -> names of what it read and of what it made, on this way."""
    return {
        step.step: (
            {end.name for ends in step.inputs.values() for end in ends},
            {end.name for ends in step.outputs.values() for end in ends},
        )
        for step in trace.steps
    }


def test_an_output_leads_back_to_source_files_and_parameters(
    session: Session, photos: Path, tmp_path: Path
) -> None:
    run = carry_out(session, brightening(show=Show(frame=3)), photos, str(tmp_path / "out")).run
    trace = trace_of(session, str(tmp_path / "out/figures.json"), forward=False)
    pictures = {f"p{number:02d}.png" for number in range(4)}
    assert names(trace) == {"show": (pictures, {"figures.json"}), "brighten": (pictures, pictures)}
    steps = {step.step: step for step in trace.steps}
    assert steps["show"].parameters == {"frame": 3, "title": ""}
    assert steps["brighten"].parameters == {"by": 10}
    assert {step.run for step in trace.steps} == {run}
    given = {end.digest for end in steps["brighten"].inputs["photos"]}
    assert {trace.sources[digest].place for digest in given} == {str(photos)}
    assert trace.sources.keys() == given


def test_one_item_has_its_own_chain_and_not_that_of_the_whole_set(
    session: Session, photos: Path, tmp_path: Path
) -> None:
    carry_out(session, brightening(), photos, str(tmp_path / "out"))
    back = trace_of(session, str(tmp_path / "out/pictures/p02.png"), forward=False)
    assert names(back) == {"brighten": ({"p02.png"}, {"p02.png"})}
    forward = trace_of(session, str(photos / "p02.png"), forward=True)
    assert names(forward) == {
        "brighten": ({"p02.png"}, {"p02.png"}),
        "show": ({"p02.png"}, {"previews", "figures.json"}),
    }


def test_what_was_made_of_a_source_file_is_found_in_every_run(session: Session, photos: Path) -> None:
    first = carry_out(session, brightening(), photos).run
    definition = fork(session, first, ["show.frame=7"])
    session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))
    forward = trace_of(session, str(photos / "p00.png"), forward=True)
    assert sorted(step.parameters.get("frame", 0) for step in forward.steps) == [0, 2, 7]


def test_an_artifact_is_named_by_digest_by_its_beginning_or_by_run_and_label(
    session: Session, photos: Path
) -> None:
    run = carry_out(session, brightening(), photos).run
    whole = trace_of(session, "latest:figures", forward=False)
    digest = whole.start.digest
    for name in (digest, digest[:8], f"{run}:figures", f"{run[:17]}:figures"):
        assert trace_of(session, name, forward=False) == whole
    one = trace_of(session, f"{run}:pictures/p01.png", forward=False)
    assert names(one) == {"brighten": ({"p01.png"}, {"p01.png"})}


def test_a_file_of_a_folder_leads_to_the_folder_it_was_made_in(
    session: Session, photos: Path, tmp_path: Path
) -> None:
    carry_out(session, brightening(), photos, str(tmp_path / "out"))
    trace = trace_of(session, str(tmp_path / "out/previews/strip/first.png"), forward=False)
    assert trace.start.kind == "Gallery"
    assert [step.step for step in trace.steps] == ["show", "brighten"]


def test_a_fork_is_traced_through_what_it_took_over_when_its_parent_is_gone(
    session: Session, photos: Path
) -> None:
    first = carry_out(session, brightening(), photos).run
    definition = fork(session, first, ["show.frame=7"])
    session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))
    purge(session.store, session.catalog, first)
    trace = trace_of(session, f"{definition.id}:figures", forward=False)
    assert {step.step: step.run for step in trace.steps} == {"show": definition.id, "brighten": ""}
    assert {step.step: step.reused_by for step in trace.steps} == {"show": (), "brighten": (definition.id,)}
    assert {source.place for source in trace.sources.values()} == {str(photos)}
    assert f"computed by a run that is gone, reused by {definition.id}" in "\n".join(told(trace))


def test_a_step_is_of_the_run_that_computed_it_and_later_ones_are_said_to_have_reused_it(
    session: Session, photos: Path
) -> None:
    first, second, third = (carry_out(session, brightening(), photos).run for _ in range(3))
    asked_of_the_last = trace_of(session, f"{third}:figures", forward=False)
    asked_by_digest = trace_of(session, asked_of_the_last.start.digest, forward=False)
    for trace in (asked_of_the_last, asked_by_digest):
        assert {step.run for step in trace.steps} == {first}
        assert {step.reused_by for step in trace.steps} == {(second, third)}
        assert f"computed by run {first}, reused by {third}, {second}" in "\n".join(told(trace))


def test_a_step_that_hands_files_through_unchanged_ends_the_way(session: Session, photos: Path) -> None:
    run = carry_out(session, brightening(Brighten(by=0)), photos).run
    trace = trace_of(session, f"{run}:figures", forward=False)
    assert [step.step for step in trace.steps] == ["show", "brighten"]


def test_the_list_of_what_was_declined_has_its_maker(session: Session, photos: Path) -> None:
    pipeline = Pipeline("declined")
    bright = pipeline.add(Brighten(), step="brighten", photos=pipeline.source("photos", Image))
    shown = pipeline.add(Show(), step="show", photos=bright.image, declined=bright.rejected)
    pipeline.publish("figures.json", shown.figures, label="figures")
    run = carry_out(session, pipeline.build(), photos).run
    trace = trace_of(session, f"{run}:figures", forward=False)
    (declined,) = trace.steps[0].inputs["declined"]
    assert [step.step for step in trace.makers([declined])] == ["brighten"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("strange.json", "not of this store: no step read or made a file with its bytes"),
        ("photos", "is a folder. Name a file in it"),
        ("no-such-thing", "is no file here, no digest and no RUN:LABEL"),
        ("0123456789", "No artifact of this store has a digest that begins with 0123456789"),
        ("0" * 64, "No artifact of this store has a digest that begins with 0000"),
        ("latest:nothing", "publishes no 'nothing'; it publishes: pictures, previews, figures"),
        ("latest:pictures", r"is 4 artifacts. Name one of them, for example \S+:pictures/p00.png"),
        ("nobody:figures", "nobody"),
    ],
)
def test_what_is_not_of_this_store_is_told_in_words(
    session: Session, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, said: str
) -> None:
    carry_out(session, brightening(), photos)
    (tmp_path / "strange.json").write_text("strange")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CalotypeError, match=said):
        trace_of(session, what, forward=False)


def test_what_a_run_has_not_made_yet_cannot_be_traced(session: Session, photos: Path) -> None:
    definition = session.create(brightening(), {"photos": str(photos)})
    with pytest.raises(UnknownName, match="has not made its figures yet"):
        trace_of(session, f"{definition.id}:figures", forward=False)


@pytest.mark.parametrize("kind", ["moto_server", "rclone_server"])
def test_runs_in_a_bucket_are_forked_compared_and_traced(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    server: S3Server = request.getfixturevalue(kind)
    environment = {
        **server.environment,
        "NVME_ROOT": str(tmp_path / "scratch"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    session = Session(server.url("tracing"), environment)
    first = carry_out(session, brightening(), write_pictures(tmp_path / "photos", 2)).run
    definition = fork(session, first, ["show.frame=7"])
    result = session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))
    assert result.executed == ("show",)
    trace = trace_of(session, f"{result.run}:figures", forward=False)
    assert [step.seconds is not None for step in trace.steps] == [True, True]
    assert trace.steps[0].parameters["frame"] == 7
    comparison = compare_runs(session, [first, result.run])
    with blobs_at_hand(session) as open_blob:
        assert comparison_page(comparison, open_blob).count("<img") == 4
    session.close()


def test_what_another_machine_made_is_traced_with_a_catalog_that_never_saw_it(
    session: Session, photos: Path, tmp_path: Path
) -> None:
    run = carry_out(session, brightening(), photos, str(tmp_path / "out")).run
    environment = {**session.environment, "CALOTYPE_CATALOG": f"sqlite:///{tmp_path}/other.sqlite"}
    other = Session(tmp_path / "store", environment)
    for what, forward in ((str(tmp_path / "out/figures.json"), False), (str(photos / "p01.png"), True)):
        assert trace_of(other, what, forward=forward) == trace_of(session, what, forward=forward)
    assert trace_of(other, f"{run}:figures", forward=False).steps
    other.close()
