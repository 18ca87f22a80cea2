"""What is damaged is never served: a run that needs it computes just that again, and a check names it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.engine.toy_stages import Add, Double

from calotype.artifacts import Cameras, Report
from calotype.engine.check import check
from calotype.engine.context import Context
from calotype.engine.execute import Workplace
from calotype.engine.pipeline import Pipeline, PipelineSpec
from calotype.engine.ports import All
from calotype.engine.records import record_path
from calotype.engine.stage import Stage
from calotype.errors import DamagedBlob
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs
from calotype.storage.store import Store

Sums = Callable[..., PipelineSpec]


def carry_out(session: Session, spec: PipelineSpec, numbers: Path) -> RunResult:
    definition = session.create(spec, {"numbers": str(numbers)})
    return session.conduct(definition, runner=InlineRunner(Workplace(session.store, session.scratch)))


@dataclass(frozen=True)
class Place:
    """A finished run of double and add, and where its parts lie."""

    store: Store
    run: str
    keys: dict[str, str]
    outputs: dict[str, str]
    """Digests: `total`, and one of the doubled numbers."""

    def record(self, step: str) -> str:
        return record_path(f"tests.engine.toy_stages:{step.title()}", self.keys[step])

    def blob(self, label: str) -> str:
        return Blobs(self.store).key(self.outputs[label])

    def write(self, path: str, data: bytes) -> None:
        self.store.put(path, data)


@pytest.fixture
def place(session: Session, sums: Sums, numbers: Path) -> Place:
    run = carry_out(session, sums(), numbers).run
    keys = {row.step: row.key for row in session.catalog.runs.steps(run)}
    outputs = {
        row.name: row.digest
        for key in keys.values()
        for row in session.catalog.results.lineage(key)
        if row.role == "out"
    }
    return Place(session.store, run, keys, {"total": outputs["total.json"], "doubled": outputs["07.json"]})


def truncate(store: Store, path: str) -> None:
    store.put(path, store.get(path)[:-1])


def flip(store: Store, path: str) -> None:
    data = bytearray(store.get(path))
    data[0] ^= 1
    store.put(path, bytes(data))


def another_key(store: Store, path: str) -> None:
    store.put(path, store.get(path).replace(path.rpartition("/")[2][:64].encode(), b"f" * 64))


def another_schema(store: Store, path: str) -> None:
    store.put(path, store.get(path).replace(b'"record_schema": 1', b'"record_schema": 99'))


def half_of(store: Store, path: str) -> None:
    data = store.get(path)
    store.put(path, data[: len(data) // 2])


RECORDS = {
    "an empty record": lambda store, path: store.put(path, b""),
    "half of a record": half_of,
    "the record of another key": another_key,
    "a record of another schema": another_schema,
    "no record": lambda store, path: store.delete(path),
}


@pytest.mark.parametrize("harm", RECORDS.values(), ids=RECORDS)
@pytest.mark.parametrize("step", ["double", "add"])
def test_a_damaged_record_is_set_aside_and_only_its_step_looked_at_again(
    session: Session, place: Place, sums: Sums, numbers: Path, harm: Callable[[Store, str], None], step: str
) -> None:
    path = place.record(step)
    harm(session.store, path)
    again = carry_out(session, sums(), numbers)
    assert (again.state, again.figures["sum"], again.executed) == ("done", 132, (step,))
    assert session.store.exists(path)
    assert check(session.store, session.catalog, deep=True).findings == []


@pytest.mark.parametrize(
    "harm", [truncate, lambda store, path: store.delete(path)], ids=["truncated", "gone"]
)
@pytest.mark.parametrize(("label", "step"), [("total", "add"), ("doubled", "double")])
def test_a_blob_that_is_gone_or_short_is_found_at_adoption_and_computed_again(
    session: Session,
    place: Place,
    sums: Sums,
    numbers: Path,
    harm: Callable[[Store, str], None],
    label: str,
    step: str,
) -> None:
    harm(session.store, place.blob(label))
    assert check(session.store, session.catalog).findings != []
    again = carry_out(session, sums(), numbers)
    assert (again.state, again.figures["sum"], again.executed) == ("done", 132, (step,))
    assert Blobs(session.store).is_intact(place.outputs[label])
    assert check(session.store, session.catalog, deep=True).findings == []


def test_a_flipped_byte_is_found_by_the_step_that_reads_it(
    session: Session, place: Place, sums: Sums, numbers: Path
) -> None:
    flip(session.store, place.blob("doubled"))
    again = carry_out(session, sums(add=Add(start=1)), numbers)
    assert (again.state, again.figures["sum"]) == ("done", 133)
    assert again.executed == ("double", "add")
    assert check(session.store, session.catalog, deep=True).findings == []


def test_a_flipped_byte_in_an_output_is_never_served_and_a_deep_check_has_it_computed_again(
    session: Session, place: Place, sums: Sums, numbers: Path
) -> None:
    flip(session.store, place.blob("total"))
    with pytest.raises(DamagedBlob, match="check --deep --repair"):
        carry_out(session, sums(), numbers)
    assert check(session.store, session.catalog).findings == []  # Sizes alone do not show it.
    found = check(session.store, session.catalog, deep=True).findings
    assert {one.where for one in found} == {place.blob("total"), place.record("add")}
    assert session.store.exists(place.record("add"))
    check(session.store, session.catalog, deep=True, repair=True)
    assert session.store.exists(f"damaged/{place.blob('total')}")
    assert session.store.exists(f"damaged/{place.record('add')}")
    resumed = carry_out(session, sums(), numbers)
    assert (resumed.figures["sum"], resumed.executed) == (132, ("add",))
    assert check(session.store, session.catalog, deep=True).findings == []


def test_half_a_segment_is_set_aside_and_its_items_computed_again(
    session: Session, place: Place, sums: Sums, numbers: Path, tmp_path: Path
) -> None:
    segment = next(iter(session.store.list(f"segments/{place.keys['double']}"))).key
    half_of(session.store, segment)
    found = check(session.store, session.catalog).findings
    assert segment in {one.where for one in found}
    check(session.store, session.catalog, repair=True)
    trace = tmp_path / "trace"
    again = carry_out(session, sums(Double(trace=str(trace))), numbers)
    assert (again.state, again.figures["sum"], again.executed) == ("done", 132, ("double",))
    assert len(trace.read_text().split()) == 12
    assert check(session.store, session.catalog, deep=True).findings == []


def test_half_a_segment_costs_a_machine_with_another_catalog_only_its_items(
    session: Session, place: Place, sums: Sums, numbers: Path
) -> None:
    segment = next(iter(session.store.list(f"segments/{place.keys['double']}"))).key
    half_of(session.store, segment)
    session.catalog.upkeep.clear()
    again = carry_out(session, sums(), numbers)
    assert (again.state, again.figures["sum"], again.executed) == ("done", 132, ("double",))
    assert session.store.exists(f"damaged/{segment}")


class Folds(Stage):
    """A folder of two files."""

    version = "1"

    def run(self, ctx: Context, numbers: All[Report]) -> Cameras:
        folder = ctx.workdir / "folder"
        folder.mkdir()
        (folder / "a.txt").write_text("one")
        (folder / "b.txt").write_text(str(len(numbers)))
        return Cameras(name="folder", path=folder)


@pytest.mark.parametrize("member", ["a.txt", "the manifest itself"])
def test_a_folder_that_lost_a_file_or_its_list_of_files_is_made_again(
    session: Session, numbers: Path, member: str
) -> None:
    pipeline = Pipeline("folds")
    made = pipeline.add(Folds(), step="fold", numbers=pipeline.source("numbers", Report))
    pipeline.publish("folder", made.cameras, label="folder")
    spec = pipeline.build()
    run = carry_out(session, spec, numbers).run
    key = session.catalog.runs.steps(run)[0].key
    (row,) = [row for row in session.catalog.results.lineage(key) if row.role == "out"]
    blobs = Blobs(session.store)
    files = {entry.path: entry.digest for entry in blobs.manifest(row.digest)}
    session.store.delete(blobs.key(files.get(member, row.digest)))
    (finding,) = check(session.store, session.catalog).findings
    assert key in finding.where
    assert carry_out(session, spec, numbers).executed == ("fold",)
    assert check(session.store, session.catalog, deep=True).findings == []


def test_a_damaged_photo_of_the_source_is_named_with_what_to_do_and_read_again(
    session: Session, place: Place, sums: Sums, numbers: Path
) -> None:
    photo = Blobs(session.store).put_bytes(b"7")[0]
    flip(session.store, Blobs(session.store).key(photo))
    found = check(session.store, session.catalog, deep=True, repair=True).findings
    (named,) = [one for one in found if one.where == f"runs/{place.run}.json"]
    assert "07.json" in named.what
    assert str(numbers) in named.next
    carry_out(session, sums(add=Add(start=2)), numbers)
    assert check(session.store, session.catalog, deep=True).findings == []


def test_rows_of_what_the_store_does_not_have_and_runs_without_rows_are_found_and_mended(
    session: Session, place: Place, sums: Sums, numbers: Path
) -> None:
    other = carry_out(session, sums(Double(factor=9)), numbers).run
    before = session.catalog.tables()
    session.catalog.runs.forget(other)
    session.store.delete(f"runs/{place.run}.json")
    found = {one.where for one in check(session.store, session.catalog).findings}
    assert found == {f"runs/{other}.json", f"runs {place.run}"}
    check(session.store, session.catalog, repair=True)
    after = session.catalog.tables()
    assert after["runs"] == [row for row in before["runs"] if row["id"] == other]
    assert after["lineage"] == before["lineage"]
    session.store.delete(info.key for info in session.store.list("records"))
    session.store.delete(info.key for info in session.store.list("segments"))
    assert len(check(session.store, session.catalog, repair=True).findings) >= 4
    assert session.catalog.tables()["lineage"] == []
    assert session.catalog.tables()["items"] == []


def test_a_whole_store_has_nothing_to_report_and_says_what_was_looked_at(
    session: Session, place: Place
) -> None:
    checked = check(session.store, session.catalog, deep=True)
    assert checked.findings == []
    assert checked.looked_at["records"] == 2
    assert checked.looked_at["runs"] == 1
    assert json.loads(session.store.get(place.blob("total")))["sum"] == 132
