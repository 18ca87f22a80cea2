"""The files that a finished run names are those it made, also after it made others."""

from __future__ import annotations

import json
from pathlib import Path

from tests.engine.careless_stages import Noise

from calotype.artifacts import Report
from calotype.engine.check import check
from calotype.engine.definition import read_definition
from calotype.engine.execute import Workplace
from calotype.engine.outputs import named_outputs
from calotype.engine.pipeline import Pipeline
from calotype.engine.reach import Walk
from calotype.runners.forking import forget_results
from calotype.runners.inline import InlineRunner
from calotype.runners.session import RunResult, Session
from calotype.storage.blobs import Blobs


def conduct(session: Session, run: str) -> RunResult:
    runner = InlineRunner(Workplace(session.store, session.scratch))
    return session.conduct(read_definition(session.store, run), runner=runner)


def first_run(session: Session, numbers: Path) -> RunResult:
    pipeline = Pipeline("noise")
    made = pipeline.add(Noise(), step="noise", numbers=pipeline.source("numbers", Report))
    pipeline.publish("noise.json", made.report, label="noise")
    return conduct(session, session.create(pipeline.build(), {"numbers": str(numbers)}).id)


def digest_of_noise(session: Session, run: str) -> str:
    definition = read_definition(session.store, run)
    _, flows = Walk(session.store).follow(definition)
    return named_outputs(definition.pipeline, flows, Blobs(session.store))["noise"]["noise.json"]


def test_what_a_run_computes_again_replaces_the_file_that_it_named(session: Session, numbers: Path) -> None:
    first = first_run(session, numbers)
    before = Path(first.outputs["noise"]).read_bytes()
    forget_results(session, first.run, "noise")
    second = conduct(session, first.run)
    told = Path(second.outputs["noise"]).read_bytes()
    assert second.executed == ("noise",)
    assert told != before
    assert Path(second.outputs["noise"]).stat().st_nlink == 1, "a link would keep a blob's room after gc"
    assert told == Blobs(session.store).read(digest_of_noise(session, first.run))


def test_a_named_file_that_was_edited_harms_no_blob_and_is_not_told_as_the_result(
    session: Session, numbers: Path
) -> None:
    first = first_run(session, numbers)
    named = Path(first.outputs["noise"])
    named.write_text("edited")
    assert check(session.store, session.catalog, deep=True).findings == []
    second = conduct(session, first.run)
    assert (second.state, second.error, second.outputs) == ("failed", "ConfigurationError", {})
    assert "was changed since" in second.message
    assert named.read_text() == "edited"
    named.unlink()
    third = conduct(session, first.run)
    assert third.state == "done"
    assert isinstance(json.loads(Path(third.outputs["noise"]).read_text()), int)


def test_a_damaged_blob_is_not_published(session: Session, numbers: Path) -> None:
    first = first_run(session, numbers)
    blobs = Blobs(session.store)
    key = blobs.key(digest_of_noise(session, first.run))
    session.store.put(key, b"9" * len(session.store.get(key)))
    Path(first.outputs["noise"]).unlink()
    again = conduct(session, first.run)
    assert (again.state, again.error, again.outputs) == ("failed", "DamagedBlob", {})
    assert not Path(first.outputs["noise"]).exists()
