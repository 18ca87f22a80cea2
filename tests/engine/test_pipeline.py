"""Pipelines are checked while they are built, stages when they are registered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double, Lies, Pairs, Variants

from calotype import All, Context, Each, Image, Mask, PerItem, Pipeline, Report, Stage, run
from calotype.artifacts import ArtifactRef
from calotype.engine.pipeline import PipelineSpec, build_stage
from calotype.engine.plan import paired_by_name, split_into_shards
from calotype.engine.ports import Arity, ports_of
from calotype.engine.tasks import split_task_url
from calotype.errors import InvalidParameter, InvalidPipeline, OutputsInvalid, UnknownName


def test_ports_are_read_from_annotations() -> None:
    ports = ports_of(Pairs)
    assert [(port.name, port.kinds, port.arity) for port in ports.inputs] == [
        ("pairs", (Image, Report), Arity.EACH)
    ]
    assert ports.is_per_item
    outputs = {port.name: (port.is_many, port.is_optional) for port in ports_of(Add).outputs}
    assert outputs == {"total": (False, False), "parts": (True, False), "extra": (False, True)}


def test_a_kind_that_does_not_fit_is_refused() -> None:
    pipeline = Pipeline("p")
    photos = pipeline.source("photos", Image)
    with pytest.raises(InvalidPipeline, match="numbers takes Report, but source photos is Image"):
        pipeline.add(Double(), numbers=photos)


def test_a_missing_or_unknown_wire_is_refused() -> None:
    pipeline = Pipeline("p")
    numbers = pipeline.source("numbers", Report)
    with pytest.raises(InvalidPipeline, match="nothing flows into numbers"):
        pipeline.add(Double())
    with pytest.raises(InvalidPipeline, match="no input 'photos'; it has: numbers"):
        pipeline.add(Double(), numbers=numbers, photos=numbers)


def test_two_steps_cannot_share_a_name_and_sources_must_be_used() -> None:
    pipeline = Pipeline("p")
    numbers = pipeline.source("numbers", Report)
    pipeline.source("spare", Report)
    pipeline.add(Double(), step="one", numbers=numbers)
    with pytest.raises(InvalidPipeline, match="two steps called 'one'"):
        pipeline.add(Double(), step="one", numbers=numbers)
    with pytest.raises(InvalidPipeline, match="nothing reads the source spare"):
        pipeline.build()


def test_a_pipeline_is_one_json_value() -> None:
    pipeline = Pipeline("p")
    doubled = pipeline.add(Double(factor=5), numbers=pipeline.source("numbers", Report))
    pipeline.publish("all/", doubled, label="all")
    spec = pipeline.build()
    assert PipelineSpec.model_validate_json(spec.model_dump_json()) == spec
    assert spec.steps[0].instance() == Double(factor=5)


def test_a_stage_without_annotations_is_refused() -> None:
    class Vague(Stage):
        version = "1"

        def run(self, ctx: Context, photos) -> Image:
            return photos

    with pytest.raises(InvalidPipeline, match="no annotation for photos"):
        ports_of(Vague)


def test_two_each_ports_are_refused() -> None:
    class Two(Stage):
        version = "1"

        def run(self, ctx: Context, photos: Each[Image], masks: Each[Mask]) -> PerItem[Image]:
            yield from ()

    with pytest.raises(InvalidPipeline, match="more than one Each port"):
        ports_of(Two)


def test_each_and_per_item_go_together() -> None:
    class Odd(Stage):
        version = "1"

        def run(self, ctx: Context, photos: All[Image]) -> PerItem[Image]:
            yield from ()

    with pytest.raises(InvalidPipeline, match="go together"):
        ports_of(Odd)


def test_parameters_are_refused_in_plain_words() -> None:
    with pytest.raises(InvalidParameter, match=r"has no parameter 'factr'. It has: .*factor"):
        build_stage(Double, {"factr": 3})
    with pytest.raises(InvalidParameter, match="factor = 'many' is not possible"):
        build_stage(Double, {"factor": "many"})


def test_unknown_stages_and_imports_are_named() -> None:
    from calotype.engine.registry import stage_class

    with pytest.raises(UnknownName, match="No stage is called 'nonsense'"):
        stage_class("nonsense")
    with pytest.raises(UnknownName, match="cannot be imported"):
        stage_class("calotype.nowhere:Stage")


def _ref(name: str, kind: str = "Image") -> ArtifactRef:
    return ArtifactRef(kind=kind, name=name, digest=name, size=1)


def test_pairs_share_a_stem_and_the_rest_is_listed() -> None:
    images, masks = ["a.jpg", "b.jpg", "c.jpg"], ["c.png", "a.png", "x.png"]
    rows, without = paired_by_name([images, masks])
    pairs = [(images[one], masks[two]) for one, two in zip(*rows, strict=True)]
    assert pairs == [("a.jpg", "a.png"), ("c.jpg", "c.png")]
    assert without == ["b.jpg", "x.png"]


def test_shards_hold_everything_once_in_order() -> None:
    shards = list(split_into_shards(23, slots=4))
    assert [position for shard in shards for position in shard] == list(range(23))
    assert len(shards) == 4
    assert len(list(split_into_shards(5, slots=4))) == 1


def test_paired_inputs_and_variants_run(tmp_path: Path) -> None:
    from PIL import Image as Pillow

    folder, reports = tmp_path / "photos", tmp_path / "reports"
    folder.mkdir()
    reports.mkdir()
    for width, name in enumerate(
        ("a", "b"), 4
    ):  # Different bytes: equal items are one item, whatever their names.
        Pillow.new("RGB", (width, 4)).save(folder / f"{name}.png")
        (reports / f"{name}.json").write_text("{}")
    pipeline = Pipeline("pairs")
    photos, texts = pipeline.source("photos", Image), pipeline.source("reports", Report)
    paired = pipeline.add(Pairs(), pairs=(photos, texts))
    varied = pipeline.add(Variants(), numbers=paired.report)
    pipeline.publish("out/", varied.report, label="out")
    result = run(
        pipeline, {"photos": folder, "reports": reports}, store="memory://pairs", output=tmp_path / "o"
    )
    names = sorted(path.name for path in (tmp_path / "o/out").iterdir())
    assert names == ["a_pair_0.json", "a_pair_1.json", "b_pair_0.json", "b_pair_1.json"]
    assert json.loads((tmp_path / "o/out/b_pair_1.json").read_text()) == ["b_pair.json", 1]
    assert result.state == "done"


def test_a_stage_that_returns_what_it_did_not_make_fails(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_text("1")
    with pytest.raises(
        Exception, match=r"lies returned Report 'missing.json', but .* does not exist"
    ) as caught:
        run(Lies(), {"numbers": tmp_path / "in"}, store="memory://lies")
    assert caught.value.exit_code == OutputsInvalid.exit_code


def test_parameters_that_differ_cannot_be_tied() -> None:
    pipeline = Pipeline("tied")
    source = pipeline.source("numbers", Report)
    pipeline.add(Variants(), step="one", numbers=source)
    pipeline.add(Double(factor=3), step="two", numbers=source)
    pipeline.add(Double(factor=4), step="three", numbers=source)
    with pytest.raises(InvalidPipeline, match="factor must be the same in two, three"):
        pipeline.tie("factor", "two", "three")
    with pytest.raises(InvalidPipeline, match="no step 'four'"):
        pipeline.tie("factor", "two", "four")


@pytest.mark.parametrize(
    "store", ["file:///a/b", "file:///old/tasks/store", "s3://tasks/tasks", "memory://x"]
)
@pytest.mark.parametrize("step", ["sfm", "tasks"])
def test_the_url_of_a_task_names_its_store_whatever_that_is_called(store: str, step: str) -> None:
    path = f"tasks/20260101-000000-aaaa/{step}/0000/000001.json"
    assert split_task_url(f"{store}/{path}") == (store, path)
    assert split_task_url(f"{store}/other/x.json")[0] == ""


def test_an_each_input_that_may_be_left_out_is_refused() -> None:
    class Perhaps(Stage):
        """Nothing."""

        version = "1"

        def run(self, ctx: Context, numbers: Each[Report] | None) -> PerItem[Report]:
            raise NotImplementedError

    with pytest.raises(InvalidPipeline, match="cannot be left out"):
        ports_of(Perhaps)
