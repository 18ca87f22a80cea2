"""Forks: what a change does not touch is taken over and stays, the rest is computed; and steps asked for again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.engine.definition import RunDefinition, definition_path, read_definition
from calotype.engine.execute import Workplace
from calotype.engine.explain import explain_step
from calotype.engine.fork import changed_pipeline
from calotype.engine.gc import collect
from calotype.engine.pipeline import PipelineSpec
from calotype.engine.purge import purge
from calotype.engine.recipes import called_again, called_recipe
from calotype.engine.state import state_path
from calotype.errors import CalotypeError, InvalidParameter, UnknownName
from calotype.pipelines.splat import splat
from calotype.runners.forking import forget_results, fork
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.stages.splat import TrainSplat
from calotype.storage.blobs import Blobs

Sums = Callable[..., PipelineSpec]


def conduct(session: Session, definition: RunDefinition) -> RunResult:
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))


def carry_out(session: Session, spec: PipelineSpec, numbers: Path) -> RunResult:
    return conduct(session, session.create(spec, {"numbers": str(numbers)}))


def forked(session: Session, run: str, *settings: str) -> tuple[RunDefinition, RunResult]:
    definition = fork(session, run, settings)
    return definition, conduct(session, definition)


def executions(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_a_fork_computes_the_changed_step_and_takes_over_what_comes_before(
    session: Session, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers)
    definition, result = forked(session, parent.run, "add.start=1000")
    assert (result.state, result.executed, result.figures["sum"]) == ("done", ("add",), 1132)
    assert (definition.parent, set(definition.pinned)) == (parent.run, {"double"})
    assert definition.history[-1].endswith(f"forked from {parent.run}: add.start 0 -> 1000")
    row = session.catalog.runs.get(result.run)
    assert row.parent == parent.run
    assert session.catalog.runs.get(parent.run).parent == ""
    assert [step.pinned_from for step in session.catalog.runs.steps(result.run)] == [parent.run, ""]


def test_a_change_early_in_the_pipeline_computes_all_after_it(
    session: Session, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers)
    definition, result = forked(session, parent.run, "double.factor=3", "add.start=1")
    assert (result.executed, result.figures["sum"]) == (("double", "add"), 199)
    assert definition.pinned == {}
    assert "double.factor 2 -> 3; add.start 0 -> 1" in definition.history[-1]


def test_a_fork_without_a_change_is_a_copy_that_executes_nothing(
    session: Session, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers)
    definition, result = forked(session, parent.run)
    assert (result.executed, result.figures) == ((), parent.figures)
    assert set(definition.pinned) == {"double", "add"}
    _, same = forked(session, parent.run, "add.start=0")
    assert same.executed == ()


def test_a_fork_of_an_unfinished_run_takes_over_what_is_finished(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    failed = carry_out(session, sums(Double(trace=str(trace)), Add(transient_failures=9)), numbers)
    assert failed.state == "failed"
    definition, result = forked(session, failed.run, "add.transient_failures=0")
    assert (result.state, result.executed, set(definition.pinned)) == ("done", ("add",), {"double"})
    assert executions(trace) == 12


def test_a_fork_is_whole_when_everything_of_its_parent_is_gone(
    session: Session, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers)
    definition = fork(session, parent.run, ["add.start=5"])
    for place in ("records", "segments", "tasks"):
        session.store.delete([info.key for info in session.store.list(place)])
    session.store.delete([definition_path(parent.run), state_path(parent.run)])
    result = conduct(session, definition)
    assert (result.state, result.executed, result.figures["sum"]) == ("done", ("add",), 137)
    again = conduct(session, fork(session, result.run))
    assert (again.executed, again.figures["sum"]) == ((), 137)


def test_a_fork_outlives_the_purge_of_its_parent_and_the_collection_after_it(
    session: Session, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(), numbers)
    definition, _ = forked(session, parent.run, "add.start=5")
    other = fork(session, parent.run, ["add.start=6"])
    purge(session.store, session.catalog, parent.run)
    collect(session.store, session.catalog, older_than_s=0)
    assert conduct(session, definition).executed == ()
    assert conduct(session, other).figures["sum"] == 138
    assert session.catalog.runs.get(other.id).parent == parent.run


def test_bytes_that_a_fork_took_over_and_lost_are_computed_when_it_is_resumed(
    session: Session, sums: Sums, numbers: Path
) -> None:
    definition, _ = forked(session, carry_out(session, sums(Double(factor=1000)), numbers).run, "add.start=1")
    lost = definition.pinned["double"].outputs["report"][3]
    session.store.delete(Blobs(session.store).key(lost.digest))
    resumed = conduct(session, definition)
    assert (resumed.state, resumed.executed) == ("done", ("double",))
    assert Blobs(session.store).exists(lost.digest)
    assert [row.pinned_from for row in session.catalog.runs.steps(definition.id)] == ["", ""]


def test_a_fork_keeps_what_was_made_by_an_older_version_of_a_stage(
    session: Session, sums: Sums, numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = carry_out(session, sums(), numbers)
    monkeypatch.setattr(Double, "version", "2")
    definition, result = forked(session, parent.run, "add.start=1")
    assert (result.executed, result.figures["sum"]) == (("add",), 133)
    assert definition.pinned["double"].components["version"] == "1"


def test_what_lost_its_bytes_is_computed_and_not_taken_over(
    session: Session, sums: Sums, numbers: Path
) -> None:
    parent = carry_out(session, sums(Double(factor=1000)), numbers)
    first = fork(session, parent.run).pinned["double"].outputs["report"][1]
    session.store.delete(Blobs(session.store).key(first.digest))
    definition, result = forked(session, parent.run)
    assert definition.pinned == {}
    assert (result.executed, result.figures) == (("double",), parent.figures)


def test_the_history_of_a_fork_holds_that_of_its_parents(session: Session, sums: Sums, numbers: Path) -> None:
    first = carry_out(session, sums(), numbers)
    second, _ = forked(session, first.run, "add.start=1")
    third, result = forked(session, second.id, "add.start=2")
    assert [line.partition(" ")[2] for line in third.history] == [
        f"forked from {first.run}: add.start 0 -> 1",
        f"forked from {second.id}: add.start 1 -> 2",
    ]
    assert third.pinned["double"].run == first.run
    rows = {row.step: row for row in session.catalog.runs.steps(result.run)}
    reasons = explain_step(session.catalog, rows["add"], second.id).reasons
    assert reasons == ("parameter start: 1 -> 2",)
    assert explain_step(session.catalog, rows["double"], second.id).compared_with == first.run


def test_a_run_after_a_fork_is_explained_against_what_the_fork_took_over(
    session: Session, sums: Sums, numbers: Path
) -> None:
    forked(session, carry_out(session, sums(), numbers).run, "add.start=1")
    later = carry_out(session, sums(Double(factor=5)), numbers)
    rows = {row.step: row for row in session.catalog.runs.steps(later.run)}
    assert explain_step(session.catalog, rows["double"]).reasons == ("parameter factor: 2 -> 5",)


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        (["adding.start=1"], UnknownName, "no step 'adding'; it has: double, add. There is add.start."),
        (["add.begin=1"], InvalidParameter, "add has no parameter 'begin'. It has: die_at, start"),
        (
            ["add.start=many"],
            InvalidParameter,
            "add: start = 'many' is not possible: Input should be a valid int",
        ),
        (["add.start"], InvalidParameter, "Write STEP.PARAMETER=VALUE, for example add.start=0"),
        (["start=1"], InvalidParameter, "no parameter 'start' of its own"),
        (["add.start=1", "double.factor="], InvalidParameter, "double: factor = '' is not possible"),
    ],
)
def test_what_cannot_be_set_is_told_in_words_and_makes_no_run(
    session: Session,
    sums: Sums,
    numbers: Path,
    settings: Sequence[str],
    error: type[CalotypeError],
    said: str,
) -> None:
    parent = carry_out(session, sums(), numbers)
    with pytest.raises(error) as caught:
        fork(session, parent.run, settings)
    assert said in str(caught.value)
    assert len(session.catalog.runs.list()) == 1


def test_values_are_read_by_the_type_of_their_parameter() -> None:
    settings = ["splat.background=0.5,0.5,1", "splat.antialiased=true", "sfm.max-image-side=900"]
    changed, changes = changed_pipeline(splat().build(), settings, "r")
    assert changed.step("splat").parameters["background"] == [0.5, 0.5, 1.0]
    assert changed.step("splat").parameters["antialiased"] is True
    assert changed.step("sfm").parameters["max_image_side"] == 900
    assert Counter(change.step for change in changes) == {"splat": 2, "render": 2, "sfm": 1}
    listed, _ = changed_pipeline(splat().build(), ["splat.background=[0.5,0.5,1]"], "r")
    assert listed.step("splat").parameters["background"] == [0.5, 0.5, 1.0]


def test_a_parameter_that_two_steps_share_is_set_in_both_and_only_at_the_first() -> None:
    changed, _ = changed_pipeline(splat().build(), ["splat.max_side=640"], "r")
    assert changed.step("render").parameters["max_side"] == 640
    with pytest.raises(InvalidParameter, match=r"always that of splat\. Set splat\.max_side"):
        changed_pipeline(splat().build(), ["render.max_side=640"], "r")


def test_another_preset_changes_what_the_recipe_says_and_keeps_what_the_run_had_of_its_own() -> None:
    low = called_recipe("splat", {"preset": "low", "train": TrainSplat(seed=7)})
    mine, _ = changed_pipeline(low, ["splat.max_side=500", "sfm.seed=3"], "r")
    high, changes = changed_pipeline(mine, ["preset=high"], "r")
    assert str(changes[0]) == "preset low -> high"
    trained = high.step("splat").parameters
    assert (trained["iterations"], trained["gaussians"], trained["densify_every"]) == (15_000, 150_000, 300)
    assert (trained["max_side"], trained["seed"], high.step("sfm").parameters["seed"]) == (500, 7, 3)
    assert high.step("render") == mine.step("render")
    again, changes = changed_pipeline(high, ["preset=low"], "r")
    assert again == mine
    assert len(changes) == 4


def test_an_argument_of_the_recipe_that_is_a_stage_is_set_by_its_part() -> None:
    low = called_recipe("splat", {"preset": "low"})
    changed, changes = changed_pipeline(low, ["train.gaussians=1000"], "r")
    assert changed.step("splat").parameters["gaussians"] == 1000
    assert [str(change) for change in changes] == ["splat.gaussians 30000 -> 1000"]


@pytest.mark.parametrize(
    ("setting", "error", "said"),
    [
        ("preset=huge", InvalidParameter, "preset = 'huge' is not possible: Input should be 'low', 'medium'"),
        ("train.gaussians=few", InvalidParameter, "train.gaussians = 'few' is not possible"),
        ("poses=elsewhere", InvalidParameter, "asks for other inputs than the run has"),
        ("pre=low", InvalidParameter, "no parameter 'pre' of its own"),
        ("render.max_side=400", InvalidParameter, "always that of splat"),
    ],
)
def test_what_the_recipe_cannot_be_given_is_told(setting: str, error: type[CalotypeError], said: str) -> None:
    with pytest.raises(error) as caught:
        changed_pipeline(called_recipe("splat", {"preset": "low"}), [setting], "r")
    assert said in str(caught.value)


def test_a_setting_that_contradicts_how_the_run_was_made_is_refused_with_what_to_set() -> None:
    short = called_recipe("splat", {"preset": "low", "iterations": 50})
    with pytest.raises(InvalidParameter) as caught:
        changed_pipeline(short, ["train.iterations=70"], "r")
    assert "say different things" in str(caught.value)
    assert "made with preset=low, iterations=50: set one of these again" in str(caught.value)
    for setting in ("iterations=70", "splat.iterations=70"):
        changed, _ = changed_pipeline(short, [setting], "r")
        assert changed.step("splat").parameters["iterations"] == 70


def test_a_pipeline_remembers_how_it_was_asked_for_also_as_json() -> None:
    spec = called_recipe("splat", {"poses": Path("given/poses"), "train": TrainSplat(iterations=50)})
    remembered = PipelineSpec.model_validate_json(spec.model_dump_json()).recipe
    assert remembered is not None
    assert called_again(remembered) == spec


def test_steps_asked_for_again_are_computed_again_and_the_old_results_stay_for_others(
    session: Session, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    spec = sums(Double(trace=str(trace)))
    first = carry_out(session, spec, numbers)
    other = carry_out(session, spec, numbers)
    forget_results(session, first.run, "double")
    resumed = conduct(session, read_definition(session.store, first.run))
    assert (resumed.executed, resumed.figures) == (("double", "add"), first.figures)
    assert executions(trace) == 24
    history = read_definition(session.store, first.run).history
    assert history[0].endswith("double and all after it computed again")
    assert conduct(session, read_definition(session.store, other.run)).executed == ()
    rows = {row.step: row for row in session.catalog.runs.steps(first.run)}
    assert (
        "somebody asked for it to be computed again" in explain_step(session.catalog, rows["double"]).reasons
    )


def test_asking_again_for_a_late_step_leaves_the_earlier_ones(
    session: Session, sums: Sums, numbers: Path
) -> None:
    first = carry_out(session, sums(), numbers)
    for _ in range(2):
        forget_results(session, first.run, "add")
        assert conduct(session, read_definition(session.store, first.run)).executed == ("add",)
    assert conduct(session, read_definition(session.store, first.run)).executed == ()
    definition = fork(session, first.run, from_step="add")
    assert conduct(session, definition).executed == ("add",)


def test_asking_again_for_a_step_that_was_taken_over_computes_it(
    session: Session, sums: Sums, numbers: Path
) -> None:
    copy, _ = forked(session, carry_out(session, sums(), numbers).run)
    forget_results(session, copy.id, "double")
    again = conduct(session, read_definition(session.store, copy.id))
    assert again.executed == ("double", "add")
    assert [row.pinned_from for row in session.catalog.runs.steps(copy.id)] == ["", ""]


def test_a_run_at_work_cannot_be_asked_for_steps_again(session: Session, sums: Sums, numbers: Path) -> None:
    definition = session.create(sums(), {"numbers": str(numbers)})
    session.catalog.runs.set_state(definition.id, "running")
    with pytest.raises(InvalidParameter, match="is at work"):
        forget_results(session, definition.id, "add")
    assert read_definition(session.store, definition.id) == definition


def test_a_step_that_the_run_does_not_have_cannot_be_asked_for_again(
    session: Session, sums: Sums, numbers: Path
) -> None:
    first = carry_out(session, sums(), numbers)
    with pytest.raises(UnknownName, match="no step 'subtract'; it has: double, add"):
        forget_results(session, first.run, "subtract")
    assert read_definition(session.store, first.run).history == ()
